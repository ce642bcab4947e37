using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>What a small sup error costs besides layers: weights, Lipschitz constants and condition numbers of the two routes, side by side.</summary>
internal static class CostCards
{
    private static readonly (string Key, string Words, string Symbol, string? Dash)[] Drawn =
    [
        ("largestWeight", "largest weight", "circle", null), ("rest", "largest stretch of what follows a layer", "square", "dash"),
        ("lipschitz", "Lip g", "triangle-up", "dot"), ("inverseLipschitz", "Lip g⁻¹", "triangle-down", "dashdot"),
    ];

    private static readonly (string Name, string Color)[] s_routes = [("overshear", AffineSection.Styles[0].Color), ("henon", AffineSection.Styles[1].Color)];

    /// <summary>The card.</summary>
    public static Card Of(Cell[] cells)
    {
        Card card = new(
            "affine-costs",
            "The cost of universality in the sup norm",
            $"n = {Html.Count(cells.Length, "construction")} on {cells[0].Domain}: two routes on the same maps. Suprema over K are measured on a grid: estimates from below, but for the column of proved ones.",
            "Hollow markers are estimates from points; a weight is read off the flow. Route overshear: exact flows of shears and overshears, steps corrected. Route henon: ridge fields by Hénon-like layers with a small δ. ε falls to the right. Lip: the Lipschitz constant, the largest operator norm ‖D‖ "
            + "of the derivative. C¹: the largest ‖Df − Dg‖. Condition: the largest ‖D‖‖D⁻¹‖ of one layer. Stretch: the largest ‖D‖ of all that follows a layer, by which a rounding error there is amplified.");
        card.Paragraph("<b>What it means.</b> Both routes reach a small sup error with flows as tame as the map itself. The layers of route henon are of the size 1/δ inside, which cancels only in their product; "
            + "with overshears no layer is far from the identity.");
        card.Raw("<ul class=\"key\">" + string.Concat(s_routes.Select(r => $"<li>{Symbols.Svg("line", r.Color)} route {r.Name}</li>"))
            + string.Concat(Drawn.Select(q => $"<li>{Symbols.Svg(Mark(q.Key, q.Symbol), PlotColors.Ink)} {Html.Text(q.Words)}</li>")) + "</ul>");
        return card.Row(cells.GroupBy(c => c.Target).Select((map, k) => Panel([.. map], k))).Raw(Table(cells));
    }

    /// <summary>A weight is read off the flow; the suprema are estimates: hollow.</summary>
    private static string Mark(string key, string symbol) => key == "largestWeight" ? symbol : symbol + "-open";

    private static string Route(Cell c) => c.Construction!.Affine!.Route;

    private static double Value(Cell c, string key) => c.Construction!.Affine!.Constant(key);

    private static Figure Panel(Cell[] cells, int number)
    {
        (double low, double high) = Elements.Range(cells.SelectMany(c => Drawn.Select(q => Value(c, q.Key))).Where(v => v > 0).Select(Elements.Log10), 0.08);
        (double left, double right) = Elements.Range(cells.Select(c => Elements.Log10(c.Construction!.Epsilon)), 0.12);
        List<Trace> traces = [];
        foreach ((string route, string color) in s_routes)
        {
            Cell[] own = [.. cells.Where(c => Route(c) == route).OrderByDescending(c => c.Construction!.Epsilon)];
            if (own.Length == 0) continue;
            traces.AddRange(Drawn.Select(q => new Scatter
            {
                Mode = "lines+markers",
                Name = q.Words,
                X = [.. own.Select(c => c.Construction!.Epsilon)],
                Y = [.. own.Select(c => Value(c, q.Key))],
                Line = new() { Color = color, Width = 1.5, Dash = q.Dash },
                Marker = new() { Symbol = Mark(q.Key, q.Symbol), Color = color, Size = 8 },
                CustomData = [.. own.Select(RunTables.RowId)],
                HoverText = [.. own.Select(c => $"<b>{Html.Plot(q.Words)}</b> {Html.Number(Value(c, q.Key))}<br>route {route}, ε = {Html.Number(c.Construction!.Epsilon)}, sup {(c.Certificate is { Sharp: true } p ? $"proved, {Html.Bounds(p)}" : $"estimated, {Html.Number(Selection.Sup(c))}")}<br>{c.Depth} affine couplings")],
                HoverTemplate = "%{hovertext}<extra></extra>",
            }));
        }

        return new Figure
        {
            Id = $"affine-cost-{number}",
            Title = cells[0].Target,
            Label = $"Largest weight, stretch and Lipschitz constants of the flows constructed by two routes for {cells[0].Target}, against epsilon.",
            Plots =
            [
                new(traces, new Layout
                {
                    XAxis = new() { Title = new("ε, the sup error asked for") { Standoff = 8 }, Type = "log", Range = [right, left], ExponentFormat = "power", DTick = 1, TickFont = PlotColors.LogTicks },
                    YAxis = new() { Title = new("weight, stretch, Lip") { Standoff = 6 }, Type = "log", ExponentFormat = "power", DTick = 1, Range = [low, high], TickFont = PlotColors.LogTicks },
                    Margin = new() { L = 58, R = 14, T = 14, B = 46 },
                }),
            ],
        };
    }

    private static string Table(Cell[] cells)
    {
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Two routes to a small sup error\"><table class=\"small\"><thead><tr><th scope=\"col\">route</th>");
        foreach (string head in (string[])["ε", "sup, estimated", "sup, proved ≤", "C¹", "couplings", "linear maps", "largest weight", "Lip g", "Lip g⁻¹", "stretch", "condition"]) html.Append($"<th scope=\"col\" class=\"n\">{head}</th>");
        html.Append("</tr></thead><tbody>");
        string? before = null;
        foreach (Cell c in cells.GroupBy(c => c.Target).SelectMany(g => g.OrderByDescending(c => c.Construction!.Epsilon).ThenByDescending(Route, StringComparer.Ordinal)))
        {
            ConstructionSummary k = c.Construction!;
            if (c.Target != before) html.Append($"<tr><th scope=\"rowgroup\" colspan=\"12\">{Html.Text(c.Target)}</th></tr>\n");
            before = c.Target;
            html.Append($"<tr><td><a href=\"#{RunTables.RowId(c)}\">{Html.Text(Route(c))}</a></td>");
            foreach (string field in (string[])
            [
                Html.Number(k.Epsilon), Html.Number(Selection.Sup(c)) + (k.Met ? "" : " (not met)"), c.Certificate is { Proved: true } p ? Html.Rounded(p.Upper, 3, 1) : "–", Html.Number(c.Errors?.C1 ?? double.NaN), $"{c.Depth}", Html.Number(Value(c, "linearMaps")),
                Html.Number(Value(c, "largestWeight")), Html.Number(Value(c, "lipschitz")), Html.Number(Value(c, "inverseLipschitz")), Html.Number(Value(c, "rest")), Html.Number(Value(c, "condition")),
            ])
            {
                html.Append($"<td class=\"n\">{Html.Text(field)}</td>");
            }

            html.Append("</tr>\n");
        }

        return html.Append("</tbody></table></div>").ToString();
    }
}
