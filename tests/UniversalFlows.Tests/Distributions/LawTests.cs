using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;
using LawNames = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Distributions;

/// <summary>A law's density, sampler and entropy must be of one law: three independent statements about each.</summary>
public sealed class LawTests
{
    private const int Samples = 40_000;

    public static TheoryData<string> Names => [.. LawNames.All.Select(l => l.Name)];

    /// <summary>∫ p = 1 by the trapezoidal rule on the window: exponentially accurate for these densities.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_density_integrates_to_one(string name) => Assert.Equal(1, Integral(LawNames.Parse(name), (_, _) => 1), 1e-9);

    /// <summary>Moments of the sampler against moments of the density, within five standard errors (one failure in two million).</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_sampler_has_the_moments_of_the_density(string name)
    {
        Law law = LawNames.Parse(name);
        Func<double, double, double>[] moments = [(x, _) => x, (_, y) => y, (x, _) => x * x, (_, y) => y * y, (x, y) => x * y, (x, y) => x * x * y, (x, _) => x * x * x * x];
        double[] sums = new double[moments.Length], squares = new double[moments.Length];
        Philox random = new(7, "law test");
        Span<double> point = stackalloc double[2];
        for (int n = 0; n < Samples; n++)
        {
            law.Sample(random, point);
            for (int m = 0; m < moments.Length; m++)
            {
                double v = moments[m](point[0], point[1]);
                sums[m] += v;
                squares[m] += v * v;
            }
        }

        for (int m = 0; m < moments.Length; m++)
        {
            double mean = sums[m] / Samples, error = Math.Sqrt(((squares[m] / Samples) - (mean * mean)) / Samples);
            Assert.InRange(mean - Integral(law, moments[m]), -5 * error, 5 * error);
        }
    }

    /// <summary>The entropy integral against −log p averaged over samples, within five standard errors.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void The_entropy_is_the_mean_of_minus_log_p(string name)
    {
        Law law = LawNames.Parse(name);
        Philox random = new(8, "entropy test");
        Span<double> point = stackalloc double[2];
        Span<Real> x = stackalloc Real[2];
        double sum = 0, squares = 0;
        for (int n = 0; n < Samples; n++)
        {
            law.Sample(random, point);
            (x[0], x[1]) = (new Real(point[0]), new Real(point[1]));
            double v = -law.LogDensity<Real>(x).Value;
            sum += v;
            squares += v * v;
        }

        double mean = sum / Samples, error = Math.Sqrt(((squares / Samples) - (mean * mean)) / Samples);
        Assert.InRange(mean - law.Entropy, -5 * error, 5 * error);
    }

    /// <summary>Entropies of FFJORD's toy laws, computed by others with quadrature, to their four decimals.</summary>
    [Theory]
    [InlineData("moons", 2.3939)]
    [InlineData("eight-gaussians", 2.8319)]
    public void The_entropy_is_the_known_one(string name, double expected) => Assert.Equal(expected, LawNames.Parse(name).Entropy, 1e-4);

    [Fact]
    public void A_misspelt_name_gets_the_nearest() =>
        Assert.Contains("moons", Assert.Throws<InputException>(() => LawNames.Parse("moon")).Message, StringComparison.Ordinal);

    private static double Integral(Law law, Func<double, double, double> f)
    {
        const int steps = 400;
        ReadOnlySpan<double> lower = law.Window.Lower, upper = law.Window.Upper;
        double hx = (upper[0] - lower[0]) / steps, hy = (upper[1] - lower[1]) / steps, sum = 0;
        Span<Lanes> point = stackalloc Lanes[2];
        for (int i = 0; i < steps; i++)
        {
            double x = lower[0] + (i * hx);
            for (int j = 0; j < steps; j += Lanes.Width)
            {
                Lanes y = default;
                for (int lane = 0; lane < Lanes.Width; lane++) y = y.With(lane, lower[1] + ((j + lane) * hy));
                (point[0], point[1]) = (Lanes.Constant(x), y);
                Lanes p = Lanes.Exp(law.LogDensity<Lanes>(point));
                for (int lane = 0; lane < Lanes.Width; lane++) sum += p[lane] * f(x, y[lane]);
            }
        }

        return sum * hx * hy;
    }
}
