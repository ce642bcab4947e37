using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Construction.Transport;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Studies;
using Xunit;
using LawNames = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Construction.Transport;

/// <summary>Laws compiled to flows: the bound, and what samples show.</summary>
public sealed class LawCompilerTests
{
    private static LawWitness Compile(Law law, FlowFamily family, double epsilon, int threads = 2) =>
        LawCompiler.Compile(law, new TransportSettings { Epsilon = epsilon, Family = family, Threads = threads });

    /// <summary>BL of samples is at most the bound and what two samples of the law show, up to chance; a flow that is off by 0.3 is not.</summary>
    [Theory]
    [InlineData("two-points", FlowFamily.Sos)]
    [InlineData("two-points", FlowFamily.Dsf)]
    [InlineData("circle", FlowFamily.Sos)]
    [InlineData("circle", FlowFamily.Dsf)]
    [InlineData("circle", FlowFamily.Rqs)]
    [InlineData("circle", FlowFamily.Acf)]
    [InlineData("cantor-uniform", FlowFamily.Sos)]
    [InlineData("atoms", FlowFamily.Acf)]
    [InlineData("atoms", FlowFamily.Sos)]
    [InlineData("cauchy", FlowFamily.Sos)]
    [InlineData("funnel", FlowFamily.Acf)]
    public void The_bound_is_met_and_samples_agree(string name, FlowFamily family)
    {
        Law law = LawNames.Parse(name);
        LawWitness built = Compile(law, family, 0.1);
        Assert.True(built.Bound <= 0.1, $"{built.Bound}");
        SampledDistance sampled = SampledDistance.Of(built.Flow!, law, points: 400, repetitions: 4, threads: 2);
        double slack = 4 * (sampled.Error + sampled.BaselineError);
        Assert.InRange(sampled.Value, 0, built.Bound + sampled.Baseline + slack);
        Assert.InRange(sampled.Gap, -1e-12, 1e-12);
        double[] shift = new double[law.Dimension], unit = new double[law.Dimension * law.Dimension];
        Array.Fill(shift, 0.3);
        for (int i = 0; i < law.Dimension; i++) unit[i * (law.Dimension + 1)] = 1;
        Composition off = new(law.Dimension, [.. built.Flow!.Parts, new Linear(unit, shift)]);
        Assert.True(SampledDistance.Of(off, law, points: 400, repetitions: 4, threads: 2).Value > sampled.Value + 0.02);
    }

    /// <summary>In one dimension ∫ min(2, |g − T|) φ, by Gauss–Legendre between the jumps of T and another evaluation of g.</summary>
    [Theory]
    [InlineData(FlowFamily.Sos)]
    [InlineData(FlowFamily.Dsf)]
    [InlineData(FlowFamily.Rqs)]
    public void The_coupling_term_is_the_integral(FlowFamily family)
    {
        LawWitness built = Compile(LawNames.Parse("two-points"), family, 0.1);
        double sum = 0;
        foreach ((double low, double high, double t) in ((double, double, double)[])[(-8, 0, -1), (0, 8, 1)])
        {
            (double[] z, double[] w) = GaussLegendre.Composite(low, high, 400, 8);
            double[] y = new double[z.Length];
            Evaluation.Map(built.Flow!, z, y);
            for (int i = 0; i < z.Length; i++) sum += w[i] * Normal.Density(z[i]) * Math.Min(2, Math.Abs(double.IsFinite(y[i]) ? y[i] - t : 2));
        }

        Assert.InRange(sum - built.Coupling, -built.CouplingError - 1e-5, built.CouplingError + 1e-5);
        // no map with slopes up to L comes nearer than 2[Φ(1/L) − ½] − 2L[φ(0) − φ(1/L)], about 0.399/L
        double[] grid = [.. Enumerable.Range(0, 16001).Select(i => -4 + (i * 5e-4))], values = new double[16001];
        Evaluation.Map(built.Flow!, grid, values);
        double slope = Enumerable.Range(1, 16000).Max(i => (values[i] - values[i - 1]) / 5e-4), floor = (2 * (Normal.Cdf(1 / slope) - 0.5)) - (2 * slope * (Normal.Density(0) - Normal.Density(1 / slope)));
        Assert.InRange(sum, floor, 0.1);
        Assert.InRange(slope, 0.39 / 0.1, 100);
    }

