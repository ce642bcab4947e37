using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>The basis φ₀, φ₁, … of the polynomials under the squares.</summary>
/// <param name="Chebyshev">φ_l = T_l(u) if true, u^l otherwise.</param>
/// <param name="Lower">For Chebyshev: u = (2z − lower − upper)/(upper − lower). For monomials: 0.</param>
/// <param name="Upper">For Chebyshev: the interval's upper end. For monomials: the argument scale, u = z/upper.</param>
/// <exception cref="ArgumentOutOfRangeException">An empty interval, one that is not finite, or a scale that is 0.</exception>
public sealed record PolynomialBasis(bool Chebyshev, double Lower, double Upper)
{
    /// <summary>φ_l = T_l(u) if true, u^l otherwise.</summary>
    public bool Chebyshev { get; } = Chebyshev;

    /// <summary>The interval's lower end; 0 for monomials.</summary>
    public double Lower { get; } = Lower;

    /// <summary>The interval's upper end, or the argument scale.</summary>
    public double Upper { get; } = double.IsFinite(Upper - Lower) && (Chebyshev ? Lower < Upper : Upper != 0)
        ? Upper
        : throw new ArgumentOutOfRangeException(nameof(Upper), Upper, "expected a finite, non-empty interval, or a finite scale other than 0");

    /// <summary>Σ_l a_l φ_l(z) by Clenshaw's or Horner's rule.</summary>
    public T Evaluate<T>(ReadOnlySpan<T> a, T z) where T : unmanaged, IScalar<T>
    {
        if (!Chebyshev)
        {
            T u = z / Upper, sum = a[^1];
            for (int l = a.Length - 2; l >= 0; l--) sum = T.MultiplyAdd(sum, u, a[l]);
            return sum;
        }

        double slope = 2 / (Upper - Lower), shift = -(Lower + Upper) / (Upper - Lower);
        T x = T.MultiplyAdd(T.Constant(slope), z, T.Constant(shift));
        if (T.Encloses) return Sum(a, x);
        T twice = x + x, b1 = T.Constant(0), b2 = T.Constant(0);
        for (int l = a.Length - 1; l >= 1; l--) (b1, b2) = (T.MultiplyAdd(twice, b1, a[l] - b2), b1);
        return T.MultiplyAdd(x, b1, a[0] - b2);
    }

    /// <summary>Σ_l a_l T_l(x) term by term: Clenshaw's rule would send an enclosure's errors through its recurrence.</summary>
    private static T Sum<T>(ReadOnlySpan<T> a, T x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(a.Length);
        Span<T> basis = scratch.Take(a.Length);
        T.Chebyshev(x, basis);
        T sum = a[0];
        for (int l = 1; l < a.Length; l++) sum = T.MultiplyAdd(a[l], basis[l], sum);
        return sum;
    }
}

/// <summary>
/// The sum-of-squares polynomial flow (Jaini, Selby and Yu 2019): P(y) = c + ε·y + ∫₀ʸ Σ_κ q_κ(z)² dz with
/// q_κ = Σ_{l ≤ r} a_{l,κ} φ_l, so P′ = ε + Σ q_κ² ≥ ε. The integral of the degree-2r integrand by Gauss–Legendre with r + 1 nodes is
/// exact. Raw numbers: c, then a_{0,1}, …, a_{r,1}, a_{0,2}, …. Strictly increasing unless ε = 0 and all squares vanish; onto R if
/// ε &gt; 0 or a leading coefficient is not 0.
/// </summary>
/// <param name="Squares">k ≥ 1.</param>
/// <param name="Degree">r ≥ 0; P has degree 2r + 1.</param>
/// <param name="Basis">φ.</param>
/// <param name="Linear">ε ≥ 0.</param>
/// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
public sealed record SumOfSquaresTransformer(int Squares, int Degree, PolynomialBasis Basis, double Linear) : ITransformer
{
    /// <summary>k ≥ 1.</summary>
    public int Squares { get; } = Squares >= 1 ? Squares : throw new ArgumentOutOfRangeException(nameof(Squares), Squares, "expected at least one square");

    /// <summary>r ≥ 0.</summary>
    public int Degree { get; } = Degree >= 0 ? Degree : throw new ArgumentOutOfRangeException(nameof(Degree), Degree, "expected a degree of at least 0");

