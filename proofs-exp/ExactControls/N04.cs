using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>Orientation.</content>
public static partial class Controls
{
    /// <summary>
    /// N4: flows that keep orientation (couplings with positive scales, planar, residual layers) against a reflection or a swap of the closed unit ball: inf sup = 1. If |g − f| &lt; 1 there, (1 − t)f + tg has no zero on the sphere,
    /// where |f| = 1, and g would have degree −1 about 0. In one dimension also inf ‖g − f‖₂ = √(2/3) on [−1, 1]: constants are best among increasing functions.
    /// </summary>
    public static ControlResult N4(FlowFamily family = FlowFamily.Acf, int dimension = 2, bool swap = false, ulong seed = DefaultSeed, IBijection? trainee = null)
    {
        int d = dimension;
        Target target = swap ? new FormulaTarget("y; x") : TargetParser.Parse($"reflection({d})");
        Ball domain = new(1, d);
        double[] matrix = new double[d * d], inverse = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            int image = swap ? 1 - i : i;
            matrix[(image * d) + i] = i == d - 1 && !swap ? -1 : 1;
        }

        if (!SmallMatrix.Invert(matrix, d, inverse)) throw new InvalidOperationException("a reflection is invertible");
        // a swap is a reflection in the diagonal, so that its tag of orientation is not known to a formula: the bound is that of the reflection
        double proved = Obstruction.Of(new Architecture(family, d, 1, []), TargetParser.Parse($"reflection({d})"), domain)!.Lower;

        Architecture architecture = new(family, d, family == FlowFamily.Planar ? 6 : 4, [8], Reach: 1.5);
        IBijection flow = trainee ?? architecture.Initialise(seed);
        Train(flow, target, domain, d switch { 1 => 200, 2 => 50, _ => 30 }, d == 3 ? 64 : 128, seed);
        (double lower, double upper)? witness = swap ? null : Prove(Flattening(family, d), target, domain, 1e-5);

        List<ControlQuantity> quantities =
        [
            new("sup", 1 / SmallMatrix.OperatorNorm(inverse, d), "least |f| on the sphere: the smallest singular value of f", proved, "degree about 0, |f| on the sphere enclosed by intervals", 1e-3)
            {
                CrossTolerance = d == 3 ? 1e-3 : 1e-5,
                Trained = Sup(flow, target, domain),
                TrainedBy = $"Levenberg–Marquardt, {Count(architecture.Depth, "layer")}",
                WitnessLower = witness?.lower,
                WitnessUpper = witness?.upper,
                WitnessBy = witness is null ? "" : "the last coordinate squeezed to 10⁻⁴ of itself, proved: the infimum is approached",
                Twin = Mirrored(target, domain, swap),
                TwinAtMost = 1e-9,
                TwinBy = d == 2 && !swap ? "one padded dimension and four affine couplings, proved" : "a linear layer with det < 0, proved",
            },
        ];
        if (d == 1)
        {
            double half = 0;
            (double[] nodes, double[] weights) = GaussLegendre.Composite(-1, 1, 8, 4);
            for (int n = 0; n < nodes.Length; n++) half += weights[n] * nodes[n] * nodes[n];
            double l2 = MapErrors.Estimate(flow, target, domain, MapErrorOptions.Default with { C1 = false }).L2;
            quantities.Add(new("L2", Math.Sqrt(2.0 / 3), "√(2/3), the norm of x: increasing functions are no nearer to −x than 0", Math.Sqrt(half), "Gauss–Legendre", 2e-3)
            {
                Trained = l2,
                TrainedBy = "the same flow",
                WitnessLower = l2,
                WitnessUpper = l2,
                WitnessBy = "the trained flow, nearly flat",
            });
        }

        return new ControlResult
        {
            Id = "N4",
            Setting = $"{(swap ? "swap" : "reflection")}, d = {d}, {family.ToString().ToLowerInvariant()}",
            Class = $"{FlowFamilies.Of(family).What.Split(':')[0]} layers, orientation kept",
            Target = swap ? "(x, y) ↦ (y, x) on the unit disc" : d == 1 ? "−x on [−1, 1]" : $"reflection of the unit ball of R{Up(d)}",
            Why = "the degree of a map that keeps orientation is not −1",
            Quantities = quantities,
        };
    }

    /// <summary>The last coordinate times 10⁻⁴, by a member of the family.</summary>
    private static Composition Flattening(FlowFamily family, int d)
    {
        const double Factor = 1e-4;
        double[] diagonal = new double[d];
        diagonal[^1] = -10;
        return family switch
        {
            FlowFamily.Residual => new Composition(d, Enumerable.Repeat(Layers.LinearResidual(0.9, diagonal), 4)),
            FlowFamily.Planar => new Composition(d, [Layers.PlanarScale(d, d - 1, Factor, 1e-3)]),
            _ => new Composition(d, [Layers.Scale(d, d - 1, Factor)]),
        };
    }

    /// <summary>Outside the class: for the plane, −I of the last coordinate and a padded one by four affine couplings; else a linear layer.</summary>
    private static double Mirrored(Target target, Ball domain, bool swap)
    {
        int d = domain.Dimension;
        if (d == 2 && !swap)
        {
            Composition turn = new(3, AlternatingLayers.Factor([-1, 0, 0, -1])!.Select(l => Layers.Shear(3, 1 + l.Active, 2 - l.Active, l.Shift, l.Factor)));
            return Prove(new Padded(turn, 2), target, domain, polar: false).Upper;
        }

        double[] matrix = new double[d * d];
        for (int i = 0; i < d; i++) matrix[((swap ? 1 - i : i) * d) + i] = i == d - 1 && !swap ? -1 : 1;
        return Prove(new Linear(matrix, new double[d]), target, domain, polar: false).Upper;
    }
}
