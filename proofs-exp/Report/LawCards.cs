using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>A card a law: its density, the density of the best flow of each family, points of both, and the divergence between them.</summary>
internal static class LawCards
{
    private const int WindowSamples = 4000;
    private const int DrawnSamples = 1000;
    private const int FieldPoints = 71;
    private const int HistogramBins = 36;
    private const int HistogramSamples = 40000;
    private const int CurvePoints = 401;
    private const double Decades = 5;

    /// <summary>A normal estimate is this many standard errors too low once in 30 000 times.</summary>
    private const int ChanceLimit = 4;

    public static readonly IReadOnlyList<string> Views = ["density", "log₁₀ density", "samples"];

    public static Card Of(TargetGroup group, ReportData data)
    {
        int d = group.First.Dimension;
        Card card = new(group.Id, group.Title, Selection.Describe(group.Cells), HowToRead(d));
        card.Raw(KlTable(group));
        int tooGood = group.Cells.Count(c => c.Likelihood is { } l && l.Kl < -ChanceLimit * l.KlStdError);
        if (tooGood > 0)
        {
            card.Paragraph(
                $"{Html.Count(tooGood, "run")} of {group.Cells.Count} with a divergence below zero by more than {ChanceLimit} standard errors. "
                + "Chance does not do that: the entropy, the log-determinant or the test points must be wrong.", "warning");
        }

        Cell[] best = [.. group.Cells.GroupBy(c => c.Family).Select(g => Selection.Best(g, Selection.Kl)).OfType<Cell>()];
        if (best.Length == 0)
            card.Paragraph("No run against this law has a finite divergence.", "warning");
        double[]? samples = data.LawSamples(group.First.Target, WindowSamples);
        if (samples is null || samples.Length < 2 * d)
            return card.Paragraph("The law cannot be sampled, so there is no picture.", "warning");
        (double Low, double High)[] window = [.. Enumerable.Range(0, Math.Min(d, 2)).Select(j => Window(Elements.Column(samples, d, j)))];
        if (d == 1)
            Curves(card, group, best, window[0], data);
        else
            Panels(card, group, best, window, samples, data);
        return card;
    }

    private static string HowToRead(int d) => d switch
    {
        1 => "The law's density in black, the density of each family's best flow dashed; they should coincide. The buttons change the scale.",
        2 => "The first picture is the law, the others are each family's best flow on the same colour scale; look for bridges between "
            + "separate parts and for blurred edges. The buttons change what is drawn; colours stop at the ends of the scale.",
        _ => "Points of the law and of each family's best flow, first two coordinates; the divergences are in all coordinates.",
    };

