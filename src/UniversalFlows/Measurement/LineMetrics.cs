using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>
/// Distances of laws on the line from their distribution functions: Wasserstein W1 = ∫|F − G|, Kolmogorov sup|F − G|, and Lévy's inf {ε : F(x − ε) − ε ≤ G(x) ≤ F(x + ε) + ε for all x}. Lévy's metrises weak convergence
/// on the line; W1 also sees first moments; Kolmogorov's is stronger (δ_{1/n} → δ_0 weakly, at distance 1). Laws may have atoms; samples are laws (<see cref="OfSample"/>).
/// </summary>
public static class LineMetrics
{
    private const double Negligible = 1e-13;

    /// <summary>The empirical law of a sample.</summary>
    /// <exception cref="ArgumentException">It is empty or not finite.</exception>
    public static LineLaw OfSample(ReadOnlySpan<double> sample) => new AtomicLaw("sample", "a sample", sample, 1).Coordinate(0);

    /// <summary>W1 = ∫|F − G|, cut at atoms, adaptive between them, with tails by intervals that double. +∞ if the tails don't shrink.</summary>
    /// <returns>The value and an estimate of its error from above.</returns>
    public static (double Value, double Error) Wasserstein(LineLaw f, LineLaw g)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        double lower = Math.Min(f.Window.Lower, g.Window.Lower), upper = Math.Max(f.Window.Upper, g.Window.Upper);
        List<double> breaks = [lower, .. Places(f), .. Places(g), upper];
        // a smooth F on a wide window may be narrow: quantiles mark where it lives
        foreach (LineLaw law in (LineLaw[])[f, g])
            for (int k = 1; k < 16; k++) breaks.Add(law.Quantile(k / 16.0, (16 - k) / 16.0));
        double[] cuts = WithCrossings([.. breaks.Where(b => b >= lower && b <= upper).Distinct().Order()], x => f.Cdf(x) - g.Cdf(x));
        (double value, double error) = AdaptiveIntegral.Of(Difference, cuts, Negligible * (upper - lower), 40_000);
        for (int side = -1; side <= 1; side += 2)
        {
            double end = side < 0 ? lower : upper, width = upper - lower, before = double.PositiveInfinity;
            while (true)
            {
                double next = end + (side * width);
                (double part, double e) = AdaptiveIntegral.Of(Difference, side < 0 ? [next, end] : [end, next], 1e-3 * Negligible * (upper - lower), 2000);
                (value, error) = (value + part, error + e);
                if (part <= 1e-15 * value || part == 0) break;
                // the parts of a power tail 1/x^a shrink by 2^(1−a): by none for Cauchy's, whose W1 is infinite
                if (!(part < 0.97 * before) && width > 1e12 * (upper - lower)) return (double.PositiveInfinity, double.PositiveInfinity);
                if (width > 1e60 * (upper - lower)) return (double.PositiveInfinity, double.PositiveInfinity);
                (end, width, before) = (next, 2 * width, part);
            }
        }

        return (value, error);

