using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>How the second raw number becomes the shift t.</summary>
public enum ShiftForm
{
    /// <summary>t = raw.</summary>
    Plain,

    /// <summary>t = raw·(eˢ − 1)/s: then y is the exact time-1 flow of ẏ = s·y + raw.</summary>
    Product,
}

/// <summary>
/// y = x·eˢ + t, log-derivative s (Dinh, Sohl-Dickstein and Bengio 2017, equation 4). Raw numbers: the scale's, then the shift's;
/// without a scale (NICE) the shift's alone. Valid for every real x; the inverse is x = (y − t)·e⁻ˢ.
/// </summary>
/// <param name="Scale">raw ↦ eˢ; null: s = 0.</param>
/// <param name="Shift">raw ↦ t.</param>
public sealed record AffineTransformer(PositiveMap? Scale, ShiftForm Shift = ShiftForm.Plain) : ITransformer
{
    /// <inheritdoc/>
    public int RawCount => Scale is null ? 1 : 2;

    /// <inheritdoc/>
    public int ParameterCount => 2;

    /// <inheritdoc/>
    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T>
    {
        T s = p[0] = Scale is null ? T.Constant(0) : Scale.Log(raw[0]);
        T t = raw[^1];
        p[1] = Shift == ShiftForm.Plain ? t : t * Expm1Over(s);
    }

    /// <inheritdoc/>
    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T> =>
        Scale is null ? x + p[1] : T.MultiplyAdd(x, T.Exp(p[0]), p[1]);

    /// <inheritdoc/>
    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>
    {
        logDerivative = p[0];
        return Value(x, p);
    }

    /// <inheritdoc/>
    public T Inverse<T>(T y, ReadOnlySpan<T> p, out T logDerivative, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        logDerivative = -p[0];
        return Scale is null ? y - p[1] : (y - p[1]) * T.Exp(-p[0]);
    }

    /// <inheritdoc/>
    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper)
    {
        InverseStatus ignored = default;
        lower = upper = Inverse(y, p, out _, ref ignored);
    }

    /// <inheritdoc/>
    public void IdentityRaw(Span<double> raw)
    {
        if (Scale is not null) raw[0] = Scale.Raw(1);
        raw[^1] = 0;
    }

    /// <summary>(eˢ − 1)/s, by its series 1 + s/2 + s²/6 + s³/24 + s⁴/120 below 1e-4: the value and two derivatives are right to 1e-13.</summary>
    private static T Expm1Over<T>(T s) where T : unmanaged, IScalar<T>
    {
        if (T.Encloses) return EnclosedExpm1Over(s);
        T threshold = T.Constant(1e-4), size = T.Abs(s);
        T safe = T.SelectLess(size, threshold, T.Constant(1), s);
        return T.SelectLess(size, threshold, 1 + (s * (0.5 + (s * ((1.0 / 6) + (s * ((1.0 / 24) + (s / 120))))))), T.Expm1(safe) / safe);
    }

    /// <summary>
    /// The same for enclosures, without a branch near 0: for |s| ≤ 1 the series Σ_{k &lt; 20} sᵏ/(k + 1)! and a rest R with |R| ≤ |s|²⁰e^{|s|}/21! ≤ 5.4·10⁻²⁰ and |R′| ≤ 20e/21! ≤ 1.1·10⁻¹⁸,
    /// which 1.1·10⁻¹⁸(2 + s) covers with its derivative; the quotient where |s| is above ¾.
    /// </summary>
    private static T EnclosedExpm1Over<T>(T s) where T : unmanaged, IScalar<T>
    {
        const int Terms = 20;
        T sum = T.Constant(0), size = T.Abs(s);
        for (int k = Terms; k >= 1; k--) sum = (sum * s / (k + 1)) + 1; // 1 + s/2(1 + s/3(…))
        T series = T.SelectLess(size, T.Constant(1), T.Inflate(sum, 1.1e-18 * (2 + s)), T.Constant(double.NaN));
        return T.SelectLess(size, T.Constant(0.75), series, T.Expm1(s) / s);
    }
}
