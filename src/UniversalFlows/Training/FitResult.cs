namespace UniversalFlows.Training;

/// <summary>How a training run ended.</summary>
public enum FitStatus
{
    /// <summary>All steps were done, or no step can improve the fit any more.</summary>
    Finished,

    /// <summary>The loss stopped being a number, or no damping found a step that helps; the parameters are the last with a finite loss.</summary>
    Diverged,

    /// <summary>Cut short by a time limit or a cancellation: outside the bitwise promise.</summary>
    Cut,
}

/// <summary>The loss at one step: of Levenberg–Marquardt the root mean square error, of Adam and L-BFGS the mean of the objective (half the squared error, or the negative log-likelihood).</summary>
public readonly record struct TracePoint(int Step, double Loss);

/// <summary>What a training run says of itself.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Reason">A sentence if it did not end well.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Trace">The loss at some steps (about 200 of them), the first and the last included.</param>
public sealed record FitResult(FitStatus Status, string? Reason, int Steps, IReadOnlyList<TracePoint> Trace)
{
    /// <summary>Evaluations of loss and gradient, for optimisers whose steps take a varying number of them; null for the others.</summary>
    public int? Evaluations { get; init; }
}

/// <summary>Keeps about 200 points of a trace, evenly spaced in steps.</summary>
internal sealed class Trace(int steps)
{
    private readonly List<TracePoint> _points = [];
    private readonly int _stride = Math.Max(1, steps / 200);

    public IReadOnlyList<TracePoint> Points => _points;

    public void Add(int step, double loss, bool last)
    {
        if (step % _stride == 0 || last) _points.Add(new(step, loss));
    }
}
