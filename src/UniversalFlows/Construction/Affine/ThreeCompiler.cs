using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// Route three, Lp: d + 1 affine couplings, no linear map, for any continuous F: K → R^d, invertible or not. With y = x_d, cells q of (x_1, …, x_{d−1}) and j of y, centres x_q, y_j:
/// <code>
/// y₁ = y + M q                                                [y | x]
/// x_k ← ε̃(x_k − x_{q,k}) + round(F_k(cell)) (+ ζ·code for k = 1)   [x_k | y₁], k = 1 … d − 1; rounded to multiples of κ
/// y ← ε̃(y₁ − M q − y_j) + F_d(cell)                           [y | x], the code read from x_1's low digits
/// </code>
/// code = q n + j &lt; n^d, ζ = κ/(2n^d), ε̃ = ζ/4: every cell shrinks to a speck, no two specks have the same x_1. det DF̂ = ε̃^d: invertible, and as ill conditioned as that.
/// </summary>
/// <remarks>
/// All conditioners are step functions. A tanh step is constant off its ramp to the last bit; the two ReLUs of a step cancel with an error of jump/η roundings, which for
/// narrow ramps hides the code: tanh is the default.
/// </remarks>
internal static class ThreeCompiler
{
    private const double CellShare = 0.88, SetShare = 0.1;
    private const int MostCells = 1 << 16, Samples = 1 << 13;

    /// <summary>Up to here two cells a coordinate, and a few more, are possible.</summary>
    public const int LargestDimension = 8;

    /// <summary>κ in units of a cell of F's range: the rounding's part of the error is then a hundredth of the cells'.</summary>
    internal const double Quantum = 1.0 / 16;

    /// <summary>The largest n.</summary>
    public static int MostCellsAlong(int dimension) => (int)Math.Floor(CellCompiler.Power(MostCells, 1.0 / dimension) + 1e-9);

    public static AffineWitness Compile(Target target, Domain domain, AffineSettings settings)
    {
        if (!double.IsFinite(settings.Exponent)) throw new ArgumentException("route three has small Lp errors for finite p; in the sup norm it never comes near", nameof(settings));
        int d = target.Dimension;
        if (d > LargestDimension) throw new ArgumentException($"route three goes up to d = {LargestDimension}, not {d}", nameof(target));
        double p = settings.Exponent;
        int most = MostCellsAlong(d), n = settings.Cells ?? Math.Min(8, most);
        if (n > most || n < 2) throw new ArgumentException($"n = {n} cells a coordinate are not possible here: 2 to {most}", nameof(settings));
        double error = CellError(target, domain, n, p);
        if (!double.IsFinite(error)) return AffineCompiler.Refused(settings, new("(d)", $"f is not finite on {domain}"));
        while (settings.Cells is null && error > CellShare * settings.Epsilon && n < most)
        {
            // the error falls like 1/n
            n = (int)Math.Clamp(Math.Ceiling(1.02 * n * error / (CellShare * settings.Epsilon)), n + 1, most);
            error = CellError(target, domain, n, p);
            settings.Progress?.Invoke($"{n} cells a coordinate: Lp error {error:G2}");
        }

        Speckled flow = Build(target, domain, n, settings.Ramp, range => CellCompiler.Power(SetShare * settings.Epsilon / range, p), settings.Activation ?? Activation.Tanh, null);
        return new AffineWitness(flow.Flow, AffineRoute.Three, null,
        [
            new("couplings", "affine couplings, d + 1", d + 1),
            new("mostCells", "n, cells a coordinate", n),
            new("codes", "n^d, cells and codes", flow.Codes),
            new("quantum", "kappa, to which F is rounded", flow.Quantum),
            new("code", "zeta, a step of the code", flow.Code),
            new("contraction", "the scale of x, zeta/4", flow.Contraction),
            new("ramp", "ramp eta", flow.Ramp),
            new("units", "most hidden units", flow.Units),
            new("setMeasure", "measure of the exceptional set, estimated (suprema over samples)", flow.Set.Measure),
            new("setSize", "largest possible error on it", flow.Set.Size),
        ],
        [
            new("cells", "cells: F less its value at the cell's centre, measured", error),
            new("rounding", "rounding of F and the code, at most kappa times |K|^(1/p)", flow.Quantum * Math.Sqrt(d - 1) * CellCompiler.Power(domain.Volume, 1 / p)),
            new("set", "exceptional set: (sum of measure times size^p)^(1/p)", flow.Set.Contribution(p)),
        ])
        { Exceptional = flow.Set };
    }

