using System.Diagnostics;
using System.Text;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Measurement;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What a task makes.</summary>
/// <param name="Cell">The result.</param>
/// <param name="Flow">Its flow.</param>
/// <param name="Refined">The flow after a minimax refinement, for a cell that has one.</param>
public sealed record StudyRun(Cell Cell, Composition Flow, Composition? Refined = null);

/// <summary>A fit: one cell of a study before it is computed.</summary>
public abstract class StudyTask : GridTask
{
    /// <inheritdoc/>
    public override string? StatusIn(string results)
    {
        string path = Path.Combine(results, Study, $"{Hash}.json");
        if (!File.Exists(path)) return null;
        try
        {
            Cell cell = Cell.FromJson(File.ReadAllText(path));
            // a copy under another name, another code version or a missing flow is no result of this task
            bool whole = cell.Hash == Hash && cell.CodeVersion == CodeVersion.Hash && (cell.Status == Cell.Diverged || FlowIsWhole(Path.Combine(results, Study, cell.FlowFile)))
                && (cell.Refined is not { } refined || FlowIsWhole(Path.Combine(results, Study, refined.FlowFile)));
            return whole ? cell.Status : null;
        }
        catch (JsonException)
        {
            return null;   // not one of ours, or damaged: computed again
        }
    }

    /// <summary>The flow first, the cell last: where there is a cell, all of it is there.</summary>
    public override bool Compute(string results, CancellationToken cancellation)
    {
        Stopwatch watch = Stopwatch.StartNew();
        (Cell cell, Composition flow, Composition? refined) = Run(cancellation);
        if (cell.Status == Cell.Cut) return false;
        string folder = Path.Combine(results, cell.Study);
        Directory.CreateDirectory(folder);
        if (Finite(flow)) FlowFile.Save(flow, Path.Combine(folder, cell.FlowFile), $"{cell.Target} {cell.Family} L={cell.Depth} seed {cell.Seed}");
        if (refined is not null && cell.Refined is { } r) FlowFile.Save(refined, Path.Combine(folder, r.FlowFile), $"{cell.Target} {cell.Family} L={cell.Depth} seed {cell.Seed}, minimax");
        Timing timing = new()
        {
            Seconds = watch.Elapsed.TotalSeconds,
            Host = Environment.MachineName,
            PeakMemoryMb = Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0, 1),
        };
        WriteText(Path.Combine(folder, $"{cell.Hash}.timing.json"), timing.ToJson());
        WriteText(Path.Combine(folder, $"{cell.Hash}.json"), cell.ToJson());
        return true;
    }

    /// <summary>Fits and measures on one thread.</summary>
    public StudyRun Run(CancellationToken cancellation) => Run(threads: 1, progress: null, cancellation);

    /// <summary>Fits and measures; no bit depends on the number of threads.</summary>
    public abstract StudyRun Run(int threads, Action<int, double>? progress, CancellationToken cancellation);

    /// <summary>
    /// The result of a fit, all but its measured figures. A run whose figures are not finite has diverged, whatever its optimiser says.
    /// </summary>
    private protected Cell Describe(FitSettings settings, string method, string target, string? formula, string domain, Composition flow, FitResult result, bool finite)
    {
        bool diverged = result.Status == FitStatus.Diverged || !finite;
        return new Cell
        {
            Study = Study,
            Hash = Hash,
            CodeVersion = CodeVersion.Hash,
            Target = target,
            Formula = formula,
            Domain = domain,
            Dimension = flow.Dimension,
            Family = Names.Of(settings.Family),
            Depth = settings.Depth,
            Hidden = string.Join(',', settings.Hidden),
            Activation = Names.Of(settings.Activation),
            Seed = settings.Seed,
            Method = method,
            Steps = result.Steps,
            Parameters = flow.Parameters.Sum(p => p.Count),
            Status = diverged ? Cell.Diverged : result.Status == FitStatus.Finished ? Cell.Finished : Cell.Cut,
            Reason = diverged && result.Status != FitStatus.Diverged ? "the fitted flow is not finite where it was measured" : result.Reason,
            Trace = result.Trace,
            Command = Command,
            FlowFile = $"{Hash}.flow.json",
        };
    }

    private static bool FlowIsWhole(string path)
    {
        try
        {
            FlowFile.Load(path);
            return true;
        }
        catch (Exception e) when (e is IOException or FlowFormatException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Finite(Composition flow) => flow.Parameters.All(layer => !layer.All.ContainsAnyExceptInRange(double.MinValue, double.MaxValue));

    private static void WriteText(string path, string text) => CompleteFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text + "\n")));
}

