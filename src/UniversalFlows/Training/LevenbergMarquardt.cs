using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Training;

/// <summary>Settings of <see cref="LevenbergMarquardt"/>; all of them shape the result, none depends on time or threads.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="Points">Points of K a step, a multiple of 64; points·d is the order of the linear system.</param>
/// <param name="Seed">Of the quasi-random points.</param>
public sealed record LevenbergMarquardtOptions(int Steps, int Points = 256, ulong Seed = 1)
{
    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called after each step with its number and the root mean square error.</summary>
    public Action<int, double>? Progress { get; init; }

    /// <summary>Stops the run, which is then marked as cut.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>
/// Regression g ≈ f on K by Levenberg–Marquardt in sample space: minimise ½|r + Jδ|² + ½λ|δ|² over the parameter step δ, whose solution
/// is δ = −Jᵀ(J Jᵀ + λI)⁻¹r. The system has one unknown a sample and output, however many parameters there are; J Jᵀ comes from the
/// layers' factors (<see cref="SampleJacobian"/>). Fresh quasi-random points at every step, so no point is fitted twice.
/// </summary>
/// <remarks>
/// The damping follows the gain ratio: actual reduction over the reduction ½|r|² − ½λ²|α|² that the linear model predicts
/// (r + Jδ = λα with α = (J Jᵀ + λI)⁻¹r).
/// </remarks>
public static unsafe class LevenbergMarquardt
{
    private const int MaxRejections = 40;

    /// <summary>Fits the flow's parameters in place.</summary>
    public static FitResult Fit(IBijection flow, IMap target, Domain domain, LevenbergMarquardtOptions options)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(options);
        ParameterVector theta = new(flow.Parameters);
        Trace trace = new(options.Steps);
        if (theta.Count == 0) return new FitResult(FitStatus.Finished, "the flow has no parameters", 0, []);

        int n = options.Points, d = flow.Dimension, order = n * d, stride = order + 8;
        using SampleJacobian jacobian = new(flow, theta, n);
        using AlignedBuffer gram = new((long)order * stride);
        Batch batch = new(n, 2 * d);
        LowDiscrepancy points = new(d, options.Seed, "training");
        double[] residuals = new double[order], alpha = new double[order], step = new double[theta.Count], old = new double[theta.Count];
        double lambda = 0;
        for (int k = 0; k < options.Steps; k++)
        {
            if (options.Cancellation.IsCancellationRequested) return new FitResult(FitStatus.Cut, $"cut after {k} of {options.Steps} steps", k, trace.Points);
            RegressionBatch.Fill(batch, target, domain, points, (uint)(k * (long)n));
            jacobian.Record(batch, residuals, options.Threads);
            double before = 0.5 * VectorMath.Dot(residuals, residuals);
            if (!double.IsFinite(before)) return Diverged(k, "the flow or the target is not finite on K");
            trace.Add(k, Math.Sqrt(2 * before / n), last: false);

            theta.Values.CopyTo(old);
            bool accepted = false, finite = false;
            for (int attempt = 0; attempt < MaxRejections && !accepted; attempt++)
            {
                jacobian.Gram(gram.Start, stride, lambda, options.Threads);
                if (k == 0 && attempt == 0)
                {
                    // the first damping: a hundredth of the mean eigenvalue
                    double sum = 0;
                    for (int i = 0; i < order; i++) sum += gram.Start[i * (stride + 1L)];
                    if (!double.IsFinite(sum)) return Diverged(k, "the Jacobian is not finite");
                    lambda = 1e-2 * sum / order;
                    for (int i = 0; i < order; i++) gram.Start[i * (stride + 1L)] += lambda;
                }

                if (!Cholesky.Factor(gram.Start, order, stride, options.Threads))
                {
                    lambda *= 4;
                    continue;
                }

                residuals.CopyTo(alpha, 0);
                Cholesky.Solve(gram.Start, order, stride, alpha);
                jacobian.TransposedProduct(alpha, step, options.Threads);
                Span<double> values = theta.Values;
                for (int i = 0; i < values.Length; i++) values[i] = old[i] - step[i];
                double after = HalfSquares(flow, batch, options.Threads);
                double predicted = before - (0.5 * lambda * lambda * VectorMath.Dot(alpha, alpha));
                double gain = (before - after) / predicted;
                finite |= double.IsFinite(after);
                if (gain > 0)
                {
                    accepted = true;
                    lambda *= gain > 0.75 ? 0.3 : gain > 0.5 ? 0.7 : gain > 0.25 ? 1 : 2.5;
                    lambda = Math.Max(lambda, 1e-300);
                }
                else
                {
                    lambda *= 4;
                    old.CopyTo(values);
                }
            }

            options.Progress?.Invoke(k + 1, Math.Sqrt(2 * before / n));
            if (!accepted)
            {
                trace.Add(k, Math.Sqrt(2 * before / n), last: true);
                // where the flow is finite and still no damping helps, the fit has arrived: a stationary point, or rounding
                return finite
                    ? new FitResult(FitStatus.Finished, null, k, trace.Points)
                    : new FitResult(FitStatus.Diverged, $"the flow is not finite after any step of damping up to {lambda:g3} at step {k}", k, trace.Points);
            }
        }

        // on fresh points, like all the others
        RegressionBatch.Fill(batch, target, domain, points, (uint)(options.Steps * (long)n));
        trace.Add(options.Steps, Math.Sqrt(2 * HalfSquares(flow, batch, options.Threads) / n), last: true);
        return new FitResult(FitStatus.Finished, null, options.Steps, trace.Points);

        FitResult Diverged(int k, string reason) => new(FitStatus.Diverged, reason, k, trace.Points);
    }

    /// <summary>½ Σ |g(x) − f(x)|², panel by panel in order.</summary>
    private static double HalfSquares(IBijection flow, Batch batch, int threads)
    {
        double[] sums = new double[batch.Panels];
        Workers.For(batch.Panels, threads, panel =>
        {
            int d = flow.Dimension;
            using Scratch<Lanes> scratch = new(d);
            Span<Lanes> y = scratch.Take(d);
            Lanes sum = default;
            for (int s = 0; s < Tape.Panel; s += Lanes.Width)
            {
                for (int i = 0; i < d; i++) y[i] = Lanes.Load(batch.Panel(i, panel)[s..]);
                flow.Map(y);
                for (int i = 0; i < d; i++)
                {
                    Lanes r = y[i] - Lanes.Load(batch.Panel(d + i, panel)[s..]);
                    sum = Lanes.MultiplyAdd(r, r, sum);
                }
            }

            sums[panel] = VectorMath.Sum(sum.Value);
        });
        double total = 0;
        foreach (double s in sums) total += s;
        return 0.5 * total;
    }
}
