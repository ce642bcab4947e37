using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Studies;

/// <summary>Everything that shapes the fit of a flow to a map: the same settings give the same bits.</summary>
public sealed record MapSettings : FitSettings
{
    /// <summary>Levenberg–Marquardt.</summary>
    public const string Lm = "lm";

    /// <summary>Adam.</summary>
    public const string Adam = "adam";

    /// <summary>Limited-memory BFGS on one fixed set of points.</summary>
    public const string Lbfgs = "lbfgs";

    /// <summary>Points of L-BFGS unless told otherwise: they are fitted again and again, so there must be many more than a fresh set needs.</summary>
    public const int FixedPoints = 4096;

    /// <summary>Optimiser steps unless told otherwise.</summary>
    public const int DefaultSteps = 1200;

    /// <summary>f.</summary>
    public required Target Target { get; init; }

    /// <summary>K.</summary>
    public required Domain Domain { get; init; }

    /// <summary><see cref="Lm"/>, <see cref="Adam"/> or <see cref="Lbfgs"/>.</summary>
    public string Method { get; init; } = Lm;

    /// <summary>Levenberg–Marquardt: so many random starts race for the same steps.</summary>
    public int Starts { get; init; } = 1;

    /// <summary>Adam: the largest learning rate; null: the default one.</summary>
    public double? Rate { get; init; }

    /// <summary>Steps of the minimax refinement of the fit, which is measured beside it; 0: none.</summary>
    public int Minimax { get; init; }

    /// <inheritdoc/>
    public override string Command => $"uf fit --target {Quote(Target.Name)} --domain {Quote(Domain.ToString())} {FlowOptions} --method {Method} "
        + (Starts > 1 ? $"--starts {Starts} " : "") + (Rate is { } rate ? $"--rate {rate:R} " : "") + (Minimax > 0 ? $"--minimax {Minimax} " : "") + TrainingOptions;

    internal static string Quote(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? text : $"\"{text}\"";
}

/// <summary>Fits a flow to a map.</summary>
public static class MapFit
{
    /// <summary>The fitted flow and what the optimiser says of the run.</summary>
    public static (Composition Flow, FitResult Result) Run(
        MapSettings settings, int threads = 1, Action<int, double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Architecture architecture = new(
            settings.Family, settings.Target.Dimension, settings.Depth, settings.Hidden, settings.Activation, Reach(settings.Target, settings.Domain));
        if (settings.Method == MapSettings.Lm)
        {
            // the other starts have seeds that no study counts to
            Composition[] starts = [.. Enumerable.Range(0, settings.Starts).Select(i => architecture.Initialise(settings.Seed + ((ulong)i << 32)))];
            LevenbergMarquardtOptions options = new(settings.Steps, settings.Points, settings.Seed) { Threads = threads, Progress = progress, Cancellation = cancellation };
            (int winner, FitResult result) = LevenbergMarquardt.Race(starts, settings.Target, settings.Domain, options);
            return (starts[winner], result);
        }

        Composition flow = architecture.Initialise(settings.Seed);

        if (settings.Method == MapSettings.Lbfgs)
        {
            Batch batch = new(settings.Points, 2 * settings.Target.Dimension);
            RegressionBatch.Fill(batch, settings.Target, settings.Domain, new LowDiscrepancy(settings.Domain.Dimension, settings.Seed, "training"), 0);
            return (flow, LbfgsFit.Fit(new SquaredError(flow), batch, new LbfgsOptions(settings.Steps) { Progress = progress, Cancellation = cancellation }, threads));
        }

        LowDiscrepancy points = new(settings.Domain.Dimension, settings.Seed, "training");
        AdamOptions adam = new(settings.Steps, settings.Points) { Threads = threads, Progress = progress, Cancellation = cancellation };
        if (settings.Rate is { } rate) adam = adam with { Rate = rate };
        return (flow, AdamFit.Fit(
            new SquaredError(flow), (k, batch) => RegressionBatch.Fill(batch, settings.Target, settings.Domain, points, (uint)(k * (long)settings.Points)), adam));
    }

    /// <summary>A flow of the same form with the smaller largest error that a refinement finds; null if the settings ask for none.</summary>
    public static (Composition Flow, MinimaxResult Result)? Refine(MapSettings settings, Composition fitted, int threads = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Minimax == 0) return null;
        Composition refined = FlowFile.Parse(FlowFile.ToBytes(fitted));
        MinimaxOptions options = new(settings.Minimax, settings.Points, Seed: settings.Seed) { Threads = threads, Cancellation = cancellation };
        return (refined, MinimaxRefinement.Refine(refined, settings.Target, settings.Domain, options));
    }

    /// <summary>
    /// The largest |coordinate| of x and f(x) over 1024 points of K, with a quarter to spare, in steps of ¼: where splines and polynomials
    /// of the flow have their interval.
    /// </summary>
    public static double Reach(Target target, Domain domain)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        int d = target.Dimension;
        LowDiscrepancy sequence = new(d, seed: 0, "reach");
        double[] u = new double[d], points = new double[1024 * d], values = new double[points.Length];
        for (int i = 0; i < 1024; i++)
        {
            sequence.Point((uint)i, u);
            domain.FromUnitCube(u, points.AsSpan(i * d, d));
        }

        Evaluation.Map(target, points, values);
        double largest = points.Concat(values).Where(double.IsFinite).Max(Math.Abs);
        return Math.Ceiling(4 * 1.25 * largest) / 4;
    }
}