    private static string KlTable(TargetGroup group)
    {
        int[] depths = [.. group.Cells.Select(c => c.Depth).Distinct().Order()];
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Divergences of this law\"><table class=\"small\"><caption>");
        Likelihood? any = group.Cells.Select(c => c.Likelihood).FirstOrDefault(l => l is not null);
        html.Append("KL(p‖q) over the entropy floor, in nats: smallest over all runs ± its standard error");
        html.Append(any is null ? ".</caption>" : $"; floor H(p) = {Html.Number(any.Entropy ?? double.NaN)} nats, {any.TestPoints} test points.</caption>");
        html.Append("<thead><tr><th scope=\"col\">family</th>");
        foreach (int depth in depths)
            html.Append($"<th scope=\"col\" class=\"n\">depth {depth}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var family in group.Cells.GroupBy(c => c.Family))
        {
            html.Append($"<tr><th scope=\"row\">{Html.Text(family.Key)}</th>");
            foreach (int depth in depths)
            {
                Cell[] cells = [.. family.Where(c => c.Depth == depth)];
                Cell? best = Selection.Best(cells, Selection.Kl);
                int diverged = cells.Count(c => c.Status == Cell.Diverged);
                string text = cells.Length == 0 ? "not run"
                    : best is null ? "no finite value"
                    : $"<a href=\"#{RunTables.RowId(best)}\">{Html.PlusMinus(Selection.Kl(best), best.Likelihood?.KlStdError ?? double.NaN)}</a>";
                html.Append($"<td class=\"n\">{text}{(diverged == 0 ? "" : $"<br><span class=\"bad\">{diverged} of {cells.Length} diverged</span>")}</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table></div>").ToString();
    }

    private static void Panels(
        Card card, TargetGroup group, Cell[] best, (double Low, double High)[] window, double[] samples, ReportData data)
    {
        int d = group.First.Dimension;
        double[] x = Elements.Linspace(window[0].Low, window[0].High, FieldPoints), y = Elements.Linspace(window[1].Low, window[1].High, FieldPoints);
        double[] points = [.. y.SelectMany(b => x.SelectMany(a => new[] { a, b }))];
        List<(string Id, string Title, double[] X, double[] Y, double[]? Density, double[]? Samples)> panels = [];
        double[]? law = d == 2 ? Density(data.LawLogDensity(group.First.Target, points)) : null;
        string title = "Law p";
        (double[] hx, double[] hy) = (x, y);
        if (law is null && d == 2)
        {
            (hx, hy, law) = Histogram(data.LawSamples(group.First.Target, HistogramSamples) ?? samples, window);
            title = "Law p (histogram of its points)";
        }

        panels.Add(($"{group.Id}-law", title, hx, hy, law, samples));
        List<string> missing = [];
        foreach (Cell c in best)
        {
            double[]? drawn = data.Flow(c, data.BaseSamples(d, DrawnSamples))?.Values;
            double[]? density = d == 2 ? FlowDensity(c, points, data) : null;
            if (drawn is null && density is null)
                missing.Add($"The flow file {c.FlowFile} ({c.Family}) cannot be read, so there is no picture of it.");
            else
                panels.Add(($"{group.Id}-{Html.Slug(c.Family)}", $"{c.Family}, depth {c.Depth}, seed {c.Seed}: KL {Html.Number(Selection.Kl(c))} nats", x, y, density, drawn));
        }

        // the law sets the scale: a spike of a bad flow must not darken every picture
        double top = law is { } l ? l.Where(double.IsFinite).DefaultIfEmpty(1).Max() : 1;
        top = top > 0 ? top : 1;
        if (d == 2)
            card.Buttons("Show", Views);
        card.Row(panels.Select(p => new Figure
        {
            Id = p.Id,
            Title = p.Title,
            Label = $"{p.Title}; law {group.Title}",
            Aspect = MapCards.EqualAspect(window[0], window[1], colorBar: d == 2),
            Plots = d == 2
                ? [Field(p.X, p.Y, p.Density, top, window, false), Field(p.X, p.Y, p.Density, top, window, true), Cloud(p.Samples, d, window)]
                : [Cloud(p.Samples, d, window)],
        }));
        foreach (string sentence in missing)
            card.Paragraph(Html.Text(sentence), "warning");
    }

    private static Plot Field(double[] x, double[] y, double[]? density, double top, (double Low, double High)[] window, bool log)
    {
        double high = log ? Elements.Log10(top) : top, low = log ? high - Decades : 0;
        double[][] z = new double[y.Length][];
        for (int j = 0; j < y.Length; j++)
        {
            z[j] = new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                double p = density is null ? double.NaN : density[(j * x.Length) + i];
                z[j][i] = log ? Math.Max(low, Elements.Log10(p)) : p;
            }
        }

        string name = log ? "log₁₀ density" : "density (1/unit²)";
        return new(
            [
                new Heatmap
                {
                    X = x, Y = y, Z = z, ColorScale = PlotColors.Density, ZMin = low, ZMax = high,
                    ColorBar = new() { Title = new(name) { Side = "right" }, Thickness = 10 },
                    HoverTemplate = "x₁ %{x:.2f}<br>x₂ %{y:.2f}<br>" + (log ? "log₁₀ density" : "density") + " %{z:.3g}<extra></extra>",
                },
            ],
            MapCards.Equal("x₁", "x₂", window[0], window[1]) with { PlotColor = "#eceff3" });
    }

    private static Plot Cloud(double[]? samples, int d, (double Low, double High)[] window)
    {
        double[] drawn = samples is null ? [] : samples[..Math.Min(samples.Length, DrawnSamples * d)];
        return new(
            [
                new Scatter
                {
                    Mode = "markers", Name = "samples", X = Elements.Column(drawn, d, 0), Y = Elements.Column(drawn, d, 1),
                    Marker = new() { Color = "#0072B2", Size = 3, Opacity = 0.6 }, HoverInfo = "skip",
                },
            ],
            MapCards.Equal("x₁", "x₂", window[0], window[1]));
    }

