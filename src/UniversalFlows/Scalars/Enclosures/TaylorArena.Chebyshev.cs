using System.Runtime.Intrinsics;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <content>
/// Chebyshev's polynomials of a model û ± r: the recurrence on the polynomials alone; what each step truncates and rounds off goes through <see cref="ChebyshevError"/> together with r.
/// </content>
public sealed unsafe partial class TaylorArena
{
    internal void Chebyshev(TaylorModel u, Span<TaylorModel> basis)
    {
        basis[0] = TaylorModel.Constant(1);
        if (basis.Length > 1) basis[1] = u;
        if (basis.Length <= 2) return;
        int before = RowOf(basis[0]), now = Copy(RowOf(u)), twice = Copy(now);
        Vec r = _remainders[now], size = Range(u).Magnitude.Value;
        for (int i = 0; i < _stride; i++) Row(twice)[i] += Row(twice)[i];
        _remainders[now] = _remainders[twice] = Vec.Zero;
        ChebyshevError error = new(size, r);
        error.Next(Vec.Zero);
        using Scratch<Vec> scratch = new(basis.Length);
        Span<Vec> errors = scratch.Take(basis.Length);
        for (int k = 2; k < basis.Length; k++)
        {
            int next = Combine(Product(twice, now).Row, before, -1).Row;
            errors[k] = error.Next(_remainders[next]);
            _remainders[next] = Vec.Zero;
            (before, now) = (now, next);
            basis[k] = new TaylorModel(next);
        }

        Vec inside = Vector512.LessThanOrEqual(size, Vec.One);
        for (int k = 2; k < basis.Length; k++)
        {
            // where |u| ≤ 1 there is always 0 ± 1
            Vec plain = inside & Vector512.GreaterThan(errors[k], Vec.One);
            Vec* c = Row(basis[k].Row);
            for (int i = 0; i < _stride; i++) c[i] = Vector512.ConditionalSelect(plain, Vec.Zero, c[i]);
            _remainders[basis[k].Row] = Vector512.ConditionalSelect(plain, Vec.One, errors[k]);
        }
    }
}
