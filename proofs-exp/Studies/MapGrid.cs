using UniversalFlows.Bijections;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>The grids of fits to maps: families × targets × depths × seeds, one size a profile.</summary>
public static class MapGrid
{
    /// <summary>The study of error against depth.</summary>
    public const string Maps = "maps";

    /// <summary>The study of optimisers at equal time.</summary>
    public const string Optimisers = "optimisers";

    /// <summary>The study of conditioners: widths, activations, equal numbers of parameters.</summary>
    public const string Conditioners = "conditioners";

    private static readonly FlowFamily[] Four = [FlowFamily.Acf, FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Rqs];

    /// <summary>
    /// The study <c>maps</c>. In the larger profiles every fit is refined towards the minimax one, and each point of the grid is fitted once by Adam in about the same time: where both optimisers and
    /// the best three seeds agree, the curve shows what the architecture can do, elsewhere what the optimiser missed.
    /// </summary>
    public static IEnumerable<MapTask> ErrorAgainstDepth(string profile, ulong seed) => profile switch
    {
        "quick" =>
        [
            .. Grid(["sine", "generic", "twist"], Four, [1, 2, 4, 8], seed, 2, new(200, 192, 0, 0)),
            .. Grid(["coupled-sines-3d"], Four, [1, 2, 4, 8], seed, 2, new(150, 128, 0, 0)),
        ],
        "standard" =>
        [
            .. Grid(["sine"], [.. Four, FlowFamily.Nice], [1, 2, 4, 8], seed, 3, new(200, 128, 100, 1500)),
            .. Grid(["generic", "twist"], Four, [1, 2, 4, 6, 8, 12, 16], seed, 3, new(300, 256, 60, 3000)),
            .. Grid(["generic", "twist"], [FlowFamily.Nice], [2, 4, 8, 16], seed, 3, new(300, 256, 60, 3000)),
            .. Grid(["coupled-sines-3d"], [.. Four, FlowFamily.Nice], [1, 2, 4, 6, 8, 12], seed, 3, new(200, 128, 60, 2000)),
            .. Grid(["cyclic(4)"], [FlowFamily.Acf, FlowFamily.Rqs, FlowFamily.Nice], [2, 4, 8, 12], seed, 3, new(200, 128, 60, 2000)),
            .. Grid(["gradient-tanh(8)"], [FlowFamily.Acf, FlowFamily.Rqs], [2, 4, 8], seed, 3, new(150, 128, 0, 2000)),
        ],
        _ =>
        [
            .. Grid(["sine", "cubic", "sinh"], [.. Four, FlowFamily.Nice], [1, 2, 4, 8], seed, 10, new(400, 128, 100, 2500)),
            .. Grid(["generic", "twist", "henon", "quadratic-complex", "moebius"], [.. Four, FlowFamily.Nice], [1, 2, 4, 6, 8, 12, 16], seed, 10, new(500, 256, 100, 5000)),
            .. Grid(["coupled-sines-3d", "helix"], [.. Four, FlowFamily.Nice], [1, 2, 4, 6, 8, 12], seed, 10, new(400, 128, 80, 4000)),
            .. Grid(["cyclic(4)"], Four, [2, 4, 8, 12, 16], seed, 10, new(300, 128, 60, 3000)),
            .. Grid(["gradient-tanh(8)", "cyclic(8)"], [FlowFamily.Acf, FlowFamily.Rqs], [2, 4, 8, 16], seed, 10, new(150, 128, 0, 2000)),
        ],
    };

