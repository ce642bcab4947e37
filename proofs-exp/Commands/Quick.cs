using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf without a verb: the studies of a profile, by default the quick one, their report, and the best numbers in a table.</summary>
internal static class Quick
{
    public static int Run(Terminal terminal, bool json, string profile, string output)
    {
        RunOptions options = new() { Profile = profile };
        (RunSummary summary, bool interrupted) = RunVerb.Compute(terminal, options);
        if (interrupted) return ExitCode.Interrupted;
        (ReportData? data, IReadOnlyList<string> written, int code) = ReportVerb.Make(
            terminal, options.ResultsDirectory, output, $"uf{(profile == "quick" ? "" : $" --profile {profile}")}{(output == ReportVerb.DefaultOut ? "" : $" --out {output}")}");
        if (data is null) return code;
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteStartObject("run");
                RunVerb.Write(w, summary, options);
                w.WriteEndObject();
                w.WriteString("report", written[0]);
                w.Objects("best", Best(data.Cells).SelectMany(row => row.Best.Values), c =>
                {
                    w.WriteString("study", c.Study);
                    w.WriteString("target", c.Target);
                    w.WriteString("family", c.Family);
                    w.WriteNumber("depth", c.Depth);
                    if (c.Errors is { } errors) w.Finite("sup", errors.Sup);
                    if (c.Likelihood is { } likelihood) w.Finite("kl", likelihood.Kl);
                    w.WriteString("hash", c.Hash);
                });
            });
            return summary.Broken > 0 ? ExitCode.NotMet : ExitCode.Good;
        }

        Print(terminal, data.Cells, "maps", "smallest sup error on K, and the number of couplings L that reached it");
        Print(terminal, data.Cells, "laws", "smallest divergence KL(p|q) in nats, and its L");
        terminal.Out.WriteLine($"report: {written[0]}");
        return summary.Broken > 0 ? ExitCode.NotMet : ExitCode.Good;
    }

    private static void Print(Terminal terminal, IReadOnlyList<Cell> cells, string study, string title)
    {
        var rows = Best([.. cells.Where(c => c.Study == study)]);
        if (rows.Count == 0) return;
        string[] families = [.. rows.SelectMany(r => r.Best.Keys).Distinct()];
        terminal.Out.WriteLine(title);
        terminal.Table(["", .. families], rows.Select(r => (string[])[r.Target, .. families.Select(f => r.Best.TryGetValue(f, out Cell? c) ? $"{Figure(c):0.0e+0} L={c.Depth}" : "-")]));
        terminal.Out.WriteLine();
    }

    /// <summary>For each target and family the finished run with the smallest figure.</summary>
    private static List<(string Target, Dictionary<string, Cell> Best)> Best(IReadOnlyList<Cell> cells) =>
    [
        .. cells.Where(c => double.IsFinite(Figure(c)) && c.Status == Cell.Finished).GroupBy(c => (c.Study, c.Dimension, c.Target))
            .OrderByDescending(g => g.Key.Study, StringComparer.Ordinal).ThenBy(g => g.Key.Dimension).ThenBy(g => g.Key.Target, StringComparer.Ordinal)
            .Select(g => (g.Key.Target, g.GroupBy(c => c.Family).OrderBy(f => f.Key, StringComparer.Ordinal).ToDictionary(f => f.Key, f => f.MinBy(c => (Figure(c), c.Depth, c.Seed))!))),
    ];

    private static double Figure(Cell cell) => cell.Errors?.Sup ?? cell.Likelihood?.Kl ?? double.NaN;
}
