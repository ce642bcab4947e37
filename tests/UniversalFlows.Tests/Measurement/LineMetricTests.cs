using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using Xunit;
using NamedLaws = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Measurement;

/// <summary>Distances on the line with known answers, to 1e-9 and better.</summary>
public class LineMetricTests
{
    private static LineLaw Line(string law) => ((ICoordinateLaws)NamedLaws.Parse(law)).Coordinate(0);

    private static NormalLine N(double m, double s) => new(m, s);

    private static AtomsLine Point(params double[] places) => new(places.Select(a => (a, 1.0)));

    /// <summary>The image of N(0, 1) under z ↦ max(−1, min(1, Lz)): the best L-Lipschitz approximation of two points (N12).</summary>
    private sealed class Clipped(double l) : LineLaw
    {
        public override double Mean => 0;

        public override double Variance => double.NaN;

        public override (double Lower, double Upper) Window => (-1.5, 1.5);

        public override double Cdf(double x) => x < -1 ? 0 : x >= 1 ? 1 : Normal.Cdf(x / l);

        public override double Quantile(double p, double q) => Math.Clamp(l * Normal.Quantile(p, q), -1, 1);
    }

    [Fact]
    public void W1_has_its_closed_forms()
    {
        Assert.Equal(2, LineMetrics.Wasserstein(N(0, 1), N(2, 1)).Value, 1e-12);
        // one law stretched: |s − 1| E|Z|
        Assert.Equal(1.7 * Math.Sqrt(2 / Math.PI), LineMetrics.Wasserstein(N(0, 1), N(0, 2.7)).Value, 1e-12);
        Assert.Equal(Math.Sqrt(2 / Math.PI), LineMetrics.Wasserstein(N(0, 1), Point(0)).Value, 1e-12);
        Assert.Equal(0.5, LineMetrics.Wasserstein(Line("cantor-uniform"), Point(0)).Value, 1e-6); // E X of Cantor's law, whose F has no derivative
        Assert.Equal(0.25, LineMetrics.Wasserstein(Line("square"), Point(0.5)).Value, 1e-14);
        // Student's t with three degrees: a tail like x^−3, E|T| = 2√3/π
        Assert.Equal(2 * Math.Sqrt(3) / Math.PI, LineMetrics.Wasserstein(Line("student"), Point(0)).Value, 1e-9);
        // two Cauchy laws have no mean, but a distance if one is a translate of the other; to a normal law it is infinite
        Assert.Equal(double.PositiveInfinity, LineMetrics.Wasserstein(Line("cauchy"), N(0, 1)).Value);
        Assert.Equal(0, LineMetrics.Wasserstein(Line("beta"), Line("beta")).Value);
        foreach ((double l, double expected) in new[] { (1.0, 0.36875), (4, 0.09922), (16, 0.02493) })
        {
            double exact = (2 * (Normal.Cdf(1 / l) - 0.5)) - (2 * l * (Normal.Density(0) - Normal.Density(1 / l)));
            Assert.Equal(expected, exact, 5e-6);
            (double value, double error) = LineMetrics.Wasserstein(new Clipped(l), Point(-1, 1));
            Assert.Equal(exact, value, 1e-12);
            Assert.InRange(error, 0, 1e-10);
        }
    }

    /// <summary>Two witnesses: the integral over x of distribution functions against sorted samples, and against the integral of quantiles.</summary>
    [Fact]
    public void W1_of_samples_and_laws_agrees_with_other_roads()
    {
        double[] x = new double[200], y = new double[150];
        new Philox(1, "x").FillNormal(x);
        new Philox(2, "y").FillNormal(y);
        Assert.Equal(Wasserstein.OnTheLine(x, y), LineMetrics.Wasserstein(LineMetrics.OfSample(x), LineMetrics.OfSample(y)).Value, 1e-12);
        Assert.Equal(Wasserstein.ToLaw(x, Normal.Cdf, -9, 9), LineMetrics.Wasserstein(LineMetrics.OfSample(x), N(0, 1)).Value, 1e-11);
        foreach ((string a, string b) in new[] { ("two-gaussians", "beta"), ("arcsine", "square"), ("laplace", "logistic") })
        {
            // ∫|F⁻¹ − G⁻¹| dp with p = Φ(t)
            double sum = 0;
            for (double t = -9; t < 9; t += 1e-3) sum += 1e-3 * Normal.Density(t) * Math.Abs(Line(a).FromNormal(t) - Line(b).FromNormal(t));
            Assert.Equal(sum, LineMetrics.Wasserstein(Line(a), Line(b)).Value, 2e-6);
        }
    }

