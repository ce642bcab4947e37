using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What a bound rests on.</summary>
public enum Basis
{
    /// <summary>Computed from distribution functions or by optimal transport, up to rounding.</summary>
    Exact,

    /// <summary>A concentration inequality for samples: holds with probability 1 − δ for every law.</summary>
    Proved,

    /// <summary>Student's interval over repetitions: holds with about that probability.</summary>
    Approximate,

    /// <summary>A quadrature with an estimated error.</summary>
    Quadrature,

    /// <summary>No bound at all.</summary>
    Trend,
}

/// <summary>A distance of two laws with bounds, and beside it what samples of each law alone are apart.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Value">The estimate; of sample distances their mean, which is above the truth in the mean.</param>
/// <param name="Lower">The lower bound at δ/2; NaN: none.</param>
/// <param name="Upper">The upper bound at δ/2; NaN: none.</param>
/// <param name="Basis">What the bounds rest on.</param>
/// <param name="How">The road in words.</param>
/// <param name="BaselineP">Mean distance of two samples of P; NaN: not sampled.</param>
/// <param name="BaselineQ">Mean distance of two samples of Q.</param>
/// <param name="Points">n; 0: not sampled.</param>
/// <param name="Repeats">R.</param>
public sealed record LawDistance(string Metric, double Value, double Lower, double Upper, Basis Basis, string How, double BaselineP, double BaselineQ, int Points, int Repeats)
{
    /// <summary>The metrics by name.</summary>
    public static IReadOnlyList<string> Metrics { get; } = ["w1", "w2", "bl", "mmd", "energy", "ks", "levy", "prokhorov", "sliced", "tv", "kl", "hellinger"];

    /// <summary>The bound through a coupling with the Knothe–Rosenblatt map, if there is one: mean and upper bound.</summary>
    public (double Mean, double Upper)? Coupling { get; init; }

    /// <summary>Of the permutation test that two finite samples are from one law.</summary>
    public double? PValue { get; init; }

    /// <summary>The verdict on "distance &lt; ε".</summary>
    public DistanceVerdict Judge(double epsilon) => Basis == Basis.Trend ? DistanceVerdict.Inconclusive : Verdicts.Judge(Lower, Upper, epsilon);

    /// <summary>The sample size that would decide; null: none, or nothing was sampled.</summary>
    public long? Deciding(double epsilon, int dimension)
    {
        if (Points == 0 || Basis == Basis.Trend) return null;
        double guess = Math.Max(0, Value - (0.5 * (BaselineP + BaselineQ)));
        if (Coupling is { } c && c.Mean < guess) guess = c.Mean;
        return Verdicts.Deciding(guess, Math.Min(Lower, guess), Math.Max(Upper, guess), epsilon, Points, Metric is "mmd" or "energy" || dimension < 3 ? 0.5 : 1.0 / dimension);
    }
}

/// <summary>One of the two laws that are compared: a law, or the push-forward of N(0, I) by a flow.</summary>
public sealed class LawSide
{
    /// <summary>A law.</summary>
    public LawSide(Law law) => (Law, Name, Dimension) = (law, law.Name, law.Dimension);

    /// <summary>A flow.</summary>
    public LawSide(IBijection flow, string name) => (Flow, Name, Dimension) = (flow, name, flow.Dimension);

    /// <summary>The law, if it is one.</summary>
    public Law? Law { get; }

    /// <summary>The flow, if it is one.</summary>
    public IBijection? Flow { get; }

    /// <summary>What to call it.</summary>
    public string Name { get; }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Its distribution function, for d = 1.</summary>
    public LineLaw? Line => Dimension != 1 ? null : Flow is not null ? new FlowLine(Flow) : (Law as ICoordinateLaws)?.Coordinate(0);

    /// <summary>Its log-density.</summary>
    public Divergences.LogDensities? Density => Flow is not null ? Divergences.OfFlow(Flow) : Law is DensityLaw d ? Divergences.Of(d) : null;

    /// <summary>Point masses, if it is finitely many.</summary>
    public AtomicLaw? Atoms => Law as AtomicLaw;

    /// <summary>n samples, d numbers each. Where a flow is not finite: 1e100, further from everything than anything else.</summary>
    public double[] Samples(Philox random, int count)
    {
        if (Law is not null) return Law.Samples(random, count);
        double[] z = new double[count * Dimension], y = new double[z.Length];
        random.FillNormal(z);
        Evaluation.Map(Flow!, z, y);
        for (int i = 0; i < y.Length; i++)
            if (!(Math.Abs(y[i]) <= 1e100)) y[i] = 1e100;
        return y;
    }

