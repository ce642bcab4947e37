using UniversalFlows.Targets;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>
/// N4: every flow of the families here keeps orientation. If f reverses it and |g − f| &lt; m = min over ∂K of |f − f(p)| on K, then (1 − t)f + tg never meets f(p) on ∂K, so g has the degree −1 of f
/// about f(p); but an orientation-preserving injective map has degree 0 or 1. Hence sup |g − f| ≥ m, for every p inside K.
/// </summary>
internal static class Orientation
{
    private const int Zooms = 8;

    public static Obstruction? Of(Target target, Domain domain)
    {
        if (target.Orientation != -1 || Boundary.Of(domain) is not { } boundary) return null;
        int d = domain.Dimension, perAxis = d == 3 ? 5 : 9, count = 1;
        for (int i = 0; i < d; i++) count *= perAxis;
        double[] rim = boundary.Sample(d switch { 1 => 1, 2 => 129, _ => 24 }), values = new double[rim.Length];
        Evaluation.Map(target, rim, values);
        double[] centre = [.. domain.Bounds.Centre], half = [.. domain.Bounds.HalfWidths], best = centre;
        double most = -1;
        for (int zoom = 0; zoom < Zooms; zoom++)
        {
            double[] about = best;
            for (int n = 0; n < count; n++)
            {
                double[] p = new double[d];
                for (int i = 0, rest = n; i < d; i++, rest /= perAxis) p[i] = about[i] + (half[i] * (((2.0 * (rest % perAxis)) / (perAxis - 1)) - 1));
                if (!domain.Contains(p)) continue;
                double least = DistanceTo.Sampled(values, DistanceTo.Value(target, p)).Least;
                // the middle wins ties: a point that is as good and nearer to it is not looked for
                if (least > most * (1 + 1e-12)) (most, best) = (least, p);
            }

            for (int i = 0; i < d; i++) half[i] *= 0.4;
        }

        double proved = boundary.Least(new DistanceTo(target, DistanceTo.Value(target, best)));
        return new(proved, "the flow keeps orientation, the target reverses it: the degree about an inner point forbids a smaller error");
    }
}
