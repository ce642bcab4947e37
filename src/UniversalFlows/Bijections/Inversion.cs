using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>f⁻¹ as a bijection: what is closed form in f becomes the inverse direction, and the other way round.</summary>
public sealed class Inversion(IBijection inner) : IBijection
{
    /// <summary>f.</summary>
    public IBijection Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public int Dimension => Inner.Dimension;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => Inner.Parameters;

    /// <summary>x ← f⁻¹(x); entries are NaN where the inverse fails.</summary>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T> => Forward(x);

    /// <summary>x ← f⁻¹(x), log|det Df⁻¹(x)|; NaN where the inverse fails.</summary>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        InverseStatus status = default;
        return Inner.Inverse(x, ref status);
    }

    /// <summary>y ← f(y), log|det Df(y)|; where f overflows the status says so.</summary>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        T logDet = Inner.Forward(y);
        status = Finiteness.Lower(status, logDet);
        foreach (T v in y) status = Finiteness.Lower(status, v);
        return logDet;
    }
}
