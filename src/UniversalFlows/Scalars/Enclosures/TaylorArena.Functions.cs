using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <content>
/// Elementary functions. The argument is c + q + e with its centre c, a polynomial q without constant term and |e| ≤ r; ρ = Σ_i Q_i + r bounds |q + e|, Q_i the sum of
/// the sizes of the coefficients of degree i. f = Σ_{k ≤ N} f_k (q + e)ᵏ + f_{N+1}(ξ)(q + e)^{N+1}, N = D, by Horner's rule h_k = f_k + (q + e) h_{k+1}.
/// Of h_k only the polynomial H_k up to degree D − k is kept, as k more factors without constant term will follow.
/// </content>
public sealed unsafe partial class TaylorArena
{
    /// <summary>Room for the sums of one degree each, of a model, and of a product before truncation.</summary>
    private const int Orders = (2 * MaxDegree) + 4, MaxCount = 256, WorkVectors = (4 * Orders) + (2 * MaxCount);

    internal TaylorModel Apply(TaylorFunction f, TaylorModel x)
    {
        int from = RowOf(x), to = NewRow(0);
        Compose(f, from, to);
        return new TaylorModel(to);
    }

    internal void Activate(Activation activation, Span<TaylorModel> y)
    {
        if (activation == Activation.Identity) return;
        foreach (ref TaylorModel v in y)
        {
            switch (activation)
            {
                case Activation.Tanh:
                    // in place: what an affine layer has just written nobody else reads
                    if (v.IsNumber) v = TaylorModel.Tanh(v);
                    else Compose(TaylorFunction.Tanh, v.Row, v.Row);
                    break;
                case Activation.ReLU:
                    v = SelectLess(v, default, default, v);
                    break;
                default:
                    v = Multiply(v, TaylorModel.Logistic(v));
                    break;
            }
        }
    }

    /// <summary>to ← f(from); the rows may be the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Compose(TaylorFunction f, int from, int to)
    {
        Monomials table = Table;
        int da = _degrees[from], order = da == 0 ? 1 : table.Degree;
        Vec* a = Row(from), q = _work, below = q + Orders, above = below + Orders, h = above + Orders, next = h + MaxCount;
        Vec safe = Vector512.Create(Rounding.Safe), r = _remainders[from], c = a[0];
        Norms(table, a, da, q);
        Vec size = Vec.Zero;
        for (int i = 1; i <= da; i++) size += q[i];
        Vec rho = (size + r) * safe;
        Interval reach = Interval.Between(new Lanes(Rounding.Down(c - rho, Rounding.ExactUlps)), new Lanes(Rounding.Up(c + rho, Rounding.ExactUlps)));

        Span<Disc> s = stackalloc Disc[MaxDegree + 1];
        s = s[..(order + 1)];
        TaylorSeries.Coefficients(f, c, s);
        Vec error = s[order].Radius, tiny = Vector512.Create(Rounding.Tiny);
        h[0] = s[order].Middle;
        below[0] = Vector512.Abs(h[0]);
        Vec sum = below[0];
        int degree = 0;
        for (int k = order - 1; k >= 0; k--)
        {
            int grown = Math.Min(table.Degree - k, degree + da);
            Truncated(table, a, da, 1, h, degree, next, grown);
            next[0] = s[k].Middle;

            // the same with sizes: above[j] bounds the coefficients of degree j of the new polynomial, chains of at most l_j roundings (the constant has none);
            // what is beyond `grown` is dropped
            Vec kept = above[0] = Vector512.Abs(s[k].Middle), dropped = Vec.Zero, rounding = Vec.Zero;
            for (int j = 1; j <= grown; j++)
            {
                Vec t = Vec.Zero;
                for (int i = Math.Max(1, j - degree); i <= Math.Min(da, j); i++) t = Vector512.FusedMultiplyAdd(q[i], below[j - i], t);
                above[j] = t;
                kept += t;
                rounding = Vector512.FusedMultiplyAdd(t, Vector512.Create(1.01 * Rounding.Unit * table.Chain[j]), rounding);
            }

            Vec tail = Vec.Zero;
            int open = degree;
            for (int i = Math.Max(1, grown + 1 - degree); i <= da; i++)
            {
                // Q_i meets the orders above grown − i
                for (; open > grown - i && open >= 0; open--) tail += below[open];
                dropped = Vector512.FusedMultiplyAdd(q[i], tail, dropped);
            }

            error = Vector512.FusedMultiplyAdd(rho, error, Vector512.FusedMultiplyAdd(r, sum, dropped)) + (rounding + s[k].Radius + tiny);
            Vec* swap = h;
            h = next;
            next = swap;
            swap = below;
            below = above;
            above = swap;
            (sum, degree) = (kept, grown);
        }

        if (da > 0 || !Vector512.EqualsAll(r, Vec.Zero))
        {
            Vec power = TaylorSeries.Beyond(f, reach, order + 1);
            for (int k = 0; k <= order; k++) power *= rho;
            error += power;
        }

        error = (error + tiny) * safe;
        Vec* result = Row(to);
        for (int k = 0; k < table.Start[degree + 1]; k++) result[k] = h[k];
        Clear(result, table.Start[degree + 1]);
        _remainders[to] = error;
        _degrees[to] = degree;
        // where the remainder is as good as the polynomial, the plain range may be narrower
        if (!Vector512.LessThanOrEqualAll(error * Vector512.Create(16.0), sum - below[0])) Narrow(f, reach, to);
    }

    /// <summary>In lanes where the range of f is a smaller interval than the remainder: the range.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Narrow(TaylorFunction f, Interval reach, int row)
    {
        Disc range = Disc.Of(TaylorSeries.Range(f, reach));
        Vec radius = range.Radius * Vector512.Create(Rounding.Safe), error = _remainders[row], huge = Vector512.Create(double.MaxValue);
        // NaN in the remainder counts as larger, NaN in the range as no range
        Vec better = Vector512.LessThanOrEqual(radius, huge) & ~Vector512.LessThanOrEqual(error, radius);
        if (Vector512.EqualsAll(better.AsInt64(), Vector512<long>.Zero)) return;
        Vec* a = Row(row);
        a[0] = Vector512.ConditionalSelect(better, range.Middle, a[0]);
        for (int i = 1; i < _stride; i++) a[i] = Vector512.ConditionalSelect(better, Vec.Zero, a[i]);
        _remainders[row] = Vector512.ConditionalSelect(better, radius, error);
    }
}
