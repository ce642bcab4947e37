using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>How a raw number becomes a positive one.</summary>
public enum PositiveKind
{
    /// <summary>e^r.</summary>
    Exp,

    /// <summary>log(1 + e^r).</summary>
    Softplus,

    /// <summary>σ(r).</summary>
    Sigmoid,
}

/// <summary>
/// raw ↦ minimum + g(b·tanh((raw + offset)/b)), where g is exp, softplus or the logistic function and the soft clip with bound b is
/// left out if <see cref="Bound"/> is infinite.
/// </summary>
/// <param name="Kind">g.</param>
/// <param name="Bound">b &gt; 0, or +∞.</param>
/// <param name="Offset">Added to the raw number.</param>
/// <param name="Minimum">≥ 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A number out of its range: the map would not be positive, or no number at all.</exception>
public sealed record PositiveMap(
    PositiveKind Kind, double Bound = double.PositiveInfinity, double Offset = 0, double Minimum = 0)
{
    /// <summary>b &gt; 0, or +∞.</summary>
    public double Bound { get; } = Bound > 0 ? Bound : throw new ArgumentOutOfRangeException(nameof(Bound), Bound, "expected a bound above 0");

    /// <summary>Added to the raw number.</summary>
    public double Offset { get; } = double.IsFinite(Offset) ? Offset : throw new ArgumentOutOfRangeException(nameof(Offset), Offset, "expected a finite number");

    /// <summary>≥ 0.</summary>
    public double Minimum { get; } =
        Minimum >= 0 && double.IsFinite(Minimum) ? Minimum : throw new ArgumentOutOfRangeException(nameof(Minimum), Minimum, "expected a finite number of at least 0");

    /// <summary>The positive number.</summary>
    public T Value<T>(T raw) where T : unmanaged, IScalar<T>
    {
        T r = Clip(raw);
        T g = Kind switch
        {
            PositiveKind.Exp => T.Exp(r),
            PositiveKind.Softplus => T.Softplus(r),
            _ => T.Logistic(r),
        };
        return Minimum == 0 ? g : g + Minimum;
    }

    /// <summary>Its logarithm, without leaving the logarithmic domain where that is possible.</summary>
    public T Log<T>(T raw) where T : unmanaged, IScalar<T>
    {
        if (Minimum != 0) return T.Log(Value(raw));
        T r = Clip(raw);
        return Kind switch
        {
            PositiveKind.Exp => r,
            PositiveKind.Softplus => T.Log(T.Softplus(r)),
            _ => -T.Softplus(-r),
        };
    }

    /// <summary>The raw number of a given positive value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The map doesn't reach <paramref name="value"/>.</exception>
    public double Raw(double value)
    {
        Real v = new(value - Minimum);
        Real g = Kind switch
        {
            PositiveKind.Exp => Real.Log(v),
            PositiveKind.Softplus => v + Real.Log(-Real.Expm1(-v)),   // log(eᵛ − 1), without overflow
            _ => Real.Log(v) - Real.Log1p(-v),
        };
        if (double.IsFinite(Bound)) g = Bound * Atanh(g / Bound);
        double raw = g.Value - Offset;
        return double.IsFinite(raw) ? raw : throw new ArgumentOutOfRangeException(nameof(value), value, "not a value of this positive map");
    }

    private T Clip<T>(T raw) where T : unmanaged, IScalar<T>
    {
        T r = Offset == 0 ? raw : raw + Offset;
        return double.IsFinite(Bound) ? Bound * T.Tanh(r / Bound) : r;
    }

    private static Real Atanh(Real x) => 0.5 * (Real.Log1p(x) - Real.Log1p(-x));
}
