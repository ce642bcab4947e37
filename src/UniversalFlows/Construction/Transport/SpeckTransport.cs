using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// Laws of the plane by affine couplings. Where T is affine in z_1 and in z_2 (a Gaussian, a banana, a funnel) one coupling and a linear map do it. Otherwise three couplings of the specks of route three, but with cells of given masses of N(0, I): columns i of z_1, in each cells j of z_2, codes c,
/// <code>
/// y ← z_2 + M i(z_1)                                       [y | x]
/// x ← ε̃(x − x_i) + round(a_1(cell)) + ζ c                  [x | y]
/// y ← ε̃(y − M i − y_j) + a_2(cell)                         [y | x, the code read from x's low digits]
/// </code>
/// Every cell becomes a speck at a place a(cell): T of its middle, or one of the law's own point masses. The push-forward is nearly a law of point masses.
/// </summary>
internal static class SpeckTransport
{
    private const double Period = 16;      // M: two cells' worth of z_2 with room; |z_2| > 8 has mass 1e-15
    private const double Ramp = 1.0 / (1 << 20);

    /// <summary>Why a law has no construction by affine couplings here; null if it has one.</summary>
    public static string? Refusal(Law law) => law.Dimension switch
    {
        1 => "in one dimension a composition of affine couplings is an affine map: the image of N(0, 1) is normal, whatever the depth",
        2 => null,
        _ => "affine couplings construct laws of the plane",
    };

    /// <summary>The flow at a level of fineness, or for given cells.</summary>
    public static (Composition Flow, List<CoordinateRecord> Records, double Ramps) Build(KnotheRosenblatt map, SpeckCells? given, int level, double left)
    {
        if (given is null && level == 0 && Direct(map, left) is { } direct) return direct;
        SpeckCells cells = given ?? new SpeckCells(map, 12 << level);
        int codes = cells.Count, columns = cells.Starts.Length;
        PerceptronBuilder staircase = new(Activation.Tanh, 1, 1);
        foreach (double edge in cells.Columns) staircase.AddStep(0, edge, Ramp, [Period]);

        double kappa = Math.ScaleB(1, Math.ILogB(left / 16)), zeta = kappa / (2 * codes), contraction = zeta / 64; // cells' ends are at most 8 from their middles
        (double At, double Width)[] steps = new (double, double)[codes];
        double[] marks = new double[codes], toMark = new double[codes], inside = new double[codes];
        for (int i = 0, c = 0; i < columns; i++)
        {
            double[] edges = cells.Edges[i];
            for (int j = 0; j <= edges.Length; j++, c++)
            {
                steps[c] = j < edges.Length ? ((Period * i) + edges[j], Ramp) : ((Period * i) + (0.5 * Period), 1);
                marks[c] = (Math.Round(cells.Places[2 * c] / kappa) * kappa) + (zeta * c);
                toMark[c] = marks[c] - (contraction * cells.Middle(i));
                inside[c] = (Period * i) + cells.Middle(i, j);
            }
        }

        // the specks in the order of their marks; equal roundings are told apart by the code
        int[] order = [.. Enumerable.Range(0, codes).OrderBy(c => marks[c])];
        double[] toPlace = [.. order.Select(c => cells.Places[(2 * c) + 1] - (contraction * inside[c]))];
        (double At, double Width)[] between = [.. Enumerable.Range(0, codes - 1).Select(m => (0.5 * (marks[order[m]] + marks[order[m + 1]]), 0.5 * (marks[order[m + 1]] - marks[order[m]]))), (0, 1)];
        Composition flow = new(2,
        [
            new Coupling(2, [0], [1], new AffineTransformer(null), staircase.Build()),
            Stepwise([1], 0, contraction, toMark, steps),
            Stepwise([0], 1, contraction, toPlace, between),
        ]);
        return (flow, [new(1, "columns of equal mass", columns, double.NaN), new(2, "cells, a speck each", codes, double.NaN)], cells.RampMass(Ramp));
    }

    /// <summary>One affine coupling and a linear map, if T is affine in each coordinate.</summary>
    private static (Composition, List<CoordinateRecord>, double)? Direct(KnotheRosenblatt map, double left)
    {
        const double far = 4.5;
        LineLaw first = map.Slice([]);
        (double shift, double scale) = Affine(first);
        if (!Matches(first, shift, scale, left)) return null;
        const int knots = 400;
        double[] z = [.. Enumerable.Range(0, knots + 1).Select(i => far * ((2.0 * i / knots) - 1))];
        Dense rows = new(z.Length, 2);
        for (int i = 0; i < z.Length; i++)
        {
            LineLaw slice = map.Slice([z[i]]);
            (double t, double s) = Affine(slice);
            if (!Matches(slice, t, s, left)) return null;
            (rows.Weights[i], rows.Weights[z.Length + i]) = (Real.Log(new(s)).Value, t);
        }

        Composition flow = new(2,
        [
            new Coupling(2, [0], [1], new AffineTransformer(new PositiveMap(PositiveKind.Exp)), new TableConditioner(z, rows)),
            new Linear([scale, 0, 0, 1], [shift, 0]),
        ]);
        return (flow, [new(1, "affine", 1, 0), new(2, "affine given the first", z.Length, 0)], 0);

        static (double Shift, double Scale) Affine(LineLaw line) => (line.FromNormal(0), Math.Max(1e-12, 0.5 * (line.FromNormal(1) - line.FromNormal(-1))));

        static bool Matches(LineLaw line, double shift, double scale, double left)
        {
            for (double z = -3; z <= 3; z += 0.25)
                if (!(Math.Abs(line.FromNormal(z) - (shift + (scale * z))) <= 0.05 * left)) return false;
            return true;
        }
    }

    /// <summary>x_active ← scale·x_active + t(passive), t a step function with the given levels, step m between level m and m + 1.</summary>
    private static Coupling Stepwise(int[] passive, int active, double scale, double[] levels, (double At, double Width)[] steps)
    {
        PositiveMap exp = new(PositiveKind.Exp);
        PerceptronBuilder builder = new(Activation.Tanh, 1, 2);
        builder.AddConstant([exp.Raw(scale), levels[0]]);
        for (int m = 0; m + 1 < levels.Length; m++) builder.AddStep(0, steps[m].At, steps[m].Width, [0, levels[m + 1] - levels[m]]);
        return new Coupling(2, passive, [active], new AffineTransformer(exp), builder.Build());
    }
}
