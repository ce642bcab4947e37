using FsCheck.Fluent;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Measurement;

/// <summary>W1 on the line and maximum mean discrepancies with known answers.</summary>
public class SampleDistanceTests
{
    private static readonly Kernel[] s_kernels = [Kernel.Gaussian(0.7), Kernel.InverseMultiquadric(1.3), Kernel.Energy];

    public static TheoryData<int> Kernels => [0, 1, 2];

    private static double Norm2(double[] x, int i, double[] y, int j, int d)
    {
        double sum = 0;
        for (int k = 0; k < d; k++) sum += Math.Pow(x[(i * d) + k] - y[(j * d) + k], 2);
        return sum;
    }

    private static double Direct(int kernel, double s) =>
        kernel switch { 0 => Math.Exp(-s / (2 * 0.7 * 0.7)), 1 => 1 / Math.Sqrt(1 + (s / (1.3 * 1.3))), _ => -Math.Sqrt(s) };

    private static double[] Normals(int count, string name)
    {
        double[] values = new double[count];
        new Philox(1, name).FillNormal(values);
        return values;
    }

    [Fact]
    public void W1_of_unequal_samples_is_the_area_between_the_distribution_functions()
    {
        Assert.Equal(0.5, Wasserstein.OnTheLine([0, 1], [0.5]), 1e-15);
        // quantiles (0, 1, 1) against (0.25, 0.75): 0.25·1/3 + 0.75·1/6 + … by hand: 1/12 + 1/8 + 1/24 + 1/12
        Assert.Equal((0.25 / 3) + (0.75 / 6) + (0.25 / 6) + (0.25 / 3), Wasserstein.OnTheLine([0, 1, 1], [0.25, 0.75]), 1e-15);
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(6), Properties.UnitPoint(4), (a, b) =>
        {
            // repeated to a common size the samples are the same laws
            double[] twice = [.. a.SelectMany(v => Enumerable.Repeat(v, 2))], thrice = [.. b.SelectMany(v => Enumerable.Repeat(v, 3))];
            return Math.Abs(Wasserstein.OnTheLine(a, b) - Wasserstein.OnTheLine(twice, thrice)) <= 1e-15;
        }), 300);
    }

    /// <summary>W1(f_#μ, g_#μ) ≤ ∫|f − g| dμ ≤ sup|f − g|, with equality for a translation: a bound on maps is one on laws (docs/theory.md).</summary>
    [Fact]
    public void The_distance_of_images_is_at_most_that_of_the_maps()
    {
        const int N = 120;
        double[] points = Normals(2 * N, "points"), f = new double[2 * N], g = new double[2 * N], moved = new double[2 * N];
        double mean = 0, worst = 0;
        for (int i = 0; i < N; i++)
        {
            (double x, double y) = (points[2 * i], points[(2 * i) + 1]);
            (f[2 * i], f[(2 * i) + 1]) = (x, y + Math.Sin(2 * x));
            (g[2 * i], g[(2 * i) + 1]) = (x + (0.3 * y), 1.2 * y);
            (moved[2 * i], moved[(2 * i) + 1]) = (f[2 * i] + 3, f[(2 * i) + 1] - 4);
            double distance = Math.Sqrt(Norm2(f, i, g, i, 2));
            mean += distance / N;
            worst = Math.Max(worst, distance);
        }

        double w = Wasserstein.BetweenSamples(f, g, 2).Value;
        Assert.InRange(w, 0.05 * mean, mean);
        Assert.InRange(mean, 0, worst);
        Assert.Equal(5, Wasserstein.BetweenSamples(f, moved, 2).Value, 1e-13);
    }

    /// <summary>Points that both samples have, and points that one has twice: where the heights jump together.</summary>
    [Fact]
    public void W1_of_samples_with_common_points()
    {
        // |F − G| of (0, 2) and (0, 0, 1) is 1/6 on (0, 1) and 1/2 on (1, 2)
        Assert.Equal(0, Wasserstein.OnTheLine([1, 1, 2, 2], [2, 1]));
        Assert.Equal(2.0 / 3, Wasserstein.OnTheLine([0, 2], [0, 0, 1]), 1e-15);
        Assert.Equal(2.0 / 3, Wasserstein.OnTheLine([1, 0, 0], [2, 0]), 1e-15);
        Assert.Equal(7.5, Wasserstein.OnTheLine([10, 5], [0]), 1e-15);
        Assert.Equal(7.5, Wasserstein.OnTheLine([0], [5, 10]), 1e-15);
    }

    [Fact]
    public void W1_of_a_sample_to_a_law_is_known()
    {
        static double Uniform(double x) => 0.5 * (x + 1);
        Assert.Equal(0.5, Wasserstein.ToLaw([0], Uniform, -1, 1), 1e-14);
        // each of the n cells of length 2/n gives two triangles of the sides 1/n and 1/(2n): n·2·1/(4n²)
        double[] midpoints = [.. Enumerable.Range(0, 10).Select(k => -1 + ((2 * k + 1) / 10.0))];
        Assert.Equal(1.0 / 20, Wasserstein.ToLaw(midpoints, Uniform, -1, 1), 1e-14);
        // E|X| of the logistic law is 2 log 2
        Assert.Equal(2 * Math.Log(2), Wasserstein.ToLaw([0], x => 1 / (1 + Math.Exp(-x)), -40, 40), 1e-11);
        // planted: a sample that was forgotten to be centred
        Assert.InRange(Wasserstein.ToLaw([.. midpoints.Select(v => Math.Min(1, v + 0.1))], Uniform, -1, 1), 0.09, 0.11);
        Assert.Throws<ArgumentException>("x", () => Wasserstein.ToLaw([2], Uniform, -1, 1));
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void Both_statistics_are_the_sums_of_their_definitions(int kernel)
    {
        foreach ((int m, int n, int d) in new[] { (2, 2, 1), (9, 17, 2), (70, 65, 3) })
        {
            double[] x = Normals(m * d, "x"), y = [.. Normals(n * d, "y").Select(v => 0.5 + (1.5 * v))];
            double xx = 0, yy = 0, xy = 0, xd = 0, yd = 0;
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < m; j++) (xx, xd) = i == j ? (xx, xd + Direct(kernel, 0)) : (xx + Direct(kernel, Norm2(x, i, x, j, d)), xd);
                for (int j = 0; j < n; j++) xy += Direct(kernel, Norm2(x, i, y, j, d));
            }

            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++) (yy, yd) = i == j ? (yy, yd + Direct(kernel, 0)) : (yy + Direct(kernel, Norm2(y, i, y, j, d)), yd);
            }

            double unbiased = (xx / (m * (m - 1))) + (yy / (n * (n - 1))) - (2 * xy / (m * n));
            double biased = ((xx + xd) / (m * m)) + ((yy + yd) / (n * n)) - (2 * xy / (m * n));
            MmdEstimate e = MaximumMeanDiscrepancy.BetweenSamples(s_kernels[kernel], x, y, d);
            Assert.Equal(unbiased, e.Unbiased, 1e-13);
            Assert.Equal(biased, e.Biased, 1e-13);
            Assert.Equal(e, MaximumMeanDiscrepancy.BetweenSamples(s_kernels[kernel], x, y, d, threads: 3));
            // the planted bug that is commonly made, the diagonal in the U-statistic, is far outside of the tolerance
            Assert.NotEqual(unbiased, biased, 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_law_has_distance_zero_from_itself(int kernel)
    {
        double[] x = Normals(400, "x");
        Assert.InRange(MaximumMeanDiscrepancy.BetweenSamples(s_kernels[kernel], x, x, 2).Biased, -1e-13, 1e-13);
    }

    /// <summary>The energy distance of the line is 2∫(F − G)²: for point masses at 0 and a it is 2|a|.</summary>
    [Fact]
    public void The_energy_distance_is_that_of_Szekely_and_Rizzo()
    {
        Assert.Equal(6, MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, [0, 0], [3, 3], 1).Biased, 1e-15);
        double[] x = [0, 1, 4], y = [0.5, 2];
        // F − G on (0, ½), (½, 1), (1, 2), (2, 4): 1/3, −1/6, 1/6, −1/3
        Assert.Equal(2 * ((0.5 / 9) + (0.5 / 36) + (1.0 / 36) + (2.0 / 9)), MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, x, y, 1).Biased, 1e-15);
    }

    [Fact]
    public void The_closed_form_of_Gaussians_is_right()
    {
        // two point masses: 2 − 2 exp(−|a − b|²/2h²)
        Kernel k = Kernel.Gaussian(2);
        Assert.Equal(2 - (2 * Math.Exp(-25.0 / 8)), MaximumMeanDiscrepancy.Exact(k, [new(1, [0, 0], 0)], [new(1, [3, 4], 0)]), 1e-15);
        // N(0, 1) against N(0, 4), h = 2, d = 1: (1 + 2/4)^{−1/2} − 2(1 + 5/4)^{−1/2} + (1 + 8/4)^{−1/2}
        double expected = (1 / Math.Sqrt(1.5)) - (2 / Math.Sqrt(2.25)) + (1 / Math.Sqrt(3));
        Assert.Equal(expected, MaximumMeanDiscrepancy.Exact(k, [new(1, [0], 1)], [new(1, [0], 2)]), 1e-15);
        // a sample is a mixture of point masses: the V-statistic
        double[] x = Normals(20, "x"), y = Normals(30, "y");
        double exact = MaximumMeanDiscrepancy.Exact(k, Atoms(x), Atoms(y));
        Assert.Equal(MaximumMeanDiscrepancy.BetweenSamples(k, x, y, 2).Biased, exact, 1e-14);
        Assert.Equal(0, MaximumMeanDiscrepancy.Exact(k, GaussianMixture.EightGaussians.Components, GaussianMixture.EightGaussians.Components), 1e-15);

        static GaussianComponent[] Atoms(double[] points) =>
            [.. Enumerable.Range(0, points.Length / 2).Select(i => new GaussianComponent(2.0 / points.Length, [points[2 * i], points[(2 * i) + 1]], 0))];
    }

    /// <summary>Samples of the eight Gaussians against N(0, I): U-statistics scatter about the exact value, the interval holds it.</summary>
    [Fact]
    public void Estimates_agree_with_the_closed_form_of_the_laws()
    {
        const int N = 600, Repeats = 8;
        Kernel k = Kernel.Gaussian(1);
        GaussianMixture ring = GaussianMixture.EightGaussians;
        double exact = MaximumMeanDiscrepancy.Exact(k, ring.Components, [new(1, [0, 0], 1)]);
        double[] found = new double[Repeats];
        for (int r = 0; r < Repeats; r++)
        {
            Philox random = new((ulong)r, "mmd");
            double[] x = new double[2 * N], y = new double[2 * N];
            for (int i = 0; i < N; i++) ring.Sample(random, x.AsSpan(2 * i, 2));
            random.FillNormal(y);
            MmdEstimate e = MaximumMeanDiscrepancy.BetweenSamples(k, x, y, 2);
            found[r] = e.Unbiased;
            (double lower, double upper) = e.Interval(0.01);
            Assert.InRange(Math.Sqrt(exact), lower, upper);
            Assert.True(e.Biased > e.Unbiased);
        }

        double mean = found.Average(), error = Math.Sqrt(found.Sum(v => (v - mean) * (v - mean)) / (Repeats * (Repeats - 1)));
        Assert.InRange(Math.Abs(mean - exact), 0, 4 * error);
        Assert.InRange(error, 1e-5, 0.02 * exact);
        // planted: Gaussians thrice as wide are told apart from the right ones
        double wrong = MaximumMeanDiscrepancy.Exact(k, [.. ring.Components.Select(c => c with { Deviation = 3 * c.Deviation })], [new(1, [0, 0], 1)]);
        Assert.True(Math.Abs(mean - wrong) > 10 * error);
    }

    [Fact]
    public void The_confidence_radius_is_that_of_the_theorem()
    {
        MmdEstimate e = new(0.09, 0.16, 400, 100, 1);
        double radius = (2 * (0.05 + 0.1)) + Math.Sqrt(2 * 0.0125 * Math.Log(40));
        Assert.Equal(radius, e.Radius(0.05), 1e-15);
        Assert.Equal(0.4, e.Distance, 1e-15);
        Assert.Equal((0, 0.4 + radius), e.Interval(0.05));
        Assert.Throws<InvalidOperationException>(() => (e with { Bound = null }).Radius(0.05));
        Assert.Throws<ArgumentOutOfRangeException>("delta", () => e.Radius(double.NaN));
        Assert.Equal(0, (e with { Biased = -1e-17 }).Distance);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("width", () => Kernel.Gaussian(0));
        Assert.Throws<ArgumentOutOfRangeException>("width", () => Kernel.InverseMultiquadric(double.NaN));
        Assert.Throws<ArgumentException>("x", () => MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, [1], [1, 2], 1));
        Assert.Throws<ArgumentException>("y", () => MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, [1, 2, 3, 4], [1, 2, 3], 2));
        foreach (double width in (double[])[1e-200, 1e200, -1, double.PositiveInfinity])
            Assert.Throws<ArgumentOutOfRangeException>("width", () => Kernel.Gaussian(width)); // h² must be a number above 0
        Assert.Throws<ArgumentNullException>("kernel", () => MaximumMeanDiscrepancy.BetweenSamples(null!, [1, 2], [1, 2], 1));
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, [1, 2], [1, 2], 0));
        Assert.Throws<ArgumentException>("x", () => MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, [1, 2, 3], [1, 2, 3, 4], 2));
        Assert.Throws<ArgumentException>("x", () => MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, [1, 2, 3, 4, 5], [1, 2, 3, 4], 2));
        Assert.Throws<ArgumentNullException>("kernel", () => MaximumMeanDiscrepancy.Exact(null!, [new(1, [0], 1)], [new(1, [0], 1)]));
        Assert.Throws<ArgumentNullException>("p", () => MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), null!, [new(1, [0], 1)]));
        Assert.Throws<ArgumentNullException>("q", () => MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), [new(1, [0], 1)], null!));
        foreach (GaussianComponent[] law in (GaussianComponent[][])
            [[], [new(1, [0], -1)], [new(1, [0], double.NaN)], [new(double.NaN, [0], 1)], [new(2, [0], 1), new(-1, [0], 1)], [new(0.5, [0], 1), new(0.5, [0, 0], 1)], [new(1 + 1e-11, [0], 1)]])
        {
            Assert.Throws<ArgumentException>("p", () => MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), law, [new(1, [0], 1)]));
            Assert.Throws<ArgumentException>("q", () => MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), [new(1, [0], 1)], law));
        }

        Assert.Throws<ArgumentNullException>("distribution", () => Wasserstein.ToLaw([0], null!, -1, 1));
        Assert.Throws<ArgumentException>("x", () => Wasserstein.ToLaw([0], t => t, 0, 0));
        Assert.Throws<ArgumentException>("x", () => Wasserstein.ToLaw([-2], t => t, -1, 1));
        Assert.Throws<ArgumentException>("x", () => Wasserstein.ToLaw([], t => t, -1, 1));
        MmdEstimate e = new(0, 0, 2, 2, 1);
        foreach (double delta in (double[])[0, 1, -0.1, 1.1]) Assert.Throws<ArgumentOutOfRangeException>("delta", () => e.Radius(delta));
        Assert.Equal([1, 1, null], s_kernels.Select(k => k.Bound));
        Assert.Equal((1, 1, 0), (Kernel.Gaussian(3).AtZero, Kernel.InverseMultiquadric(3).AtZero, Kernel.Energy.AtZero));
        Assert.Equal(0, MaximumMeanDiscrepancy.Exact(Kernel.Energy, [new(1, [0], 1)], [new(1, [0], 1)]));
        Assert.Throws<ArgumentException>("q", () => MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), [new(1, [0], 1)], [new(1, [0, 0], 1)]));
        Assert.Throws<ArgumentException>("p", () => MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), [new(0.5, [0], 1)], [new(1, [0], 1)]));
        Assert.Equal(["gaussian(0.7)", "inverse-multiquadric(1.3)", "energy"], s_kernels.Select(k => k.ToString()));
    }
}
