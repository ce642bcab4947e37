using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace UniversalFlows.Scalars;

/// <content>Products on panels of 64 samples: a matrix of rows of 64 doubles.</content>
internal static unsafe partial class Kernels
{
    private const int P = Tape.Panel;

    /// <summary>Y = W X + b.</summary>
    public static void AffinePanel(Dense layer, double* x, double* y)
    {
        fixed (double* w = layer.Weights, b = layer.Bias)
            Product(b, 1, true, w, layer.Inputs, 1, x, P, layer.Inputs, y, P, layer.Outputs, P / 32);
    }

    /// <summary>G = Wᵀ Δ, with the bits of G += Wᵀ Δ from G = 0: nothing need be cleared.</summary>
    public static void TransposedProductPanel(Dense layer, double* delta, double* g)
    {
        double zero = 0;
        fixed (double* w = layer.Weights)
            Product(&zero, 0, true, w, 1, layer.Inputs, delta, P, layer.Outputs, g, P, layer.Inputs, P / 32);
    }

    /// <summary>G += Wᵀ Δ.</summary>
    public static void AddTransposedProductPanel(Dense layer, double* delta, double* g)
    {
        fixed (double* w = layer.Weights)
            Product(g, P, false, w, 1, layer.Inputs, delta, P, layer.Outputs, g, P, layer.Inputs, P / 32);
    }

    /// <summary>A += Δ Xᵀ from the transpose of X (64 rows of <paramref name="stride"/> columns, a multiple of 32); A has the same stride.</summary>
    public static void OuterProductPanel(double* delta, int rows, double* xTransposed, int stride, double* a) =>
        Product(a, stride, false, delta, P, 1, xTransposed, stride, P, a, stride, rows, stride / 32);

    /// <summary>
    /// A[n, k] += Δ_n ∘ X_k summed over the eight vectors of the panel, left as eight partial sums: for layers with one thin side.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ThinProductPanel(double* delta, int rows, double* x, int columns, Vector512<double>* a)
    {
        for (int n = 0; n < rows; n++, delta += P)
        {
            Vector512<double> d0 = Vector512.Load(delta), d1 = Vector512.Load(delta + 8), d2 = Vector512.Load(delta + 16), d3 = Vector512.Load(delta + 24);
            Vector512<double> d4 = Vector512.Load(delta + 32), d5 = Vector512.Load(delta + 40), d6 = Vector512.Load(delta + 48), d7 = Vector512.Load(delta + 56);
            double* xk = x;
            for (int k = 0; k < columns; k++, xk += P, a++)
            {
                Vector512<double> s = Vector512.FusedMultiplyAdd(d0, Vector512.Load(xk), *a), t = d1 * Vector512.Load(xk + 8);
                s = Vector512.FusedMultiplyAdd(d2, Vector512.Load(xk + 16), s);
                t = Vector512.FusedMultiplyAdd(d3, Vector512.Load(xk + 24), t);
                s = Vector512.FusedMultiplyAdd(d4, Vector512.Load(xk + 32), s);
                t = Vector512.FusedMultiplyAdd(d5, Vector512.Load(xk + 40), t);
                s = Vector512.FusedMultiplyAdd(d6, Vector512.Load(xk + 48), s);
                *a = s + Vector512.FusedMultiplyAdd(d7, Vector512.Load(xk + 56), t);
            }
        }
    }

    /// <summary>A[n] += Σ of the eight vectors of row n, as eight partial sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RowSumsPanel(double* delta, int rows, Vector512<double>* a)
    {
        for (int n = 0; n < rows; n++, delta += P, a++)
        {
            *a += ((Vector512.Load(delta) + Vector512.Load(delta + 8)) + (Vector512.Load(delta + 16) + Vector512.Load(delta + 24)))
                + ((Vector512.Load(delta + 32) + Vector512.Load(delta + 40)) + (Vector512.Load(delta + 48) + Vector512.Load(delta + 56)));
        }
    }

    /// <summary>Xᵀ: <paramref name="rows"/> rows of 64 become 64 rows of <paramref name="stride"/>; columns beyond rows are set to 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposePanel(double* x, int rows, double* y, int stride)
    {
        int k = 0;
        for (; k + 8 <= rows; k += 8)
        {
            for (int s = 0; s < P; s += 8) Transpose8(x + (k * P) + s, P, y + (s * stride) + k, stride);
        }

        for (; k < stride; k++)
        {
            for (int s = 0; s < P; s++) y[(s * stride) + k] = k < rows ? x[(k * P) + s] : 0;
        }
    }

