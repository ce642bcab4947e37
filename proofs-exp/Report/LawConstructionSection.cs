using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The card on constructed laws: theorem 3 executed; bounds against what samples show, and the samples themselves.</summary>
internal static class LawConstructionSection
{
    /// <summary>Adds the section.</summary>
    public static void AddTo(Page page, IReadOnlyList<LawConstructionResult> results)
    {
        if (results.Count == 0) return;
        results = Ordered(results);
        page.Section("law-constructions", "Constructed laws", "The theorem on laws, executed: a law with or without a density and an error become an explicit flow that pushes N(0, I) so near to the law. Nothing here was trained.");
        page.Add(Errors(results));
        if (Clouds(results) is { } clouds) page.Add(clouds);
    }

    /// <summary>A row a construction.</summary>
    public static string ToCsv(IReadOnlyList<LawConstructionResult> results) => Csv.Table(
        "law,dimension,family,epsilon,bound,mollification,quantisation,coupling,quadrature,sampledBl,sampledBlStdError,sameLaw,sameLawStdError,points,repetitions,layers,parameters,command",
        Ordered(results).Select(r => (IEnumerable<string>)
        [
            r.Law, $"{r.Dimension}", r.Family, Html.Exact(r.Epsilon), Html.Exact(r.Bound), Html.Exact(r.Mollification), Html.Exact(r.Quantisation), Html.Exact(r.Coupling), Html.Exact(r.Quadrature),
            Html.Exact(r.Sampled.Value), Html.Exact(r.Sampled.Error), Html.Exact(r.Sampled.Baseline), Html.Exact(r.Sampled.BaselineError), $"{r.Sampled.Points}", $"{r.Sampled.Repetitions}", $"{r.Layers}", $"{r.Parameters}", r.Command,
        ]));

    private static LawConstructionResult[] Ordered(IEnumerable<LawConstructionResult> results) =>
        [.. results.OrderBy(r => r.Dimension).ThenBy(r => r.Law, StringComparer.Ordinal).ThenBy(r => r.Family, StringComparer.Ordinal).ThenByDescending(r => r.Epsilon)];

    private static Card Errors(IReadOnlyList<LawConstructionResult> results)
    {
        int met = results.Count(r => r.Bound <= r.Epsilon);
        Card card = new(
            "constructed-laws-card",
            "Bounds and samples",
            $"{met} of {results.Count} constructions have a bound of the bounded-Lipschitz distance within the error asked for.",
            "Filled markers: the bound, the sum of what was moved (noise, strips) and of ∫ min(2, |g − T|) dN(0, I); it lies below the grey line where the error asked for is met. Hollow markers: the distance between a sample of the flow and one of the law, a mean of "
            + $"{results[0].Sampled.Repetitions} pairs of {results[0].Sampled.Points} points. Two samples of the law itself already differ by the dashed line: hollow markers stay below bound plus dashed line, up to chance. KL and TV would say nothing here: to a law without a density they are infinite, and 1.");
        card.Raw("<ul class=\"key\">" + string.Concat(PlotColors.Ordered(results.Select(r => r.Family)).Select(f => $"<li>{Symbols.Svg(PlotColors.Of(f).Symbol, PlotColors.Of(f).Color)} {Html.Text(f)}</li>")) + "</ul>");
        card.Row(results.GroupBy(r => r.Law).Where(g => g.Select(r => r.Epsilon).Distinct().Count() > 1).Select(Figure));
        StringBuilder html = new("<details><summary>All constructions, term by term</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Constructed laws\"><table class=\"small\"><thead><tr><th scope=\"col\">law</th><th scope=\"col\">family</th>");
        foreach (string head in (string[])["asked", "bound", "moved", "coupling", "quadrature", "BL on samples", "same law", "layers", "parameters"]) html.Append($"<th scope=\"col\" class=\"n\">{head}</th>");
        html.Append("<th scope=\"col\">drawn by</th><th scope=\"col\">command</th></tr></thead><tbody>");
        foreach (LawConstructionResult r in results)
        {
            html.Append($"<tr><th scope=\"row\">{Html.Text(r.Law)}</th><td>{Html.Text(r.Family)}</td>");
            foreach (string field in (string[])[Html.Number(r.Epsilon), Html.Number(r.Bound), Html.Number(r.Mollification + r.Quantisation), Html.Number(r.Coupling), Html.Number(r.Quadrature), Html.PlusMinus(r.Sampled.Value, r.Sampled.Error), Html.PlusMinus(r.Sampled.Baseline, r.Sampled.BaselineError), $"{r.Layers}", $"{r.Parameters}"])
                html.Append($"<td class=\"n\">{Html.Text(field)}</td>");
            html.Append($"<td>{Html.Text(string.Join("; ", r.Shapes))}</td><td><code class=\"copy\">{Html.Text(r.Command)}</code></td></tr>\n");
        }

        return card.Raw(html.Append("</tbody></table></div></details>").ToString());
    }

