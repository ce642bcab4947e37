using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Tests.Distributions;

/// <summary>Statements about a law from two independent sides, as numbers.</summary>
internal static class LawChecks
{
    public const int Count = 20_000;

    /// <summary>Dvoretzky, Kiefer and Wolfowitz, with Massart's constant: P(sup |F_n − F| &gt; e) ≤ 2e^{−2ne²} = 1e-9.</summary>
    public static readonly double Band = Math.Sqrt(Math.Log(2e9) / (2 * Count));

    /// <summary>∫ p over the window by the trapezoidal rule.</summary>
    public static double Integral(DensityLaw law)
    {
        int d = law.Dimension, last = d - 1, rows = d == 1 ? 1 : 480, steps = d == 1 ? 8000 : 480;
        double hx = d == 1 ? 1 : (law.Window.Upper[0] - law.Window.Lower[0]) / rows, hy = (law.Window.Upper[last] - law.Window.Lower[last]) / steps, sum = 0;
        Span<Lanes> point = stackalloc Lanes[d];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < steps; j += Lanes.Width)
            {
                Lanes y = default;
                for (int lane = 0; lane < Lanes.Width; lane++) y = y.With(lane, law.Window.Lower[last] + ((j + lane) * hy));
                point[0] = Lanes.Constant(law.Window.Lower[0] + (i * hx));
                point[last] = y;
                sum += VectorMath.Sum(Lanes.Exp(law.LogDensity<Lanes>(point)).Value);
            }
        }

        return sum * hx * hy;
    }

    /// <summary>The largest |log p(x) − Σ_k log F_k′(x_k | x_{&lt;k})| over samples, F′ by a five-point difference; samples next to a corner of F are left out.</summary>
    public static double DensityAgainstConditionals(DensityLaw law, IConditionals conditionals)
    {
        double[] points = law.Samples(new Philox(11, "slopes"), 60);
        double worst = 0;
        int used = 0;
        for (int n = 0; n < 60; n++)
        {
            double[] x = points.AsSpan(n * law.Dimension, law.Dimension).ToArray();
            double sum = 0;
            bool smooth = true;
            for (int k = 0; k < x.Length; k++)
            {
                LineLaw line = conditionals.Given(x.AsSpan(0, k));
                double[] slopes = [.. new[] { 1.0, 0.5 }.Select(s => Slope(line, x[k], s * Width(line)))];
                smooth &= Math.Abs(slopes[0] / slopes[1] - 1) < 1e-6 && slopes[1] > 0;
                sum += Math.Log(slopes[1]);
            }

            if (!smooth) continue;
            used++;
            double log = law.LogDensity<Real>([.. x.Select(v => new Real(v))]).Value;
            worst = Math.Max(worst, double.IsFinite(log) ? Math.Abs(log - sum) : double.PositiveInfinity);
        }

        return used >= 20 ? worst : double.PositiveInfinity;
    }

    /// <summary>sup |F_n − F| of coordinate i, jumps taken from both sides.</summary>
    public static double Kolmogorov(Law law, LineLaw line, int i)
    {
        double[] points = law.Samples(new Philox(12, "cdf"), Count);
        double[] x = [.. Enumerable.Range(0, Count).Select(n => points[(n * law.Dimension) + i]).Order()];
        double worst = 0;
        for (int n = 0; n < Count; n++)
        {
            // F_n at the last of equal points, and just below the first of them
            if (n == Count - 1 || x[n + 1] > x[n]) worst = Math.Max(worst, Math.Abs(((n + 1.0) / Count) - line.Cdf(x[n])));
            if (n == 0 || x[n - 1] < x[n]) worst = Math.Max(worst, Math.Abs(((double)n / Count) - line.Cdf(Math.BitDecrement(x[n]))));
            worst = Math.Max(worst, Math.Abs(1 - line.Cdf(x[n]) - line.Survival(x[n])));
        }

        return worst;
    }

    /// <summary>
    /// For each k the distance sup |F_n − id| of the numbers F_k(X_k | X_{&lt;k}), which are uniform (Rosenblatt 1952); a mass at a point is spread by a uniform number, within 1e-6 because a curve's points have rounding errors.
    /// </summary>
    public static IEnumerable<double> Rosenblatt(Law law, IConditionals conditionals)
    {
        double[] points = law.Samples(new Philox(13, "rosenblatt"), Count);
        Philox random = new(14, "spread");
        int n = law is AtomicLaw or GaussianMixture or TwoMoons ? Count / 4 : Count;
        for (int k = 0; k < law.Dimension; k++)
        {
            double[] u = new double[n];
            for (int m = 0; m < n; m++)
            {
                ReadOnlySpan<double> x = points.AsSpan(m * law.Dimension, law.Dimension);
                LineLaw line = conditionals.Given(x[..k]);
                double e = 1e-6 * Math.Max(1e-3, Math.Min(1, line.Window.Upper - line.Window.Lower)), below = line.Cdf(x[k] - e), above = line.Cdf(x[k] + e);
                u[m] = below + (random.NextUniform() * (above - below));
            }

            Array.Sort(u);
            yield return Enumerable.Range(0, n).Max(m => Math.Max(Math.Abs(u[m] - ((double)m / n)), Math.Abs(u[m] - ((m + 1.0) / n)))) * Math.Sqrt((double)n / Count);
        }
    }

    /// <summary>Sample mean less mean, and sample covariance less covariance, each with its standard error.</summary>
    public static IEnumerable<(double Gap, double Error)> Moments(Law law, IMoments moments, bool fourth)
    {
        double[] points = law.Samples(new Philox(15, "moments"), Count);
        int d = law.Dimension;
        for (int i = 0; i < d; i++)
        {
            if (double.IsNaN(moments.Mean(i))) continue;
            yield return Gap(m => points[(m * d) + i], moments.Mean(i));
            if (!fourth) continue;
            for (int j = 0; j <= i; j++)
                yield return Gap(m => (points[(m * d) + i] - moments.Mean(i)) * (points[(m * d) + j] - moments.Mean(j)), moments.Covariance(i, j));
        }
    }

    /// <summary>The mean of −log p over samples less the entropy, with its standard error.</summary>
    public static (double Gap, double Error) Entropy(DensityLaw law)
    {
        double[] points = law.Samples(new Philox(8, "entropy test"), Count);
        int d = law.Dimension;
        return Gap(n => -law.LogDensity<Real>([.. Enumerable.Range(0, d).Select(i => new Real(points[(n * d) + i]))]).Value, law.Entropy);
    }

    private static (double Gap, double Error) Gap(Func<int, double> value, double expected)
    {
        double sum = 0, squares = 0;
        for (int n = 0; n < Count; n++)
        {
            double v = value(n);
            (sum, squares) = (sum + v, squares + (v * v));
        }

        double mean = sum / Count;
        return (mean - expected, Math.Sqrt(Math.Max(0, (squares / Count) - (mean * mean)) / Count));
    }

    private static double Slope(LineLaw line, double x, double h) =>
        ((8 * (line.Cdf(x + h) - line.Cdf(x - h))) - (line.Cdf(x + (2 * h)) - line.Cdf(x - (2 * h)))) / (12 * h);

    private static double Width(LineLaw line) => 2e-3 * (line.Quantile(0.75, 0.25) - line.Quantile(0.25, 0.75));
}
