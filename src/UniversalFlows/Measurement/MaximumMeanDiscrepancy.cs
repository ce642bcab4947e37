using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Measurement;

/// <summary>
/// MMD²(P, Q) = E k(X, X′) − 2E k(X, Y) + E k(Y, Y′) with X, X′ ~ P and Y, Y′ ~ Q independent: the squared distance of the two mean embeddings in
/// the space of the kernel (Gretton, Borgwardt, Rasch, Schölkopf and Smola, "A kernel two-sample test", JMLR 13, 2012).
/// </summary>
public static class MaximumMeanDiscrepancy
{
    /// <summary>Both estimators from two samples; O((m + n)²) kernel values.</summary>
    /// <param name="kernel">k.</param>
    /// <param name="x">m ≥ 2 points of R^d, d numbers each.</param>
    /// <param name="y">n ≥ 2 points of R^d.</param>
    /// <param name="dimension">d.</param>
    /// <param name="threads">How many threads to use; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">A length is no multiple of d, or a sample has fewer than two points.</exception>
    public static MmdEstimate BetweenSamples(Kernel kernel, ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        double[] a = Columns(x, dimension, nameof(x)), b = Columns(y, dimension, nameof(y));
        double m = a.Length / dimension, n = b.Length / dimension;
        // sums over ordered pairs of different indices, and over all cross pairs
        double xx = 2 * PairSum(kernel, a, a, dimension, upper: true, threads), yy = 2 * PairSum(kernel, b, b, dimension, upper: true, threads);
        double xy = PairSum(kernel, a, b, dimension, upper: false, threads) / (m * n);
        double unbiased = (xx / (m * (m - 1))) + (yy / (n * (n - 1))) - (2 * xy);
        double biased = ((xx + (m * kernel.AtZero)) / (m * m)) + ((yy + (n * kernel.AtZero)) / (n * n)) - (2 * xy);
        return new MmdEstimate(unbiased, biased, (int)m, (int)n, kernel.Bound);
    }

    /// <summary>
    /// MMD² for the Gaussian kernel of width h and mixtures of isotropic Gaussians, exactly: for X ~ N(a, s²I) and Y ~ N(b, t²I) in R^d,
    /// E k(X, Y) = (h²/q)^{d/2} exp(−|a − b|²/(2q)), q = h² + s² + t². A component of deviation 0 is a point mass, so either side may be a sample.
    /// </summary>
    /// <exception cref="ArgumentException">The dimensions differ, or weights are negative or don't sum to 1.</exception>
    public static double Exact(Kernel kernel, IReadOnlyList<GaussianComponent> p, IReadOnlyList<GaussianComponent> q)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        Check(p, p, nameof(p));
        Check(q, p, nameof(q));
        return KernelMeans.Discrepancy(kernel, [.. p.Select(MixturePart.Of)], [.. q.Select(MixturePart.Of)]);
    }

    /// <summary>
    /// MMD² of two laws that are mixtures of isotropic Gaussians, point masses and uniform laws on boxes (<see cref="MixturePart.Parts"/>): closed for the Gaussian kernel; for the inverse multiquadric and the energy kernel, both
    /// scale mixtures of Gaussian kernels, one trapezoidal sum over scales that is exact to rounding (docs/metrics.md).
    /// </summary>
    /// <returns>MMD², or null if a law is no such mixture.</returns>
    public static double? Exact(Kernel kernel, Law p, Law q)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        if (p.Dimension != q.Dimension) throw new ArgumentException($"laws of one dimension were expected, not of R^{p.Dimension} and R^{q.Dimension}", nameof(q));
        return MixturePart.Parts(p) is { } a && MixturePart.Parts(q) is { } b ? KernelMeans.Discrepancy(kernel, a, b) : null;
    }

    private static void Check(IReadOnlyList<GaussianComponent> law, IReadOnlyList<GaussianComponent> other, string name)
    {
        if (law.Count == 0 || law.Any(c => c.Mean.Count != other[0].Mean.Count)) throw new ArgumentException("components of one dimension were expected", name);
        if (law.Any(c => !(c.Weight >= 0) || !(c.Deviation >= 0)) || !(Math.Abs(law.Sum(c => c.Weight) - 1) <= 1e-12))
            throw new ArgumentException("weights that sum to 1, and deviations of at least 0, were expected", name);
    }

    /// <summary>The points coordinate by coordinate: column i has x_i of all points.</summary>
    private static double[] Columns(ReadOnlySpan<double> points, int d, string name)
    {
        int count = points.Length / d;
        if (count < 2 || count * d != points.Length) throw new ArgumentException($"at least two points of R^{d} were expected, {points.Length} numbers were given", name);
        double[] columns = new double[points.Length];
        for (int n = 0; n < count; n++)
        {
            for (int i = 0; i < d; i++) columns[(i * count) + n] = points[(n * d) + i];
        }

        return columns;
    }

    /// <summary>Σ k(a_r, b_c) over all pairs, or over those with r &lt; c: eight columns at a time, row by row, rows added in order.</summary>
    private static double PairSum(Kernel kernel, double[] a, double[] b, int d, bool upper, int threads)
    {
        const int rowsPerChunk = 64;
        int rows = a.Length / d, columns = b.Length / d;
        double[] sums = new double[rows];
        Workers.For((rows + rowsPerChunk - 1) / rowsPerChunk, threads, chunk =>
        {
            Span<double> values = stackalloc double[Lanes.Width];
            for (int r = chunk * rowsPerChunk; r < Math.Min(rows, (chunk + 1) * rowsPerChunk); r++)
            {
                Lanes sum = default;
                int c = upper ? r + 1 : 0;
                for (; c + Lanes.Width <= columns; c += Lanes.Width)
                {
                    Lanes square = default;
                    for (int i = 0; i < d; i++)
                    {
                        Lanes difference = Lanes.Load(b.AsSpan((i * columns) + c, Lanes.Width)) - a[(i * rows) + r];
                        square = Lanes.MultiplyAdd(difference, difference, square);
                    }

                    sum += kernel.Value(square);
                }

                double total = VectorMath.Sum(sum.Value);
                if (c < columns)
                {
                    values.Clear();
                    for (int k = c; k < columns; k++)
                    {
                        for (int i = 0; i < d; i++)
                        {
                            double difference = b[(i * columns) + k] - a[(i * rows) + r];
                            values[k - c] = Math.FusedMultiplyAdd(difference, difference, values[k - c]);
                        }
                    }

                    Lanes last = kernel.Value(Lanes.Load(values));
                    for (int k = c; k < columns; k++) total += last[k - c];
                }

                sums[r] = total;
            }
        });
        return VectorMath.Sum(sums);
    }
}

