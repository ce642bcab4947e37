using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Studies;

/// <summary>Everything that shapes a maximum-likelihood fit: the same settings give the same bits.</summary>
public sealed record LawSettings : FitSettings
{
    /// <summary>Samples that set the normalising layers: fresh ones, once before training.</summary>
    public const int NormalisingPoints = 4096;

    /// <summary>The name of <see cref="GaussNewtonFit"/>.</summary>
    public const string KroneckerGaussNewton = "gauss-newton";

    /// <summary>Samples a step of Gauss-Newton unless told otherwise.</summary>
    public const int GaussNewtonPoints = 1024;

    /// <summary>Maximum likelihood by Adam or by Gauss-Newton steps, with or without normalising layers.</summary>
    public string Method => (GaussNewton ? "ml-gauss-newton" : "ml-adam") + (ActNorm ? "-actnorm" : "");

    /// <summary>Whether the steps are those of <see cref="GaussNewtonFit"/>; else Adam's.</summary>
    public bool GaussNewton { get; init; }

    /// <summary>Whether an elementwise affine layer, set from data, stands before each layer of the normalising map.</summary>
    public bool ActNorm { get; init; }

    /// <summary>Splines and polynomials of the normalising map have the interval [−reach, reach].</summary>
    public const double Reach = 5;

    /// <summary>Optimiser steps unless told otherwise.</summary>
    public const int DefaultSteps = 1000;

    /// <summary>The law.</summary>
    public required Law Law { get; init; }

    /// <inheritdoc/>
    public override string Command => $"uf fit --law {Law.Name} {FlowOptions} {(GaussNewton ? $"--method {KroneckerGaussNewton} " : "")}{(ActNorm ? "--actnorm " : "")}{TrainingOptions}";
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
        if (settings.ActNorm)
        {
            Batch first = new(LawSettings.NormalisingPoints, d);
            Fill(settings.Law, new Philox(settings.Seed, "normalising samples"), first);
            normalising = ActNorm.Insert(normalising, first);
        }

        Philox random = new(settings.Seed, "law samples");
        FitResult result = settings.GaussNewton
            ? GaussNewtonFit.Fit(normalising, Samples, new GaussNewtonOptions(settings.Steps, settings.Points) { Threads = threads, Progress = progress, Cancellation = cancellation })
            : AdamFit.Fit(new NegativeLogLikelihood(normalising), Samples, new AdamOptions(settings.Steps, settings.Points) { Threads = threads, Progress = progress, Cancellation = cancellation });
        return (new Composition(d, [new Inversion(normalising)]), result);

        void Samples(int step, Batch batch) => Fill(settings.Law, random, batch);
    }

    /// <summary>
    /// The mean of −log q over 20 000 fresh samples of the law, and KL(p‖q) as the mean of log p − log q over the same samples, which has
    /// a smaller error than the difference of the two means. Without a density there is no KL.
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
        DensityLaw? density = law as DensityLaw;
        Span<Lanes> x = stackalloc Lanes[d];
        for (int s = 0; s < nll.Length; s += Lanes.Width)
        {
            for (int i = 0; i < d; i++) x[i] = Lanes.Load(batch.Column(i)[s..]);
            Lanes loss = NegativeLogLikelihood.Of<Lanes>(normalising, x);
            loss.Store(nll.AsSpan(s));
            if (density is not null) (density.LogDensity<Lanes>(x) + loss).Store(difference.AsSpan(s));
        }

        (double mean, double error) = MeanAndError(nll.AsSpan(0, TestPoints));
        Likelihood likelihood = new() { Nll = mean, NllStdError = error, Entropy = null, Kl = null, KlStdError = null, TestPoints = TestPoints };
        if (density is null) return likelihood;
        (double kl, double klError) = MeanAndError(difference.AsSpan(0, TestPoints));
        return likelihood with { Entropy = double.IsFinite(density.Entropy) ? density.Entropy : null, Kl = kl, KlStdError = klError };
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
