using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction;

/// <summary>
/// Step (d3): the rational-quadratic spline through (y_k, P(x, y_k)) with slopes ∂P/∂y(x, y_k), K equal bins on the layer's interval; error O(K⁻⁴) for C⁴ maps. One more
/// bin on each side leads to the identity, so that the layer, like the maps of S_c, is the identity outside of a compact set.
/// </summary>
public static class SplineLayer
{
    /// <summary>The layer with K + 2 bins and conditioners of the given degree.</summary>
    public static Coupling Create(SumOfSquaresFit fit, Tube check, int bins, int degree)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(check);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        MonotoneProfile profile = new(fit, check);
        (double lower, double upper) = profile.Active;
        double[] knots = [.. Enumerable.Range(0, bins + 1).Select(k => ((lower * (bins - k)) + (upper * k)) / bins)];

        // the outer knots lie on the diagonal, beyond all values of P at the ends, so that every bin has a positive height
        double least = lower, most = upper;
        double[] grid = ChebyshevGrid.Points(degree, profile.PassiveLower, profile.PassiveUpper);
        int p = profile.PassiveLower.Length, count = p == 0 ? 1 : grid.Length / p;
        for (int n = 0; n < count; n++)
        {
            (double[] ends, _, _) = profile.At(grid.AsSpan(n * p, p), [lower, upper]);
            (least, most) = (Math.Min(least, ends[0]), Math.Max(most, ends[1]));
        }

        double room = 0.25 * (upper - lower), outerLow = least - room, outerHigh = most + room;
        RationalQuadraticTransformer transformer = new(bins + 2, outerLow, outerHigh, FreeTails: false, new PositiveMap(PositiveKind.Exp), 0);
        return profile.Couple(transformer, degree, x =>
        {
            (double[] values, double[] slopes, _) = profile.At(x, knots);
            double[] raw = new double[transformer.RawCount];
            for (int k = 0; k < bins + 2; k++)
            {
                raw[k] = Log((k == bins + 1 ? outerHigh : knots[k]) - (k == 0 ? outerLow : knots[k - 1]));
                raw[bins + 2 + k] = Log((k == bins + 1 ? outerHigh : values[k]) - (k == 0 ? outerLow : values[k - 1]));
            }

            for (int k = 0; k <= bins; k++) raw[(2 * (bins + 2)) + k] = Log(slopes[k]);
            return raw;
        });
    }

    private static double Log(double x) => Real.Log(new(x)).Value;
}
