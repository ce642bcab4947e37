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
        Cell cell = Describe(settings, settings.Method, settings.Target.Name, settings.Target.Formula, settings.Domain.ToString(), flow, result, double.IsFinite(errors.Sup) && double.IsFinite(errors.Rmse));
        return (cell with { Errors = errors }, flow);
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
        Cell cell = Describe(settings, settings.Method, settings.Law.Name, settings.Law.Formula, settings.Law.Window.ToString(), flow, result, double.IsFinite(likelihood.Kl) && double.IsFinite(likelihood.Nll));
        return (cell with { Likelihood = likelihood }, flow);
    }
}
