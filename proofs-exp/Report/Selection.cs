using UniversalFlows.Measurement;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The runs against one target on one domain.</summary>
/// <param name="Id">An anchor, unique among the groups of a study.</param>
/// <param name="Title">The target's name, with its domain for a map.</param>
/// <param name="Cells">At least one, in the report's order.</param>
internal sealed record TargetGroup(string Id, string Title, IReadOnlyList<Cell> Cells)
{
    public Cell First => Cells[0];
}

/// <summary>The runs that differ in seed and depth only.</summary>
/// <param name="Family">The family.</param>
/// <param name="Setting">Conditioner and method in words; empty when the whole study has one setting only.</param>
/// <param name="Index">Counts the settings of the study: it chooses the dash of the line.</param>
/// <param name="Cells">At least one.</param>
internal sealed record Series(string Family, string Setting, int Index, IReadOnlyList<Cell> Cells)
{
    public string Name => Setting.Length == 0 ? Family : $"{Family}, {Setting}";
}

/// <summary>Which runs go where.</summary>
internal static class Selection
{
    public const string Maps = "maps";
    public const string Laws = "laws";
    public const string Constructions = ConstructionSummary.StudyName;

    /// <summary>The report's order: whatever order the files were found in, the page is the same.</summary>
    public static IReadOnlyList<Cell> Ordered(IEnumerable<Cell> cells)
    {
        List<Cell> all = [.. cells];
        List<string> families = [.. PlotColors.Ordered(all.Select(c => c.Family))];
        return
        [
            .. all.OrderBy(c => c.Study == Maps ? 0 : 1).ThenBy(c => c.Study, StringComparer.Ordinal).ThenBy(c => c.Dimension)
                .ThenBy(c => c.Target, StringComparer.Ordinal).ThenBy(c => c.Domain, StringComparer.Ordinal)
                .ThenBy(c => families.IndexOf(c.Family)).ThenBy(c => c.Depth).ThenBy(c => c.Hidden, StringComparer.Ordinal)
                .ThenBy(c => c.Method, StringComparer.Ordinal).ThenBy(c => c.Seed).ThenBy(c => c.Hash, StringComparer.Ordinal),
        ];
    }

    /// <summary>The groups of ordered cells, in that order.</summary>
    public static IReadOnlyList<TargetGroup> Groups(IEnumerable<Cell> cells, string prefix)
    {
        HashSet<string> taken = new(StringComparer.Ordinal);
        List<TargetGroup> groups = [];
        foreach (var g in cells.GroupBy(c => (c.Dimension, c.Target, c.Domain, c.Formula)))
        {
            string wanted = $"{prefix}-{Html.Slug(g.Key.Target)}", id = wanted;
            for (int i = 2; !taken.Add(id); i++)
                id = $"{wanted}-{i}";
            string title = prefix == "map" ? $"{g.Key.Target} on {Shortened(g.Key.Domain)}" : g.Key.Target;
            groups.Add(new(id, title, [.. g]));
        }

        return groups;
    }

    /// <summary>The text with numbers of more than six digits rounded to four, for titles; tables keep every digit.</summary>
    private static string Shortened(string text) => System.Text.RegularExpressions.Regex.Replace(
        text, @"\d+\.\d{5,}", m => double.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture).ToString("G4", System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The series of some cells of a study.</summary>
    /// <param name="cells">Ordered cells.</param>
    /// <param name="study">All cells of the study: they decide whether settings need to be told apart.</param>
    public static IReadOnlyList<Series> SeriesOf(IEnumerable<Cell> cells, IEnumerable<Cell> study)
    {
        List<string> settings = [.. study.Select(Setting).Distinct().Order(StringComparer.Ordinal)];
        return
        [
            .. cells.GroupBy(c => (c.Family, Setting: Setting(c)))
                .Select(g => new Series(g.Key.Family, settings.Count > 1 ? g.Key.Setting : "", settings.IndexOf(g.Key.Setting), [.. g])),
        ];
    }

    /// <summary>Conditioner and method in words.</summary>
    public static string Setting(Cell c) => $"{c.Hidden} {c.Activation} {c.Method}";

    /// <summary>The cell with the smallest finite value, the first in order among equals; null when there is none.</summary>
    public static Cell? Best(IEnumerable<Cell> cells, Func<Cell, double> value) =>
        cells.Where(c => c.Status != Cell.Diverged && double.IsFinite(value(c))).MinBy(value);

    /// <summary>The sup error, NaN without one.</summary>
    public static double Sup(Cell c) => c.Errors?.Sup ?? double.NaN;

    /// <summary>The Kullback–Leibler divergence, NaN without one.</summary>
    public static double Kl(Cell c) => c.Likelihood?.Kl ?? double.NaN;

    /// <summary>The median with every value that is not finite counted as +∞; NaN when the median itself is not finite.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double median = Resampling.Median([.. values.Select(x => double.IsFinite(x) ? x : double.PositiveInfinity)]);
        return double.IsFinite(median) ? median : double.NaN;
    }

    /// <summary>One sentence on what some runs are: their number, seeds, depths, conditioners, method, and what went wrong.</summary>
    public static string Describe(IReadOnlyList<Cell> cells)
    {
        int diverged = cells.Count(c => c.Status == Cell.Diverged), cut = cells.Count(c => c.Status == Cell.Cut);
        string text = $"n = {Html.Count(cells.Count, "run")}; {List("seed", cells.Select(c => c.Seed).Distinct().Order())}; "
            + $"{List("depth", cells.Select(c => c.Depth).Distinct().Order())}; "
            + $"{List("conditioner", cells.Select(c => $"{c.Hidden} {c.Activation}").Distinct().Order(StringComparer.Ordinal), " / ")}; "
            + $"{List("method", cells.Select(c => c.Method).Distinct().Order(StringComparer.Ordinal))}";
        text += $"; {diverged} diverged";
        return cut == 0 ? text + "." : text + $"; {cut} cut short.";
    }

    private static string List<T>(string noun, IEnumerable<T> values, string separator = ", ")
    {
        const int Shown = 8;
        List<T> all = [.. values];
        string more = all.Count > Shown ? $" … ({all.Count} in all)" : "";
        return $"{noun}{(all.Count == 1 ? "" : "s")} {string.Join(separator, all.Take(Shown))}{more}";
    }
}
