using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;
using LawNames = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Distributions;

/// <summary>A law's density, sampler, distribution functions, conditional laws, moments and entropy must be of one law: every pair that is known is compared, over all laws.</summary>
public sealed class LawTests
{
    public static TheoryData<string> Names => [.. LawNames.All.Select(l => l.Name)];

    private static TheoryData<string> Those(Func<Law, bool> test) => [.. LawNames.All.Where(test).Select(l => l.Name)];

    public static TheoryData<string> WithDensity => Those(l => l is DensityLaw);

    public static TheoryData<string> Smooth => ["gaussian", "eight-gaussians", "moons", "banana", "thick-ring", "two-gaussians"];

    public static TheoryData<string> WithCoordinates => Those(l => l is ICoordinateLaws);

    public static TheoryData<string> WithConditionals => Those(l => l is IConditionals);

    public static TheoryData<string> DensityAndConditionals => Those(l => l is DensityLaw and IConditionals);

    public static TheoryData<string> WithMoments => Those(l => l is IMoments);

    [Theory]
    [MemberData(nameof(Smooth))]
    public void The_density_integrates_to_one(string name) => Assert.Equal(1, LawChecks.Integral((DensityLaw)LawNames.Parse(name)), 1e-9);

    /// <summary>p(x) = F₁′(x₁) F₂′(x₂ | x₁): what integrates to one by its form.</summary>
    [Theory]
    [MemberData(nameof(DensityAndConditionals))]
    public void The_density_is_the_product_of_the_slopes_of_the_conditionals(string name)
    {
        Law law = LawNames.Parse(name);
        Assert.InRange(LawChecks.DensityAgainstConditionals((DensityLaw)law, (IConditionals)law), 0, 1e-5);
    }

    [Theory]
    [MemberData(nameof(WithCoordinates))]
    public void The_sampler_has_the_distribution_functions(string name)
    {
        Law law = LawNames.Parse(name);
        for (int i = 0; i < law.Dimension; i++) Assert.InRange(LawChecks.Kolmogorov(law, ((ICoordinateLaws)law).Coordinate(i), i), 0, LawChecks.Band);
    }

    [Theory]
    [MemberData(nameof(WithConditionals))]
    public void The_sampler_has_the_conditional_laws(string name)
    {
        Law law = LawNames.Parse(name);
        Assert.All(LawChecks.Rosenblatt(law, (IConditionals)law), distance => Assert.InRange(distance, 0, LawChecks.Band));
    }

    [Theory]
    [MemberData(nameof(WithMoments))]
    public void The_sampler_has_the_moments(string name)
    {
        Law law = LawNames.Parse(name);
        bool fourth = name is not ("student" or "student-2d" or "funnel" or "cauchy"); // without a fourth moment the sample variance has no standard error
        foreach ((double gap, double error) in LawChecks.Moments(law, (IMoments)law, fourth)) Assert.InRange(Math.Abs(gap), 0, (6 * error) + 1e-12);
    }

    /// <summary>The entropy against −log p averaged over samples, within five standard errors.</summary>
    [Theory]
    [MemberData(nameof(WithDensity))]
    public void The_entropy_is_the_mean_of_minus_log_p(string name)
    {
        DensityLaw law = (DensityLaw)LawNames.Parse(name);
        (double gap, double error) = LawChecks.Entropy(law);
        Assert.InRange(gap, -((5 * error) + 1e-12), (5 * error) + 1e-12);
    }

    /// <summary>Entropies of toy laws, computed by others with quadrature, to their four decimals; and closed forms.</summary>
    [Theory]
    [InlineData("moons", 2.3939)]
    [InlineData("eight-gaussians", 2.8319)]
    [InlineData("checkerboard", 3.4657)]
    [InlineData("banana", 2.8379)]
    [InlineData("square", 0)]
    [InlineData("cauchy", 2.5310)]
    [InlineData("logistic", 4)]
    [InlineData("two-gaussians(50, 1)", 2.1121)] // log 2 + ½log 2πe
    public void The_entropy_is_the_known_one(string name, double expected) => Assert.Equal(expected, ((DensityLaw)LawNames.Parse(name)).Entropy, 1e-4);

    [Theory]
    [InlineData("two-scales")] // a grid over both scales would be too coarse; the parts hardly overlap: log 2 + the mean of the entropies, less 1e-4 or so
    public void Scales_far_apart_have_an_entropy(string name) =>
        Assert.Equal(Math.Log(2) + 1 + Math.Log(2 * Math.PI) + (0.5 * (Math.Log(1e-4) + Math.Log(100))), ((DensityLaw)LawNames.Parse(name)).Entropy, 1e-3);

    [Theory]
    [MemberData(nameof(Names))]
    public void Samples_depend_on_the_seed_alone(string name)
    {
        Law law = LawNames.Parse(name);
        Assert.Equal(law.Samples(new Philox(3, "s"), 50), law.Samples(new Philox(3, "s"), 50));
    }

    /// <summary>E e^{itX} = e^{it/2} Π_k cos(t/3ᵏ) for Cantor's law.</summary>
    [Theory]
    [InlineData(2.0)]
    [InlineData(9.5)]
    [InlineData(25.0)]
    public void Cantors_law_has_its_characteristic_function(double t)
    {
        double[] x = LawNames.Parse("cantor-dust").Samples(new Philox(5, "cantor"), LawChecks.Count);
        double cosine = 0, sine = 0, size = 1;
        for (int n = 0; n < x.Length; n++) (cosine, sine) = (cosine + (Math.Cos(t * x[n]) / x.Length), sine + (Math.Sin(t * x[n]) / x.Length));
        for (double scale = t / 3; scale > 1e-9; scale /= 3) size *= Math.Cos(scale);
        double error = 5 / Math.Sqrt(x.Length);
        Assert.InRange(cosine - (size * Math.Cos(t / 2)), -error, error);
        Assert.InRange(sine - (size * Math.Sin(t / 2)), -error, error);
    }

    [Fact]
    public void Quantisations_are_within_their_bound()
    {
        AtomicLaw circle = UniformCircle.Instance.Quantise(50, out double bound);
        // the coupling that moves each arc to its middle, by quadrature
        double mean = 0;
        for (int k = 0; k < 1000; k++) mean += 2 * Math.Sin(0.5 * Math.Abs(((k + 0.5) / 1000 * 2 * Math.PI / 50) - (Math.PI / 50))) / 1000;
        Assert.InRange(mean, 0.99 * bound, bound);
        Assert.Equal(50, circle.Count);
        AtomicLaw roll = SwissRoll.Instance.Quantise(2000, out double sheet);
        Assert.InRange(sheet, 0.01, 0.1);
        Assert.InRange(roll.Count, 1900, 2000);
    }

    [Fact]
    public void A_misspelt_name_gets_the_nearest() =>
        Assert.Contains("moons", Assert.Throws<InputException>(() => LawNames.Parse("moon")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("two-gaussians(1, -1)", "s > 0")]
    [InlineData("circle(2)", "takes 0 parameters")]
    [InlineData("gaussian(0.1; 2)", "separated by commas")]
    [InlineData("", "name")]
    public void Wrong_parameters_are_refused(string text, string says) =>
        Assert.Contains(says, Assert.Throws<InputException>(() => LawNames.Parse(text)).Message, StringComparison.Ordinal);
}
