using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>The product that training spends its time in, Y = W X + b on a panel of 64 samples, for benchmarks; and the peak it is held against.</summary>
public sealed unsafe class DensePanelProduct : IDisposable
{
    /// <summary>Products a run: one alone is too short for a clock.</summary>
    public const int Repeats = 100;

    private readonly Dense _layer;
    private readonly AlignedBuffer _x, _y;

    /// <summary>A square layer of the given width with random numbers.</summary>
    public DensePanelProduct(int width)
    {
        _layer = new Dense(width, width);
        _x = new AlignedBuffer((long)width * Tape.Panel);
        _y = new AlignedBuffer((long)width * Tape.Panel);
        Philox random = new(1, "dense panel");
        random.FillNormal(_layer.All);
        random.FillNormal(_x.Span(0, width * Tape.Panel));
    }

    /// <summary><see cref="Repeats"/> products.</summary>
    public void Run()
    {
        for (int i = 0; i < Repeats; i++) Kernels.AffinePanel(_layer, _x.Start, _y.Start);
    }

    /// <summary>16·8·2·<paramref name="steps"/> operations: sixteen independent chains of fused multiply-adds that touch no memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Peak(long steps)
    {
        Vector512<double> x = Vector512.Create(0.999999), y = Vector512.Create(1e-9);
        Vector512<double> a0 = y, a1 = y, a2 = y, a3 = y, b0 = y, b1 = y, b2 = y, b3 = y, c0 = y, c1 = y, c2 = y, c3 = y, d0 = y, d1 = y, d2 = y, d3 = y;
        for (long i = 0; i < steps; i++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, x, y); a1 = Vector512.FusedMultiplyAdd(a1, x, y);
            a2 = Vector512.FusedMultiplyAdd(a2, x, y); a3 = Vector512.FusedMultiplyAdd(a3, x, y);
            b0 = Vector512.FusedMultiplyAdd(b0, x, y); b1 = Vector512.FusedMultiplyAdd(b1, x, y);
            b2 = Vector512.FusedMultiplyAdd(b2, x, y); b3 = Vector512.FusedMultiplyAdd(b3, x, y);
            c0 = Vector512.FusedMultiplyAdd(c0, x, y); c1 = Vector512.FusedMultiplyAdd(c1, x, y);
            c2 = Vector512.FusedMultiplyAdd(c2, x, y); c3 = Vector512.FusedMultiplyAdd(c3, x, y);
            d0 = Vector512.FusedMultiplyAdd(d0, x, y); d1 = Vector512.FusedMultiplyAdd(d1, x, y);
            d2 = Vector512.FusedMultiplyAdd(d2, x, y); d3 = Vector512.FusedMultiplyAdd(d3, x, y);
        }

        return VectorMath.Sum(a0 + a1 + a2 + a3 + b0 + b1 + b2 + b3 + c0 + c1 + c2 + c3 + d0 + d1 + d2 + d3);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
    }
}
