using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <content>
/// Sums, products, selections. With A_i = Σ_{|α| = i} |a_α|, A = Σ_i A_i and u = 2⁻⁵³, a product has the remainder
/// A r_b + r_a(B + r_b) + Σ_{i+j>D} A_i B_j + 1.01u Σ_{i+j=n≤D} l_n A_i B_j, where a coefficient of degree n is a chain of at most l_n fused multiply-adds; a sum
/// r_a + r_b + u Σ|c_α|.
/// </content>
public sealed unsafe partial class TaylorArena
{
    internal TaylorModel Add(TaylorModel a, TaylorModel b)
    {
        if (a.IsNumber && b.IsNumber)
        {
            double s = a.Number + b.Number, t = s - a.Number, lost = (a.Number - (s - t)) + (b.Number - t);
            return lost == 0 ? TaylorModel.Constant(s) : Rounded(s, Rounding.ExactUlps);
        }

        if (b.IsNumber) return Shift(a.Row, b.Number);
        if (a.IsNumber) return Shift(b.Row, a.Number);
        return Combine(a.Row, b.Row, 1);
    }

    internal TaylorModel Subtract(TaylorModel a, TaylorModel b)
    {
        if (b.IsNumber) return Add(a, TaylorModel.Constant(-b.Number));
        if (!a.IsNumber) return Combine(a.Row, b.Row, -1);
        return Shift(Negate(b).Row, a.Number);
    }

    internal TaylorModel Negate(TaylorModel a)
    {
        if (a.IsNumber) return TaylorModel.Constant(-a.Number);
        int row = Copy(a.Row);
        Vec* c = Row(row);
        for (int i = 0; i < _stride; i++) c[i] = -c[i];
        return new TaylorModel(row);
    }

    internal TaylorModel Multiply(TaylorModel a, TaylorModel b)
    {
        if (a.IsNumber && b.IsNumber)
        {
            double p = a.Number * b.Number;
            bool exact = a.Number == 0 || b.Number == 0 || (Math.Abs(p) > 1e-280 && Math.FusedMultiplyAdd(a.Number, b.Number, -p) == 0);
            return exact ? TaylorModel.Constant(p) : Rounded(p, Rounding.ExactUlps);
        }

        if (b.IsNumber) return Scale(a.Row, b.Number, 1);
        if (a.IsNumber) return Scale(b.Row, a.Number, 1);
        return Product(a.Row, b.Row);
    }

    internal TaylorModel Divide(TaylorModel a, TaylorModel b)
    {
        if (!b.IsNumber) return Multiply(a, Apply(TaylorFunction.Reciprocal, b));
        if (b.Number == 1) return a;
        double inverse = 1 / b.Number;
        if (!(Math.Abs(b.Number) is > 1e-290 and < 1e290)) return Rounded(double.NaN, Rounding.ExactUlps);
        return Scale(RowOf(a), inverse, 2.01); // the rounding of 1/b, then that of the product
    }

    internal TaylorModel SelectLess(TaylorModel a, TaylorModel b, TaylorModel then, TaylorModel otherwise)
    {
        if (a.IsNumber && b.IsNumber) return a.Number < b.Number ? then : otherwise;
        Interval difference = Range(Subtract(a, b));
        Vec less = Vector512.LessThan(difference.Upper.Value, Vec.Zero), not = Vector512.GreaterThanOrEqual(difference.Lower.Value, Vec.Zero);
        if (All(less)) return then;
        if (All(not)) return otherwise;
        int p = RowOf(then), q = RowOf(otherwise);
        TaylorModel mean = default;
        bool open = !All(less | not);
        if (open)
        {
            // one of the two: their mean, and half of what they differ by
            Vec half = Range(Combine(p, q, -1)).Magnitude.Value * Vector512.Create(0.5);
            mean = Scale(Combine(p, q, 1).Row, 0.5, 1);
            _remainders[mean.Row] = (_remainders[mean.Row] + half) * Vector512.Create(Rounding.Safe);
        }

        int row = NewRow(Math.Max(_degrees[p], _degrees[q]));
        Vec* c = Row(row), x = Row(p), y = Row(q), m = open ? Row(mean.Row) : y;
        for (int i = 0; i < _stride; i++)
            c[i] = Vector512.ConditionalSelect(less, x[i], Vector512.ConditionalSelect(not, y[i], m[i]));
        _remainders[row] = Vector512.ConditionalSelect(less, _remainders[p], Vector512.ConditionalSelect(not, _remainders[q], _remainders[open ? mean.Row : q]));
        return new TaylorModel(row);
    }

    /// <summary>A number that was computed to so many ulps.</summary>
    private TaylorModel Rounded(double value, double ulps)
    {
        TaylorModel x = Numbers(Lanes.Constant(value));
        _remainders[x.Row] = Rounding.Radius(Vector512.Create(value), ulps) * Vector512.Create(Rounding.Safe);
        return x;
    }

    private TaylorModel Shift(int a, double number)
    {
        if (number == 0) return new TaylorModel(a);
        int row = Copy(a);
        Vec c = Row(row)[0] += Vector512.Create(number);
        Vec r = Vector512.FusedMultiplyAdd(Vector512.Abs(c), Vector512.Create(Rounding.Unit), _remainders[row]);
        _remainders[row] = r * Vector512.Create(Rounding.Safe);
        return new TaylorModel(row);
    }

