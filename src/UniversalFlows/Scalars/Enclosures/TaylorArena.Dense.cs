using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <content>
/// Dense layers. Coefficients × boxes are just more samples of the ordinary product Y = W X + b. The remainders: |W|(r + ε S) + ε|b|, S_k = Σ_α |a_α| of input k,
/// ε = 1.01(K + 1)u: a chain of K fused multiply-adds loses at most K·u/(1 − K·u) of Σ|W||x| + |b|, coefficient by coefficient, and |t^α| ≤ 1.
/// </content>
public sealed unsafe partial class TaylorArena
{
    internal void Affine(Dense layer, ReadOnlySpan<TaylorModel> x, Span<TaylorModel> y, bool bias)
    {
        if (x.Length != layer.Inputs || y.Length != layer.Outputs)
            throw new ArgumentException($"an affine layer {layer.Inputs} → {layer.Outputs} was given {x.Length} features and {y.Length} outputs");
        ReadOnlySpan<double> b = layer.Bias;
        if (x.Length == 0)
        {
            for (int n = 0; n < y.Length; n++) y[n] = TaylorModel.Constant(bias ? b[n] : 0);
            return;
        }

        int from = Contiguous(x), to = NewRows(y.Length), degree = 0;
        for (int k = 0; k < x.Length; k++) degree = Math.Max(degree, _degrees[from + k]);
        Vec* source = Row(from), target = Row(to);
        for (int n = 0; n < y.Length; n++)
        {
            _degrees[to + n] = degree;
            Clear(target + (n * _stride), 1);
            target[n * _stride] = Vector512.Create(bias ? b[n] : 0.0);
            y[n] = new TaylorModel(to + n);
        }

        int columns = _stride * Lanes.Width;
        fixed (double* w = layer.Weights)
        {
            // rows of lower degree are zero beyond it: whole tiles of four coefficients up to the highest degree
            Kernels.Product((double*)target, columns, false, w, x.Length, 1, (double*)source, columns, x.Length,
                (double*)target, columns, y.Length, (Table.Start[degree + 1] + 3) / 4);

            using Scratch<Vec> scratch = new(x.Length);
            Span<Vec> uncertain = scratch.Take(x.Length);
            double epsilon = 1.01 * (x.Length + 1) * Rounding.Unit;
            for (int k = 0; k < x.Length; k++)
            {
                Vec* a = source + (k * _stride);
                Vec sum = Vec.Zero;
                for (int i = 0; i < Table.Start[_degrees[from + k] + 1]; i++) sum += Vector512.Abs(a[i]);
                uncertain[k] = Vector512.FusedMultiplyAdd(sum, Vector512.Create(epsilon), _remainders[from + k]);
            }

            fixed (Vec* e = uncertain) Sizes(w, x.Length, y.Length, e, _remainders + to);
            for (int n = 0; n < y.Length; n++)
            {
                Vec r = _remainders[to + n] + Vector512.Create(bias ? Math.Abs(b[n]) * epsilon : 0.0) + Vector512.Create(Rounding.Tiny);
                // a chain of K additions loses K·u
                _remainders[to + n] = r * Vector512.Create(1 + (4 * x.Length * Rounding.Unit) + (Rounding.Safe - 1));
            }
        }
    }

    /// <summary>r ← |W| e, eight rows at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sizes(double* w, int inputs, int outputs, Vec* e, Vec* r)
    {
        Vec magnitude = Vector512.Create(long.MaxValue).AsDouble();
        int n = 0;
        for (; n + 4 <= outputs; n += 4)
        {
            double* p = w + (n * (long)inputs);
            Vec r0 = Vec.Zero, r1 = r0, r2 = r0, r3 = r0;
            for (int k = 0; k < inputs; k++, p++)
            {
                Vec v = e[k];
                r0 = Vector512.FusedMultiplyAdd(Vector512.Create(*p) & magnitude, v, r0);
                r1 = Vector512.FusedMultiplyAdd(Vector512.Create(p[inputs]) & magnitude, v, r1);
                r2 = Vector512.FusedMultiplyAdd(Vector512.Create(p[2 * inputs]) & magnitude, v, r2);
                r3 = Vector512.FusedMultiplyAdd(Vector512.Create(p[3 * inputs]) & magnitude, v, r3);
            }

            r[n] = r0; r[n + 1] = r1; r[n + 2] = r2; r[n + 3] = r3;
        }

        for (; n < outputs; n++)
        {
            double* p = w + (n * (long)inputs);
            Vec sum = Vec.Zero;
            for (int k = 0; k < inputs; k++) sum = Vector512.FusedMultiplyAdd(Vector512.Create(p[k]) & magnitude, e[k], sum);
            r[n] = sum;
        }
    }

    /// <summary>The first of consecutive rows that hold <paramref name="x"/>; copies where they are not consecutive already.</summary>
    private int Contiguous(ReadOnlySpan<TaylorModel> x)
    {
        bool consecutive = !x[0].IsNumber;
        for (int k = 1; k < x.Length && consecutive; k++) consecutive = !x[k].IsNumber && x[k].Row == x[0].Row + k;
        if (consecutive) return x[0].Row;
        int first = NewRows(x.Length);
        for (int k = 0; k < x.Length; k++)
        {
            Vec* to = Row(first + k);
            if (x[k].IsNumber)
            {
                Clear(to, 1);
                to[0] = Vector512.Create(x[k].Number);
                (_remainders[first + k], _degrees[first + k]) = (Vector512.ConditionalSelect(Vector512.Equals(to[0], to[0]), Vec.Zero, to[0]), 0);
                continue;
            }

            new ReadOnlySpan<Vec>(Row(x[k].Row), _stride).CopyTo(new Span<Vec>(to, _stride));
            (_remainders[first + k], _degrees[first + k]) = (_remainders[x[k].Row], _degrees[x[k].Row]);
        }

        return first;
    }
}
