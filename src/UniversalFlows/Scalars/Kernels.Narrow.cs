using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <content>
/// The same tiles for machines without 512-bit vectors, where sixteen wide accumulators would not fit in the registers: four rows by
/// eight columns at a time in eight 256-bit ones. Every element has the same chain of operations, hence the same bits.
/// </content>
internal static unsafe partial class Kernels
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void NarrowTile4(
        double* start, long startStride, bool broadcast, double* w, long rowStride, long stride, double* x, long xStride, int terms, double* y, long yStride)
    {
        double* s1 = start + startStride, s2 = s1 + startStride, s3 = s2 + startStride;
        for (int c = 0; c < 32; c += 8)
        {
            Vector256<double> a0, a1, b0, b1, c0, c1, d0, d1;
            if (broadcast)
            {
                a0 = a1 = Vector256.Create(*start);
                b0 = b1 = Vector256.Create(*s1);
                c0 = c1 = Vector256.Create(*s2);
                d0 = d1 = Vector256.Create(*s3);
            }
            else
            {
                a0 = Vector256.Load(start + c); a1 = Vector256.Load(start + c + 4);
                b0 = Vector256.Load(s1 + c); b1 = Vector256.Load(s1 + c + 4);
                c0 = Vector256.Load(s2 + c); c1 = Vector256.Load(s2 + c + 4);
                d0 = Vector256.Load(s3 + c); d1 = Vector256.Load(s3 + c + 4);
            }

            double* w0 = w, w1 = w0 + rowStride, w2 = w1 + rowStride, w3 = w2 + rowStride, xk = x + c;
            for (int k = 0; k < terms; k++)
            {
                Vector256<double> x0 = Vector256.Load(xk), x1 = Vector256.Load(xk + 4), v = Vector256.Create(*w0);
                a0 = Vector256.FusedMultiplyAdd(v, x0, a0); a1 = Vector256.FusedMultiplyAdd(v, x1, a1);
                v = Vector256.Create(*w1);
                b0 = Vector256.FusedMultiplyAdd(v, x0, b0); b1 = Vector256.FusedMultiplyAdd(v, x1, b1);
                v = Vector256.Create(*w2);
                c0 = Vector256.FusedMultiplyAdd(v, x0, c0); c1 = Vector256.FusedMultiplyAdd(v, x1, c1);
                v = Vector256.Create(*w3);
                d0 = Vector256.FusedMultiplyAdd(v, x0, d0); d1 = Vector256.FusedMultiplyAdd(v, x1, d1);
                w0 += stride; w1 += stride; w2 += stride; w3 += stride; xk += xStride;
            }

            double* t = y + c;
            a0.Store(t); a1.Store(t + 4);
            t += yStride;
            b0.Store(t); b1.Store(t + 4);
            t += yStride;
            c0.Store(t); c1.Store(t + 4);
            t += yStride;
            d0.Store(t); d1.Store(t + 4);
        }
    }

    private static void NarrowHadamardTile4(double* factor, double* w, double* x, long stride, int terms, double* target, long targetStride)
    {
        double* zeros = stackalloc double[4], tile = stackalloc double[4 * 32];
        new Span<double>(zeros, 4).Clear();
        NarrowTile4(zeros, 1, true, w, 1, stride, x, stride, terms, tile, 32);
        for (int r = 0; r < 4; r++, target += targetStride)
        {
            for (int c = 0; c < 32; c += 4)
            {
                Vector256.FusedMultiplyAdd(Vector256.Load(tile + (32 * r) + c), Vector256.Load(factor + (32 * r) + c), Vector256.Load(target + c))
                    .Store(target + c);
            }
        }
    }
}