    /// <summary>ε ≥ 0: a negative one would let P decrease.</summary>
    public double Linear { get; } =
        Linear >= 0 && double.IsFinite(Linear) ? Linear : throw new ArgumentOutOfRangeException(nameof(Linear), Linear, "expected a finite slope of at least 0");

    /// <inheritdoc/>
    public int RawCount => 1 + (Squares * (Degree + 1));

    /// <inheritdoc/>
    public int ParameterCount => RawCount;

    /// <inheritdoc/>
    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T> => raw.CopyTo(p);

    /// <inheritdoc/>
    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T>
    {
        if (!T.Encloses) return Integral(x, p);
        // P(x̂ + r) = P(x̂) + P′(ξ)·r: an error of x is stretched by the slope, not by what the values at the nodes do before they cancel
        T nominal = T.Nominal(x), slope = SumOfSquares(x, p) + Linear;
        return T.Inflate(Integral(nominal, p), slope * (x - nominal));
    }

    private T Integral<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T>
    {
        // ∫₀ʸ g = y·Σ_i ω_i g(y·s_i), nodes s_i and weights ω_i of the rule on [0, 1]
        GaussLegendre rule = GaussLegendre.Rule(Degree + 1);
        T mean = T.Constant(Linear);
        for (int i = 0; i <= Degree; i++)
        {
            T z = x * (0.5 * (1 + rule.Nodes[i]));
            mean = T.MultiplyAdd(T.Constant(0.5 * rule.Weights[i]), SumOfSquares(z, p), mean);
        }

        return T.MultiplyAdd(x, mean, p[0]);
    }

    /// <inheritdoc/>
    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>
    {
        logDerivative = T.Log(SumOfSquares(x, p) + Linear);
        return Value(x, p);
    }

    /// <inheritdoc/>
    public Lanes ValueAndSlope(Lanes x, ReadOnlySpan<Lanes> p, out Lanes slope)
    {
        slope = SumOfSquares(x, p) + Linear;
        return Value(x, p);
    }

    /// <summary>
    /// P − c has the sign of y and |P(y) − c| ≥ ε|y|: for ε &gt; 0 the root lies between 0 and (y − c)/ε. Doubling from 1 finds a shorter
    /// bracket first; without ε it is all there is.
    /// </summary>
    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper)
    {
        Lanes zero = Lanes.Constant(0), excess = y - p[0], sign = Lanes.SelectLess(excess, zero, Lanes.Constant(-1), Lanes.Constant(1));
        Lanes reach = Lanes.Constant(1), need = Lanes.Abs(excess), found = Lanes.Constant(double.NaN);
        for (int i = 0; i < 1024; i++)
        {
            Lanes value = (Value(sign * reach, p) - p[0]) * sign;
            // NaN stays: not (value < need) is no success unless value is a number
            Lanes ok = Lanes.SelectLess(value, need, zero, Lanes.SelectLess(need - value, Lanes.Constant(double.PositiveInfinity), Lanes.Constant(1), zero));
            found = Lanes.SelectLess(zero, ok, Lanes.SelectLess(found, reach, found, reach), found);
            if (System.Runtime.Intrinsics.Vector512.EqualsAll(found.Value, found.Value)) break;
            reach = Lanes.SelectLess(zero, ok, reach, reach + reach);
        }

        lower = Lanes.SelectLess(sign, zero, -found, zero);
        upper = Lanes.SelectLess(sign, zero, zero, found);
        if (Linear <= 0) return;
        Lanes bound = need / Linear;
        lower = Lanes.SelectLess(sign, zero, -Shorter(found, bound), zero);
        upper = Lanes.SelectLess(sign, zero, zero, Shorter(found, bound));
    }

    /// <inheritdoc/>
    public void IdentityRaw(Span<double> raw)
    {
        raw.Clear();
        if (Linear < 1) raw[1] = Math.Sqrt(1 - Linear);
    }

    private static Lanes Shorter(Lanes found, Lanes bound) => Lanes.SelectLess(found, bound, found, bound);

    private T SumOfSquares<T>(T z, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T>
    {
        T sum = T.Constant(0);
        for (int k = 0; k < Squares; k++)
        {
            T q = Basis.Evaluate(p.Slice(1 + (k * (Degree + 1)), Degree + 1), z);
            sum = T.MultiplyAdd(q, q, sum);
        }

        return sum;
    }
}
