using UniversalFlows.Numerics;

namespace UniversalFlows.Training;

/// <summary>f(x), and ∇f(x) written to <paramref name="gradient"/>.</summary>
public delegate double DifferentiableFunction(ReadOnlySpan<double> x, Span<double> gradient);

/// <summary>Settings of <see cref="Lbfgs"/>; all of them shape the result, none depends on time or threads.</summary>
/// <param name="Steps">The most steps.</param>
/// <param name="Memory">Pairs kept.</param>
public sealed record LbfgsOptions(int Steps, int Memory = 20)
{
    /// <summary>How a step's length is found.</summary>
    public WolfeLineSearch LineSearch { get; init; } = new();

    /// <summary>The run is over when |∇f| is at most this.</summary>
    public double GradientTolerance { get; init; } = 1e-13;

    /// <summary>Called after each step with its number and the value.</summary>
    public Action<int, double>? Progress { get; init; }

    /// <summary>Stops the run, which is then marked as cut.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>
/// Limited-memory BFGS (Liu and Nocedal 1989): steps along −H∇f with H of <see cref="LbfgsMemory"/>, their length by <see cref="WolfeLineSearch"/>. Deterministic: the same
/// function gives the same bits.
/// </summary>
public static class Lbfgs
{
    /// <summary>Minimises f from <paramref name="x"/>, which becomes the lowest point found.</summary>
    public static FitResult Minimise(DifferentiableFunction f, Span<double> x, LbfgsOptions options)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(options);
        int n = x.Length, evaluations = 1;
        LbfgsMemory memory = new(n, options.Memory);
        double[] origin = x.ToArray(), point = x.ToArray(), gradient = new double[n], direction = new double[n], s = new double[n], y = new double[n], old = new double[n];
        Trace trace = new(options.Steps);
        double value = f(point, gradient);
        if (!double.IsFinite(value) || !double.IsFinite(VectorMath.Dot(gradient, gradient))) return End(FitStatus.Diverged, "the value or its gradient is not finite at the start", 0);
        int k = 0;
        for (; k < options.Steps; k++)
        {
            if (options.Cancellation.IsCancellationRequested)
            {
                origin.CopyTo(x);
                return End(FitStatus.Cut, $"cut after {k} of {options.Steps} steps", k);
            }

            trace.Add(k, value, last: false);
            double norm = Math.Sqrt(VectorMath.Dot(gradient, gradient));
            if (norm <= options.GradientTolerance) break;
            gradient.CopyTo(old, 0);
            LineSearchResult found = Step();
            if (!found.Found && memory.Count > 0)
            {
                // the model may be at fault: once more along the gradient alone
                memory.Clear();
                found = Step();
            }

            evaluations += found.Evaluations;
            if (!found.Found)
            {
                if (!found.Finite)
                {
                    origin.CopyTo(x);
                    return End(FitStatus.Diverged, $"the value is not finite at any step from step {k} on", k);
                }

                break;   // no step lowers the value: a minimum, as far as rounding can tell
            }

            for (int i = 0; i < n; i++) (s[i], y[i]) = (point[i] - origin[i], gradient[i] - old[i]);
            memory.Add(s, y);
            value = found.Point.Value;
            point.CopyTo(origin, 0);
            options.Progress?.Invoke(k + 1, value);

            LineSearchResult Step()
            {
                for (int i = 0; i < n; i++) direction[i] = -old[i];
                memory.Multiply(direction);
                double slope = VectorMath.Dot(direction, old);
                if (!(slope < 0)) return default;
                return options.LineSearch.Search(Along, new(0, value, slope), memory.Count > 0 ? 1 : Math.Min(1, 1 / norm));
            }
        }

        origin.CopyTo(x);
        trace.Add(k, value, last: true);
        return End(FitStatus.Finished, null, k);

        LinePoint Along(double step)
        {
            for (int i = 0; i < n; i++) point[i] = Math.FusedMultiplyAdd(step, direction[i], origin[i]);
            double at = f(point, gradient);
            return new(step, at, VectorMath.Dot(gradient, direction));
        }

        FitResult End(FitStatus status, string? reason, int steps) => new(status, reason, steps, trace.Points) { Evaluations = evaluations };
    }
}
