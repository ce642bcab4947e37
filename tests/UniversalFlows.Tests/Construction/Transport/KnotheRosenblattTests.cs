using UniversalFlows.Construction.Transport;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;
using LawNames = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Construction.Transport;

/// <summary>The Knothe–Rosenblatt map: triangular, T_# N(0, I) = ν by three witnesses, log det, samples, inverse.</summary>
public sealed class KnotheRosenblattTests
{
    /// <summary>Three parts in R³ with full covariances.</summary>
    private static readonly GaussianMixture s_space = new("space", "three parts",
    [
        (0.5, [0, 0, 1], [1, 0.3, -0.2, 0.3, 0.8, 0.1, -0.2, 0.1, 0.6]),
        (0.3, [1, -1, 0], [0.4, 0, 0.1, 0, 0.9, -0.3, 0.1, -0.3, 0.7]),
        (0.2, [-1, 1, -1], [0.5, 0.2, 0, 0.2, 0.5, 0.2, 0, 0.2, 0.5]),
    ]);

    private static DensityLaw Parse(string name) => name == "space" ? s_space : (DensityLaw)LawNames.Parse(name);

    /// <summary>Σ_k log ∂T_k/∂z_k = log φ(z) − log p(T(z)), the left side by differences of T.</summary>
    [Theory]
    [InlineData("gaussian", 1e-7)]
    [InlineData("eight-gaussians", 1e-6)]
    [InlineData("moons", 1e-5)]
    [InlineData("banana", 1e-7)]
    [InlineData("funnel", 1e-7)]
    [InlineData("copula", 1e-6)]
    [InlineData("student-2d", 1e-6)]
    [InlineData("thick-ring", 1e-5)] // by quadrature of its density
    [InlineData("cauchy", 1e-6)]
    [InlineData("two-gaussians(1, 0.4)", 1e-6)]
    [InlineData("space", 1e-6)]
    public void The_log_determinant_is_that_of_the_densities(string name, double tolerance)
    {
        DensityLaw law = Parse(name);
        Assert.InRange(LogDetGap(law, KnotheRosenblatt.Of(law)), 0, tolerance);
    }

    [Fact]
    public void A_map_to_another_law_is_caught() =>
        Assert.True(LogDetGap(Parse("gaussian"), KnotheRosenblatt.Of(Parse("gaussian(0.7)"))) > 1e-3);

    [Theory]
    [InlineData("eight-gaussians")]
    [InlineData("moons")]
    [InlineData("disc")]
    [InlineData("annulus")]
    [InlineData("thick-ring")]
    [InlineData("space")]
    public void The_inverse_undoes_it_and_the_map_is_triangular(string name)
    {
        Law law = Parse(name);
        KnotheRosenblatt map = KnotheRosenblatt.Of(law);
        int d = law.Dimension;
        double[] z = new double[d], x = new double[d], back = new double[d], other = new double[d];
        Philox random = new(1, "points");
        for (int n = 0; n < 40; n++)
        {
            random.FillNormal(z);
            map.Map(z, x);
            map.Inverse(x, back);
            for (int i = 0; i < d; i++) Assert.Equal(z[i], back[i], 1e-6);
            z[^1] += 0.5;
            map.Map(z, other);
            for (int i = 0; i < d - 1; i++) Assert.Equal(x[i], other[i]);
            Assert.True(other[^1] > x[^1]);
        }
    }

    /// <summary>Images of normal numbers against the law's own sampler, which knows nothing of T: bounded-Lipschitz distances of samples, as between two samples of the law.</summary>
    [Theory]
    [InlineData("thick-ring")]
    [InlineData("checkerboard")]
    [InlineData("y-graph")]
    [InlineData("space")]
    public void Samples_are_those_of_the_law(string name)
    {
        const int n = 600;
        Law law = name == "space" ? s_space : LawNames.Parse(name);
        int d = law.Dimension;
        KnotheRosenblatt map = KnotheRosenblatt.Of(law);
        double[] z = new double[n * d], image = new double[n * d];
        new Philox(2, "base").FillNormal(z);
        for (int i = 0; i < n; i++) map.Map(z.AsSpan(i * d, d), image.AsSpan(i * d, d));
        double[] a = law.Samples(new Philox(3, "a"), n), b = law.Samples(new Philox(4, "b"), n);
        double same = BoundedLipschitz.BetweenSamples(a, b, d).Value, distance = BoundedLipschitz.BetweenSamples(image, a, d).Value;
        Assert.InRange(distance, 0.6 * same, 1.5 * same);
        for (int i = 0; i < image.Length; i++) image[i] += 0.5; // planted
        Assert.True(BoundedLipschitz.BetweenSamples(image, a, d).Value > 1.1 * same);
    }

    /// <summary>The quadrature of a density against closed forms.</summary>
    [Theory]
    [InlineData("gaussian")]
    [InlineData("eight-gaussians")]
    [InlineData("space")]
    public void Quadrature_finds_the_conditional_laws(string name)
    {
        DensityLaw law = Parse(name);
        QuadratureConditionals quadrature = new(law);
        double[] before = [];
        for (int k = 0; k < law.Dimension; k++)
        {
            LineLaw exact = ((IConditionals)law).Given(before), found = quadrature.Given(before);
            foreach (double z in (double[])[-3, -1, 0.2, 1.5, 3])
            {
                double x = exact.FromNormal(z);
                Assert.Equal(exact.Cdf(x), found.Cdf(x), 1e-7);
                Assert.Equal(exact.Survival(x), found.Survival(x), 1e-7);
                Assert.Equal(x, found.FromNormal(z), 1e-4);
            }

            before = [.. before, exact.FromNormal(0.7)];
        }
    }

    private static double LogDetGap(DensityLaw law, KnotheRosenblatt map)
    {
        int d = law.Dimension;
        double[] z = new double[d], x = new double[d];
        Philox random = new(5, "log det");
        double worst = 0;
        for (int n = 0; n < 30; n++)
        {
            random.FillNormal(z);
            map.Map(z, x);
            double sum = 0, base0 = 0;
            for (int k = 0; k < d; k++)
            {
                LineLaw slice = map.Slice(z.AsSpan(0, k));
                double T(double u) => slice.FromNormal(z[k] + u);
                double best = double.PositiveInfinity, log = 0;
                // a step between rounding and curvature: the one where two rules agree best
                foreach (double h in (double[])[1e-2, 3e-3, 1e-3])
                {
                    double four = ((8 * (T(h) - T(-h))) - (T(2 * h) - T(-2 * h))) / (12 * h), half = ((8 * (T(h / 2) - T(-h / 2))) - (T(h) - T(-h))) / (6 * h);
                    if (Math.Abs(four - half) < best) (best, log) = (Math.Abs(four - half), Math.Log(half));
                }

                sum += log;
                base0 += Math.Log(Normal.Density(z[k]));
            }

            worst = Math.Max(worst, Math.Abs(sum - (base0 - law.LogDensity<Real>([.. x.Select(v => new Real(v))]).Value)));
        }

        return worst;
    }
}
