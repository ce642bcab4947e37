using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Studies;

/// <summary>Everything that shapes a maximum-likelihood fit: the same settings give the same bits.</summary>
public sealed record LawSettings
{
    /// <summary>Maximum likelihood by Adam.</summary>
    public const string Method = "ml-adam";

    /// <summary>Splines and polynomials of the normalising map have the interval [−reach, reach].</summary>
    public const double Reach = 5;

    /// <summary>Optimiser steps unless told otherwise.</summary>
    public const int DefaultSteps = 1000;

    /// <summary>The law.</summary>
    public required Law Law { get; init; }

    /// <summary>The transformer.</summary>
    public required FlowFamily Family { get; init; }

    /// <summary>The number of couplings.</summary>
    public required int Depth { get; init; }

    /// <summary>The widths of the conditioners' hidden layers.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [32, 32];

    /// <summary>The conditioners' activation.</summary>
    public Activation Activation { get; init; } = Activation.Tanh;

    /// <summary>Of the initial parameters and the samples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Optimiser steps.</summary>
    public int Steps { get; init; } = DefaultSteps;

    /// <summary>Fresh samples a step.</summary>
    public int Points { get; init; } = 256;

    /// <summary>The command line that makes this fit.</summary>
    public string Command => string.Join(' ',
        "uf fit",
        $"--law {Law.Name}",
        $"--family {Names.Of(Family)}",
        $"--depth {Depth}",
        Hidden.Count > 0 ? $"--hidden {string.Join(',', Hidden)}" : "--hidden none",
        $"--activation {Names.Of(Activation)}",
        $"--steps {Steps} --points {Points} --seed {Seed} --out fit");
}

/// <summary>
/// Fits a flow to a law by maximum likelihood. The trained bijection is the closed form from data to base; the flow is its inverse, so
/// that Forward maps base to data.
/// </summary>
public static class LawFit
{
    /// <summary>Fresh samples of the law that a fit is measured on.</summary>
    public const int TestPoints = 20000;

    /// <summary>The fitted flow and what the optimiser says of the run.</summary>
    public static (Composition Flow, FitResult Result) Run(
        LawSettings settings, int threads = 1, Action<int, double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        int d = settings.Law.Dimension;
        Composition normalising = new Architecture(settings.Family, d, settings.Depth, settings.Hidden, settings.Activation, LawSettings.Reach).Initialise(settings.Seed);
        Philox random = new(settings.Seed, "law samples");
        FitResult result = AdamFit.Fit(
            new NegativeLogLikelihood(normalising), (_, batch) => Fill(settings.Law, random, batch),
            new AdamOptions(settings.Steps, settings.Points) { Threads = threads, Progress = progress, Cancellation = cancellation });
        return (new Composition(d, [new Inversion(normalising)]), result);
    }

    /// <summary>
    /// The mean of −log q over 20 000 fresh samples of the law, and KL(p‖q) as the mean of log p − log q over the same samples, which has
    /// a smaller error than the difference of the two means.
    /// </summary>
    public static Likelihood Measure(IBijection flow, Law law, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(law);
        int d = law.Dimension;
        Batch batch = new(TestPoints, d);
        Fill(law, new Philox(seed, "law test points"), batch);
        batch.Pad();
        Inversion normalising = new(flow);
        double[] nll = new double[batch.Panels * Tape.Panel], difference = new double[nll.Length];
        Span<Lanes> x = stackalloc Lanes[d];
        for (int s = 0; s < nll.Length; s += Lanes.Width)
        {
            for (int i = 0; i < d; i++) x[i] = Lanes.Load(batch.Column(i)[s..]);
            Lanes loss = NegativeLogLikelihood.Of<Lanes>(normalising, x);
            loss.Store(nll.AsSpan(s));
            (law.LogDensity<Lanes>(x) + loss).Store(difference.AsSpan(s));
        }

        (double mean, double error) = MeanAndError(nll.AsSpan(0, TestPoints));
        (double kl, double klError) = MeanAndError(difference.AsSpan(0, TestPoints));
        return new Likelihood { Nll = mean, NllStdError = error, Entropy = law.Entropy, Kl = kl, KlStdError = klError, TestPoints = TestPoints };
    }

    private static (double Mean, double Error) MeanAndError(ReadOnlySpan<double> values)
    {
        double mean = VectorMath.Sum(values) / values.Length, squares = 0;
        foreach (double v in values) squares += (v - mean) * (v - mean);
        return (mean, Math.Sqrt(squares / (values.Length - 1) / values.Length));
    }

    private static void Fill(Law law, Philox random, Batch batch)
    {
        Span<double> x = stackalloc double[law.Dimension];
        for (int s = 0; s < batch.Count; s++)
        {
            law.Sample(random, x);
            for (int i = 0; i < x.Length; i++) batch.Column(i)[s] = x[i];
        }
    }
}
