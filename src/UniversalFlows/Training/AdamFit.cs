using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>Settings of <see cref="AdamFit"/>; all but the threads shape the result.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="BatchSize">Fresh samples a step.</param>
/// <param name="Rate">The largest learning rate.</param>
public sealed record AdamOptions(int Steps, int BatchSize = 512, double Rate = 3e-3)
{
    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Gradients longer than this are shortened to it.</summary>
    public double MaxGradientNorm { get; init; } = 10;

    /// <summary>Called after each step with its number and the loss.</summary>
    public Action<int, double>? Progress { get; init; }

    /// <summary>Stops the run, which is then marked as cut.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Minimises an objective by Adam: a short linear warm-up, then a cosine from the largest rate down to its hundredth.</summary>
public static class AdamFit
{
    /// <summary>Fits in place. <paramref name="fill"/> puts the samples of step k into the batch.</summary>
    public static FitResult Fit(IObjective objective, Action<int, Batch> fill, AdamOptions options)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentNullException.ThrowIfNull(options);
        ParameterVector theta = new(objective.Parameters);
        if (theta.Count == 0) return new FitResult(FitStatus.Finished, "the flow has no parameters", 0, []);
        Trace trace = new(options.Steps);
        Adam adam = new(theta);
        Batch batch = new(options.BatchSize, objective.Columns);
        double[] gradient = new double[theta.Count], best = theta.Values.ToArray();
        using MeanGradient mean = new(objective, theta, options.Threads);
        int warmUp = Math.Max(1, options.Steps / 20);
        for (int k = 0; k < options.Steps; k++)
        {
            if (options.Cancellation.IsCancellationRequested) return new FitResult(FitStatus.Cut, $"cut after {k} of {options.Steps} steps", k, trace.Points);
            fill(k, batch);
            batch.Pad();
            double loss = mean.Evaluate(batch, gradient), norm = Math.Sqrt(VectorMath.Dot(gradient, gradient));
            if (!double.IsFinite(loss) || !double.IsFinite(norm))
            {
                best.CopyTo(theta.Values);
                return new FitResult(FitStatus.Diverged, $"the loss or its gradient is not finite at step {k}", k, trace.Points);
            }

            trace.Add(k, loss, last: k == options.Steps - 1);
            theta.Values.CopyTo(best);
            if (norm > options.MaxGradientNorm)
            {
                double factor = options.MaxGradientNorm / norm;
                foreach (ref double g in gradient.AsSpan()) g *= factor;
            }

            adam.Step(gradient, Schedule.WarmCosine(options.Rate, k, options.Steps, warmUp));
            options.Progress?.Invoke(k + 1, loss);
        }

        return new FitResult(FitStatus.Finished, null, options.Steps, trace.Points);
    }
}
