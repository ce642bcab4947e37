using UniversalFlows.Bijections;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>N8: one autoregressive layer is triangular: output k is a function of x_0, …, x_k alone. Two points that agree in these have values of f_k that no such function fits better than half their distance.</summary>
internal static class OneOrder
{
    public static Obstruction? Of(Architecture flows, Target target, Domain domain)
    {
        int d = flows.Dimension;
        if (flows.Family is not (FlowFamily.Maf or FlowFamily.Naf) || flows.Depth != 1 || d is < 2 or > 3) return null;
        int perAxis = d == 2 ? 65 : 17, count = 1;
        for (int i = 0; i < d; i++) count *= perAxis;
        double[] points = new double[count * d], values = new double[count * d];
        for (int n = 0; n < count; n++)
        {
            for (int i = d - 1, rest = n; i >= 0; i--, rest /= perAxis)
            {
                double t = (rest % perAxis) / (double)(perAxis - 1);
                points[(n * d) + i] = (domain.Bounds.Lower[i] * (1 - t)) + (domain.Bounds.Upper[i] * t);
            }
        }

        Evaluation.Map(target, points, values);
        double bound = 0;
        for (int k = 0, run = count / perAxis; k < d - 1; k++, run /= perAxis)
        {
            // points are sorted by their first coordinates: runs of the same x_0, …, x_k
            for (int first = 0; first < count; first += run)
            {
                (double least, double greatest) = (double.PositiveInfinity, double.NegativeInfinity);
                for (int n = first; n < first + run; n++)
                {
                    if (!domain.Contains(points.AsSpan(n * d, d))) continue;
                    (least, greatest) = (Math.Min(least, values[(n * d) + k]), Math.Max(greatest, values[(n * d) + k]));
                }

                bound = Math.Max(bound, 0.5 * (greatest - least));
            }
        }

        return new(bound, "one autoregressive layer is triangular: its outputs do not see the later coordinates");
    }
}
