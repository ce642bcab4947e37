using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>
/// Dudley's bounded-Lipschitz metric: β(μ, ν) = sup ∫φ dμ − ∫φ dν over |φ| ≤ M with Lipschitz constant L. It metrises weak convergence on R^d (R. M. Dudley, "Real Analysis and Probability", 2002, theorem 11.3.3). By duality it
/// is optimal transport with the truncated cost min(L|x − y|, 2M), itself a metric up to its constants (docs/metrics.md proves it).
/// </summary>
/// <remarks>The usual constants are M = L = 1. The variant with ‖φ‖∞ + Lip φ ≤ 1 is <see cref="SumNorm"/>. For maps, β(f_#μ, g_#μ) ≤ ∫min(2, |f − g|) dμ.</remarks>
public static class BoundedLipschitz
{
    /// <summary>β of the empirical laws of two samples of equal size n, by assignment. Exact up to rounding, with its dual.</summary>
    /// <param name="x">n points of R^d, d numbers each.</param>
    /// <param name="y">n points of R^d.</param>
    /// <param name="dimension">d.</param>
    /// <param name="lipschitz">L > 0.</param>
    /// <param name="bound">M > 0.</param>
    /// <exception cref="ArgumentException">The lengths differ or are no multiple of d, a distance is not finite, or a constant is not positive.</exception>
    public static SampleTransport BetweenSamples(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension, double lipschitz = 1, double bound = 1) =>
        Wasserstein.Transport(x, y, dimension, Cost(lipschitz, bound));

    /// <summary>β of point masses with any weights, by transport. Exact up to rounding, with its dual.</summary>
    /// <param name="p">Σ p_i δ_{x_i}.</param>
    /// <param name="q">Σ q_j δ_{y_j}.</param>
    /// <param name="lipschitz">L > 0.</param>
    /// <param name="bound">M > 0.</param>
    /// <exception cref="ArgumentException">The dimensions differ, there are too many atoms, or a constant is not positive.</exception>
    public static DiscretePlan Between(AtomicLaw p, AtomicLaw q, double lipschitz = 1, double bound = 1) => DiscreteTransport.Between(p, q, Cost(lipschitz, bound));

    /// <summary>t ↦ min(Lt, 2M).</summary>
    /// <exception cref="ArgumentException">A constant is not positive.</exception>
    public static Func<double, double> Cost(double lipschitz = 1, double bound = 1)
    {
        if (!(lipschitz > 0 && double.IsFinite(lipschitz))) throw new ArgumentOutOfRangeException(nameof(lipschitz), lipschitz, "a positive constant was expected");
        if (!(bound > 0 && double.IsFinite(bound))) throw new ArgumentOutOfRangeException(nameof(bound), bound, "a positive constant was expected");
        return t => Math.Min(lipschitz * t, 2 * bound);
    }

    /// <summary>
    /// The metric with ‖φ‖∞ + Lip φ ≤ 1: max over s in [0, 1] of V(s), V(s) the optimal transport with cost min(s|x − y|, 2(1 − s)). V is concave and piecewise linear (docs/metrics.md), so intersecting its tangents
    /// finds the maximum in finitely many steps.
    /// </summary>
    /// <returns>The value, an s where it is reached, and an upper bound from the tangents: the value up to rounding.</returns>
    public static (double Value, double At, double Upper) SumNorm(AtomicLaw p, AtomicLaw q)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        // V(0) = 0 with slope at most the largest distance that is needed, V(1) = 0 with slope −2 at least: tangents from both ends
        (double S, double Value, double Slope) left = (0, 0, DiscreteTransport.Between(p, q).Value), right = (1, 0, -2);
        double[] x = DiscreteTransport.Points(p), y = DiscreteTransport.Points(q), distances = new double[q.Count];
        (double best, double at, double upper) = (0, 0, double.PositiveInfinity);
        for (int step = 0; step < 200; step++)
        {
            double s = (right.Value - left.Value + (left.Slope * left.S) - (right.Slope * right.S)) / (left.Slope - right.Slope);
            upper = left.Value + (left.Slope * (s - left.S));
            if (!(s > left.S && s < right.S)) return (best, at, Math.Max(best, Math.Min(upper, best * (1 + 1e-14))));
            DiscretePlan plan = DiscreteTransport.Between(p, q, t => Math.Min(s * t, 2 * (1 - s)));
            if (plan.Value > best) (best, at) = (plan.Value, s);
            double slope = 0;
            foreach (PlannedMass f in plan.Plan)
            {
                Wasserstein.Distances(x, y, p.Dimension, f.Row, distances);
                slope += f.Mass * (s * distances[f.Column] <= 2 * (1 - s) ? distances[f.Column] : -2);
            }

            if (upper - plan.Value <= 1e-14 * upper || slope == 0) return (best, at, Math.Max(upper, best));
            if (slope > 0) left = (s, plan.Value, slope);
            else right = (s, plan.Value, slope);
        }

        return (best, at, upper);
    }
}
