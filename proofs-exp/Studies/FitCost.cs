using UniversalFlows.Bijections;

namespace UniversalFlows.Proofs.Studies;

/// <summary>How long fits take: milliseconds of one core, from a model of the work; its constants are round numbers near a few timings, and docs/depth-study.md compares it with a whole run.</summary>
internal static class FitCost
{
    /// <summary>A fit of a map with its measurements, its proof and its refinement.</summary>
    public static double Of(MapSettings s)
    {
        int d = s.Target.Dimension;
        double width = d == 1 ? 2 : s.Hidden.DefaultIfEmpty(1).Max() / 32.0 * Math.Max(1, s.Hidden.Count) / 2, family = Family(s.Family), order = s.Points * (double)d / 512;
        // the Gram matrix: squares of the order, for each unit of each layer
        double lm = family * s.Depth * ((0.85 * order * order * Math.Max(0.25, width)) + (0.12 * order)) * (d == 1 ? 0.1 : 1);
        double gradient = family * s.Depth * 0.12 * (s.Points / 512.0) * width * Math.Max(1, width) * (d == 1 ? 0.15 : d / 2.0);
        double step = s.Method switch { MapSettings.Lm => lm, MapSettings.Lbfgs => 1.1 * gradient, _ => gradient };
        double measured = (d switch { 1 => 150, 2 => 900, 3 => 1500, _ => 600 }) * family * (0.6 + (0.05 * s.Depth)) * (s.Minimax > 0 ? 1.6 : 1);
        return (s.Steps * step) + (s.Minimax * (lm + (s.Depth * family * 0.3))) + measured;
    }

    /// <summary>A fit of a law.</summary>
    public static double Of(LawSettings s)
    {
        double width = s.Hidden.DefaultIfEmpty(1).Max() / 32.0;
        double gradient = Family(s.Family) * s.Depth * 0.2 * (s.Points / 512.0) * Math.Max(0.3, width * width);
        // a step of Gauss-Newton has a gradient of its samples and, every fifth time, the moments of all layers
        return s.Steps * gradient * (s.GaussNewton ? 1.35 : 1);
    }

    private static double Family(FlowFamily family) => family switch { FlowFamily.Acf or FlowFamily.Nice => 1, FlowFamily.Sos => 1.5, FlowFamily.Dsf => 2, _ => 1.7 };
}
