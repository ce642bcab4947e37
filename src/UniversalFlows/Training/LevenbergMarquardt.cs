using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Training;

/// <summary>Settings of <see cref="LevenbergMarquardt"/>; all of them shape the result, none depends on time or threads.</summary>
/// <param name="Steps">Number of steps, those of all starts together.</param>
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
/// Regression g ≈ f on K by Levenberg–Marquardt in sample space: minimise ½|r + Jδ|² + ½λ|δ − φ|² over the parameter step δ, whose solution
/// is δ = φ − Jᵀ(J Jᵀ + λI)⁻¹(r + Jφ). The system has one unknown a sample and output, however many parameters there are; J Jᵀ comes from the
/// layers' factors (<see cref="SampleJacobian"/>). Fresh quasi-random points at every step, so no point is fitted twice; what they leave undetermined is taken from φ = 0.7 times the step
/// before (Goldshlager, Abrahamsen and Lin 2024, who call it SPRING).
/// </summary>
/// <remarks>
/// The damping follows the gain ratio: actual reduction over the reduction ½|r|² − ½λ²|α|² that the linear model predicts
/// (r + Jδ = λα with α = (J Jᵀ + λI)⁻¹(r + Jφ)). What a run ends at depends on where it starts, by factors up to five, and shows early: so several starts race
/// (<see cref="Race"/>).
/// </remarks>
public static class LevenbergMarquardt
{
    private const int JudgingPoints = 1024;

    /// <summary>Fits the flow's parameters in place.</summary>
    public static FitResult Fit(IBijection flow, IMap target, Domain domain, LevenbergMarquardtOptions options)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return Race([flow], target, domain, options).Result;
    }

    /// <summary>
    /// Successive halving (Jamieson and Talwalkar 2016): half of the steps go to ⌈log₂ S⌉ rounds of equal shares, in which all that are left make the same number of steps and the better half
    /// goes on, judged by the error on points that none of them was fitted to; the other half of the steps is the winner's.
    /// </summary>
    /// <param name="starts">S flows of the same form; all of them are changed.</param>
    /// <param name="target">f.</param>
    /// <param name="domain">K.</param>
    /// <param name="options">Steps of all starts together.</param>
    /// <returns>Which start won, and its run: its trace counts its own steps.</returns>
    public static (int Winner, FitResult Result) Race(IReadOnlyList<IBijection> starts, IMap target, Domain domain, LevenbergMarquardtOptions options)
    {
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(starts.Count, nameof(starts));
        if (!starts[0].Parameters.Any(p => p.Count > 0)) return (0, new FitResult(FitStatus.Finished, "the flow has no parameters", 0, []));
        List<Runner> left = [.. starts.Select((flow, i) => new Runner(i, flow, target, domain, options))];
        try
        {
            int rounds = 0, spent = 0;
            while (1 << rounds < starts.Count) rounds++;
            for (int round = 0; round < rounds; round++)
            {
                int each = Math.Max(1, options.Steps / (2 * rounds * left.Count));
                foreach (Runner r in left) spent += r.Advance(Math.Min(each, options.Steps - spent), spent);
                if (options.Cancellation.IsCancellationRequested) break;
                Batch judging = new(JudgingPoints, 2 * domain.Dimension);
                RegressionBatch.Fill(judging, target, domain, new LowDiscrepancy(domain.Dimension, options.Seed, "judging"), (uint)(round * JudgingPoints));
                List<Runner> order = [.. left.OrderBy(r => r.Judge(judging))];
                foreach (Runner loser in order[((left.Count + 1) / 2)..]) loser.Dispose();
                left = order[..((left.Count + 1) / 2)];
            }

            Runner winner = left[0];
            winner.Advance(options.Steps - spent, spent);
            winner.Finish();
            return (winner.Number, winner.Outcome!);
        }
        finally
        {
            foreach (Runner r in left) r.Dispose();
        }
    }

    /// <summary>A start and how far it is.</summary>
    private sealed class Runner(int number, IBijection flow, IMap target, Domain domain, LevenbergMarquardtOptions options) : IDisposable
    {
        private readonly DampedSteps _steps = new(flow, options.Points, options.Threads);
        private readonly Batch _batch = new(options.Points, 2 * flow.Dimension);
        private readonly LowDiscrepancy _points = new(flow.Dimension, options.Seed, "training");
        private readonly Trace _trace = new(options.Steps);
        private FitStatus _status = FitStatus.Finished;
        private string? _reason;
        private bool _over;
        private int _taken;

        public int Number => number;

        /// <summary>Makes up to so many steps; returns how many it was given, which are spent whether or not the run ended before.</summary>
        public int Advance(int count, int spent)
        {
            for (int k = 0; k < count && !_over; k++)
            {
                if (options.Cancellation.IsCancellationRequested)
                {
                    End(FitStatus.Cut, $"cut after {spent + k} of {options.Steps} steps");
                    break;
                }

                RegressionBatch.Fill(_batch, target, domain, _points, (uint)(_taken * (long)options.Points));
                StepOutcome outcome = _steps.Take(_batch);
                double rms = Math.Sqrt(2 * _steps.Before / options.Points);
                if (outcome == StepOutcome.NotFinite)
                {
                    End(FitStatus.Diverged, $"{_steps.Reason} at step {_taken}");
                    break;
                }

                _trace.Add(_taken, rms, last: outcome == StepOutcome.Arrived);
                options.Progress?.Invoke(spent + k + 1, rms);
                if (outcome == StepOutcome.Arrived) End(FitStatus.Finished, null);
                else _taken++;
            }

            return count;
        }

        /// <summary>The error on points of nobody; infinite for a run that diverged.</summary>
        public double Judge(Batch judging)
        {
            double loss = _status == FitStatus.Diverged ? double.PositiveInfinity : RegressionBatch.HalfSquares(flow, judging, options.Threads);
            return double.IsFinite(loss) ? loss : double.PositiveInfinity;
        }

        /// <summary>What the run says of itself, once it is finished.</summary>
        public FitResult? Outcome { get; private set; }

        public void Finish()
        {
            if (!_over)
            {
                // on fresh points, like all the others
                RegressionBatch.Fill(_batch, target, domain, _points, (uint)(_taken * (long)options.Points));
                _trace.Add(_taken, Math.Sqrt(2 * RegressionBatch.HalfSquares(flow, _batch, options.Threads) / options.Points), last: true);
            }

            Outcome = new FitResult(_status, _reason, _taken, _trace.Points);
        }

        public void Dispose() => _steps.Dispose();

        private void End(FitStatus status, string? reason) => (_over, _status, _reason) = (true, status, reason);
    }
}
