using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Measurement;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>A flow compiled with a fixed number of factors, degree and size: one point of a <see cref="Sweep"/>.</summary>
public sealed class RateTask : StudyTask
{
    /// <summary>The name of the study and of its folder.</summary>
    public const string StudyName = "construction-rates";

    /// <summary>The method's name in cells.</summary>
    public const string Method = "rates";

    private readonly Sweep _sweep;
    private readonly int _value;
    private readonly ConstructionTask _task;

    /// <summary>The point of the sweep at a value of what varies.</summary>
    public RateTask(Sweep sweep, int value)
    {
        ArgumentNullException.ThrowIfNull(sweep);
        (_sweep, _value) = (sweep, value);
        Target target = TargetParser.Parse(sweep.Target);
        _task = new ConstructionTask(target, target.DefaultDomain, sweep.Family, sweep.Epsilon)
        {
            Order = AffineOrder.Moving,
            Factors = sweep.Factors > 0 ? sweep.Factors : value,
            Degree = sweep.Degree > 0 ? sweep.Degree : value,
            // what varies for sigmoids are those on the interval
            Size = sweep.Family switch { FlowFamily.Sos => null, FlowFamily.Dsf => value + (2 * DeepSigmoidalLayer.Reach(sweep.Overlap)), _ => value },
            Corrected = sweep.Corrected,
            Overlap = sweep.Overlap,
        };
    }

    /// <inheritdoc/>
    public override string Study => StudyName;

    /// <inheritdoc/>
    public override string Command => string.Create(CultureInfo.InvariantCulture, $"uf construct --target {_task.Target.Name} --domain {MapSettings.Quote(_task.Domain.ToString())} --family {Names.Of(_task.Family)} "
        + $"--epsilon {_task.Epsilon:0.###############e-0} --order moving --factors {_task.Factors} --degree {_task.Degree}{(_task.Size is { } size ? $" --size {size}" : "")}"
        + $"{(_task.Corrected is { } corrected ? $" --mixture {(corrected ? "corrected" : "plain")} --overlap {_task.Overlap}" : "")} --out built");

    /// <inheritdoc/>
    public override string Label => $"construct {_sweep.Name} {_value}";

    /// <inheritdoc/>
    // two sweeps may share a command line, but not a cell
    protected override string Recipe => $"{_sweep.Name}; {MapErrorOptions.Default with { Threads = 1 }}";

    /// <inheritdoc/>
    public override double Cost => _task.Family switch { FlowFamily.Dsf => 500 + (2 * _value), FlowFamily.Rqs => 400, _ => 4 * _task.Factors!.Value * _task.Degree!.Value };

    /// <inheritdoc/>
    public override StudyRun Run(int threads, Action<int, double>? progress, CancellationToken cancellation)
    {
        ConstructedFlow built = ConstructedFlow.Run(_task, threads, null);
        Composition flow = built.Flow ?? new Composition(_task.Target.Dimension, []);
        bool finite = built.Measured?.Norms is { } e && double.IsFinite(e.Sup) && double.IsFinite(e.Rmse);
        Cell cell = ConstructTask.Cell(this, _task.Target, _task.Family, flow, built.Chains.Sum(c => c.Layers.Count), Method, finite) with
        {
            // the error is what it is at this size: none was asked for
            Reason = built.Refusal is { } r ? $"refused at step {r.Step}: {r.Reason}" : finite ? null : "the flow is not finite where it was measured",
            Errors = built.Measured?.Norms is { } norms ? MapTask.Form(norms) : null,
            Construction = new()
            {
                Epsilon = _task.Epsilon,
                Met = built.Met,
                Inverse = built.Measured?.Inverse ?? double.NaN,
                Chains = [.. built.Chains.Select(ChainSummary.Of)],
                Sweep = new(_sweep.Name, _value),
            },
        };
        return new(cell, flow);
    }
}
