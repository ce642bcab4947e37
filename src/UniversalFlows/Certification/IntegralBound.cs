using System.Runtime.Intrinsics;
using UniversalFlows.Bijections;
using UniversalFlows.Scalars;

namespace UniversalFlows.Certification;

/// <summary>∫_B |f − g|ᵖ over eight boxes B by Taylor models, p = 1 or 2; Euclidean norm.</summary>
/// <remarks>
/// e_i = p_i + ρ_i, |ρ_i| ≤ r_i on the box. Means over [−1, 1]^d of the polynomials are exact, ⟨t^α⟩ = Π 1/(α_i + 1) for even α, 0 for others; by Minkowski √⟨e_i²⟩ is within r_i of
/// √⟨p_i²⟩. For p = 1: |⟨e⟩| ≤ ⟨|e|⟩ ≤ √⟨|e|²⟩, and where e has no zero the mean of the model of √Σe_i², whichever is better.
/// </remarks>
internal static class IntegralBound
{
    private static readonly Moments?[] s_moments = new Moments?[(Monomials.MaxDimension + 1) * (Monomials.MaxDegree + 1)];

    /// <summary>Encloses the integrals; [0, ∞] where nothing is proved.</summary>
    public static Interval OverBoxes(IMap f, IMap g, int power, int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper)
    {
        int d = lower.Length;
        TaylorArena arena = TaylorArena.Current;
        using Scratch<TaylorModel> scratch = new(d);
        Span<TaylorModel> e = scratch.Take(d);

        // the models' variables run through [−1, 1]^d, of which the box is all but a share θ, as half-widths are rounded upwards
        arena.Begin(d, degree);
        arena.Variables(lower, upper, e);
        Interval volume = Interval.Constant(1), missing = Interval.Constant(0);
        for (int i = 0; i < d; i++)
        {
            Interval width = Interval.Point(upper[i]) - Interval.Point(lower[i]), model = Interval.Constant(2) * Interval.Point(arena.Coefficient(e[i], 1 + i));
            volume *= width;
            missing += Interval.Max(Interval.Constant(1) - (width / model), Interval.Constant(0));
        }

        DifferenceBound.Models(f, g, degree, lower, upper, e);
        Lanes share = missing.Upper;
        Interval squares = Interval.Constant(0);
        foreach (TaylorModel v in e) squares += MeanSquare(v, degree, share);
        return Proved(volume * (power == 2 ? squares : MeanNorm(e, squares, degree, share)));
    }

    /// <summary>⟨|e|⟩.</summary>
    private static Interval MeanNorm(ReadOnlySpan<TaylorModel> e, Interval squares, int degree, Lanes missing)
    {
        Interval means = Interval.Constant(0);
        TaylorModel square = default;
        foreach (TaylorModel v in e)
        {
            Interval mean = Interval.Abs(Mean(v, degree, missing));
            means += mean * mean;
            square += v * v;
        }

        Interval least = Proved(Root(means)), most = Proved(Root(squares)), model = Proved(Mean(TaylorModel.Sqrt(square), degree, missing));
        return new(new(Vector512.Max(least.Lower.Value, model.Lower.Value)), new(Vector512.Min(most.Upper.Value, model.Upper.Value)));
    }

    /// <summary>⟨e²⟩: the quadratic form Σ a_α a_β ⟨t^{α+β}⟩ and the remainder. The form is two nested sums of <c>count</c> terms: at most (2·count + 4)u·(Σ|a|)² is lost.</summary>
    internal static Interval MeanSquare(TaylorModel e, int degree, Lanes missing)
    {
        TaylorArena arena = TaylorArena.Current;
        Moments moments = MomentsOf(arena.Dimension, degree);
        int count = moments.Count;
        Span<Vector512<double>> a = stackalloc Vector512<double>[count];
        Vector512<double> size = default, form = default;
        for (int k = 0; k < count; k++)
        {
            a[k] = arena.Coefficient(e, k).Value;
            size += Vector512.Abs(a[k]);
        }

        for (int k = 0; k < count; k++)
        {
            Vector512<double> row = default;
            foreach ((int other, double moment) in moments.Second[k]) row = Vector512.FusedMultiplyAdd(Vector512.Create(moment), a[other], row);
            form = Vector512.FusedMultiplyAdd(a[k], row, form);
        }

        Vector512<double> off = (size * size * (missing.Value + Vector512.Create(((2 * count) + 4) * Rounding.Unit)) * Vector512.Create(1.01)) + Vector512.Create(1e-290);
        Interval root = Root(Interval.Point(new(form)) + Interval.Between(new Lanes(-off), new Lanes(off))) + Remainder(arena, e);
        root = Interval.Max(root, Interval.Constant(0));
        return root * root;
    }

    /// <summary>⟨e⟩; leaving out the share θ changes the mean of a polynomial of size A by at most 2θA.</summary>
    internal static Interval Mean(TaylorModel e, int degree, Lanes missing)
    {
        TaylorArena arena = TaylorArena.Current;
        Moments moments = MomentsOf(arena.Dimension, degree);
        Vector512<double> size = default, mean = default;
        for (int k = 0; k < moments.Count; k++)
        {
            Vector512<double> a = arena.Coefficient(e, k).Value;
            size += Vector512.Abs(a);
            mean = Vector512.FusedMultiplyAdd(Vector512.Create(moments.First[k]), a, mean);
        }

        Vector512<double> off = (size * ((Vector512.Create(2.0) * missing.Value) + Vector512.Create((moments.Count + 2) * Rounding.Unit)) * Vector512.Create(1.01)) + Vector512.Create(1e-290);
        return Interval.Point(new(mean)) + Interval.Between(new Lanes(-off), new Lanes(off)) + Remainder(arena, e);
    }

    private static Interval Remainder(TaylorArena arena, TaylorModel e)
    {
        Vector512<double> r = arena.Remainder(e).Value;
        return Interval.Between(new Lanes(-r), new Lanes(r));
    }

    private static Interval Root(Interval square) => Interval.Sqrt(Interval.Max(square, Interval.Constant(0)));

    /// <summary>[0, ∞] where an end is not a number: nothing is proved.</summary>
    private static Interval Proved(Interval x)
    {
        Vector512<double> proved = Vector512.LessThanOrEqual(x.Lower.Value, x.Upper.Value);
        return new(
            new(Vector512.ConditionalSelect(proved, Vector512.Max(x.Lower.Value, default), default)),
            new(Vector512.ConditionalSelect(proved, x.Upper.Value, Vector512.Create(double.PositiveInfinity))));
    }

    private static Moments MomentsOf(int dimension, int degree) => s_moments[(dimension * (Monomials.MaxDegree + 1)) + degree] ??= new Moments(Monomials.Of(dimension, degree));

    /// <summary>⟨t^α⟩ and, by α, the β with ⟨t^{α+β}⟩ ≠ 0: quotients of whole numbers, rounded once.</summary>
    private sealed class Moments(Monomials table)
    {
        public int Count => table.Count;

        public double[] First { get; } = [.. table.Exponents.Select(a => Moment(a, new int[a.Length]))];

        public (int Other, double Moment)[][] Second { get; } =
            [.. table.Exponents.Select(a => table.Exponents.Select((b, k) => (k, Moment(a, b))).Where(m => m.Item2 != 0).ToArray())];

        private static double Moment(int[] a, int[] b)
        {
            double product = 1;
            for (int i = 0; i < a.Length; i++)
            {
                if ((a[i] + b[i]) % 2 != 0) return 0;
                product *= a[i] + b[i] + 1;
            }

            return 1 / product;
        }
    }
}
