using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Construction.Transport;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Studies;

/// <summary>The grid of the study <c>weak-convergence</c>: what converges weakly, how fast, and what keeps it from doing so (docs/metrics.md).</summary>
public static class WeakGrid
{
    private const double MeanNorm = 0.79788456080286535588; // E|Z| on the line, √(2/π)

    /// <summary>How a flow is trained.</summary>
    private static readonly string[] s_objectives = ["likelihood", "mmd", "sliced"];

    /// <summary>The tasks of a profile.</summary>
    public static IEnumerable<WeakTask> Tasks(string profile, ulong seed)
    {
        (int steps, int[] depths, int points, int repeats) = profile switch
        {
            "quick" => (200, (int[])[1, 2, 4, 8], 400, 4),
            "standard" => (1000, [1, 2, 4, 8, 16], 1000, 8),
            _ => (4000, [1, 2, 4, 8, 16, 32], 2000, 16),
        };
        WeakTask Task(string name, double cost, Func<IReadOnlyList<WeakRow>> rows) => new(name, profile, seed, cost, rows);
        foreach (string objective in s_objectives)
            foreach (FlowFamily family in (FlowFamily[])[FlowFamily.Acf, FlowFamily.Rqs])
                yield return Task($"moons by {objective}, {family}, depths {string.Join(" ", depths)}, {steps} steps, n = {points}, R = {repeats}", steps * depths.Sum(), () => [.. depths.Select(d => TrainedOnMoons(objective, family, d, steps, points, repeats, seed))]);
        foreach ((FlowFamily family, double[] epsilons) in Constructions(profile))
            foreach (double epsilon in epsilons)
                yield return Task(string.Create(CultureInfo.InvariantCulture, $"moons constructed, {family}, epsilon {epsilon:R}, n = {points}, R = 4"), 3000, () => [ConstructedForMoons(family, epsilon, points, 4, seed)]);
        foreach (string law in (string[])["annulus", "two clusters"])
            yield return Task($"topology of {law}, depths {string.Join(" ", depths)}, {steps} steps, n = {points}, R = {repeats}", steps * depths.Sum(), () => [.. depths.Select(d => TrainedAgainstTopology(law, d, steps, points, repeats, seed))]);
        yield return Task($"two points by flows of the line, {steps} steps", 2 * steps, () => [.. TwoPoints(steps, seed)]);
        yield return Task($"mollified atoms, n = {points}, R = {repeats}", 500, () => [.. Mollified(points, repeats, seed)]);
        yield return Task("two narrow Gaussians against two points", 100, () => [.. NarrowGaussians()]);
        yield return Task($"bases with and without a density, depths {string.Join(" ", depths)}, {steps} steps", steps, () => [.. Bases(depths, steps, seed)]);
    }

    /// <summary>The law of two clusters of width 0.1 at (±1, 0).</summary>
    private static GaussianMixture Clusters => new("two-clusters", "(N((-1, 0), 0.1^2 I) + N((1, 0), 0.1^2 I))/2", [(-1, 0), (1, 0)], 0.1);

    /// <summary>
    /// The least W1 of the image of N(0, I) under an L-Lipschitz map and ½δ_{−1} + ½δ_{1} (N12): 2(Φ(1/L) − ½) − 2L(φ(0) − φ(1/L)), reached by z ↦ max(−1, min(1, Lz)).
    /// </summary>
    public static double LeastW1(double lipschitz) => (2 * (Normal.Cdf(1 / lipschitz) - 0.5)) - (2 * lipschitz * (Normal.Density(0) - Normal.Density(1 / lipschitz)));

    private static Composition Train(string objective, Law law, FlowFamily family, int depth, int steps, ulong seed, Action<Philox, Span<double>>? drawBase = null)
    {
        int[] hidden = law.Dimension == 1 ? [] : [16, 16];
        if (objective == "likelihood")
            return LawFit.Run(new LawSettings { Law = law, Family = family, Depth = depth, Hidden = hidden, Seed = seed, Steps = steps, Points = 256 }).Flow;
        Composition flow = new Architecture(family, law.Dimension, depth, hidden, Activation.Tanh, LawSettings.Reach).Initialise(seed);
        ISampleLoss loss = objective == "mmd" ? new KernelLoss(0.2, 0.5, 1, 2) : new SlicedLoss(law.Dimension == 1 ? 1 : 16);
        PushForwardFit.Fit(flow, law, loss, new AdamOptions(steps, 256, 1e-2), seed, drawBase);
        return flow;
    }

    private static LawDistance BoundedLipschitz(Law law, LawSide image, int points, int repeats, ulong seed) =>
        LawMeasurement.Measure(new LawSide(law), image, new LawDistanceSettings("bl", points, repeats, Seed: seed, CouplingPoints: 0));

