using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>Below this |x|, eˣ is far from overflow and from the subnormals: 708 &lt; 1022·ln 2.</summary>
    private const double ExpRegular = 708;

    /// <summary>eˣ, to 1.1 ulp (proved; 0.6 ulp plus half the subnormal spacing where the result is subnormal).</summary>
    /// <remarks>
    /// x = n·ln 2 + r with |r| ≤ ln 2/2, and eˣ = 2ⁿ(1 + r + r²·q(r)), q of degree 10. Special values: e^NaN = NaN, e^∞ = ∞, e^−∞ = 0, e^±0 = 1;
    /// overflow to ∞ above 709.78, gradual underflow below −708.39.
    /// </remarks>
    public static Vec Exp(Vec x)
    {
        if (!Vector512.LessThanOrEqualAll(Vector512.Abs(x), C(ExpRegular))) return ExpUnusual(x);
        Vec p = ExpReduced(x, out Vec shifted);
        // p is in [0.70, 1.42] and |n| ≤ 1022: adding n to the exponent field multiplies by 2ⁿ exactly
        return (p.AsInt64() + Vector512.ShiftLeft(shifted.AsInt64(), 52)).AsDouble();
    }

    /// <summary>eˣ − 1, to 1.6 ulp (proved), relative accuracy near 0 included.</summary>
    /// <remarks>
    /// With s = 2ⁿ: eˣ − 1 = (s − 1) + s·r + s·(r²·q(r) + c), where c is what was lost in rounding r. At n = 0 the first sum is r = x itself.
    /// Special values: NaN → NaN, ±0 → ±0, ∞ → ∞, −∞ → −1.
    /// </remarks>
    public static Vec Expm1(Vec x)
    {
        if (!Vector512.LessThanOrEqualAll(Vector512.Abs(x), C(ExpRegular))) return Expm1Unusual(x);
        return Expm1Regular(x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec ExpReduced(Vec x, out Vec shifted)
    {
        shifted = Fma(x, C(InverseLn2), C(Shifter));
        Vec n = shifted - C(Shifter);
        Vec r = Fma(n, C(-Ln2Lo), Fma(n, C(-Ln2Hi), x));
        return C(1) + Fma(r * r, ExpTail(r), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Expm1Regular(Vec x)
    {
        Vec shifted = Fma(x, C(InverseLn2), C(Shifter));
        Vec n = shifted - C(Shifter), s = PowerOfTwo(shifted);
        Vec exact = Fma(n, C(-Ln2Hi), x);
        Vec r = Fma(n, C(-Ln2Lo), exact);
        Vec lost = Fma(n, C(-Ln2Lo), exact - r);
        Vec tail = Fma(r * r, ExpTail(r), lost);
        // the sign of eˣ − 1 is that of x; only a zero can lack it
        return Fma(s, tail, Fma(s, r, s - C(1))) | SignBit(x);
    }

    /// <summary>q(r) = (eʳ − 1 − r)/r² for |r| ≤ 0.3465736, to 2.7·10⁻¹⁸ (docs/elementary-coefficients.py, proved).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec ExpTail(Vec r)
    {
        Vec r2 = r * r, r4 = r2 * r2;
        Vec q01 = Fma(C(0.1666666666666667), r, C(0.5));
        Vec q23 = Fma(C(0.008333333333326141), r, C(0.04166666666666668));
        Vec q45 = Fma(C(0.0001984126987480218), r, C(0.0013888888888879082));
        Vec q67 = Fma(C(2.755725542387268e-06), r, C(2.480158733642269e-05));
        Vec q89 = Fma(C(2.5105207067625676e-08), r, C(2.755726330017234e-07));
        Vec high = Fma(Fma(C(2.0918129888932418e-09), r2, q89), r4, Fma(q67, r2, q45));
        return Fma(high, r4, Fma(q23, r2, q01));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec ExpUnusual(Vec x)
    {
        // beyond ±746 the result is ∞ or 0 whatever x is; NaN passes both comparisons
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, C(746)), C(746), x);
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, C(-746)), C(-746), x);
        Vec p = ExpReduced(x, out Vec shifted);
        // |n| ≤ 1077: two exact powers of two, so that only the last product can round, overflow or become subnormal
        Vector512<long> n = shifted.AsInt64() - C(Shifter).AsInt64();
        Vector512<long> half = Vector512.ShiftRightArithmetic(n, 1);
        return p * Scale(half) * Scale(n - half);

        static Vec Scale(Vector512<long> k) => Vector512.ShiftLeft(k + Vector512.Create(1023L), 52).AsDouble();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec Expm1Unusual(Vec x)
    {
        Vec regular = Vector512.LessThanOrEqual(Vector512.Abs(x), C(ExpRegular));
        return Vector512.ConditionalSelect(regular, Expm1Regular(regular & x), ExpUnusual(x) - C(1));
    }
}
