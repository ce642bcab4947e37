using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement;

/// <summary>The distance of two maps on a domain, estimated.</summary>
public static class MapErrors
{
    private const int Shifts = 8; // random shifts of the low-discrepancy points: their spread estimates the error

    // differences outside [1/Large, Large] are scaled by 2^±600 before they are squared
    private const double Large = 1e140;
    private static readonly double Down = Math.ScaleB(1, -600);

    /// <summary>
    /// sup, L1, L2, root mean square and C1 distance of f and g on K; |·| is Euclidean, integrals are not normalised.
    /// </summary>
    /// <remarks>
    /// sup and C1: the maximum over a grid, then pattern search from the best local maxima of the grid. L1 and L2: composite
    /// Gauss–Legendre rules for d ≤ 3, the error estimated by a rule of half the panels; above, low-discrepancy points with eight
    /// random shifts, the error being twice the standard error of their mean. Both errors also allow for a peak that the search for sup saw and the nodes
    /// did not: its height times the cell of a node. The result does not depend on the number of threads.
    /// </remarks>
    /// <param name="f">A map of R^d, the approximation.</param>
    /// <param name="g">A map of R^d, the target.</param>
    /// <param name="domain">K ⊂ R^d.</param>
    /// <param name="options">Null: <see cref="MapErrorOptions.Default"/>.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static ErrorNorms Estimate(IMap f, IMap g, Domain domain, MapErrorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(domain);
        options ??= MapErrorOptions.Default;
        int d = domain.Dimension;
        if (f.Dimension != d) throw new ArgumentException($"f is a map of R^{f.Dimension}, the domain is in R^{d}", nameof(f));
        if (g.Dimension != d) throw new ArgumentException($"g is a map of R^{g.Dimension}, the domain is in R^{d}", nameof(g));

        int perAxis = options.GridPerAxis ?? d switch { 1 => 2001, 2 => 201, _ => 41 };
        SearchGrid grid = new(domain, perAxis, options.Samples, options.Seed);
        (double sup, double[] at) = Supremum((x, e) => Distances(f, g, x, e), domain, grid, options.Ascents, options.Threads);

        double? c1 = null;
        if (options.C1)
        {
            // half the resolution (d = 1: the same): each point costs d derivatives, and ascents refine what the grid finds
            SearchGrid coarse = new(domain, d == 1 ? perAxis : Math.Max(3, (perAxis / 2) + 1), Math.Max(1, options.Samples / 4), options.Seed);
            c1 = Supremum((x, e) => DerivativeDistances(f, g, x, e), domain, coarse, options.Ascents / 2, options.Threads).Value;
        }

