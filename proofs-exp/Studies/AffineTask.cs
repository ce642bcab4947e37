using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Measurement;

namespace UniversalFlows.Proofs.Studies;

/// <summary>An affine coupling flow from a proof: <see cref="ConstructedFlow"/> as a cell.</summary>
public sealed class AffineTask(AffineCase what) : StudyTask
{
    /// <summary>The name of the study and of its folder.</summary>
    public const string StudyName = "affine-constructions";

    private readonly ConstructionTask _task = what.Task;

    /// <inheritdoc/>
    public override string Study => StudyName;

    /// <inheritdoc/>
    public override string Command
    {
        get
        {
            AffineSettings s = _task.Fixed!;
            List<string> words =
            [
                $"uf construct --target {MapSettings.Quote(_task.Target.Name)} --domain {MapSettings.Quote(_task.Domain.ToString())} --family acf --norm {_task.Norm} --route {Lower(s.Route)} --epsilon {Text(_task.Epsilon)}",
            ];
            void Add(string option, object? value)
            {
                if (value is not null) words.Add($"--{option} {(value is double v ? Text(v) : Lower(value))}");
            }

            Add("order", s.Order);
            Add("scheme", s.Scheme);
            Add("steps", s.Steps);
            Add("directions", s.Directions);
            Add("degree", s.Degree);
            Add("weight", s.Weight);
            Add("margin", s.Margin);
            Add("delta", s.Delta);
            Add("cells", s.Cells);
            Add("pieces", s.Pieces);
            Add("ramp", s.Ramp);
            Add("gamma", s.CellMargin);
            Add("cell-order", s.CellOrder == 2 ? null : s.CellOrder);
            return $"{string.Join(' ', words)} --out built";
        }
    }

    /// <inheritdoc/>
    public override string Label => string.Create(CultureInfo.InvariantCulture, $"construct {what.Row.Name} {what.At}");

    /// <inheritdoc/>
    // two rows may share a command line, but not a cell
    protected override string Recipe => $"{what.Row.Name}; {MapErrorOptions.Default with { Threads = 1 }}{(Proof is { } proof ? $"; {Certified.Recipe}; {proof}" : "")}";

    /// <summary>The exact flows of the cost table are short enough for a proof; null for all others.</summary>
    private ProofBudget? Proof => what.Row.Figure == AffineCases.Costs && _task.ChosenRoute == AffineRoute.Overshear ? new(2048) : null;

    /// <inheritdoc/>
    public override double Cost => _task.ChosenRoute switch
    {
        AffineRoute.Cell => 400 + (1.2 * (_task.Fixed!.Cells ?? 32) * (_task.Fixed.Pieces ?? 32)),
        AffineRoute.Three => 500,
        AffineRoute.Henon => 600 / Math.Sqrt(_task.Epsilon) / 3,
        _ => _task.Fixed!.Scheme is null ? 300 : 80 * _task.Fixed.Steps!.Value * (_task.Fixed.Scheme == SplittingScheme.Suzuki ? 3 : 1),
    };

    /// <inheritdoc/>
    public override StudyRun Run(int threads, Action<int, double>? progress, CancellationToken cancellation)
    {
        ConstructedFlow built = ConstructedFlow.Run(_task, threads, null);
        Composition flow = built.Flow ?? new Composition(_task.Target.Dimension, []);
        bool finite = double.IsFinite(built.Error);
        Cell cell = ConstructTask.Cell(this, _task.Target, FlowFamily.Acf, flow, flow.Parts.Count(p => p is Coupling), Lower(_task.ChosenRoute), finite) with
        {
            Domain = _task.Domain.ToString(),
            Hidden = _task.ChosenRoute switch { AffineRoute.Overshear => "polynomial", AffineRoute.Henon => "table", _ => "units" },
            Activation = AffineCompiler.BoundsSup(_task.ChosenRoute) ? "none" : _task.ChosenRoute == AffineRoute.Three ? "tanh" : "relu",
            Reason = built.Refusal is { } r ? $"refused at step {r.Step}: {r.Reason}" : finite ? null : "the flow is not finite where it was measured",
            Errors = built.Measured is { } measured ? Form(measured) : null,
            Certificate = finite && Proof is { } budget ? Certified.Of(flow, _task.Target, _task.Domain, threads, budget) : null,
            Construction = new()
            {
                Epsilon = _task.Epsilon,
                Met = built.Met,
                Inverse = built.Measured?.Inverse ?? double.NaN,
                Chains = [],
                Sweep = new(what.Row.Name, what.At),
                Affine = built.Witness is not { Flow: not null } witness ? null : new()
                {
                    Route = Lower(_task.ChosenRoute),
                    Norm = _task.Norm,
                    Error = built.Error,
                    Constants = witness.Constants,
                    Budget = witness.Budget,
                    Set = built.Measured is { Set: { } set, OffSet: { } off }
                        ? new(set.Measure, set.Size, set.Contribution(_task.Exponent), off.Sup, [.. set.Places.Select(p => new RampSummary(p.Layer, p.Coordinate, p.Edges, p.Width))]) : null,
                },
            },
        };
        return new(cell, flow);
    }

    /// <summary>With an exceptional set L1, L2 and rmse are those off it, and sup is the largest error met anywhere.</summary>
    private Errors Form(MeasuredFlow measured) => measured.OffSet is not { } off
        ? MapTask.Form(measured.Norms)
        : new()
        {
            Sup = Math.Max(measured.Norms.Sup, measured.Set!.Size),
            SupAt = measured.Norms.SupAt,
            L1 = off.L1,
            L1Error = off.L1Error,
            L2 = off.L2,
            L2Error = off.L2Error,
            Rmse = off.L2 / Math.Sqrt(_task.Domain.Volume),
            C1 = double.NaN,
        };

    private static string Lower(object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!.ToLowerInvariant();

    private static string Text(double v) => v == 0 ? "0" : v.ToString("0.###############e-0", CultureInfo.InvariantCulture);
}
