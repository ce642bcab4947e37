using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>arctan x, to 2 ulp (proved).</summary>
    /// <remarks>
    /// arctan|x| = θ + arctan t with t = |x|, θ = 0 up to tan(π/8); t = (|x| − 1)/(|x| + 1), θ = π/4 up to tan(3π/8); t = −1/|x|, θ = π/2 beyond.
    /// Then |t| ≤ tan(π/8), and arctan t = t + t³·A(t²). Special values: NaN → NaN, ±0 → ±0, ±∞ → ±π/2 rounded.
    /// </remarks>
    public static Vec Atan(Vec x)
    {
        Vec a = Vector512.Abs(x);
        Vec middle = Vector512.GreaterThan(a, C(0.41421356237309503)); // tan(π/8) = √2 − 1
        Vec large = Vector512.GreaterThan(a, C(2.414213562373095));    // tan(3π/8) = √2 + 1
        // NaN compares as neither, and goes through t = NaN/1
        Vec numerator = Vector512.ConditionalSelect(large, C(-1), Vector512.ConditionalSelect(middle, a - C(1), a));
        Vec denominator = Vector512.ConditionalSelect(large, a, Vector512.ConditionalSelect(middle, a + C(1), C(1)));
        // π/4 and π/2 as two doubles: 0x1.921fb54442d18p-1 + 0x1.1a62633145c07p-55, and twice that
        Vec theta = Vector512.ConditionalSelect(large, C(HalfPi1), middle & C(HalfPi1 / 2));
        Vec thetaLost = Vector512.ConditionalSelect(large, C(HalfPi2), middle & C(HalfPi2 / 2));

        Vec t = numerator / denominator;
        Vec z = t * t, w = z * z;
        // A(z) = (arctan t − t)/t³ to 1.9e-17 for z ≤ tan²(π/8) (docs/elementary-coefficients.py, proved)
        Vec even = Fma(Fma(C(-0.03459138882053627), w, C(-0.05230650462441973)), w, C(-0.06666427474764312));   // c10 c8 c6
        even = Fma(Fma(Fma(even, w, C(-0.09090908759150856)), w, C(-0.14285714285661172)), w, C(-0.3333333333333333)); // c4 c2 c0
        Vec odd = Fma(Fma(C(0.016307790237361935), w, C(0.04552443467005691)), w, C(0.05878957114075743));      // c11 c9 c7
        odd = Fma(Fma(Fma(odd, w, C(0.07692296528183691)), w, C(0.111111111052771)), w, C(0.1999999999999981));    // c5 c3 c1
        Vec small = Fma(t * z, Fma(odd, z, even), thetaLost);
        return (theta + (t + small)) ^ SignBit(x);
    }
}
