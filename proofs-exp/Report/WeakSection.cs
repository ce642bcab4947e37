using System.Globalization;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The section on weak convergence: what falls and what does not when flows come near a law, and what keeps them from it.</summary>
internal static class WeakSection
{
    private static readonly (string Color, string Symbol)[] s_styles = [("#0072B2", "circle"), ("#D55E00", "square"), ("#009E73", "diamond"), ("#CC79A7", "triangle-up"), ("#E69F00", "triangle-down")];

    /// <summary>Adds the section, if the study was run.</summary>
    public static void AddTo(Page page, IReadOnlyList<WeakResult> results)
    {
        WeakRow[] rows = [.. results.SelectMany(r => r.Rows)];
        if (rows.Length == 0) return;
        page.Section("weak", "Weak convergence", "Theorem 3 is about laws: some flows push N(0, I) as near as one likes to any law, in metrics that metrise weak convergence. In other metrics, from other bases, or with bounded slopes, they don't.");
        WeakRow[] Of(string panel) => [.. rows.Where(r => r.Panel == panel && double.IsFinite(r.X) && double.IsFinite(r.Y))];
        string command = results[0].Command;
        WeakRow[] constructed = Of(WeakResult.Constructed);
        if (Of(WeakResult.Depth) is { Length: > 0 } depth) page.Add(Depth(depth, constructed, command));
        if (Of(WeakResult.Mollification) is { Length: > 0 } mollified && Of(WeakResult.Atoms) is { Length: > 0 } atoms) page.Add(Metrics(mollified, atoms, command));
        if (Of(WeakResult.Lipschitz) is { Length: > 0 } line && Of(WeakResult.Topology) is { Length: > 0 } topology) page.Add(Slopes(line, topology, command));
        if (Of(WeakResult.Base) is { Length: > 0 } bases) page.Add(Bases(bases, command));
    }

    /// <summary>A row a marker.</summary>
    public static string RowsCsv(IReadOnlyList<WeakResult> results) => Csv.Table(
        "panel,series,law,x,metric,value,lower,upper,baseline,bound,epsilon,parameters,seed,task",
        results.SelectMany(r => r.Rows.Select(w => (IEnumerable<string>)[w.Panel, w.Series, w.Law, Text(w.X), w.Metric, Text(w.Y), Text(w.Lower), Text(w.Upper), Text(w.Baseline), Text(w.Bound), Text(w.Epsilon), $"{w.Parameters}", $"{r.Seed}", r.Task])));

