using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;

namespace UniversalFlows.Proofs.Studies;

/// <summary>A constructed flow, of whatever kind, with what was measured of it on other points.</summary>
/// <param name="Task">What was asked.</param>
/// <param name="CompilerEpsilon">
/// The error that the compiler was asked for: for sos, dsf and rqs in the sup norm, ε divided by |K|^{1/p} for the norm Lp; tightened if a first flow missed ε.
/// </param>
/// <param name="Flow">The flow; null if the target was refused.</param>
/// <param name="Refusal">Why there is none.</param>
/// <param name="Measured">Null if there is no flow.</param>
public sealed record ConstructedFlow(ConstructionTask Task, double CompilerEpsilon, Composition? Flow, Refusal? Refusal, MeasuredFlow? Measured)
{
    private const int Retries = 2;

    /// <summary>The chains of sos, dsf and rqs.</summary>
    public IReadOnlyList<Chain> Chains { get; init; } = [];

    /// <summary>The affine couplings' constants and budget; null for the other families.</summary>
    public AffineWitness? Witness { get; init; }

    /// <summary>The error in the norm that was asked for; +∞ without a flow.</summary>
    public double Error => Measured?.Error(Task.Exponent) ?? double.PositiveInfinity;

    /// <summary>Whether that error is within ε and the inverse was found wherever it was tried; false for NaN.</summary>
    public bool Met => Error <= Task.Epsilon && double.IsFinite(Measured!.Inverse);

    /// <summary>Compiles and measures; where the measured error exceeds ε although the budget was kept, a tighter budget is tried.</summary>
    public static ConstructedFlow Run(ConstructionTask task, int threads, Action<string>? progress)
    {
        ArgumentNullException.ThrowIfNull(task);
        bool affine = task.Family == FlowFamily.Acf;
        double p = task.Exponent, tightening = affine ? 0.6 : 0.3;
        // ‖f − g‖_p ≤ |K|^{1/p}·sup|f − g|
        double epsilon = affine || double.IsInfinity(p) ? task.Epsilon : task.Epsilon / (p == 1 ? task.Domain.Volume : Math.Sqrt(task.Domain.Volume));
        ConstructedFlow? best = null;
        for (int attempt = 0; attempt <= Retries; attempt++, epsilon *= tightening)
        {
            (ConstructedFlow built, bool promised) = affine ? Affine(task, epsilon, threads, progress) : Layered(task, epsilon, threads, progress);
            if (built.Flow is null) return best ?? built;
            progress?.Invoke("measuring");
            built = built with { Measured = MeasuredFlow.Of(built.Flow, task.Target, task.Domain, built.Witness?.Exceptional, threads) };
            if (best is null || built.Error < best.Error) best = built;
            if (best.Met || !promised) break;
        }

        return best!;
    }

    private static (ConstructedFlow Built, bool Promised) Layered(ConstructionTask task, double epsilon, int threads, Action<string>? progress)
    {
        ConstructionResult result = FlowCompiler.Compile(task.Target, task.Domain, new ConstructionSettings
        {
            Epsilon = epsilon,
            Family = task.Family,
            Conditioner = task.Conditioner,
            Order = task.Order,
            Factors = task.Factors,
            Degree = task.Degree,
            Size = task.Size,
            Corrected = task.Corrected,
            Overlap = task.Overlap,
            Threads = threads,
            Progress = progress,
        });
        return (new(task, epsilon, result.Flow, result.Refusal, null) { Chains = result.Chains }, result.WithinBudget);
    }

    private static (ConstructedFlow Built, bool Promised) Affine(ConstructionTask task, double epsilon, int threads, Action<string>? progress)
    {
        AffineSettings settings = (task.Fixed ?? new AffineSettings { Epsilon = epsilon, Route = task.ChosenRoute }) with
        {
            Epsilon = epsilon,
            Route = task.ChosenRoute,
            Exponent = task.Exponent,
            Activation = task.Activation,
            Threads = threads,
            Progress = progress,
        };
        AffineWitness witness = AffineCompiler.Compile(task.Target, task.Domain, settings);
        // with a fixed number of steps or cells a tighter ε makes the same flow, or hardly another one
        bool open = settings.Steps is null && settings.Cells is null;
        return (new(task, epsilon, witness.Flow, witness.Refusal, null) { Witness = witness }, open && witness.Bound <= epsilon);
    }
}