    [Fact]
    public void Kolmogorovs_distance_is_known_and_bounded()
    {
        foreach (double a in (double[])[0.1, 1, 3])
            Near((2 * Normal.Cdf(a / 2)) - 1, LineMetrics.Kolmogorov(N(0, 1), N(a, 1)));
        // N(0, 1) and N(0, s²): at the crossing of the densities
        double cross = 2 * Math.Sqrt(2 * Math.Log(2) / 3);
        Near(Normal.Cdf(cross) - Normal.Cdf(cross / 2), LineMetrics.Kolmogorov(N(0, 1), N(0, 2)));
        Near(1, LineMetrics.Kolmogorov(Point(0), Point(1e-9)));
        Near(0.5, LineMetrics.Kolmogorov(Point(0), N(0, 1)));
        Near(0.75, LineMetrics.Kolmogorov(Line("point-gaussian"), Point(-1e-6)), 1e-6); // a quarter is below
        Near(0.75, LineMetrics.Kolmogorov(Line("cauchy"), Point(1)));
        double[] x = new double[500];
        new Philox(3, "x").FillNormal(x);
        double[] sorted = [.. x.Order()];
        double exact = Enumerable.Range(0, 500).Max(i => Math.Max(((i + 1) / 500.0) - Normal.Cdf(sorted[i]), Normal.Cdf(sorted[i]) - (i / 500.0)));
        Near(exact, LineMetrics.Kolmogorov(LineMetrics.OfSample(x), N(0, 1)));
        Assert.Equal(exact, LineMetrics.Kolmogorov(x, N(0, 1)), 1e-12);
        // planted: the half of the jump that is commonly forgotten
        double upper = Enumerable.Range(0, 500).Max(i => ((i + 1) / 500.0) - Normal.Cdf(sorted[i])), lower = Enumerable.Range(0, 500).Max(i => Normal.Cdf(sorted[i]) - (i / 500.0));
        Assert.NotEqual(upper, lower, 1e-4);

        static void Near(double expected, (double Value, double Upper) found, double tolerance = 1e-9)
        {
            Assert.Equal(expected, found.Value, tolerance);
            Assert.InRange(found.Upper, found.Value, found.Value + 2e-9);
        }
    }

    /// <summary>Lévy's metric by its definition: bisection of ε with F(x − ε) − ε ≤ G(x) ≤ F(x + ε) + ε on a fine grid.</summary>
    private static double ByDefinition(LineLaw f, LineLaw g, double lower, double upper)
    {
        double low = 0, high = 1;
        for (int step = 0; step < 30; step++)
        {
            double e = 0.5 * (low + high);
            bool holds = true;
            for (double x = lower; x <= upper && holds; x += (upper - lower) / 4_000)
                holds = f.Cdf(x - e) - e <= g.Cdf(x) + 1e-13 && g.Cdf(x) <= f.Cdf(x + e) + e + 1e-13;
            if (holds) high = e;
            else low = e;
        }

        return high;
    }

    [Fact]
    public void Levys_metric_is_known()
    {
        foreach (double a in (double[])[0.2, 0.9, 3]) Assert.Equal(Math.Min(a, 1), LineMetrics.Levy(Point(0), Point(a)).Value, 1e-9);
        // the graph of the uniform law is the diagonal from (0, 0) to (1, 1): half of the corner (0, 1) from the step at 0
        Assert.Equal(0.5, LineMetrics.Levy(Line("square"), Point(0)).Value, 1e-9);
        // a translate by a: 2Φ((a − ε)/2) − 1 = ε
        double e = 0;
        for (int k = 0; k < 300; k++) e = (2 * Normal.Cdf((1.5 - e) / 2)) - 1;
        Assert.Equal(e, LineMetrics.Levy(N(0, 1), N(1.5, 1)).Value, 1e-9);
        foreach ((string a, string b, double lower, double upper) in new[] { ("two-gaussians", "beta", -4.0, 4.0), ("cauchy", "student", -30, 30), ("point-gaussian", "two-points", -5, 5) })
        {
            double found = LineMetrics.Levy(Line(a), Line(b)).Value;
            Assert.Equal(ByDefinition(Line(a), Line(b), lower, upper), found, 2 * (upper - lower) / 4_000);
            Assert.InRange(found, 0, LineMetrics.Kolmogorov(Line(a), Line(b)).Value + 1e-9);
        }

        // on the line Lévy's metric is at most Prokhorov's, and weak limits are seen: δ_{1/n} → δ_0, where Kolmogorov's sees none
        AtomicLaw p = new("p", "p", [0, 1, 3], 1, [0.2, 0.5, 0.3]), q = new("q", "q", [0.3, 1.2], 1, [0.6, 0.4]);
        Assert.InRange(LineMetrics.Levy(p.Coordinate(0), q.Coordinate(0)).Value, 1e-3, LevyProkhorov.Between(p, q) + 1e-9);
        Assert.Equal(1e-3, LineMetrics.Levy(Point(0), Point(1e-3)).Value, 1e-9);
        Assert.Equal(1, LineMetrics.Kolmogorov(Point(0), Point(1e-3)).Value);
    }

