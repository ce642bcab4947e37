using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>
/// The Wasserstein-1 distance W1(μ, ν) = inf over couplings of E|X − Y| = sup over 1-Lipschitz φ of ∫φ dμ − ∫φ dν (Kantorovich and
/// Rubinstein), |·| Euclidean, between samples. It metrises weak convergence together with convergence of the first moments (Villani, "Optimal
/// transport", 2009, theorem 6.9). For maps, W1(f_#μ, g_#μ) ≤ ∫|f − g| dμ.
/// </summary>
public static class Wasserstein
{
    /// <summary>
    /// W1 of the empirical laws of two samples of equal size n: (1/n) min over permutations π of Σ|x_i − y_π(i)|, as the extreme points of the couplings
    /// are permutations (Birkhoff). Exact up to rounding, and its own certificate: see <see cref="SampleTransport"/>.
    /// </summary>
    /// <param name="x">n points of R^d, d numbers each; their differences to y's below 1e150.</param>
    /// <param name="y">n points of R^d.</param>
    /// <param name="dimension">d.</param>
    /// <exception cref="ArgumentException">The lengths differ or are no multiple of d, or a distance is not finite.</exception>
    public static SampleTransport BetweenSamples(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension) => Transport(x, y, dimension, null);

    /// <summary>
    /// W2² of the empirical laws of two samples of equal size: the same with the cost |x − y|². <see cref="SampleTransport.Value"/> is the *square* of the distance. W2 metrises weak convergence together with
    /// convergence of the second moments; for Gaussians it is Bures' distance (<see cref="Bures"/>).
    /// </summary>
    /// <param name="x">n points of R^d, d numbers each.</param>
    /// <param name="y">n points of R^d.</param>
    /// <param name="dimension">d.</param>
    /// <exception cref="ArgumentException">The lengths differ or are no multiple of d, or a squared distance is not finite.</exception>
    public static SampleTransport SquaredBetweenSamples(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension) => Transport(x, y, dimension, t => t * t);

    /// <summary>
    /// W2 of two Gaussians of the plane or the line, W2² = |m₁ − m₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁^½ Σ₂ Σ₁^½)^½) (D. C. Dowson and B. V. Landau 1982). For d ≤ 2 the last trace is √(tr(Σ₁Σ₂) + 2√(det Σ₁ det Σ₂)).
    /// </summary>
    /// <exception cref="ArgumentException">d is above 2, or lengths don't agree.</exception>
    public static double Bures(ReadOnlySpan<double> mean1, ReadOnlySpan<double> covariance1, ReadOnlySpan<double> mean2, ReadOnlySpan<double> covariance2)
    {
        int d = mean1.Length;
        if (d is not (1 or 2) || mean2.Length != d || covariance1.Length != d * d || covariance2.Length != d * d) throw new ArgumentException("means and covariances of the line or the plane were expected", nameof(mean1));
        double square = 0, trace = 0;
        for (int i = 0; i < d; i++)
        {
            square += (mean1[i] - mean2[i]) * (mean1[i] - mean2[i]);
            trace += covariance1[(i * d) + i] + covariance2[(i * d) + i];
        }

        double product = 0;
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) product += covariance1[(i * d) + j] * covariance2[(j * d) + i];
        double root = d == 1 ? Math.Sqrt(product) : Math.Sqrt(product + (2 * Math.Sqrt(Determinant(covariance1) * Determinant(covariance2))));
        return Math.Sqrt(Math.Max(0, square + trace - (2 * root)));

