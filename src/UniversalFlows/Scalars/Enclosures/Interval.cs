using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <summary>
/// Eight closed intervals side by side, rounded outwards: a formula read over them encloses its values at all points of the eight boxes.
/// NaN in an end means "not proved" and stays: the argument left the domain of a function, a divisor may be 0, or something overflowed.
/// </summary>
/// <remarks>
/// The enclosed value is that of the formula over the real numbers with the constants that the code holds as doubles. Every operation is + − · / √ and fused
/// multiply-add in the ordinary rounding, then widened (<see cref="Rounding"/>): the same bits on every machine.
/// An end may be infinite. A comparison that a box leaves open gives the hull of both branches.
/// Source: Moore, Kearfott and Cloud, Introduction to Interval Analysis, 2009; centre-radius products: Rump 1999.
/// </remarks>
/// <param name="Lower">The lower ends.</param>
/// <param name="Upper">The upper ends.</param>
public readonly record struct Interval(Lanes Lower, Lanes Upper) : IScalar<Interval>
{
    private Interval(Vec lower, Vec upper) : this(new Lanes(lower), new Lanes(upper))
    {
    }

    /// <summary>The intervals between given ends; NaN ("not proved") in lanes where lower ≤ upper fails.</summary>
    public static Interval Between(Lanes lower, Lanes upper)
    {
        Vec ordered = Vector512.LessThanOrEqual(lower.Value, upper.Value), nan = Vector512.Create(double.NaN);
        return new(Vector512.ConditionalSelect(ordered, lower.Value, nan), Vector512.ConditionalSelect(ordered, upper.Value, nan));
    }

    /// <summary>The interval [lower, upper] in every lane; NaN where lower ≤ upper fails.</summary>
    public static Interval Between(double lower, double upper) => Between(Lanes.Constant(lower), Lanes.Constant(upper));

    /// <summary>Points: both ends the same number, nothing rounded.</summary>
    public static Interval Point(Lanes x) => new(x, x);

    /// <summary>Whether lane <paramref name="i"/> proves anything: neither end is NaN.</summary>
    public bool IsProved(int i) => Lower[i] <= Upper[i];

    /// <summary>Whether x lies in lane <paramref name="i"/>; false if nothing is proved there.</summary>
    public bool Contains(int i, double x) => Lower[i] <= x && x <= Upper[i];

    /// <summary>An upper bound of |x|, lane by lane; NaN where nothing is proved.</summary>
    public Lanes Magnitude => new(Vector512.Max(Vector512.Abs(Lower.Value), Vector512.Abs(Upper.Value)));

    /// <summary>A lower bound of |x|, lane by lane; NaN where nothing is proved.</summary>
    public Lanes Mignitude => new(Vector512.Max(Vector512.Max(Lower.Value, -Upper.Value), Both(Lower.Value, Upper.Value, Vec.Zero)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval Constant(double c) => Point(Lanes.Constant(c));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval operator +(Interval a, Interval b) => Outward(a.Lower.Value + b.Lower.Value, a.Upper.Value + b.Upper.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval operator -(Interval a, Interval b) => Outward(a.Lower.Value - b.Upper.Value, a.Upper.Value - b.Lower.Value);

    /// <inheritdoc/>
    public static Interval operator *(Interval a, Interval b)
    {
        Vec p = a.Lower.Value * b.Lower.Value, q = a.Lower.Value * b.Upper.Value, r = a.Upper.Value * b.Lower.Value, s = a.Upper.Value * b.Upper.Value;
        return Outward(Vector512.Min(Vector512.Min(p, q), Vector512.Min(r, s)), Vector512.Max(Vector512.Max(p, q), Vector512.Max(r, s)));
    }

    /// <summary>a/b; NaN where 0 ∈ b.</summary>
    public static Interval operator /(Interval a, Interval b)
    {
        Vec safe = Vector512.GreaterThan(b.Lower.Value, Vec.Zero) | Vector512.LessThan(b.Upper.Value, Vec.Zero);
        Vec lower = Known(safe, b.Lower.Value), upper = Known(safe, b.Upper.Value);
        Vec p = a.Lower.Value / lower, q = a.Lower.Value / upper, r = a.Upper.Value / lower, s = a.Upper.Value / upper;
        return Outward(Vector512.Min(Vector512.Min(p, q), Vector512.Min(r, s)), Vector512.Max(Vector512.Max(p, q), Vector512.Max(r, s)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Interval operator -(Interval a) => new(-a.Upper.Value, -a.Lower.Value);

    /// <summary>√x; NaN where the interval reaches below 0.</summary>
    public static Interval Sqrt(Interval x) =>
        AtLeast(0, Outward(Vector512.Sqrt(x.Lower.Value), Vector512.Sqrt(x.Upper.Value)));

    /// <inheritdoc/>
    public static Interval Exp(Interval x) => AtLeast(0, Increasing(Elementary.Exp(x.Lower.Value), Elementary.Exp(x.Upper.Value), Rounding.ExpUlps));

    /// <inheritdoc/>
    public static Interval Expm1(Interval x) => AtLeast(-1, Increasing(Elementary.Expm1(x.Lower.Value), Elementary.Expm1(x.Upper.Value), Rounding.Expm1Ulps));

    /// <summary>log x; NaN where the interval reaches below 0, [−∞, …] where it begins at 0.</summary>
    public static Interval Log(Interval x) => Increasing(Elementary.Log(x.Lower.Value), Elementary.Log(x.Upper.Value), Rounding.LogUlps);

    /// <inheritdoc/>
    public static Interval Log1p(Interval x) => Increasing(Elementary.Log1p(x.Lower.Value), Elementary.Log1p(x.Upper.Value), Rounding.Log1pUlps);

    /// <inheritdoc/>
    public static Interval Tanh(Interval x) =>
        AtMost(1, AtLeast(-1, Increasing(Elementary.Tanh(x.Lower.Value), Elementary.Tanh(x.Upper.Value), Rounding.TanhUlps)));

    /// <inheritdoc/>
    public static Interval Logistic(Interval x) =>
        AtMost(1, AtLeast(0, Increasing(Elementary.Logistic(x.Lower.Value), Elementary.Logistic(x.Upper.Value), Rounding.LogisticUlps)));

    /// <inheritdoc/>
    public static Interval Softplus(Interval x) =>
        AtLeast(0, Increasing(Elementary.Softplus(x.Lower.Value), Elementary.Softplus(x.Upper.Value), Rounding.SoftplusUlps));

    /// <inheritdoc/>
    public static Interval Sin(Interval x) => Wave(x, Elementary.Sin(x.Lower.Value), Elementary.Sin(x.Upper.Value), 0.25, Rounding.SinUlps);

    /// <inheritdoc/>
    public static Interval Cos(Interval x) => Wave(x, Elementary.Cos(x.Lower.Value), Elementary.Cos(x.Upper.Value), 0, Rounding.CosUlps);

    /// <inheritdoc/>
    public static Interval Atan(Interval x) => Increasing(Elementary.Atan(x.Lower.Value), Elementary.Atan(x.Upper.Value), Rounding.AtanUlps);

    /// <inheritdoc/>
    public static Interval Abs(Interval x) => new(x.Mignitude, x.Magnitude);

    /// <inheritdoc/>
    public static Interval Max(Interval a, Interval b) =>
        new(Vector512.Max(a.Lower.Value, b.Lower.Value), Vector512.Max(a.Upper.Value, b.Upper.Value));

    /// <inheritdoc/>
    public static Interval Min(Interval a, Interval b) =>
        new(Vector512.Min(a.Lower.Value, b.Lower.Value), Vector512.Min(a.Upper.Value, b.Upper.Value));

    /// <summary><paramref name="then"/> where a &lt; b surely, <paramref name="otherwise"/> where surely not, the hull of both elsewhere (NaN included).</summary>
    public static Interval SelectLess(Interval a, Interval b, Interval then, Interval otherwise)
    {
        Vec less = Vector512.LessThan(a.Upper.Value, b.Lower.Value), not = Vector512.GreaterThanOrEqual(a.Lower.Value, b.Upper.Value);
        Vec lower = Vector512.Min(then.Lower.Value, otherwise.Lower.Value), upper = Vector512.Max(then.Upper.Value, otherwise.Upper.Value);
        lower = Vector512.ConditionalSelect(less, then.Lower.Value, Vector512.ConditionalSelect(not, otherwise.Lower.Value, lower));
        upper = Vector512.ConditionalSelect(less, then.Upper.Value, Vector512.ConditionalSelect(not, otherwise.Upper.Value, upper));
        return new(lower, upper);
    }

    /// <summary>The midpoint, as a point: not an enclosure (see <see cref="IScalar{T}.Freeze"/>).</summary>
    public static Interval Freeze(Interval x) => Point(Primal(x, 0));

    /// <inheritdoc/>
    public static bool Encloses => true;

    /// <inheritdoc/>
    public static Interval Nominal(Interval x) => Freeze(x);

    /// <inheritdoc/>
    public static void Chebyshev(Interval u, Span<Interval> basis) => ChebyshevError.Enclose(u, basis);

    /// <inheritdoc/>
    public static Interval Inflate(Interval x, Interval by) => Outward(x.Lower.Value - by.Magnitude.Value, x.Upper.Value + by.Magnitude.Value);

    /// <summary>
    /// W x + b by centre and radius: |W x + b − fl(W m + b)| ≤ |W|(r + ε|m|) + ε|b|, ε = 1.01(K + 1)u for K inputs, m and r the centres and radii of x. The chain
    /// of K fused multiply-adds loses at most K·u/(1 − K·u) of Σ|W||m| + |b|; the rounding of the bound itself is covered at the end.
    /// </summary>
    public static void Affine(Dense layer, ReadOnlySpan<Interval> x, Span<Interval> y, bool bias = true)
    {
        using Scratch<Lanes> scratch = new((2 * x.Length) + y.Length);
        Span<Lanes> centre = scratch.Take(x.Length), radius = scratch.Take(x.Length), value = scratch.Take(y.Length);
        double epsilon = 1.01 * (x.Length + 1) * Rounding.Unit;
        for (int k = 0; k < x.Length; k++)
        {
            Lanes m = centre[k] = Primal(x[k], 0);
            // both differences rounded up: the larger is at least the distance to either end
            Vec r = Rounding.Up(Vector512.Max(x[k].Upper.Value - m.Value, m.Value - x[k].Lower.Value), Rounding.ExactUlps);
            radius[k] = new(Vector512.FusedMultiplyAdd(Vector512.Abs(m.Value), Vector512.Create(epsilon), r));
        }

        Lanes.Affine(layer, centre, value, bias);
        ReadOnlySpan<double> w = layer.Weights, b = layer.Bias;
        for (int n = 0; n < y.Length; n++)
        {
            Vec r = Vector512.Create(bias ? Math.Abs(b[n]) * epsilon : 0);
            for (int k = 0; k < x.Length; k++) r = Vector512.FusedMultiplyAdd(Vector512.Create(Math.Abs(w[(n * x.Length) + k])), radius[k].Value, r);
            r = (r * Vector512.Create(Rounding.Safe + (4 * x.Length * Rounding.Unit))) + Vector512.Create(Rounding.Tiny);
            y[n] = Outward(value[n].Value - r, value[n].Value + r);
        }
    }

    /// <inheritdoc/>
    public static void Activate(Activation activation, Span<Interval> y)
    {
        foreach (ref Interval v in y)
        {
            v = activation switch
            {
                Activation.Tanh => Tanh(v),
                Activation.ReLU => Max(v, Constant(0)),
                Activation.SiLU => v * Logistic(v),
                _ => v,
            };
        }
    }

    /// <inheritdoc/>
    public static int Groups => 1;

    /// <inheritdoc/>
    public static int DerivativeOrder => 0;

    /// <summary>The midpoint: a number near the value, not an enclosure.</summary>
    public static Lanes Primal(Interval x, int g) => new((x.Lower.Value * Vector512.Create(0.5)) + (x.Upper.Value * Vector512.Create(0.5)));

    /// <inheritdoc/>
    public static Interval FromPrimal(ReadOnlySpan<Lanes> value) => Point(value[0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Interval Outward(Vec lower, Vec upper) => Increasing(lower, upper, Rounding.ExactUlps);

    /// <summary>From the computed values at both ends of an increasing function. If one end is NaN, nothing is proved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Interval Increasing(Vec lower, Vec upper, double ulps)
    {
        lower = Rounding.Down(lower, ulps);
        upper = Rounding.Up(upper, ulps);
        // −∞ and +∞ survive; an end that overflowed inwards (lower = +∞, upper = −∞) became NaN
        return new(Both(lower, upper, lower), Both(lower, upper, upper));
    }

    /// <summary>
    /// sin or cos: the values at the ends, and ±1 if the box may hold a place where it is taken, k + shift or k + shift + ½ turns for a whole k.
    /// Counted in turns, x/2π is widened outwards; a box of a turn or more holds both.
    /// </summary>
    private static Interval Wave(Interval x, Vec atLower, Vec atUpper, double shift, double ulps)
    {
        // 1/(2π) = 0.15915494309189533576888…; the two doubles below enclose it
        Interval turns = x * Between(0.15915494309189532, 0.15915494309189535);
        Interval ends = Increasing(Vector512.Min(atLower, atUpper), Vector512.Max(atLower, atUpper), ulps);
        Vec top = Holds(turns - Constant(shift)), bottom = Holds(turns - Constant(shift + 0.5)), one = Vec.One;
        Vec lower = Vector512.ConditionalSelect(bottom, -one, ends.Lower.Value), upper = Vector512.ConditionalSelect(top, one, ends.Upper.Value);
        return AtMost(1, AtLeast(-1, new(Both(ends.Lower.Value, ends.Upper.Value, lower), Both(ends.Lower.Value, ends.Upper.Value, upper))));

        static Vec Holds(Interval t) => Vector512.LessThanOrEqual(Vector512.Ceiling(t.Lower.Value), Vector512.Floor(t.Upper.Value));
    }

    private static Interval AtLeast(double bound, Interval x) => new(Vector512.Max(x.Lower.Value, Vector512.Create(bound)), x.Upper.Value);

    private static Interval AtMost(double bound, Interval x) => new(x.Lower.Value, Vector512.Min(x.Upper.Value, Vector512.Create(bound)));

    /// <summary><paramref name="value"/> where both are numbers, NaN elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Both(Vec a, Vec b, Vec value) => Known(Vector512.Equals(a, a) & Vector512.Equals(b, b), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Known(Vec mask, Vec value) => Vector512.ConditionalSelect(mask, value, Vector512.Create(double.NaN));
}
