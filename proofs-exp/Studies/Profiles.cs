using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>The grids of the studies, by profile.</summary>
public static class Profiles
{
    private static readonly FlowFamily[] Families = [FlowFamily.Acf, FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Rqs];

    private static readonly string[] MapTargets = ["sine", "generic", "twist", "coupled-sines-3d"];

    /// <summary>The profiles that exist.</summary>
    public static IReadOnlyList<string> Names { get; } = ["quick", "standard", "paper"];

    /// <summary>The studies that exist.</summary>
    public static IReadOnlyList<(string Name, string What)> Studies { get; } =
    [
        (MapGrid.Maps, "error against depth: families fitted to C² diffeomorphisms of R to R⁸"),
        (MapGrid.Optimisers, "what optimisers reach in the same time; not in the quick profile"),
        (MapGrid.Conditioners, "widths and activations of conditioners, families at equal numbers of parameters; not in the quick profile"),
        ("laws", "KL against depth: the families fitted to two moons and eight Gaussians by maximum likelihood"),
        (ConstructionSummary.StudyName, "flows that the proof constructs, without training, from the targets of the study maps"),
        (RateTask.StudyName, "error of constructed flows against the degree, the size and the number of their layers, everything else fixed"),
        (LawConstructionTask.StudyName, "laws, with and without densities, compiled to flows by Knothe-Rosenblatt maps: bounds of the bounded-Lipschitz distance against the error asked for"),
        (AffineTask.StudyName, "affine coupling flows from proofs: Lp by cells and by specks, sup by overshears and by Hénon-like layers; rates, exceptional sets, costs"),
        (ControlsResult.StudyName, "controls with exact answers: what a class of flows cannot do, by how much, and who reaches it"),
        (WeakResult.StudyName, "weak convergence of push-forwards: objectives and depth, mollification, metrics that see it and that don't, slopes and topology, bases"),
        (LawsResult.StudyName, "the laws of a flow over every kind of bijection, and the planted bugs that each law must catch"),
    ];

    /// <summary>The tasks of a study.</summary>
    public static IReadOnlyList<GridTask> Tasks(string study, string profile, ulong seed)
    {
        if (!Names.Contains(profile)) throw new InputException($"\"{profile}\" is not a profile; known are {string.Join(", ", Names)}", profile, null);
        return study switch
        {
            MapGrid.Maps => [.. MapGrid.ErrorAgainstDepth(profile, seed)],
            MapGrid.Optimisers => [.. MapGrid.OptimisersAtEqualTime(profile, seed)],
            MapGrid.Conditioners => [.. MapGrid.WidthsAndActivations(profile, seed)],
            "laws" => [.. LawsGrid(profile, seed)],
            ConstructionSummary.StudyName => [.. Constructions()],
            RateTask.StudyName => [.. Sweep.All.SelectMany(s => s.Values.Select(s.Task))],
            LawConstructionTask.StudyName => [.. LawConstructionTask.Grid()],
            AffineTask.StudyName => [.. AffineCases.All.Select(c => new AffineTask(c))],
            ControlsResult.StudyName => [.. ControlsTask.Grid(seed)],
            WeakResult.StudyName => [.. WeakGrid.Tasks(profile, seed)],
            LawsResult.StudyName => [.. LawsTask.Grid(seed, cases: 2)],
            _ => throw new InputException($"\"{study}\" is not a study; known are {string.Join(", ", Studies.Select(s => s.Name))}", study, null),
        };
    }

    private static IEnumerable<StudyTask> LawsGrid(string profile, ulong seed)
    {
        // Gauss-Newton and Adam in about the same time; none in the quick profile
        (int[] depths, int[] hidden, int seeds, int newton, int steps, int points) = profile switch
        {
            "quick" => ((int[])[4, 8], (int[])[16, 16], 1, 0, 1200, 256),
            "standard" => ([2, 4, 8], [32, 32], 3, 800, 2200, 512),
            _ => ([1, 2, 4, 6, 8, 12, 16], [32, 32], 10, 3000, 8000, 512),
        };
        foreach (Law law in (Law[])[TwoMoons.Instance, GaussianMixture.EightGaussians])
            foreach (FlowFamily family in Families)
                foreach (int depth in depths)
                {
                    for (ulong s = seed; s < seed + (ulong)seeds; s++)
                    {
                        LawSettings adam = new() { Law = law, Family = family, Depth = depth, Hidden = hidden, Seed = s, Steps = steps, Points = points };
                        yield return new LawTask(adam);
                        if (newton > 0) yield return new LawTask(adam with { GaussNewton = true, Steps = newton, Points = LawSettings.GaussNewtonPoints });
                    }
                }
    }

    /// <summary>Nothing in a construction is random: the seed does not matter.</summary>
    private static IEnumerable<StudyTask> Constructions()
    {
        foreach (string name in MapTargets)
        {
            Target target = TargetParser.Parse(name);
            (FlowFamily Family, double[] Epsilons)[] grid = target.Dimension == 3
                ? [(FlowFamily.Sos, [1e-2, 1e-3]), (FlowFamily.Dsf, [1e-2]), (FlowFamily.Rqs, [1e-2])]
                : [(FlowFamily.Sos, [1e-2, 1e-4, 1e-6]), (FlowFamily.Dsf, [1e-2, 1e-3]), (FlowFamily.Rqs, [1e-2, 1e-4])];
            foreach ((FlowFamily family, double[] epsilons) in grid)
                foreach (double epsilon in epsilons) yield return new ConstructTask(target, family, epsilon, Proof(name, family, epsilon));
        }
    }

    /// <summary>Fine witnesses are worth a longer proof than their size grants; the finest takes fewer boxes at a higher degree.</summary>
    private static ProofBudget? Proof(string target, FlowFamily family, double epsilon) => (target, family, epsilon) switch
    {
        ("twist", FlowFamily.Sos, 1e-6) => new(8192, Degree: 8),
        ("twist", FlowFamily.Sos, 1e-4) or ("generic", FlowFamily.Dsf, 1e-3) => new(4096),
        _ => null,
    };
}