    /// <summary>s·a, where the factor and each product lose at most <paramref name="units"/>·u together.</summary>
    private TaylorModel Scale(int a, double s, double units)
    {
        // 0 times what is not proved is not proved
        if (s == 0 && Vector512.LessThanOrEqualAll(_remainders[a], Vector512.Create(double.MaxValue))) return TaylorModel.Constant(0);
        if (s == 1 && units == 1) return new TaylorModel(a);
        int row = NewRow(_degrees[a]);
        Vec* x = Row(a), c = Row(row);
        Vec factor = Vector512.Create(s), sum = Vec.Zero;
        for (int i = 0; i < _stride; i++)
        {
            c[i] = x[i] * factor;
            sum += Vector512.Abs(c[i]);
        }

        Vec r = Vector512.FusedMultiplyAdd(_remainders[a], Vector512.Abs(factor), (sum * Vector512.Create(units * Rounding.Unit)) + Vector512.Create(Rounding.Tiny));
        _remainders[row] = r * Vector512.Create(Rounding.Safe);
        return new TaylorModel(row);
    }

    /// <summary>a + s·b, s = ±1.</summary>
    private TaylorModel Combine(int a, int b, double s)
    {
        int row = NewRow(Math.Max(_degrees[a], _degrees[b]));
        Vec* x = Row(a), y = Row(b), c = Row(row);
        Vec sign = Vector512.Create(s), sum = Vec.Zero;
        for (int i = 0; i < _stride; i++)
        {
            c[i] = Vector512.FusedMultiplyAdd(sign, y[i], x[i]);
            sum += Vector512.Abs(c[i]);
        }

        Vec r = Vector512.FusedMultiplyAdd(sum, Vector512.Create(Rounding.Unit), _remainders[a] + _remainders[b]);
        _remainders[row] = r * Vector512.Create(Rounding.Safe);
        return new TaylorModel(row);
    }

    private TaylorModel Product(int a, int b)
    {
        Monomials table = Table;
        int da = _degrees[a], db = _degrees[b], degree = Math.Min(table.Degree, da + db), row = NewRow(degree);
        Vec* x = Row(a), y = Row(b), c = Row(row), sumA = _work, sumB = _work + Orders;
        Truncated(table, x, da, 0, y, db, c, degree);
        Clear(c, table.Start[degree + 1]);
        Vec normA = Norms(table, x, da, sumA), normB = Norms(table, y, db, sumB);
        Vec dropped = Vec.Zero, rounding = Vec.Zero;
        for (int i = 0; i <= da; i++)
        {
            for (int j = 0; j <= db; j++)
            {
                if (i + j > degree) dropped = Vector512.FusedMultiplyAdd(sumA[i], sumB[j], dropped);
                else rounding = Vector512.FusedMultiplyAdd(sumA[i] * Vector512.Create(1.01 * Rounding.Unit * table.Chain[i + j]), sumB[j], rounding);
            }
        }

        Vec ra = _remainders[a], rb = _remainders[b];
        Vec r = Vector512.FusedMultiplyAdd(normA, rb, Vector512.FusedMultiplyAdd(ra, normB + rb, dropped + rounding)) + Vector512.Create(Rounding.Tiny);
        _remainders[row] = r * Vector512.Create(Rounding.Safe);
        return new TaylorModel(row);
    }

    /// <summary>c ← the terms of degree at most <paramref name="degree"/> of a·b, of a only those of degree <paramref name="least"/> and above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Truncated(Monomials table, Vec* a, int da, int least, Vec* b, int db, Vec* c, int degree)
    {
        int step = table.Degree + 2;
        fixed (uint* pairs = table.Pairs)
        fixed (int* first = table.First)
        {
            byte* x = (byte*)a, y = (byte*)b;
            for (int n = 0; n <= degree; n++)
            {
                int from = Math.Max(least, n - db), to = Math.Min(da, n) + 1;
                for (int k = table.Start[n]; k < table.Start[n + 1]; k++)
                {
                    Vec sum = Vec.Zero;
                    if (from < to)
                    {
                        uint* p = pairs + first[(k * step) + from], end = pairs + first[(k * step) + to];
                        for (; p < end; p++) sum = Vector512.FusedMultiplyAdd(*(Vec*)(x + (*p & 0xFFFF)), *(Vec*)(y + (*p >> 16)), sum);
                    }

                    c[k] = sum;
                }
            }
        }
    }

    /// <summary>A_0 … A_d, and their sum.</summary>
    private static Vec Norms(Monomials table, Vec* a, int degree, Vec* norms)
    {
        Vec all = Vec.Zero;
        for (int n = 0; n <= degree; n++)
        {
            Vec sum = Vec.Zero;
            for (int k = table.Start[n]; k < table.Start[n + 1]; k++) sum += Vector512.Abs(a[k]);
            norms[n] = sum;
            all += sum;
        }

        return all;
    }

    private static bool All(Vec mask) => Vector512.EqualsAll(mask.AsInt64(), Vector512<long>.AllBitsSet);
}