    /// <summary>
    /// The study <c>optimisers</c>: affine couplings and the twist by Levenberg–Marquardt, by Adam at six learning rates and by L-BFGS, with steps that take about the same time; the ratio of
    /// times is in the timing files.
    /// </summary>
    public static IEnumerable<MapTask> OptimisersAtEqualTime(string profile, ulong seed)
    {
        (int Depth, int Lm, int Starts, int Adam, int Lbfgs)[] rows = profile == "quick" ? [] : [(2, 400, 4, 6000, 400), (4, 600, 4, 10500, 560), (6, 1000, 8, 21000, 1250), (8, 1400, 8, 25000, 1400), (12, 3600, 8, 62000, 4400)];
        foreach ((int depth, int lm, int starts, int adam, int lbfgs) in rows)
        {
            MapSettings common = Settings(Zoo("twist"), FlowFamily.Acf, depth, seed);
            for (ulong s = seed; s < seed + 5; s++) yield return Task(common with { Steps = lm, Starts = starts, Seed = s });
            foreach (double rate in (double[])[3e-4, 1e-3, 2e-3, 4e-3, 8e-3, 1.6e-2]) yield return Task(common with { Method = MapSettings.Adam, Steps = adam, Points = 512, Rate = rate });
            yield return Task(common with { Method = MapSettings.Lbfgs, Steps = lbfgs, Points = MapSettings.FixedPoints });
        }

        static MapTask Task(MapSettings settings) => new(settings, Optimisers);
    }

    /// <summary>The study <c>conditioners</c>: widths and activations at fixed depth, and the families at equal numbers of parameters.</summary>
    public static IEnumerable<MapTask> WidthsAndActivations(string profile, ulong seed)
    {
        if (profile == "quick") yield break;
        int seeds = profile == "standard" ? 3 : 10;
        Target twist = Zoo("twist");
        for (ulong s = seed; s < seed + (ulong)seeds; s++)
        {
            foreach (int depth in (int[])[4, 8])
            {
                foreach (int[] hidden in (int[][])[[4, 4], [8, 8], [16, 16], [64], [64, 64]]) yield return Task(Settings(twist, FlowFamily.Acf, depth, s) with { Hidden = hidden, Steps = 200 });
                foreach (Activation activation in (Activation[])[Activation.ReLU, Activation.SiLU]) yield return Task(Settings(twist, FlowFamily.Acf, depth, s) with { Activation = activation, Steps = 200 });
            }

            // the number of parameters of a family grows with its transformer's raw outputs, so its networks are narrower
            foreach (string name in (string[])["generic", "twist"])
                foreach (FlowFamily family in Four)
                    foreach (int parameters in (int[])[2000, 8000]) yield return Task(Settings(Zoo(name), family, 6, s) with { Hidden = Matched(family, 2, 6, parameters), Steps = 200 });
        }

        static MapTask Task(MapSettings settings) => new(settings, Conditioners);
    }

    /// <summary>Two equal hidden layers with which a flow of the family comes nearest to so many parameters.</summary>
    public static int[] Matched(FlowFamily family, int dimension, int depth, int parameters)
    {
        int best = 1, distance = int.MaxValue;
        for (int width = 1; width <= 256; width++)
        {
            int count = new Architecture(family, dimension, depth, [width, width]).Initialise(1).Parameters.Sum(p => p.Count);
            if (Math.Abs(count - parameters) < distance) (best, distance) = (width, Math.Abs(count - parameters));
            if (count > parameters) break;
        }

        return [best, best];
    }

    private sealed record Effort(int Steps, int Points, int Minimax, int AdamSteps);

    private static IEnumerable<MapTask> Grid(string[] targets, FlowFamily[] families, int[] depths, ulong seed, int seeds, Effort effort)
    {
        foreach (string name in targets)
        {
            Target target = Zoo(name);
            // the quick profile has smaller conditioners
            int[] hidden = effort.AdamSteps == 0 ? [16, 16] : [32, 32];
            foreach (FlowFamily family in families)
            {
                foreach (int depth in depths)
                {
                    MapSettings settings = Settings(target, family, depth, seed) with { Hidden = hidden, Steps = effort.Steps, Points = effort.Points };
                    for (ulong s = seed; s < seed + (ulong)seeds; s++) yield return new MapTask(settings with { Seed = s, Minimax = effort.Minimax });
                    if (effort.AdamSteps > 0) yield return new MapTask(settings with { Method = MapSettings.Adam, Steps = effort.AdamSteps, Points = 512 });
                }
            }
        }
    }

    private static MapSettings Settings(Target target, FlowFamily family, int depth, ulong seed) =>
        new() { Target = target, Domain = target.DefaultDomain, Family = family, Depth = depth, Seed = seed, Steps = MapSettings.DefaultSteps };

    private static Target Zoo(string name) => TargetParser.Parse(name);
}
