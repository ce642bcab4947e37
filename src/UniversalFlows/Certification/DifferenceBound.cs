using System.Runtime.Intrinsics;
using UniversalFlows.Bijections;
using UniversalFlows.Scalars;

namespace UniversalFlows.Certification;

/// <summary>|f − g| over eight boxes by Taylor models, and at eight points by intervals; Euclidean norm.</summary>
internal static class DifferenceBound
{
    /// <summary>
    /// An upper bound of |f − g| over each box; +∞ where there is none. <paramref name="centre"/> is near |f − g| at the centre, as a guide only.
    /// </summary>
    /// <remarks>
    /// With e = f − g the smaller of √(max Σ e_i²), one polynomial that keeps the cancellation between the e_i, and √(Σ max e_i²).
    /// </remarks>
    public static Lanes OverBoxes(IMap f, IMap g, int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper, out Lanes centre)
    {
        int d = lower.Length;
        TaylorArena arena = TaylorArena.Current;
        using Scratch<TaylorModel> scratch = new(d);
        Span<TaylorModel> difference = scratch.Take(d);
        Models(f, g, degree, lower, upper, difference);
        TaylorModel square = default;
        Vector512<double> apart = default, near = default;
        for (int i = 0; i < d; i++)
        {
            TaylorModel e = difference[i];
            square += e * e;
            Vector512<double> size = arena.Range(e).Magnitude.Value, middle = TaylorModel.Primal(e, 0).Value;
            apart = Vector512.FusedMultiplyAdd(size, size, apart);
            near = Vector512.FusedMultiplyAdd(middle, middle, near);
        }

        centre = new(Vector512.Sqrt(near));
        Vector512<double> together = arena.Range(square).Upper.Value;
        // the sum above has 2d roundings, the root one more; 1e-290 stands for squares that vanish
        apart = (apart * Vector512.Create(1 + 1e-12)) + Vector512.Create(1e-290);
        together += Vector512.Create(1e-290);
        Vector512<double> least = Vector512.ConditionalSelect(Vector512.LessThan(together, apart), together, apart);
        least = Vector512.ConditionalSelect(Vector512.Equals(least, least), least, together); // `apart` may be NaN where `together` is not
        Vector512<double> bound = Vector512.Sqrt(Vector512.Max(least, Vector512<double>.Zero)) * Vector512.Create(1 + 1e-12);
        // NaN: nothing is proved
        return new(Vector512.ConditionalSelect(Vector512.LessThanOrEqual(bound, Vector512.Create(double.MaxValue)), bound, Vector512.Create(double.PositiveInfinity)));
    }

    /// <summary>e ← f − g over eight boxes, in the thread's arena, which begins anew.</summary>
    public static void Models(IMap f, IMap g, int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper, Span<TaylorModel> e)
    {
        int d = lower.Length;
        TaylorArena arena = TaylorArena.Current;
        arena.Begin(d, degree);
        using Scratch<TaylorModel> scratch = new(2 * d);
        Span<TaylorModel> x = scratch.Take(d), y = scratch.Take(d);
        arena.Variables(lower, upper, x);
        Map(f, x, arena);
        arena.Variables(lower, upper, y);
        g.Map(y);
        for (int i = 0; i < d; i++) e[i] = x[i] - y[i];
    }

    /// <summary>Lower bounds of |f − g| at eight points, the better of intervals and Taylor models of boxes without width; 0 where nothing is proved.</summary>
    public static Lanes AtPoints(IMap f, IMap g, ReadOnlySpan<Lanes> points)
    {
        int d = points.Length;
        using Scratch<Interval> scratch = new(3 * d);
        Span<Interval> x = scratch.Take(d), y = scratch.Take(d), z = scratch.Take(d);
        for (int i = 0; i < d; i++) x[i] = y[i] = Interval.Point(points[i]);
        f.Map(x);
        g.Map(y);
        for (int i = 0; i < d; i++) x[i] -= y[i];

        TaylorArena arena = TaylorArena.Current;
        arena.Begin(d, 1);
        using Scratch<TaylorModel> models = new(2 * d);
        Span<TaylorModel> a = models.Take(d), b = models.Take(d);
        arena.Variables(points, points, a);
        Map(f, a, arena);
        arena.Variables(points, points, b);
        g.Map(b);
        for (int i = 0; i < d; i++) z[i] = arena.Range(a[i] - b[i]);
        return Interval.Max(Norm(x), Norm(z)).Lower;
    }

    /// <summary>√Σ x_i² from below; 0 where nothing is proved.</summary>
    private static Interval Norm(ReadOnlySpan<Interval> x)
    {
        Interval sum = Interval.Constant(0);
        foreach (Interval v in x)
        {
            Interval size = Interval.Abs(v);
            sum += size * size;
        }

        Interval norm = Interval.Sqrt(Interval.Max(sum, Interval.Constant(0)));
        Vector512<double> proved = Vector512.LessThanOrEqual(norm.Lower.Value, norm.Upper.Value);
        return Interval.Point(new Lanes(Vector512.ConditionalSelect(proved, norm.Lower.Value, Vector512<double>.Zero)));
    }

    /// <summary>
    /// x ← f(x), part by part of a composition: between the parts only the d coordinates stay in the arena. One with many rotations by <see cref="ChainBound"/>.
    /// </summary>
    private static void Map(IMap f, Span<TaylorModel> x, TaylorArena arena)
    {
        if (ChainBound.Suits(f))
        {
            ChainBound.Map((Composition)f, x);
            return;
        }

        if (f is not Composition composition)
        {
            f.Map(x);
            return;
        }

        foreach (IBijection part in composition.Parts)
        {
            Map(part, x, arena);
            arena.Keep(x);
        }
    }
}