        (double l1, double l1Error, double l2, double l2Error) = options.Integrals ? Integrals(f, g, domain, options, sup) : (double.NaN, double.NaN, double.NaN, double.NaN);
        return new ErrorNorms(sup, at, l1, l1Error, l2, l2Error, l2 / Math.Sqrt(domain.Volume), c1, grid.Count);
    }

    /// <summary>|f − g| at each point; +∞ where it is not finite.</summary>
    internal static void Distances(IMap f, IMap g, ReadOnlySpan<double> points, Span<double> distances)
    {
        int d = f.Dimension, count = distances.Length;
        using Scratch<Lanes> scratch = new((2 * d) + 1);
        Span<Lanes> a = scratch.Take(d), b = scratch.Take(d), error = scratch.Take(1);
        Lanes infinity = Lanes.Constant(double.PositiveInfinity), one = Lanes.Constant(1), up = Lanes.Constant(1 / Down), down = Lanes.Constant(Down);
        Lanes large = Lanes.Constant(Large), small = Lanes.Constant(1 / Large);
        for (int first = 0; first < count; first += Lanes.Width)
        {
            Evaluation.Load(points, d, first, count, a);
            a.CopyTo(b);
            f.Map(a);
            g.Map(b);
            Lanes largest = default, sum = default;
            for (int i = 0; i < d; i++)
            {
                a[i] -= b[i];
                Lanes size = Lanes.Abs(a[i]);
                largest = Lanes.SelectLess(largest, size, size, largest);
            }

            // squares of what is very large or small would leave the doubles: a power of two takes it there and back without rounding
            Lanes scale = Lanes.SelectLess(largest, small, up, Lanes.SelectLess(large, largest, down, one));
            for (int i = 0; i < d; i++) sum = Lanes.MultiplyAdd(a[i] * scale, a[i] * scale, sum);
            Lanes norm = Lanes.Sqrt(sum) / scale;
            error[0] = Lanes.SelectLess(norm, infinity, norm, infinity); // NaN becomes +∞
            Evaluation.Store(error, 1, first, count, distances);
        }
    }

    /// <summary>The operator norm of Df − Dg at each point; +∞ where it is not finite.</summary>
    private static void DerivativeDistances(IMap f, IMap g, ReadOnlySpan<double> points, Span<double> distances)
    {
        int d = f.Dimension, count = distances.Length;
        using Scratch<Lanes> scratch = new((2 * d) + (2 * d * d));
        Span<Lanes> x = scratch.Take(d), value = scratch.Take(d), df = scratch.Take(d * d), dg = scratch.Take(d * d);
        using Scratch<double> numbers = new(d * d);
        Span<double> matrix = numbers.Take(d * d);
        for (int first = 0; first < count; first += Lanes.Width)
        {
            Evaluation.Load(points, d, first, count, x);
            Jacobian.Evaluate<Lanes>(f, x, value, df);
            Jacobian.Evaluate<Lanes>(g, x, value, dg);
            for (int i = 0; i < d * d; i++) df[i] -= dg[i];
            for (int lane = 0; lane < Lanes.Width && first + lane < count; lane++)
            {
                for (int i = 0; i < d * d; i++) matrix[i] = df[i][lane];
                double norm = SmallMatrix.OperatorNorm(matrix, d);
                distances[first + lane] = double.IsNaN(norm) ? double.PositiveInfinity : norm;
            }
        }
    }

    private static (double Value, double[] At) Supremum(LocalAscent.Objective objective, Domain domain, SearchGrid grid, int ascents, int threads)
    {
        int d = domain.Dimension;
        double[] values = new double[grid.Count];
        Workers.For((grid.Count + Evaluation.ChunkSize - 1) / Evaluation.ChunkSize, threads, chunk =>
        {
            int first = chunk * Evaluation.ChunkSize, n = Math.Min(Evaluation.ChunkSize, grid.Count - first);
            using Scratch<double> scratch = new(n * d);
            Span<double> points = scratch.Take(n * d);
            for (int i = 0; i < n; i++) grid.Point(first + i, points.Slice(i * d, d));
            objective(points, values.AsSpan(first, n));
        });

        int[] starts = grid.Best(values, Math.Max(1, ascents));
        double[] heights = [.. starts.Select(i => values[i])];
        double[][] places = [.. starts.Select(i => { double[] x = new double[d]; grid.Point(i, x); return x; })];
        if (ascents > 0)
        {
            Workers.For(starts.Length, threads, k =>
                heights[k] = LocalAscent.Climb(objective, domain, places[k], heights[k], grid.Spacing, (ulong)k));
        }

        int best = 0;
        for (int k = 1; k < heights.Length; k++)
        {
            if (heights[k] > heights[best]) best = k;
        }

        return (heights[best], places[best]);
    }

    private static (double L1, double L1Error, double L2, double L2Error) Integrals(IMap f, IMap g, Domain domain, MapErrorOptions options, double sup)
    {
        double scale = sup > Large ? Down : sup < 1 / Large ? 1 / Down : 1;
        if (domain.Dimension > 3) return SampledIntegrals(f, g, domain, options, sup, scale);
        Sums coarse = Integrate(f, g, Quadrature.For(domain, fine: false), options.Threads, scale);
        Quadrature rule = Quadrature.For(domain, fine: true);
        Sums fine = Integrate(f, g, rule, options.Threads, scale);
        double l2 = Math.Sqrt(fine.Second) / scale;
        (double unseen1, double unseen2) = Unseen(sup, fine.Largest, rule.Weights.Max(), l2);
        return (fine.First, Difference(fine.First, coarse.First) + unseen1, l2, Difference(l2, Math.Sqrt(coarse.Second) / scale) + unseen2);

        static double Difference(double a, double b) => double.IsFinite(a) && double.IsFinite(b) ? Math.Abs(a - b) : double.PositiveInfinity;
    }

    private static (double L1, double L1Error, double L2, double L2Error) SampledIntegrals(
        IMap f, IMap g, Domain domain, MapErrorOptions options, double sup, double scale)
    {
        int d = domain.Dimension, n = Math.Max(1, options.Samples / Shifts);
        double[] first = new double[Shifts], second = new double[Shifts];
        double[] weights = new double[n];
        double largest = 0;
        Array.Fill(weights, domain.Volume / n);
        for (int s = 0; s < Shifts; s++)
        {
            LowDiscrepancy sequence = new(d, unchecked((options.Seed * Shifts) + (ulong)s + 1), "integration");
            double[] points = new double[n * d];
            for (int i = 0; i < n; i++)
            {
                Span<double> x = points.AsSpan(i * d, d);
                sequence.Point((uint)i, x);
                domain.FromUnitCube(x, x);
            }

            Sums sums = Integrate(f, g, new Quadrature(points, weights), options.Threads, scale);
            (first[s], second[s], largest) = (sums.First, sums.Second, Math.Max(largest, sums.Largest));
        }

        (double l1, double e1) = MeanAndError(first);
        (double square, double e2) = MeanAndError(second);
        double l2 = Math.Sqrt(square);
        double l2Error = l2 > 0 ? 0.5 * e2 / l2 : e2; // d√s = ds/(2√s)
        (l2, l2Error) = (l2 / scale, l2Error / scale);
        (double unseen1, double unseen2) = Unseen(sup, largest, domain.Volume / ((double)n * Shifts), l2);
        return (l1, e1 + unseen1, l2, l2Error + unseen2);

        static (double Mean, double Error) MeanAndError(double[] samples)
        {
            double mean = samples.Sum() / Shifts;
            if (!double.IsFinite(mean)) return (double.PositiveInfinity, double.PositiveInfinity);
            double variance = samples.Sum(v => (v - mean) * (v - mean)) / (Shifts - 1);
            return (mean, 2 * Math.Sqrt(variance / Shifts));
        }
    }

    /// <summary>
    /// What hides between the nodes: the search for the supremum saw a peak more than twice as high as any node did. It fills about the
    /// cell of one node at most. (What the nodes see half of, they see: then the two rules differ.)
    /// </summary>
    private static (double L1, double L2) Unseen(double sup, double largest, double cell, double l2)
    {
        double excess = sup - largest;
        if (!(sup > 2 * largest && double.IsFinite(excess))) return (0, 0);
        double norm = excess * Math.Sqrt(cell), sum = l2 + norm;
        // √(l2² + norm²) − l2 without the square of either
        return (excess * cell, sum > 0 ? norm * (norm / (l2 + (sum * Math.Sqrt((l2 / sum * (l2 / sum)) + (norm / sum * (norm / sum)))))) : 0);
    }

    /// <summary>Σ w|f − g|, Σ w(scale·|f − g|)² and the largest |f − g| met, chunk by chunk, the chunks summed in order.</summary>
    private static Sums Integrate(IMap f, IMap g, Quadrature rule, int threads, double scale)
    {
        int d = f.Dimension, count = rule.Weights.Length, chunks = (count + Evaluation.ChunkSize - 1) / Evaluation.ChunkSize;
        Sums[] parts = new Sums[chunks];
        Workers.For(chunks, threads, chunk =>
        {
            int begin = chunk * Evaluation.ChunkSize, n = Math.Min(Evaluation.ChunkSize, count - begin);
            using Scratch<double> scratch = new(n);
            Span<double> errors = scratch.Take(n);
            Distances(f, g, rule.Points.AsSpan(begin * d, n * d), errors);
            Sums sums = default;
            for (int i = 0; i < n; i++)
            {
                double weight = rule.Weights[begin + i], scaled = errors[i] * scale;
                sums = new(
                    Math.FusedMultiplyAdd(weight, errors[i], sums.First), Math.FusedMultiplyAdd(weight * scaled, scaled, sums.Second), Math.Max(sums.Largest, errors[i]));
            }

            parts[chunk] = sums;
        });
        Sums total = default;
        foreach (Sums part in parts) total = new(total.First + part.First, total.Second + part.Second, Math.Max(total.Largest, part.Largest));
        return total;
    }

    private readonly record struct Sums(double First, double Second, double Largest);
}