    private static string Text(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    private static Card Depth(WeakRow[] rows, WeakRow[] constructed, string command)
    {
        string[] families = [.. PlotColors.Ordered(rows.Select(r => r.Series.Split(", ")[0]).Concat(constructed.Select(r => r.Series)))];
        string[] objectives = [.. rows.Select(Objective).Distinct()];
        WeakRow[] all = [.. rows, .. constructed];
        double top = 1.08 * all.Max(r => r.Y), baseline = rows.Average(r => r.Baseline ?? 0), first = all.Min(r => r.X), last = all.Max(r => r.X);
        (string, string)[] built = constructed.Length == 0 ? [] : [(Symbols.Svg("star", PlotColors.Ink), "constructed, samples"), (Symbols.Svg("level", PlotColors.Ink), "constructed, computed bound")];
        return new Card(
            "weak-depth",
            "Distance of laws against depth",
            $"Bounded-Lipschitz distance β of {Html.Count(rows.Length, "trained flow")}, all with the same number of steps, {(constructed.Length == 0 ? "" : $"and {Html.Count(constructed.Length, "constructed flow")} ")}to two moons; a mean over pairs of samples.",
            "A marker is the mean distance of a sample of the flow and a sample of the law. The dashed line is the mean distance of two samples of the law itself: near it, or below, samples of this size can't tell flow from law. Colours are objectives of training; "
            + "stars are theorem 3's flows, written down without training, at their number of layers, coarse to fine from left to right. The bar is the bound computed for their distance of laws: a star is at most the bar plus the dashed line, up to chance. All panels share their axes; lower is better.")
            .Key([], [.. objectives.Select((o, k) => (Symbols.Svg(s_styles[k].Symbol, s_styles[k].Color), "trained: " + Words(o))), .. built, (Symbols.Svg("dash", PlotColors.Ink), "two samples of the law")])
            .Row(families.Select(family => new Figure
            {
                Id = $"weak-depth-{family}",
                Title = PlotColors.Of(family).Name,
                Label = $"Bounded-Lipschitz distance against depth for {family}, trained by three objectives and constructed",
                Note = BuiltNote([.. constructed.Where(r => r.Series == family)]),
                Plots =
                [
                    new(
                    [
                        .. rows.Where(r => r.Series.StartsWith(family + ",", StringComparison.Ordinal)).GroupBy(Objective).Select(g => Markers([.. g], s_styles[Array.IndexOf(objectives, g.Key)], "lines+markers")),
                        Level(first, last, baseline, "dash"),
                        .. Built([.. constructed.Where(r => r.Series == family)]),
                    ],
                    new Layout
                    {
                        XAxis = LogAxis("depth (couplings; constructed: layers)", [.. all.Select(r => r.X)]),
                        YAxis = new() { Title = new("β, bounded-Lipschitz distance") { Standoff = 6 }, Range = [0, top] },
                    }),
                ],
            }))
            .Paragraph("<b>What it means.</b> The distance falls with depth under every objective until the training, short here, or the samples are the limit. "
                + (constructed.Length == 0 ? "" : "The construction needs no depth: few layers do, and the number of their parameters grows as the error asked for falls. Training is no part of the theorem. ")
                + "A bound of β is the marker plus a deviation that holds for every law; point at a marker, or see weak-convergence.csv.")
            .Paragraph(Made(command));
    }

    /// <summary>Bars for bounds and stars for samples, coarse to fine from left to right a little apart.</summary>
    private static IEnumerable<Scatter> Built(WeakRow[] rows)
    {
        if (rows.Length == 0) yield break;
        rows = [.. rows.OrderByDescending(r => r.Bound)];
        Scatter bounds = new()
        {
            Mode = "markers",
            Name = "constructed, computed bound",
            X = [.. rows.Select((r, k) => r.X * Elements.PowerOf2(0.3 * (k - (0.5 * (rows.Length - 1)))))],
            Y = [.. rows.Select(r => r.Bound ?? double.NaN)],
            Marker = new() { Symbol = "line-ew-open", Color = PlotColors.Ink, Size = 12, Line = new() { Color = PlotColors.Ink, Width = 2 } },
            HoverText = [.. rows.Select(BuiltHover)],
            HoverTemplate = "%{hovertext}<extra></extra>",
        };
        yield return bounds;
        yield return bounds with { Name = "constructed, samples", Y = [.. rows.Select(r => r.Y)], Marker = new() { Symbol = "star", Color = PlotColors.Ink, Size = 11 } };
    }

    private static string BuiltHover(WeakRow r) =>
        $"<b>constructed, not trained</b>: {Html.Plot(r.Series)}, {r.X} layers, {r.Parameters} parameters<br>samples {Html.Number(r.Y)}; two samples of the law {Html.Number(r.Baseline ?? double.NaN)}"
        + $"<br>computed bound of the distance of the laws {Html.Number(r.Bound ?? double.NaN)}, asked for {Html.Number(r.Epsilon ?? double.NaN)}";

    /// <summary>What was constructed, coarse to fine.</summary>
    private static string? BuiltNote(WeakRow[] rows)
    {
        if (rows.Length == 0) return null;
        rows = [.. rows.OrderByDescending(r => r.Bound)];
        string Through(Func<WeakRow, string> text) => string.Join(" → ", rows.Select(text).Distinct());
        return $"Constructed: {Through(r => $"{r.X}")} layers; parameters {Through(r => $"{r.Parameters}")}; bound of β {Through(r => Html.Number(r.Bound ?? double.NaN))}.";
    }

    private static Card Metrics(WeakRow[] mollified, WeakRow[] atoms, string command)
    {
        WeakRow[] beta = [.. mollified.Where(r => r.Metric == "bl").OrderBy(r => r.X)], mmd = [.. mollified.Where(r => r.Metric == "mmd").OrderBy(r => r.X)];
        string[] series = [.. atoms.Select(r => r.Series).Distinct()];
        return new Card(
            "weak-metrics",
            "Which distances see a narrow law approach its atoms",
            "Point masses and the same with N(0, σ²I) added, which the exact Knothe–Rosenblatt map makes of N(0, I). Left: five atoms of the plane; right: two points of the line, without any sample.",
            "Both axes are logarithmic. Left: markers are distances of samples, the solid line is the theory's bound σ E‖Z‖, the dashed one the distance of two samples of the atoms. Right: the distances that metrise weak convergence fall with σ, Kolmogorov's stays at ¼ and total variation at 1.")
            .Row(
            [
                new Figure
                {
                    Id = "weak-mollification",
                    Title = "Five atoms, mollified",
                    Label = "Bounded-Lipschitz distance and MMD against the width of the mollifier",
                    Key =
                    [
                        Entry(0, "β of samples"), Entry(1, "MMD, closed form"), (Symbols.Svg("line", s_styles[0].Color), "σ E‖Z‖ ≥ β"), (Symbols.Svg("dash", PlotColors.Ink), "β of two samples of the atoms"),
                    ],
                    Note = "MMD with the Gaussian kernel of width 1.",
                    Plots =
                    [
                        new(
                        [
                            Markers(beta, s_styles[0], "markers"), Markers(mmd, s_styles[1], "markers"),
                            new Scatter { Mode = "lines", Name = "σ E‖Z‖", X = [.. beta.Select(r => r.X)], Y = [.. beta.Select(r => r.Bound ?? double.NaN)], Line = new() { Color = s_styles[0].Color, Width = 1.5 }, HoverTemplate = "σ E‖Z‖ = %{y:.3g}<extra></extra>" },
                            Level(beta[0].X, beta[^1].X, beta.Average(r => r.Baseline ?? 0), "dash"),
                        ],
                        Logs("σ, width of the mollifier", "distance to the atoms", [.. mollified.Select(r => r.X)], [.. mollified.Select(r => r.Y)])),
                    ],
                },
                new Figure
                {
                    Id = "weak-atoms",
                    Title = "Two points of the line",
                    Label = "W1, Lévy, MMD, Kolmogorov and total variation against the width",
                    Key = [.. series.Select((s, k) => Entry(k, s))],
                    Note = "All from the distribution functions.",
                    Plots =
                    [
                        new(
                            [.. series.Select((s, k) => Markers([.. atoms.Where(r => r.Series == s).OrderBy(r => r.X)], s_styles[k], "lines+markers"))],
                            Logs("σ, width of the Gaussians", "distance to the two points", [.. atoms.Select(r => r.X)], [.. atoms.Select(r => r.Y)])),
                    ],
                },
            ])
            .Paragraph("<b>What it means.</b> A law with a density never comes nearer than 1 to an atomic law in total variation, nor at a finite Kullback–Leibler divergence: such metrics can't express the theorem. W₁, β, Lévy's metric and MMD can.")
            .Paragraph(Made(command));
    }

    private static Card Slopes(WeakRow[] line, WeakRow[] topology, string command)
    {
        string[] series = [.. line.Select(r => r.Series).Distinct()], laws = [.. topology.Select(r => r.Series).Distinct()];
        double[] at = [.. Enumerable.Range(0, 81).Select(k => Elements.PowerOf10(Elements.Log10(line.Min(r => r.X)) + (k / 80.0 * (Elements.Log10(line.Max(r => r.X)) - Elements.Log10(line.Min(r => r.X))))))];
        double[] wide = [.. Enumerable.Range(0, 81).Select(k => Elements.PowerOf10(Elements.Log10(topology.Min(r => r.X)) + (k / 80.0 * (Elements.Log10(topology.Max(r => r.X)) - Elements.Log10(topology.Min(r => r.X))))))];
        return new Card(
            "weak-slopes",
            "What two separate parts cost",
            "Distance to a law of separate parts, or with a hole, against the Lipschitz constant of the flow. Left: two points of the line, W₁ exact. Right: flows of the plane, β of samples.",
            "Solid line: the least distance that any map with that Lipschitz constant has, from the isoperimetric inequality of Gauss space; left about 0.399/L. No marker can be below it. Lipschitz constants of trained flows are measured at points, on [−4, 4] or the disc of radius 3.")
            .Row(
            [
                new Figure
                {
                    Id = "weak-lipschitz",
                    Title = "Two points of the line",
                    Label = "W1 to two points against the Lipschitz constant, with the exact least value",
                    Key = [.. series.Select((s, k) => Entry(k, s)), (Symbols.Svg("line", PlotColors.Ink), "least of all maps")],
                    Plots =
                    [
                        new(
                            [Curve(at, [.. at.Select(WeakGrid.LeastW1)]), .. series.Select((s, k) => Markers([.. line.Where(r => r.Series == s)], s_styles[k], "markers"))],
                            Logs("L, Lipschitz constant", "W₁ to the two points", [.. line.Select(r => r.X)], [.. line.Select(r => r.Y)])),
                    ],
                },
                new Figure
                {
                    Id = "weak-topology",
                    Title = "An annulus and two clusters",
                    Label = "Bounded-Lipschitz distance against the Lipschitz constant for an annulus and for two clusters",
                    Key = [.. laws.Select((s, k) => Entry(k, s)), (Symbols.Svg("line", PlotColors.Ink), "least of all maps, clusters")],
                    Note = "A marker a depth, trained by likelihood. The line is less by 0.08 for the clusters' width.",
                    Plots =
                    [
                        new(
                            [Curve(wide, [.. wide.Select(l => Math.Max(0, WeakGrid.LeastW1(l) - 0.0798))]), .. laws.Select((s, k) => Markers([.. topology.Where(r => r.Series == s)], s_styles[k], "markers"))],
                            new Layout
                            {
                                XAxis = LogAxis("L, Lipschitz constant on the disc of radius 3", [.. topology.Select(r => r.X)]),
                                YAxis = new() { Title = new("β, bounded-Lipschitz distance") { Standoff = 6 }, Range = [0, 1.1 * topology.Max(r => r.Y)] },
                            }),
                    ],
                },
            ])
            .Paragraph("<b>What it means.</b> A homeomorphism can't tear the base apart: it leaves a thin bridge of mass, and the thinner the bridge, the steeper the map. Weak convergence is possible, at the price of slopes; the exact increasing map to two Gaussians pays far more than the best map does.")
            .Paragraph(Made(command));
    }

    private static Card Bases(WeakRow[] rows, string command)
    {
        string[] series = [.. rows.Select(r => r.Series).Distinct()];
        return new Card(
            "weak-base",
            "The base must have a density",
            "W₁ to two points of the line, exact, of deep sigmoidal flows trained by sliced transport from N(0, 1) and from a base that is one point.",
            "Dashed line: the least W₁ of any single point to the two, exactly 1. A base that is a point has a point as its image, whatever the flow.")
            .Key([], [.. series.Select((s, k) => Entry(k, s)), (Symbols.Svg("dash", PlotColors.Ink), "least W₁ of a point")])
            .Row(
            [
                new Figure
                {
                    Id = "weak-base-depth",
                    Title = "W₁ against depth",
                    Label = "W1 against depth from a normal base and from a point",
                    Aspect = 2,
                    Plots =
                    [
                        new(
                            [.. series.Select((s, k) => Markers([.. rows.Where(r => r.Series == s).OrderBy(r => r.X)], s_styles[k], "lines+markers")), Level(rows.Min(r => r.X), rows.Max(r => r.X), 1, "dash")],
                            new Layout { XAxis = LogAxis("depth (layers)", [.. rows.Select(r => r.X)]), YAxis = new() { Title = new("W₁ to the two points") { Standoff = 6 }, Range = [0, 1.15] } }),
                    ],
                },
            ])
            .Paragraph("<b>What it means.</b> Theorem 3 asks for an absolutely continuous base, and it can't do without: from δ₀ only point masses are reached.")
            .Paragraph(Made(command));
    }

    private static string Objective(WeakRow r) => r.Series.Split(", ")[1];

    private static string Words(string objective) => objective switch { "likelihood" => "maximum likelihood", "mmd" => "MMD, sum of four Gaussian kernels", _ => "sliced W₂²" };

    private static string Made(string command) => $"Made by <code class=\"copy\">{Html.Text(command)}</code>; every number is in weak-convergence.csv beside this page; the statements and proofs are in docs/metrics.md.";

    private static (string Svg, string Text) Entry(int k, string words) => (Symbols.Svg(s_styles[k].Symbol, s_styles[k].Color), words);

    private static Scatter Markers(WeakRow[] rows, (string Color, string Symbol) style, string mode) => new()
    {
        Mode = mode,
        Name = rows.Length > 0 ? Html.Plot(rows[0].Series) : "",
        X = [.. rows.Select(r => r.X)],
        Y = [.. rows.Select(r => r.Y)],
        Marker = new() { Symbol = style.Symbol, Color = style.Color, Size = 8 },
        Line = new() { Color = style.Color, Width = 1.5 },
        HoverText = [.. rows.Select(Hover)],
        HoverTemplate = "%{hovertext}<extra></extra>",
    };

    private static string Hover(WeakRow r)
    {
        string text = $"<b>{Html.Plot(r.Series)}</b>, {Html.Plot(r.Law)}<br>at {Html.Number(r.X)}: {Html.Number(r.Y)}";
        if (r is { Lower: { } lower, Upper: { } upper }) text += $"<br>distance of the laws within [{Html.Number(lower)}, {Html.Number(upper)}], 95%";
        if (r.Baseline is { } baseline) text += $"<br>two samples of the law: {Html.Number(baseline)}";
        return r.Bound is { } bound ? text + $"<br>theory: {Html.Number(bound)}" : text;
    }

    private static Scatter Level(double from, double to, double y, string dash) => new() { Mode = "lines", Name = "level", X = [from, to], Y = [y, y], Line = new() { Color = PlotColors.Ink, Width = 1.5, Dash = dash }, HoverTemplate = "%{y:.3g}<extra></extra>" };

    private static Scatter Curve(double[] x, double[] y) => new() { Mode = "lines", Name = "least", X = x, Y = y, Line = new() { Color = PlotColors.Ink, Width = 1.5 }, HoverTemplate = "least at L = %{x:.3g}: %{y:.3g}<extra></extra>" };

    private static Axis LogAxis(string title, double[] values)
    {
        double[] ticks = [.. Ticks(values)];
        (double left, double right) = Elements.Range(values.Select(Elements.Log10), 0.06);
        return new() { Title = new(title) { Standoff = 8 }, Type = "log", Range = [left, right], TickVals = ticks, TickText = [.. ticks.Select(v => v.ToString("0.####", CultureInfo.InvariantCulture))] };
    }

    private static Layout Logs(string x, string y, double[] xs, double[] ys)
    {
        (double low, double high) = Elements.Range(ys.Where(v => v > 0).Select(Elements.Log10), 0.06);
        return new()
        {
            XAxis = LogAxis(x, xs),
            YAxis = new() { Title = new(y) { Standoff = 6 }, Type = "log", ExponentFormat = "power", DTick = 1, Range = [low, high], TickFont = PlotColors.LogTicks },
            Margin = new() { L = 62, R = 14, T = 14, B = 46 },
        };
    }

    /// <summary>For depths the depths; for a continuous quantity 1, 2, 5 by decades.</summary>
    private static IEnumerable<double> Ticks(double[] values)
    {
        double[] distinct = [.. values.Distinct().Order()];
        if (distinct.Length <= 8 && distinct.All(v => v == Math.Round(v))) return distinct;
        double decade = Elements.PowerOf10(Math.Floor(Elements.Log10(distinct[0])));
        List<double> ticks = [];
        bool many = distinct[^1] / distinct[0] > 100;
        for (; decade <= distinct[^1]; decade *= 10)
            foreach (double m in many ? (double[])[1] : [1, 2, 5])
                if (decade * m >= 0.9 * distinct[0] && decade * m <= 1.1 * distinct[^1]) ticks.Add(decade * m);
        return ticks;
    }
}
