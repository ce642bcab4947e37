using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public class GaussLegendreTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(255)]
    [InlineData(256)]
    public void Exact_for_degree_2n_minus_1_and_not_for_2n(int n)
    {
        GaussLegendre rule = GaussLegendre.Rule(n);
        double Integral(int degree)
        {
            double sum = 0;
            for (int i = 0; i < n; i++) sum += rule.Weights[i] * Math.Pow(rule.Nodes[i], degree);
            return sum;
        }

        for (int degree = 0; degree <= (2 * n) - 1; degree++)
            Assert.Equal(degree % 2 == 0 ? 2.0 / (degree + 1) : 0, Integral(degree), 2e-14);
        if (n <= 16) // beyond, the defect is below rounding
            Assert.True(Math.Abs(Integral(2 * n) - (2.0 / ((2 * n) + 1))) > 1e-11);
    }

    [Fact]
    public void Nodes_ascend_and_weights_are_positive()
    {
        for (int n = 1; n <= GaussLegendre.MaxOrder; n++)
        {
            GaussLegendre rule = GaussLegendre.Rule(n);
            double previous = -1;
            for (int i = 0; i < n; i++)
            {
                Assert.True(rule.Nodes[i] > previous && rule.Nodes[i] < 1 && rule.Weights[i] > 0);
                Assert.Equal(-rule.Nodes[i], rule.Nodes[n - 1 - i]);
                previous = rule.Nodes[i];
            }
        }
    }

    [Fact]
    public void Nodes_of_three_are_known() => Assert.Equal(Math.Sqrt(0.6), GaussLegendre.Rule(3).Nodes[2], 1e-16);

    /// <summary>∫₀² (1 + x²) = 14/3 on one panel of three nodes, and any polynomial of degree 5.</summary>
    [Fact]
    public void Three_nodes_integrate_degree_five()
    {
        (double[] x, double[] w) = GaussLegendre.Composite(0, 2, 1, 3);
        Assert.Equal(14.0 / 3, x.Zip(w, (a, b) => (1 + (a * a)) * b).Sum(), 1e-15 * 14);
        Assert.Equal(64.0 / 6, x.Zip(w, (a, b) => Math.Pow(a, 5) * b).Sum(), 1e-14);
        Assert.NotEqual(128.0 / 7, x.Zip(w, (a, b) => Math.Pow(a, 6) * b).Sum(), 1e-3);
    }

    [Fact]
    public void Composite_rules_integrate_a_kink_at_a_panel_end()
    {
        (double[] x, double[] w) = GaussLegendre.Composite(-1, 3, 4, 2);
        Assert.Equal(5, x.Zip(w, (a, b) => Math.Abs(a) * b).Sum(), 1e-14);
        Assert.Equal(x.Order(), x);
    }

    [Fact]
    public void Orders_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("n", () => GaussLegendre.Rule(0));
        Assert.Throws<ArgumentOutOfRangeException>("n", () => GaussLegendre.Rule(257));
        Assert.Throws<ArgumentOutOfRangeException>("panels", () => GaussLegendre.Composite(0, 1, 0, 2));
    }
}
