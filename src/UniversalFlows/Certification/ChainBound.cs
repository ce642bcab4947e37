using System.Runtime.Intrinsics;
using UniversalFlows.Bijections;
using UniversalFlows.Scalars;

namespace UniversalFlows.Certification;

/// <summary>
/// A deep composition g = g_n∘…∘g_1 over boxes, without the wrapping effect. Where each coordinate has a remainder of its own, a rotation by a small angle θ stretches them by cos θ + sin θ,
/// a hundred by θ = 0.1 in all by (cos θ + sin θ)¹⁰⁰ ≈ 9·10³. Here the state is x̂ + e with one Euclidean bound |e| ≤ ρ: after a part it is g_k(x̂) + (g_k(x̂ + e) − g_k(x̂)), and by the mean value theorem
/// ρ ← sup|Dg_k|·ρ + |what the Taylor models of g_k(x̂) truncate and round off|, sup|Dg_k| the spectral norm over the hull of x̂ + e. A rotation leaves ρ alone.
/// </summary>
/// <remarks>
/// Parts are continuous and piecewise C¹: a comparison that is left open encloses the derivatives of both branches, hence Clarke's generalised derivative.
/// Source: the error propagation of the telescoped proof, Teshima et al. 2020, with the exact layer in place of the approximating one; the wrapping effect: Lohner 1987.
/// </remarks>
internal static class ChainBound
{
    /// <summary>Linear parts from which on a composition is read so: with fewer the wrapping costs less than the derivatives.</summary>
    public const int ManyRotations = 24;

    /// <summary>sup|Dg| over x̂ + e, |e| ≤ ρ, of a part g.</summary>
    internal delegate Lanes SlopeBound(IBijection part, ReadOnlySpan<TaylorModel> x, Lanes radius);

    /// <summary>Whether a flow is long enough for this.</summary>
    public static bool Suits(IMap map) => map is Composition flow && Flatten(flow).Count(p => p is Linear) >= ManyRotations;

    /// <summary>x ← g(x).</summary>
    public static void Map(Composition flow, Span<TaylorModel> x) => Map(flow, x, Slope);

    /// <summary>The same with another bound of the slopes.</summary>
    internal static void Map(Composition flow, Span<TaylorModel> x, SlopeBound slopes)
    {
        TaylorArena arena = TaylorArena.Current;
        Lanes radius = Strip(arena, x, default);
        foreach (IBijection part in Flatten(flow))
        {
            Lanes slope = slopes(part, x, radius);
            part.Map(x);
            radius = Strip(arena, x, slope * radius);
            arena.Keep(x);
        }

        Interval error = Interval.Between(-radius, radius);
        for (int i = 0; i < x.Length; i++) x[i] += arena.Constant(error);
    }

    /// <summary>Takes the remainders off; returns their Euclidean norm plus what there was, rounded upwards.</summary>
    private static Lanes Strip(TaylorArena arena, Span<TaylorModel> x, Lanes before)
    {
        Vector512<double> sum = default;
        for (int i = 0; i < x.Length; i++)
        {
            Vector512<double> r = arena.Remainder(x[i]).Value;
            sum = Vector512.FusedMultiplyAdd(r, r, sum);
            x[i] = TaylorModel.Nominal(x[i]);
        }

        // 1e-150: remainders whose squares are lost below the range of numbers
        return new(((Vector512.Sqrt(sum) + before.Value) * Vector512.Create(1 + 1e-14)) + Vector512.Create(1e-150));
    }

    /// <summary>An upper bound of the spectral norm of Dg over x̂ + e, |e| ≤ ρ.</summary>
    private static Lanes Slope(IBijection part, ReadOnlySpan<TaylorModel> x, Lanes radius)
    {
        TaylorArena arena = TaylorArena.Current;
        int d = x.Length;
        Interval[] jacobian = new Interval[d * d];
        if (part is Linear linear)
        {
            ReadOnlySpan<double> matrix = linear.Matrix;
            for (int k = 0; k < jacobian.Length; k++) jacobian[k] = Interval.Constant(matrix[k]);
            return MatrixBounds.QuickNormAtMost(jacobian, d);
        }

        Span<Dual<TaylorModel>> y = stackalloc Dual<TaylorModel>[d];
        TaylorModel error = arena.Constant(Interval.Between(-radius, radius));
        for (int j = 0; j < d; j++)
        {
            for (int i = 0; i < d; i++) y[i] = new(x[i] + error, TaylorModel.Constant(i == j ? 1 : 0));
            part.Map(y);
            for (int i = 0; i < d; i++) jacobian[(i * d) + j] = arena.Range(y[i].Tangent);
        }

        return MatrixBounds.QuickNormAtMost(jacobian, d);
    }

    internal static IEnumerable<IBijection> Flatten(Composition flow) => flow.Parts.SelectMany(p => p is Composition inner ? Flatten(inner) : [p]);
}
