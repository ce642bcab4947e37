using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Training;

/// <summary>Settings of <see cref="MinimaxRefinement"/>; all of them shape the result, none depends on time or threads.</summary>
/// <param name="Steps">Number of steps.</param>
/// <param name="Points">Points a step, a multiple of 64.</param>
/// <param name="Candidates">M, the points of K that carry weights, a multiple of 64.</param>
/// <param name="Seed">Of the points and of their choice.</param>
public sealed record MinimaxOptions(int Steps, int Points = 256, int Candidates = 4096, ulong Seed = 1)
{
    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called after each step with its number and the largest error at the candidates.</summary>
    public Action<int, double>? Progress { get; init; }

    /// <summary>Stops the refinement, which is then marked as cut.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>What a refinement did, in largest errors |g − f| at the candidates.</summary>
/// <param name="Before">At the start.</param>
/// <param name="After">Of the flow that was kept, the best met: at most <paramref name="Before"/>.</param>
/// <param name="Kept">The number of the step whose flow was kept; 0 if none was better than the start.</param>
/// <param name="Cut">Whether it was stopped from outside.</param>
public sealed record MinimaxResult(double Before, double After, int Kept, bool Cut);

/// <summary>
/// Lowers max over K of |g − f| of a flow that a least-squares fit left, after Lawson (1961): weights w on M points of K, least squares under w and w ← w·|g − f| by turns, so that
/// weight gathers where the error is largest and the weighted least-squares solution tends to the minimax one. Here a least-squares step is one of Levenberg–Marquardt on points drawn from
/// (w + floor)/(1 + floor) by systematic sampling, and the flow kept is the best that was met at the M points: never worse than the start.
/// </summary>
/// <remarks>For linear approximation Lawson's iteration converges (Rice and Usow 1968); for flows nothing is proved, and the result is judged by independent points like every other.</remarks>
public static class MinimaxRefinement
{
    /// <summary>The part of the drawn points that is spread over all candidates evenly, lest the error grow where no weight is left.</summary>
    private const double Floor = 0.25;

    /// <summary>Refines in place.</summary>
    public static MinimaxResult Refine(IBijection flow, IMap target, Domain domain, MinimaxOptions options)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(options);
        int m = options.Candidates, n = options.Points, d = domain.Dimension;
        if (!flow.Parameters.Any(p => p.Count > 0)) return new MinimaxResult(double.NaN, double.NaN, 0, false);
        Batch candidates = new(m, 2 * d), batch = new(n, 2 * d);
        Spread(candidates, target, domain, options.Seed);
        using DampedSteps steps = new(flow, n, options.Threads);
        Philox random = new(options.Seed, "minimax");
        double[] weights = new double[m], errors = new double[m], best = steps.Parameters.ToArray();
        Array.Fill(weights, 1.0 / m);
        double before = Largest(flow, candidates, errors, options.Threads), after = before;
        int kept = 0;
        for (int k = 0; k < options.Steps; k++)
        {
            if (options.Cancellation.IsCancellationRequested) return End(cut: true);
            Reweight(weights, errors);
            Draw(candidates, weights, random.NextUniform(), batch);
            if (steps.Take(batch) == StepOutcome.NotFinite) break;
            double largest = Largest(flow, candidates, errors, options.Threads);
            options.Progress?.Invoke(k + 1, largest);
            if (!double.IsFinite(largest)) break;
            if (largest < after)
            {
                (after, kept) = (largest, k + 1);
                steps.Parameters.CopyTo(best);
            }
        }

        return End(cut: false);

        MinimaxResult End(bool cut)
        {
            best.CopyTo(steps.Parameters);
            return new MinimaxResult(before, after, kept, cut);
        }
    }

    /// <summary>Three quarters of the points uniform in K, a quarter on its border or near it: points of three times the size of K brought back to it.</summary>
    private static void Spread(Batch candidates, IMap target, Domain domain, ulong seed)
    {
        int d = domain.Dimension, m = candidates.Count;
        RegressionBatch.Fill(candidates, target, domain, new LowDiscrepancy(d, seed, "minimax"), 0);
        ReadOnlySpan<double> lower = domain.Bounds.Bounds.Lower, upper = domain.Bounds.Bounds.Upper;
        Span<double> x = stackalloc double[d];
        for (int s = 0; s < m; s += 4)
        {
            for (int i = 0; i < d; i++)
            {
                double centre = 0.5 * (lower[i] + upper[i]);
                x[i] = centre + (3 * (candidates.Column(i)[s] - centre));
            }

            domain.Project(x);
            for (int i = 0; i < d; i++) candidates.Column(i)[s] = x[i];
        }

        candidates.Pad();
        RegressionBatch.Evaluate(candidates, target);
    }

    /// <summary>w ← w·|g − f|^½, normalised: a step does not solve the weighted problem, so weights move slower than Lawson's.</summary>
    private static void Reweight(double[] weights, double[] errors)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] *= Math.Sqrt(errors[i]);
            sum += weights[i];
        }

        for (int i = 0; i < weights.Length; i++) weights[i] = sum > 0 ? weights[i] / sum : 1.0 / weights.Length;
    }

    /// <summary>Systematic sampling: one random offset, then equal steps through the cumulated weights.</summary>
    private static void Draw(Batch candidates, double[] weights, double offset, Batch batch)
    {
        int m = weights.Length, n = batch.Count;
        double cumulated = 0;
        int s = 0;
        for (int i = 0; i < m && s < n; i++)
        {
            cumulated += (((1 - Floor) * weights[i]) + (Floor / m)) * n;
            for (; s < n && (s + offset < cumulated || i == m - 1); s++)
                for (int c = 0; c < batch.Columns; c++) batch.Column(c)[s] = candidates.Column(c)[i];
        }

        batch.Pad();
    }

    /// <summary>max |g − f| over the candidates, and each of them.</summary>
    private static double Largest(IMap flow, Batch candidates, double[] errors, int threads)
    {
        RegressionBatch.Distances(flow, candidates, errors, threads);
        double largest = 0;
        foreach (double e in errors) largest = e <= largest ? largest : e;
        return largest;
    }
}
