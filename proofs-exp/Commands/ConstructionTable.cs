using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>What <c>uf construct</c> prints: the steps with their numbers, then what was measured.</summary>
internal static class ConstructionTable
{
    public static void Print(Terminal terminal, ConstructedFlow built, OutputFolder folder)
    {
        ConstructionTask task = built.Task;
        string how = task.Family == FlowFamily.Acf ? $"affine couplings, route {task.ChosenRoute.ToString().ToLowerInvariant()}" : $"{Names.Of(task.Family)} layers";
        terminal.Out.WriteLine($"{task.Target.Name} on {task.Domain} by {how}, {task.Norm} error {task.Epsilon:G3} asked for");
        foreach (Chain chain in built.Chains) Print(terminal, chain, built.Chains.Count > 1);
        if (built.Witness is { Flow: not null } witness) Print(terminal, witness);
        if (built.Measured is not { } measured) return;
        terminal.Out.WriteLine();
        Print(terminal, measured, task);
        terminal.Out.WriteLine();
        if (measured.Set is not null)
            terminal.Out.WriteLine("An Lp error against depth means nothing unless the class of conditioners is fixed: the number of couplings here is the same for every error, the conditioners grow.");
        terminal.Out.WriteLine($"written: {folder["flow.flow.json"]}, {folder["construction.json"]}");
    }

    private static void Print(Terminal terminal, Chain chain, bool named)
    {
        terminal.Out.WriteLine();
        if (named) terminal.Out.WriteLine($"{chain.Name}:");
        terminal.Table(["step", "", ""],
        [
            ["(a) affine part and isotopy", $"order {chain.Order.ToString().ToLowerInvariant()}, det {(chain.Orientation > 0 ? "> 0" : "< 0")}", $"speeds L0 = {chain.L0:G3}, L1 = {chain.L1:G3}"],
            ["(b) near-identity factors", $"N = {chain.Factors.Count}", $"max |Dg - I| = {chain.Factors.Max(f => f.DerivativeDistance):G3}, smallest leading minor {chain.Factors.Min(f => f.SmallestMinor):G3}"],
            ["(c) one-coordinate maps", $"{chain.Layers.Count}", $"closing error of (a) to (c) alone {chain.ClosingError:G2}{(chain.ClosingFailures > 0 ? $" ({chain.ClosingFailures} of 64 points without a preimage)" : "")}"],
            ["(d) layers", $"{chain.Layers.Count}", $"degrees {chain.Layers.Min(l => l.Degree)} to {chain.Layers.Max(l => l.Degree)}, largest weight {chain.Layers.Max(l => l.LargestWeight):G3}, first-order bound {chain.Bound:G3} of {chain.Epsilon:G3}"],
        ]);
        terminal.Out.WriteLine();
        terminal.Table(["factor", "coordinate", "degree", "size", "slope", "amplified", "allotted", "realised"],
            chain.Layers.Select(l => (IReadOnlyList<string>)
            [
                $"{l.Factor}", $"{l.Coordinate + 1}", $"{l.Degree}", $"{l.Size}", $"{l.SmallestSlope:F2} to {l.LargestSlope:F2}", $"{l.Amplification:G3}", $"{l.Allotted:G2}", $"{l.Realised:G2}",
            ]));
    }

    private static void Print(Terminal terminal, AffineWitness witness)
    {
        terminal.Out.WriteLine();
        terminal.Table(["constant", ""], witness.Constants.Select(q => (IReadOnlyList<string>)[q.Meaning, $"{q.Value:G4}"]));
        if (witness.Maps.Count > 0)
        {
            terminal.Out.WriteLine();
            terminal.Table(["coordinate", "cells", "pieces", "delta", "gamma", "ramp", "units", "amplified", "allotted", "realised"],
                witness.Maps.Select(m => (IReadOnlyList<string>)
                [
                    $"{m.Coordinate + 1}", string.Join(" x ", m.Cells), $"{m.Pieces}", $"{m.Store:G3}", $"{m.Margin:G3}", $"{m.Ramp:G2}", $"{m.Units}", $"{m.Amplification:G3}", $"{m.Allotted:G2}", $"{m.Realised:G2}",
                ]));
        }

        terminal.Out.WriteLine();
        terminal.Table(["budget", ""], [.. witness.Budget.Select(b => (IReadOnlyList<string>)[b.Meaning, $"{b.Contribution:G3}"]), ["sum", $"{witness.Bound:G3}"]]);
    }

    private static void Print(Terminal terminal, MeasuredFlow measured, ConstructionTask task)
    {
        string at = $"at ({string.Join(", ", measured.Norms.SupAt.Select(v => v.ToString("G4", CultureInfo.InvariantCulture)))})";
        if (measured.OffSet is { } off && measured.Set is { } set)
        {
            double p = task.Exponent;
            terminal.Table(["estimated on other points", "", ""],
            [
                ["l1 off the exceptional set", $"{off.L1:G4}", $"+- {off.L1Error:G2}, {off.Points} points, {off.OnSet} on the set"],
                ["l2 off the exceptional set", $"{off.L2:G4}", $"+- {off.L2Error:G2}"],
                ["sup off the exceptional set", $"{off.Sup:G4}", "the largest at these points"],
                ["sup", $"{Math.Max(measured.Norms.Sup, set.Size):G4}", "on the set; it does not fall with epsilon"],
                [$"{task.Norm} of the set, estimated", $"{set.Contribution(p):G4}", $"(sum of measure times size^{p:R})^(1/{p:R}); measure {set.Measure:G3} in all, size up to {set.Size:G3}"],
                [$"{task.Norm}, the sum", $"{measured.Error(p):G4}", "what is compared with epsilon"],
                ["inverse of the flow after it", $"{measured.Inverse:G2}", "away from the identity"],
            ]);
            return;
        }

        terminal.Table(["estimated on other points", "", ""],
        [
            ["sup", $"{measured.Norms.Sup:G4}", at],
            ["l1", $"{measured.Norms.L1:G4}", ""],
            ["l2", $"{measured.Norms.L2:G4}", ""],
            ["c1", $"{measured.Norms.C1:G4}", ""],
            ["inverse of the flow after it", $"{measured.Inverse:G2}", "away from the identity"],
        ]);
    }
}
