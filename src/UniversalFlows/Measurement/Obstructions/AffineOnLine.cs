using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>N1: in one dimension affine and additive layers of any number compose to one increasing affine map, or to one shift.</summary>
internal static class AffineOnLine
{
    public static Obstruction? Of(Architecture flows, Target target, Domain domain)
    {
        if (flows.Dimension != 1 || domain is not (Box or Ball) || flows.Family is not (FlowFamily.Acf or FlowFamily.Maf or FlowFamily.Nice)) return null;
        double lower = domain.Bounds.Lower[0], upper = domain.Bounds.Upper[0];
        double F(double x)
        {
            Span<Real> y = [new(x)];
            target.Map(y);
            return y[0].Value;
        }

        if (flows.Family == FlowFamily.Nice)
        {
            // x + t: half the range of f(x) − x, at two points
            (double least, double greatest) = (double.PositiveInfinity, double.NegativeInfinity);
            const int Points = 4001;
            for (int i = 0; i < Points; i++)
            {
                double t = i / (double)(Points - 1), x = (lower * (1 - t)) + (upper * t), e = F(x) - x;
                (least, greatest) = (Math.Min(least, e), Math.Max(greatest, e));
            }

            return new(0.5 * (greatest - least), "additive couplings of the line compose to one shift x + t");
        }

        BestAffine best = BestAffine.Of(F, lower, upper);
        return best.Slope > 0 ? new(best.Lower, "affine couplings of the line compose to one affine map, however many there are") : null;
    }
}
