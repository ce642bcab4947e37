using UniversalFlows.Scalars;

namespace UniversalFlows.Certification.Checking;

/// <summary>The elementary functions of the checker.</summary>
internal enum Function
{
    Sqrt, Exp, Expm1, Log, Log1p, Tanh, Logistic, Softplus, Sin, Cos, Atan, Inverse,
}

/// <summary>Taylor coefficients f_k = f⁽ᵏ⁾/k! of elementary functions at a point or over an interval, by interval recurrences, and plain ranges.</summary>
internal static class Jets
{
    /// <summary>f_0, …, f_n.</summary>
    public static Bracket[] Of(Function f, Bracket x, int n)
    {
        Bracket[] s = new Bracket[n + 1];
        Bracket one = Bracket.Of(1);
        s[0] = Range(f, x);
        switch (f)
        {
            case Function.Exp or Function.Expm1:
                Bracket e = Range(Function.Exp, x);
                for (int k = 1; k <= n; k++) s[k] = e = e / k;
                break;
            case Function.Log or Function.Log1p:
                Bracket inverse = Bracket.Inverse(f == Function.Log ? x : one + x), power = -one;
                for (int k = 1; k <= n; k++) s[k] = (power = -(power * inverse)) / k;
                break;
            case Function.Inverse:
                for (int k = 1; k <= n; k++) s[k] = -(s[k - 1] * s[0]);
                break;
            case Function.Sqrt:
                Bracket over = Bracket.Inverse(x);
                for (int k = 1; k <= n; k++) s[k] = s[k - 1] * over * Bracket.Of(1.5 - k) / k;
                break;
            case Function.Sin or Function.Cos:
                Bracket other = f == Function.Sin ? Range(Function.Cos, x) : -Range(Function.Sin, x);
                double factorial = 1;
                for (int k = 1; k <= n; k++)
                {
                    factorial *= k;
                    Bracket term = (k % 2 == 0 ? s[0] : other) / factorial;
                    s[k] = k % 4 >= 2 ? -term : term;
                }

                break;
            case Function.Tanh:
                s[1] = one - Bracket.Square(s[0]);
                Riccati(Bracket.Of(-2) * s[0], s);
                break;
            case Function.Logistic:
                s[1] = s[0] * Range(Function.Logistic, -x);
                Riccati(Range(Function.Logistic, -x) - s[0], s);
                break;
            case Function.Softplus:
                Bracket[] slope = Of(Function.Logistic, x, n);
                for (int k = 1; k <= n; k++) s[k] = slope[k - 1] / k;
                break;
            default:
                // g = 1/(1 + (x + z)²) is the derivative of arctan: (1 + x²)g_k + 2x g_{k−1} + g_{k−2} = 0
                Bracket g = Bracket.Inverse(one + Bracket.Square(x)), q = g, before = Bracket.Of(0);
                for (int k = 1; k <= n; k++)
                {
                    s[k] = g / k;
                    (before, g) = (g, -(((Bracket.Of(2) * x * g) + before) * q));
                }

                break;
        }

        return s;
    }

    /// <summary>An upper bound of |f_n| over x, for the remainder.</summary>
    public static double Last(Function f, Bracket x, int n)
    {
        double jet = Of(f, x, n)[n].Largest;
        double bound = f switch
        {
            Function.Tanh => Poles(x.Least, n),
            Function.Logistic => Poles(x.Least / 2, n) * Math.ScaleB(1, -n - 1), // σ(x) = ½ + ½ tanh(x/2)
            Function.Softplus => Poles(x.Least / 2, n - 1) * Math.ScaleB(1, -n) / n,
            Function.Atan => 1.0 / n,
            _ => double.NaN,
        };
        return (bound < jet || double.IsNaN(jet) ? bound : jet) * (1 + 1e-13);
    }

    /// <summary>f(x).</summary>
    public static Bracket Range(Function f, Bracket x) => f switch
    {
        Function.Sqrt => Bracket.Sqrt(x),
        Function.Exp => Bracket.Increasing(Real.Exp, 1.1, x, least: 0),
        Function.Expm1 => Bracket.Increasing(Real.Expm1, 2.6, x, least: -1),
        Function.Log => x.L >= 0 ? Bracket.Increasing(Real.Log, 1.5, x) : Bracket.Unknown,
        Function.Log1p => x.L >= -1 ? Bracket.Increasing(Real.Log1p, 2.0, x) : Bracket.Unknown,
        Function.Tanh => Bracket.Increasing(Real.Tanh, 4.4, x, -1, 1),
        Function.Logistic => Bracket.Increasing(Real.Logistic, 3.7, x, 0, 1),
        Function.Softplus => Bracket.Increasing(Real.Softplus, 3.2, x, least: 0),
        Function.Atan => Bracket.Increasing(Real.Atan, 2.8, x),
        Function.Inverse => Bracket.Inverse(x),
        _ => x.L == x.H ? Bracket.Increasing(f == Function.Sin ? Real.Sin : Real.Cos, 0.9, x, -1, 1) : double.IsFinite(x.L) && double.IsFinite(x.H) ? new(-1, 1) : Bracket.Unknown,
    };

    /// <summary>(k + 1)f_{k+1} = λ f_k − Σ_{i=1}^{k−1} f_i f_{k−i}: y′ = a + λ₀ y − y².</summary>
    private static void Riccati(Bracket lambda, Bracket[] s)
    {
        for (int k = 1; k + 1 < s.Length; k++)
        {
            Bracket sum = lambda * s[k];
            for (int i = 1; i < k; i++) sum -= s[i] * s[k - i];
            s[k + 1] = sum / (k + 1);
        }
    }

    /// <summary>tanh has the poles ±i(m − ½)π with residue 1: |f_n(ξ)| ≤ 2Σ_m (ξ² + (m − ½)²π²)^{−(n+1)/2}; m = 1, and three times the rest's first term at ξ = 0.</summary>
    private static double Poles(double least, int n)
    {
        const double Below = 2.4674; // (π/2)² = 2.46740110…
        double first = 1, rest = 1, y = (least * least) + Below;
        for (int i = 0; i < n + 1; i++)
        {
            first /= Math.Sqrt(y);
            rest /= Math.Sqrt(9 * Below);
        }

        // Σ_{m≥2} (2m−1)^{−p} ≤ 3^{−p}(1 + 3/(2(p − 1))) ≤ 3·3^{−p} for p ≥ 2
        return 2 * (first + (3 * rest));
    }
}
