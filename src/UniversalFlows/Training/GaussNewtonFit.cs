using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>Settings of <see cref="GaussNewtonFit"/>; all but the threads shape the result.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="BatchSize">Fresh samples a step.</param>
public sealed record GaussNewtonOptions(int Steps, int BatchSize = 1024)
{
    /// <summary>The largest step, as a part of the Gauss-Newton step.</summary>
    public double Rate { get; init; } = 0.3;

    /// <summary>λ.</summary>
    public double Damping { get; init; } = 1e-3;

    /// <summary>Weight of the past in the mean gradient.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>The largest change of the law that a step may make, as vᵀδ of the quadratic model.</summary>
    public double TrustRegion { get; init; } = 1e-3;

    /// <summary>Gradients longer than this are shortened to it, before they enter the mean: a sample far out can have a loss of any size.</summary>
    public double MaxGradientNorm { get; init; } = 10;

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called after each step with its number and the loss.</summary>
    public Action<int, double>? Progress { get; init; }

    /// <summary>Stops the run, which is then marked as cut.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>
/// Maximum likelihood by natural gradient: −log q = ½|z|² − log|det Dz| + const is convex in z and in the determinant, with second derivatives I and 1/det², so its Gauss-Newton matrix is
/// E[Jᵀ_z J_z + ∇log|det| ∇log|det|ᵀ] over samples of the data, an approximation of the Fisher matrix without samples of the model. Layers are taken apart and Kronecker-factored (<see cref="KroneckerFactors"/>).
/// </summary>
/// <remarks>
/// The gradient is a mean over the batch and over steps, v; the matrix is a mean of what 256 samples show every fifth step. A step is −η·δ, δ = (B ⊗ A + λ)⁻¹v, shortened so that η²vᵀδ stays below the trust region;
/// η warms up linearly and falls as a cosine, as for Adam. Unlike a regression, where the residuals of single samples vanish together, the likelihood has no step that is right for every sample: solving in sample space
/// (<see cref="LevenbergMarquardt"/>) would fit the batch.
/// </remarks>
public static class GaussNewtonFit
{
    /// <summary>Samples that the matrix is taken from: no batch is smaller.</summary>
    public const int CurvatureSamples = 256;

    private const int Refresh = 5;

    private const double Decay = 0.95;

    /// <summary>Fits the map from data to base in place. <paramref name="fill"/> puts the samples of step k into the batch.</summary>
    public static FitResult Fit(IBijection normalising, Action<int, Batch> fill, GaussNewtonOptions options)
    {
        ArgumentNullException.ThrowIfNull(normalising);
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentNullException.ThrowIfNull(options);
        if (options.BatchSize < CurvatureSamples) throw new ArgumentException($"at least {CurvatureSamples} samples a step were expected, not {options.BatchSize}", nameof(options));
        NegativeLogLikelihood objective = new(normalising);
        ParameterVector theta = new(objective.Parameters);
        if (theta.Count == 0) return new FitResult(FitStatus.Finished, "the flow has no parameters", 0, []);
        Trace trace = new(options.Steps);
        Batch batch = new(options.BatchSize, normalising.Dimension);
        double[] gradient = new double[theta.Count], mean = new double[theta.Count], v = new double[theta.Count], delta = new double[theta.Count], good = theta.Values.ToArray();
        using MeanGradient gradients = new(objective, theta, options.Threads);
        using SampleJacobian jacobian = new(new BaseAndDeterminant(normalising), theta, CurvatureSamples);
        KroneckerFactors factors = new(theta, options.Threads);
        double[] outputs = new double[jacobian.Order];
        int warmUp = Math.Max(1, options.Steps / 20);
        double power = 1;
        for (int k = 0; k < options.Steps; k++)
        {
            if (options.Cancellation.IsCancellationRequested) return new FitResult(FitStatus.Cut, $"cut after {k} of {options.Steps} steps", k, trace.Points);
            fill(k, batch);
            batch.Pad();
            double loss = gradients.Evaluate(batch, gradient), norm = Math.Sqrt(VectorMath.Dot(gradient, gradient));
            if (!double.IsFinite(loss) || !double.IsFinite(norm))
            {
                good.CopyTo(theta.Values);
                return new FitResult(FitStatus.Diverged, $"the loss or its gradient is not finite at step {k}", k, trace.Points);
            }

            trace.Add(k, loss, last: k == options.Steps - 1);
            theta.Values.CopyTo(good);
            // few factors have been seen at the beginning, and the flow changes fast
            if (k % Refresh == 0 || k < 4 * Refresh)
            {
                jacobian.Record(batch, outputs, options.Threads);
                factors.Update(jacobian, Decay, options.Damping);
            }

            power *= options.Momentum;
            double shortened = Math.Min(1, options.MaxGradientNorm / norm);
            for (int i = 0; i < mean.Length; i++)
            {
                mean[i] = (options.Momentum * mean[i]) + ((1 - options.Momentum) * shortened * gradient[i]);
                v[i] = mean[i] / (1 - power);
            }

            factors.Solve(v, delta);
            double rate = Schedule.WarmCosine(options.Rate, k, options.Steps, warmUp), change = VectorMath.Dot(v, delta);
            if (rate * rate * change > options.TrustRegion) rate = Math.Sqrt(options.TrustRegion / change);
            VectorMath.AddScaledTo(-rate, delta, theta.Values);
            options.Progress?.Invoke(k + 1, loss);
        }

        return new FitResult(FitStatus.Finished, null, options.Steps, trace.Points);
    }

    /// <summary>z and log|det Dz|.</summary>
    private sealed class BaseAndDeterminant(IBijection normalising) : ISampleOutputs
    {
        public int Columns => normalising.Dimension;

        public int Outputs => normalising.Dimension + 1;

        public void Record(ReadOnlySpan<Node> sample, Span<Node> outputs)
        {
            Span<Node> z = outputs[..normalising.Dimension];
            sample.CopyTo(z);
            outputs[normalising.Dimension] = normalising.Forward(z);
        }
    }
}