        static double Determinant(ReadOnlySpan<double> a) => (a[0] * a[3]) - (a[1] * a[2]);
    }

    /// <summary>Optimal transport of samples of equal size at the price c(|x − y|).</summary>
    internal static SampleTransport Transport(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension, Func<double, double>? cost)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (x.Length != y.Length) throw new ArgumentException($"samples of equal size were expected, not of {x.Length} and {y.Length} numbers", nameof(y));
        int n = x.Length / dimension;
        if (n == 0 || n * dimension != x.Length) throw new ArgumentException($"{x.Length} numbers are not a whole positive number of points of R^{dimension}", nameof(x));
        double[] a = x.ToArray(), b = y.ToArray();
        AssignmentSolution s = Assignment.Solve(n, (i, costs) => DiscreteTransport.Costs(a, b, dimension, i, costs, cost));
        return new SampleTransport(s.Value / n, s.DualValue / n, s.Columns, s.RowPotentials, s.ColumnPotentials) { Cost = cost };
    }

    /// <summary>
    /// W1 of two samples of the line, of any sizes: ∫|F_m − G_n|, the area between the empirical distribution functions. For equal sizes it is the mean of
    /// |x_(i) − y_(i)| over the sorted samples.
    /// </summary>
    /// <exception cref="ArgumentException">A sample is empty or not finite.</exception>
    public static double OnTheLine(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        double[] a = Sorted(x, nameof(x)), b = Sorted(y, nameof(y));
        List<double> terms = [];
        if (a.Length == b.Length)
        {
            for (int k = 0; k < a.Length; k++) terms.Add(Math.Abs(a[k] - b[k]));
            return VectorMath.Sum(terms.ToArray()) / a.Length;
        }

        double position = Math.Min(a[0], b[0]);
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
        {
            double next = j >= b.Length || (i < a.Length && a[i] <= b[j]) ? a[i] : b[j];
            // whole numbers: no rounding in the difference of the heights
            long height = ((long)i * b.Length) - ((long)j * a.Length);
            terms.Add((next - position) * ((double)Math.Abs(height) / ((long)a.Length * b.Length)));
            while (i < a.Length && a[i] == next) i++;
            while (j < b.Length && b[j] == next) j++;
            position = next;
        }

        return VectorMath.Sum(terms.ToArray());
    }

    /// <summary>
    /// W1 of a sample of the line and a law with a continuous distribution function F: ∫|F_n − F| over [lower, upper], by Gauss–Legendre rules
    /// between the jumps of F_n and the points where F crosses it.
    /// </summary>
    /// <param name="x">The sample.</param>
    /// <param name="distribution">F, increasing and smooth on [lower, upper].</param>
    /// <param name="lower">Below it F is negligible.</param>
    /// <param name="upper">Above it 1 − F is negligible.</param>
    /// <exception cref="ArgumentException">The sample is empty, not finite, or not within [lower, upper].</exception>
    public static double ToLaw(ReadOnlySpan<double> x, Func<double, double> distribution, double lower, double upper)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        double[] a = Sorted(x, nameof(x));
        if (!(lower <= a[0] && a[^1] <= upper && lower < upper)) throw new ArgumentException($"the sample is not within [{lower:R}, {upper:R}]", nameof(x));
        List<double> terms = [];
        for (int k = 0; k <= a.Length; k++)
        {
            double left = k == 0 ? lower : a[k - 1], right = k == a.Length ? upper : a[k], height = (double)k / a.Length;
            if (left == right) continue;
            double crossing = Crossing(distribution, height, left, right);
            terms.Add(Math.Abs(Area(distribution, height, left, crossing)));
            terms.Add(Math.Abs(Area(distribution, height, crossing, right)));
        }

        return VectorMath.Sum(terms.ToArray());
    }

    /// <summary>|x_i − y_j| for all j.</summary>
    internal static void Distances(double[] x, double[] y, int d, int i, Span<double> distances)
    {
        ReadOnlySpan<double> own = x.AsSpan(i * d, d);
        for (int j = 0; j < distances.Length; j++)
        {
            double sum = 0;
            for (int k = 0; k < d; k++)
            {
                double difference = own[k] - y[(j * d) + k];
                sum = Math.FusedMultiplyAdd(difference, difference, sum);
            }

            distances[j] = Math.Sqrt(sum);
        }
    }

    private static double[] Sorted(ReadOnlySpan<double> sample, string name)
    {
        if (sample.IsEmpty) throw new ArgumentException("the sample is empty", name);
        if (sample.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new ArgumentException("the sample is not finite", name);
        double[] values = sample.ToArray();
        Array.Sort(values);
        return values;
    }

    /// <summary>A point of [left, right] that parts F ≤ height from F ≥ height, by bisection; an end if there is no crossing.</summary>
    private static double Crossing(Func<double, double> distribution, double height, double left, double right)
    {
        for (int k = 0; k < 80; k++)
        {
            double middle = (0.5 * left) + (0.5 * right);
            if (!(left < middle && middle < right)) break;
            if (distribution(middle) < height) left = middle;
            else right = middle;
        }

        return (0.5 * left) + (0.5 * right);
    }

    private static double Area(Func<double, double> distribution, double height, double left, double right)
    {
        if (!(left < right)) return 0;
        (double[] nodes, double[] weights) = GaussLegendre.Composite(left, right, 16, 8);
        double sum = 0;
        for (int k = 0; k < nodes.Length; k++) sum = Math.FusedMultiplyAdd(weights[k], distribution(nodes[k]) - height, sum);
        return sum;
    }
}