    /// <summary>Translations project to |cos θ| of their length: 2/π in the mean in the plane.</summary>
    [Fact]
    public void Sliced_distances_of_translates_are_known()
    {
        double[] x = new double[100], y = new double[100];
        new Philox(1, "x").FillNormal(x);
        for (int i = 0; i < 100; i++) y[i] = x[i] + (i % 2 == 0 ? 3 : 4);
        double sliced = SlicedWasserstein.BetweenSamples(x, y, 2, 256);
        Assert.Equal(5 * 2 / Math.PI, sliced, 1e-4 * 5);
        Assert.Equal(sliced, SlicedWasserstein.BetweenSamples(x, y, 2, 256, threads: 3));
        Assert.InRange(sliced, 0, Wasserstein.BetweenSamples(x, y, 2).Value);
        // one dimension has one direction, both ways
        Assert.Equal(Wasserstein.OnTheLine(x, y), SlicedWasserstein.BetweenSamples(x, y, 1, 3), 1e-15);
        // planted: the mean over coordinate axes is another number
        Assert.NotEqual(3.5, sliced, 0.1);
        Assert.All(Enumerable.Range(0, 20), k => Assert.Equal(1, VectorMath.Dot(SlicedWasserstein.Directions(3, 20).AsSpan(3 * k, 3), SlicedWasserstein.Directions(3, 20).AsSpan(3 * k, 3)), 1e-14));
    }

    [Fact]
    public void Total_variation_Kullback_Leibler_and_Hellinger_of_Gaussians()
    {
        static GaussianMixture G(double m, double s) => new("g", "g", [(1, [m], [s * s])]);
        Divergences shift = Divergences.Between(G(0, 1), G(1.5, 1));
        Assert.Equal((2 * Normal.Cdf(0.75)) - 1, shift.TotalVariation, 1e-5); // a kink of |p − q|: second order
        Assert.Equal(1.5 * 1.5 / 2, shift.KullbackLeibler, 1e-9);
        Assert.Equal(Math.Sqrt(1 - Math.Exp(-1.5 * 1.5 / 8)), shift.Hellinger, 1e-9);
        Assert.InRange(Math.Abs(shift.TotalVariation - ((2 * Normal.Cdf(0.75)) - 1)), 0, shift.Error);
        Divergences wide = Divergences.Between(G(0, 1), G(0, 3));
        Assert.Equal(Math.Log(3) + (1.0 / 18) - 0.5, wide.KullbackLeibler, 1e-9);
        Assert.Equal(Math.Sqrt(1 - Math.Sqrt(2 * 3 / 10.0)), wide.Hellinger, 1e-9);
        static GaussianMixture Plane(double m, double s) => new("g", "g", [(1, [m, -m], [s * s, 0, 0, s * s])]);
        Divergences plane = Divergences.Between(Plane(0, 1), Plane(0.5, 2));
        Assert.Equal((2 * Math.Log(2)) + ((2 + 0.5) / 8) - 1, plane.KullbackLeibler, 1e-9);
        Assert.InRange(plane.Error, 0, 1e-3);
        // Pinsker, and Hellinger between: H² ≤ TV ≤ √2 H
        Assert.InRange(plane.TotalVariation, plane.Hellinger * plane.Hellinger, Math.Min(Math.Sqrt(plane.KullbackLeibler / 2), Math.Sqrt(2) * plane.Hellinger));
        // disjoint supports: TV = 1, KL = ∞
        Divergences apart = Divergences.Between((DensityLaw)NamedLaws.Parse("square"), Plane(0, 1));
        Assert.InRange(apart.TotalVariation, 0.5, 1);
        Assert.Equal(double.PositiveInfinity, Divergences.Between(Plane(0, 1), (DensityLaw)NamedLaws.Parse("square")).KullbackLeibler);
        // planted: KL the other way round
        Assert.NotEqual(wide.KullbackLeibler, Divergences.Between(G(0, 3), G(0, 1)).KullbackLeibler, 0.1);
        Assert.Throws<ArgumentException>("box", () => Divergences.Between(Divergences.Of(Plane(0, 1)), Divergences.Of(Plane(0, 1)), new([0, 0, 0], [1, 1, 1])));
    }
}