    private static Figure Figure(IGrouping<string, LawConstructionResult> law)
    {
        List<Trace> traces = [];
        double[] epsilons = [.. law.Select(r => r.Epsilon).Distinct().Order()];
        traces.Add(new Scatter { Mode = "lines", Name = "asked", X = epsilons, Y = epsilons, Line = new() { Color = "#9aa1ab", Width = 1.5 }, HoverInfo = "skip" });
        double same = law.First().Sampled.Baseline;
        if (same > 0) traces.Add(new Scatter { Mode = "lines", Name = "two samples of the law", X = [epsilons[0], epsilons[^1]], Y = [same, same], Line = new() { Color = PlotColors.Ink, Width = 1.2, Dash = "dash" } });
        foreach (var family in law.GroupBy(r => r.Family))
        {
            FamilyStyle style = PlotColors.Of(family.Key);
            LawConstructionResult[] rows = [.. family.OrderBy(r => r.Epsilon)];
            traces.Add(new Scatter
            {
                Mode = "lines+markers",
                Name = $"{family.Key}, bound",
                X = [.. rows.Select(r => r.Epsilon)],
                Y = [.. rows.Select(r => r.Bound)],
                Line = new() { Color = style.Color, Width = 1.5 },
                Marker = new() { Symbol = style.Symbol, Color = style.Color, Size = 9 },
                HoverText = [.. rows.Select(r => $"{r.Family}: bound {Html.Number(r.Bound)} of {Html.Number(r.Epsilon)}<br>moved {Html.Number(r.Mollification + r.Quantisation)}, coupling {Html.Number(r.Coupling)}, quadrature {Html.Number(r.Quadrature)}<br>{r.Parameters} parameters")],
                HoverTemplate = "%{hovertext}<extra></extra>",
            });
            traces.Add(new Scatter
            {
                Mode = "markers",
                Name = $"{family.Key}, on samples",
                X = [.. rows.Select(r => r.Epsilon)],
                Y = [.. rows.Select(r => r.Sampled.Value)],
                Marker = new() { Symbol = style.Symbol + "-open", Color = style.Color, Size = 9 },
                HoverText = [.. rows.Select(r => $"{r.Family}: {Html.PlusMinus(r.Sampled.Value, r.Sampled.Error)} on samples")],
                HoverTemplate = "%{hovertext}<extra></extra>",
            });
        }

        double[] values = [.. law.SelectMany(r => (double[])[r.Bound, r.Sampled.Value, r.Epsilon, same]).Where(v => v > 0).Select(Elements.Log10)];
        (double low, double high) = Elements.Range(values, 0.08);
        (double left, double right) = Elements.Range([.. epsilons.Select(Elements.Log10)], 0.08);
        double[]? heights = CurveFigure.Ticks((low, high));
        return new Figure
        {
            Id = $"law-bound-{Html.Slug(law.Key)}",
            Title = law.Key,
            Label = $"Bound and sampled bounded-Lipschitz distance against the error asked for, law {law.Key}",
            Plots =
            [
                new(traces, new Layout
                {
                    XAxis = new() { Title = new("error asked for") { Standoff = 8 }, Type = "log", Range = [left, right], TickVals = epsilons, TickText = [.. epsilons.Select(Html.Number)] },
                    YAxis = new() { Title = new("bounded-Lipschitz distance") { Standoff = 6 }, Type = "log", ExponentFormat = "power", Range = [low, high], TickVals = heights, TickText = heights is null ? null : [.. heights.Select(Html.Number)], TickFont = PlotColors.LogTicks },
                    Margin = new() { L = 62, R = 14, T = 14, B = 46 },
                }),
            ],
        };
    }

    /// <summary>Samples of the law and of its finest flow, one picture with three views.</summary>
    private static Card? Clouds(IReadOnlyList<LawConstructionResult> results)
    {
        var laws = results.Where(r => r.Dimension == 2).GroupBy(r => r.Law).Take(4).ToArray();
        if (laws.Length == 0) return null;
        Card card = new(
            "constructed-clouds-card",
            "Samples of laws and of constructed flows",
            $"{laws[0].First().LawPoints.Count / 2} points each; for every law the finest flow of sums of squares, or of affine couplings where there is none.",
            "Flow: the constructed flow's image of N(0, I). Law: the law's own sampler. Sums of squares are continuous maps with finite slopes: between the pieces of a law a few points are caught on the way, as few as the error asked for.");
        card.Buttons("Show", "flow", "law", "both");
        return card.Row(laws.Select(law => Cloud(law.OrderBy(r => r.Family == "sos" ? 0 : 1).ThenBy(r => r.Epsilon).First())));
    }

    private static Figure Cloud(LawConstructionResult r)
    {
        (double Low, double High)[] window = [.. Enumerable.Range(0, 2).Select(j => Elements.Range([.. r.LawPoints.Where((_, n) => n % 2 == j)], 0.1))];
        Scatter flow = Points("flow", r.FlowPoints, PlotColors.Of(r.Family).Color), law = Points("law", r.LawPoints, PlotColors.Target);
        Layout layout = MapCards.Equal("x₁", "x₂", window[0], window[1]);
        return new Figure
        {
            Id = $"cloud-{Html.Slug(r.Law)}",
            Title = $"{r.Law}: {r.Family}, bound {Html.Number(r.Bound)}",
            Label = $"Points of the law {r.Law} and of the flow constructed for it",
            Aspect = MapCards.EqualAspect(window[0], window[1], colorBar: false),
            Plots = [new([flow], layout), new([law], layout), new([law, flow], layout)],
        };
    }

    private static Scatter Points(string name, IReadOnlyList<double> points, string color) => new()
    {
        Mode = "markers",
        Name = name,
        X = [.. points.Where((_, n) => n % 2 == 0)],
        Y = [.. points.Where((_, n) => n % 2 == 1)],
        Marker = new() { Color = color, Size = 3.5, Opacity = 0.6 },
        HoverInfo = "skip",
    };
}