    private static WeakRow TrainedOnMoons(string objective, FlowFamily family, int depth, int steps, int points, int repeats, ulong seed)
    {
        Composition flow = Train(objective, TwoMoons.Instance, family, depth, steps, seed);
        LawDistance d = BoundedLipschitz(TwoMoons.Instance, new LawSide(flow, "flow"), points, repeats, seed);
        return new WeakRow(WeakResult.Depth, $"{family.ToString().ToLowerInvariant()}, {objective}", "moons", depth, "bl", d.Value, d.Lower, d.Upper, d.BaselineP);
    }

    /// <summary>Families and distances asked for. Most of the work is the quadrature of the bound, 360 or 513 values of T in each coordinate.</summary>
    private static (FlowFamily Family, double[] Epsilons)[] Constructions(string profile) => profile switch
    {
        "quick" => [(FlowFamily.Acf, [0.4, 0.1])],
        "standard" => [(FlowFamily.Acf, [0.4, 0.1]), (FlowFamily.Sos, [0.05]), (FlowFamily.Rqs, [0.05])],
        _ => [(FlowFamily.Acf, [0.4, 0.2, 0.1, 0.05]), (FlowFamily.Sos, [0.1, 0.05]), (FlowFamily.Dsf, [0.2, 0.1, 0.05]), (FlowFamily.Rqs, [0.1, 0.05])],
    };

    /// <summary>Theorem 3's own witness: nothing is trained; β of samples beside the computed bound of the distance of the laws.</summary>
    private static WeakRow ConstructedForMoons(FlowFamily family, double epsilon, int points, int repeats, ulong seed)
    {
        LawWitness built = LawCompiler.Compile(TwoMoons.Instance, new TransportSettings { Epsilon = epsilon, Family = family });
        Composition flow = built.Flow ?? throw new InvalidOperationException($"moons, {family}: {built.Refusal?.Reason}");
        LawDistance d = BoundedLipschitz(TwoMoons.Instance, new LawSide(flow, "flow"), points, repeats, seed);
        return new WeakRow(WeakResult.Constructed, Names.Of(family), "moons", flow.Parts.Count, "bl", d.Value, d.Lower, d.Upper, d.BaselineP, built.Bound, epsilon, flow.Parameters.Sum(p => p.Count));
    }

    /// <summary>BL against the Lipschitz constant on the disc of radius 3, which has 98.9% of the base's mass; for the clusters with the bound of N12 for their first coordinate.</summary>
    private static WeakRow TrainedAgainstTopology(string name, int depth, int steps, int points, int repeats, ulong seed)
    {
        Law law = name == "annulus" ? Laws.Parse("annulus") : Clusters;
        Composition flow = Train("likelihood", law, FlowFamily.Rqs, depth, steps, seed);
        double lipschitz = Measurement.Conditioning.Estimate(flow, Domain.Parse("ball(3)", 2), 1024).Lipschitz;
        LawDistance d = BoundedLipschitz(law, new LawSide(flow, "flow"), points, repeats, seed);
        return new WeakRow(WeakResult.Topology, name, law.Name, lipschitz, "bl", d.Value, d.Lower, d.Upper, d.BaselineP);
    }

    /// <summary>W1 to two points, exact, against the Lipschitz constant on [−4, 4], which has all but 6e-5 of the base's mass.</summary>
    private static IEnumerable<WeakRow> TwoPoints(int steps, ulong seed)
    {
        LineLaw target = ((ICoordinateLaws)Laws.Parse("two-points")).Coordinate(0);
        for (double l = 0.5; l <= 64; l *= 2) yield return new WeakRow(WeakResult.Lipschitz, "clipped line", "two-points", l, "w1", LineMetrics.Wasserstein(new ClippedLine(l), target).Value, Bound: LeastW1(l));
        // the increasing map to ½N(−1, s²) + ½N(1, s²) has the slope s·e^{1/2s²} at 0 (N13)
        foreach (double s in (double[])[0.8, 0.6, 0.45, 0.35])
        {
            LineLaw narrow = ((ICoordinateLaws)Laws.Parse(FormattableString.Invariant($"two-gaussians(1, {s})"))).Coordinate(0);
            yield return new WeakRow(WeakResult.Lipschitz, "exact map to two Gaussians", "two-points", s * Real.Exp(new(0.5 / (s * s))).Value, "w1", LineMetrics.Wasserstein(narrow, target).Value);
        }

        foreach (FlowFamily family in (FlowFamily[])[FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Rqs])
        {
            foreach (int depth in (int[])[1, 2, 3])
            {
                Composition flow = Train("sliced", Laws.Parse("two-points"), family, depth, steps, seed);
                double lipschitz = Measurement.Conditioning.Estimate(flow, Domain.Parse("box(-4,4)", 1), 2048).Lipschitz;
                yield return new WeakRow(WeakResult.Lipschitz, $"trained {family.ToString().ToLowerInvariant()}", "two-points", lipschitz, "w1", LineMetrics.Wasserstein(new FlowLine(flow), target).Value, Bound: LeastW1(lipschitz));
            }
        }
    }

