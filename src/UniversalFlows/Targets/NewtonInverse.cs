using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>
/// The inverse of a target without a closed form: damped Newton iteration on the value of eight lanes at once, then one Newton
/// correction in T for each derivative that T carries.
/// </summary>
/// <remarks>
/// With J = Df at the (frozen) value, x ← x − J⁻¹(f(x) − y) makes one more order of the Taylor coefficients of x right each time, so
/// DerivativeOrder corrections give all of them: the implicit function rule. The damping accepts a step only if |f(x) − y| falls,
/// so the iteration descends from its start; a lane that stalls at a critical point of |f − y| starts again elsewhere.
/// </remarks>
internal static class NewtonInverse
{
    /// <summary>The relative residual that counts as converged, |f(x) − y| ≤ Tolerance·(1 + |y|).</summary>
    public const double Tolerance = 1e-12;

    // a few times the rounding of f itself: below it a further step is noise
    private const double Floor = 4 * 2.220446049250313e-16;
    private const int MaxSteps = 120;
    private const double SmallestDamping = 1e-10;
    private const int RandomStarts = 6;

    public static void Solve<T>(Target f, Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        int d = f.Dimension, groups = T.Groups;
        if (y.Length != d) throw new ArgumentException($"a point of R^{d} was expected, {y.Length} numbers were given", nameof(y));
        if (T.Encloses)
        {
            // no enclosure is known for it: not proved
            foreach (ref T v in y) v *= T.Constant(double.NaN);
            return;
        }

        using Scratch<Lanes> scratch = new((2 * d) + (d * d) + (groups * d * (d + 1)));
        Span<Lanes> goal = scratch.Take(d), x = scratch.Take(d), jacobian = scratch.Take(d * d);
        Span<Lanes> roots = scratch.Take(groups * d), jacobians = scratch.Take(groups * d * d);
        for (int g = 0; g < groups; g++)
        {
            for (int i = 0; i < d; i++) goal[i] = T.Primal(y[i], g);
            InverseStatus worst = SolveValue(f, goal, x);
            if (worst > status) status = worst;
            for (int i = 0; i < d; i++) roots[(i * groups) + g] = x[i];
            if (T.DerivativeOrder == 0) continue;
            Jacobian.Evaluate<Lanes>(f, x, goal, jacobian);
            for (int i = 0; i < d * d; i++) jacobians[(i * groups) + g] = jacobian[i];
        }

        if (T.DerivativeOrder == 0)
        {
            for (int i = 0; i < d; i++) y[i] = T.FromPrimal(roots.Slice(i * groups, groups));
            return;
        }

        using Scratch<T> lifted = new((3 * d) + (2 * d * d));
        Span<T> root = lifted.Take(d), image = lifted.Take(d), matrix = lifted.Take(d * d), elimination = lifted.Take(d * d);
        for (int i = 0; i < d; i++) root[i] = T.FromPrimal(roots.Slice(i * groups, groups));
        for (int i = 0; i < d * d; i++) matrix[i] = T.FromPrimal(jacobians.Slice(i * groups, groups));
        for (int order = 0; order < T.DerivativeOrder; order++)
        {
            root.CopyTo(image);
            f.Map(image);
            for (int i = 0; i < d; i++) image[i] -= y[i];
            matrix.CopyTo(elimination);
            Functions.Solve(elimination, image);
            for (int i = 0; i < d; i++) root[i] -= image[i];
        }

        root.CopyTo(y);
    }