    /// <summary>A box with all but a negligible part of the mass: of a flow the range of 4096 samples, widened.</summary>
    public Box Window
    {
        get
        {
            if (Law is not null) return Law.Window;
            double[] x = Samples(new Philox(1, "window"), 4096);
            double[] lower = new double[Dimension], upper = new double[Dimension];
            for (int i = 0; i < Dimension; i++)
            {
                double[] sorted = [.. Enumerable.Range(0, 4096).Select(n => x[(n * Dimension) + i]).Order()];
                double margin = 0.5 * (sorted[^1] - sorted[0]);
                (lower[i], upper[i]) = (sorted[0] - margin, sorted[^1] + margin);
            }

            return new Box(lower, upper);
        }
    }
}

/// <summary>How a distance of laws is measured; everything but the threads shapes the result.</summary>
/// <param name="Metric">One of <see cref="LawDistance.Metrics"/>.</param>
/// <param name="Points">n; 0: what suits the metric.</param>
/// <param name="Repeats">R.</param>
/// <param name="Delta">δ: both bounds together fail with at most that probability.</param>
/// <param name="Seed">Of all samples.</param>
/// <param name="Width">h of the Gaussian kernel; null: the median distance of samples of P.</param>
/// <param name="Threads">How many threads to use; the result does not depend on it.</param>
/// <param name="CouplingPoints">Points of the coupling with the Knothe–Rosenblatt map; 0: no coupling.</param>
public sealed record LawDistanceSettings(string Metric, int Points = 0, int Repeats = 8, double Delta = 0.05, ulong Seed = 1, double? Width = null, int Threads = 1, int CouplingPoints = 10_000);

/// <summary>Measures the distance of two laws by the best road there is: exactly where distribution functions or atoms allow it, else from repeated samples with same-law baselines.</summary>
public static class LawMeasurement
{
    private const int MostAtoms = 2000;

