using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>The bits of √½, rounded: 0x1.6a09e667f3bcdp-1.</summary>
    private const long SqrtHalfBits = 0x3FE6A09E667F3BCD;

    /// <summary>2⁻¹⁰²².</summary>
    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>The natural logarithm, to 1.5 ulp (proved; largest measured 0.8).</summary>
    /// <remarks>
    /// x = 2ᵏm with m in [√½, √2); f = m − 1 exactly; log m from s = f/(2 + f), since log m = 2 artanh s.
    /// Special values: NaN and x &lt; 0 → NaN, ±0 → −∞, ∞ → ∞, 1 → +0; subnormal arguments are as accurate as others.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Log(Vec x)
    {
        // one unsigned comparison: bits of positive normal numbers lie in [0x001…, 0x7FF…)
        Vector512<ulong> offset = x.AsUInt64() - Create(0x0010000000000000UL);
        if (!LessThanAll(offset, Create(0x7FE0000000000000UL))) return LogUnusual(x);
        return LogRegular(x);
    }

    /// <summary>log(1 + x), to 2 ulp (proved; largest measured 1.3), relative accuracy near 0 included.</summary>
    /// <remarks>
    /// k is read off the rounded sum 1 + x, then f = 2⁻ᵏ(1 + x) − 1 = 2⁻ᵏx + (2⁻ᵏ − 1) by one fused multiply-add, so nothing of x is lost.
    /// Special values: NaN and x &lt; −1 → NaN, −1 → −∞, ±0 → ±0, ∞ → ∞.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Log1p(Vec x)
    {
        Vec regular = GreaterThan(x, Create(-1.0)) & LessThan(x, Create(Log1pRegular));
        if (!EqualsAll(regular.AsInt64(), Vector512<long>.AllBitsSet)) return Log1pUnusual(x, regular);
        return Log1pReduce(x);
    }

    /// <summary>2¹⁰⁰: above it log(1 + x) = log x to far below the last place, and below it 2⁻ᵏ is a normal number.</summary>
    private const double Log1pRegular = 1.2676506002282294e30;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec LogRegular(Vec x)
    {
        Vector512<long> biased = Biased(x);
        Vec m = ((biased & Create(0x000FFFFFFFFFFFFFL)) + Create(SqrtHalfBits)).AsDouble();
        return LogReduced(m - Create(1.0), Exponent(biased));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Log1pReduce(Vec x)
    {
        Vector512<long> biased = Biased(Create(1.0) + x);
        // biased holds k + 1023 in its exponent field; 2⁻ᵏ has the field 1023 − k
        Vec s = (Create(2046L << 52) - (biased & Create(0x7FFL << 52))).AsDouble();
        // log(1 + x) has the sign of x; only a zero can lack it
        return LogReduced(FusedMultiplyAdd(s, x, s - Create(1.0)), Exponent(biased)) | SignBit(x);
    }

    /// <summary>The bits of x moved so that the exponent field holds k + 1023, where x = 2ᵏm and m lies in [√½, √2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Biased(Vec x) => x.AsInt64() + Create(0x3FF0000000000000L - SqrtHalfBits);

    /// <summary>k as a double: its field is planted in the low bits of 2⁵², which is then subtracted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Exponent(Vector512<long> biased) =>
        (ShiftRightLogical(biased, 52) | Create(0x4330000000000000L)).AsDouble() - Create(4503599627370496.0 + 1023);

    /// <summary>k·ln 2 + log(1 + f) for f in [√½ − 1, √2 − 1].</summary>
    /// <remarks>
    /// log(1 + f) = f − (f²/2 − s·(f²/2 + z·L(z))), s = f/(2 + f), z = s² (the arrangement of fdlibm's e_log.c, which keeps f exact and the
    /// rounded terms small); L(z) = 2 artanh(s)/s³ − 2/z to 3.2·10⁻¹⁶ for z ≤ 0.0294373 (docs/elementary-coefficients.py, proved).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec LogReduced(Vec f, Vec k)
    {
        Vec s = f / (Create(2.0) + f);
        Vec half = Create(0.5) * f * f;
        Vec z = s * s, w = z * z, ww = w * w;
        Vec even = FusedMultiplyAdd(FusedMultiplyAdd(Create(0.15331664618167343), w, Create(0.22222211106052175)), w, Create(0.39999999999899005));                             // c5 c3 c1
        Vec low = FusedMultiplyAdd(Create(0.2857142862617352), w, Create(0.666666666666667));                                     // c2 c0
        Vec odd = FusedMultiplyAdd(FusedMultiplyAdd(Create(0.14617095475153102), w, Create(0.18182891010503194)), ww, low);       // c6 c4
        Vec correction = FusedMultiplyAdd(s, FusedMultiplyAdd(z, FusedMultiplyAdd(even, z, odd), half), k * Create(Ln2Lo));
        return FusedMultiplyAdd(k, Create(Ln2Hi), f - (half - correction));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec LogUnusual(Vec x)
    {
        // 2⁵⁴ brings subnormals into the normal range; the same reduction then has k larger by 54
        Vec small = LessThan(x, Create(SmallestNormal));
        Vec scaled = ConditionalSelect(small, x * Create(18014398509481984.0), x);
        Vector512<long> biased = Biased(scaled);
        Vec m = ((biased & Create(0x000FFFFFFFFFFFFFL)) + Create(SqrtHalfBits)).AsDouble();
        Vec y = LogReduced(m - Create(1.0), Exponent(biased) - (small & Create(54.0)));
        y = ConditionalSelect(Vector512.Equals(x, Create(double.PositiveInfinity)), x, y);
        y = ConditionalSelect(Vector512.Equals(x, Vec.Zero), Create(double.NegativeInfinity), y);
        return ConditionalSelect(GreaterThanOrEqual(x, Vec.Zero), y, Create(double.NaN));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec Log1pUnusual(Vec x, Vec regular)
    {
        Vec y = Log1pReduce(regular & x);
        // −1, below it, NaN, and large x: log(1 + x) there is −∞, NaN, NaN, log x
        Vec other = LogUnusual(ConditionalSelect(GreaterThan(x, Create(1.0)), x, Create(1.0) + x));
        return ConditionalSelect(regular, y, other);
    }
}
