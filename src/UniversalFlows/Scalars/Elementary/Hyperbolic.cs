using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>tanh x, to 3 ulp (proved), relative accuracy near 0 included; |tanh x| ≤ 1 always.</summary>
    /// <remarks>
    /// With 2|x| = n·ln 2 + r, s = 2ⁿ and e^r = (R + r)/(R − r), R = r·coth(r/2) = 2 + ρ(r²), an even function:
    /// tanh|x| = (e^{2|x|} − 1)/(e^{2|x|} + 1) = ((s−1)R + (s+1)r) / ((s+1)R + (s−1)r). One division; ρ needs half the terms of e^r.
    /// At n = 0 this is r/R. Special values: NaN → NaN, ±0 → ±0, ±∞ → ±1.
    /// </remarks>
    public static Vec Tanh(Vec x)
    {
        Vec a = Vector512.Abs(x), y = a + a;
        // tanh 20 = 1 − 8.5e-18 rounds to 1, and so does the quotient below; NaN stays
        y = Vector512.ConditionalSelect(Vector512.GreaterThan(y, C(40)), C(40), y);
        Vec shifted = Fma(y, C(InverseLn2), C(Shifter));
        Vec n = shifted - C(Shifter), s = PowerOfTwo(shifted);
        Vec r = Fma(n, C(-Ln2Lo), Fma(n, C(-Ln2Hi), y));
        Vec rho = CothTail(r);
        Vec less = s - C(1), more = s + C(1);
        // the small terms first: their rounding counts little beside the exact 2(s ∓ 1)
        Vec numerator = less + less + Fma(more, r, less * rho);
        Vec denominator = more + more + Fma(less, r, more * rho);
        return (numerator / denominator) | SignBit(x);
    }

    /// <summary>ρ(r²) = r·coth(r/2) − 2 for |r| ≤ 0.3465736, to 7.8·10⁻¹⁸ (docs/elementary-coefficients.py, proved).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec CothTail(Vec r)
    {
        Vec z = r * r;
        Vec g = Fma(C(4.143774951469523e-08), z, C(-1.6534060223304093e-06)); // 0x1.63f29328c0215p-25, -0x1.bbd5325a0f329p-20
        g = Fma(g, z, C(6.613756471750923e-05));   // 0x1.1566ab5c23dddp-14
        g = Fma(g, z, C(-0.0027777777777564677));  // -0x1.6c16c16c0ac25p-9
        g = Fma(g, z, C(0.1666666666666666));      // 0x1.5555555555553p-3
        return g * z;
    }
}
