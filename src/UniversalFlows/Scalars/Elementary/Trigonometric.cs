using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>sin x for every finite x, to 0.9 ulp (proved; largest measured 0.75).</summary>
    /// <remarks>
    /// |x| = q·π/2 + (r + c) with |r| ≤ π/4 and c what r cannot hold; then ±sin or ±cos of r + c by the quadrant q mod 4.
    /// Special values: NaN and ±∞ → NaN, ±0 → ±0.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Sin(Vec x)
    {
        Vector512<long> quadrant = ReduceToQuadrant(Abs(x), out Vec r, out Vec c);
        return SinOfQuadrant(quadrant, r, c) ^ SignBit(x);
    }

    /// <summary>cos x for every finite x, to 0.9 ulp (proved; largest measured 0.7).</summary>
    /// <remarks>The reduction of <see cref="Sin"/>, one quadrant on. Special values: NaN and ±∞ → NaN, ±0 → 1.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Cos(Vec x)
    {
        Vector512<long> quadrant = ReduceToQuadrant(Abs(x), out Vec r, out Vec c);
        return SinOfQuadrant(quadrant + Create(1L), r, c);
    }

    /// <summary>sin(q·π/2 + r + c).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // see the remarks of the class
    private static Vec SinOfQuadrant(Vector512<long> quadrant, Vec r, Vec c)
    {
        Vec z = r * r, zz = z * z;
        // S(z) = (sin r − r)/r³ to 9.3e-18, Create(z) = (cos r − 1 + z/2)/z² to 2.4e-18, for z ≤ (π/4)² (docs/elementary-coefficients.py)
        Vec s = FusedMultiplyAdd(FusedMultiplyAdd(Create(-7.586699038867586e-13), zz, Create(-2.505210623269476e-08)), zz, Create(-0.00019841269841265065));
        s = FusedMultiplyAdd(FusedMultiplyAdd(FusedMultiplyAdd(Create(1.6058531654571612e-10), zz, Create(2.755731921933996e-06)), zz, Create(0.008333333333333331)), z, FusedMultiplyAdd(s, zz, Create(-0.16666666666666666)));
        Vec k = FusedMultiplyAdd(FusedMultiplyAdd(Create(-1.1382636085431682e-11), zz, Create(-2.7557317272034963e-07)), zz, Create(-0.0013888888888887398));
        k = FusedMultiplyAdd(k, z, FusedMultiplyAdd(FusedMultiplyAdd(Create(2.0876146324893005e-09), zz, Create(2.480158729876636e-05)), zz, Create(0.041666666666666664)));
        // sin(r + c) = r + (r³S + c(1 − z/2)), to c·z²/24
        Vec halfZ = Create(0.5) * z;
        Vec sin = r + FusedMultiplyAdd(r * z, s, FusedMultiplyAdd(-c, halfZ, c));
        // cos(r + c) = 1 − z/2 + z²C − r·c: u = 1 − z/2 rounded, and (1 − u) − z/2 is exactly what it lost
        Vec u = Create(1.0) - halfZ;
        Vec cos = u + ((Create(1.0) - u - halfZ) + FusedMultiplyAdd(zz, k, -(r * c)));
        Vec isOdd = Vector512.Equals(quadrant & Create(1L), Create(1L)).AsDouble();
        Vec sign = ShiftLeft(quadrant & Create(2L), 62).AsDouble();
        return ConditionalSelect(isOdd, cos, sin) ^ sign;
    }

    /// <summary>Up to 2²⁷, q·π/2 is subtracted in three parts; beyond, <see cref="ReduceLarge"/> multiplies by the bits of 2/π.</summary>
    private const double CodyWaiteLimit = 134217728;

    /// <summary>π/2 = P₁ + P₂ + P₃ to 2^−163, each part rounded to double: 0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110.</summary>
    private const double HalfPi1 = 1.5707963267948966, HalfPi2 = 6.123233995736766e-17, HalfPi3 = -1.4973849048591698e-33;

    [MethodImpl(MethodImplOptions.NoInlining)] // see the remarks of the class
    private static Vector512<long> ReduceToQuadrant(Vec a, out Vec r, out Vec c)
    {
        if (!LessThanOrEqualAll(a, Create(CodyWaiteLimit))) return ReduceUnusual(a, out r, out c);
        return ReduceCodyWaite(a, out r, out c);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<long> ReduceCodyWaite(Vec a, out Vec r, out Vec c)
    {
        Vec shifted = FusedMultiplyAdd(a, Create(0.6366197723675814), Create(Shifter)); // 2/π, 0x1.45f306dc9c883p-1
        Vec q = shifted - Create(Shifter);
        // a and q·P₁ are multiples of 2⁻⁵³ and their difference is below 1 (or multiples of 2⁻⁵² and below 2): exact
        Vec r0 = FusedMultiplyAdd(q, Create(-HalfPi1), a);
        Vec h = q * Create(HalfPi2), hLost = FusedMultiplyAdd(q, Create(HalfPi2), -h);
        r = r0 - h;
        // r0 is a multiple of ulp(h) (h ≤ 2⁻²⁷, so ulp(h) ≤ 2⁻⁷⁹): the two differences recover the rounding of r exactly
        Vec rLost = (r0 - r) - h;
        c = FusedMultiplyAdd(q, Create(-HalfPi3), rLost - hLost);
        return shifted.AsInt64();
    }
}
