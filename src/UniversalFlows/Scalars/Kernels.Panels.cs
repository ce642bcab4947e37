using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <content>Products on panels of 64 samples (rows of 64 doubles): tiles of 4 rows by 4 vectors, 16 chains of FMAs.</content>
internal static unsafe partial class Kernels
{
    private const int P = Tape.Panel;

    /// <summary>Y = W X + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AffinePanel(Dense layer, double* x, double* y)
    {
        int inputs = layer.Inputs, outputs = layer.Outputs;
        fixed (double* weights = layer.Weights, biases = layer.Bias)
        {
            int n = 0;
            for (; n + 4 <= outputs; n += 4)
            {
                for (int half = 0; half < P; half += 32)
                {
                    Tile t = default;
                    t.Fill(biases[n], biases[n + 1], biases[n + 2], biases[n + 3]);
                    t.Product(weights + (n * (long)inputs), inputs, 1, x + half, inputs);
                    t.Store(y + (n * P) + half);
                }
            }

            for (; n < outputs; n++)
            {
                for (int half = 0; half < P; half += 32)
                {
                    Strip t = default;
                    t.Fill(biases[n]);
                    t.Product(weights + (n * (long)inputs), 1, x + half, inputs);
                    t.Store(y + (n * P) + half);
                }
            }
        }
    }

    /// <summary>G += Wᵀ Δ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TransposedProductPanel(Dense layer, double* delta, double* g)
    {
        int inputs = layer.Inputs, outputs = layer.Outputs;
        fixed (double* weights = layer.Weights)
        {
            int k = 0;
            for (; k + 4 <= inputs; k += 4)
            {
                for (int half = 0; half < P; half += 32)
                {
                    Tile t = default;
                    t.Load(g + (k * P) + half);
                    t.Product(weights + k, 1, inputs, delta + half, outputs);
                    t.Store(g + (k * P) + half);
                }
            }

            for (; k < inputs; k++)
            {
                for (int half = 0; half < P; half += 32)
                {
                    Strip t = default;
                    t.Load(g + (k * P) + half);
                    t.Product(weights + k, inputs, delta + half, outputs);
                    t.Store(g + (k * P) + half);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void TanhInPlace(Vector512<double>* y, int length)
    {
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

    /// <summary>4 rows × 32 samples in registers.</summary>
    private struct Tile
    {
        private Vector512<double> _a0, _a1, _a2, _a3, _b0, _b1, _b2, _b3, _c0, _c1, _c2, _c3, _d0, _d1, _d2, _d3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Fill(double a, double b, double c, double d)
        {
            _a0 = _a1 = _a2 = _a3 = Vector512.Create(a);
            _b0 = _b1 = _b2 = _b3 = Vector512.Create(b);
            _c0 = _c1 = _c2 = _c3 = Vector512.Create(c);
            _d0 = _d1 = _d2 = _d3 = Vector512.Create(d);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Load(double* y)
        {
            _a0 = Vector512.Load(y); _a1 = Vector512.Load(y + 8); _a2 = Vector512.Load(y + 16); _a3 = Vector512.Load(y + 24);
            _b0 = Vector512.Load(y + P); _b1 = Vector512.Load(y + P + 8); _b2 = Vector512.Load(y + P + 16); _b3 = Vector512.Load(y + P + 24);
            _c0 = Vector512.Load(y + (2 * P)); _c1 = Vector512.Load(y + (2 * P) + 8);
            _c2 = Vector512.Load(y + (2 * P) + 16); _c3 = Vector512.Load(y + (2 * P) + 24);
            _d0 = Vector512.Load(y + (3 * P)); _d1 = Vector512.Load(y + (3 * P) + 8);
            _d2 = Vector512.Load(y + (3 * P) + 16); _d3 = Vector512.Load(y + (3 * P) + 24);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(double* y)
        {
            _a0.Store(y); _a1.Store(y + 8); _a2.Store(y + 16); _a3.Store(y + 24);
            _b0.Store(y + P); _b1.Store(y + P + 8); _b2.Store(y + P + 16); _b3.Store(y + P + 24);
            _c0.Store(y + (2 * P)); _c1.Store(y + (2 * P) + 8); _c2.Store(y + (2 * P) + 16); _c3.Store(y + (2 * P) + 24);
            _d0.Store(y + (3 * P)); _d1.Store(y + (3 * P) + 8); _d2.Store(y + (3 * P) + 16); _d3.Store(y + (3 * P) + 24);
        }

        /// <summary>Adds Σ_k w[r·rowStride + k·stride]·x[k], k = 0 … terms − 1.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Product(double* w, long rowStride, long stride, double* x, int terms)
        {
            Vector512<double> a0 = _a0, a1 = _a1, a2 = _a2, a3 = _a3, b0 = _b0, b1 = _b1, b2 = _b2, b3 = _b3;
            Vector512<double> c0 = _c0, c1 = _c1, c2 = _c2, c3 = _c3, d0 = _d0, d1 = _d1, d2 = _d2, d3 = _d3;
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
                w += stride; w1 += stride; w2 += stride; w3 += stride; x += P;
            }

            (_a0, _a1, _a2, _a3, _b0, _b1, _b2, _b3) = (a0, a1, a2, a3, b0, b1, b2, b3);
            (_c0, _c1, _c2, _c3, _d0, _d1, _d2, _d3) = (c0, c1, c2, c3, d0, d1, d2, d3);
        }
    }

    /// <summary>1 row × 32 samples in registers: the rows left over.</summary>
    private struct Strip
    {
        private Vector512<double> _a0, _a1, _a2, _a3;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Fill(double a) => _a0 = _a1 = _a2 = _a3 = Vector512.Create(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Load(double* y) =>
            (_a0, _a1, _a2, _a3) = (Vector512.Load(y), Vector512.Load(y + 8), Vector512.Load(y + 16), Vector512.Load(y + 24));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(double* y)
        {
            _a0.Store(y); _a1.Store(y + 8); _a2.Store(y + 16); _a3.Store(y + 24);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Product(double* w, long stride, double* x, int terms)
        {
            Vector512<double> a0 = _a0, a1 = _a1, a2 = _a2, a3 = _a3;
            for (int k = 0; k < terms; k++)
            {
                Vector512<double> v = Vector512.Create(*w);
                a0 = Vector512.FusedMultiplyAdd(v, Vector512.Load(x), a0); a1 = Vector512.FusedMultiplyAdd(v, Vector512.Load(x + 8), a1);
                a2 = Vector512.FusedMultiplyAdd(v, Vector512.Load(x + 16), a2); a3 = Vector512.FusedMultiplyAdd(v, Vector512.Load(x + 24), a3);
                w += stride; x += P;
            }

            (_a0, _a1, _a2, _a3) = (a0, a1, a2, a3);
        }
    }
}
