using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <summary>The elementary functions of <see cref="TaylorModel"/>.</summary>
internal enum TaylorFunction
{
    Sqrt, Exp, Expm1, Log, Log1p, Tanh, Logistic, Softplus, Sin, Cos, Atan, Reciprocal,
}

/// <summary>
/// Taylor coefficients f_k(c) = f⁽ᵏ⁾(c)/k! as discs, and bounds of |f_n| over a range for Lagrange's remainder f_n(ξ)(x − c)ⁿ. The recurrences: tanh and the logistic
/// function solve a Riccati equation, arctan′ is a rational function (docs/certificates.md has the derivations).
/// </summary>
internal static class TaylorSeries
{
    /// <summary>s[k] ∋ f_k(c), k = 0 … s.Length − 1.</summary>
    public static void Coefficients(TaylorFunction f, Vec c, Span<Disc> s)
    {
        switch (f)
        {
            case TaylorFunction.Exp:
                Exponential(Disc.Computed(Elementary.Exp(c), Rounding.ExpUlps), s);
                break;
            case TaylorFunction.Expm1:
                Exponential(Disc.Computed(Elementary.Exp(c), Rounding.ExpUlps), s);
                s[0] = Disc.Computed(Elementary.Expm1(c), Rounding.Expm1Ulps);
                break;
            case TaylorFunction.Log:
                Logarithm(Disc.Computed(Create(1.0) / c, Rounding.ExactUlps), s);
                s[0] = Disc.Computed(Elementary.Log(c), Rounding.LogUlps);
                break;
            case TaylorFunction.Log1p:
                Logarithm(Disc.Inverse(Disc.Number(1) + new Disc(c, Vec.Zero)), s);
                s[0] = Disc.Computed(Elementary.Log1p(c), Rounding.Log1pUlps);
                break;
            case TaylorFunction.Reciprocal:
                Disc inverse = s[0] = Disc.Computed(Create(1.0) / c, Rounding.ExactUlps);
                for (int k = 1; k < s.Length; k++) s[k] = -(s[k - 1] * inverse);
                break;
            case TaylorFunction.Sqrt:
                Disc over = Disc.Computed(Create(1.0) / c, Rounding.ExactUlps);
                s[0] = Disc.Computed(Sqrt(c), Rounding.ExactUlps);
                for (int k = 1; k < s.Length; k++) s[k] = Disc.Over(s[k - 1] * over * (1.5 - k), k);
                break;
            case TaylorFunction.Sin:
                Circle(Disc.Computed(Elementary.Sin(c), Rounding.SinUlps), Disc.Computed(Elementary.Cos(c), Rounding.CosUlps), s);
                break;
            case TaylorFunction.Cos:
                Circle(Disc.Computed(Elementary.Cos(c), Rounding.CosUlps), -Disc.Computed(Elementary.Sin(c), Rounding.SinUlps), s);
                break;
            case TaylorFunction.Tanh:
                s[0] = Disc.Computed(Elementary.Tanh(c), Rounding.TanhUlps);
                if (s.Length > 1) s[1] = Disc.Number(1) - (s[0] * s[0]);
                Riccati(s[0] * -2, s);
                break;
            case TaylorFunction.Logistic:
                Logistic(c, s);
                break;
            case TaylorFunction.Softplus:
                Logistic(c, s[1..]);
                for (int k = 2; k < s.Length; k++) s[k] = Disc.Over(s[k], k);
                s[0] = Disc.Computed(Elementary.Softplus(c), Rounding.SoftplusUlps);
                break;
            default:
                ArcTangent(c, s);
                s[0] = Disc.Computed(Elementary.Atan(c), Rounding.AtanUlps);
                break;
        }
    }

