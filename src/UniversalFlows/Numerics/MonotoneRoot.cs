using System.Runtime.Intrinsics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>A strictly increasing function of one real variable with parameters p, written once over an abstract scalar.</summary>
public interface IMonotone
{
    /// <summary>f(x; p) and log f′(x; p).</summary>
    T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>;

    /// <summary>f(x; p) and f′(x; p) of eight points, which is what an iteration needs: a formula that has the slope at hand spares the way over its logarithm.</summary>
    Lanes ValueAndSlope(Lanes x, ReadOnlySpan<Lanes> p, out Lanes slope)
    {
        Lanes value = Forward(x, p, out Lanes logDerivative);
        slope = Lanes.Exp(logDerivative);
        return value;
    }

    /// <summary>Two numbers with f(lower) ≤ y ≤ f(upper), derived from the formula; infinite or NaN where there are none.</summary>
    void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper);
}

/// <summary>
/// x = f⁻¹(y; p) by safeguarded Newton iteration on the value. Derivatives follow from the implicit function theorem: a Newton step
/// carried out in the scalar itself, from an iterate that is already exact, doubles the order of the derivatives that are right
/// (Griewank and Walther, Evaluating Derivatives, section 15).
/// </summary>
public static class MonotoneRoot
{
    /// <summary>|f(x) − y| ≤ <see cref="Tolerance"/>·max(1, |y|, |x|·f′(x)) is called converged; usually it is a few ulps.</summary>
    public const double Tolerance = 1e-12;

    /// <summary>2⁻⁵³.</summary>
    private const double UnitRoundoff = 1.1102230246251565e-16;

    // halving [−1e308, 1e308] down to a subnormal takes 2100 steps; every other step at worst is a bisection
    private const int MaxIterations = 4400;

    /// <summary>Solves f(x; p) = y; a lane that fails is NaN and lowers <paramref name="status"/>.</summary>
    public static T Solve<T>(IMonotone f, T y, ReadOnlySpan<T> p, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        using Scratch<Lanes> scratch = new(p.Length + T.Groups);
        Span<Lanes> values = scratch.Take(p.Length), roots = scratch.Take(T.Groups);
        for (int g = 0; g < T.Groups; g++)
        {
            for (int i = 0; i < p.Length; i++) values[i] = T.Primal(p[i], g);
            roots[g] = Solve(f, T.Primal(y, g), values, ref status);
        }

        T x = T.FromPrimal(roots);
        if (T.Encloses) return Enclosed(f, x, y, p);
        for (int order = 0; order < T.DerivativeOrder; order = (2 * order) + 1)
        {
            T value = f.Forward(x, p, out T logDerivative);
            T step = (value - y) * T.Exp(-logDerivative);
            x -= step - T.Freeze(step); // derivatives only: every reading has the bits of the plain one
        }

        return x;
    }

