using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>
/// The monotone map of one coordinate inside a coupling, y = f(x; p). A conditioner's raw outputs become parameters p in
/// <see cref="Parameters"/> (positivity, normalisation), once a point; the formulas then use p.
/// </summary>
public interface ITransformer : IMonotone
{
    /// <summary>How many raw numbers a conditioner supplies for one coordinate.</summary>
    int RawCount { get; }

    /// <summary>How many parameters the formulas use.</summary>
    int ParameterCount { get; }

    /// <summary>raw ↦ p.</summary>
    void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T>;

    /// <summary>f(x; p).</summary>
    T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T>;

    /// <summary>f⁻¹(y; p) and log (f⁻¹)′(y; p).</summary>
    T Inverse<T>(T y, ReadOnlySpan<T> p, out T logDerivative, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        T x = MonotoneRoot.Solve(this, y, p, ref status);
        _ = Forward(x, p, out T forward);
        logDerivative = -forward;
        return x;
    }

    /// <summary>Raw values at which f is the identity (or as near to it as the family allows): where training starts.</summary>
    void IdentityRaw(Span<double> raw);
}