    /// <summary>An upper bound of |f_n(ξ)| for all ξ ∈ x, n ≥ 2; NaN or ∞ where there is none.</summary>
    public static Vec Beyond(TaylorFunction f, Interval x, int n)
    {
        Vec m;
        switch (f)
        {
            case TaylorFunction.Exp or TaylorFunction.Expm1:
                m = Interval.Exp(x).Upper.Value * Create(1 / Factorial(n));
                break;
            case TaylorFunction.Log:
                m = Create(1.0 / n) / Power(x.Lower.Value, n);
                break;
            case TaylorFunction.Log1p:
                m = Create(1.0 / n) / Power(Rounding.Down(Create(1.0) + x.Lower.Value, Rounding.ExactUlps), n);
                break;
            case TaylorFunction.Reciprocal:
                m = Create(1.0) / Power(x.Mignitude.Value, n + 1);
                break;
            case TaylorFunction.Sqrt:
                // |C(½, n)|·ξ^{½ − n}
                double binomial = 1;
                for (int k = 1; k <= n; k++) binomial *= Math.Abs(1.5 - k) / k;
                m = Create(binomial) * Sqrt(x.Lower.Value) / Power(x.Lower.Value, n);
                break;
            case TaylorFunction.Sin or TaylorFunction.Cos:
                m = Create(1 / Factorial(n));
                break;
            case TaylorFunction.Tanh:
                m = Tanh(x, n);
                break;
            case TaylorFunction.Logistic:
                m = Logistic(x, n);
                break;
            case TaylorFunction.Softplus:
                m = Logistic(x, n - 1) * Create(1.0 / n);
                break;
            default:
                // arctan⁽ⁿ⁾(ξ) = (n − 1)! cosⁿθ sin n(θ + π/2), θ = arctan ξ: |f_n| ≤ (1 + ξ²)^{−n/2}/n
                m = Create(1.0 / n) / Power(Create(1.0) + (x.Mignitude.Value * x.Mignitude.Value), n / 2);
                break;
        }

        // an argument outside the domain makes some divisor negative or 0
        Vec domain = f is TaylorFunction.Log or TaylorFunction.Sqrt ? GreaterThan(x.Lower.Value, Vec.Zero)
            : f is TaylorFunction.Log1p ? GreaterThan(x.Lower.Value, Create(-1.0))
            : f is TaylorFunction.Reciprocal ? GreaterThan(x.Mignitude.Value, Vec.Zero)
            : Vector512.LessThanOrEqual(x.Lower.Value, x.Upper.Value);
        // Tiny: a divisor that overflowed
        return ConditionalSelect(domain, (m * Create(Rounding.Safe)) + Create(Rounding.Tiny), Create(double.NaN));
    }

    /// <summary>The range of f over x.</summary>
    public static Interval Range(TaylorFunction f, Interval x) => f switch
    {
        TaylorFunction.Sqrt => Interval.Sqrt(x),
        TaylorFunction.Exp => Interval.Exp(x),
        TaylorFunction.Expm1 => Interval.Expm1(x),
        TaylorFunction.Log => Interval.Log(x),
        TaylorFunction.Log1p => Interval.Log1p(x),
        TaylorFunction.Tanh => Interval.Tanh(x),
        TaylorFunction.Logistic => Interval.Logistic(x),
        TaylorFunction.Softplus => Interval.Softplus(x),
        TaylorFunction.Sin => Interval.Sin(x),
        TaylorFunction.Cos => Interval.Cos(x),
        TaylorFunction.Atan => Interval.Atan(x),
        _ => Interval.Constant(1) / x,
    };

    private static void Exponential(Disc value, Span<Disc> s)
    {
        s[0] = value;
        for (int k = 1; k < s.Length; k++) s[k] = Disc.Over(s[k - 1], k);
    }

    /// <summary>(−1)^{k+1}/(k cᵏ) for k ≥ 1.</summary>
    private static void Logarithm(Disc inverse, Span<Disc> s)
    {
        Disc power = Disc.Number(-1);
        for (int k = 1; k < s.Length; k++)
        {
            power = -(power * inverse);
            s[k] = Disc.Over(power, k);
        }
    }

    private static void Circle(Disc value, Disc slope, Span<Disc> s)
    {
        double factorial = 1;
        for (int k = 0; k < s.Length; k++)
        {
            // value, slope, −value, −slope, …; 1/k! rounded: one more unit than the product's own
            Disc term = (k & 1) == 0 ? value : slope;
            if ((k & 2) != 0) term = -term;
            if (k > 1) factorial *= k;
            Disc product = term * (1 / factorial);
            s[k] = product with { Radius = FusedMultiplyAdd(Abs(product.Middle), Create(1.01 * Rounding.Unit), product.Radius) };
        }
    }

    private static void Logistic(Vec c, Span<Disc> s)
    {
        Disc up = Disc.Computed(Elementary.Logistic(c), Rounding.LogisticUlps), down = Disc.Computed(Elementary.Logistic(-c), Rounding.LogisticUlps);
        s[0] = up;
        if (s.Length > 1) s[1] = up * down;
        Riccati(down - up, s);
    }

