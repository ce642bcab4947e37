using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>A map at many points.</summary>
/// <param name="Values">f(x), point after point, d numbers each.</param>
/// <param name="LogDet">log|det Df(x)|, one a point, of the direction evaluated.</param>
public sealed record Evaluation(double[] Values, double[] LogDet);

/// <summary>A domain K as a picture needs it.</summary>
/// <param name="Lower">The lower corner of the smallest box around K: d numbers.</param>
/// <param name="Upper">The upper corner.</param>
/// <param name="Contains">Whether a point of d numbers is in K.</param>
public sealed record DomainView(double[] Lower, double[] Upper, Func<double[], bool> Contains);

/// <summary>
/// Everything a report is made from. Maps are asked for many points at once, row after row (n·d numbers). A delegate that returns
/// null has no answer (a flow file that is gone, a law without a density): the report says so in its place.
/// </summary>
/// <remarks>The report is deterministic when the delegates are.</remarks>
public sealed record ReportData
{
    /// <summary>The runs, in any order.</summary>
    public required IReadOnlyList<Cell> Cells { get; init; }

    /// <summary>What runs cost, by <see cref="Cell.Hash"/>; any may be missing.</summary>
    public IReadOnlyDictionary<string, Timing> Timings { get; init; } = new Dictionary<string, Timing>();

    /// <summary>What the study of the laws of flows found; empty if it was not run.</summary>
    public IReadOnlyList<LawsResult> FlowLaws { get; init; } = [];

    /// <summary>What the study of the controls found; empty if it was not run.</summary>
    public IReadOnlyList<ControlsResult> Controls { get; init; } = [];

    /// <summary>Laws compiled to flows; empty if that study was not run.</summary>
    public IReadOnlyList<LawConstructionResult> LawConstructions { get; init; } = [];

    /// <summary>The claims of the sources with the verdicts of kept evidence; empty if none is kept.</summary>
    internal IReadOnlyList<Claims.Judgement> Judgements { get; init; } = [];

    /// <summary>What the study of weak convergence found; empty if it was not run.</summary>
    public IReadOnlyList<WeakResult> Weak { get; init; } = [];

    /// <summary>The command that made the report, as the reader would type it.</summary>
    public string Command { get; init; } = "uf report";

    /// <summary>The domain a cell was measured on (study <c>maps</c>).</summary>
    public required Func<Cell, DomainView> Domain { get; init; }

    /// <summary>The trained flow, forward: base to data.</summary>
    public required Func<Cell, double[], Evaluation?> Flow { get; init; }

    /// <summary>The trained flow, inverse: data to base.</summary>
    public required Func<Cell, double[], Evaluation?> Inverse { get; init; }

    /// <summary>What the first parts of a constructed flow, as many as the number says, make of points; n·d numbers.</summary>
    public Func<Cell, int, double[], double[]?> Prefix { get; init; } = (_, _, _) => null;

    /// <summary>The inverse of that: which points the first parts of a constructed flow bring there; NaN where the inverse failed.</summary>
    public Func<Cell, int, double[], double[]?> BackThrough { get; init; } = (_, _, _) => null;

    /// <summary>The target map of a cell (study <c>maps</c>).</summary>
    public required Func<Cell, double[], Evaluation?> Target { get; init; }

    /// <summary>A number that the sup error of no flow of the cell's family and depth can be below on its target, with the reason (study <c>maps</c>); null where none is known.</summary>
    public Func<Cell, (double Lower, string Reason)?> Floor { get; init; } = _ => null;

    /// <summary>Points of a law by its name: n·d numbers.</summary>
    public required Func<string, int, double[]?> LawSamples { get; init; }

    /// <summary>The log-density of a law at points, in nats.</summary>
    public required Func<string, double[], double[]?> LawLogDensity { get; init; }

    /// <summary>Points of the flows' base law by dimension and number: n·d numbers.</summary>
    public required Func<int, int, double[]> BaseSamples { get; init; }

    /// <summary>The log-density of the base law at points of a dimension; the standard normal law unless told otherwise.</summary>
    public Func<int, double[], double[]> BaseLogDensity { get; init; } = StandardNormal;

    /// <summary>−½|z|² − ½ d log 2π at each point.</summary>
    /// <param name="dimension">d ≥ 1.</param>
    /// <param name="points">n·d numbers.</param>
    public static double[] StandardNormal(int dimension, double[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        double[] values = new double[points.Length / dimension];
        for (int i = 0; i < values.Length; i++)
        {
            double squares = 0;
            for (int j = 0; j < dimension; j++)
                squares += points[(i * dimension) + j] * points[(i * dimension) + j];
            values[i] = -0.5 * (squares + (dimension * Numerics.Functions.LogTwoPi));
        }

        return values;
    }
}
