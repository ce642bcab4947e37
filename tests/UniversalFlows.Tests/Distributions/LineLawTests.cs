using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using Xunit;
using LawNames = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Distributions;

/// <summary>Quantile functions invert distribution functions, tails included.</summary>
public sealed class LineLawTests
{
    public static TheoryData<string> Names => [.. LawNames.All.Where(l => l is IConditionals).Select(l => l.Name)];

    /// <summary>F(F⁻¹(p)⁻) ≤ p ≤ F(F⁻¹(p)) up to rounding, and in the upper tail the same with 1 − F, relatively.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_quantile_function_inverts_the_distribution_function(string name)
    {
        Law law = LawNames.Parse(name);
        foreach (double first in (double[])[0.3, 0.8])
        {
            double[] before = [];
            for (int k = 0; k < law.Dimension; k++)
            {
                LineLaw line = ((IConditionals)law).Given(before);
                foreach (double tail in (double[])[1e-12, 1e-6, 0.01, 0.2, 0.4999])
                {
                    double low = line.Quantile(tail, 1 - tail), high = line.Quantile(1 - tail, tail), slack = 1e-9 * (1 + Math.Abs(low));
                    Assert.True(line.Cdf(low - slack) <= tail * (1 + 1e-7) + 1e-15 && line.Cdf(low + slack) >= tail * (1 - 1e-7) - 1e-15, $"{name} {k}: F({low:R}) = {line.Cdf(low):R}, not {tail}");
                    slack = 1e-9 * (1 + Math.Abs(high));
                    Assert.True(line.Survival(high - slack) >= tail * (1 - 1e-7) - 1e-15 && line.Survival(high + slack) <= tail * (1 + 1e-7) + 1e-15, $"{name} {k}: 1 - F({high:R}) = {line.Survival(high):R}, not {tail}");
                    Assert.True(low <= high, name);
                    double z = Normal.Quantile(tail, 1 - tail);
                    Assert.Equal(low, line.FromNormal(z), 1e-6 * (1 + Math.Abs(low)));
                }

                before = [.. before, line.Quantile(first, 1 - first)];
            }
        }
    }

    /// <summary>1 − F → 1/(πx), 6/(π√3)·x⁻³ and 3x⁻⁴ far out, and quantiles of printed tables.</summary>
    [Fact]
    public void Heavy_tails_have_their_constants()
    {
        LineLaw cauchy = ((IConditionals)LawNames.Parse("cauchy")).Given([]), student = ((IConditionals)LawNames.Parse("student")).Given([]);
        Assert.Equal(1, cauchy.Survival(1e8) * Math.PI * 1e8, 1e-12);
        Assert.Equal(1, student.Survival(1e6) * Math.PI * Math.Sqrt(3) / 6 * 1e18, 1e-9);
        Assert.Equal(0.025, student.Survival(3.182446305284263), 1e-12); // tables
        LineLaw four = ((IConditionals)LawNames.Parse("student-2d")).Given([1.0]); // scale 1: (3 + 1)/4
        Assert.Equal(0.025, four.Survival(2.7764451051977987), 1e-12);
        Assert.Equal(1, four.Survival(1e5) / 3 * 1e20, 1e-6);
    }

    [Fact]
    public void Cantors_function_at_known_points()
    {
        LineLaw cantor = ((IConditionals)LawNames.Parse("cantor-dust")).Given([]);
        Assert.Equal([0.5, 0.5, 0.25, 1.0 / 3, 0, 1], [cantor.Cdf(0.4), cantor.Cdf(0.6), cantor.Cdf(2.0 / 9 - 1e-12), cantor.Cdf(0.25), cantor.Cdf(-1), cantor.Cdf(2)], new Near(1e-8));
        Assert.Equal(0.25, cantor.Quantile(1.0 / 3, 2.0 / 3), 1e-12);
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double a, double b) => Math.Abs(a - b) <= tolerance;

        public int GetHashCode(double a) => 0;
    }
}
