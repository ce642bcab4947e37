using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Distributions;

/// <summary>Each check of a law catches a law that is wrong in the way it looks for.</summary>
public sealed class PlantedLawTests
{
    [Fact]
    public void A_wrong_normaliser_is_caught()
    {
        Assert.NotInRange(LawChecks.Integral(new Bent(0.01, 1)), 1 - 1e-6, 1 + 1e-6);
        Assert.True(LawChecks.DensityAgainstConditionals(new Bent(0.01, 1), BananaLaw.Instance) > 1e-3);
        Assert.InRange(LawChecks.DensityAgainstConditionals(new Bent(0, 1), BananaLaw.Instance), 0, 1e-5);
    }

    [Fact]
    public void A_sampler_of_another_law_is_caught()
    {
        Assert.True(LawChecks.Rosenblatt(new Bent(0, 1.1), BananaLaw.Instance).Max() > LawChecks.Band);
        Assert.Contains(LawChecks.Moments(new Bent(0, 1.1), BananaLaw.Instance, true), m => Math.Abs(m.Gap) > 6 * m.Error);
        Assert.True(LawChecks.Kolmogorov(new Bent(0, 1.1), (UniversalFlows.Distributions.Laws.Parse("gaussian(0)") as ICoordinateLaws)!.Coordinate(0), 0) > LawChecks.Band);
        (double gap, double error) = LawChecks.Entropy(new Bent(0, 1.1));
        Assert.True(Math.Abs(gap) > 5 * error);
    }

    [Fact]
    public void An_atom_that_the_distribution_function_misses_is_caught() =>
        Assert.True(LawChecks.Kolmogorov(UniversalFlows.Distributions.Laws.Parse("point-gaussian"), ((ICoordinateLaws)UniversalFlows.Distributions.Laws.Parse("two-gaussians(0, 1)")).Coordinate(0), 0) > LawChecks.Band);

    /// <summary>The banana with a density too large by a factor and a sampler too wide by another.</summary>
    private sealed class Bent(double excess, double stretch) : DensityLaw("bent", "", new Box([-7, -7], [7, 57]), BananaLaw.Instance.Entropy)
    {
        public override T LogDensity<T>(ReadOnlySpan<T> x) => BananaLaw.Instance.LogDensity(x) + excess;

        public override void Sample(Philox random, Span<double> x)
        {
            x[0] = stretch * random.NextNormal();
            x[1] = (x[0] * x[0]) + (stretch * random.NextNormal());
        }
    }
}
