using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Measurement;

/// <summary>Bounds of what samples can deviate: each holds with a probability of at least 1 − δ, for every law it is stated for.</summary>
public static class Concentration
{
    /// <summary>
    /// P(sup|F_n − F| > e) ≤ 2 exp(−2ne²): e at the level δ (A. Dvoretzky, J. Kiefer and J. Wolfowitz 1956, with P. Massart's constant, 1990). As Lévy's metric is at most Kolmogorov's, it bounds that as well.
    /// </summary>
    public static double Kolmogorov(int n, double delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return Math.Sqrt(LogInverse(0.5 * delta) / (2.0 * n));
    }

    /// <summary>
    /// C. McDiarmid's inequality (1989) for the mean over R independent pairs of samples of a distance that changes by at most B/m if one of m points is replaced, and by B/n if one of n is: t with P(mean − E > t) ≤ δ and
    /// P(E − mean > t) ≤ δ, t = B√((1/m + 1/n) log(1/δ)/(2R)). B = 2M for the bounded-Lipschitz metric, the diameter for W1 of laws with bounded support.
    /// </summary>
    public static double BoundedDifferences(double range, int m, int n, int repeats, double delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(m, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeats, 1);
        return range * Math.Sqrt(((1.0 / m) + (1.0 / n)) * LogInverse(delta) / (2.0 * repeats));
    }

    /// <summary>W. Hoeffding's inequality (1963) for the mean of n independent numbers of an interval of length B: t = B√(log(1/δ)/(2n)), one-sided.</summary>
    public static double Hoeffding(double range, int n, double delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return range * Math.Sqrt(LogInverse(delta) / (2.0 * n));
    }

    /// <summary>
    /// The empirical Bernstein inequality (A. Maurer and M. Pontil 2009, theorem 4) for n ≥ 2 independent numbers of an interval of length B with sample variance v: t = √(2v log(2/δ)/n) + 7B log(2/δ)/(3(n − 1)), one-sided. Far
    /// below Hoeffding's where the numbers scatter little.
    /// </summary>
    public static double Bernstein(double range, double variance, int n, double delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        double log = LogInverse(0.5 * delta);
        return Math.Sqrt(2 * variance * log / n) + (7 * range * log / (3.0 * (n - 1)));
    }

    /// <summary>
    /// Half the width of Student's interval for the mean of R ≥ 2 numbers, one-sided at the level δ: t_{R−1,1−δ}·s/√R. Exact for normal numbers; for means of samples an approximation, calibrated by the tests.
    /// </summary>
    public static double Student(ReadOnlySpan<double> values, double delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, 2);
        double mean = VectorMath.Sum(values) / values.Length, squares = 0;
        foreach (double v in values) squares += (v - mean) * (v - mean);
        return StudentQuantile(values.Length - 1, delta) * Math.Sqrt(squares / (values.Length - 1) / values.Length);
    }

    /// <summary>The t with P(T > t) = δ for Student's law with k degrees of freedom, by bisection of its closed distribution function (Abramowitz and Stegun 26.7.3, 26.7.4).</summary>
    public static double StudentQuantile(int degrees, double delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        if (!(delta is > 0 and < 0.5)) throw new ArgumentOutOfRangeException(nameof(delta), delta, "a probability between 0 and 1/2 was expected");
        double low = 0, high = 1;
        while (Tail(degrees, high) > delta) high *= 2;
        while (true)
        {
            double middle = 0.5 * (low + high);
            if (!(middle > low && middle < high)) return high;
            if (Tail(degrees, middle) > delta) low = middle;
            else high = middle;
        }
    }

    /// <summary>P(T > t), t ≥ 0.</summary>
    private static double Tail(int k, double t)
    {
        double cosine2 = k / (k + (t * t)), sine = t / Math.Sqrt(k + (t * t)), sum = 0, term = 1;
        if (k % 2 == 0)
        {
            // A = sin θ (1 + ½cos²θ + (1·3/2·4)cos⁴θ + …)
            for (int j = 0; j < k / 2; j++)
            {
                sum += term;
                term *= cosine2 * ((2 * j) + 1) / ((2 * j) + 2);
            }

            return 0.5 * (1 - (sine * sum));
        }

        // A = (2/π)(θ + sin θ cos θ (1 + (2/3)cos²θ + …))
        for (int j = 0; j < (k - 1) / 2; j++)
        {
            sum += term;
            term *= cosine2 * ((2 * j) + 2) / ((2 * j) + 3);
        }

        double angle = Real.Atan(new(t / Math.Sqrt(k))).Value;
        return 0.5 - ((angle + (sine * Math.Sqrt(cosine2) * sum)) / Math.PI);
    }

    private static double LogInverse(double delta) => delta is > 0 and < 1
        ? -Real.Log(new(delta)).Value
        : throw new ArgumentOutOfRangeException(nameof(delta), delta, "a probability between 0 and 1 was expected");
}