    /// <summary>An 8 × 8 block; only moves numbers, so the two ways give the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(double* x, int xStride, double* y, int yStride)
    {
        if (!Avx512F.IsSupported)
        {
            for (int i = 0; i < 8; i++)
                for (int j = 0; j < 8; j++) y[(j * yStride) + i] = x[(i * xStride) + j];
            return;
        }

        Vector512<double> r0 = Vector512.Load(x), r1 = Vector512.Load(x + xStride), r2 = Vector512.Load(x + (2 * xStride)), r3 = Vector512.Load(x + (3 * xStride));
        Vector512<double> r4 = Vector512.Load(x + (4 * xStride)), r5 = Vector512.Load(x + (5 * xStride)), r6 = Vector512.Load(x + (6 * xStride)), r7 = Vector512.Load(x + (7 * xStride));
        // pairs: t0 = (x00 x10 | x02 x12 | x04 x14 | x06 x16), …
        Vector512<double> t0 = Avx512F.UnpackLow(r0, r1), t1 = Avx512F.UnpackHigh(r0, r1), t2 = Avx512F.UnpackLow(r2, r3), t3 = Avx512F.UnpackHigh(r2, r3);
        Vector512<double> t4 = Avx512F.UnpackLow(r4, r5), t5 = Avx512F.UnpackHigh(r4, r5), t6 = Avx512F.UnpackLow(r6, r7), t7 = Avx512F.UnpackHigh(r6, r7);
        // 128-bit blocks 0, 2 (0x88) and 1, 3 (0xDD) of two vectors
        Vector512<double> u0 = Avx512F.Shuffle4x128(t0, t2, 0x88), u1 = Avx512F.Shuffle4x128(t1, t3, 0x88), u2 = Avx512F.Shuffle4x128(t0, t2, 0xDD), u3 = Avx512F.Shuffle4x128(t1, t3, 0xDD);
        Vector512<double> u4 = Avx512F.Shuffle4x128(t4, t6, 0x88), u5 = Avx512F.Shuffle4x128(t5, t7, 0x88), u6 = Avx512F.Shuffle4x128(t4, t6, 0xDD), u7 = Avx512F.Shuffle4x128(t5, t7, 0xDD);
        Avx512F.Shuffle4x128(u0, u4, 0x88).Store(y);
        Avx512F.Shuffle4x128(u1, u5, 0x88).Store(y + yStride);
        Avx512F.Shuffle4x128(u2, u6, 0x88).Store(y + (2 * yStride));
        Avx512F.Shuffle4x128(u3, u7, 0x88).Store(y + (3 * yStride));
        Avx512F.Shuffle4x128(u0, u4, 0xDD).Store(y + (4 * yStride));
        Avx512F.Shuffle4x128(u1, u5, 0xDD).Store(y + (5 * yStride));
        Avx512F.Shuffle4x128(u2, u6, 0xDD).Store(y + (6 * yStride));
        Avx512F.Shuffle4x128(u3, u7, 0xDD).Store(y + (7 * yStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TanhInPlace(Vector512<double>* y, int length)
    {
        // without 512-bit vectors the inlined body would overrun the JIT's budget and be far slower than the call
        if (Vector512.IsHardwareAccelerated)
            for (int v = 0; v < length; v++) y[v] = Elementary.TanhInlined(y[v]);
        else
            for (int v = 0; v < length; v++) y[v] = Elementary.Tanh(y[v]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ReLUInPlace(Vector512<double>* y, int length)
    {
        Vector512<double> zero = Vector512<double>.Zero;
        for (int v = 0; v < length; v++) y[v] = Vector512.ConditionalSelect(Vector512.LessThan(y[v], zero), zero, y[v]); // NaN stays NaN
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SiLUInPlace(Vector512<double>* y, Vector512<double>* sigma, int length)
    {
        for (int v = 0; v < length; v++)
        {
            sigma[v] = Elementary.Logistic(y[v]);
            y[v] *= sigma[v];
        }
    }
}