/// <summary>An optimal transport of one sample to another of the same size n, with a dual that proves it.</summary>
/// <remarks>
/// Whoever distrusts the solver checks the certificate: <see cref="Permutation"/> is a permutation, its mean distance is <see cref="Value"/>, and u_i + v_j ≤ c(|x_i − y_j|)
/// for all pairs (<see cref="Violation"/>). Then DualValue − violation·2 ≤ W1 ≤ Value. φ(z) = min_i (|x_i − z| − u_i) is the 1-Lipschitz function of the dual.
/// </remarks>
/// <param name="Value">(1/n) Σ|x_i − y_π(i)|.</param>
/// <param name="DualValue">(1/n)(Σu_i + Σv_j).</param>
/// <param name="Permutation">π.</param>
/// <param name="U">u, a number for each x_i.</param>
/// <param name="V">v, a number for each y_j.</param>
public sealed record SampleTransport(
    double Value, double DualValue, IReadOnlyList<int> Permutation, IReadOnlyList<double> U, IReadOnlyList<double> V)
{
    /// <summary>The price c(t) of a distance t; null: the distance itself.</summary>
    public Func<double, double>? Cost { get; init; }

    /// <summary>Value − DualValue: 0 up to rounding.</summary>
    public double Gap => Value - DualValue;

    /// <summary>|Gap|/Value; 0 if Value is 0, the least that a distance can be.</summary>
    public double RelativeGap => Value == 0 ? 0 : Math.Abs(Gap) / Value;

    /// <summary>
    /// max over i, j of u_i + v_j − c(|x_i − y_j|), the amount by which the dual is infeasible: computed from the points alone.
    /// </summary>
    public double Violation(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension)
    {
        int n = U.Count;
        if (x.Length != n * dimension || y.Length != x.Length) throw new ArgumentException($"two samples of {n} points of R^{dimension} were expected", nameof(x));
        double[] a = x.ToArray(), b = y.ToArray(), distances = new double[n];
        double worst = double.NegativeInfinity;
        for (int i = 0; i < n; i++)
        {
            DiscreteTransport.Costs(a, b, dimension, i, distances, Cost);
            for (int j = 0; j < n; j++) worst = Math.Max(worst, U[i] + V[j] - distances[j]); // Math.Max hands NaN on
        }

        return worst;
    }

    /// <summary>Whether <see cref="Permutation"/> is one, and <see cref="Value"/> its mean distance up to 1e-13 of it.</summary>
    public bool IsPrimal(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension)
    {
        int n = Permutation.Count;
        bool[] seen = new bool[n];
        double[] a = x.ToArray(), b = y.ToArray(), distances = new double[n], paid = new double[n];
        for (int i = 0; i < n; i++)
        {
            int j = Permutation[i];
            if (j < 0 || j >= n || seen[j]) return false;
            seen[j] = true;
            DiscreteTransport.Costs(a, b, dimension, i, distances, Cost);
            paid[i] = distances[j];
        }

        return Math.Abs((VectorMath.Sum(paid) / n) - Value) <= 1e-13 * Value;
    }
}
