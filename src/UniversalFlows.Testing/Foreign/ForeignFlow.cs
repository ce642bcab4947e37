namespace UniversalFlows.Testing.Foreign;

/// <summary>A flow given as two functions of plain numbers.</summary>
/// <example><code>
/// var scaling = ForeignFlow.PerPoint("twice", 1, x => ([2 * x[0]], Math.Log(2)), y => ([y[0] / 2], -Math.Log(2)));
/// foreach (LawResult r in ForeignLaws.Audit(scaling, new AuditOptions())) r.ThrowIfBroken();
/// </code></example>
public sealed class ForeignFlow : IForeignFlow
{
    private readonly Func<double[], FlowBatch> _forward;
    private readonly Func<double[], FlowBatch>? _inverse;

    /// <summary>A flow that takes batches: n·d numbers in, n·d values and n log-dets out.</summary>
    /// <param name="name">Named in every failure.</param>
    /// <param name="dimension">d ≥ 1.</param>
    /// <param name="forward">f and log|det Df|.</param>
    /// <param name="inverse">f⁻¹ and log|det Df⁻¹|; null if there is none.</param>
    public ForeignFlow(string name, int dimension, Func<double[], FlowBatch> forward, Func<double[], FlowBatch>? inverse = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentNullException.ThrowIfNull(forward);
        (Name, Dimension, _forward, _inverse) = (name, dimension, forward, inverse);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public bool HasInverse => _inverse is not null;

    /// <inheritdoc/>
    public bool PromisesBits { get; init; }

    /// <inheritdoc/>
    public double Epsilon { get; init; } = ValueTrial.DoubleEpsilon;

    /// <summary>A flow that takes a point at a time: d numbers in, d values and a log-det out.</summary>
    public static ForeignFlow PerPoint(
        string name, int dimension, Func<double[], (double[] Value, double LogDet)> forward, Func<double[], (double[] Value, double LogDet)>? inverse = null)
    {
        ArgumentNullException.ThrowIfNull(forward);
        return new ForeignFlow(name, dimension, Rows(forward, dimension), inverse is null ? null : Rows(inverse, dimension)) { PromisesBits = true };
    }

    /// <inheritdoc/>
    public FlowBatch Forward(double[] points) => Checked(_forward(points), points.Length, "forward");

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no inverse.</exception>
    public FlowBatch Inverse(double[] points) =>
        Checked((_inverse ?? throw new InvalidOperationException($"{Name} has no inverse"))(points), points.Length, "inverse");

    private FlowBatch Checked(FlowBatch? batch, int numbers, string direction) =>
        batch is not null && batch.Values.Length == numbers && batch.LogDets.Length == numbers / Dimension
            ? batch
            : throw new ForeignFlowException(
                $"{Name}, {direction}: {numbers / Dimension} points of R^{Dimension} gave {batch?.Values.Length ?? 0} values and {batch?.LogDets.Length ?? 0} log-dets");

    private static Func<double[], FlowBatch> Rows(Func<double[], (double[] Value, double LogDet)> f, int d) => points =>
    {
        int n = points.Length / d;
        double[] values = new double[points.Length], logDets = new double[n];
        for (int i = 0; i < n; i++)
        {
            (double[] value, logDets[i]) = f(points[(i * d)..((i + 1) * d)]);
            if (value.Length != d) throw new ForeignFlowException($"a point of R^{d} gave {value.Length} values");
            value.CopyTo(values, i * d);
        }

        return new FlowBatch(values, logDets);
    };
}
