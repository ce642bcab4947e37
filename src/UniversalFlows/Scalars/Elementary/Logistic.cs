using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>The logistic function σ(x) = 1/(1 + e⁻ˣ), to 3.7 ulp (proved; largest measured 2.0), on both tails.</summary>
    /// <remarks>
    /// For x ≥ −708 the bits are those of 1/(1 + <see cref="Exp"/>(−x)); below, σ(x) = eˣ to a relative e^−708, and the bits are those of
    /// <see cref="Exp"/>(x), so that σ reaches the subnormals. Special values: NaN → NaN, ∞ → 1, −∞ → 0, ±0 → ½.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Logistic(Vec x)
    {
        if (!LessThanOrEqualAll(Abs(x), Create(ExpRegular))) return LogisticUnusual(x);
        return Create(1.0) / (Create(1.0) + ExpScaled(-x));
    }

    /// <summary>softplus(x) = log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|), to 3.2 ulp (proved; largest measured 1.4), e.g. on the tail eˣ of x → −∞.</summary>
    /// <remarks>Special values: NaN → NaN, ∞ → ∞, −∞ → 0. The derivative is <see cref="Logistic"/>.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Softplus(Vec x)
    {
        Vec t = -Abs(x);
        t = LessThanOrEqualAll(-t, Create(ExpRegular)) ? ExpScaled(t) : ExpUnusual(t);
        // 1 + t in [1, 2]: halve it above √2, as log does; t > 0.41 makes (t − 1)/2 one rounding
        Vec big = GreaterThan(t, Create(0.41421356237309503)); // √2 − 1, 0x1.a827999fcef32p-2
        Vec f = ConditionalSelect(big, FusedMultiplyAdd(t, Create(0.5), Create(-0.5)), t);
        Vec log1p = LogReduced(f, big & Create(1.0));
        return (GreaterThan(x, Vec.Zero) & x) + log1p;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec LogisticUnusual(Vec x) =>
        ConditionalSelect(LessThan(x, Create(-ExpRegular)), ExpUnusual(x), Create(1.0) / (Create(1.0) + ExpUnusual(-x)));
}
