using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The page's first answer: which family has the smallest sup error at which depth on which target, by how much, and how sure that is.</summary>
internal static class WinnersCard
{
    /// <summary>Two families whose medians differ by less are called level.</summary>
    private const double Level = 1.1;

    /// <summary>The error that is compared: of the refined flow where there is one.</summary>
    public static double Sup(Cell c) => c.Refined?.Errors.Sup ?? Selection.Sup(c);

    /// <summary>The table; null if there are fewer than two families.</summary>
    public static string? Of(IReadOnlyList<Cell> maps)
    {
        IReadOnlyList<Cell> main = Limits.Lm(maps);
        if (main.Select(c => c.Family).Distinct().Count() < 2) return null;
        // depths at which few families were run say nothing of who wins
        int[] depths = [.. main.GroupBy(c => c.Depth).Where(g => g.Select(c => c.Family).Distinct().Count() > 1).Select(g => g.Key).Order()];
        IReadOnlyList<TargetGroup> groups = Selection.Groups(main, "map");
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Which family wins\"><table class=\"small winners\">");
        html.Append("<caption>Which family is closest to the map (median sup error over the seeds), how many times closer than the next, and how sure that is</caption><thead><tr><th scope=\"col\">target</th><th scope=\"col\" class=\"n\">d</th>");
        foreach (int depth in depths) html.Append($"<th scope=\"col\">depth {depth}</th>");
        html.Append("</tr></thead><tbody>");
        foreach (TargetGroup g in groups)
        {
            html.Append($"<tr><th scope=\"row\"><a href=\"#{g.Id}\">{Html.Text(g.First.Target)}</a></th><td class=\"n\">{g.First.Dimension}</td>");
            foreach (int depth in depths) html.Append($"<td>{Entry(g.Cells, maps, depth)}</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table></div>\n");
        html.Insert(0, Summary(groups, depths));
        html.Append("<p class=\"note\"><b>●</b> sure: every seed of the winner is closer than every seed of the next family. <b>○</b> the medians say so, single seeds disagree. "
            + $"<b>=</b> the two closest families are within {(Level - 1) * 100:0}%."
            + (maps.Any(c => c.Method != MapSettings.Lm)
                ? " An error in <b>bold</b> is approximation-limited: two optimisers and three seeds agree within 20%, so it belongs to the architecture; the others are optimisation-limited, more training might change them."
                : "")
            + "</p>\n");
        return html.ToString();
    }

    /// <summary>The table in two sentences: how often which family is the closest, by kind of target.</summary>
    private static string Summary(IReadOnlyList<TargetGroup> groups, int[] depths)
    {
        (TargetGroup Group, Place[] Ranking)[] contests = [.. groups.SelectMany(g => depths.Select(d => (g, Ranking(g.Cells, d)))).Where(c => c.Item2.Length > 1)];
        if (contests.Length == 0) return "";
        IEnumerable<string> kinds = contests.GroupBy(c => Math.Min(c.Group.First.Dimension, 3)).OrderBy(g => g.Key).Select(g =>
        {
            Place[][] decided = [.. g.Select(c => c.Ranking).Where(r => !Tie(r))];
            string wins = string.Join(", ", decided.GroupBy(r => r[0].Family).OrderByDescending(f => f.Count()).ThenBy(f => f.Key, StringComparer.Ordinal).Select(f => $"<b>{Html.Text(f.Key)}</b> {f.Count()}"));
            int ties = g.Count() - decided.Length;
            return $"{g.Key switch { 1 => "on the line", 2 => "in the plane", _ => "in three and more dimensions" }} {(wins.Length == 0 ? "none" : wins)}{(ties > 0 ? $", {ties} level" : "")}";
        });
        return $"<p class=\"answer\">The closest family, counted over {contests.Length} pairs of target and depth: {string.Join("; ", kinds)}. {contests.Count(c => !Tie(c.Ranking) && Sure(c.Ranking))} of these verdicts hold for every single seed.</p>\n";
    }

    private static bool Tie(Place[] ranking) => ranking[1].Median < Level * ranking[0].Median;

    private readonly record struct Place(string Family, Cell[] Cells, double Median);

    /// <summary>The families at a depth, the closest first.</summary>
    private static Place[] Ranking(IReadOnlyList<Cell> cells, int depth) =>
    [
        .. cells.Where(c => c.Depth == depth).GroupBy(c => c.Family)
            .Select(g => new Place(g.Key, [.. g], Selection.Median(g.Select(c => c.Status == Cell.Diverged ? double.NaN : Sup(c)))))
            .Where(p => double.IsFinite(p.Median)).OrderBy(p => p.Median),
    ];

    /// <summary>Whether every run of the first is closer than every run of the second.</summary>
    private static bool Sure(Place[] ranking) => ranking[0].Cells.Max(Sup) < ranking[1].Cells.Min(Sup);

    private static string Entry(IReadOnlyList<Cell> cells, IReadOnlyList<Cell> study, int depth)
    {
        Place[] order = Ranking(cells, depth);
        if (order.Length == 0) return "";
        (string family, Cell[] best, double median) = order[0];
        FamilyStyle style = PlotColors.Of(family);
        Cell first = best[0];
        Limit limit = Limits.Of(study.Where(c => c.Target == first.Target && c.Domain == first.Domain && c.Family == family && c.Depth == depth && c.Hidden == first.Hidden && c.Activation == first.Activation));
        string value = Html.Number(median);
        if (limit == Limit.Approximation) value = $"<b>{value}</b>";
        string name = $"{Symbols.Svg(style.Symbol, style.Color)} {Html.Text(family)} {value}";
        if (order.Length == 1) return name;
        double ratio = order[1].Median / median;
        string mark = ratio < Level ? "=" : Sure(order) ? "●" : "○";
        string times = ratio < Level ? $"= {Html.Text(order[1].Family)}" : ratio is < 1000 ? $"{mark} {Html.Number(ratio)}×" : $"{mark} &gt; 1000×";
        return $"{name}<br><span class=\"sub\">{times}</span>";
    }
}