    /// <summary>Measures.</summary>
    /// <exception cref="InputException">The metric does not exist for these laws; the message says why.</exception>
    public static LawDistance Measure(LawSide p, LawSide q, LawDistanceSettings s)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(s);
        if (p.Dimension != q.Dimension) throw new InputException($"{p.Name} is a law of R^{p.Dimension}, but {q.Name} one of R^{q.Dimension}");
        return s.Metric switch
        {
            "tv" or "kl" or "hellinger" => ByDensities(p, q, s),
            "ks" or "levy" => OnTheLine(p, q, s) ?? throw new InputException($"the metric {s.Metric} compares distribution functions on the line; these are laws of R^{p.Dimension}: write --metric bl, w1 or mmd"),
            "w1" when OnTheLine(p, q, s) is { } line => line,
            "w1" or "w2" or "bl" or "prokhorov" when p.Atoms is { } a && q.Atoms is { } b => OfAtoms(a, b, s),
            "prokhorov" => throw new InputException("the metric prokhorov is computed for finitely many point masses on both sides: points of a file, or the law atoms"),
            "mmd" when ExactMmd(p, q, s) is { } exact => exact,
            _ => BySamples(p, q, s),
        };
    }

    /// <summary>The kernel of the metric mmd.</summary>
    public static Kernel KernelFor(LawSide p, LawDistanceSettings s)
    {
        if (s.Width is { } width) return Kernel.Gaussian(width);
        double[] x = p.Samples(new Philox(s.Seed, "kernel width"), 200);
        List<double> distances = [];
        for (int i = 0; i < 200; i++)
            for (int j = 0; j < i; j++)
            {
                double square = 0;
                for (int k = 0; k < p.Dimension; k++) square += (x[(i * p.Dimension) + k] - x[(j * p.Dimension) + k]) * (x[(i * p.Dimension) + k] - x[(j * p.Dimension) + k]);
                distances.Add(Math.Sqrt(square));
            }

        double median = distances.Order().ElementAt(distances.Count / 2);
        return Kernel.Gaussian(median > 0 ? median : 1);
    }

    private static LawDistance? OnTheLine(LawSide p, LawSide q, LawDistanceSettings s)
    {
        if (p.Line is not { } f || q.Line is not { } g) return null;
        if (s.Metric == "w1")
        {
            (double value, double error) = LineMetrics.Wasserstein(f, g);
            return new("w1", value, Math.Max(0, value - error), value + error, Basis.Exact, "the area between the distribution functions", double.NaN, double.NaN, 0, 0);
        }

        (double found, double upper) = s.Metric == "ks" ? LineMetrics.Kolmogorov(f, g) : LineMetrics.Levy(f, g);
        return new(s.Metric, found, found, upper, Basis.Exact, "from the distribution functions by branch and bound", double.NaN, double.NaN, 0, 0);
    }

    private static LawDistance OfAtoms(AtomicLaw p, AtomicLaw q, LawDistanceSettings s)
    {
        Func<double, double>? cost = s.Metric switch { "w2" => t => t * t, "bl" => BoundedLipschitz.Cost(), _ => null };
        bool even = p.Count == q.Count && Even(p) && Even(q);
        if (!(even && s.Metric != "prokhorov") && Math.Max(p.Count, q.Count) > MostAtoms) throw new InputException($"optimal transport of unequal samples takes at most {MostAtoms} points a side, not {p.Count} and {q.Count}");
        if (Math.Max(p.Count, q.Count) > Assignment.MaxSize) throw new InputException($"optimal transport takes at most {Assignment.MaxSize} points a side, not {Math.Max(p.Count, q.Count)}");
        (double value, double dual) = (0, 0);
        if (s.Metric == "prokhorov") value = dual = LevyProkhorov.Between(p, q);
        else if (even)
        {
            SampleTransport t = Wasserstein.Transport(Points(p), Points(q), p.Dimension, cost);
            (value, dual) = (t.Value, t.DualValue);
        }
        else
        {
            DiscretePlan plan = DiscreteTransport.Between(p, q, cost);
            (value, dual) = (plan.Value, plan.DualValue);
        }

        if (s.Metric == "w2") (value, dual) = (Math.Sqrt(value), Math.Sqrt(Math.Max(0, dual)));
        string how = s.Metric == "prokhorov" ? "a maximum flow (Strassen)" : "optimal transport of the points, with its dual as the lower bound";
        double? pValue = even || (Even(p) && Even(q)) ? PermutationP(p, q, s) : null;
        return new(s.Metric, value, Math.Min(value, dual), value, Basis.Exact, how, double.NaN, double.NaN, 0, 0) { PValue = pValue };
    }

    private static bool Even(AtomicLaw law) => Enumerable.Range(0, law.Count).All(j => law.Weight(j) == law.Weight(0));

    private static double[] Points(AtomicLaw law) => [.. Enumerable.Range(0, law.Count).SelectMany(j => law.Point(j).ToArray())];

    /// <summary>Whether both samples may be from one law: the energy distance against 199 random splits, of at most 400 points a side.</summary>
    private static double PermutationP(AtomicLaw p, AtomicLaw q, LawDistanceSettings s)
    {
        double[] x = Points(p), y = Points(q);
        x = x[..(Math.Min(p.Count, 400) * p.Dimension)];
        y = y[..(Math.Min(q.Count, 400) * p.Dimension)];
        if (Math.Min(x.Length, y.Length) < 2 * p.Dimension) return 1;
        return PermutationTest.PValue(x, y, p.Dimension, (a, b) => MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, a, b, p.Dimension, s.Threads).Biased, new Philox(s.Seed, "splits"));
    }

    private static LawDistance? ExactMmd(LawSide p, LawSide q, LawDistanceSettings s)
    {
        if (p.Law is null || q.Law is null) return null;
        Kernel kernel = KernelFor(p, s);
        if (MaximumMeanDiscrepancy.Exact(kernel, p.Law, q.Law) is not { } square) return null;
        double value = Math.Sqrt(Math.Max(0, square)), noise = 1e-7; // the root of the rounding of MMD²
        return new("mmd", value, Math.Max(0, value - noise), value + noise, Basis.Exact, $"closed form, kernel {kernel}", double.NaN, double.NaN, 0, 0);
    }

    private static LawDistance ByDensities(LawSide p, LawSide q, LawDistanceSettings s)
    {
        if ((p.Atoms is not null && q.Density is not null) || (q.Atoms is not null && p.Density is not null))
        {
            double most = s.Metric == "kl" ? double.PositiveInfinity : 1;
            return new(s.Metric, most, most, most, Basis.Exact, "one law sits on finitely many points, which the other, having a density, does not see", double.NaN, double.NaN, 0, 0);
        }

        foreach (LawSide side in (LawSide[])[p, q])
            if (side.Density is null) throw new InputException($"{side.Name} has no density, and the metric {s.Metric} compares densities: write --metric bl, w1 or mmd");
        if (p.Dimension > 2) throw new InputException($"the metric {s.Metric} is a quadrature in one or two dimensions; these are laws of R^{p.Dimension}");
        Divergences found = Divergences.Between(p.Density!, q.Density!, Divergences.Hull(p.Window, q.Window), s.Threads);
        double value = s.Metric switch { "tv" => found.TotalVariation, "kl" => found.KullbackLeibler, _ => found.Hellinger };
        string how = string.Create(CultureInfo.InvariantCulture, $"quadrature over a box that holds {found.MassP:F6} and {found.MassQ:F6} of the masses");
        return new(s.Metric, value, Math.Max(0, value - found.Error), value + found.Error, Basis.Quadrature, how, double.NaN, double.NaN, 0, 0);
    }

    private static LawDistance BySamples(LawSide p, LawSide q, LawDistanceSettings s)
    {
        int d = p.Dimension, n = s.Points > 0 ? s.Points : s.Metric is "mmd" or "energy" or "sliced" ? 2000 : 1000, repeats = s.Repeats;
        Kernel? kernel = s.Metric == "mmd" ? KernelFor(p, s) : s.Metric == "energy" ? Kernel.Energy : null;
        Func<double[], double[], double> distance = s.Metric switch
        {
            "w1" => (a, b) => Wasserstein.BetweenSamples(a, b, d).Value,
            "w2" => (a, b) => Wasserstein.SquaredBetweenSamples(a, b, d).Value,
            "bl" => (a, b) => BoundedLipschitz.BetweenSamples(a, b, d).Value,
            "sliced" => (a, b) => SlicedWasserstein.BetweenSamples(a, b, d),
            _ => (a, b) => MaximumMeanDiscrepancy.BetweenSamples(kernel!, a, b, d).Distance,
        };
        double[] cross = new double[repeats], ofP = new double[repeats], ofQ = new double[repeats];
        Workers.For(3 * repeats, s.Threads, k =>
        {
            int r = k / 3;
            double[] Draw(LawSide side, string name) => side.Samples(new Philox(s.Seed, string.Create(CultureInfo.InvariantCulture, $"distance {r} {name}")), n);
            if (k % 3 == 0) cross[r] = distance(Draw(p, "p"), Draw(q, "q"));
            else if (k % 3 == 1) ofP[r] = distance(Draw(p, "p again"), Draw(p, "p once more"));
            else ofQ[r] = distance(Draw(q, "q again"), Draw(q, "q once more"));
        });
        double half = 0.5 * s.Delta;
        if (s.Metric == "sliced")
        {
            RepeatedDistance trend = new(cross, ofP, ofQ, n, n, 1);
            return new("sliced", trend.Mean, double.NaN, double.NaN, Basis.Trend, "samples; a trend, no verdict", trend.BaselineP, trend.BaselineQ, n, repeats);
        }

        double? range = s.Metric switch { "bl" => 2, "mmd" => Math.Sqrt(2), _ => null };
        if (range is null && repeats < 2) throw new InputException($"the metric {s.Metric} has bounds from repetitions only: write --repeats 2 or more");
        RepeatedDistance found = new(cross, ofP, ofQ, n, n, range);
        Basis basis = range is null ? Basis.Approximate : Basis.Proved;
        string how = kernel is null ? "samples" : $"samples, kernel {kernel}";
        if (s.Metric == "w2")
        {
            // W2² is convex, W2 obeys the triangle inequality: the upper bound from squares, the lower one from roots
            RepeatedDistance roots = new(Roots(cross), Roots(ofP), Roots(ofQ), n, n, null);
            return new("w2", roots.Mean, roots.Lower(half), Math.Sqrt(found.Upper(half)), basis, how, roots.BaselineP, roots.BaselineQ, n, repeats);
        }

        double upper = found.Upper(half);
        LawDistance result = new(s.Metric, found.Mean, found.Lower(half), upper, basis, how, found.BaselineP, found.BaselineQ, n, repeats);
        (LawSide law, LawSide flow) = p.Flow is null ? (p, q) : (q, p);
        if (s.CouplingPoints == 0 || s.Metric is not ("bl" or "w1") || law.Law is null || flow.Flow is null || CouplingBound.Of(flow.Flow, law.Law, new Philox(s.Seed, "coupling"), s.CouplingPoints, s.Threads) is not { } coupling) return result;
        // two upper bounds, each at half of what one has
        (double mean, double through) = s.Metric == "bl" ? (coupling.TruncatedMean, coupling.BoundedLipschitz(half / 2)) : (coupling.Mean, coupling.Wasserstein(half / 2));
        return result with { Upper = Math.Min(found.Upper(half / 2), through), Coupling = (mean, through) };
    }

    private static double[] Roots(double[] squares) => [.. squares.Select(Math.Sqrt)];
}
