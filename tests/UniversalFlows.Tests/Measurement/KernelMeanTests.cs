using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;
using NamedLaws = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Measurement;

/// <summary>Closed forms of MMD² for Gaussians, point masses and uniform boxes under three kernels.</summary>
public class KernelMeanTests
{
    private static GaussianMixture G(double m, double s) => new("g", "g", [(1, [m], [s * s])]);

    private static Law Point(double a) => NamedLaws.Parse($"point({a})");

    private static double Exact(Kernel k, Law p, Law q) => MaximumMeanDiscrepancy.Exact(k, p, q)!.Value;

    /// <summary>E|N(m, s²)|.</summary>
    private static double Folded(double m, double s) => (2 * s * Normal.Density(m / s)) + (m * ((2 * Normal.Cdf(m / s)) - 1));

    [Fact]
    public void Energy_distances_on_the_line_are_known()
    {
        Assert.Equal(6, Exact(Kernel.Energy, Point(0), Point(3)), 1e-11);
        double root2 = Math.Sqrt(2);
        Assert.Equal((2 * Folded(1.3, Math.Sqrt(5))) - Folded(0, root2) - Folded(0, 2 * root2), Exact(Kernel.Energy, G(0, 1), G(1.3, 2)), 1e-11);
        // one variance, means 1e-3 apart: the sum keeps its digits
        Assert.Equal((2 * Folded(1e-3, root2)) - (2 * Folded(0, root2)), Exact(Kernel.Energy, G(0, 1), G(1e-3, 1)), 1e-14);
        AtomicLaw p = new("p", "p", [0, 0, 1, 2, -1, 0.5], 2, [0.2, 0.5, 0.3]), q = new("q", "q", [1, 1, 3, 0], 2, [0.4, 0.6]);
        Assert.Equal(ByPairs(Kernel.Energy, p, q), Exact(Kernel.Energy, p, q), 1e-11);
    }

    [Fact]
    public void Multiquadrics_and_Gaussians_agree_with_sums_over_pairs()
    {
        AtomicLaw p = new("p", "p", [0, 0, 1, 2, -1, 0.5], 2, [0.2, 0.5, 0.3]), q = new("q", "q", [1, 1, 3, 0], 2, [0.4, 0.6]);
        foreach (Kernel k in (Kernel[])[Kernel.Gaussian(0.7), Kernel.InverseMultiquadric(1.3), Kernel.InverseMultiquadric(0.01)])
            Assert.Equal(ByPairs(k, p, q), Exact(k, p, q), 1e-12);
        // planted: the wrong width
        Assert.NotEqual(ByPairs(Kernel.InverseMultiquadric(1.3), p, q), Exact(Kernel.InverseMultiquadric(1.2), p, q), 1e-4);
    }

    /// <summary>Uniform boxes and Gaussians against a quadrature of both laws by quantiles, for all three kernels.</summary>
    [Fact]
    public void Uniform_laws_agree_with_a_quadrature()
    {
        ProductDensity box = new("box", "box", new IntervalsLine((-0.4, 1.1)));
        AtomicLaw nodes = Quantised(GaussLegendre.Composite(-0.4, 1.1, 1, 48), 1.5);
        (double[] x, double[] w) = GaussLegendre.Composite(-9, 9, 12, 16);
        AtomicLaw normal = new("n", "n", [.. x.Select(v => 0.3 + (0.5 * v))], 1, [.. x.Select((v, i) => w[i] * Normal.Density(v))]);
        foreach (Kernel k in (Kernel[])[Kernel.Gaussian(0.9), Kernel.Gaussian(0.15), Kernel.InverseMultiquadric(0.8)])
            Assert.Equal(ByPairs(k, nodes, normal), Exact(k, box, G(0.3, 0.5)), 1e-9);
        // E|U − a| − …: for U on [0, 1] and a point a ≤ 0, 2(½ − a) − 1/3
        Assert.Equal((2 * (0.5 + 2)) - (1.0 / 3), Exact(Kernel.Energy, new ProductDensity("u", "u", new IntervalsLine((0, 1))), Point(-2)), 1e-10);
        Assert.Equal(0, Exact(Kernel.Energy, NamedLaws.Parse("square"), NamedLaws.Parse("square")), 1e-12);
        // long against short boxes take the other branches: the mean over a shift is the same by quadrature
        ProductDensity wide = new("w", "w", new IntervalsLine((-5, 5)));
        foreach (double h in (double[])[0.1, 0.6, 3])
            Assert.Equal(ByPairs(Kernel.Gaussian(h), Quantised(GaussLegendre.Composite(-5, 5, 40, 16), 10), nodes), Exact(Kernel.Gaussian(h), wide, box), 1e-9);

        static AtomicLaw Quantised((double[] Nodes, double[] Weights) rule, double length) => new("q", "q", rule.Nodes, 1, [.. rule.Weights.Select(v => v / length)]);
    }

    [Fact]
    public void Laws_without_a_closed_form_are_none()
    {
        Assert.Null(MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), NamedLaws.Parse("moons"), NamedLaws.Parse("square")));
        Assert.Null(MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), NamedLaws.Parse("gaussian"), NamedLaws.Parse("square")));
        Assert.NotNull(MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), NamedLaws.Parse("eight-gaussians"), NamedLaws.Parse("atoms")));
        Assert.Equal(2 - (2 * Math.Exp(-0.5)), Exact(Kernel.Gaussian(1), Point(0), Point(1)), 1e-14);
        // ½δ_{±1} against δ_0: (½ + ½e^{−2}) − 2e^{−½} + 1
        Assert.Equal(1.5 + (0.5 * Math.Exp(-2)) - (2 * Math.Exp(-0.5)), Exact(Kernel.Gaussian(1), NamedLaws.Parse("two-points"), Point(0)), 1e-14);
    }

    private static double ByPairs(Kernel k, AtomicLaw p, AtomicLaw q)
    {
        return Mean(p, p) - (2 * Mean(p, q)) + Mean(q, q);

        double Mean(AtomicLaw a, AtomicLaw b)
        {
            double sum = 0;
            for (int i = 0; i < a.Count; i++)
            {
                for (int j = 0; j < b.Count; j++)
                {
                    double square = 0;
                    for (int d = 0; d < a.Dimension; d++) square += Math.Pow(a.Point(i)[d] - b.Point(j)[d], 2);
                    sum += a.Weight(i) * b.Weight(j) * k.Value(Lanes.Constant(square))[0];
                }
            }

            return sum;
        }
    }
}