    /// <summary>T_σ#N(0, I) = ν ∗ N(0, σ²I) for five atoms of the plane: sampled β and exact MMD against σ; β ≤ σE|Z|, E|Z| = √(π/2).</summary>
    private static IEnumerable<WeakRow> Mollified(int points, int repeats, ulong seed)
    {
        AtomicLaw atoms = (AtomicLaw)Laws.Parse("atoms");
        for (double sigma = 0.8; sigma > 0.005; sigma /= 2)
        {
            GaussianMixture smooth = GaussianMixture.Mollified(atoms, sigma);
            LawDistance d = BoundedLipschitz(atoms, new LawSide(smooth), points, repeats, seed);
            yield return new WeakRow(WeakResult.Mollification, "β of samples", "atoms", sigma, "bl", d.Value, d.Lower, d.Upper, d.BaselineP, sigma * Math.Sqrt(Math.PI / 2));
            yield return new WeakRow(WeakResult.Mollification, "MMD, closed form", "atoms", sigma, "mmd", Math.Sqrt(Math.Max(0, MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), atoms, smooth)!.Value)));
        }
    }

    /// <summary>½N(−1, σ²) + ½N(1, σ²) against ½δ_{−1} + ½δ_{1}, all by distribution functions: what metrises weak convergence falls with σ, total variation stays at 1.</summary>
    private static IEnumerable<WeakRow> NarrowGaussians()
    {
        Law points = Laws.Parse("two-points");
        LineLaw target = ((ICoordinateLaws)points).Coordinate(0);
        for (double sigma = 0.8; sigma > 0.001; sigma /= 2)
        {
            Law law = Laws.Parse(FormattableString.Invariant($"two-gaussians(1, {sigma})"));
            LineLaw line = ((ICoordinateLaws)law).Coordinate(0);
            yield return new WeakRow(WeakResult.Atoms, "W1", "two-points", sigma, "w1", LineMetrics.Wasserstein(line, target).Value, Bound: sigma * MeanNorm);
            yield return new WeakRow(WeakResult.Atoms, "Lévy", "two-points", sigma, "levy", LineMetrics.Levy(line, target).Value);
            yield return new WeakRow(WeakResult.Atoms, "MMD", "two-points", sigma, "mmd", Math.Sqrt(Math.Max(0, MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), law, points)!.Value)));
            yield return new WeakRow(WeakResult.Atoms, "Kolmogorov", "two-points", sigma, "ks", LineMetrics.Kolmogorov(line, target).Value);
            // the points have measure 0 under a density and measure 1 under the other law
            yield return new WeakRow(WeakResult.Atoms, "total variation", "two-points", sigma, "tv", 1, Bound: 1);
        }
    }

    /// <summary>Two points from N(0, 1) and from δ_0, W1 exact. From δ_0 the image is one point a, and E|X − a| ≥ 1 (N17).</summary>
    private static IEnumerable<WeakRow> Bases(int[] depths, int steps, ulong seed)
    {
        Law law = Laws.Parse("two-points");
        LineLaw target = ((ICoordinateLaws)law).Coordinate(0);
        double[] image = new double[1];
        foreach (int depth in depths)
        {
            Composition good = Train("sliced", law, FlowFamily.Dsf, depth, steps, seed), bad = Train("sliced", law, FlowFamily.Dsf, depth, steps, seed, (_, z) => z.Clear());
            yield return new WeakRow(WeakResult.Base, "base N(0, 1)", "two-points", depth, "w1", LineMetrics.Wasserstein(new FlowLine(good), target).Value);
            Evaluation.Map(bad, [0.0], image);
            yield return new WeakRow(WeakResult.Base, "base a point", "two-points", depth, "w1", LineMetrics.Wasserstein(LineMetrics.OfSample(image), target).Value, Bound: 1);
        }
    }

    /// <summary>The law of max(−1, min(1, LZ)).</summary>
    private sealed class ClippedLine(double lipschitz) : LineLaw
    {
        public override double Mean => 0;

        public override double Variance => double.NaN;

        public override (double Lower, double Upper) Window => (-1.5, 1.5);

        public override double Cdf(double x) => x < -1 ? 0 : x >= 1 ? 1 : Normal.Cdf(x / lipschitz);

        public override double Quantile(double p, double q) => Math.Clamp(lipschitz * Normal.Quantile(p, q), -1, 1);
    }
}
