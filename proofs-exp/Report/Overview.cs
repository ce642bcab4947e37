using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The page's head: what it is, the figures that sum it up, and how it was made.</summary>
internal static class Overview
{
    public static string Lead(
        IReadOnlyList<Cell> cells, IReadOnlyList<TargetGroup> targets, IReadOnlyList<TargetGroup> laws, ReportData data)
    {
        StringBuilder html = new();
        html.Append("<p class=\"lead\">A coupling flow is an invertible neural network: layers that move some coordinates while the others steer them. "
            + "Theorems say that such flows can imitate any smooth invertible map as closely as one likes; this page shows how close trained flows come, "
            + "to known maps (distance of values) and to known probability laws (Kullback–Leibler divergence), and, where the study was run, how close the theorem's own proof comes.</p>\n");
        if (cells.Count == 0)
            return html.Append(Made(cells, data)).ToString(); // no tiles that count nothing
        html.Append("<ul class=\"tiles\">");
        Tile(html, cells.Count, "run", "runs");
        Tile(html, targets.Count, "target map", "target maps");
        Tile(html, laws.Count, "law", "laws");
        Tile(html, cells.Select(c => c.Family).Distinct().Count(), "family", "families");
        int diverged = cells.Count(c => c.Status == Cell.Diverged), cut = cells.Count(c => c.Status == Cell.Cut);
        html.Append($"<li{(diverged > 0 ? " class=\"bad\"" : "")}><b>{diverged}</b> diverged</li>");
        if (cut > 0)
            html.Append($"<li class=\"bad\"><b>{cut}</b> cut short</li>");
        Timing[] timings = [.. cells.Select(c => data.Timings.GetValueOrDefault(c.Hash)).OfType<Timing>()];
        if (timings.Length > 0)
        {
            string part = timings.Length < cells.Count ? $" (of {timings.Length} runs with a timing)" : "";
            html.Append($"<li><b>{Duration(timings.Sum(t => t.Seconds))}</b> of computing{part}</li>");
        }

        html.Append("</ul>\n");
        if (WinnersCard.Of([.. cells.Where(c => c.Study == Selection.Maps)]) is { } winners) html.Append(winners);
        html.Append("<div class=\"pair\">");
        if (targets.Count > 0)
            html.Append(BestMaps(targets));
        if (laws.Count > 0)
            html.Append(BestLaws(laws));
        html.Append("</div>\n");
        html.Append(Made(cells, data));
        return html.ToString();
    }

    private static void Tile(StringBuilder html, int n, string one, string many) => html.Append($"<li><b>{n}</b> {(n == 1 ? one : many)}</li>");

    private static string Duration(double seconds) => seconds switch
    {
        < 120 => $"{Html.Number(seconds)} s",
        < 7200 => $"{Html.Number(seconds / 60)} min",
        _ => $"{Html.Number(seconds / 3600)} h",
    };

    private static string BestMaps(IReadOnlyList<TargetGroup> targets)
    {
        StringBuilder html = Table("Best sup error of the trained flows, target by target (units of its values)", ["target", "d", "sup error", "by", "depth", "diverged"]);
        foreach (TargetGroup g in targets)
        {
            Cell? best = Selection.Best(g.Cells, Selection.Sup);
            Row(html, g, best, best is null ? "none finite" : Said(best));
        }

        return html.Append("</tbody></table></div>\n").ToString();
    }

    /// <summary>The sup error with the word that says how it is known.</summary>
    private static string Said(Cell c) => c.Certificate is { Sharp: true } proof ? $"{Html.Bounds(proof)} proved" : $"{Html.Number(Selection.Sup(c))} estimated";

    private static string BestLaws(IReadOnlyList<TargetGroup> laws)
    {
        StringBuilder html = Table("Smallest divergence from each law (nats, estimated, ± one standard error)", ["law", "d", "KL", "by", "depth", "diverged"]);
        foreach (TargetGroup g in laws)
        {
            Cell? best = Selection.Best(g.Cells, Selection.Kl);
            Row(html, g, best, best is null ? "none finite" : Html.PlusMinus(Selection.Kl(best), best.Likelihood?.KlStdError ?? double.NaN));
        }

        return html.Append("</tbody></table></div>\n").ToString();
    }

    private static StringBuilder Table(string caption, string[] headings)
    {
        StringBuilder html = new($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\"><table class=\"small\"><caption>{caption}</caption><thead><tr>");
        for (int i = 0; i < headings.Length; i++)
            html.Append($"<th scope=\"col\"{(i is 0 or 3 ? "" : " class=\"n\"")}>{headings[i]}</th>");
        return html.Append("</tr></thead><tbody>");
    }

    private static void Row(StringBuilder html, TargetGroup g, Cell? best, string value)
    {
        int diverged = g.Cells.Count(c => c.Status == Cell.Diverged);
        html.Append($"<tr><th scope=\"row\"><a href=\"#{g.Id}\">{Html.Text(g.Title)}</a></th><td class=\"n\">{g.First.Dimension}</td>");
        html.Append(best is null
            ? $"<td class=\"n\">{value}</td><td></td><td></td>"
            : $"<td class=\"n\"><a href=\"#{RunTables.RowId(best)}\">{value}</a></td>"
                + $"<td>{Symbols.Svg(PlotColors.Of(best.Family).Symbol, PlotColors.Of(best.Family).Color)} {Html.Text(best.Family)}</td>"
                + $"<td class=\"n\">{best.Depth}</td>");
        html.Append($"<td class=\"n{(diverged > 0 ? " bad" : "")}\">{diverged} of {g.Cells.Count}</td></tr>");
    }

    private static string Made(IReadOnlyList<Cell> cells, ReportData data)
    {
        string[] versions = [.. cells.Select(c => c.CodeVersion).Distinct().Order(StringComparer.Ordinal)];
        string code = versions.Length switch
        {
            0 => "",
            1 => $" Numeric sources of the runs: SHA-256 <code>{Html.Text(versions[0])}</code>.",
            _ => $" <span class=\"bad\">The runs come from {versions.Length} versions of the numeric sources</span>: "
                + string.Join(", ", versions.Select(v => $"<code>{Html.Text(v)}</code> ({Html.Count(cells.Count(c => c.CodeVersion == v), "run")})")) + ".",
        };
        return $"<p class=\"made\">Made by <code>{Html.Text(data.Command)}</code>.{code} The same results give the same page, byte for byte. "
            + "CSV files with every number are beside it.</p>\n";
    }
}