    /// <summary>The flow for n cells a coordinate.</summary>
    /// <param name="target">F.</param>
    /// <param name="domain">K.</param>
    /// <param name="n">Cells a coordinate.</param>
    /// <param name="ramp">η; null: from the measure.</param>
    /// <param name="measure">The measure of the exceptional set that is wanted, given the range of F.</param>
    /// <param name="activation">ReLU or tanh.</param>
    /// <param name="quantum">κ; null: chosen.</param>
    internal static Speckled Build(Target target, Domain domain, int n, double? ramp, Func<double, double> measure, Activation activation, double? quantum)
    {
        int d = target.Dimension, last = d - 1, blocks = 1;
        Box box = domain.Bounds;
        Staircase[] cells = [.. Enumerable.Range(0, d).Select(i => Staircase.Cover(box.Lower[i], box.Upper[i], n))];
        for (int k = 0; k < last; k++) blocks *= n;
        int codes = blocks * n;
        double[][] values = Values(target, domain, cells, codes);
        double[] lows = [.. values.Select(v => v.Min())], highs = [.. values.Select(v => v.Max())];
        double widest = Math.Max(1e-300, Enumerable.Range(0, d).Max(k => Math.Max(highs[k] - lows[k], 1e-3 * (box.Upper[k] - box.Lower[k]))));
        double kappa = quantum ?? Quantum * widest / n, zeta = kappa / (2 * codes), contraction = zeta / 4;
        for (int k = 0; k < d; k++) contraction = Math.Min(contraction, zeta / (4 * cells[k].CellWidth));

        // a bound of |F − F̂| where only convex combinations of the cells' values occur: the diameter of the range, with a cell of variation
        double diameter = 0, perRamp = 0;
        for (int k = 0; k < d; k++) diameter += (highs[k] - lows[k] + (2 * kappa)) * (highs[k] - lows[k] + (2 * kappa));
        double size = Math.Sqrt(diameter) * (1 + (2.0 / n));
        double Across(int k) => (n - 1) * box.Volume / (box.Upper[k] - box.Lower[k]);
        for (int k = 0; k < d; k++) perRamp += Across(k);
        double eta = ramp ?? PowerOfTwo.AtMost(Math.Min(measure(size) / perRamp, 0.01 * cells.Min(c => c.CellWidth)));

        double length = n * cells[last].CellWidth, period = PowerOfTwo.AtLeast(1.2 * length);
        int[] passive = [.. Enumerable.Range(0, last)];
        List<IBijection> layers = [];
        PerceptronBuilder first = new(activation, last, 1);
        for (int k = 0, stride = 1; k < last; k++, stride *= n) cells[k].AddTo(first, k, period * stride, eta);
        layers.Add(new Coupling(d, passive, [last], new AffineTransformer(null), first.Build()));

        // all steps of the next layers: after cell j of block q, in the middle of the gap after the last one
        (double At, double Width)[] steps = new (double, double)[codes];
        for (int c = 0; c < codes; c++)
        {
            (int q, int j) = (c / n, c % n);
            double gap = period - length;
            steps[c] = j < n - 1 ? ((period * q) + cells[last].Edge(j + 1), eta) : ((period * q) + cells[last].Edge(n) + (0.5 * gap), 0.5 * gap);
        }

        double[] marks = new double[codes];
        for (int k = 0; k < last; k++)
        {
            double[] level = new double[codes], shift = new double[codes];
            for (int c = 0; c < codes; c++)
            {
                level[c] = (Math.Round(values[k][c] / kappa) * kappa) + (k == 0 ? zeta * c : 0);
                shift[c] = level[c] - (contraction * Centre(cells, k, c));
            }

            if (k == 0) marks = level;
            layers.Add(Stepwise(d, [last], k, contraction, shift, steps, activation));
        }

        // x_1 says the code: the specks in the order of their marks, steps half way between them
        int[] order = [.. Enumerable.Range(0, codes).OrderBy(c => marks[c])];
        double[] final = [.. order.Select(c => values[last][c] - (contraction * ((period * (c / n)) + cells[last].Centre(c % n))))];
        (double At, double Width)[] between = [.. Enumerable.Range(0, codes - 1).Select(m =>
            (0.5 * (marks[order[m]] + marks[order[m + 1]]), 0.5 * (marks[order[m + 1]] - marks[order[m]]))), (0, 1)];
        layers.Add(Stepwise(d, [0], last, contraction, final, between, activation));

        ExceptionalSet set = new([.. cells.Select((c, k) => new Ramps(0, k, c, eta, eta * Across(k), size))]);
        return new(new Composition(d, layers), set, codes, kappa, zeta, contraction, eta, activation == Activation.ReLU ? 2 * (codes - 1) : codes - 1);
    }