/// <summary>A flow against a map.</summary>
/// <param name="settings">The fit.</param>
/// <param name="study">The study it belongs to.</param>
public sealed class MapTask(MapSettings settings, string study = "maps") : StudyTask
{
    /// <inheritdoc/>
    public override string Study => study;

    /// <inheritdoc/>
    public override string Label => $"{settings.Target.Name} {Names.Of(settings.Family)} L={settings.Depth}";

    /// <inheritdoc/>
    public override string Command => settings.Command;

    /// <inheritdoc/>
    protected override string Recipe => $"reach {MapFit.Reach(settings.Target, settings.Domain):R}; {MapErrorOptions.Default with { Threads = 1 }}; {Certified.Recipe}";

    /// <inheritdoc/>
    public override double Cost => FitCost.Of(settings);

    /// <inheritdoc/>
    public override StudyRun Run(int threads, Action<int, double>? progress, CancellationToken cancellation)
    {
        (Composition flow, FitResult result) = MapFit.Run(settings, threads, progress, cancellation);
        Errors errors = Measure(flow, settings, threads);
        Cell cell = Describe(settings, settings.Method, settings.Target.Name, settings.Target.Formula, settings.Domain.ToString(), flow, result, double.IsFinite(errors.Sup) && double.IsFinite(errors.Rmse)) with { Errors = errors };
        if (cell.Status == Cell.Diverged) return new(cell, flow);
        cell = cell with { Certificate = Certified.Of(flow, settings.Target, settings.Domain, threads), Conditioning = Form(flow, settings.Domain, threads) };
        if (cell.Status == Cell.Cut || MapFit.Refine(settings, flow, threads, cancellation) is not ({ } refined, { } refinement)) return new(cell, flow);
        if (refinement.Cut) return new(cell with { Status = Cell.Cut, Reason = "cut in the minimax refinement" }, flow);
        cell = cell with
        {
            Refined = new()
            {
                Steps = settings.Minimax,
                Kept = refinement.Kept,
                Errors = Measure(refined, settings, threads),
                // where the fit's own proof did not come near its error, that of a smaller error would not either
                Certificate = cell.Certificate is { Sharp: true } ? Certified.Of(refined, settings.Target, settings.Domain, threads) : null,
                FlowFile = $"{Hash}.minimax.flow.json",
            },
        };
        return new(cell, flow, refined);
    }

    /// <summary>The errors in the form of result files.</summary>
    public static Errors Measure(Composition flow, MapSettings settings, int threads = 1) =>
        Form(MapErrors.Estimate(flow, settings.Target, settings.Domain, new MapErrorOptions { Threads = threads }));

    private static Conditioning Form(Composition flow, Domain domain, int threads)
    {
        Measurement.Conditioning c = Measurement.Conditioning.Estimate(flow, domain, threads: threads);
        double weight = 0;
        foreach (Dense layer in flow.Parameters)
            foreach (double w in layer.All) weight = Math.Max(weight, Math.Abs(w));
        return new() { LargestWeight = weight, Lipschitz = c.Lipschitz, InverseLipschitz = c.InverseLipschitz, Condition = c.Condition };
    }

    /// <summary>Measured errors in the form of result files.</summary>
    internal static Errors Form(ErrorNorms e) =>
        new() { Sup = e.Sup, SupAt = e.SupAt, L1 = e.L1, L1Error = e.L1Error, L2 = e.L2, L2Error = e.L2Error, Rmse = e.Rmse, C1 = e.C1 ?? double.NaN };
}

/// <summary>A flow against a law.</summary>
public sealed class LawTask(LawSettings settings) : StudyTask
{
    /// <inheritdoc/>
    public override string Study => "laws";

    /// <inheritdoc/>
    public override string Label => $"{settings.Law.Name} {Names.Of(settings.Family)} L={settings.Depth}";

    /// <inheritdoc/>
    public override string Command => settings.Command;

    /// <inheritdoc/>
    protected override string Recipe => $"reach {LawSettings.Reach:R}; {LawFit.TestPoints} test points";

    /// <inheritdoc/>
    public override double Cost => FitCost.Of(settings);

    /// <inheritdoc/>
    public override StudyRun Run(int threads, Action<int, double>? progress, CancellationToken cancellation)
    {
        (Composition flow, FitResult result) = LawFit.Run(settings, threads, progress, cancellation);
        Likelihood likelihood = LawFit.Measure(flow, settings.Law, settings.Seed);
        Cell cell = Describe(settings, settings.Method, settings.Law.Name, settings.Law.Formula, settings.Law.Window.ToString(), flow, result, double.IsFinite(likelihood.Kl ?? 0) && double.IsFinite(likelihood.Nll));
        return new(cell with { Likelihood = likelihood }, flow);
    }
}
