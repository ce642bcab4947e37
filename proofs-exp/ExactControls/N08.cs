using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>Triangular maps.</content>
public static partial class Controls
{
    /// <summary>
    /// N8: autoregressive layers in one order compose to a triangular map; against the rotation by 90° on [−1, 1]²: exactly 1. The first output is a function of x alone, the target's is −y. The infimum is approached by
    /// (εx, x + εy).
    /// </summary>
    public static ControlResult N8(int layers = 3, ulong seed = DefaultSeed, IBijection? trainee = null)
    {
        FormulaTarget target = new("-y; x");
        Box domain = Domain.Cube(2, -1, 1);
        double proved = Obstruction.Of(new Architecture(FlowFamily.Maf, 2, 1, []), target, domain)!.Lower;

        // every other layer of twice as many has the order 0, 1
        IBijection flow = trainee ?? new Composition(2, new Architecture(FlowFamily.Maf, 2, 2 * layers, [8]).Initialise(seed).Parts.Where((_, l) => l % 2 == 0));
        Train(flow, target, domain, 50, 128, seed);
        const double Small = 1e-6;
        (double lower, double upper) = Prove(Layers.Triangular([0, 1], [Small, Small], 1), target, domain, 1e-6);
        Composition twin = new(2, AlternatingLayers.Factor([0, -1, 1, 0])!.Select(l =>
            Layers.Triangular([1 - l.Active, l.Active], [1, l.Factor], l.Shift)));
        return new ControlResult
        {
            Id = "N8",
            Setting = Count(layers, "layer"),
            Class = "autoregressive layers in one order",
            Target = "rotation by 90° on [−1, 1]²",
            Why = "the first output sees the first coordinate alone",
            Quantities =
            [
                new("sup", HalfRange(), "half of the range of −y at fixed x", proved, "half-distances of values at points that agree in x", 1e-5)
                {
                    Trained = Sup(flow, target, domain),
                    TrainedBy = $"Levenberg–Marquardt, {Count(layers, "masked autoregressive layer")}",
                    WitnessLower = lower,
                    WitnessUpper = upper,
                    WitnessBy = "(εx, x + εy), ε = 10⁻⁶, proved: the infimum is approached",
                    Twin = Prove(twin, target, domain).Upper,
                    TwinAtMost = 1e-9,
                    TwinBy = "three layers in alternating orders, proved",
                },
            ],
        };

        double HalfRange() => 0.5 * (domain.Upper[1] - domain.Lower[1]);
    }
}
