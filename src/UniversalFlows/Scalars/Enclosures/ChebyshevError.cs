using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <summary>
/// How errors run through T_k = 2u·T_{k−1} − T_{k−2}. If step j of the recurrence is wrong by e_j, then T̂_k − T_k(u) = Σ_{j ≤ k} U_{k−j}(u) e_j, with Chebyshev's polynomials of the second
/// kind; and an argument that is wrong by r gives |T_k(u + r) − T_k(u)| ≤ r·sup|T_k′| = r·k·sup|U_{k−1}|. For |u| ≤ x, |U_m| ≤ (m + 1)·q^m with q = x + √(x² − 1), q = 1 for x ≤ 1.
/// So with |e_j| ≤ ρ_j the error of T̂_k is at most S_k + r·k²q^{k−1}, where A_k = qA_{k−1} + ρ_k and S_k = qS_{k−1} + A_k = Σ_j (k − j + 1)q^{k−j}ρ_j.
/// </summary>
/// <remarks>Eight lanes. All terms are non-negative, so <see cref="Rounding.Safe"/> a step covers the rounding of the bound itself. NaN stays.</remarks>
internal struct ChebyshevError
{
    private readonly Vec _q, _r;
    private Vec _a, _s, _power;
    private int _k;

    /// <summary>For |u| ≤ x, an argument wrong by at most r.</summary>
    public ChebyshevError(Vec x, Vec r)
    {
        x = Vector512.Max(x, Vec.One);
        // the root of a difference that is rounded: by at most 2u·x², upwards
        Vec square = x * x, excess = Vector512.FusedMultiplyAdd(square, Vector512.Create(4 * Rounding.Unit), square - Vec.One);
        Vec q = (x + Vector512.Sqrt(excess)) * Vector512.Create(Rounding.Safe);
        _q = Vector512.ConditionalSelect(Vector512.Equals(x, Vec.One), Vec.One, q);
        (_r, _a, _s, _power, _k) = (r, Vec.Zero, Vec.Zero, Vec.One, 0);
    }

    /// <summary>The error of the next T̂_k, k = 1, 2, …, whose own step was wrong by at most ρ.</summary>
    public Vec Next(Vec rho)
    {
        Vec safe = Vector512.Create(Rounding.Safe);
        _k++;
        if (_k > 1) _power *= _q * safe;
        _a = Vector512.FusedMultiplyAdd(_q, _a, rho) * safe;
        _s = Vector512.FusedMultiplyAdd(_q, _s, _a) * safe;
        return Vector512.FusedMultiplyAdd(_r * Vector512.Create((double)_k * _k), _power, _s) * safe;
    }

    /// <summary>T_0 … over intervals m ± r: the recurrence at m, its rounding and r as above; within [−1, 1] where u is.</summary>
    public static void Enclose(Interval u, Span<Interval> basis)
    {
        basis[0] = Interval.Constant(1);
        if (basis.Length == 1) return;
        basis[1] = u;
        Vec point = Vector512.Equals(u.Lower.Value, u.Upper.Value), size = u.Magnitude.Value;
        Vec m = Vector512.ConditionalSelect(point, u.Lower.Value, (u.Lower.Value + u.Upper.Value) * Vector512.Create(0.5));
        Vec r = Vector512.ConditionalSelect(point, Vec.Zero, Rounding.Up(Vector512.Max(u.Upper.Value - m, m - u.Lower.Value), Rounding.ExactUlps));
        ChebyshevError error = new(size, r); // m lies between the ends
        error.Next(Vec.Zero);
        Vec inside = Vector512.LessThanOrEqual(size, Vec.One), before = Vec.One, now = m, twice = m + m;
        for (int k = 2; k < basis.Length; k++)
        {
            (before, now) = (now, Vector512.FusedMultiplyAdd(twice, now, -before));
            Vec e = error.Next(Rounding.Radius(now, Rounding.ExactUlps));
            Vec lower = Rounding.Down(now - e, Rounding.ExactUlps), upper = Rounding.Up(now + e, Rounding.ExactUlps);
            basis[k] = Interval.Between(
                new Lanes(Vector512.ConditionalSelect(inside, Vector512.Max(lower, -Vec.One), lower)),
                new Lanes(Vector512.ConditionalSelect(inside, Vector512.Min(upper, Vec.One), upper)));
        }
    }
}