    /// <summary>x_active ← scale·x_active + t(passive), t a step function with the given levels, step m between level m and m + 1.</summary>
    private static Coupling Stepwise(int d, int[] passive, int active, double scale, double[] levels, (double At, double Width)[] steps, Activation activation)
    {
        PositiveMap exp = new(PositiveKind.Exp);
        PerceptronBuilder builder = new(activation, 1, 2);
        builder.AddConstant([exp.Raw(scale), levels[0]]);
        for (int m = 0; m + 1 < levels.Length; m++) builder.AddStep(0, steps[m].At, steps[m].Width, [0, levels[m + 1] - levels[m]]);
        return new Coupling(d, passive, [active], new AffineTransformer(exp), builder.Build());
    }

    /// <summary>The centre of a cell along coordinate k: code = q n + j, q = i_1 + n i_2 + ….</summary>
    private static double Centre(Staircase[] cells, int k, int code)
    {
        int n = cells[0].Cells;
        if (k == cells.Length - 1) return cells[k].Centre(code % n);
        int rest = code / n;
        for (int i = 0; i < k; i++) rest /= n;
        return cells[k].Centre(rest % n);
    }

    /// <summary>F at the centres, or at the point of K nearest to a centre: values[k][code].</summary>
    private static double[][] Values(Target target, Domain domain, Staircase[] cells, int codes)
    {
        int d = cells.Length;
        double[] points = new double[codes * d];
        for (int c = 0; c < codes; c++)
        {
            for (int k = 0; k < d; k++) points[(c * d) + k] = Centre(cells, k, c);
            if (!domain.Contains(points.AsSpan(c * d, d))) domain.Project(points.AsSpan(c * d, d));
        }

        double[] images = PointSet.Map(target, points);
        return [.. Enumerable.Range(0, d).Select(k => (double[])[.. Enumerable.Range(0, codes).Select(c => images[(c * d) + k])])];
    }

    /// <summary>(∫_K |F − F(cell)|^p)^{1/p} over low-discrepancy points.</summary>
    private static double CellError(Target target, Domain domain, int n, double p)
    {
        int d = target.Dimension;
        Staircase[] cells = [.. Enumerable.Range(0, d).Select(i => Staircase.Cover(domain.Bounds.Lower[i], domain.Bounds.Upper[i], n))];
        LowDiscrepancy sequence = new(d, 9, "cells");
        double[] points = new double[Samples * d], centres = new double[Samples * d];
        for (int m = 0; m < Samples; m++)
        {
            Span<double> x = points.AsSpan(m * d, d), centre = centres.AsSpan(m * d, d);
            sequence.Point((uint)m, x);
            domain.FromUnitCube(x, x);
            for (int k = 0; k < d; k++) centre[k] = cells[k].Centre(cells[k].Cell(x[k]));
            if (!domain.Contains(centre)) domain.Project(centre);
        }

        double[] a = PointSet.Map(target, points), b = PointSet.Map(target, centres);
        double sum = 0;
        for (int m = 0; m < Samples; m++)
        {
            double square = 0;
            for (int k = 0; k < d; k++) square += (a[(m * d) + k] - b[(m * d) + k]) * (a[(m * d) + k] - b[(m * d) + k]);
            if (!double.IsFinite(square)) return double.PositiveInfinity;
            sum += CellCompiler.Power(square, 0.5 * p);
        }

        return CellCompiler.Power(domain.Volume * sum / Samples, 1 / p);
    }

    /// <summary>A flow with its constants.</summary>
    internal sealed record Speckled(Composition Flow, ExceptionalSet Set, int Codes, double Quantum, double Code, double Contraction, double Ramp, int Units);
}
