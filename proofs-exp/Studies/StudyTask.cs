using System.Security.Cryptography;
using System.Text;
using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Studies;

/// <summary>One cell of a study before it is computed: what to do, what its result is called, what it costs.</summary>
public abstract class StudyTask
{
    private string? _hash;

    /// <summary>The study.</summary>
    public abstract string Study { get; }

    /// <summary>The command line that repeats the fit: it names every setting.</summary>
    public abstract string Command { get; }

    /// <summary>What shapes the result and has no place on the command line.</summary>
    protected abstract string Recipe { get; }

    /// <summary>A guess of the work, in arbitrary units, for the order of tasks and the remaining time.</summary>
    public abstract double Cost { get; }

    /// <summary>The SHA-256 of configuration and code version, 32 hexadecimal digits of it: the name of the result.</summary>
    public string Hash => _hash ??= Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Cell.CurrentSchema}\n{Study}\n{Command}\n{Recipe}\n{CodeVersion.Hash}")))[..32];

    /// <summary>Fits and measures on one thread.</summary>
    public (Cell Cell, Composition Flow) Run(CancellationToken cancellation) => Run(threads: 1, progress: null, cancellation);

    /// <summary>Fits and measures; no bit depends on the number of threads.</summary>
    public abstract (Cell Cell, Composition Flow) Run(int threads, Action<int, double>? progress, CancellationToken cancellation);

    /// <summary>The status in result files, and why: a run whose measured figures are not finite has diverged, whatever its optimiser says.</summary>
    protected static (string Status, string? Reason) Verdict(FitResult result, bool finite)
    {
        if (!finite && result.Status != FitStatus.Diverged) return (Cell.Diverged, "the fitted flow is not finite where it was measured");
        return (result.Status switch { FitStatus.Finished => Cell.Finished, FitStatus.Diverged => Cell.Diverged, _ => Cell.Cut }, result.Reason);
    }

    /// <summary>The trace in the form of result files.</summary>
    protected static IReadOnlyList<TracePoint> Trace(FitResult result) => [.. result.Trace.Select(p => new TracePoint(p.Step, p.Loss))];

    /// <summary>The number of trained parameters.</summary>
    protected static int Parameters(IBijection flow) => flow.Parameters.Sum(p => p.Count);
}

/// <summary>A flow against a map.</summary>
public sealed class MapTask(MapSettings settings) : StudyTask
{
    /// <inheritdoc/>
    public override string Study => "maps";

    /// <inheritdoc/>
    public override string Command => settings.Command;

    /// <inheritdoc/>
    protected override string Recipe => $"reach {MapFit.Reach(settings.Target, settings.Domain):R}; {MapErrorOptions.Default with { Threads = 1 }}";

    /// <inheritdoc/>
    public override double Cost =>
        settings.Steps * settings.Depth * settings.Target.Dimension * (settings.Family is FlowFamily.Acf or FlowFamily.Nice ? 1 : 1.6) * (settings.Target.Dimension == 1 ? 0.3 : 1);

    /// <inheritdoc/>
    public override (Cell Cell, Composition Flow) Run(int threads, Action<int, double>? progress, CancellationToken cancellation)
    {
        (Composition flow, FitResult result) = MapFit.Run(settings, threads, progress, cancellation);
        Errors errors = Measure(flow, settings, threads);
        (string status, string? reason) = Verdict(result, double.IsFinite(errors.Sup) && double.IsFinite(errors.Rmse));
        Cell cell = new()
        {
            Study = Study,
            Hash = Hash,
            CodeVersion = CodeVersion.Hash,
            Target = settings.Target.Name,
            Formula = settings.Target.Formula,
            Domain = settings.Domain.ToString(),
            Dimension = settings.Target.Dimension,
            Family = Names.Of(settings.Family),
            Depth = settings.Depth,
            Hidden = string.Join(',', settings.Hidden),
            Activation = Names.Of(settings.Activation),
            Seed = settings.Seed,
            Method = settings.Method,
            Steps = result.Steps,
            Parameters = Parameters(flow),
            Status = status,
            Reason = reason,
            Errors = errors,
            Trace = Trace(result),
            Command = Command,
            FlowFile = $"{Hash}.flow.json",
        };
        return (cell, flow);
    }

    /// <summary>The errors in the form of result files.</summary>
    public static Errors Measure(Composition flow, MapSettings settings, int threads = 1)
    {
        ErrorNorms e = MapErrors.Estimate(flow, settings.Target, settings.Domain, new MapErrorOptions { Threads = threads });
        return new Errors { Sup = e.Sup, SupAt = e.SupAt, L1 = e.L1, L1Error = e.L1Error, L2 = e.L2, L2Error = e.L2Error, Rmse = e.Rmse, C1 = e.C1 ?? double.NaN };
    }
}

/// <summary>A flow against a law.</summary>
public sealed class LawTask(LawSettings settings) : StudyTask
{
    /// <inheritdoc/>
    public override string Study => "laws";

    /// <inheritdoc/>
    public override string Command => settings.Command;

    /// <inheritdoc/>
    protected override string Recipe => $"reach {LawSettings.Reach:R}; {LawFit.TestPoints} test points";

    /// <inheritdoc/>
    public override double Cost => settings.Steps * settings.Depth * 0.25 * (settings.Family is FlowFamily.Acf or FlowFamily.Nice ? 1 : 2);

    /// <inheritdoc/>
    public override (Cell Cell, Composition Flow) Run(int threads, Action<int, double>? progress, CancellationToken cancellation)
    {
        (Composition flow, FitResult result) = LawFit.Run(settings, threads, progress, cancellation);
        Likelihood likelihood = LawFit.Measure(flow, settings.Law, settings.Seed);
        (string status, string? reason) = Verdict(result, double.IsFinite(likelihood.Kl) && double.IsFinite(likelihood.Nll));
        Cell cell = new()
        {
            Study = Study,
            Hash = Hash,
            CodeVersion = CodeVersion.Hash,
            Target = settings.Law.Name,
            Formula = settings.Law.Formula,
            Domain = settings.Law.Window.ToString(),
            Dimension = settings.Law.Dimension,
            Family = Names.Of(settings.Family),
            Depth = settings.Depth,
            Hidden = string.Join(',', settings.Hidden),
            Activation = Names.Of(settings.Activation),
            Seed = settings.Seed,
            Method = LawSettings.Method,
            Steps = result.Steps,
            Parameters = Parameters(flow),
            Status = status,
            Reason = reason,
            Likelihood = likelihood,
            Trace = Trace(result),
            Command = Command,
            FlowFile = $"{Hash}.flow.json",
        };
        return (cell, flow);
    }
}
