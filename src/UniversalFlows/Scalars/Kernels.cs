using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <summary>
/// The dense kernels. Every output is summed over k = 0, 1, … in one chain of fused multiply-adds that starts from the bias: the
/// same order in every kernel, so values agree to the last bit between readings, tile sizes and vector widths.
/// </summary>
internal static unsafe partial class Kernels
{
    /// <summary>y = W x + b on eight points: eight rows a tile, enough independent chains to hide the latency of an FMA.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Affine(Dense layer, ReadOnlySpan<Lanes> x, Span<Lanes> y, bool bias)
    {
        if (x.Length != layer.Inputs || y.Length != layer.Outputs)
            throw new ArgumentException($"an affine layer {layer.Inputs} → {layer.Outputs} was given {x.Length} features and {y.Length} outputs");
        int inputs = layer.Inputs, outputs = layer.Outputs;
        fixed (double* weights = layer.Weights, biases = layer.Bias)
        fixed (Lanes* xp = x, yp = y)
        {
            Vector512<double>* xv = (Vector512<double>*)xp, yv = (Vector512<double>*)yp;
            int n = 0;
            for (; n + 8 <= outputs; n += 8)
            {
                double* w = weights + (n * (long)inputs);
                long s = inputs;
                Vector512<double> a0, a1, a2, a3, a4, a5, a6, a7;
                if (bias)
                {
                    a0 = Vector512.Create(biases[n]); a1 = Vector512.Create(biases[n + 1]);
                    a2 = Vector512.Create(biases[n + 2]); a3 = Vector512.Create(biases[n + 3]);
                    a4 = Vector512.Create(biases[n + 4]); a5 = Vector512.Create(biases[n + 5]);
                    a6 = Vector512.Create(biases[n + 6]); a7 = Vector512.Create(biases[n + 7]);
                }
                else
                {
                    a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = Vector512<double>.Zero;
                }

                for (int k = 0; k < inputs; k++, w++)
                {
                    Vector512<double> v = xv[k];
                    a0 = Vector512.FusedMultiplyAdd(Vector512.Create(w[0]), v, a0);
                    a1 = Vector512.FusedMultiplyAdd(Vector512.Create(w[s]), v, a1);
                    a2 = Vector512.FusedMultiplyAdd(Vector512.Create(w[2 * s]), v, a2);
                    a3 = Vector512.FusedMultiplyAdd(Vector512.Create(w[3 * s]), v, a3);
                    a4 = Vector512.FusedMultiplyAdd(Vector512.Create(w[4 * s]), v, a4);
                    a5 = Vector512.FusedMultiplyAdd(Vector512.Create(w[5 * s]), v, a5);
                    a6 = Vector512.FusedMultiplyAdd(Vector512.Create(w[6 * s]), v, a6);
                    a7 = Vector512.FusedMultiplyAdd(Vector512.Create(w[7 * s]), v, a7);
                }

                yv[n] = a0; yv[n + 1] = a1; yv[n + 2] = a2; yv[n + 3] = a3;
                yv[n + 4] = a4; yv[n + 5] = a5; yv[n + 6] = a6; yv[n + 7] = a7;
            }

            for (; n < outputs; n++)
            {
                double* w = weights + (n * (long)inputs);
                Vector512<double> a = bias ? Vector512.Create(biases[n]) : Vector512<double>.Zero;
                for (int k = 0; k < inputs; k++) a = Vector512.FusedMultiplyAdd(Vector512.Create(w[k]), xv[k], a);
                yv[n] = a;
            }
        }
    }
}
