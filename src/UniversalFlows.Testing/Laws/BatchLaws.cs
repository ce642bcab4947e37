using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing.Laws;

/// <summary>What a batch may not do: a point's image depends on that point alone, not on its neighbours, its place, or on what was asked before.</summary>
internal static class BatchLaws
{
    /// <summary>
    /// n points in one call = the first k in one call and the rest in another, for a random k; the first call repeated gives its bits
    /// again. Where bits are not promised, splits agree within 64·eps·(1 + |y| + |x|·‖J‖): the sums of a matrix product in another order.
    /// </summary>
    public static string? OneCallIsTwo(ValueTrial trial)
    {
        int count = 2 * trial.Count + 3, split = 1 + trial.Random.NextInt(count - 1), d = trial.Dimension;
        double[] points = trial.Points(count, trial.Reach);
        foreach ((string direction, Func<double[], FlowBatch> f, double[] x) in Directions(trial, points))
        {
            FlowBatch whole = f(x), first = f(x[..(split * d)]), second = f(x[(split * d)..]), again = f(x);
            if (Differ(trial, x, whole, again, bits: true) is { } unsteady) return $"{direction}, the same {count} points twice: {unsteady}";
            FlowBatch joined = new([.. first.Values, .. second.Values], [.. first.LogDets, .. second.LogDets]);
            if (Differ(trial, x, whole, joined, trial.Values.PromisesBits) is { } wrong) return $"{direction}, {count} points in one call and in two of {split} and {count - split}: {wrong}";
        }

        return null;
    }

    /// <summary>f of the points in another order is their images in that order, to the bit (or as close as above).</summary>
    public static string? RowsCanBePermuted(ValueTrial trial)
    {
        int count = 2 * trial.Count + 3, d = trial.Dimension;
        double[] points = trial.Points(count, trial.Reach);
        int[] order = RandomFlows.Order(count, trial.Random);
        foreach ((string direction, Func<double[], FlowBatch> f, double[] x) in Directions(trial, points))
        {
            double[] shuffled = [.. order.SelectMany(n => trial.Row(x, n))];
            FlowBatch whole = f(x), other = f(shuffled);
            double[] values = new double[x.Length], logDets = new double[count];
            for (int n = 0; n < count; n++)
            {
                other.Row(n).CopyTo(values, order[n] * d);
                logDets[order[n]] = other.LogDets[n];
            }

            if (Differ(trial, x, whole, new FlowBatch(values, logDets), trial.Values.PromisesBits) is { } wrong) return $"{direction}, rows in another order: {wrong}";
        }

        return null;
    }

    /// <summary>The first difference between two answers for the same points, or null.</summary>
    public static string? Differ(ValueTrial trial, double[] points, FlowBatch a, FlowBatch b, bool bits)
    {
        double[]? jacobians = null;
        for (int n = 0; n < a.Count; n++)
        {
            double[] x = trial.Row(points, n), u = a.Row(n), v = b.Row(n);
            if (Same(a.LogDets[n], b.LogDets[n]) && u.Zip(v).All(p => Same(p.First, p.Second))) continue;
            if (!bits)
            {
                int d = trial.Dimension;
                jacobians ??= Calculus.DifferenceJacobians(trial.Values, points, Calculus.Step(trial.Values.Epsilon));
                double norm = Calculus.Largest(jacobians[(n * d * d)..((n + 1) * d * d)]) * d;
                double tolerance = 64 * trial.Values.Epsilon * (1 + Calculus.Largest(u) + (norm * (1 + Calculus.Largest(x))));
                if (Calculus.Distance(u, v) <= tolerance && Math.Abs(a.LogDets[n] - b.LogDets[n]) <= 64 * tolerance) continue;
            }

            return $"x = {Calculus.Show(x)} goes to {Calculus.Show(u)} with log-det {a.LogDets[n]:R}, and to {Calculus.Show(v)} with log-det {b.LogDets[n]:R}";
        }

        return null;

        static bool Same(double p, double q) => Calculus.SameBits(p, q);
    }

    /// <summary>Forward at the points, and the inverse at their images where there is one.</summary>
    public static IEnumerable<(string Name, Func<double[], FlowBatch> Evaluate, double[] Points)> Directions(ValueTrial trial, double[] points)
    {
        yield return ("forward", trial.Values.Forward, points);
        if (trial.Values.HasInverse) yield return ("inverse", trial.Values.Inverse, trial.Values.Forward(points).Values);
    }
}
