using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>What a splitting gave.</summary>
/// <param name="Layers">In the order of application.</param>
/// <param name="FieldError">sup over the frozen moments and the nodes of |Ŵ − V|, the residual of the fits; 0 with corrections, which fit something else.</param>
/// <param name="LargestTerm">The largest coefficient of Ŵ: what cancels between the terms shows here.</param>
/// <param name="Weight">The smallest weight w that a fit was made with.</param>
/// <param name="States">Where the nodes ended.</param>
internal sealed record SplittingRun(IReadOnlyList<OvershearLayer> Layers, double FieldError, double LargestTerm, double Weight, double[] States)
{
    /// <summary>Whether all states are finite.</summary>
    public bool IsFinite => !States.AsSpan().ContainsAnyExceptInRange(double.MinValue, double.MaxValue);
}

/// <summary>The isotopy's flow S_1∘S_0⁻¹ as a product of layers, at the images of nodes x_n of K.</summary>
internal sealed class OvershearSplitting(Isotopy isotopy, OvershearBasis basis, double[] nodes, int threads)
{
    // from there the penalty falls by a factor of 5 whenever a whole step of the iteration was an improvement
    private const double FirstWeight = 1, LeastWeight = 1e-6;

    private const int Chunk = 64;

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

        return new SplittingRun(layers, fieldError, largest, weight, states);
    }

    /// <summary>
    /// N corrected steps of Strang's form. A step Ψ_c begins with the field fitted at its midpoint and is then measured where it goes: Gauss and Newton's iteration for
    /// min Σ_n |Ψ_c(y_n) − S_{t_k}(x_n)|²/h² + w²|c|², y_n the states that the earlier layers have made, until |Ψ_c(y_n) − S_{t_k}(x_n)| ≤ tolerance at all nodes. What the splitting and
    /// the earlier steps missed is taken back instead of added up. The weight falls from 1, so it is not smaller than the tolerance asks for.
    /// </summary>
    /// <param name="steps">N.</param>
    /// <param name="tolerance">For the states at the end of each step.</param>
    /// <param name="rounds">Of the iteration, at most, a step.</param>
    /// <param name="hopeless">A step that misses by more than this ends the run: null.</param>
    public SplittingRun? Corrected(int steps, double tolerance, int rounds, double hopeless)
    {
        int d = isotopy.Dimension;
        Splitting splitting = Splitting.Of(SplittingScheme.Strang, basis.Directions);
        List<OvershearLayer> layers = [];
        double[] states = PointSet.Map(new Moment(isotopy, isotopy.At(0)), nodes), c = new double[basis.Unknowns];
        double largest = 0, least = FirstWeight, length = 1.0 / steps;
        using LeastSquares system = new(basis.Rows(nodes.Length / d), basis.Unknowns);
        for (int k = 1; k <= steps; k++)
        {
            (double[] images, double[] velocity) = isotopy.Motion((k - 0.5) / steps, nodes);
            double[] goal = PointSet.Map(new Moment(isotopy, isotopy.At((double)k / steps)), nodes);
            double scale = basis.Fill(system, images, threads);
            if (!system.Solve(basis.Stack(velocity), FirstWeight * FirstWeight / scale, c, 0, threads)) return null;
            OvershearLayer[] made = Layers(splitting, c, length);
            Trial start = new(c, made, Map(made, states));
            (Trial best, double weight) = Correct(system, splitting, start, states, goal, length, tolerance, rounds);
            if (!(Largest(goal, best.Reached, d) <= hopeless)) return null;
            foreach (double v in best.Coefficients) largest = Math.Max(largest, Math.Abs(v));
            least = Math.Min(least, weight);
            states = best.Reached;
            layers.AddRange(best.Layers);
        }

        return new SplittingRun(layers, 0, largest, least, states);
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
    /// The iteration. A whole step that lowers the objective: the weight falls. A shortened one: it doubles, the step was too bold. None: it grows by 5, three times at most.
    /// The trial with the smallest error is kept.
    /// </summary>
    private (Trial Best, double Weight) Correct(
        LeastSquares system, Splitting splitting, Trial start, double[] states, double[] goal, double length, double tolerance, int rounds)
    {
        int d = isotopy.Dimension, failures = 0;
        Trial now = start, best = start;
        double w = FirstWeight, weight = w, largest = Largest(goal, now.Reached, d);
        double[] target = new double[basis.Unknowns];
        for (int round = 0; round < rounds && failures < 3 && !(largest <= tolerance); round++)
        {
            double scale = basis.FillDerivative(system, now.Layers, states, length, threads);
            // linearised: h⁻¹Ψ_c' = h⁻¹Ψ_c + J(c' − c), so J c' = J c + h⁻¹(goal − Ψ_c)
            double[] right = basis.Stack([.. goal.Zip(now.Reached, (g, r) => (g - r) / length)]);
            system.AddProduct(now.Coefficients, right);
            if (!system.Solve(right, w * w / scale, target, 0, threads)) break;
            double before = Objective(goal, now, length, w), part = 1;
            Trial? next = null;
            for (; part > 0.2; part *= 0.5)
            {
                double[] tried = [.. now.Coefficients.Zip(target, (c, t) => c + (part * (t - c)))];
                OvershearLayer[] made = Layers(splitting, tried, length);
                Trial trial = new(tried, made, Map(made, states));
                if (!(Objective(goal, trial, length, w) < before)) continue;
                next = trial;
                break;
            }

            if (next is not null)
            {
                now = next;
                double miss = Largest(goal, now.Reached, d);
                if (miss < largest || double.IsNaN(largest)) (best, largest, weight) = (now, miss, w);
            }
            else
            {
                failures++;
            }

            w = next is null ? 5 * w : part < 1 ? 2 * w : Math.Max(LeastWeight, 0.2 * w);
        }

        return (best, weight);
    }

    private static double Objective(double[] goal, Trial trial, double length, double w)
    {
        double sum = 0, penalty = 0;
        for (int n = 0; n < goal.Length; n++) sum = Math.FusedMultiplyAdd(goal[n] - trial.Reached[n], goal[n] - trial.Reached[n], sum);
        foreach (double v in trial.Coefficients) penalty = Math.FusedMultiplyAdd(v, v, penalty);
        return (sum / (length * length)) + (w * w * penalty);
    }

    private OvershearLayer[] Layers(Splitting splitting, double[] c, double length) =>
        [.. splitting.Sequence.Select(s => new OvershearLayer(s.Term, s.Part * length, basis.Layer(s.Term, c, s.Part * length)))];

    private sealed record Trial(double[] Coefficients, OvershearLayer[] Layers, double[] Reached);
}
