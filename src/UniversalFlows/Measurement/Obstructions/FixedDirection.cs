using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>
/// N7: planar layers (Sylvester layers) with fewer than d hidden units in all have a unit vector v orthogonal to everything they see, and g(x + τv) = g(x) + τv. Hence sup |g − f| ≥ ½|f(c + rv) − f(c − rv) − 2rv|
/// for a ball of radius r about c in K, at least its minimum over all v.
/// </summary>
internal static class FixedDirection
{
    public static Obstruction? Of(Architecture flows, Target target, Domain domain)
    {
        int d = flows.Dimension;
        int units = flows.Family switch { FlowFamily.Planar => 1, FlowFamily.Sylvester => Math.Min(flows.Rank ?? d, d), _ => d };
        if (flows.Depth == 0 || flows.Depth * units >= d || domain is not (Box or Ball) || d > 3) return null;
        double[] centre = [.. domain.Bounds.Centre];
        Ball ball = new(domain.Bounds.HalfWidths.Min(), centre);
        double proved = Boundary.Of(ball)!.Least(new Chord(target, centre));
        return new(proved, $"{flows.Depth * units} hidden unit{(flows.Depth * units == 1 ? "" : "s")} in R^{d} leave a direction v alone: g(x + v) = g(x) + v");
    }

    /// <summary>¼|f(x) − f(2c − x) − 2(x − c)|².</summary>
    private sealed class Chord(IMap f, double[] c) : IBoundaryFunction
    {
        public T Square<T>(ReadOnlySpan<T> x) where T : unmanaged, IScalar<T>
        {
            int d = x.Length;
            using Scratch<T> scratch = new(2 * d);
            Span<T> there = scratch.Take(d), back = scratch.Take(d);
            x.CopyTo(there);
            for (int i = 0; i < d; i++) back[i] = (2 * c[i]) - x[i];
            f.Map(there);
            f.Map(back);
            T sum = T.Constant(0);
            for (int i = 0; i < d; i++)
            {
                T r = there[i] - back[i] - (2 * (x[i] - c[i]));
                sum += r * r;
            }

            return 0.25 * sum;
        }
    }
}
