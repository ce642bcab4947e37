using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>
/// A bijection f of R^d (or onto a subset), written once over an abstract scalar. Points are d scalars, changed in place.
/// Immutable but for its parameters, hence thread safe while nobody trains it.
/// </summary>
public interface IBijection : IMap
{
    /// <summary>x ← f(x); returns log|det Df(x)|.</summary>
    T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>;

    /// <summary>
    /// y ← f⁻¹(y); returns log|det Df⁻¹(y)|. A numerical inverse that fails in a lane writes NaN there and lowers
    /// <paramref name="status"/>; nothing is silent.
    /// </summary>
    T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>;

    /// <summary>All trainable parameters, in the order of the flow file.</summary>
    IEnumerable<Dense> Parameters { get; }
}
