using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;
using NamedLaws = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Measurement;

/// <summary>Weak convergence as it is defined: E φ(g_n Z) → E φ(Y) for bounded Lipschitz φ, uniformly over the family |φ| ≤ 1, Lip φ ≤ 1; and what push-forwards obey.</summary>
public class WeakConvergenceTests
{
    private const int Samples = 4000;

    /// <summary>|φ| ≤ 1 and Lip φ ≤ 1 on the plane: waves, bumps, ramps and truncated distances at random places.</summary>
    private static readonly Func<double, double, double>[] s_functions = [.. Enumerable.Range(0, 48).Select(Function)];

    private static readonly AtomicLaw s_atoms = (AtomicLaw)NamedLaws.Parse("atoms");

    private static Func<double, double, double> Function(int k)
    {
        Philox r = new((ulong)k + 1, "test function");
        double a = r.NextUniform(-1.5, 1.5), b = r.NextUniform(-1.5, 1.5), angle = r.NextUniform(0, 2 * Math.PI), c = Math.Cos(angle), s = Math.Sin(angle), w = r.NextUniform(0.3, 1);
        double Distance(double x, double y) => Math.Sqrt(((x - a) * (x - a)) + ((y - b) * (y - b)));
        return (k % 4) switch
        {
            0 => (x, y) => Math.Cos((c * x) + (s * y) + a) * w,
            1 => (x, y) => Math.Tanh((c * x) + (s * y) + b),
            2 => (x, y) => Math.Min(1, Distance(x, y)),
            _ => (x, y) => Math.Max(-1, 1 - (2 * Math.Min(1, 0.5 * Distance(x, y)))),
        };
    }

    /// <summary>T_σ with T_σ#N(0, I) = atoms ∗ N(0, σ²I), by the exact conditional laws.</summary>
    private static double[] Image(double sigma, AtomicLaw atoms, ulong seed)
    {
        GaussianMixture smooth = GaussianMixture.Mollified(atoms, sigma);
        double[] z = new double[2 * Samples], y = new double[2 * Samples];
        new Philox(seed, "base").FillNormal(z);
        for (int n = 0; n < Samples; n++)
            for (int k = 0; k < 2; k++) y[(2 * n) + k] = smooth.Given(y.AsSpan(2 * n, k)).FromNormal(z[(2 * n) + k]);
        return y;
    }

    /// <summary>For each φ the difference |mean φ(g(z)) − Σ w_j φ(a_j)| and Hoeffding's radius for all functions together.</summary>
    private static double[] Differences(double[] images) =>
    [
        .. s_functions.Select(f => Math.Abs(
            Enumerable.Range(0, Samples).Sum(n => f(images[2 * n], images[(2 * n) + 1])) / Samples
            - Enumerable.Range(0, s_atoms.Count).Sum(j => s_atoms.Weight(j) * f(s_atoms.Point(j)[0], s_atoms.Point(j)[1])))),
    ];

    [Fact]
    public void Integrals_of_bounded_Lipschitz_functions_converge()
    {
        double radius = Concentration.Hoeffding(2, Samples, 0.01 / (2 * s_functions.Length)), meanNorm = Math.Sqrt(Math.PI / 2); // E|Z| in the plane
        double[] sigmas = [0.8, 0.4, 0.2, 0.1, 0.05], worst = new double[sigmas.Length];
        for (int k = 0; k < sigmas.Length; k++)
        {
            worst[k] = Differences(Image(sigmas[k], s_atoms, 1)).Max();
            Assert.InRange(worst[k], 0, (sigmas[k] * meanNorm) + radius); // mollification: β ≤ σE|Z|
            if (k > 0) Assert.InRange(worst[k], 0, worst[k - 1] + radius); // decreases within confidence
        }

        Assert.True(worst[^1] < 0.25 * worst[0]);
        // planted: the same maps to atoms with equal weights converge to another law, and some function sees it
        AtomicLaw wrong = new("wrong", "equal weights", [.. Enumerable.Range(0, s_atoms.Count).SelectMany(j => s_atoms.Point(j).ToArray())], 2);
        Assert.True(Differences(Image(0.05, wrong, 1)).Max() > (0.05 * meanNorm) + radius);
    }

