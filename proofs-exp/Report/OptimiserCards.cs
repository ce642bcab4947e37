using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The study <c>optimisers</c>: what the same flow reaches by different optimisers in about the same time.</summary>
internal static class OptimiserCards
{
    private static readonly (string Method, string Words, string Color, string Symbol)[] Styles =
    [
        (MapSettings.Lm, "Levenberg–Marquardt, starts that race", "#0072B2", "circle"),
        (MapSettings.Adam, "Adam, six learning rates", "#E69F00", "diamond"),
        (MapSettings.Lbfgs, "L-BFGS on 4096 fixed points", "#009E73", "square"),
    ];

    /// <summary>The section; nothing if the study was not run.</summary>
    public static void AddTo(Page page, IReadOnlyList<Cell> cells, IReadOnlyDictionary<string, Timing> timings)
    {
        if (cells.Count == 0) return;
        page.Section("optimisers", "What the optimiser misses", "The same flows, the same target, about the same time: how far do different optimisers get?");
        int[] depths = [.. cells.Select(c => c.Depth).Distinct().Order()];
        List<Curve> curves = [];
        foreach ((string method, string words, string color, string symbol) in Styles)
        {
            Cell[] own = [.. cells.Where(c => c.Method == method)];
            if (own.Length == 0) continue;
            // several seeds: the median; several rates: the best, since that is what tuning means
            int[] at = [.. own.Select(c => c.Depth).Distinct().Order()];
            curves.Add(new(words, color, null, [.. at.Select(d => (double)d)], [.. at.Select(d => Summary(own, method, d))], [.. at.Select(d => $"{Html.Plot(words)}, depth {d}: {Html.Number(Summary(own, method, d))}")]));
            curves.Add(new($"{words}, runs", color, symbol + "-open", [.. own.Select(c => (double)c.Depth)], [.. own.Select(c => c.Errors?.Rmse ?? double.NaN)], [.. own.Select(Hover)])
            {
                Dash = "none",
                Rows = [.. own.Select(RunTables.RowId)],
            });
        }

        Card card = new Card(
            "optimisers-card", $"{cells[0].Target} by affine couplings, three optimisers at equal time", Selection.Describe(cells),
            "Every run is a marker. The blue line is the median over the seeds of Levenberg–Marquardt, the orange one the best learning rate of Adam (tuned in hindsight, in its favour). Where the lines meet the error belongs to the architecture; where "
            + "they part, Adam's curve shows what Adam missed. Budgets are steps: as single fits they take about the same time, in a whole run Adam takes longer; the table has the times measured.")
            .Raw("<ul class=\"key\">" + string.Concat(Styles.Where(s => cells.Any(c => c.Method == s.Method)).Select(s => $"<li>{Symbols.Svg(s.Symbol + "-open", s.Color)} {Html.Text(s.Words)}</li>")) + "</ul>")
            .Row(
            [
                new Figure
                {
                    Id = "optimisers", Title = "root mean square error after equal time", Aspect = 2.1, Label = "Root mean square error against depth for three optimisers",
                    Plots = [CurveFigure.Plot("depth L (couplings)", "rmse (units of f)", curves, ticks: [.. depths.Select(d => (double)d)])],
                },
            ])
            .Raw(Table(cells, depths, timings));
        page.Add(card);
    }

    private static double Summary(Cell[] own, string method, int depth)
    {
        IEnumerable<double> values = own.Where(c => c.Depth == depth).Select(c => c.Status == Cell.Diverged ? double.PositiveInfinity : c.Errors?.Rmse ?? double.PositiveInfinity);
        return method == MapSettings.Adam ? values.Min() : Selection.Median(values);
    }

    private static string Table(IReadOnlyList<Cell> cells, int[] depths, IReadOnlyDictionary<string, Timing> timings)
    {
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Optimisers\"><table class=\"small\"><thead><tr><th scope=\"col\" class=\"n\">depth</th><th scope=\"col\" class=\"n\">LM, median (best)</th>"
            + "<th scope=\"col\" class=\"n\">Adam, best rate</th><th scope=\"col\" class=\"n\">L-BFGS</th><th scope=\"col\" class=\"n\">Adam / LM</th><th scope=\"col\" class=\"n\">seconds LM, Adam, L-BFGS</th><th scope=\"col\">the depth's error belongs to</th></tr></thead><tbody>");
        foreach (int depth in depths)
        {
            Cell[] at = [.. cells.Where(c => c.Depth == depth && c.Errors is not null)];
            Cell[] lm = [.. at.Where(c => c.Method == MapSettings.Lm)];
            double median = Selection.Median(lm.Select(c => c.Errors!.Rmse)), best = lm.Select(c => c.Errors!.Rmse).DefaultIfEmpty(double.NaN).Min();
            Cell? adam = Selection.Best(at.Where(c => c.Method == MapSettings.Adam), c => c.Errors!.Rmse), lbfgs = Selection.Best(at.Where(c => c.Method == MapSettings.Lbfgs), c => c.Errors!.Rmse);
            string seconds = string.Join(", ", Styles.Select(s => Selection.Median(at.Where(c => c.Method == s.Method && timings.ContainsKey(c.Hash)).Select(c => timings[c.Hash].Seconds))).Select(v => double.IsFinite(v) ? Html.Number(Math.Round(v, 1)) : "—"));
            Limit limit = Limits.Of(at);
            html.Append($"<tr><th scope=\"row\" class=\"n\">{depth}</th><td class=\"n\">{Html.Number(median)} ({Html.Number(best)})</td><td class=\"n\">{(adam is null ? "—" : $"{Html.Number(adam.Errors!.Rmse)}{Rate(adam)}")}</td>"
                + $"<td class=\"n\">{(lbfgs is null ? "—" : Html.Number(lbfgs.Errors!.Rmse))}</td><td class=\"n\">{(adam is null ? "—" : Html.Number(adam.Errors!.Rmse / median))}</td><td class=\"n\">{seconds}</td>"
                + $"<td>{limit switch { Limit.Approximation => "the architecture", Limit.Optimisation => "the optimiser, perhaps", _ => "not known" }}</td></tr>");
        }

        return html.Append("</tbody></table></div>").ToString();
    }

    private static string Rate(Cell c)
    {
        string[] words = c.Command.Split(' ');
        int i = Array.IndexOf(words, "--rate");
        return i < 0 ? "" : $" at {Html.Text(words[i + 1])}";
    }

    private static string Hover(Cell c) =>
        $"<b>{Html.Plot(c.Method)}</b>{Html.Plot(Rate(c))}, depth {c.Depth}, seed {c.Seed}<br>rmse {Html.Number(c.Errors?.Rmse ?? double.NaN)}, sup {Html.Number(Selection.Sup(c))}<br>{c.Steps} steps, {c.Parameters} parameters";
}
