using System.Globalization;
using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>Constructed flows with a proof that their sup error is within what was asked: certified witnesses of universality, each for one map and one ε.</summary>
internal static class WitnessCards
{
    /// <summary>Whether a cell proves what it was asked for: nothing that depends on points alone counts.</summary>
    public static bool IsWitness(Cell c) => c.Status == Cell.Finished && c.Certificate is { Proved: true } proof && proof.Upper <= c.Construction!.Epsilon;

    /// <summary>The card; null if no cell was tried.</summary>
    public static Card? Of(IReadOnlyList<Cell> constructed)
    {
        Cell[] tried = [.. constructed.Where(c => c.Certificate is { End: not "none" } && c.Construction is not null)];
        Cell[] proved = [.. tried.Where(IsWitness)];
        if (tried.Length == 0) return null;
        Card card = new(
            "witness-card",
            "Certified witnesses",
            $"{proved.Length} of {Html.Count(tried.Length, "constructed flow")} have a proof, found within a fixed number of boxes, that the sup error is at most the ε asked for.",
            "An explicit flow g with a proof of max |f − g| ≤ ε over K is a witness of universality for this f and this ε. Filled marker with a solid bar: proved, the sup error lies in the bar. "
            + "Hollow marker: an estimate from points only, as the search found no upper bound within twice the lower one. Below the dashed line the error is less than ε. Families stand a little apart sideways.");
        card.Key(
            PlotColors.Ordered(tried.Select(c => c.Family)),
            (Symbols.Svg("proved", PlotColors.Ink), "filled, with a solid bar: proved"), (Symbols.Svg("circle-open", PlotColors.Ink), "hollow: estimated from points"), (Symbols.Svg("dash", PlotColors.Ink), "sup error = ε"));
        card.Row(tried.GroupBy(c => c.Dimension).OrderBy(g => g.Key).Select(g => Panel([.. g])));
        if (proved.Length == 0) return card;
        card.Paragraph("The commands build the flow anew, with a certificate file that <code>uf check</code> proves again; there the bounds are searched to a gap of their own. "
            + "What is assumed: <code>docs/certificates.md</code>.");
        return card.Raw(Table(proved));
    }

    /// <summary>The command that builds a witness with its certificate.</summary>
    public static string Command(Cell c) => c.Command.Replace(" --out built", " --certify --out built", StringComparison.Ordinal);

    private static Figure Panel(Cell[] cells)
    {
        double[] epsilons = [.. cells.Select(c => c.Construction!.Epsilon)];
        (double left, double right) = Padded(epsilons);
        (double low, double high) = Padded(cells.SelectMany(c => c.Certificate is { Sharp: true } p ? new[] { p.Lower, p.Upper } : [Selection.Sup(c)]).Concat(epsilons));
        List<Trace> traces =
        [
            new Scatter { Mode = "lines", Name = "sup error = ε", X = [Elements.PowerOf10(left), Elements.PowerOf10(right)], Y = [Elements.PowerOf10(left), Elements.PowerOf10(right)], Line = new() { Color = PlotColors.Ink, Width = 1.2, Dash = "dash" }, HoverInfo = "skip" },
        ];
        string[] families = [.. PlotColors.Ordered(cells.Select(c => c.Family))];
        foreach (bool sharp in new[] { true, false })
        {
            for (int k = 0; k < families.Length; k++)
            {
                Cell[] own = [.. cells.Where(c => c.Family == families[k] && c.Certificate!.Sharp == sharp)];
                if (own.Length > 0) traces.Add(Marks(own, sharp, Elements.PowerOf2(0.4 * (k - (0.5 * (families.Length - 1))))));
            }
        }

        int d = cells[0].Dimension;
        return new Figure
        {
            Id = $"witnesses-{d}",
            Title = d == 1 ? "Maps of R" : $"Maps of R{(d == 2 ? "²" : "³")}",
            Label = $"Sup errors of {cells.Length} flows constructed for maps of R^{d} against the error asked for; {cells.Count(IsWitness)} are proved to be within it.",
            Aspect = 1.1,
            Plots =
            [
                new(traces, new Layout
                {
                    XAxis = new() { Title = new("ε, the sup error asked for") { Standoff = 8 }, Type = "log", Range = [left, right], ExponentFormat = "power", DTick = 1, TickFont = PlotColors.LogTicks },
                    YAxis = new() { Title = new("sup error on K") { Standoff = 6 }, Type = "log", Range = [low, high], ExponentFormat = "power", DTick = 1, TickFont = PlotColors.LogTicks },
                    Margin = new() { L = 62, R = 14, T = 14, B = 46 },
                }),
            ],
        };
    }