    /// <summary>Every function of the family is a witness: |∫φ dP − ∫φ dQ| ≤ β(P, Q) of the empirical laws, so the family is what it says.</summary>
    [Fact]
    public void No_function_exceeds_the_metric()
    {
        for (ulong seed = 1; seed <= 8; seed++)
        {
            AtomicLaw p = DiscreteMetricTests.Random(12, seed, "p", 3), q = DiscreteMetricTests.Random(9, seed, "q", 3);
            double beta = BoundedLipschitz.Between(p, q).Value;
            double Gap(Func<double, double, double> f) => Math.Abs(
                Enumerable.Range(0, p.Count).Sum(i => p.Weight(i) * f(p.Point(i)[0], p.Point(i)[1])) - Enumerable.Range(0, q.Count).Sum(j => q.Weight(j) * f(q.Point(j)[0], q.Point(j)[1])));
            foreach (Func<double, double, double> f in s_functions) Assert.InRange(Gap(f), 0, beta + 1e-14);
        }

        // planted: a function that is steeper than it may be
        AtomicLaw zero = new("0", "0", [0, 0], 2), near = new("n", "n", [0.1, 0], 2);
        Assert.True(Math.Abs(Math.Sin(5 * 0.1)) > BoundedLipschitz.Between(zero, near).Value);
    }

    /// <summary>(g ∘ f)_# μ = g_#(f_# μ): points go the same way bit by bit, and densities multiply by the same determinants.</summary>
    [Fact]
    public void The_push_forward_of_a_composition_is_that_of_the_push_forward()
    {
        Composition f = new Architecture(FlowFamily.Acf, 2, 3, [8], Activation.Tanh, 5).Initialise(1), g = new Architecture(FlowFamily.Sos, 2, 2, [8], Activation.Tanh, 5).Initialise(2);
        Stir(f, 1);
        Stir(g, 2);
        Composition both = new(2, [f, g]), swapped = new(2, [g, f]);
        double[] z = new double[400], step = new double[400], twice = new double[400], once = new double[400], wrong = new double[400];
        new Philox(1, "base").FillNormal(z);
        Evaluation.Map(f, z, step);
        Evaluation.Map(g, step, twice);
        Evaluation.Map(both, z, once);
        Assert.Equal(twice, once);
        // the density of the composition: that of f_#μ at g⁻¹(y), and the determinant of g⁻¹
        double[] direct = new double[200], inner = new double[200], back = new double[400], logs = new double[200];
        Divergences.OfFlow(both)(once, direct);
        Evaluation.Inverse(g, once, back, logs);
        Divergences.OfFlow(f)(back, inner);
        for (int n = 0; n < 200; n++) Assert.Equal(inner[n] + logs[n], direct[n], 1e-9);
        // planted: the other order is another law
        Evaluation.Map(swapped, z, wrong);
        Assert.True(Wasserstein.BetweenSamples(once, wrong, 2).Value > 0.05);
        Divergences.OfFlow(swapped)(once, logs);
        Assert.True(Enumerable.Range(0, 200).Max(n => Math.Abs(logs[n] - direct[n])) > 0.05);

        static void Stir(Composition flow, ulong seed)
        {
            ParameterVector theta = new(flow.Parameters);
            Philox r = new(seed, "stir");
            foreach (ref double v in theta.Values) v += 0.3 * r.NextNormal();
        }
    }

    /// <summary>A law's image of the line by its distribution function is its samples' law: Kolmogorov's band, and decreasing flows.</summary>
    [Fact]
    public void The_distribution_function_of_a_flow_is_that_of_its_samples()
    {
        foreach (bool falls in (bool[])[false, true])
        {
            Composition rising = new Architecture(FlowFamily.Sos, 1, 2, [], Activation.Tanh, 5).Initialise(3), flow = falls ? new(1, [rising, new Linear([-1.3], [0.2])]) : rising;
            FlowLine line = new(flow);
            double[] z = new double[5000], y = new double[5000];
            new Philox(1, "line").FillNormal(z);
            Evaluation.Map(flow, z, y);
            Assert.InRange(LineMetrics.Kolmogorov(y, line), 0, Concentration.Kolmogorov(5000, 1e-6));
            foreach (double p in (double[])[0.01, 0.4, 0.9]) Assert.Equal(p, line.Cdf(line.Quantile(p, 1 - p)), 1e-9);
            // planted: without the reflection the function decreases
            Assert.True(LineMetrics.Kolmogorov([.. y.Select(v => -v + 1)], line) > Concentration.Kolmogorov(5000, 1e-6));
        }
    }
}
