using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>Below this |x|, eˣ is far from overflow and from the subnormals: 708 &lt; 1022·ln 2.</summary>
    private const double ExpRegular = 708;

    /// <summary>eˣ, to 1.1 ulp (proved; largest measured 0.94), subnormal results included.</summary>
    /// <remarks>
    /// x = n·ln 2 + r with |r| ≤ ln 2/2, and eˣ = 2ⁿ(1 + r + r²·q(r)), q of degree 10. Special values: e^NaN = NaN, e^∞ = ∞, e^−∞ = 0, e^±0 = 1;
    /// overflow to ∞ above 709.78, gradual underflow below −708.39.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Exp(Vec x)
    {
        if (!LessThanOrEqualAll(Abs(x), Create(ExpRegular))) return ExpUnusual(x);
        return ExpScaled(x);
    }

    /// <summary>eˣ − 1, to 2.6 ulp (proved; largest measured 1.1), relative accuracy near 0 included.</summary>
    /// <remarks>
    /// With s = 2ⁿ: eˣ − 1 = (s − 1) + s·r + s·(r²·q(r) + c), where c is what was lost in rounding r. At n = 0 the first sum is r = x itself.
    /// Special values: NaN → NaN, ±0 → ±0, ∞ → ∞, −∞ → −1.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Expm1(Vec x)
    {
        if (!LessThanOrEqualAll(Abs(x), Create(ExpRegular))) return Expm1Unusual(x);
        return Expm1Regular(x);
    }

    /// <summary>eˣ for |x| ≤ <see cref="ExpRegular"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec ExpScaled(Vec x)
    {
        Vec p = ExpReduced(x, out Vec shifted);
        // p is in [0.70, 1.42] and |n| ≤ 1022: adding n to the exponent field multiplies by 2ⁿ exactly
        return (p.AsInt64() + ShiftLeft(shifted.AsInt64(), 52)).AsDouble();
    }

    /// <summary>e^(x − n·ln 2), where <paramref name="shifted"/> = n + <see cref="Shifter"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec ExpReduced(Vec x, out Vec shifted)
    {
        shifted = FusedMultiplyAdd(x, Create(InverseLn2), Create(Shifter));
        Vec n = shifted - Create(Shifter);
        Vec r = FusedMultiplyAdd(n, Create(-Ln2Lo), FusedMultiplyAdd(n, Create(-Ln2Hi), x));
        return Create(1.0) + FusedMultiplyAdd(r * r, ExpTail(r), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Expm1Regular(Vec x)
    {
        Vec shifted = FusedMultiplyAdd(x, Create(InverseLn2), Create(Shifter));
        Vec n = shifted - Create(Shifter), s = PowerOfTwo(shifted);
        Vec exact = FusedMultiplyAdd(n, Create(-Ln2Hi), x);
        Vec r = FusedMultiplyAdd(n, Create(-Ln2Lo), exact);
        Vec lost = FusedMultiplyAdd(n, Create(-Ln2Lo), exact - r);
        Vec tail = FusedMultiplyAdd(r * r, ExpTail(r), lost);
        // the sign of eˣ − 1 is that of x; only a zero can lack it
        return FusedMultiplyAdd(s, tail, FusedMultiplyAdd(s, r, s - Create(1.0))) | SignBit(x);
    }

    /// <summary>q(r) = (eʳ − 1 − r)/r² for |r| ≤ 0.3465736, to 2.7·10⁻¹⁸ (docs/elementary-coefficients.py, proved).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec ExpTail(Vec r)
    {
        Vec r2 = r * r, r4 = r2 * r2;
        Vec q01 = FusedMultiplyAdd(Create(0.1666666666666667), r, Create(0.5));
        Vec q23 = FusedMultiplyAdd(Create(0.008333333333326141), r, Create(0.04166666666666668));
        Vec q45 = FusedMultiplyAdd(Create(0.0001984126987480218), r, Create(0.0013888888888879082));
        Vec q67 = FusedMultiplyAdd(Create(2.755725542387268e-06), r, Create(2.480158733642269e-05));
        Vec q89 = FusedMultiplyAdd(Create(2.5105207067625676e-08), r, Create(2.755726330017234e-07));
        Vec high = FusedMultiplyAdd(FusedMultiplyAdd(Create(2.0918129888932418e-09), r2, q89), r4, FusedMultiplyAdd(q67, r2, q45));
        return FusedMultiplyAdd(high, r4, FusedMultiplyAdd(q23, r2, q01));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec ExpUnusual(Vec x)
    {
        // beyond ±746 the result is ∞ or 0 whatever x is; NaN passes both comparisons
        x = ConditionalSelect(GreaterThan(x, Create(746.0)), Create(746.0), x);
        x = ConditionalSelect(LessThan(x, Create(-746.0)), Create(-746.0), x);
        Vec p = ExpReduced(x, out Vec shifted);
        // |n| ≤ 1077: two exact powers of two, so that only the last product can round, overflow or become subnormal
        Vector512<long> n = shifted.AsInt64() - Create(Shifter).AsInt64();
        Vector512<long> half = ShiftRightArithmetic(n, 1);
        return p * Scale(half) * Scale(n - half);

        static Vec Scale(Vector512<long> k) => ShiftLeft(k + Create(1023L), 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec Expm1Unusual(Vec x)
    {
        Vec regular = LessThanOrEqual(Abs(x), Create(ExpRegular));
        return ConditionalSelect(regular, Expm1Regular(regular & x), ExpUnusual(x) - Create(1.0));
    }
}