    [Fact]
    public void The_result_does_not_depend_on_the_number_of_threads() =>
        Assert.Equal(FlowFile.ToBytes(Compile(LawNames.Parse("annulus"), FlowFamily.Sos, 0.1, 1).Flow!), FlowFile.ToBytes(Compile(LawNames.Parse("annulus"), FlowFamily.Sos, 0.1, 3).Flow!));

    /// <summary>The constructed flow is a flow: its inverse undoes it.</summary>
    [Theory]
    [InlineData("circle", FlowFamily.Sos)]
    [InlineData("eight-gaussians", FlowFamily.Acf)]
    public void The_inverse_undoes_the_flow(string name, FlowFamily family)
    {
        Composition flow = Compile(LawNames.Parse(name), family, 0.1).Flow!;
        double[] z = new double[2000], x = new double[2000], back = new double[2000], logs = new double[1000];
        new Philox(6, "inverse").FillNormal(z);
        Evaluation.Map(flow, z, x);
        Assert.Equal(InverseStatus.Converged, Evaluation.Inverse(flow, x, back, logs));
        for (int i = 0; i < z.Length; i++) Assert.Equal(z[i], back[i], 1e-4);
    }

    [Fact]
    public void Affine_couplings_are_refused_on_the_line() =>
        Assert.Contains("normal, whatever the depth", Compile(LawNames.Parse("two-points"), FlowFamily.Acf, 0.1).Refusal!.Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData(1, 0.7978845608)]
    [InlineData(2, 1.2533141373)]
    [InlineData(3, 1.5957691216)]
    [InlineData(10, 3.0843277598)] // √2 Γ(5.5)/Γ(5)
    public void The_mean_length_of_a_normal_vector(int d, double expected) => Assert.Equal(expected, Mollified.MeanNorm(d), 1e-9);

    /// <summary>The cost of strips bounds an exact W₁ of point masses and the strips' law, whose every pair within a strip is a point.</summary>
    [Fact]
    public void Strips_cost_at_most_their_bound()
    {
        AtomicLaw atoms = new("nine", "", [0, 3, 0.1, -1, 0.3, 0, 1, 1, 1.2, 5, 1.5, 2, 3, 0, 3.3, 1, 3.4, -2], 2);
        StripLaw strips = StripLaw.Of(atoms, 0.2);
        Assert.Equal(3, strips.Count);
        List<double> original = [], pairs = [];
        for (int s = 0; s < 3; s++)
        {
            for (int j = 0; j < 3; j++)
            {
                for (int k = 0; k < 3; k++)
                {
                    original.AddRange(atoms.Point((3 * s) + j));
                    pairs.AddRange([atoms.Point((3 * s) + j)[0], atoms.Point((3 * s) + k)[1]]);
                }
            }
        }

        double exact = Wasserstein.BetweenSamples(original.ToArray(), pairs.ToArray(), 2).Value;
        Assert.InRange(exact, 0.3 * strips.Cost, strips.Cost + 1e-12);
        LineLaw second = strips.Given([1.2]);
        Assert.Equal((1.0 / 3, 2.0 / 3, 1), (second.Cdf(1), second.Cdf(2), second.Cdf(5)));
    }

    /// <summary>Too many points are moved together, by no more than is said.</summary>
    [Fact]
    public void Many_points_are_moved_together()
    {
        double[] points = LawNames.Parse("square").Samples(new Philox(9, "many"), 6000);
        (AtomicLaw few, double moved) = Mollified.Fewer(new AtomicLaw("many", "", points, 2), 0.01);
        Assert.InRange(moved, 0.001, 0.01);
        Assert.InRange(few.Count, 100, 5999);
        Assert.Equal(0.5, few.Mean(0), 0.02);
    }

    [Theory]
    [InlineData("two-gaussians", 0.05)]
    [InlineData("atoms", 0.1)]
    public void A_width_by_hand_mollifies(string name, double sigma)
    {
        LawWitness built = LawCompiler.Compile(LawNames.Parse(name), new TransportSettings { Epsilon = 0.3, Family = FlowFamily.Rqs, Deviation = sigma, Threads = 2 });
        Assert.Equal(sigma * Mollified.MeanNorm(name == "atoms" ? 2 : 1), built.Target!.MollificationBound, 1e-12);
        Assert.InRange(built.Bound, built.Target.MollificationBound, 0.3);
    }
}
