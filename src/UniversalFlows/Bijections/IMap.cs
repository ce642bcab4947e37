using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>A map R^d → R^d, one formula over an abstract scalar: a flow, or a target.</summary>
public interface IMap
{
    /// <summary>d ≥ 1.</summary>
    int Dimension { get; }

    /// <summary>x ← f(x), in place; <paramref name="x"/> has <see cref="Dimension"/> entries.</summary>
    void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>;
}
