using System.Globalization;
using System.Text;
using UniversalFlows.Measurement;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>What all runs of the study <c>maps</c> say together: interquartile means with bands, rates and plateaus, how much is needed to reach an error, and how often.</summary>
internal static class AggregateCards
{
    private static readonly double[] Goals = [1e-1, 1e-2, 1e-3];

    /// <summary>Two decades finer than the goals of the table, five steps a decade.</summary>
    private static readonly double[] Ladder = [.. Enumerable.Range(0, 21).Select(k => Elements.PowerOf10(-0.25 * k))];

    /// <summary>A curve has ended at a depth if no deeper median is this much below its own.</summary>
    private const double PlateauGain = 0.7;

    public static IEnumerable<Card> All(IReadOnlyList<Cell> maps, IReadOnlyDictionary<string, Timing> timings)
    {
        IReadOnlyList<Cell> main = Limits.Lm(maps);
        if (main.Select(c => c.Seed).Distinct().Count() < 2) yield break;
        yield return Means(main);
        yield return Rates(main);
        yield return Needs(main, timings);
    }

    private static double Error(Cell c) => c.Status == Cell.Diverged || !double.IsFinite(WinnersCard.Sup(c)) ? double.PositiveInfinity : WinnersCard.Sup(c);

    /// <summary>Targets on which all the families of the figure were run at the same depths.</summary>
    private static (string[] Targets, string[] Families) Common(IReadOnlyList<Cell> main)
    {
        string[] families = [.. PlotColors.Ordered(main.Select(c => c.Family)).Where(f => f != "nice")];
        string[] targets = [.. main.Where(c => c.Dimension is 2 or 3).Select(c => c.Target).Distinct().Where(t => families.All(f => main.Any(c => c.Target == t && c.Family == f)))];
        return (targets, families);
    }

    private static Card Means(IReadOnlyList<Cell> main)
    {
        (string[] targets, string[] families) = Common(main);
        List<Curve> curves = [];
        foreach (string family in families)
        {
            Cell[] own = [.. main.Where(c => c.Family == family && targets.Contains(c.Target))];
            // the depths that every target has
            int[] depths = [.. own.Select(c => c.Depth).Distinct().Where(d => targets.All(t => own.Any(c => c.Target == t && c.Depth == d))).Order()];
            Estimate[] estimates = [.. depths.Select(d => Resampling.Stratified([.. targets.Select(t => own.Where(c => c.Target == t && c.Depth == d).Select(c => Elements.Log10(Error(c))).ToArray())], v => Resampling.InterquartileMean(v)))];
            FamilyStyle style = PlotColors.Of(family);
            curves.Add(new(family, style.Color, style.Symbol, [.. depths.Select(d => (double)d)], [.. estimates.Select(e => Elements.PowerOf10(e.Value))],
                [.. estimates.Select((e, i) => $"<b>{Html.Plot(family)}</b>, depth {depths[i]}<br>{Html.Number(Elements.PowerOf10(e.Value))}, band {Html.Number(Elements.PowerOf10(e.Lower))} … {Html.Number(Elements.PowerOf10(e.Upper))}")])
            {
                Lower = [.. estimates.Select(e => Elements.PowerOf10(e.Lower))],
                Upper = [.. estimates.Select(e => Elements.PowerOf10(e.Upper))],
            });
        }

        double[] ticks = [.. curves.SelectMany(c => c.X).Distinct().Order()];
        return new Card(
            "means-card", "All targets together", $"{Selection.Describe([.. main.Where(c => targets.Contains(c.Target))])} Targets: {string.Join(", ", targets)}.",
            "The line is the interquartile mean of log sup error over targets and seeds (the mean of the middle half: no single run moves it), the band its 95% interval by a bootstrap that resamples the seeds of each target. Lower is better; where bands overlap the order of two families is open.")
            .Key(families)
            .Row(
            [
                new Figure
                {
                    Id = "means", Title = "sup error, interquartile mean over targets and seeds", Aspect = 2.1,
                    Label = $"Interquartile mean of the sup error against depth for {string.Join(", ", families)}",
                    Plots = [CurveFigure.Plot("depth L (couplings)", "sup error (units of f)", curves, ticks: ticks)],
                },
            ]);
    }

