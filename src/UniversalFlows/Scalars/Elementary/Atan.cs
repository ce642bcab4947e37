using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>arctan x, to 2.8 ulp (proved; largest measured 1.7).</summary>
    /// <remarks>
    /// arctan|x| = θ + arctan t with t = |x|, θ = 0 up to tan(π/8); t = (|x| − 1)/(|x| + 1), θ = π/4 up to tan(3π/8); t = −1/|x|, θ = π/2 beyond.
    /// Then |t| ≤ tan(π/8), and arctan t = t + t³·A(t²). Special values: NaN → NaN, ±0 → ±0, ±∞ → ±π/2 rounded.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Vec Atan(Vec x)
    {
        Vec a = Abs(x);
        Vec middle = GreaterThan(a, Create(0.41421356237309503)); // tan(π/8) = √2 − 1
        Vec large = GreaterThan(a, Create(2.414213562373095));    // tan(3π/8) = √2 + 1
        // NaN compares as neither, and goes through t = NaN/1
        Vec numerator = ConditionalSelect(large, Create(-1.0), ConditionalSelect(middle, a - Create(1.0), a));
        Vec denominator = ConditionalSelect(large, a, ConditionalSelect(middle, a + Create(1.0), Create(1.0)));
        // π/4 and π/2 as two doubles: 0x1.921fb54442d18p-1 + 0x1.1a62633145c07p-55, and twice that
        Vec theta = ConditionalSelect(large, Create(HalfPi1), middle & Create(HalfPi1 / 2));
        Vec thetaLost = ConditionalSelect(large, Create(HalfPi2), middle & Create(HalfPi2 / 2));

        Vec t = numerator / denominator;
        Vec z = t * t, w = z * z;
        // A(z) = (arctan t − t)/t³ to 1.9e-17 for z ≤ tan²(π/8) (docs/elementary-coefficients.py, proved)
        Vec even = FusedMultiplyAdd(FusedMultiplyAdd(Create(-0.03459138882053627), w, Create(-0.05230650462441973)), w, Create(-0.06666427474764312));   // c10 c8 c6
        even = FusedMultiplyAdd(FusedMultiplyAdd(FusedMultiplyAdd(even, w, Create(-0.09090908759150856)), w, Create(-0.14285714285661172)), w, Create(-0.3333333333333333)); // c4 c2 c0
        Vec odd = FusedMultiplyAdd(FusedMultiplyAdd(Create(0.016307790237361935), w, Create(0.04552443467005691)), w, Create(0.05878957114075743));      // c11 c9 c7
        odd = FusedMultiplyAdd(FusedMultiplyAdd(FusedMultiplyAdd(odd, w, Create(0.07692296528183691)), w, Create(0.111111111052771)), w, Create(0.1999999999999981));    // c5 c3 c1
        Vec small = FusedMultiplyAdd(t * z, FusedMultiplyAdd(odd, z, even), thetaLost);
        return (theta + (t + small)) ^ SignBit(x);
    }
}
