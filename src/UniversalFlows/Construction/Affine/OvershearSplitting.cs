using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>What a splitting gave.</summary>
/// <param name="Layers">In the order of application.</param>
/// <param name="Steps">N.</param>
/// <param name="FieldError">sup over the frozen moments and the nodes of |Ŵ − V|, the residual of the fits; 0 with corrections, which fit something else.</param>
/// <param name="LargestTerm">The largest coefficient of Ŵ: what cancels between the terms shows here.</param>
/// <param name="Weight">The smallest weight w that a fit was made with.</param>
/// <param name="States">Where the nodes ended.</param>
internal sealed record SplittingRun(IReadOnlyList<OvershearLayer> Layers, int Steps, double FieldError, double LargestTerm, double Weight, double[] States)
{
    /// <summary>Whether all states are finite.</summary>
    public bool IsFinite => !States.AsSpan().ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
}

/// <summary>The isotopy's flow S_1∘S_0⁻¹ as a product of layers, at the images of nodes x_n of K.</summary>
internal sealed class OvershearSplitting(Isotopy isotopy, OvershearBasis basis, double[] nodes, int threads)
{
    private const double FirstWeight = 0.1, LeastWeight = 1e-6;

    private const int Chunk = 64, FirstSteps = 2, MostSteps = 16, Patience = 4;

    /// <summary>
    /// N plain steps: in each sub-step the velocity V is frozen at a moment t and fitted at the images of the nodes, min Σ_n |Ŵ_c(S_t(x_n)) − V_t(x_n)|² + w²|c|²; then the terms of
    /// Ŵ flow one after the other. Null if the system is not positive definite in double precision.
    /// </summary>
    public SplittingRun? Plain(Splitting splitting, double weight, int steps)
    {
        int d = isotopy.Dimension;
        List<OvershearLayer> layers = [];
        double[] states = PointSet.Map(new Moment(isotopy, isotopy.At(0)), nodes), c = new double[basis.Unknowns];
        double fieldError = 0, largest = 0;
        using LeastSquares system = new(basis.Rows(nodes.Length / d), basis.Unknowns);
        for (int k = 0; k < steps; k++)
        {
            double start = (double)k / steps;
            foreach (double part in splitting.SubSteps)
            {
                double length = part / steps;
                (double[] images, double[] velocity) = isotopy.Motion(start + (splitting.FrozenAt * length), nodes);
                double scale = basis.Fill(system, images, threads);
                if (!system.Solve(basis.Stack(velocity), weight * weight / scale, c, 0, threads)) return null;
                fieldError = Math.Max(fieldError, Largest(velocity, basis.Evaluate(c, images), d));
                foreach (double v in c) largest = Math.Max(largest, Math.Abs(v));
                OvershearLayer[] made = Layers(splitting, c, length);
                states = Map(made, states);
                layers.AddRange(made);
                start += length;
            }
        }

        return new SplittingRun(layers, steps, fieldError, largest, weight, states);
    }

    /// <summary>
    /// Corrected steps of Strang's form. A step Ψ_c begins with the field fitted at its midpoint and is then measured where it goes: Levenberg and Marquardt's iteration for
    /// Σ_n |Ψ_c(y_n) − S_{t_k}(x_n)|², y_n the states that the earlier layers have made, until |Ψ_c(y_n) − S_{t_k}(x_n)| ≤ tolerance at all nodes. What the splitting and the earlier
    /// steps missed is taken back instead of added up.
    /// </summary>
    /// <param name="steps">N even steps; null: as many as it takes. A step that misses is halved, one that is met at once is followed by a longer one.</param>
    /// <param name="tolerance">For the states at the end; a tenth of it at the start.</param>
    /// <param name="rounds">Of the iteration, at most, a step.</param>
    /// <param name="hopeless">A step that can't be halved any more and misses by more than this many tolerances ends the run: null.</param>
    public SplittingRun? Corrected(int? steps, double tolerance, int rounds, double hopeless)
    {
        int d = isotopy.Dimension;
        Splitting splitting = Splitting.Of(SplittingScheme.Strang, basis.Directions);
        List<OvershearLayer> layers = [];
        double[] states = PointSet.Map(new Moment(isotopy, isotopy.At(0)), nodes);
        double largest = 0, least = FirstWeight, time = 0, length = 1.0 / (steps ?? FirstSteps);
        int count = 0;
        using LeastSquares system = new(basis.Rows(nodes.Length / d), basis.Unknowns);
        while (time < 1)
        {
            double end = time + (1.5 * length) > 1 ? 1 : time + length; // no short last step
            double allowed = tolerance * (0.1 + (0.9 * end * end * end)); // later steps are harder, and no step can take back what its fields can't represent
            (Trial? best, double weight, int used) = Step(system, splitting, states, time, end, allowed, rounds);
            double miss = best is null ? double.NaN : Largest(PointSet.Map(new Moment(isotopy, isotopy.At(end)), nodes), best.Reached, d);
            if (!(miss <= allowed) && steps is null && end - time > 1.0 / MostSteps)
            {
                length = 0.5 * (end - time);
                continue;
            }

            if (best is null || !(miss <= hopeless * allowed)) return null;
            foreach (double v in best.Coefficients) largest = Math.Max(largest, Math.Abs(v));
            least = Math.Min(least, weight);
            states = best.Reached;
            layers.AddRange(best.Layers);
            time = end;
            count++;
            if (steps is null && miss <= allowed && used <= rounds / 3) length *= used <= rounds / 6 ? 2 : 1.4;
        }

        return new SplittingRun(layers, count, 0, largest, least, states);
    }

