using MathNet.Numerics;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public sealed class NormalTests
{
    /// <summary>Two witnesses: another library, and the continued fraction 1 − Φ = φ/(x + 1/(x + 2/(x + 3/…))).</summary>
    [Fact]
    public void Tails_are_relatively_accurate()
    {
        for (double x = -8; x <= 37; x += 0.0371)
        {
            double survival = Normal.Survival(x);
            Assert.Equal(survival, Normal.Cdf(-x));
            Assert.Equal(1, survival / (0.5 * SpecialFunctions.Erfc(x / Math.Sqrt(2))), x < 30 ? 2e-13 : 1e-9);
            if (x < 3) continue;
            double fraction = 0;
            for (int k = 200; k >= 1; k--) fraction = k / (x + fraction);
            Assert.Equal(1, survival / (Math.Exp(-0.5 * x * x) / Math.Sqrt(2 * Math.PI) / (x + fraction)), 1e-12);
        }

        Assert.Equal((0, 1, 0.5), (Normal.Survival(50), Normal.Cdf(50), Normal.Cdf(0)));
        Assert.True(double.IsNaN(Normal.Cdf(double.NaN)));
    }

    [Fact]
    public void Quantiles_invert_it_at_both_ends()
    {
        for (double z = -37; z <= 37; z += 0.173)
            Assert.Equal(z, Normal.Quantile(Normal.Cdf(z), Normal.Survival(z)), 1e-11 * (1 + Math.Abs(z)));
        Assert.Equal(1.959963984540054, Normal.Quantile(0.975, 0.025), 1e-13);
        Assert.Equal((double.NegativeInfinity, double.PositiveInfinity), (Normal.Quantile(0, 1), Normal.Quantile(1, 0)));
    }

    [Fact]
    public void Every_reading_has_the_same_values()
    {
        for (double x = -9; x < 9; x += 0.217)
        {
            Assert.Equal(Normal.Cdf(x), Normal.Cdf(new Real(x)).Value, 1e-15);
            Assert.Equal(Normal.Density(x), Normal.Cdf(new Dual<Real>(new Real(x), new Real(1))).Tangent.Value, 1e-13);
            double p = Normal.Cdf(x), q = Normal.Survival(x);
            Assert.Equal(Normal.Quantile(p, q), Normal.Quantile(new Real(p), new Real(q)).Value, 1e-12 * (1 + Math.Abs(x)));
        }
    }

    [Fact]
    public void Roots_of_steps_and_flat_pieces_are_found()
    {
        Assert.Equal(0.3, IncreasingRoot.Solve(x => (x < 0.3 ? -1 : 1, 0), -5, 7), 1e-14);
        Assert.Equal(Math.Cbrt(2), IncreasingRoot.Solve(x => ((x * x * x) - 2, 3 * x * x), 0, 1e6), 1e-14);
        Assert.Equal(4, IncreasingRoot.Solve(x => (-1, 1), 0, 4), 1e-12);
    }
}
