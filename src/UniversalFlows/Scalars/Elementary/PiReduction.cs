using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

public static partial class Elementary
{
    /// <summary>The first 1216 bits of 2/π after the point, behind one word of zeros (docs/elementary-coefficients.py: Machin's formula).</summary>
    private static ReadOnlySpan<ulong> TwoOverPi =>
    [
        0,
        0xA2F9836E4E441529, 0xFC2757D1F534DDC0, 0xDB6295993C439041, 0xFE5163ABDEBBC561, 0xB7246E3A424DD2E0,
        0x06492EEA09D1921C, 0xFE1DEB1CB129A73E, 0xE88235F52EBB4484, 0xE99C7026B45F7E41, 0x3991D639835339F4,
        0x9C845F8BBDF9283B, 0x1FF897FFDE05980F, 0xEF2F118B5A0A6D1F, 0x6D367ECF27CB09B7, 0x4F463F669E5FEA2D,
        0x7527BAC7EBE5F17B, 0x3D0739F78A5292EA, 0x6BFB5FB11F8D5D08, 0x56033046FC7B6BAB,
    ];

    /// <summary>The reduction where some lane is above 2²⁷ or not finite; the other lanes keep the bits of the fast one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<long> ReduceUnusual(Vec a, out Vec r, out Vec c)
    {
        Vector512<long> quadrant = ReduceCodyWaite(a, out r, out c);
        for (int i = 0; i < 8; i++)
        {
            double v = a[i];
            if (v <= CodyWaiteLimit) continue;
            long q = 0;
            double hi = double.NaN, lo = double.NaN;
            if (double.IsFinite(v)) q = ReduceLarge(v, out hi, out lo);
            quadrant = quadrant.WithElement(i, q);
            r = r.WithElement(i, hi);
            c = c.WithElement(i, lo);
        }
        return quadrant;
    }

    /// <summary>a = q·π/2 + (hi + lo) for finite a &gt; 2²⁷, |hi| ≤ π/4, to a relative 2⁻⁷⁰; returns q mod 4 (Payne and Hanek 1983).</summary>
    /// <remarks>
    /// a = M·2^E. Bits of 2/π whose product with a is a multiple of 4 are skipped; the next 192, as an integer W, give
    /// a·2/π mod 4 = (M·W mod 2¹⁹²)·2⁻¹⁹⁰, short by less than M·2⁻¹⁹⁰ ≤ 2⁻¹³⁷. A double is no nearer than 2⁻⁶² to a multiple of π/2.
    /// </remarks>
    private static long ReduceLarge(double a, out double hi, out double lo)
    {
        long bits = BitConverter.DoubleToInt64Bits(a);
        int exponent = (int)(bits >> 52) - 1075;
        ulong m = ((ulong)bits & 0x000FFFFFFFFFFFFF) | 0x0010000000000000;

        // the window starts at bit E − 1 of 2/π (bit 1 has weight ½), which is bit E − 2 + 64 of the table
        int start = exponent + 62, word = start >> 6, shift = start & 63;
        ulong w2 = Window(word, shift), w1 = Window(word + 1, shift), w0 = Window(word + 2, shift);

        ulong high0 = Math.BigMul(m, w0, out ulong p0);
        ulong high1 = Math.BigMul(m, w1, out ulong low1);
        ulong p1 = low1 + high0;
        ulong p2 = (m * w2) + high1 + (p1 < low1 ? 1UL : 0UL);

        long q = (long)(p2 >> 62);
        // the fraction of q, 190 bits, moved to the top of 192; its first bit decides the rounding of q
        ulong f2 = (p2 << 2) | (p1 >> 62), f1 = (p1 << 2) | (p0 >> 62), f0 = p0 << 2;
        bool negative = f2 >> 63 != 0;
        if (negative)
        {
            q++;
            (f2, f1, f0) = (~f2, ~f1, ~f0); // −f − 1 unit of 2⁻¹⁹²: below the error already made
        }
        int zeros = BitOperations.LeadingZeroCount(f2);
        if (zeros == 64)
        {
            (f2, f1, f0) = (f1, f0, 0);
            zeros = 64 + BitOperations.LeadingZeroCount(f2);
        }
        int z = zeros & 63;
        ulong top = Join(f2, f1, z), next = Join(f1, f0, z);

        // fraction = top·2^(−64−zeros) + next·2^(−128−zeros); its first 53 bits in x, the next 53 in y, both exact
        double scale = BitConverter.Int64BitsToDouble((1023L - 53 - zeros) << 52);
        double x = (top >> 11) * scale;
        double y = (((top & 0x7FF) << 42) | (next >> 22)) * (scale * (1.0 / (1L << 53)));
        if (negative) (x, y) = (-x, -y);

        hi = x * HalfPi1;
        lo = Math.FusedMultiplyAdd(x, HalfPi1, -hi) + Math.FusedMultiplyAdd(x, HalfPi2, y * HalfPi1);
        double sum = hi + lo;
        lo += hi - sum;
        hi = sum;
        return q & 3;

        static ulong Window(int word, int shift) => Join(TwoOverPi[word], TwoOverPi[word + 1], shift);
        static ulong Join(ulong left, ulong right, int shift) => shift == 0 ? left : (left << shift) | (right >> (64 - shift));
    }
}
