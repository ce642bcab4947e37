using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>The standard normal law: φ, Φ, 1 − Φ and Φ⁻¹, with the digits of the small tail.</summary>
/// <remarks>
/// erfc by the rational approximations of W. J. Cody, "Rational Chebyshev approximations for the error function", Math. Comp. 23, 1969, to a few units in the last place of the smaller tail (measured against an
/// independent implementation); Φ⁻¹ by P. J. Acklam's rational approximation and two steps of Halley's iteration.
/// </remarks>
public static class Normal
{
    private const double InverseRootPi = 0.56418958354775628695, RootHalf = 0.70710678118654752440, RootTwoPi = 2.5066282746310005024, Border = 0.46875;

    private static readonly double[] s_a = [1.85777706184603153e-1, 3.16112374387056560e0, 1.13864154151050156e2, 3.77485237685302021e2, 3.20937758913846947e3];
    private static readonly double[] s_b = [1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3];
    private static readonly double[] s_c = [2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e0, 6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2, 1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3];
    private static readonly double[] s_d = [1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3];
    private static readonly double[] s_p = [1.63153871373020978e-2, 3.05326634961232344e-1, 3.60344899949804439e-1, 1.25781726111229246e-1, 1.60837851487422766e-2, 6.58749161529837803e-4];
    private static readonly double[] s_q = [1, 2.56852019228982242e0, 1.87295284992346047e0, 5.27905102951428412e-1, 6.05183413124413191e-2, 2.33520497626869185e-3];

    private static readonly double[] s_middle = [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.383577518672690e2, -3.066479806614716e1, 2.506628277459239e0];
    private static readonly double[] s_middleBelow = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1];
    private static readonly double[] s_tail = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838e0, -2.549732539343734e0, 4.374664141464968e0, 2.938163982698783e0];
    private static readonly double[] s_tailBelow = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996e0, 3.754408661907416e0, 1];

    /// <summary>φ(x) = e^{−x²/2}/√(2π).</summary>
    public static double Density(double x) => Real.Exp(new(-0.5 * x * x)).Value / RootTwoPi;

    /// <summary>Φ(x) = P(Z ≤ x), relatively accurate for x → −∞.</summary>
    public static double Cdf(double x) => 0.5 * Erfc(-x * RootHalf);

    /// <summary>1 − Φ(x), relatively accurate for x → ∞.</summary>
    public static double Survival(double x) => 0.5 * Erfc(x * RootHalf);

    /// <summary>The z with Φ(z) = p and 1 − Φ(z) = q; the smaller of the two decides. ∓∞ for p = 0 and q = 0.</summary>
    /// <param name="p">p in [0, 1].</param>
    /// <param name="q">1 − p.</param>
    public static double Quantile(double p, double q) => p <= q ? Lower<Real>(new(p)).Value : -Lower<Real>(new(q)).Value;

    /// <summary>The z with Φ(z) = p and 1 − Φ(z) = q, for every reading.</summary>
    public static T Quantile<T>(T p, T q) where T : unmanaged, IScalar<T>
    {
        T z = Lower(T.Min(p, q));
        return T.SelectLess(q, p, -z, z);
    }

    /// <summary>Φ(x), for every reading.</summary>
    public static T Cdf<T>(T x) where T : unmanaged, IScalar<T>
    {
        T u = -RootHalf * x, size = T.Abs(u), border = T.Constant(Border), square = size * size;
        // each branch on arguments where it is harmless
        T near = T.Min(size, border), middle = T.Min(T.Max(size, border), T.Constant(4)), far = T.Max(size, T.Constant(4)), e = T.Exp(-square);
        T small = 1 - (near * Ratio(near * near, s_a, s_b));
        T medium = e * Ratio(middle, s_c, s_d), r = 1 / (far * far);
        T large = e / far * (InverseRootPi - (r * Ratio(r, s_p, s_q)));
        T tail = T.SelectLess(size, border, small, T.SelectLess(size, T.Constant(4), medium, large));
        return 0.5 * T.SelectLess(u, T.Constant(0), 2 - tail, tail);
    }

    /// <summary>erfc(x) = (2/√π)∫ₓ^∞ e^{−t²} dt.</summary>
    public static double Erfc(double x)
    {
        double size = Math.Abs(x);
        if (double.IsNaN(x)) return x;
        if (size <= Border) return 1 - (x * Ratio(new Real(size * size), s_a, s_b).Value);
        double tail;
        if (size > 27) tail = 0; // below the smallest double
        else
        {
            // e^{−x²} with the rounding error of x² taken out: x² = h² + (x − h)(x + h), h with 4 binary digits behind the point
            double h = Math.Truncate(size * 16) / 16;
            double e = Real.Exp(new(-h * h)).Value * Real.Exp(new(-(size - h) * (size + h))).Value;
            double r = 1 / (size * size);
            tail = size <= 4 ? e * Ratio(new Real(size), s_c, s_d).Value : e / size * (InverseRootPi - (r * Ratio(new Real(r), s_p, s_q).Value));
        }

        return x < 0 ? 2 - tail : tail;
    }

    /// <summary>z ≤ 0 with Φ(z) = p ≤ ½.</summary>
    private static T Lower<T>(T p) where T : unmanaged, IScalar<T>
    {
        const double border = 0.02425;
        T safe = T.Max(p, T.Constant(1e-300)), q = safe - 0.5, r = q * q;
        T middle = q * Ratio(r, s_middle, s_middleBelow), t = T.Sqrt(-2 * T.Log(T.Min(safe, T.Constant(0.5))));
        T z = T.SelectLess(safe, T.Constant(border), Ratio(t, s_tail, s_tailBelow), middle);
        for (int i = 0; i < 2; i++)
        {
            T e = Cdf(z) - safe, u = e * RootTwoPi * T.Exp(0.5 * z * z);
            z -= u / (1 + (0.5 * z * u));
        }

        return T.SelectLess(T.Constant(0), p, z, T.Constant(double.NegativeInfinity));
    }

    private static T Ratio<T>(T x, double[] above, double[] below) where T : unmanaged, IScalar<T> => Horner(x, above) / Horner(x, below);

    private static T Horner<T>(T x, double[] c) where T : unmanaged, IScalar<T>
    {
        T sum = T.Constant(c[0]);
        for (int k = 1; k < c.Length; k++) sum = T.MultiplyAdd(sum, x, T.Constant(c[k]));
        return sum;
    }
}
