using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction;

/// <summary>
/// Step (d2): v = σ∘P(x, ·) as a mixture of m steep sigmoids at equally spaced centres c_j, spacing h, slope a = κ/h, weights w_j = V(c_j + h/2) − V(c_j − h/2), the first
/// and the last taking the tails. Plain, V = v: the error is ½v″π²/(3a²) + … = O(h²). Corrected, V = v − (π²/(6a²) + h²/24)v″: O(h⁴), as long as all w_j &gt; 0.
/// </summary>
/// <remarks>The centres reach <see cref="Reach"/> spacings beyond the interval: there the outer sigmoids are saturated to e^{−κ·Reach}. Aliasing is of the relative size z/sinh z with z = 2π²/κ.</remarks>
public static class DeepSigmoidalLayer
{
    /// <summary>κ = a·h.</summary>
    public const double Overlap = 1.5;

    /// <summary>How many centres stand beyond each end of the interval.</summary>
    public const int Reach = 10;

    /// <summary>The weights of a mixture for v on equally spaced cells; some may be ≤ 0 if corrected.</summary>
    /// <param name="value">v at the m + 1 cell ends.</param>
    /// <param name="second">v″ there.</param>
    /// <param name="spacing">h.</param>
    /// <param name="slope">a.</param>
    /// <param name="corrected">Whether the second moment is corrected.</param>
    public static double[] Weights(ReadOnlySpan<double> value, ReadOnlySpan<double> second, double spacing, double slope, bool corrected)
    {
        int m = value.Length - 1;
        double moment = corrected ? (Math.PI * Math.PI / (6 * slope * slope)) + (spacing * spacing / 24) : 0;
        double[] w = new double[m];
        for (int j = 0; j < m; j++)
        {
            double left = j == 0 ? 0 : value[j] - (moment * second[j]);
            double right = j == m - 1 ? 1 : value[j + 1] - (moment * second[j + 1]);
            w[j] = right - left;
        }

        return w;
    }

    /// <summary>The layer with m sigmoids and conditioners of the given degree; null if some weight is not positive somewhere.</summary>
    public static Coupling? Create(SumOfSquaresFit fit, Tube check, int sigmoids, int degree, bool corrected)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(check);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(sigmoids, 2 * Reach);
        MonotoneProfile profile = new(fit, check);
        (double lower, double upper) = profile.Active;
        int m = sigmoids;
        double h = (upper - lower) / (m - (2 * Reach)), a = Overlap / h, first = lower - (Reach * h);
        double[] ends = [.. Enumerable.Range(0, m + 1).Select(j => first + (j * h))], inside = [.. ends.Select(y => Math.Clamp(y, lower, upper))];
        bool positive = true;
        Coupling layer = profile.Couple(new DeepSigmoidalTransformer(m, new PositiveMap(PositiveKind.Exp), 0), degree, x =>
        {
            (double[] p, double[] p1, double[] p2) = profile.At(x, inside);
            double[] v = new double[m + 1], v2 = new double[m + 1], raw = new double[3 * m];
            for (int j = 0; j <= m; j++)
            {
                // beyond the box P goes on along its tangent
                double beyond = ends[j] - inside[j], value = p[j] + (p1[j] * beyond), curvature = beyond == 0 ? p2[j] : 0;
                double s = Real.Logistic(new(value)).Value, s1 = s * (1 - s);
                (v[j], v2[j]) = (s, s1 * (((1 - (2 * s)) * p1[j] * p1[j]) + curvature));
            }

            double[] w = Weights(v, v2, h, a, corrected);
            for (int j = 0; j < m; j++)
            {
                positive &= w[j] > 0;
                raw[j] = Real.Log(new(Math.Max(w[j], double.Epsilon))).Value;
                raw[m + j] = Real.Log(new(a)).Value;
                raw[(2 * m) + j] = -a * (first + ((j + 0.5) * h));
            }

            return raw;
        });
        return positive ? layer : null;
    }
}