    /// <summary>
    /// From s_1 on: y′ = (const) + λ₀y − y² about a point where y = s_0 has (k+1)s_{k+1} = λ s_k − Σ_{i=1}^{k−1} s_i s_{k−i}, λ = λ₀ − 2s_0: y = tanh, λ = −2 tanh c;
    /// y = σ, λ = 1 − 2σ(c).
    /// </summary>
    private static void Riccati(Disc lambda, Span<Disc> s)
    {
        for (int k = 1; k + 1 < s.Length; k++)
        {
            Disc sum = lambda * s[k];
            int i = 1;
            for (; i < k - i; i++) sum -= s[i] * s[k - i] * 2;
            if (i == k - i) sum -= s[i] * s[i];
            s[k + 1] = Disc.Over(sum, k + 1);
        }
    }

    private static void ArcTangent(Vec c, Span<Disc> s)
    {
        // g = 1/(1 + (c + z)²): (1 + c²) g_k + 2c g_{k−1} + g_{k−2} = 0, and f_k = g_{k−1}/k
        Disc x = new(c, Vec.Zero), q = Disc.Inverse(Disc.Number(1) + (x * x)), twice = x * 2, before = Disc.Number(0), g = q;
        for (int k = 1; k < s.Length; k++)
        {
            s[k] = Disc.Over(g, k);
            (before, g) = (g, -(((twice * g) + before) * q));
        }
    }

    private static Vec Tanh(Interval x, int n)
    {
        Interval t = Interval.Abs(Interval.Tanh(x));
        Vec slope = (Interval.Constant(1) - (t * t)).Upper.Value;
        return Min(Majorant(t.Upper.Value * Create(2.0), slope, n), Poles(x.Mignitude.Value, n));
    }

    private static Vec Logistic(Interval x, int n)
    {
        Interval half = x * Interval.Constant(0.5);
        Vec slope = (Interval.Logistic(x) * Interval.Logistic(-x)).Upper.Value, scale = Create(Math.ScaleB(1, -n - 1));
        // σ(x) = ½ + ½ tanh(x/2): its coefficients are those of tanh, times 2^{−n−1}
        return Min(Majorant(Interval.Abs(Interval.Tanh(half)).Upper.Value, slope, n), Poles(half.Mignitude.Value, n) * scale);
    }

    /// <summary>The recurrence of <see cref="Riccati"/> with all signs positive, from upper bounds of |λ| and |s_1|.</summary>
    private static Vec Majorant(Vec lambda, Vec slope, int n)
    {
        Span<Vec> m = stackalloc Vec[Monomials.MaxDegree + 3];
        m[1] = slope;
        for (int k = 1; k < n; k++)
        {
            Vec sum = lambda * m[k];
            for (int i = 1; i < k; i++) sum = FusedMultiplyAdd(m[i], m[k - i], sum);
            m[k + 1] = sum * Create(1.0 / (k + 1));
        }

        return m[n];
    }

    /// <summary>
    /// tanh z = Σ_{k ≥ 1} 1/(z − ib_k) + 1/(z + ib_k), b_k = (k − ½)π, so |f_n(ξ)| ≤ 2Σ_k (ξ² + b_k²)^{−(n+1)/2}: the first term, and the others at ξ = 0,
    /// Σ_{k≥2} (2k−1)^{−p} ≤ 3^{−p}(1 + 3/(2(p − 1))), p = n + 1. For |ξ| ≥ <paramref name="least"/>.
    /// </summary>
    private static Vec Poles(Vec least, int n)
    {
        int p = n + 1;
        double half = 1.5707963267948966 * (1 - Rounding.Unit * 4), rest = 2 * (1 + (1.5 / (p - 1)));
        for (int i = 0; i < p; i++) rest /= 3 * half;
        Vec y = FusedMultiplyAdd(least, least, Create(half * half)), power = Power(y, p / 2);
        if (p % 2 == 1) power *= Sqrt(y);
        return (Create(2.0) / power) + Create(rest);
    }

    private static Vec Power(Vec x, int n)
    {
        Vec power = Create(1.0);
        for (int i = 0; i < n; i++) power *= x;
        return power;
    }

    private static double Factorial(int n)
    {
        double factorial = 1;
        for (int k = 2; k <= n; k++) factorial *= k;
        return factorial;
    }
}