    /// <summary>One corrected step; null if the first fit's system is not positive definite.</summary>
    private (Trial? Best, double Weight, int Rounds) Step(
        LeastSquares system, Splitting splitting, double[] states, double start, double end, double tolerance, int rounds)
    {
        double length = end - start;
        double[] c = new double[basis.Unknowns];
        (double[] images, double[] velocity) = isotopy.Motion(0.5 * (start + end), nodes);
        double scale = basis.Fill(system, images, threads);
        if (!system.Solve(basis.Stack(velocity), 1 / scale, c, 0, threads)) return (null, 0, 0);
        OvershearLayer[] made = Layers(splitting, c, length);
        return Correct(system, splitting, new Trial(c, made, Map(made, states)), states, PointSet.Map(new Moment(isotopy, isotopy.At(end)), nodes), length, tolerance, rounds);
    }

    /// <summary>The layers at many points.</summary>
    public double[] Map(IReadOnlyList<OvershearLayer> layers, double[] points)
    {
        int d = isotopy.Dimension, count = points.Length / d;
        double[] images = new double[points.Length];
        Workers.For((count + Chunk - 1) / Chunk, threads, chunk =>
        {
            using Scratch<Lanes> scratch = new(2 * d);
            Span<Lanes> x = scratch.Take(d), local = scratch.Take(d);
            int last = Math.Min(count, (chunk + 1) * Chunk);
            for (int first = chunk * Chunk; first < last; first += Lanes.Width)
            {
                PointSet.Load(points, d, first, x);
                foreach (OvershearLayer layer in layers) basis.Apply(layer, x, local);
                for (int lane = 0; lane < Math.Min(Lanes.Width, last - first); lane++)
                    for (int i = 0; i < d; i++) images[((first + lane) * d) + i] = x[i][lane];
            }
        });
        return images;
    }

    /// <summary>max |a − b| over rows; NaN if something is NaN.</summary>
    public static double Largest(double[] a, double[] b, int d)
    {
        double largest = 0;
        for (int n = 0; n < a.Length; n += d)
        {
            double square = 0;
            for (int i = 0; i < d; i++) square += (a[n + i] - b[n + i]) * (a[n + i] - b[n + i]);
            largest = Math.Max(largest, Math.Sqrt(square)); // Math.Max hands NaN on
        }

        return largest;
    }

    /// <summary>
    /// The iteration c ← c + δ, min |h⁻¹(goal − Ψ_c) − h⁻¹Ψ_c′ δ|² + w²|δ|². A whole step that lowers the sum of squares as the linear model promised: the weight w falls. A
    /// shortened one: it doubles, the step was too bold. None: it grows by 4. It ends early if at the pace of the last rounds the tolerance will not be met. The trial with the smallest error is kept.
    /// </summary>
    private (Trial Best, double Weight, int Rounds) Correct(
        LeastSquares system, Splitting splitting, Trial start, double[] states, double[] goal, double length, double tolerance, int rounds)
    {
        int d = isotopy.Dimension, round = 0;
        Trial now = start, best = start;
        double w = FirstWeight, weight = w, largest = Largest(goal, now.Reached, d);
        double[] step = new double[basis.Unknowns], history = new double[rounds + 1];
        for (; round < rounds && !(largest <= tolerance); round++)
        {
            history[round] = largest;
            if (round >= Patience && !(Forecast(largest, history[round - Patience], rounds - round) <= tolerance)) break;
            double scale = basis.FillDerivative(system, now.Layers, states, length, threads);
            double[] residual = basis.Stack([.. goal.Zip(now.Reached, (g, r) => (g - r) / length)]);
            if (!system.Solve(residual, w * w / scale, step, 0, threads)) break;
            system.AddProduct([.. step.Select(s => -s)], residual);
            double promised = length * length * residual.Sum(r => r * r);
            double before = Squares(goal, now.Reached), part = 1;
            Trial? next = null;
            for (; part > 0.2; part *= 0.5)
            {
                double[] tried = [.. now.Coefficients.Zip(step, (c, s) => c + (part * s))];
                OvershearLayer[] made = Layers(splitting, tried, length);
                Trial trial = new(tried, made, Map(made, states));
                if (!(Squares(goal, trial.Reached) < before)) continue;
                next = trial;
                break;
            }

            if (next is not null)
            {
                now = next;
                double miss = Largest(goal, now.Reached, d);
                if (miss < largest || double.IsNaN(largest)) (best, largest, weight) = (now, miss, w);
            }

            double kept = (before - Squares(goal, now.Reached)) / (before - promised); // 1: the step did what the linear model said
            w = next is null ? 4 * w : part < 1 ? 2 * w : kept < 0.5 ? w : Math.Max(LeastWeight, (kept < 0.9 ? 0.6 : 0.3) * w);
        }

        return (best, weight, round);
    }

    /// <summary>The miss after some more rounds, if each lowers it like the last ones did.</summary>
    private static double Forecast(double now, double before, int rounds) => now * Real.Exp(Real.Log(new(now / before)) * ((double)rounds / Patience)).Value;

    private static double Squares(double[] a, double[] b)
    {
        double sum = 0;
        for (int n = 0; n < a.Length; n++) sum = Math.FusedMultiplyAdd(a[n] - b[n], a[n] - b[n], sum);
        return sum;
    }

    private OvershearLayer[] Layers(Splitting splitting, double[] c, double length) =>
        [.. splitting.Sequence.Select(s => new OvershearLayer(s.Term, s.Part * length, basis.Layer(s.Term, c, s.Part * length)))];

    private sealed record Trial(double[] Coefficients, OvershearLayer[] Layers, double[] Reached);
}
