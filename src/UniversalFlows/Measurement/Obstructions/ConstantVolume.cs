using UniversalFlows.Bijections;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>
/// N3: a volume-preserving g with |g − f| ≤ ε on a ball B of radius r about c. If f(∂B) is within ρ of q = f(c), g(B) is within ρ + ε of it, so r ≤ ρ + ε; if f(∂B) keeps the distance ρ′ from q, g has the degree of f
/// about all points nearer than ρ′ − ε, covers them, and r ≥ ρ′ − ε.
/// </summary>
internal static class ConstantVolume
{
    public static Obstruction? Of(Architecture flows, Target target, Domain domain)
    {
        if (flows.Family != FlowFamily.Nice || domain is not (Box or Ball) || domain.Dimension > 3) return null;
        int d = domain.Dimension, perAxis = d == 3 ? 3 : 7, count = 1;
        for (int i = 0; i < d; i++) count *= perAxis;
        (double Bound, Ball? Ball) best = (0, null);
        for (int n = 0; n < count; n++)
        {
            double[] c = [.. domain.Bounds.Centre];
            for (int i = 0, rest = n; i < d; i++, rest /= perAxis) c[i] += domain.Bounds.HalfWidths[i] * (((2.0 * (rest % perAxis)) / (perAxis - 1)) - 1);
            double room = Room(domain, c);
            if (!(room > 0)) continue;
            double[] q = DistanceTo.Value(target, c);
            foreach (double share in (ReadOnlySpan<double>)[1, 0.7, 0.4])
            {
                Ball ball = new(share * room, c);
                double[] rim = Boundary.Of(ball)!.Sample(d switch { 1 => 1, 2 => 65, _ => 17 }), values = new double[rim.Length];
                Evaluation.Map(target, rim, values);
                (double least, double greatest) = DistanceTo.Sampled(values, q);
                double bound = Math.Max(least - ball.Radius, ball.Radius - greatest);
                if (bound > best.Bound) best = (bound, ball);
            }
        }

        if (best.Ball is not { } chosen) return null;
        Boundary boundary = Boundary.Of(chosen)!;
        DistanceTo distance = new(target, DistanceTo.Value(target, chosen.Centre));
        double proved = Math.Max(boundary.Least(distance) - chosen.Radius, chosen.Radius - boundary.Greatest(distance));
        return new(proved, "the flow keeps volumes, the target swells or shrinks a ball");
    }

    private static double Room(Domain domain, double[] c)
    {
        if (domain is Ball ball)
        {
            double square = 0;
            for (int i = 0; i < c.Length; i++) square += (c[i] - ball.Centre[i]) * (c[i] - ball.Centre[i]);
            return ball.Radius - Math.Sqrt(square);
        }

        double room = double.PositiveInfinity;
        for (int i = 0; i < c.Length; i++) room = Math.Min(room, Math.Min(c[i] - domain.Bounds.Lower[i], domain.Bounds.Upper[i] - c[i]));
        return room;
    }
}
