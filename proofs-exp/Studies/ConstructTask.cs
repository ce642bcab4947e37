using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>A flow compiled from a target by the steps of the proof: <see cref="ConstructedFlow"/> as a cell.</summary>
/// <param name="target">f, on its default domain.</param>
/// <param name="family">sos, dsf or rqs.</param>
/// <param name="epsilon">The sup error wanted.</param>
/// <param name="proof">How far the proof of the sup error may go; null: that of trained flows.</param>
public sealed class ConstructTask(Target target, FlowFamily family, double epsilon, ProofBudget? proof = null) : StudyTask
{
    /// <summary>The method's name in cells.</summary>
    public const string Method = "construct";

    private readonly ConstructionTask _task = new(target, target.DefaultDomain, family, epsilon);

    /// <inheritdoc/>
    public override string Study => ConstructionSummary.StudyName;

    /// <inheritdoc/>
    public override string Command =>
        $"uf construct --target {target.Name} --domain {MapSettings.Quote(_task.Domain.ToString())} --family {Names.Of(family)} --epsilon {Text(epsilon)} --out built";

    /// <inheritdoc/>
    public override string Label => $"construct {target.Name} {Names.Of(family)} {Text(epsilon)}";

    /// <inheritdoc/>
    protected override string Recipe => $"{MapErrorOptions.Default with { Threads = 1 }}; {Certified.Recipe}; {proof}";

    /// <inheritdoc/>
    public override double Cost => (target.Dimension switch { 1 => 150, 2 => 700, _ => 4000 }) * (family == FlowFamily.Dsf ? 3 : family == FlowFamily.Rqs ? 1.5 : 1);

    /// <inheritdoc/>
    public override StudyRun Run(int threads, Action<int, double>? progress, CancellationToken cancellation)
    {
        ConstructedFlow built = ConstructedFlow.Run(_task, threads, null);
        Composition flow = built.Flow ?? new Composition(target.Dimension, []);
        bool finite = built.Measured?.Norms is { } e && double.IsFinite(e.Sup) && double.IsFinite(e.Rmse);
        Cell cell = Cell(this, target, family, flow, built.Chains.Sum(c => c.Layers.Count), Method, finite) with
        {
            Reason = built.Refusal is { } r ? $"refused at step {r.Step}: {r.Reason}" : finite ? built.Met ? null : "the error asked for was not met" : "the flow is not finite where it was measured",
            Errors = built.Measured?.Norms is { } norms ? MapTask.Form(norms) : null,
            Certificate = finite ? Certified.Of(flow, target, _task.Domain, threads, proof) : null,
            Construction = new() { Epsilon = epsilon, Met = built.Met, Inverse = built.Measured?.Inverse ?? double.NaN, Chains = [.. built.Chains.Select(ChainSummary.Of)] },
        };
        return new(cell, flow);
    }

    /// <summary>What the cells of this study have in common: nothing in them was trained or drawn at random.</summary>
    internal static Cell Cell(StudyTask task, Target target, FlowFamily family, Composition flow, int layers, string method, bool finite) => new()
    {
        Study = task.Study,
        Hash = task.Hash,
        CodeVersion = CodeVersion.Hash,
        Target = target.Name,
        Formula = target.Formula,
        Domain = target.DefaultDomain.ToString(),
        Dimension = target.Dimension,
        Family = Names.Of(family),
        Depth = layers,
        Hidden = "chebyshev",
        Activation = "none",
        Seed = 0,
        Method = method,
        Steps = 0,
        Parameters = flow.Parameters.Sum(p => p.Count),
        Status = finite ? Studies.Cell.Finished : Studies.Cell.Diverged,
        Command = task.Command,
        FlowFile = $"{task.Hash}.flow.json",
    };

    private static string Text(double epsilon) => epsilon.ToString("0.###############e-0", CultureInfo.InvariantCulture);
}
