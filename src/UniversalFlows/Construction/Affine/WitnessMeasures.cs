using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// What a flow of affine couplings costs besides its depth, measured on an even grid of K: estimates from below of suprema. ‖·‖ is the operator norm, g_j = Ψ_j∘…∘Ψ_1 the flow after j layers.
/// </summary>
/// <param name="Quantities">For the witness.</param>
/// <param name="Rounding">ε_mach·Σ_j |g_j|·‖D(what follows layer j)‖.</param>
internal sealed record WitnessMeasures(IReadOnlyList<Quantity> Quantities, double Rounding)
{
    private const double MachineEpsilon = 2.220446049250313e-16;

    public static WitnessMeasures Of(Composition flow, IMap target, Domain domain)
    {
        int d = flow.Dimension, couplings = flow.Parts.Count(p => p is Coupling);
        double[] points = PointSet.Even(domain, d == 2 ? 21 : 7);
        int count = points.Length / d, layers = flow.Parts.Count;
        double c1 = 0, forward = 0, backward = 0, transient = 0, worst = 0, rounding = 0;
        double[][] steps = new double[layers][], states = new double[layers + 1][];
        states[0] = points;
        for (int l = 0; l < layers; l++)
        {
            steps[l] = PointSet.Jacobians(flow.Parts[l], states[l]);
            states[l + 1] = PointSet.Map(flow.Parts[l], states[l]);
        }

        double[] exact = PointSet.Jacobians(target, points), product = new double[d * d], next = new double[d * d], inverse = new double[d * d];
        for (int n = 0; n < count; n++)
        {
            double own = 0;
            for (int l = layers; l >= 0; l--)
            {
                // D of what follows layer l, and the size of what it acts on
                if (l == layers) for (int i = 0; i < d * d; i++) product[i] = i % (d + 1) == 0 ? 1 : 0;
                else
                {
                    ReadOnlySpan<double> step = steps[l].AsSpan(n * d * d, d * d);
                    SmallMatrix.Multiply(product, step, d, next);
                    next.CopyTo(product, 0);
                    if (SmallMatrix.Invert(step, d, inverse)) worst = Math.Max(worst, SmallMatrix.OperatorNorm(step, d) * SmallMatrix.OperatorNorm(inverse, d));
                    else worst = double.PositiveInfinity;
                }

                double square = 0, stretch = SmallMatrix.OperatorNorm(product, d);
                for (int i = 0; i < d; i++) square = Math.FusedMultiplyAdd(states[l][(n * d) + i], states[l][(n * d) + i], square);
                own += Math.Sqrt(square) * stretch;
                transient = Math.Max(transient, stretch);
            }

            rounding = Math.Max(rounding, own);
            forward = Math.Max(forward, SmallMatrix.OperatorNorm(product, d));
            backward = SmallMatrix.Invert(product, d, inverse) ? Math.Max(backward, SmallMatrix.OperatorNorm(inverse, d)) : double.PositiveInfinity;
            for (int i = 0; i < d * d; i++) product[i] -= exact[(n * d * d) + i];
            c1 = Math.Max(c1, SmallMatrix.OperatorNorm(product, d));
        }

        double largest = flow.Parameters.Aggregate(0.0, (m, p) => p.All.ToArray().Aggregate(m, (k, v) => Math.Max(k, Math.Abs(v))));
        foreach (Linear linear in flow.Parts.OfType<Linear>())
            foreach (double v in (ReadOnlySpan<double>)[.. linear.Matrix, .. linear.Shift]) largest = Math.Max(largest, Math.Abs(v));
        return new WitnessMeasures(
        [
            new("affineCouplings", "affine couplings", couplings), new("linearMaps", "linear maps between them", layers - couplings),
            new("c1Error", "sup |Df - Dg|", c1), new("largestWeight", "the largest number in a layer", largest),
            new("lipschitz", "sup |Dg|", forward), new("inverseLipschitz", "sup |(Dg)^-1|", backward),
            new("rest", "the largest stretch |D| of what follows a layer", transient), new("condition", "the largest condition number |D| |D^-1| of a layer", worst),
        ], MachineEpsilon * rounding);
    }
}