    /// <summary>The decades of some values with room for markers that stand aside.</summary>
    private static (double Low, double High) Padded(IEnumerable<double> values)
    {
        (double low, double high) = Elements.Range(values.Where(v => v > 0).Select(Elements.Log10), 0.08);
        return (low - 0.25, high + 0.25);
    }

    private static Scatter Marks(Cell[] cells, bool sharp, double shift)
    {
        FamilyStyle style = PlotColors.Of(cells[0].Family);
        double[] place = [.. cells.Select(c => sharp ? Math.Sqrt(c.Certificate!.Lower) * Math.Sqrt(c.Certificate.Upper) : Selection.Sup(c))];
        return new Scatter
        {
            Mode = "markers",
            Name = $"{cells[0].Family}, {(sharp ? "proved" : "estimated")}",
            X = [.. cells.Select(c => c.Construction!.Epsilon * shift)],
            Y = place,
            Marker = new() { Symbol = sharp ? style.Symbol : style.Symbol + "-open", Color = style.Color, Size = 8 },
            ErrorY = sharp ? new() { Array = [.. cells.Select((c, i) => c.Certificate!.Upper - place[i])], ArrayMinus = [.. cells.Select((c, i) => place[i] - c.Certificate!.Lower)], Thickness = 4, Width = 0 } : null,
            CustomData = [.. cells.Select(RunTables.RowId)],
            HoverText =
            [
                .. cells.Select(c => $"<b>{Html.Plot(c.Target)}</b>, {Html.Plot(c.Family)}, {Html.Count(c.Depth, "coupling")}<br>ε = {Html.Number(c.Construction!.Epsilon)}<br>"
                    + (sharp ? $"sup: proved, {Html.Bounds(c.Certificate!)}" : $"sup: estimated, {Html.Number(Selection.Sup(c))}{(c.Certificate!.Proved ? $"<br>proved no closer than {Html.Bounds(c.Certificate)}" : "")}")),
            ],
            HoverTemplate = "%{hovertext}<extra></extra>",
        };
    }

    private static string Table(Cell[] proved)
    {
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Certified witnesses\"><table class=\"small\"><thead><tr><th scope=\"col\">target</th><th scope=\"col\">family</th>");
        foreach (string head in (string[])["couplings", "parameters", "ε asked", "sup, proved ≥", "sup, proved ≤", "boxes"]) html.Append($"<th scope=\"col\" class=\"n\">{head}</th>");
        html.Append("<th scope=\"col\">command</th></tr></thead><tbody>");
        foreach (Cell c in proved)
        {
            Certified p = c.Certificate!;
            html.Append($"<tr><th scope=\"row\" class=\"wrap\">{Html.Text(c.Target)}</th><td><a href=\"#{RunTables.RowId(c)}\">{Html.Text(c.Family)}</a></td>");
            foreach (string field in (string[])[$"{c.Depth}", $"{c.Parameters}", Html.Number(c.Construction!.Epsilon), Html.Rounded(p.Lower, 4, -1), Html.Rounded(p.Upper, 4, 1), p.Boxes.ToString(CultureInfo.InvariantCulture)])
                html.Append($"<td class=\"n\">{Html.Text(field)}</td>");
            html.Append($"<td><code class=\"copy\">{Html.Text(Command(c))}</code></td></tr>\n");
        }

        return html.Append("</tbody></table></div>").ToString();
    }
}
