using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction;

/// <summary>
/// Step (d2): v = σ∘P(x, ·) as a mixture of m steep sigmoids at equally spaced centres c_j, spacing h, slope a = κ/h, weights w_j = V(c_j + h/2) − V(c_j − h/2), the first
/// and the last taking the tails. Plain, V = v: the error is ½v″π²/(3a²) + … = O(h²). Corrected, V = v − (π²/(6a²) + h²/24)v″: O(h⁴), as long as all w_j &gt; 0.
/// </summary>
/// <remarks>
/// The centres reach ⌈15/κ⌉ spacings beyond the interval, where P must go on smoothly: a jump of v″ at the ends would cost O(h²) near them, one of v‴, which is left, O(h³). The two outermost sigmoids, which carry
/// the tails, stand so much further out that they are saturated to e⁻³⁵. Aliasing is a ripple of relative size z/sinh z, z = 2π²/κ, and of the period h: it ends the rate −4 of the corrected
/// mixture, near 10⁻⁶ for κ = 1.5 and three orders lower for κ = 1, which otherwise has the larger errors.
/// </remarks>
public static class DeepSigmoidalLayer
{
    /// <summary>κ = a·h.</summary>
    public const double Overlap = 1.5;

    private const double Outward = 20; // of the two outermost sigmoids, in units of 1/a

    /// <summary>How many centres stand beyond each end of the interval: ⌈15/κ⌉, saturated there to e⁻¹⁵.</summary>
    public static int Reach(double overlap = Overlap) => (int)Math.Ceiling(15 / overlap);

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
    public static Coupling? Create(SumOfSquaresFit fit, Tube check, int sigmoids, int degree, bool corrected, double overlap = Overlap)
    {
        ArgumentNullException.ThrowIfNull(fit);
        ArgumentNullException.ThrowIfNull(check);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(sigmoids, 2 * Reach(overlap));
        MonotoneProfile profile = new(fit, check);
        (double lower, double upper) = profile.Active;
        int m = sigmoids, reach = Reach(overlap);
        double h = (upper - lower) / (m - (2 * reach)), a = overlap / h, first = lower - (reach * h);
        double[] ends = [.. Enumerable.Range(0, m + 1).Select(j => first + (j * h))], inside = [.. ends.Select(y => Math.Clamp(y, lower, upper))];
        bool positive = true;
        Coupling layer = profile.Couple(new DeepSigmoidalTransformer(m, new PositiveMap(PositiveKind.Exp), 0), degree, x =>
        {
            (double[] p, double[] p1, double[] p2) = profile.At(x, inside);
            double[] v = new double[m + 1], v2 = new double[m + 1], raw = new double[3 * m];
            for (int j = 0; j <= m; j++)
            {
                (double value, double slope, double curvature) = Continued(p[j], p1[j], p2[j], ends[j] - inside[j]);
                double s = Real.Logistic(new(value)).Value, s1 = s * (1 - s);
                (v[j], v2[j]) = (s, s1 * (((1 - (2 * s)) * slope * slope) + curvature));
            }

            double[] w = Weights(v, v2, h, a, corrected);
            for (int j = 0; j < m; j++)
            {
                positive &= w[j] > 0;
                raw[j] = Real.Log(new(Math.Max(w[j], double.Epsilon))).Value;
                raw[m + j] = Real.Log(new(a)).Value;
                raw[(2 * m) + j] = (-a * (first + ((j + 0.5) * h))) + (j == 0 ? Outward : j == m - 1 ? -Outward : 0);
            }

            return raw;
        });
        return positive ? layer : null;
    }

    /// <summary>
    /// P, P′ and P″ beyond the end of the interval, where P need not be known: P″ fades as e^{−|δ|/ℓ} with ℓ = P′/(2|P″|), so that P is C², and P′ stays between a half and three halves of what it was.
    /// </summary>
    private static (double Value, double First, double Second) Continued(double value, double first, double second, double beyond)
    {
        if (beyond == 0 || second == 0) return (value + (first * beyond), first, second);
        double length = 0.5 * first / Math.Abs(second), faded = -Real.Expm1(new(-Math.Abs(beyond) / length)).Value;
        return (value + (first * beyond) + (second * length * (Math.Abs(beyond) - (length * faded))), first + (second * length * faded * Math.Sign(beyond)), second * (1 - faded));
    }
}
