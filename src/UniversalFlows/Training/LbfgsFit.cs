using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>Minimises an objective over one fixed batch by limited-memory BFGS: a deterministic function, as line searches need it.</summary>
public static class LbfgsFit
{
    /// <summary>Fits the objective's parameters in place; no bit depends on the number of threads.</summary>
    /// <param name="objective">The loss, a mean over the batch.</param>
    /// <param name="batch">Quasi-random points, say, padded (<see cref="Batch.Pad"/>); enough of them that the parameters can't follow single points.</param>
    /// <param name="options">Steps, memory, line search.</param>
    /// <param name="threads">Threads of the gradient.</param>
    public static FitResult Fit(IObjective objective, Batch batch, LbfgsOptions options, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(options);
        ParameterVector theta = new(objective.Parameters);
        if (theta.Count == 0) return new FitResult(FitStatus.Finished, "the flow has no parameters", 0, []);
        using MeanGradient mean = new(objective, theta, threads);
        double[] x = theta.Values.ToArray();
        FitResult result = Lbfgs.Minimise(Loss, x, options);
        x.CopyTo(theta.Values);
        return result;

        double Loss(ReadOnlySpan<double> at, Span<double> gradient)
        {
            at.CopyTo(theta.Values);
            return mean.Evaluate(batch, gradient);
        }
    }
}