/// <summary>Estimates of MMD² from samples of sizes m and n.</summary>
/// <param name="Unbiased">
/// The U-statistic (1/(m(m−1))) Σ_{i≠j} k(x_i, x_j) + (1/(n(n−1))) Σ_{i≠j} k(y_i, y_j) − (2/mn) Σ k(x_i, y_j): its mean is MMD²; it may be negative.
/// </param>
/// <param name="Biased">The V-statistic, with the pairs i = j: MMD² of the two empirical laws, ≥ 0 up to rounding.</param>
/// <param name="M">m.</param>
/// <param name="N">n.</param>
/// <param name="Bound">K = sup k; null if k is unbounded.</param>
public sealed record MmdEstimate(double Unbiased, double Biased, int M, int N, double? Bound)
{
    /// <summary>The distance of the empirical laws: √<see cref="Biased"/>, 0 if rounding made that negative.</summary>
    public double Distance => Math.Sqrt(Math.Max(0, Biased));

    /// <summary>
    /// r with P(|<see cref="Distance"/> − MMD| &gt; r) ≤ δ for kernels with 0 ≤ k ≤ K:
    /// r = 2(√(K/m) + √(K/n)) + √(2K(m + n)/(mn)·log(2/δ)) (Gretton et al. 2012, theorem 7).
    /// </summary>
    /// <exception cref="InvalidOperationException">The kernel is unbounded.</exception>
    public double Radius(double delta)
    {
        if (!(delta is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(delta), delta, "a probability between 0 and 1 was expected");
        double k = Bound ?? throw new InvalidOperationException("an unbounded kernel has no such bound");
        double m = M, n = N;
        return (2 * (Math.Sqrt(k / m) + Math.Sqrt(k / n))) + Math.Sqrt(2 * k * ((m + n) / (m * n)) * Real.Log(new(2 / delta)).Value);
    }

    /// <summary>
    /// MMD ≤ <see cref="Distance"/> + t with a probability of at least 1 − δ, t = √(K(1/m + 1/n) log(1/δ)): one point changes the distance by at most √(2K)/m, so McDiarmid's inequality holds with that t, and the mean of the distance of
    /// the samples is at least MMD, a supremum of means (docs/metrics.md). Sharper than theorem 7.
    /// </summary>
    /// <exception cref="InvalidOperationException">The kernel is unbounded.</exception>
    public double UpperBound(double delta) => Distance + Deviation(delta);

    /// <summary>MMD ≥ <see cref="Distance"/> − √(K/m) − √(K/n) − t with a probability of at least 1 − δ: the two roots bound the means of the distances of samples from their own laws.</summary>
    /// <exception cref="InvalidOperationException">The kernel is unbounded.</exception>
    public double LowerBound(double delta)
    {
        double k = Bound ?? throw new InvalidOperationException("an unbounded kernel has no such bound");
        return Math.Max(0, Distance - Math.Sqrt(k / M) - Math.Sqrt(k / N) - Deviation(delta));
    }

    private double Deviation(double delta)
    {
        double k = Bound ?? throw new InvalidOperationException("an unbounded kernel has no such bound");
        return Math.Sqrt(k * ((1.0 / M) + (1.0 / N)) * Real.Log(new(1 / delta)).Value);
    }

    /// <summary>An interval that holds MMD with a probability of at least 1 − δ.</summary>
    public (double Lower, double Upper) Interval(double delta)
    {
        double radius = Radius(delta);
        return (Math.Max(0, Distance - radius), Distance + radius);
    }
}
