using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>
/// The monotone rational-quadratic spline (Gregory and Delbourgo 1982; Durkan et al. 2019, equations 4 to 8): knots (x_k, y_k),
/// slopes d_k &gt; 0, bin widths w_k and heights h_k, s_k = h_k/w_k, ξ = (x − x_k)/w_k:
/// y = y_k + h_k[s_k ξ² + d_k ξ(1−ξ)]/Δ, Δ = s_k + (d_{k+1} + d_k − 2s_k)ξ(1−ξ),
/// y′ = s_k²[d_{k+1}ξ² + 2s_k ξ(1−ξ) + d_k(1−ξ)²]/Δ². Outside the interval the map is linear with the slope of the outer knot.
/// C¹, increasing, onto R. Raw numbers: K widths, K heights, then the slopes: K + 1 of them, or the K − 1 inner ones if both tails
/// have slope 1.
/// </summary>
/// <remarks>Δ &gt; 0: it is a convex combination, Δ = s(ξ² + (1−ξ)²) + (d_k + d_{k+1})ξ(1−ξ), of positive numbers.</remarks>
/// <param name="Bins">K ≥ 1.</param>
/// <param name="Lower">x₀ = y₀.</param>
/// <param name="Upper">x_K = y_K.</param>
/// <param name="FreeTails">Whether the outer slopes are raw numbers too; otherwise they are 1 and the tails are the identity.</param>
/// <param name="Slope">raw ↦ d_k.</param>
/// <param name="MinimumBin">μ with 0 ≤ K·μ &lt; 1: widths and heights are (upper − lower)·(μ + (1 − Kμ)·softmax).</param>
/// <exception cref="ArgumentOutOfRangeException">No bin, an empty interval, or a minimum that is too large for the number of bins.</exception>
public sealed record RationalQuadraticTransformer(
    int Bins, double Lower, double Upper, bool FreeTails, PositiveMap Slope, double MinimumBin) : ITransformer
{
    /// <summary>K ≥ 1.</summary>
    public int Bins { get; } = Bins >= 1 ? Bins : throw new ArgumentOutOfRangeException(nameof(Bins), Bins, "expected at least one bin");

    /// <summary>x₀ = y₀.</summary>
    public double Lower { get; } = Lower;

    /// <summary>x_K = y_K.</summary>
    public double Upper { get; } = Lower < Upper && double.IsFinite(Upper - Lower)
        ? Upper
        : throw new ArgumentOutOfRangeException(nameof(Upper), Upper, $"expected a finite number above the lower end, {Lower:R}");

    /// <summary>μ with 0 ≤ K·μ &lt; 1.</summary>
    public double MinimumBin { get; } =
        MinimumBin >= 0 && Bins * MinimumBin < 1 ? MinimumBin : throw new ArgumentOutOfRangeException(nameof(MinimumBin), MinimumBin, $"expected a number in [0, 1/{Bins})");

    private int Knots => Bins + 1;

    /// <inheritdoc/>
    public int RawCount => (2 * Bins) + (FreeTails ? Bins + 1 : Bins - 1);

    /// <summary>x_k, y_k, d_k.</summary>
    public int ParameterCount => 3 * Knots;

    /// <inheritdoc/>
    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(Bins);
        Span<T> share = scratch.Take(Bins);
        Normalised.Softmax(raw[..Bins], share, MinimumBin);
        Accumulate(share, p[..Knots]);
        Normalised.Softmax(raw.Slice(Bins, Bins), share, MinimumBin);
        Accumulate(share, p.Slice(Knots, Knots));
        ReadOnlySpan<T> slopes = raw[(2 * Bins)..];
        Span<T> d = p[(2 * Knots)..];
        for (int k = 0; k < Knots; k++)
            d[k] = FreeTails ? Slope.Value(slopes[k]) : k == 0 || k == Bins ? T.Constant(1) : Slope.Value(slopes[k - 1]);
    }

    /// <inheritdoc/>
    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T>
    {
        if (T.Encloses) return Pieces(x, p, inverse: false, derivative: false, out _);
        Bin<T> bin = Select(x, p, p[..Knots]);
        T y = bin.Inside(x, out _, out _);
        return Tails(x, y, p, p[..Knots], p.Slice(Knots, Knots), inverse: false);
    }

    /// <inheritdoc/>
    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>
    {
        if (T.Encloses) return Pieces(x, p, inverse: false, derivative: true, out logDerivative);
        Bin<T> bin = Select(x, p, p[..Knots]);
        T y = bin.Inside(x, out T xi, out T delta);
        logDerivative = TailLogs(x, bin.LogDerivative(xi, delta), p, p[..Knots]);
        return Tails(x, y, p, p[..Knots], p.Slice(Knots, Knots), inverse: false);
    }

    /// <inheritdoc/>
    public T Inverse<T>(T y, ReadOnlySpan<T> p, out T logDerivative, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        if (T.Encloses)
        {
            T root = Pieces(y, p, inverse: true, derivative: true, out logDerivative);
            logDerivative = -logDerivative;
            return root;
        }

        ReadOnlySpan<T> knots = p.Slice(Knots, Knots);
        Bin<T> bin = Select(y, p, knots);
        T x = bin.InsideInverse(y, out T xi, out T delta);
        logDerivative = -TailLogs(y, bin.LogDerivative(xi, delta), p, knots);
        return Tails(y, x, p, knots, p[..Knots], inverse: true);
    }

    /// <summary>The map and its inverse are closed forms: no bracket is needed.</summary>
    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper)
    {
        InverseStatus ignored = default;
        lower = upper = Inverse(y, p, out _, ref ignored);
    }

    /// <inheritdoc/>
    public void IdentityRaw(Span<double> raw)
    {
        raw[..(2 * Bins)].Clear();
        raw[(2 * Bins)..].Fill(Slope.Raw(1));
    }

    private void Accumulate<T>(ReadOnlySpan<T> share, Span<T> knots) where T : unmanaged, IScalar<T>
    {
        knots[0] = T.Constant(Lower);
        for (int k = 1; k < Bins; k++) knots[k] = T.MultiplyAdd(share[k - 1], T.Constant(Upper - Lower), knots[k - 1]);
        knots[Bins] = T.Constant(Upper);
    }

    /// <summary>The bin of v among the given knots (x's or y's); the outermost bins for points outside.</summary>
    private Bin<T> Select<T>(T v, ReadOnlySpan<T> p, ReadOnlySpan<T> knots) where T : unmanaged, IScalar<T>
    {
        ReadOnlySpan<T> x = p[..Knots], y = p.Slice(Knots, Knots), d = p[(2 * Knots)..];
        Bin<T> bin = new(x[0], x[1], y[0], y[1], d[0], d[1]);
        for (int k = 1; k < Bins; k++)
        {
            bin = new(
                T.SelectLess(v, knots[k], bin.X0, x[k]), T.SelectLess(v, knots[k], bin.X1, x[k + 1]),
                T.SelectLess(v, knots[k], bin.Y0, y[k]), T.SelectLess(v, knots[k], bin.Y1, y[k + 1]),
                T.SelectLess(v, knots[k], bin.D0, d[k]), T.SelectLess(v, knots[k], bin.D1, d[k + 1]));
        }

        return bin;
    }

    /// <summary>
    /// For enclosures: all pieces are evaluated and the value is selected. Neighbours agree to first order at their knot, so a box across it pays only for the
    /// second; parameters that were selected first would differ by their whole size.
    /// </summary>
    private T Pieces<T>(T v, ReadOnlySpan<T> p, bool inverse, bool derivative, out T logDerivative) where T : unmanaged, IScalar<T>
    {
        ReadOnlySpan<T> x = p[..Knots], y = p.Slice(Knots, Knots), d = p[(2 * Knots)..], from = inverse ? y : x, to = inverse ? x : y;
        T value = default;
        logDerivative = default;
        for (int k = 0; k < Bins; k++)
        {
            Bin<T> bin = new(x[k], x[k + 1], y[k], y[k + 1], d[k], d[k + 1]);
            T piece = inverse ? bin.InsideInverse(v, out T xi, out T delta) : bin.Inside(v, out xi, out delta);
            value = k == 0 ? piece : T.SelectLess(v, from[k], value, piece);
            if (!derivative) continue;
            T log = bin.LogDerivative(xi, delta);
            logDerivative = k == 0 ? log : T.SelectLess(v, from[k], logDerivative, log);
        }

        if (derivative) logDerivative = TailLogs(v, logDerivative, p, from);
        return Tails(v, value, p, from, to, inverse);
    }

    /// <summary>Below the first and above the last of <paramref name="from"/>: to + d·(v − from), or its inverse.</summary>
    private T Tails<T>(T v, T inside, ReadOnlySpan<T> p, ReadOnlySpan<T> from, ReadOnlySpan<T> to, bool inverse) where T : unmanaged, IScalar<T>
    {
        T left = v, right = v;
        if (FreeTails)
        {
            T d0 = p[2 * Knots], d1 = p[^1];
            left = to[0] + (inverse ? (v - from[0]) / d0 : (v - from[0]) * d0);
            right = to[Bins] + (inverse ? (v - from[Bins]) / d1 : (v - from[Bins]) * d1);
        }

        return T.SelectLess(v, from[0], left, T.SelectLess(from[Bins], v, right, inside));
    }

    private T TailLogs<T>(T v, T inside, ReadOnlySpan<T> p, ReadOnlySpan<T> from) where T : unmanaged, IScalar<T>
    {
        T left = FreeTails ? T.Log(p[2 * Knots]) : T.Constant(0), right = FreeTails ? T.Log(p[^1]) : T.Constant(0);
        return T.SelectLess(v, from[0], left, T.SelectLess(from[Bins], v, right, inside));
    }

    /// <summary>
    /// The root (−b + √(b² − 4ac))/(2a) of az² + bz + c, b² ≥ 4ac up to rounding, in the one of its two forms whose sum does not cancel: this one where b &lt; 0, which needs a ≠ 0
    /// there, and 2c/(−b − √(b² − 4ac)) elsewhere, which holds for a = 0 too.
    /// </summary>
    internal static T Root<T>(T a, T b, T c) where T : unmanaged, IScalar<T>
    {
        T zero = T.Constant(0), one = T.Constant(1), root = T.Sqrt(T.Max((b * b) - (4 * a * c), zero));
        // the branch not taken divides by another number than 0
        T steep = (root - b) / (2 * T.SelectLess(b, zero, a, one)), usual = 2 * c / T.SelectLess(b, zero, one, -b - root);
        return T.SelectLess(b, zero, steep, usual);
    }

    /// <summary>One bin [X0, X1] → [Y0, Y1] with end slopes D0, D1.</summary>
    private readonly record struct Bin<T>(T X0, T X1, T Y0, T Y1, T D0, T D1) where T : unmanaged, IScalar<T>
    {
        public T Inside(T x, out T xi, out T delta)
        {
            // a point outside is moved to the end first: the branch not taken stays finite, and so do its derivatives
            T w = X1 - X0, h = Y1 - Y0, s = h / w;
            xi = (Clamp(x, X0, X1) - X0) / w;
            T both = xi * (1 - xi);
            delta = T.MultiplyAdd(D1 + D0 - (2 * s), both, s);
            return Y0 + (h * T.MultiplyAdd(s, xi * xi, D0 * both) / delta);
        }

        public T InsideInverse(T y, out T xi, out T delta)
        {
            // the quadratic of ξ divided by h: with products of heights an interval of 1e200 would overflow, one of 1e-200 vanish
            T w = X1 - X0, h = Y1 - Y0, s = h / w, rise = (Clamp(y, Y0, Y1) - Y0) / h, bend = D1 + D0 - (2 * s);
            T a = T.MultiplyAdd(rise, bend, s - D0), b = D0 - (rise * bend), c = -(s * rise);
            xi = Root(a, b, c); // a + b = s > 0, so a > 0 where b < 0
            delta = T.MultiplyAdd(bend, xi * (1 - xi), s);
            return T.MultiplyAdd(xi, w, X0);
        }

        public T LogDerivative(T xi, T delta)
        {
            T s = (Y1 - Y0) / (X1 - X0), rest = 1 - xi;
            T top = T.MultiplyAdd(D1, xi * xi, T.MultiplyAdd(2 * s, xi * rest, D0 * rest * rest));
            return (2 * (T.Log(s) - T.Log(delta))) + T.Log(top);
        }

        private static T Clamp(T v, T lower, T upper) => T.Encloses ? v : T.SelectLess(v, lower, lower, T.SelectLess(upper, v, upper, v));
    }
}
