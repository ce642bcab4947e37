using System.Runtime.Intrinsics;
using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Bench;

/// <summary>
/// The inverse of a coupling flow by bisection, for comparison: the same conditioners, parameters and brackets as the library's, but each
/// coordinate by halving alone, on values of f without derivatives, until |f(x) − y| is a few ulps of y or no double lies between the ends.
/// Read in eight lanes (<see cref="Lanes"/>) or one point at a time (<see cref="Real"/>).
/// </summary>
public static class Bisection
{
    // 2⁻⁵¹: where the library's iteration usually ends
    private const double Tolerance = 4.440892098500626e-16;

    private const int Chunk = 512;

    /// <summary>Row n of <paramref name="values"/> ← f⁻¹(row n of <paramref name="points"/>), with log|det Df⁻¹|; <paramref name="width"/> points at a time, as many as T holds.</summary>
    public static void Inverse<T>(Composition flow, double[] points, double[] values, double[] logDets, int width, int threads) where T : unmanaged, IScalar<T>
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(logDets);
        Coupling[] couplings = [.. flow.Parts.Cast<Coupling>().Reverse()];
        int d = flow.Dimension, count = logDets.Length;
        Workers.For((count + Chunk - 1) / Chunk, threads, chunk =>
        {
            Span<T> x = stackalloc T[d];
            for (int n = chunk * Chunk; n < Math.Min(count, (chunk + 1) * Chunk); n += width)
            {
                for (int i = 0; i < d; i++) x[i] = T.FromPrimal([Gather(points, d, i, n, count)]);
                T logDet = T.Constant(0);
                foreach (Coupling c in couplings) logDet += Inverse(c, x);
                for (int lane = 0; lane < width && n + lane < count; lane++)
                {
                    for (int i = 0; i < d; i++) values[((n + lane) * d) + i] = T.Primal(x[i], 0)[lane];
                    logDets[n + lane] = T.Primal(logDet, 0)[lane];
                }
            }
        });
    }

    private static Lanes Gather(double[] points, int d, int i, int first, int count)
    {
        Span<double> lanes = stackalloc double[Lanes.Width];
        for (int lane = 0; lane < Lanes.Width; lane++) lanes[lane] = points[(Math.Min(first + lane, count - 1) * d) + i];
        return Lanes.Load(lanes);
    }

    private static T Inverse<T>(Coupling c, Span<T> y) where T : unmanaged, IScalar<T>
    {
        Span<T> passive = stackalloc T[c.Passive.Count], raw = stackalloc T[c.Conditioner.Outputs], p = stackalloc T[c.Transformer.ParameterCount];
        for (int i = 0; i < passive.Length; i++) passive[i] = y[c.Passive[i]];
        c.Conditioner.Evaluate<T>(passive, raw);
        T logDet = T.Constant(0);
        for (int j = 0; j < c.Active.Count; j++)
        {
            c.Transformer.Parameters(raw.Slice(j * c.Transformer.RawCount, c.Transformer.RawCount), p);
            T x = Solve(c, y[c.Active[j]], p);
            _ = c.Transformer.Forward<T>(x, p, out T logDerivative);
            y[c.Active[j]] = x;
            logDet -= logDerivative;
        }

        return logDet;
    }

    private static T Solve<T>(Coupling c, T y, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T>
    {
        Span<Lanes> plain = stackalloc Lanes[p.Length];
        for (int i = 0; i < p.Length; i++) plain[i] = T.Primal(p[i], 0);
        c.Transformer.Bracket(T.Primal(y, 0), plain, out Lanes lower, out Lanes upper);
        T lo = T.FromPrimal([lower]), hi = T.FromPrimal([upper]), zero = T.Constant(0), best = lo, bestSize = T.Constant(double.PositiveInfinity);
        T enough = T.Max(T.Constant(1), T.Abs(y)) * Tolerance;
        while (true)
        {
            T x = 0.5 * (lo + hi), r = c.Transformer.Value(x, p) - y, size = T.Abs(r);
            best = T.SelectLess(size, bestSize, x, best);
            bestSize = T.Min(size, bestSize);
            Lanes left = T.Primal(bestSize - enough, 0), gap = T.Primal(x, 0);
            Vector512<double> open = Vector512.GreaterThan(left.Value, default)
                & Vector512.GreaterThan(gap.Value, T.Primal(lo, 0).Value) & Vector512.LessThan(gap.Value, T.Primal(hi, 0).Value);
            if (Vector512.EqualsAll(open.AsInt64(), Vector512<long>.Zero)) return best;
            lo = T.SelectLess(r, zero, x, lo);
            hi = T.SelectLess(r, zero, hi, x);
        }
    }
}
