using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>
/// N9: M residual layers with Lip ≤ κ stretch distances by (1 + κ)^M at most and by (1 − κ)^M at least. Two points whose images under f are at a distance beyond that leave half of the excess as the error.
/// </summary>
internal static class LipschitzBounds
{
    private const int Points = 384;

    public static Obstruction? Of(Architecture flows, Target target, Domain domain)
    {
        if (flows.Family != FlowFamily.Residual) return null;
        int d = flows.Dimension;
        double most = Functions.Power(new Real(1 + flows.Lipschitz), flows.Depth).Value, least = Functions.Power(new Real(1 - flows.Lipschitz), flows.Depth).Value;
        double[] points = Pairs(domain), values = new double[points.Length];
        Evaluation.Map(target, points, values);
        double bound = 0;
        int count = points.Length / d;
        for (int a = 0; a < count; a++)
        {
            for (int b = a + 1; b < count; b++)
            {
                double x = Distance(points, a, b, d), y = Distance(values, a, b, d);
                bound = Math.Max(bound, 0.5 * Math.Max(y - (most * x), (least * x) - y));
            }
        }

        return new(bound, $"{flows.Depth} residual layer{(flows.Depth == 1 ? "" : "s")} with Lipschitz constant {flows.Lipschitz:0.##} stretch distances at most {most:0.###} and at least {least:0.###} times");
    }

    /// <summary>Points of K, and with each the points of the boundary on both sides of the middle.</summary>
    private static double[] Pairs(Domain domain)
    {
        int d = domain.Dimension;
        IReadOnlyList<double> centre = domain.Bounds.Centre;
        LowDiscrepancy sequence = new(d, seed: 0, "pairs");
        double[] points = new double[3 * Points * d];
        for (int n = 0; n < Points; n++)
        {
            Span<double> x = points.AsSpan(3 * n * d, d);
            sequence.Point((uint)n, x);
            domain.FromUnitCube(x, x);
            for (int side = 1; side <= 2; side++)
            {
                Span<double> rim = points.AsSpan(((3 * n) + side) * d, d);
                for (int i = 0; i < d; i++) rim[i] = centre[i] + ((side == 1 ? 1e3 : -1e3) * (x[i] - centre[i]));
                domain.Project(rim);
            }
        }

        return points;
    }

    private static double Distance(double[] rows, int a, int b, int d)
    {
        double sum = 0;
        for (int i = 0; i < d; i++) sum += (rows[(a * d) + i] - rows[(b * d) + i]) * (rows[(a * d) + i] - rows[(b * d) + i]);
        return Math.Sqrt(sum);
    }
}