    private static InverseStatus SolveValue(Target f, ReadOnlySpan<Lanes> y, Span<Lanes> x)
    {
        int d = f.Dimension;
        Lanes scale = Lanes.Constant(1) + Norm(y);
        using Scratch<Lanes> scratch = new(2 * d);
        Span<Lanes> start = scratch.Take(d), best = scratch.Take(d);

        // first the target's own guess, by default y itself, then the centre of K, then points of K
        y.CopyTo(best);
        f.StartInverse(best);
        Lanes residual = Descend(f, y, best, scale);
        using Scratch<double> numbers = new(d);
        Span<double> point = numbers.Take(d);
        LowDiscrepancy? sequence = null;
        for (int attempt = 0; attempt <= RandomStarts && !AllWithin(residual, scale); attempt++)
        {
            if (attempt == 0)
            {
                Box bounds = f.DefaultDomain.Bounds;
                for (int i = 0; i < d; i++) point[i] = 0.5 * (bounds.Lower[i] + bounds.Upper[i]);
            }
            else
            {
                sequence ??= new LowDiscrepancy(d, 1, "starting points");
                sequence.Point((uint)attempt, point);
                f.DefaultDomain.FromUnitCube(point, point);
            }

            for (int i = 0; i < d; i++) start[i] = Lanes.Constant(point[i]);
            Lanes other = Descend(f, y, start, scale);
            // keep what has converged; NaN residuals lose
            Lanes keep = Lanes.SelectLess(residual, Lanes.Constant(Tolerance) * scale, Lanes.Constant(1), default);
            Lanes better = Lanes.SelectLess(other, residual, Lanes.Constant(1), default) * (Lanes.Constant(1) - keep);
            for (int i = 0; i < d; i++) best[i] = Lanes.SelectLess(default, better, start[i], best[i]);
            residual = Lanes.SelectLess(default, better, other, residual);
        }

        InverseStatus worst = InverseStatus.Converged;
        best.CopyTo(x);
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            if (residual[lane] <= Tolerance * scale[lane]) continue;
            InverseStatus s = !double.IsFinite(scale[lane]) ? InverseStatus.NotFinite
                : residual[lane] <= 1e-6 * scale[lane] ? InverseStatus.Stalled
                : InverseStatus.NotBracketed;
            if (s > worst) worst = s;
            for (int i = 0; i < d; i++) x[i] = x[i].With(lane, double.NaN);
        }

        return worst;
    }

    /// <summary>Damped Newton from x, lane by lane; returns |f(x) − y|, +∞ where f is not finite.</summary>
    private static Lanes Descend(Target f, ReadOnlySpan<Lanes> y, Span<Lanes> x, Lanes scale)
    {
        int d = x.Length;
        Lanes one = Lanes.Constant(1), infinity = Lanes.Constant(double.PositiveInfinity);
        using Scratch<Lanes> scratch = new((3 * d) + (d * d));
        Span<Lanes> step = scratch.Take(d), candidate = scratch.Take(d), image = scratch.Take(d), jacobian = scratch.Take(d * d);
        x.CopyTo(image);
        f.Map(image);
        Lanes residual = Residual(image, y), damping = one;
        for (int k = 0; k < MaxSteps; k++)
        {
            Jacobian.Evaluate<Lanes>(f, x, step, jacobian);
            for (int i = 0; i < d; i++) step[i] -= y[i];
            Functions.Solve(jacobian, step);
            for (int i = 0; i < d; i++) candidate[i] = Lanes.MultiplyAdd(-damping, step[i], x[i]);
            candidate.CopyTo(image);
            f.Map(image);
            Lanes next = Residual(image, y);
            next = Lanes.SelectLess(next, infinity, next, infinity);

            bool done = true;
            for (int lane = 0; lane < Lanes.Width && done; lane++)
            {
                bool improved = next[lane] < residual[lane];
                bool small = (improved ? next[lane] : residual[lane]) <= Floor * scale[lane];
                bool stagnant = !improved && (damping[lane] < SmallestDamping || residual[lane] <= Tolerance * scale[lane]);
                done = small || stagnant || !double.IsFinite(scale[lane]);
            }

            for (int i = 0; i < d; i++) x[i] = Lanes.SelectLess(next, residual, candidate[i], x[i]);
            damping = Lanes.SelectLess(next, residual, Min(one, Lanes.Constant(4) * damping), Lanes.Constant(0.25) * damping);
            residual = Lanes.SelectLess(next, residual, next, residual);
            if (done) break;
        }

        return residual;

        static Lanes Residual(ReadOnlySpan<Lanes> image, ReadOnlySpan<Lanes> y)
        {
            Lanes sum = default;
            for (int i = 0; i < image.Length; i++) sum = Lanes.MultiplyAdd(image[i] - y[i], image[i] - y[i], sum);
            Lanes norm = Lanes.Sqrt(sum), inf = Lanes.Constant(double.PositiveInfinity);
            return Lanes.SelectLess(norm, inf, norm, inf);
        }
    }

    private static Lanes Norm(ReadOnlySpan<Lanes> y)
    {
        Lanes sum = default;
        foreach (Lanes v in y) sum = Lanes.MultiplyAdd(v, v, sum);
        return Lanes.Sqrt(sum);
    }

    private static bool AllWithin(Lanes residual, Lanes scale)
    {
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            // a lane whose goal is not finite is hopeless: it need not hold up the others
            if (double.IsFinite(scale[lane]) && !(residual[lane] <= Tolerance * scale[lane])) return false;
        }

        return true;
    }

    private static Lanes Min(Lanes a, Lanes b) => Lanes.SelectLess(a, b, a, b);
}
