using System.Text;
using UniversalFlows.Construction;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The section on flows that the proof constructs: all of them in a table, and for each target the error budget of the finest one, layer by layer.</summary>
internal static class ConstructionSection
{
    /// <summary>Adds the section.</summary>
    public static void AddTo(Page page, IReadOnlyList<Cell> cells, IReadOnlyList<Cell> rates, IReadOnlyList<Cell> affine, ReportData data)
    {
        // the report's order of targets and families, coarse errors before fine ones
        cells = [.. cells.GroupBy(c => (c.Target, c.Family)).SelectMany(g => g.OrderByDescending(c => c.Construction!.Epsilon))];
        page.Section("constructions", "The proof, executed", "The universality theorem's proof, run as a compiler from a map and an error to an explicit flow. Nothing here was trained.");
        if (cells.Count > 0) page.Add(Table(cells, data));
        if (WitnessCards.Of([.. cells, .. affine]) is { } witnesses) page.Add(witnesses);
        Cell[] shown = [.. cells.Where(c => c.Construction!.Chains.Count == 1).GroupBy(c => (c.Dimension, c.Target)).Select(g => g.MinBy(c => c.Construction!.Epsilon)!)];
        foreach (var target in cells.Where(c => c.Dimension == 2 && c.Construction!.Chains is [{ Moments.Count: > 1 }]).GroupBy(c => (c.Target, c.Domain)))
        {
            // the finest sum of squares, whose layers are the proof's own
            Cell c = target.OrderBy(c => c.Family == "sos" ? 0 : 1).ThenBy(c => c.Construction!.Epsilon).First();
            if (ChainCards.Of(c, data) is { } chain) page.Add(chain);
        }

        if (shown.Length > 0) page.Add(Budget(shown));
        if (RateCards.Of(rates) is { } card) page.Add(card);
    }

    private static Card Table(IReadOnlyList<Cell> cells, ReportData data)
    {
        int met = cells.Count(c => c.Construction!.Met);
        Card card = new(
            "constructed-card",
            "Constructed flows",
            $"{met} of {cells.Count} constructions kept within the error that they were asked for, measured on other points than they were made from.",
            "Asked: the sup error wanted. Estimated: the error measured (a grid and local ascents, from below). Proved: no point of K has a larger one; – where the search's number of boxes gave no upper bound. Bound: what the errors of the layers add up to by the time they reach the end, to first order; "
            + "it is an estimate, not a certificate. Inverse: how far the flow's inverse after the flow is from the identity.");
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Constructed flows\"><table class=\"small\"><thead><tr>");
        foreach (string head in (string[])["target", "family"]) html.Append($"<th scope=\"col\">{head}</th>");
        foreach (string head in (string[])["asked", "sup, estimated", "sup, proved ≤", "bound", "factors N", "layers", "degree", "parameters", "inverse", "seconds"]) html.Append($"<th scope=\"col\" class=\"n\">{head}</th>");
        html.Append("<th scope=\"col\">command</th></tr></thead><tbody>");
        foreach (Cell c in cells)
        {
            ConstructionSummary k = c.Construction!;
            html.Append($"<tr><th scope=\"row\">{Html.Text(c.Target)}</th><td>{Html.Text(c.Family)}</td>");
            foreach (string field in (string[])
            [
                Html.Number(k.Epsilon), Html.Number(Selection.Sup(c)), c.Certificate is { Proved: true } p ? Html.Rounded(p.Upper, 3, 1) : "–", Html.Number(k.Bound), string.Join(" + ", k.Chains.Select(s => s.Factors)), $"{c.Depth}",
                string.Join(" + ", k.Chains.Select(s => s.Layers.Max(l => l.Degree))), $"{c.Parameters}", Html.Number(k.Inverse),
                data.Timings.GetValueOrDefault(c.Hash) is { } t ? Html.Number(t.Seconds) : "",
            ])
            {
                html.Append($"<td class=\"n\">{Html.Text(field)}</td>");
            }

            html.Append($"<td><code class=\"copy\">{Html.Text(c.Command)}</code></td></tr>\n");
        }

        return card.Raw(html.Append("</tbody></table></div>").ToString());
    }

    private static Card Budget(Cell[] shown) => new Card(
        "budget-card",
        "What each layer was granted, and what it took",
        $"{Html.Count(shown.Length, "construction")}, the finest of each target; errors in units of the target's values.",
        "Layers stand in the order of application. Line: the error at the end of the flow that the budget grants to the layer. Hollow marker: its own sup error on its tube, estimated, times the factor by which the rest of "
        + "the flow stretches it. A marker below the line is a layer within its budget; the dashed line is the error of the whole flow, estimated from points.")
        .Row(shown.Select(Figure));

    private static Figure Figure(Cell c)
    {
        IReadOnlyList<LayerRecord> layers = c.Construction!.Chains[0].Layers;
        double[] place = [.. layers.Select((_, i) => i + 1.0)];
        double[] granted = [.. layers.Select(l => l.Allotted * l.Amplification)], taken = [.. layers.Select(l => l.Realised * l.Amplification)];
        double sup = Selection.Sup(c);
        (double low, double high) = Elements.Range([.. granted.Concat(taken).Append(sup).Append(c.Construction.Epsilon).Where(v => v > 0).Select(Elements.Log10)], 0.1);
        FamilyStyle style = PlotColors.Of(c.Family);
        return new Figure
        {
            Id = $"budget-{Html.Slug(c.Target)}",
            Title = $"{c.Target}, {c.Family}, {Html.Number(c.Construction.Epsilon)} asked for",
            Label = $"Granted and realised error of the {layers.Count} layers of the flow constructed for {c.Target}.",
            Plots =
            [
                new(
                [
                    new Scatter { Mode = layers.Count == 1 ? "markers" : "lines+markers", Name = "granted", X = place, Y = granted, Line = new() { Color = PlotColors.Ink, Width = 1.5 }, Marker = new() { Symbol = "line-ew-open", Color = PlotColors.Ink, Size = 10 } },
                    new Scatter
                    {
                        Mode = "markers", Name = "realised", X = place, Y = [.. taken.Select(v => v > 0 ? v : double.NaN)], Marker = new() { Symbol = style.Symbol + "-open", Color = style.Color, Size = 9 },
                        HoverText = [.. layers.Select(l => $"factor {l.Factor}, coordinate {l.Coordinate + 1}<br>degree {l.Degree}, error {Html.Number(l.Realised)} of {Html.Number(l.Allotted)}<br>stretched by {Html.Number(l.Amplification)}")],
                        HoverTemplate = "%{hovertext}<extra></extra>",
                    },
                    new Scatter { Mode = "lines", Name = "measured sup error", X = [0.5, layers.Count + 0.5], Y = [sup, sup], Line = new() { Color = style.Color, Width = 1.5, Dash = "dash" } },
                ],
                new Layout
                {
                    XAxis = new() { Title = new("layer, in the order of application") { Standoff = 8 }, DTick = layers.Count <= 10 ? 1 : null, Range = [0.5, layers.Count + 0.5] },
                    YAxis = new() { Title = new("error at the end of the flow") { Standoff = 6 }, Type = "log", ExponentFormat = "power", DTick = 1, Range = [low, high], TickFont = PlotColors.LogTicks },
                    Margin = new() { L = 62, R = 14, T = 14, B = 46 },
                }),
            ],
        };
    }
}
