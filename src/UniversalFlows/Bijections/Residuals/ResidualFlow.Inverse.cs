using System.Runtime.Intrinsics;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Residuals;

/// <content>The inverse.</content>
public sealed partial class ResidualFlow
{
    /// <inheritdoc/>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        int d = Dimension;
        using Scratch<T> scratch = new(2 * d);
        using Scratch<Lanes> lanes = new((2 * d) + (d * T.Groups) + T.Groups);
        Span<T> x = scratch.Take(d), step = scratch.Take(d);
        Span<Lanes> target = lanes.Take(d), root = lanes.Take(d), roots = lanes.Take(d * T.Groups);
        for (int g = 0; g < T.Groups; g++)
        {
            for (int i = 0; i < d; i++) target[i] = T.Primal(y[i], g);
            status = MonotoneRoot.Worst(status, Root(target, root));
            for (int i = 0; i < d; i++) roots[(i * T.Groups) + g] = root[i];
        }

        for (int i = 0; i < d; i++) x[i] = T.FromPrimal(roots.Slice(i * T.Groups, T.Groups));
        using Scratch<T> work = Workspace<T>(out Pass<T> pass);
        if (T.Encloses) Enclose(pass, x, y, step);
        // a Newton step in the scalar itself doubles the order of the derivatives that are right; the value keeps its bits
        for (int order = 0; order < T.DerivativeOrder; order = (2 * order) + 1)
        {
            Step(pass, x, y, step);
            for (int i = 0; i < d; i++) x[i] -= step[i] - T.Freeze(step[i]);
        }

        pass.Perturb(x, slopes: true);
        x.CopyTo(y);
        return -pass.LogDeterminant();
    }

    /// <summary>(I + Dg)⁻¹(x + g(x) − y) into <paramref name="step"/>.</summary>
    private static void Step<T>(Pass<T> pass, ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> step) where T : unmanaged, IScalar<T>
    {
        pass.Perturb(x, slopes: true);
        for (int i = 0; i < x.Length; i++) step[i] = x[i] + pass.G[i] - y[i];
        pass.Solve(step);
    }

    /// <summary>
    /// Newton steps on the polynomial part, then the rest: f(x) − f(root) = r gives |x − root| ≤ |r| + |g(x) − g(root)| ≤ |r| + κ|x − root|, hence |x − root| ≤ |r|/(1 − κ), everywhere.
    /// NaN, not proved, for derivatives.
    /// </summary>
    private void Enclose<T>(Pass<T> pass, Span<T> x, ReadOnlySpan<T> y, Span<T> step) where T : unmanaged, IScalar<T>
    {
        const int Steps = 4;
        const double Slack = 1e-9; // the norms are those of singular vectors in doubles, which exceed κ by 1e-12 at most
        for (int k = 0; k < Steps; k++)
        {
            Step(pass, x, y, step);
            for (int i = 0; i < x.Length; i++) x[i] = T.Nominal(x[i] - step[i]);
        }

        pass.Perturb(x, slopes: false);
        for (int i = 0; i < x.Length; i++) step[i] = (x[i] + pass.G[i] - y[i]) / (1 - (Lipschitz * (1 + Slack)));
        for (int i = 0; i < x.Length; i++)
        {
            if (T.DerivativeOrder > 0) x[i] = T.Constant(double.NaN) * y[i];
            for (int j = 0; j < x.Length; j++) x[i] = T.Inflate(x[i], step[j]); // |r| ≤ Σ|r_j|
        }
    }

    /// <summary>x + g(x) = y for eight points. The residual r = x + g(x) − y falls by κ with each step x ← x − r; Newton's step is taken where it beats that.</summary>
    private InverseStatus Root(ReadOnlySpan<Lanes> y, Span<Lanes> x)
    {
        int d = Dimension;
        using Scratch<Lanes> work = Workspace<Lanes>(out Pass<Lanes> pass), scratch = new(3 * d);
        Span<Lanes> r = scratch.Take(d), next = scratch.Take(d), best = scratch.Take(d);
        Lanes scale = Lanes.Constant(1), least = Lanes.Constant(double.PositiveInfinity);
        y.CopyTo(x);
        x.CopyTo(best);
        foreach (Lanes v in y) scale += Lanes.Abs(v);
        Vector512<double> active = Vector512<double>.AllBitsSet;
        int limit = Contractions;
        for (int k = 0; k <= limit && !Vector512.EqualsAll(active.AsInt64(), Vector512<long>.Zero); k++)
        {
            Lanes size = Residual(pass, x, y, r, scale, slopes: true);
            Vector512<double> better = active & Vector512.LessThan(size.Value, least.Value);
            least = Choose(better, size, least);
            for (int i = 0; i < d; i++) best[i] = Choose(better, x[i], best[i]);
            active = better & Vector512.GreaterThan(size.Value, default); // no better than before: the rounding of f itself
            for (int i = 0; i < d; i++) next[i] = r[i];
            pass.Solve(next);
            for (int i = 0; i < d; i++)
            {
                Lanes newton = x[i] - next[i];
                (next[i], r[i]) = (newton, x[i] - r[i]);
            }

            Lanes reached = Length(pass, next, y, scale);
            Vector512<double> good = Vector512.LessThanOrEqual(reached.Value, (Lipschitz * size).Value);
            for (int i = 0; i < d; i++) x[i] = Choose(active, Choose(good, next[i], r[i]), best[i]);
        }

        Vector512<double> converged = Vector512.LessThanOrEqual(least.Value, Vector512.Create(MonotoneRoot.Tolerance));
        Vector512<double> finite = Vector512.LessThanOrEqual(scale.Value, Vector512.Create(double.MaxValue));
        for (int i = 0; i < d; i++) x[i] = Choose(converged & finite, best[i], Lanes.Constant(double.NaN));
        if (!AllSet(finite)) return InverseStatus.NotFinite;
        return AllSet(converged) ? InverseStatus.Converged : InverseStatus.Stalled;
    }

    /// <summary>r = x + g(x) − y; returns |r|/scale, so that nothing overflows.</summary>
    private static Lanes Residual(Pass<Lanes> pass, ReadOnlySpan<Lanes> x, ReadOnlySpan<Lanes> y, Span<Lanes> r, Lanes scale, bool slopes)
    {
        pass.Perturb(x, slopes);
        Lanes square = default;
        for (int i = 0; i < x.Length; i++)
        {
            r[i] = x[i] + pass.G[i] - y[i];
            Lanes share = r[i] / scale;
            square = Lanes.MultiplyAdd(share, share, square);
        }

        return Lanes.Sqrt(square);
    }

    private static Lanes Length(Pass<Lanes> pass, ReadOnlySpan<Lanes> x, ReadOnlySpan<Lanes> y, Lanes scale)
    {
        using Scratch<Lanes> scratch = new(x.Length);
        return Residual(pass, x, y, scratch.Take(x.Length), scale, slopes: false);
    }

    private static Lanes Choose(Vector512<double> mask, Lanes then, Lanes otherwise) => new(Vector512.ConditionalSelect(mask, then.Value, otherwise.Value));

    private static bool AllSet(Vector512<double> mask) => Vector512.EqualsAll(mask.AsInt64(), Vector512<long>.AllBitsSet);
}
