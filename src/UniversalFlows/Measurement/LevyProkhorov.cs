using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>
/// The metric of Lévy and Prokhorov, ρ(P, Q) = inf {ε : P(A) ≤ Q(A^ε) + ε for all closed A}, of finitely many point masses. It metrises weak convergence on every separable metric space (P. Billingsley, "Convergence of
/// Probability Measures", 1999, theorem 6.8). By V. Strassen's theorem (1965) ρ ≤ ε iff some coupling has P(|X − Y| > ε) ≤ ε.
/// </summary>
public static class LevyProkhorov
{
    /// <summary>
    /// ρ exactly: with m(t) the largest mass that pairs of distance at most t can carry, a maximum flow, ρ = min over t of max(t, 1 − m(t)); m grows at the finitely many distances only, and bisection finds where the two terms cross.
    /// </summary>
    /// <param name="p">Σ p_i δ_{x_i}.</param>
    /// <param name="q">Σ q_j δ_{y_j}.</param>
    /// <exception cref="ArgumentException">The dimensions differ, or there are too many atoms.</exception>
    public static double Between(AtomicLaw p, AtomicLaw q)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        if (p.Dimension != q.Dimension) throw new ArgumentException($"laws of one dimension were expected, not of R^{p.Dimension} and R^{q.Dimension}", nameof(q));
        double[] x = DiscreteTransport.Points(p), y = DiscreteTransport.Points(q), a = DiscreteTransport.Weights(p), b = DiscreteTransport.Weights(q);
        double[][] distances = new double[p.Count][];
        for (int i = 0; i < p.Count; i++) Wasserstein.Distances(x, y, p.Dimension, i, distances[i] = new double[q.Count]);
        double[] steps = [.. distances.SelectMany(r => r).Append(0).Distinct().Order()];
        // the first step t with 1 − m(t) ≤ t; the largest has m = 1
        int low = 0, high = steps.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Missing(steps[middle]) <= steps[middle]) high = middle;
            else low = middle + 1;
        }

        return low == 0 ? steps[0] : Math.Min(steps[low], Missing(steps[low - 1]));

        double Missing(double t) => Math.Max(0, 1 - MaximumFlow.Between(a, b, (i, j) => distances[i][j] <= t));
    }
}
