using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>The logistic function σ(x) = 1/(1 + e⁻ˣ), to 2.6 ulp (proved), on both tails.</summary>
    /// <remarks>
    /// For x ≥ −708 the bits are those of 1/(1 + <see cref="Exp"/>(−x)); below, σ(x) = eˣ to a relative e^−708, and the bits are those of
    /// <see cref="Exp"/>(x), so that σ reaches the subnormals. Special values: NaN → NaN, ∞ → 1, −∞ → 0, ±0 → ½.
    /// </remarks>
    public static Vec Logistic(Vec x)
    {
        if (!Vector512.LessThanOrEqualAll(Vector512.Abs(x), C(ExpRegular))) return LogisticUnusual(x);
        Vec p = ExpReduced(-x, out Vec shifted);
        return C(1) / (C(1) + (p.AsInt64() + Vector512.ShiftLeft(shifted.AsInt64(), 52)).AsDouble());
    }

    /// <summary>softplus(x) = log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), to 2.6 ulp (proved), e.g. on the tail eˣ of x → −∞.</summary>
    /// <remarks>Special values: NaN → NaN, ∞ → ∞, −∞ → 0. The derivative is <see cref="Logistic"/>.</remarks>
    public static Vec Softplus(Vec x)
    {
        Vec t = Exp(-Vector512.Abs(x));
        // 1 + t in [1, 2]: halve it above √2, as log does; t > 0.41 makes (t − 1)/2 one rounding
        Vec big = Vector512.GreaterThan(t, C(0.41421356237309503)); // √2 − 1, 0x1.a827999fcef32p-2
        Vec f = Vector512.ConditionalSelect(big, Fma(t, C(0.5), C(-0.5)), t);
        Vec log1p = LogReduced(f, big & C(1));
        return (Vector512.GreaterThan(x, Vec.Zero) & x) + log1p;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec LogisticUnusual(Vec x) =>
        Vector512.ConditionalSelect(Vector512.LessThan(x, C(-ExpRegular)), ExpUnusual(x), C(1) / (C(1) + ExpUnusual(-x)));
}