    /// <summary>
    /// f⁻¹(y) enclosed: Newton steps on the polynomial part from a numerical root; then with the residual r = f(x) − y of the iterate x, f(x) − f(root) = f′(ξ)(x − root):
    /// the root is within sup |r/f′| of x, f′ over x ± 1/64, if that is below 1/64 (f increases, so it changes sign between x − 1/64 and x + 1/64). NaN, not proved, elsewhere.
    /// </summary>
    private static T Enclosed<T>(IMonotone f, T x, T y, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T>
    {
        if (T.DerivativeOrder > 0) return T.Constant(double.NaN) * y; // derivatives of the root are not enclosed: not proved
        const int Steps = 4; // 2⁴ − 1 orders are right
        const double Reach = 1.0 / 64;
        T logDerivative;
        for (int i = 0; i < Steps; i++)
        {
            T value = f.Forward(x, p, out logDerivative);
            x = T.Nominal(x - ((value - y) * T.Exp(-logDerivative)));
        }

        T residual = f.Forward(x, p, out _) - y;
        f.Forward(T.Inflate(x, T.Constant(Reach)), p, out logDerivative);
        T distance = residual * T.Exp(-logDerivative);
        return T.SelectLess(T.Abs(distance), T.Constant(Reach), T.Inflate(x, distance), T.Constant(double.NaN));
    }

    private static Lanes Solve(IMonotone f, Lanes y, ReadOnlySpan<Lanes> p, ref InverseStatus status)
    {
        f.Bracket(y, p, out Lanes lower, out Lanes upper);
        Vector512<double> lo = lower.Value, hi = upper.Value, one = Vector512<double>.One, zero = default;
        Vector512<double> bracketed = Finite(lo) & Finite(hi) & Finite(y.Value);
        if (!All(bracketed))
        {
            bool bad = !All(Finite(y.Value));
            status = Worst(status, bad ? InverseStatus.NotFinite : InverseStatus.NotBracketed);
        }

        // Rounding may have moved the derived ends across the root by a few ulps.
        Vector512<double> few = Vector512.Create(32 * UnitRoundoff), slack = (Vector512.Abs(lo) * few) + (Vector512.Abs(hi) * few) + few;
        lo -= slack;
        hi += slack;
        Vector512<double> x = Midpoint(lo, hi), previous = Vector512.Create(double.PositiveInfinity);
        Vector512<double> best = x, bestResidual = Vector512.Create(double.PositiveInfinity), converged = zero;
        Vector512<double> active = bracketed, idle = zero;
        for (int i = 0; i < MaxIterations && Any(active); i++)
        {
            Vector512<double> fx = f.ValueAndSlope(new Lanes(x), p, out Lanes derivative).Value;
            Vector512<double> r = fx - y.Value, size = Vector512.Abs(r);
            Vector512<double> slope = derivative.Value;
            // a slope that overflows says nothing of the tolerance: an infinite residual is not within an infinite tolerance
            Vector512<double> own = Vector512.Abs(y.Value), moved = Vector512.Abs(x) * slope;
            Vector512<double> scale = Vector512.ConditionalSelect(Finite(moved), Vector512.Max(own, moved), own);
            Vector512<double> better = active & Vector512.LessThan(size, bestResidual);
            best = Vector512.ConditionalSelect(better, x, best);
            bestResidual = Vector512.ConditionalSelect(better, size, bestResidual);
            converged |= active & Vector512.LessThanOrEqual(size, Vector512.Max(one, scale) * Vector512.Create(Tolerance));
            // Done: an ulp of y or of x away; or good, and no better than before, which is the rounding noise of f itself: once if within
            // a few ulps, three times if farther (a steep f). There is no floor under the scale here: the root of a small y is small, and
            // has digits of its own.
            idle = Vector512.ConditionalSelect(better, zero, idle + one);
            Vector512<double> near = Vector512.LessThanOrEqual(bestResidual, Vector512.Max(own, Vector512.Min(scale, one)) * Vector512.Create(32 * UnitRoundoff));
            Vector512<double> still = converged & Vector512.GreaterThanOrEqual(idle, Vector512.ConditionalSelect(near, one, Vector512.Create(3.0)));
            active = Vector512.AndNot(active, still | Vector512.LessThanOrEqual(size, scale * Vector512.Create(UnitRoundoff)));

            lo = Vector512.ConditionalSelect(active & Vector512.LessThan(r, zero), x, lo);
            hi = Vector512.ConditionalSelect(active & Vector512.GreaterThan(r, zero), x, hi);
            Vector512<double> newton = x - (r / slope), middle = Midpoint(lo, hi);
            // A Newton step is taken if it stays inside and the last step has at least halved the residual.
            Vector512<double> good = Vector512.GreaterThan(newton, lo) & Vector512.LessThan(newton, hi)
                & Vector512.LessThanOrEqual(size, previous * Vector512.Create(0.5));
            Vector512<double> next = Vector512.ConditionalSelect(good, newton, middle);
            previous = Vector512.ConditionalSelect(good, size, Vector512.Create(double.PositiveInfinity));
            Vector512<double> stuck = Vector512.Equals(next, x) | Vector512.LessThanOrEqual(hi, lo) | ~Vector512.Equals(r, r);
            active = Vector512.AndNot(active, stuck);
            x = Vector512.ConditionalSelect(active, next, x);
        }

        Vector512<double> found = bracketed & Vector512.LessThan(bestResidual, Vector512.Create(double.PositiveInfinity));
        if (!All(converged))
        {
            if (!All(found)) status = Worst(status, All(bracketed) ? InverseStatus.NotFinite : InverseStatus.NotBracketed);
            else status = Worst(status, InverseStatus.Stalled);
        }

        return new Lanes(Vector512.ConditionalSelect(converged, best, Vector512.Create(double.NaN)));
    }

    /// <summary>The worse of two.</summary>
    public static InverseStatus Worst(InverseStatus a, InverseStatus b) => a > b ? a : b;

    private static Vector512<double> Midpoint(Vector512<double> lo, Vector512<double> hi) =>
        (lo * Vector512.Create(0.5)) + (hi * Vector512.Create(0.5));

    private static Vector512<double> Finite(Vector512<double> x) =>
        Vector512.LessThanOrEqual(Vector512.Abs(x), Vector512.Create(double.MaxValue));

    private static bool Any(Vector512<double> mask) => !Vector512.EqualsAll(mask.AsInt64(), Vector512<long>.Zero);

    private static bool All(Vector512<double> mask) => Vector512.EqualsAll(mask.AsInt64(), Vector512<long>.AllBitsSet);
}
