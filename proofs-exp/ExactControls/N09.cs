using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>Lipschitz constants against depth.</content>
public static partial class Controls
{
    /// <summary>
    /// N9: M residual layers with Lip g ≤ κ against x ↦ sx on the unit ball, s &gt; 1: exactly max(0, s − (1 + κ)^M), reached by linear layers. The flow stretches distances by (1 + κ)^M at most: |g(v) − g(−v)| ≤ 2(1 + κ)^M.
    /// </summary>
    public static ControlResult N9(int layers = 2, double lipschitz = 0.5, double scale = 4, ulong seed = DefaultSeed, IBijection? trainee = null)
    {
        const int D = 2;
        Target target = TargetParser.Parse($"scaling({scale:R},{D})");
        Ball domain = new(1, D);
        Architecture architecture = new(FlowFamily.Residual, D, layers, [8]) { Lipschitz = lipschitz };
        double reach = Layers.Power(1 + lipschitz, layers), exact = Math.Max(0, scale - reach);
        double proved = Obstruction.Of(architecture, target, domain)?.Lower ?? 0;

        IBijection flow = trainee ?? architecture.Initialise(seed);
        Train(flow, target, domain, 80, 128, seed);
        // as much as κ allows, or the M-th root of s where that is less
        (double lower, double upper) = Prove(Stretch(layers, lipschitz, scale), target, domain, 1e-6, polar: exact > 0);
        int enough = 1;
        while (Layers.Power(1 + lipschitz, enough) < scale) enough++;
        return new ControlResult
        {
            Id = "N9",
            Setting = $"M = {layers}, κ = {lipschitz:R}, s = {scale:R}",
            Class = $"{Count(layers, "residual layer")}, Lip g ≤ {lipschitz:R}",
            Target = $"{scale:R}x on the unit disc",
            Why = "distances are stretched (1 + κ)^M times at most",
            Quantities =
            [
                new("sup", exact, "max(0, s − (1 + κ)^M)", proved, "half of the excess of |f(x) − f(y)| over (1 + κ)^M|x − y| at pairs of points", 1e-5)
                {
                    CrossTolerance = 1e-6,
                    Trained = Sup(flow, target, domain),
                    TrainedBy = "Levenberg–Marquardt, 80 steps, 8 tanh units",
                    WitnessLower = lower,
                    WitnessUpper = upper,
                    WitnessBy = "linear layers, proved",
                    Twin = Prove(Stretch(enough, lipschitz, scale), target, domain, polar: false).Upper,
                    TwinAtMost = 1e-9,
                    TwinBy = $"{Count(enough, "linear layer")}: (1 + κ)^M ≥ s, proved",
                },
            ],
            Points = [new("error against depth", layers, exact, Sup(flow, target, domain)), new("linear layers", layers, exact, upper)],
        };
    }

    /// <summary>M linear residual layers with product min(s, (1 + κ)^M).</summary>
    private static Composition Stretch(int layers, double lipschitz, double scale)
    {
        double each = Layers.Power(1 + lipschitz, layers) <= scale ? 10 : Layers.Exp(Layers.Log(scale) / layers) - 1;
        return new Composition(2, Enumerable.Range(0, layers).Select(_ => Layers.LinearResidual(lipschitz, each, each)));
    }
}
