using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>
/// A distance of laws from one of maps: β(g_#μ, T_#μ) ≤ ∫min(2, |g − T|) dμ and W1(g_#μ, T_#μ) ≤ ∫|g − T| dμ, since (g(Z), T(Z)) is a coupling. T is the Knothe–Rosenblatt map of a law with known conditionals, T_#N(0, I) that law
/// exactly. The means come from normal samples: their error is of order n^{−½} in every dimension, while the distance of two samples falls like n^{−1/d}. An upper bound only, and a bad one for a flow that is near the law by another map.
/// </summary>
public sealed class CouplingBound
{
    private readonly double[] _distances, _truncated;

    private CouplingBound(double[] distances) => (_distances, _truncated) = (distances, [.. distances.Select(t => t < 2 ? t : 2)]);

    /// <summary>The mean of |g(z) − T(z)|.</summary>
    public double Mean => VectorMath.Sum(_distances) / _distances.Length;

    /// <summary>The mean of min(2, |g(z) − T(z)|); 2 where g is not finite.</summary>
    public double TruncatedMean => VectorMath.Sum(_truncated) / _truncated.Length;

    /// <summary>From <paramref name="count"/> normal samples.</summary>
    /// <param name="flow">g.</param>
    /// <param name="law">A law with known conditionals.</param>
    /// <param name="random">Draws z.</param>
    /// <param name="count">n ≥ 2.</param>
    /// <param name="threads">How many threads to use; the result does not depend on it.</param>
    /// <returns>The bound, or null if the conditionals of the law are not known.</returns>
    public static CouplingBound? Of(IBijection flow, Law law, Philox random, int count, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(law);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        if (law is not IConditionals conditionals || flow.Dimension != law.Dimension) return null;
        int d = law.Dimension;
        double[] z = new double[count * d], g = new double[count * d], distances = new double[count];
        random.FillNormal(z);
        Evaluation.Map(flow, z, g, threads);
        const int chunk = 256;
        Workers.For((count + chunk - 1) / chunk, threads, c =>
        {
            double[] t = new double[d];
            for (int n = c * chunk; n < Math.Min(count, (c + 1) * chunk); n++)
            {
                double square = 0;
                for (int k = 0; k < d; k++)
                {
                    t[k] = conditionals.Given(t.AsSpan(0, k)).FromNormal(z[(n * d) + k]);
                    double difference = g[(n * d) + k] - t[k];
                    square += difference * difference;
                }

                distances[n] = Math.Sqrt(square);
            }
        });
        return new CouplingBound(distances);
    }

    /// <summary>u with P(β(g_#μ, law) > u) ≤ δ: the smaller of Hoeffding's and the empirical Bernstein bound, at δ/2 each.</summary>
    public double BoundedLipschitz(double delta)
    {
        double mean = TruncatedMean, squares = 0;
        foreach (double v in _truncated) squares += (v - mean) * (v - mean);
        int n = _truncated.Length;
        return mean + Math.Min(Concentration.Hoeffding(2, n, delta / 2), Concentration.Bernstein(2, squares / (n - 1), n, delta / 2));
    }

    /// <summary>The same for W1 with Student's interval, which holds approximately if |g − T| has a second moment.</summary>
    public double Wasserstein(double delta) => Mean + Concentration.Student(_distances, delta);
}
