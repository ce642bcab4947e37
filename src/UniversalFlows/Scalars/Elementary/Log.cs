using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>The bits of √½, rounded: 0x1.6a09e667f3bcdp-1.</summary>
    private const long SqrtHalfBits = 0x3FE6A09E667F3BCD;
    private const double SmallestNormal = 2.2250738585072014e-308;

    /// <summary>The natural logarithm, to 1.2 ulp (proved).</summary>
    /// <remarks>
    /// x = 2ᵏm with m in [√½, √2); f = m − 1 exactly; log m from s = f/(2 + f), since log m = 2 artanh s.
    /// Special values: NaN and x &lt; 0 → NaN, ±0 → −∞, ∞ → ∞, 1 → +0; subnormal arguments are as accurate as others.
    /// </remarks>
    public static Vec Log(Vec x)
    {
        // one unsigned comparison: bits of positive normal numbers lie in [0x001…, 0x7FF…)
        Vector512<ulong> offset = x.AsUInt64() - Vector512.Create(0x0010000000000000UL);
        if (!Vector512.LessThanAll(offset, Vector512.Create(0x7FE0000000000000UL))) return LogUnusual(x);
        return LogRegular(x);
    }

    /// <summary>log(1 + x), to 1.3 ulp (proved), relative accuracy near 0 included.</summary>
    /// <remarks>
    /// k is read off the rounded sum 1 + x, then f = 2⁻ᵏ(1 + x) − 1 = 2⁻ᵏx + (2⁻ᵏ − 1) by one fused multiply-add, so nothing of x is lost.
    /// Special values: NaN and x &lt; −1 → NaN, −1 → −∞, ±0 → ±0, ∞ → ∞.
    /// </remarks>
    public static Vec Log1p(Vec x)
    {
        Vec regular = Vector512.GreaterThan(x, C(-1)) & Vector512.LessThan(x, C(Log1pRegular));
        if (!Vector512.EqualsAll(regular.AsInt64(), Vector512<long>.AllBitsSet)) return Log1pUnusual(x, regular);
        return Log1pReduce(x);
    }

    /// <summary>2¹⁰⁰: above it log(1 + x) = log x to far below the last place, and below it 2⁻ᵏ is a normal number.</summary>
    private const double Log1pRegular = 1.2676506002282294e30;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec LogRegular(Vec x)
    {
        Vector512<long> biased = Biased(x);
        Vec m = ((biased & Vector512.Create(0x000FFFFFFFFFFFFFL)) + Vector512.Create(SqrtHalfBits)).AsDouble();
        return LogReduced(m - C(1), Exponent(biased));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Log1pReduce(Vec x)
    {
        Vector512<long> biased = Biased(C(1) + x);
        // biased holds k + 1023 in its exponent field; 2⁻ᵏ has the field 1023 − k
        Vec s = (Vector512.Create(2046L << 52) - (biased & Vector512.Create(0x7FFL << 52))).AsDouble();
        // log(1 + x) has the sign of x; only a zero can lack it
        return LogReduced(Fma(s, x, s - C(1)), Exponent(biased)) | SignBit(x);
    }

    /// <summary>The bits of x moved so that the exponent field holds k + 1023, where x = 2ᵏm and m lies in [√½, √2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> Biased(Vec x) => x.AsInt64() + Vector512.Create(0x3FF0000000000000L - SqrtHalfBits);

    /// <summary>k as a double: its field is planted in the low bits of 2⁵², which is then subtracted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Exponent(Vector512<long> biased) =>
        (Vector512.ShiftRightLogical(biased, 52) | Vector512.Create(0x4330000000000000L)).AsDouble() - C(4503599627370496.0 + 1023);

    /// <summary>k·ln 2 + log(1 + f) for f in [√½ − 1, √2 − 1].</summary>
    /// <remarks>
    /// log(1 + f) = f − (f²/2 − s·(f²/2 + z·L(z))), s = f/(2 + f), z = s² (the arrangement of fdlibm's e_log.c, which keeps f exact and the
    /// rounded terms small); L(z) = 2 artanh(s)/s³ − 2/z to 3.2·10⁻¹⁶ for z ≤ 0.0294373 (docs/elementary-coefficients.py, proved).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec LogReduced(Vec f, Vec k)
    {
        Vec s = f / (C(2) + f);
        Vec half = C(0.5) * f * f;
        Vec z = s * s, w = z * z;
        Vec even = Fma(Fma(C(0.15331664618167343), w, C(0.22222211106052175)), w, C(0.39999999999899005));                             // c5 c3 c1
        Vec odd = Fma(Fma(Fma(C(0.14617095475153102), w, C(0.18182891010503194)), w, C(0.2857142862617352)), w, C(0.666666666666667)); // c6 c4 c2 c0
        Vec correction = Fma(s, Fma(z, Fma(even, z, odd), half), k * C(Ln2Lo));
        return Fma(k, C(Ln2Hi), f - (half - correction));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec LogUnusual(Vec x)
    {
        // 2⁵⁴ brings subnormals into the normal range; the same reduction then has k larger by 54
        Vec small = Vector512.LessThan(x, C(SmallestNormal));
        Vec scaled = Vector512.ConditionalSelect(small, x * C(18014398509481984.0), x);
        Vector512<long> biased = Biased(scaled);
        Vec m = ((biased & Vector512.Create(0x000FFFFFFFFFFFFFL)) + Vector512.Create(SqrtHalfBits)).AsDouble();
        Vec y = LogReduced(m - C(1), Exponent(biased) - (small & C(54)));
        y = Vector512.ConditionalSelect(Vector512.Equals(x, C(double.PositiveInfinity)), x, y);
        y = Vector512.ConditionalSelect(Vector512.Equals(x, Vec.Zero), C(double.NegativeInfinity), y);
        return Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(x, Vec.Zero), y, C(double.NaN));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vec Log1pUnusual(Vec x, Vec regular)
    {
        Vec y = Log1pReduce(regular & x);
        // −1, below it, NaN, and large x: log(1 + x) there is −∞, NaN, NaN, log x
        Vec other = LogUnusual(Vector512.ConditionalSelect(Vector512.GreaterThan(x, C(1)), x, C(1) + x));
        return Vector512.ConditionalSelect(regular, y, other);
    }
}