    private static Card Rates(IReadOnlyList<Cell> main)
    {
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Rates\"><table class=\"small\"><thead><tr><th scope=\"col\">target</th><th scope=\"col\">family</th>"
            + "<th scope=\"col\" class=\"n\">rate p in L<sup>p</sup></th><th scope=\"col\" class=\"n\">95% interval</th><th scope=\"col\">over depths</th><th scope=\"col\">plateau</th></tr></thead><tbody>");
        foreach (var g in main.GroupBy(c => (c.Target, c.Domain, c.Dimension, c.Family)).OrderBy(g => g.Key.Dimension).ThenBy(g => g.Key.Target, StringComparer.Ordinal))
        {
            int[] depths = [.. g.Select(c => c.Depth).Distinct().Order()];
            double[] medians = [.. depths.Select(d => Selection.Median(g.Where(c => c.Depth == d).Select(Error)))];
            int plateau = Plateau(medians);
            int[] falling = plateau < 0 ? depths : depths[..(plateau + 1)];
            string rate = "", interval = "";
            if (falling.Length >= 3)
            {
                double[] x = [.. falling.Select(d => Elements.Log10(d))];
                ulong[] seeds = [.. g.Select(c => c.Seed).Distinct().Order()];
                double[][] curves = [.. seeds.Select(s => falling.Select(d => g.Where(c => c.Seed == s && c.Depth == d).Select(c => Elements.Log10(Error(c))).DefaultIfEmpty(double.NaN).First()).ToArray())];
                Estimate slope = Resampling.TheilSen(x, curves);
                (rate, interval) = (Signed(slope.Value), $"{Signed(slope.Lower)} … {Signed(slope.Upper)}");
            }
            else
            {
                rate = "too few depths";
            }

            string end = plateau < 0 ? "none seen" : plateau == 0 ? $"at once, {Html.Number(medians[0])}" : $"from depth {depths[plateau]}, {Html.Number(medians[plateau])}";
            html.Append($"<tr><th scope=\"row\">{Html.Text(g.Key.Target)}</th><td>{Symbols.Svg(PlotColors.Of(g.Key.Family).Symbol, PlotColors.Of(g.Key.Family).Color)} {Html.Text(g.Key.Family)}</td>"
                + $"<td class=\"n\">{rate}</td><td class=\"n\">{interval}</td><td>{falling[0]} to {falling[^1]}</td><td>{Html.Text(end)}</td></tr>");
        }

