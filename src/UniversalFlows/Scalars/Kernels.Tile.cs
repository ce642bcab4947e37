using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <content>The register tiles that all dense products share.</content>
internal static unsafe partial class Kernels
{
    /// <summary>
    /// y[r, c] = start + Σ_k w[r·rowStride + k·stride]·x[k·xStride + c] for 4 rows r and 32 columns c, k = 0 … terms − 1 in this order:
    /// 16 independent chains of FMAs in registers. The start is start[r·startStride] for all columns if <paramref name="broadcast"/>,
    /// else start[r·startStride + c].
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tile4(
        double* start, long startStride, bool broadcast, double* w, long rowStride, long stride, double* x, long xStride, int terms, double* y, long yStride)
    {
        if (Vector512.IsHardwareAccelerated) WideTile4(start, startStride, broadcast, w, rowStride, stride, x, xStride, terms, y, yStride);
        else NarrowTile4(start, startStride, broadcast, w, rowStride, stride, x, xStride, terms, y, yStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideTile4(
        double* start, long startStride, bool broadcast, double* w, long rowStride, long stride, double* x, long xStride, int terms, double* y, long yStride)
    {
        Vector512<double> a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3;
        double* s1 = start + startStride, s2 = s1 + startStride, s3 = s2 + startStride;
        if (broadcast)
        {
            a0 = a1 = a2 = a3 = Vector512.Create(*start);
            b0 = b1 = b2 = b3 = Vector512.Create(*s1);
            c0 = c1 = c2 = c3 = Vector512.Create(*s2);
            d0 = d1 = d2 = d3 = Vector512.Create(*s3);
        }
        else
        {
            a0 = Vector512.Load(start); a1 = Vector512.Load(start + 8); a2 = Vector512.Load(start + 16); a3 = Vector512.Load(start + 24);
            b0 = Vector512.Load(s1); b1 = Vector512.Load(s1 + 8); b2 = Vector512.Load(s1 + 16); b3 = Vector512.Load(s1 + 24);
            c0 = Vector512.Load(s2); c1 = Vector512.Load(s2 + 8); c2 = Vector512.Load(s2 + 16); c3 = Vector512.Load(s2 + 24);
            d0 = Vector512.Load(s3); d1 = Vector512.Load(s3 + 8); d2 = Vector512.Load(s3 + 16); d3 = Vector512.Load(s3 + 24);
        }

        double* w1 = w + rowStride, w2 = w1 + rowStride, w3 = w2 + rowStride;
        for (int k = 0; k < terms; k++)
        {
            Vector512<double> x0 = Vector512.Load(x), x1 = Vector512.Load(x + 8), x2 = Vector512.Load(x + 16), x3 = Vector512.Load(x + 24);
            Vector512<double> v = Vector512.Create(*w);
            a0 = Vector512.FusedMultiplyAdd(v, x0, a0); a1 = Vector512.FusedMultiplyAdd(v, x1, a1);
            a2 = Vector512.FusedMultiplyAdd(v, x2, a2); a3 = Vector512.FusedMultiplyAdd(v, x3, a3);
            v = Vector512.Create(*w1);
            b0 = Vector512.FusedMultiplyAdd(v, x0, b0); b1 = Vector512.FusedMultiplyAdd(v, x1, b1);
            b2 = Vector512.FusedMultiplyAdd(v, x2, b2); b3 = Vector512.FusedMultiplyAdd(v, x3, b3);
            v = Vector512.Create(*w2);
            c0 = Vector512.FusedMultiplyAdd(v, x0, c0); c1 = Vector512.FusedMultiplyAdd(v, x1, c1);
            c2 = Vector512.FusedMultiplyAdd(v, x2, c2); c3 = Vector512.FusedMultiplyAdd(v, x3, c3);
            v = Vector512.Create(*w3);
            d0 = Vector512.FusedMultiplyAdd(v, x0, d0); d1 = Vector512.FusedMultiplyAdd(v, x1, d1);
            d2 = Vector512.FusedMultiplyAdd(v, x2, d2); d3 = Vector512.FusedMultiplyAdd(v, x3, d3);
            w += stride; w1 += stride; w2 += stride; w3 += stride; x += xStride;
        }

        a0.Store(y); a1.Store(y + 8); a2.Store(y + 16); a3.Store(y + 24);
        y += yStride;
        b0.Store(y); b1.Store(y + 8); b2.Store(y + 16); b3.Store(y + 24);
        y += yStride;
        c0.Store(y); c1.Store(y + 8); c2.Store(y + 16); c3.Store(y + 24);
        y += yStride;
        d0.Store(y); d1.Store(y + 8); d2.Store(y + 16); d3.Store(y + 24);
    }

    /// <summary>
    /// target[r, c] += factor[r, c]·Σ_k w[r + k·stride]·x[k·stride + c] for 4 rows and 32 columns: one tile of (ΔᵀΔ) ∘ F, without
    /// leaving the registers. The factor's rows are 32 apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void HadamardTile4(double* factor, double* w, double* x, long stride, int terms, double* target, long targetStride)
    {
        if (Vector512.IsHardwareAccelerated) WideHadamardTile4(factor, w, x, stride, terms, target, targetStride);
        else NarrowHadamardTile4(factor, w, x, stride, terms, target, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WideHadamardTile4(double* factor, double* w, double* x, long stride, int terms, double* target, long targetStride)
    {
        Vector512<double> a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3;
        a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = c0 = c1 = c2 = c3 = d0 = d1 = d2 = d3 = Vector512<double>.Zero;
        for (int k = 0; k < terms; k++)
        {
            Vector512<double> x0 = Vector512.Load(x), x1 = Vector512.Load(x + 8), x2 = Vector512.Load(x + 16), x3 = Vector512.Load(x + 24);
            Vector512<double> v = Vector512.Create(w[0]);
            a0 = Vector512.FusedMultiplyAdd(v, x0, a0); a1 = Vector512.FusedMultiplyAdd(v, x1, a1);
            a2 = Vector512.FusedMultiplyAdd(v, x2, a2); a3 = Vector512.FusedMultiplyAdd(v, x3, a3);
            v = Vector512.Create(w[1]);
            b0 = Vector512.FusedMultiplyAdd(v, x0, b0); b1 = Vector512.FusedMultiplyAdd(v, x1, b1);
            b2 = Vector512.FusedMultiplyAdd(v, x2, b2); b3 = Vector512.FusedMultiplyAdd(v, x3, b3);
            v = Vector512.Create(w[2]);
            c0 = Vector512.FusedMultiplyAdd(v, x0, c0); c1 = Vector512.FusedMultiplyAdd(v, x1, c1);
            c2 = Vector512.FusedMultiplyAdd(v, x2, c2); c3 = Vector512.FusedMultiplyAdd(v, x3, c3);
            v = Vector512.Create(w[3]);
            d0 = Vector512.FusedMultiplyAdd(v, x0, d0); d1 = Vector512.FusedMultiplyAdd(v, x1, d1);
            d2 = Vector512.FusedMultiplyAdd(v, x2, d2); d3 = Vector512.FusedMultiplyAdd(v, x3, d3);
            w += stride; x += stride;
        }

        AddProducts(a0, a1, a2, a3, factor, target);
        AddProducts(b0, b1, b2, b3, factor + 32, target + targetStride);
        AddProducts(c0, c1, c2, c3, factor + 64, target + (2 * targetStride));
        AddProducts(d0, d1, d2, d3, factor + 96, target + (3 * targetStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddProducts(Vector512<double> a, Vector512<double> b, Vector512<double> c, Vector512<double> d, double* factor, double* target)
    {
        Vector512.FusedMultiplyAdd(a, Vector512.Load(factor), Vector512.Load(target)).Store(target);
        Vector512.FusedMultiplyAdd(b, Vector512.Load(factor + 8), Vector512.Load(target + 8)).Store(target + 8);
        Vector512.FusedMultiplyAdd(c, Vector512.Load(factor + 16), Vector512.Load(target + 16)).Store(target + 16);
        Vector512.FusedMultiplyAdd(d, Vector512.Load(factor + 24), Vector512.Load(target + 24)).Store(target + 24);
    }

    /// <summary>The same for one row: what is left over below a multiple of four.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile1(double* start, bool broadcast, double* w, long stride, double* x, long xStride, int terms, double* y)
    {
        Vector512<double> a0, a1, a2, a3;
        if (broadcast) a0 = a1 = a2 = a3 = Vector512.Create(*start);
        else (a0, a1, a2, a3) = (Vector512.Load(start), Vector512.Load(start + 8), Vector512.Load(start + 16), Vector512.Load(start + 24));
        for (int k = 0; k < terms; k++)
        {
            Vector512<double> v = Vector512.Create(*w);
            a0 = Vector512.FusedMultiplyAdd(v, Vector512.Load(x), a0); a1 = Vector512.FusedMultiplyAdd(v, Vector512.Load(x + 8), a1);
            a2 = Vector512.FusedMultiplyAdd(v, Vector512.Load(x + 16), a2); a3 = Vector512.FusedMultiplyAdd(v, Vector512.Load(x + 24), a3);
            w += stride; x += xStride;
        }

        a0.Store(y); a1.Store(y + 8); a2.Store(y + 16); a3.Store(y + 24);
    }

    /// <summary>Rows 0 … rows − 1 by 32·blocks columns, by tiles.</summary>
    public static void Product(
        double* start, long startStride, bool broadcast, double* w, long rowStride, long stride, double* x, long xStride, int terms,
        double* y, long yStride, int rows, int blocks)
    {
        int r = 0;
        for (; r + 4 <= rows; r += 4)
        {
            for (int b = 0; b < 32 * blocks; b += 32)
            {
                Tile4(start + (r * startStride) + (broadcast ? 0 : b), startStride, broadcast, w + (r * rowStride), rowStride, stride,
                    x + b, xStride, terms, y + (r * yStride) + b, yStride);
            }
        }

        for (; r < rows; r++)
        {
            for (int b = 0; b < 32 * blocks; b += 32)
                Tile1(start + (r * startStride) + (broadcast ? 0 : b), broadcast, w + (r * rowStride), stride, x + b, xStride, terms, y + (r * yStride) + b);
        }
    }
}
