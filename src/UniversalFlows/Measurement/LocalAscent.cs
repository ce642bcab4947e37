using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement;

/// <summary>
/// Pattern search for a local maximum over K: try a fixed set of directions at the present step length, projected to K; move to the
/// best if it is better, else halve the step. Needs no derivative, works at the boundary and at kinks.
/// </summary>
internal static class LocalAscent
{
    // Near a smooth maximum the value lost is of the order of the step squared.
    private const double SmallestStep = 1e-8;
    private const int MaxSteps = 200;

    /// <summary>Row by row values of an objective at points given row by row.</summary>
    public delegate void Objective(ReadOnlySpan<double> points, Span<double> values);

    /// <summary>x ← a point at least as good; returns its value.</summary>
    /// <param name="objective">What to maximise; never NaN.</param>
    /// <param name="domain">K.</param>
    /// <param name="x">The start, in K.</param>
    /// <param name="value">The objective at x.</param>
    /// <param name="step">The first step, relative to the sides of the enclosing box.</param>
    /// <param name="stream">Tells searches apart: in d &gt; 3 half of the directions are random.</param>
    public static double Climb(Objective objective, Domain domain, Span<double> x, double value, double step, ulong stream)
    {
        int d = domain.Dimension;
        double[] directions = Directions(d);
        int count = directions.Length / d;
        Philox random = new(stream, Philox.StreamKey("ascent"));
        Box bounds = domain.Bounds;
        using Scratch<double> scratch = new((count * d) + count + d);
        Span<double> trials = scratch.Take(count * d), values = scratch.Take(count), move = scratch.Take(d);
        for (int k = 0; k < MaxSteps && step >= SmallestStep && double.IsFinite(value); k++)
        {
            if (d > 3) Randomise(directions, d, random);
            for (int n = 0; n < count; n++)
            {
                Span<double> trial = trials.Slice(n * d, d);
                for (int i = 0; i < d; i++) trial[i] = x[i] + (step * (bounds.Upper[i] - bounds.Lower[i]) * directions[(n * d) + i]);
                domain.Project(trial);
            }

            objective(trials, values);
            int best = 0;
            for (int n = 1; n < count; n++)
            {
                if (values[n] > values[best]) best = n;
            }

            if (!(values[best] > value))
            {
                step *= 0.5;
                continue;
            }

            // the same move once more, as long as it pays, doubles the stride on a long slope
            Span<double> target = trials.Slice(best * d, d);
            for (int i = 0; i < d; i++) move[i] = target[i] - x[i];
            target.CopyTo(x);
            value = values[best];
            for (int repeat = 0; repeat < 8; repeat++)
            {
                Span<double> trial = trials[..d];
                for (int i = 0; i < d; i++) trial[i] = x[i] + (move[i] *= 2);
                domain.Project(trial);
                objective(trial, values[..1]);
                if (!(values[0] > value)) break;
                trial.CopyTo(x);
                value = values[0];
            }
        }

        return value;
    }

    /// <summary>d ≤ 3: all 3^d − 1 neighbours of a lattice. Above: ± the axes, and as many rows for random directions.</summary>
    private static double[] Directions(int d)
    {
        if (d > 3)
        {
            double[] axes = new double[4 * d * d];
            for (int i = 0; i < d; i++)
            {
                axes[(2 * i * d) + i] = 1;
                axes[(((2 * i) + 1) * d) + i] = -1;
            }

            return axes;
        }

        int all = 1;
        for (int i = 0; i < d; i++) all *= 3;
        List<double> lattice = [];
        for (int code = 0; code < all; code++)
        {
            if (code == all / 2) continue; // the centre
            for (int i = 0, rest = code; i < d; i++, rest /= 3) lattice.Add((rest % 3) - 1);
        }

        return [.. lattice];
    }

    private static void Randomise(double[] directions, int d, Philox random)
    {
        for (int n = 2 * d; n < 4 * d; n++)
        {
            for (int i = 0; i < d; i++) directions[(n * d) + i] = random.NextUniform(-1, 1);
        }
    }
}