        html.Append("</tbody></table></div>");
        return new Card(
            "rates-of-depth-card", "How fast errors fall, and where they stop", Selection.Describe(main),
            "The rate is the slope of log sup error against log depth by Theil and Sen, up to the plateau; its interval resamples whole seeds (block bootstrap). A plateau begins at the depth after which no median is 30% below: a limit of the optimiser, of the "
            + "conditioners or of the class, which the marks of the first table tell apart. A power of the depth is a description here, not a law.")
            .Raw(html.ToString());
    }

    /// <summary>The first index after which nothing falls by 30%; −1 if the last depth still does.</summary>
    internal static int Plateau(IReadOnlyList<double> medians)
    {
        for (int i = 0; i < medians.Count - 1; i++)
            if (medians.Skip(i + 1).All(m => !(m < PlateauGain * medians[i]))) return i;
        return -1;
    }

    private static Card Needs(IReadOnlyList<Cell> main, IReadOnlyDictionary<string, Timing> timings)
    {
        string[] families = [.. PlotColors.Ordered(main.Select(c => c.Family))];
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What an error takes\"><table class=\"small\"><thead><tr><th scope=\"col\">sup error</th><th scope=\"col\">family</th>"
            + "<th scope=\"col\" class=\"n\">reached</th><th scope=\"col\" class=\"n\">layers</th><th scope=\"col\" class=\"n\">parameters</th><th scope=\"col\" class=\"n\">seconds</th></tr></thead><tbody>");
        foreach (double goal in Goals)
        {
            foreach (string family in families)
            {
                var pairs = main.Where(c => c.Family == family).GroupBy(c => (c.Target, c.Domain, c.Seed)).ToArray();
                Cell[] first = [.. pairs.Select(p => p.Where(c => Error(c) <= goal).MinBy(c => c.Depth)).OfType<Cell>()];
                string Middle(IEnumerable<double> v) => first.Length == 0 ? "—" : Html.Number(Math.Round(Selection.Median(v), 3));
                html.Append($"<tr><th scope=\"row\">{Html.Number(goal)}</th><td>{Symbols.Svg(PlotColors.Of(family).Symbol, PlotColors.Of(family).Color)} {Html.Text(family)}</td><td class=\"n\">{first.Length} of {pairs.Length}</td>"
                    + $"<td class=\"n\">{Middle(first.Select(c => (double)c.Depth))}</td><td class=\"n\">{Middle(first.Select(c => (double)c.Parameters))}</td>"
                    + $"<td class=\"n\">{(first.Any(c => timings.ContainsKey(c.Hash)) ? Middle(first.Where(c => timings.ContainsKey(c.Hash)).Select(c => timings[c.Hash].Seconds)) : "—")}</td></tr>");
            }
        }

        html.Append("</tbody></table></div>");
        (string[] targets, string[] compared) = Common(main);
        Cell[] common = [.. main.Where(c => targets.Contains(c.Target) && compared.Contains(c.Family))];
        return new Card(
            "needs-card", "What an error takes", Selection.Describe(main),
            "The table counts pairs of target and seed that reach an error at some depth, and gives the median of the smallest such runs; pairs that never do are failures and stand in the count alone. The figure has, for runs with at most so many layers (or parameters), the part of all "
            + $"(target, seed, error) that is reached, over {Ladder.Length} errors from 1 to 1e-5 and the targets {string.Join(", ", targets)}: higher is better.")
            .Raw(html.ToString())
            .Buttons("Against", "layers", "parameters")
            .Key(compared)
            .Row(
            [
                new Figure
                {
                    Id = "reached", Title = "part of (target, seed, error) reached", Aspect = 2.1, Label = $"Empirical distribution of what is needed, for {string.Join(", ", compared)}",
                    Plots =
                    [
                        CurveFigure.Plot("layers", "part reached", [.. compared.Select(f => Reached(common, f, c => c.Depth))], logY: false, range: (0, 1)),
                        CurveFigure.Plot("parameters", "part reached", [.. compared.Select(f => Reached(common, f, c => c.Parameters))], logY: false, range: (0, 1)),
                    ],
                },
            ]);
    }

    private static Curve Reached(Cell[] cells, string family, Func<Cell, double> cost)
    {
        Cell[] own = [.. cells.Where(c => c.Family == family)];
        var pairs = own.GroupBy(c => (c.Target, c.Domain, c.Seed)).ToArray();
        double[] needed =
        [
            .. pairs.SelectMany(p => Ladder.Select(goal => p.Where(c => Error(c) <= goal).Select(cost).DefaultIfEmpty(double.PositiveInfinity).Min())).Order(),
        ];
        List<double> x = [], y = [];
        for (int i = 0; i < needed.Length && double.IsFinite(needed[i]); i++)
        {
            // a step function: up at each cost that occurs
            if (x.Count > 0 && needed[i] != x[^1]) Add(needed[i], y[^1]);
            Add(needed[i], (i + 1.0) / needed.Length);
        }

        FamilyStyle style = PlotColors.Of(family);
        return new(family, style.Color, null, [.. x], [.. y], [.. x.Select((v, i) => $"<b>{Html.Plot(family)}</b><br>{Html.Number(y[i])} reached with {Html.Number(v)}")]);

        void Add(double at, double part)
        {
            x.Add(at);
            y.Add(part);
        }
    }

    private static string Signed(double v) => double.IsFinite(v) ? (v < 0 ? "−" : "") + Math.Abs(v).ToString("F2", CultureInfo.InvariantCulture) : "—";
}