    private static void Curves(Card card, TargetGroup group, Cell[] best, (double Low, double High) window, ReportData data)
    {
        double[] x = Elements.Linspace(window.Low, window.High, CurvePoints);
        List<Trace> traces = [];
        if (Density(data.LawLogDensity(group.First.Target, x)) is { } law)
            traces.Add(Curve("law p", x, law, PlotColors.Target, null));
        else
            card.Paragraph("The law has no density to draw.", "warning");
        foreach (Cell c in best)
        {
            if (FlowDensity(c, x, data) is { } density)
                traces.Add(Curve(Html.Plot($"{c.Family}, depth {c.Depth}, seed {c.Seed}"), x, density, PlotColors.Of(c.Family).Color, "dash"));
            else
                card.Paragraph(Html.Text($"The flow file {c.FlowFile} ({c.Family}) cannot be read, so there is no picture of it."), "warning");
        }

        Axis axis = new() { Title = new("x"), Range = [window.Low, window.High], ZeroLine = false };
        double peak = traces.SelectMany(t => t.Y).Where(double.IsFinite).DefaultIfEmpty(1).Max(), decade = Elements.Log10(peak);
        card.Buttons("Show", "density", "log density");
        card.Raw("<ul class=\"key\">" + $"<li>{Symbols.Svg("line", PlotColors.Target)} law p</li>"
            + string.Concat(best.Select(c => $"<li>{Symbols.Svg("dash", PlotColors.Of(c.Family).Color)} {Html.Text(c.Family)}, depth {c.Depth}, seed {c.Seed}</li>")) + "</ul>");
        card.Row(
        [
            new Figure
            {
                Id = $"{group.Id}-curves",
                Title = "Densities",
                Label = $"The density of the law {group.Title} and of each family's best flow",
                Plots =
                [
                    new(traces, new() { XAxis = axis, YAxis = new() { Title = new("density (1/unit)") } }),
                    new(traces, new()
                    {
                        XAxis = axis,
                        YAxis = new() { Title = new("density (1/unit)"), Type = "log", ExponentFormat = "power", TickFont = PlotColors.LogTicks, Range = [decade - Decades, decade + 0.2] },
                    }),
                ],
            },
        ]);
    }

    private static Scatter Curve(string name, double[] x, double[] y, string color, string? dash) => new()
    {
        Mode = "lines",
        Name = name,
        X = x,
        Y = y,
        Line = new() { Color = color, Width = dash is null ? 3 : 2, Dash = dash },
        HoverTemplate = "x %{x:.3f}<br>density %{y:.4g}<extra></extra>",
    };

    /// <summary>log q(y) = log base(g⁻¹(y)) + log|det Dg⁻¹(y)|, exponentiated; null when the flow cannot be evaluated.</summary>
    private static double[]? FlowDensity(Cell c, double[] points, ReportData data)
    {
        if (data.Inverse(c, points) is not { } inverse)
            return null;
        double[] log = data.BaseLogDensity(c.Dimension, inverse.Values);
        return Density([.. log.Zip(inverse.LogDet, (a, b) => a + b)]);
    }

    private static double[]? Density(double[]? log) => log is null
        ? null
        : [.. log.Select(v => double.IsNegativeInfinity(v) ? 0 : double.IsFinite(v) ? Elements.Exp(v) : double.NaN)];

    private static (double[] X, double[] Y, double[] Density) Histogram(double[] samples, (double Low, double High)[] window)
    {
        double w = (window[0].High - window[0].Low) / HistogramBins, h = (window[1].High - window[1].Low) / HistogramBins;
        double[] density = new double[HistogramBins * HistogramBins];
        double each = 1 / ((samples.Length / 2) * w * h);
        for (int i = 0; i + 1 < samples.Length; i += 2)
        {
            double a = (samples[i] - window[0].Low) / w, b = (samples[i + 1] - window[1].Low) / h;
            if (a >= 0 && a < HistogramBins && b >= 0 && b < HistogramBins)
                density[((int)b * HistogramBins) + (int)a] += each;
        }

        return (
            Elements.Linspace(window[0].Low + (0.5 * w), window[0].High - (0.5 * w), HistogramBins),
            Elements.Linspace(window[1].Low + (0.5 * h), window[1].High - (0.5 * h), HistogramBins),
            density);
    }

    /// <summary>All but the outermost half per cent of the points on each side, and a tenth more.</summary>
    private static (double Low, double High) Window(double[] column)
    {
        double[] sorted = [.. column.Where(double.IsFinite).Order()];
        int cut = sorted.Length / 200;
        return Elements.Range(sorted[cut..(sorted.Length - cut)], 0.1);
    }
}