        double Difference(double x)
        {
            double a = f.Cdf(x), b = g.Cdf(x);
            return a > 0.5 && b > 0.5 ? Math.Abs(f.Survival(x) - g.Survival(x)) : Math.Abs(a - b);
        }
    }

    /// <summary>sup|F − G|, found at a point, and an upper bound that holds for all x (up to the rounding of F and G), by branch and bound: on [a, b] F − G is at most F(b) − G(a).</summary>
    public static (double Value, double Upper) Kolmogorov(LineLaw f, LineLaw g)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        return Larger(MonotoneSupremum(f.Cdf, g.Cdf, Ends(f, g), 1e-9), MonotoneSupremum(g.Cdf, f.Cdf, Ends(f, g), 1e-9));
    }

    /// <summary>
    /// Lévy's metric. Let x_F(c) be the place where the line x + y = c meets the graph of F, its jumps filled in: x_F is increasing with slope at most 1, and Lévy's metric is sup_c |x_F(c) − x_G(c)|, the longest side that the graphs
    /// leave between them at 45° (docs/metrics.md). Found and bounded as Kolmogorov's, the bound within 1e-7.
    /// </summary>
    public static (double Value, double Upper) Levy(LineLaw f, LineLaw g)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        double[] ends = [.. Ends(f, g).SelectMany(e => (double[])[e, e + 1]).Distinct().Order()];
        // x_F(c) − x_G(c) is largest where F is below G
        return Larger(MonotoneSupremum(c => Crossing(f, c), c => Crossing(g, c), ends, 1e-7, contracting: true), MonotoneSupremum(c => Crossing(g, c), c => Crossing(f, c), ends, 1e-7, contracting: true));
    }

    /// <summary>sup|F_n − F| of a sample, exactly: F's jumps excluded it is reached at the sample's points, from either side.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="law">F, continuous or not.</param>
    public static double Kolmogorov(ReadOnlySpan<double> sample, LineLaw law)
    {
        ArgumentNullException.ThrowIfNull(law);
        return Kolmogorov(OfSample(sample), law).Value;
    }

    /// <summary>Where the difference changes its sign within an interval it is cut there too, so that |F − G| has no kink inside.</summary>
    private static double[] WithCrossings(double[] cuts, Func<double, double> difference)
    {
        List<double> all = [.. cuts];
        for (int k = 0; k + 1 < cuts.Length; k++)
        {
            double a = Math.BitIncrement(cuts[k]), b = Math.BitDecrement(cuts[k + 1]), left = difference(a);
            if (!(left * difference(b) < 0)) continue;
            while (true)
            {
                double middle = (0.5 * a) + (0.5 * b);
                if (!(middle > a && middle < b)) break;
                if (difference(middle) * left > 0) a = middle;
                else b = middle;
            }

            all.Add(b);
        }

        return [.. all.Distinct().Order()];
    }

    private static (double, double) Larger((double Value, double Upper) a, (double Value, double Upper) b) => (Math.Max(a.Value, b.Value), Math.Max(a.Upper, b.Upper));

    private static double[] Places(LineLaw law) => law is AtomsLine atoms ? atoms.Places.ToArray() : [];

    /// <summary>Cuts of the line: atoms, quantiles, and tails by doubling until both laws are negligible beyond.</summary>
    private static double[] Ends(LineLaw f, LineLaw g)
    {
        double lower = Math.Min(f.Window.Lower, g.Window.Lower), upper = Math.Max(f.Window.Upper, g.Window.Upper), width = upper - lower;
        List<double> ends = [lower, upper, .. Places(f), .. Places(g)];
        for (int k = 1; k < 64; k++)
            foreach (LineLaw law in (LineLaw[])[f, g]) ends.Add(law.Quantile(k / 64.0, (64 - k) / 64.0));
        for (double w = width, x = lower; Math.Max(f.Cdf(x), g.Cdf(x)) > Negligible && w < 1e60; w *= 2) ends.Add(x -= w);
        for (double w = width, x = upper; Math.Max(f.Survival(x), g.Survival(x)) > Negligible && w < 1e60; w *= 2) ends.Add(x += w);
        return [.. ends.Distinct().Order()];
    }

    /// <summary>
    /// sup f − g over [first, last] for nondecreasing f, g; between neighbouring doubles nothing happens. If both are contracting, c − f and c − g increase as well, and f − g ≤ (b − g(b)) − (a − f(a)) on [a, b]: sharp where f and g rise side
    /// by side, as the first bound is where they stand still.
    /// </summary>
    private static (double Value, double Upper) MonotoneSupremum(Func<double, double> f, Func<double, double> g, double[] cuts, double tolerance, bool contracting = false)
    {
        PriorityQueue<(double A, double B, double FA, double FB, double GA, double GB), double> queue = new();
        double best = double.NegativeInfinity, at = cuts[0];
        double[] fs = [.. cuts.Select(f)], gs = [.. cuts.Select(g)];
        for (int k = 0; k < cuts.Length; k++) Try(cuts[k], fs[k] - gs[k]);
        for (int k = 0; k + 1 < cuts.Length; k++) Add(cuts[k], cuts[k + 1], fs[k], fs[k + 1], gs[k], gs[k + 1]);
        double upper = best;
        for (int budget = 400_000; queue.TryDequeue(out var i, out double bound); budget--)
        {
            if (-bound <= best + tolerance || budget == 0)
            {
                upper = Math.Max(upper, -bound);
                break;
            }

            double middle = (0.5 * i.A) + (0.5 * i.B);
            if (!(middle > i.A && middle < i.B))
            {
                // neighbouring doubles: the values at both ends are all there are, and both were tried
                continue;
            }

            double fm = f(middle), gm = g(middle);
            Try(middle, fm - gm);
            Add(i.A, middle, i.FA, fm, i.GA, gm);
            Add(middle, i.B, fm, i.FB, gm, i.GB);
        }

        double found = Refine(f, g, at, best, cuts[^1] - cuts[0]);
        return (found, Math.Max(found, upper));

        void Try(double x, double value)
        {
            if (value > best) (best, at) = (value, x);
        }

        void Add(double a, double b, double fa, double fb, double ga, double gb)
        {
            double bound = contracting ? Math.Min(fb - ga, (b - gb) - (a - fa)) : fb - ga;
            if (bound > best + tolerance) queue.Enqueue((a, b, fa, fb, ga, gb), -bound);
        }
    }

    /// <summary>Climbs a smooth maximum by steps that halve.</summary>
    private static double Refine(Func<double, double> f, Func<double, double> g, double at, double best, double width)
    {
        for (double step = 1e-3 * width; step > 1e-13 * width; step *= 0.5)
        {
            for (int side = -1; side <= 1; side += 2)
            {
                double x = at + (side * step), value = f(x) - g(x);
                if (value > best) (best, at) = (value, x);
            }
        }

        return best;
    }

    /// <summary>The smallest x with x + F(x) ≥ c, by bisection of [c − 1, c].</summary>
    private static double Crossing(LineLaw law, double c)
    {
        double a = c - 1, b = c;
        if (a + law.Cdf(a) >= c) return a;
        while (true)
        {
            double middle = (0.5 * a) + (0.5 * b);
            if (!(middle > a && middle < b)) return b;
            if (middle + law.Cdf(middle) >= c) b = middle;
            else a = middle;
        }
    }
}
