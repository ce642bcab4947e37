using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Residuals;

/// <summary>
/// z ↦ z + r·tanh(r̃z + c), the one-dimensional map inside planar and Sylvester layers, with 1 + r·r̃ = δ &gt; 0. Its derivative is
/// δ + (1 − δ)·tanh²: between δ and 1, hence positive, and without cancellation where it is small. Parameters: δ, r, r̃, c.
/// </summary>
internal sealed class TanhRamp : IMonotone
{
    /// <summary>How many numbers a ramp has.</summary>
    public const int ParameterCount = 4;

    /// <summary>The one ramp there is: everything else is in the parameters.</summary>
    public static TanhRamp Instance { get; } = new();

    /// <inheritdoc/>
    public T Forward<T>(T z, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>
    {
        T h = T.Tanh(T.MultiplyAdd(p[2], z, p[3]));
        logDerivative = LogSlope(p[0], h);
        return T.MultiplyAdd(p[1], h, z);
    }

    /// <inheritdoc/>
    public Lanes ValueAndSlope(Lanes z, ReadOnlySpan<Lanes> p, out Lanes slope)
    {
        Lanes h = Lanes.Tanh(Lanes.MultiplyAdd(p[2], z, p[3]));
        slope = p[0] + ((1 - p[0]) * h * h);
        return Lanes.MultiplyAdd(p[1], h, z);
    }

    /// <summary>|tanh| ≤ 1: the root of z + r·tanh(…) = y is within |r| of y; twice that leaves room for rounding.</summary>
    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper)
    {
        Lanes reach = 2 * Lanes.Abs(p[1]);
        (lower, upper) = (y - reach, y + reach);
    }

    /// <summary>log(δ + (1 − δ)h²), h = tanh(r̃z + c).</summary>
    public static T LogSlope<T>(T delta, T h) where T : unmanaged, IScalar<T> => T.Log(T.MultiplyAdd(1 - delta, h * h, delta));
}
