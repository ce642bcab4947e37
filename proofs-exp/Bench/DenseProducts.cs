using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Bench;

/// <summary>The products that training spends its time in, on panels of 64 samples and a square layer, and the peak they are held against.</summary>
public sealed unsafe class DenseProducts : IDisposable
{
    /// <summary>Products a run: one alone is too short for a clock.</summary>
    public const int Repeats = 100;

    private readonly Dense _layer;
    private readonly AlignedBuffer _x, _y, _transposed, _sums;
    private readonly int _width, _stride;
    private readonly bool _gradient;

    /// <summary>A layer of the given width with random numbers: Y = W X + b, or the gradient of its weights A += Δ Xᵀ with the transposition it needs.</summary>
    public DenseProducts(int width, bool gradient)
    {
        (_width, _gradient, _stride) = (width, gradient, (width + 31) & ~31);
        _layer = new Dense(width, width);
        _x = new AlignedBuffer((long)width * Tape.Panel);
        _y = new AlignedBuffer((long)width * Tape.Panel);
        _transposed = new AlignedBuffer((long)_stride * Tape.Panel);
        _sums = new AlignedBuffer((long)width * _stride);
        Philox random = new(1, "dense panel");
        random.FillNormal(_layer.All);
        random.FillNormal(_x.Span(0, width * Tape.Panel));
        random.FillNormal(_y.Span(0, width * Tape.Panel));
    }

    /// <summary>Floating-point operations a run.</summary>
    public double Operations => 2.0 * _width * _width * Tape.Panel * Repeats;

    /// <summary><see cref="Repeats"/> products.</summary>
    public void Run()
    {
        if (!_gradient)
        {
            for (int i = 0; i < Repeats; i++) Kernels.AffinePanel(_layer, _x.Start, _y.Start);
            return;
        }

        _sums.Clear();
        for (int i = 0; i < Repeats; i++)
        {
            Kernels.TransposePanel(_x.Start, _width, _transposed.Start, _stride);
            Kernels.OuterProductPanel(_y.Start, _width, _transposed.Start, _stride, _sums.Start);
        }
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
        _transposed.Dispose();
        _sums.Dispose();
    }
}
