using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The study <c>conditioners</c>, and what approximations cost in weights and slopes.</summary>
internal static class ConditionerCards
{
    private static readonly string[] DepthColors = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"];

    /// <summary>Widths, activations, equal parameters; nothing if the study was not run.</summary>
    public static void AddConditioners(Page page, IReadOnlyList<Cell> cells)
    {
        if (cells.Count == 0) return;
        page.Section("conditioners", "Conditioners", "How much of an error is due to the networks inside the couplings, and do families differ at equal numbers of parameters?");
        // one family over several widths, against several families at matched sizes
        Cell[] matched = [.. cells.Where(c => c.Depth == 6)], widths = [.. cells.Where(c => c.Depth != 6)];
        int[] depths = [.. widths.Select(c => c.Depth).Distinct().Order()];
        if (widths.Length > 0)
        {
            Curve[] curves =
            [
                .. depths.Select((depth, k) =>
                {
                    Cell[] tanh = [.. widths.Where(c => c.Depth == depth && c.Activation == "tanh" && c.Hidden.Contains(',', StringComparison.Ordinal))];
                    string[] hidden = [.. tanh.OrderBy(c => c.Parameters).Select(c => c.Hidden).Distinct()];
                    return new Curve($"depth {depth}, tanh, two layers", DepthColors[k], "circle", [.. hidden.Select(h => (double)tanh.First(c => c.Hidden == h).Parameters)], [.. hidden.Select(h => Selection.Median(tanh.Where(c => c.Hidden == h).Select(WinnersCard.Sup)))],
                        [.. hidden.Select(h => $"depth {depth}, hidden {h}: median sup {Html.Number(Selection.Median(tanh.Where(c => c.Hidden == h).Select(WinnersCard.Sup)))}")]);
                }),
                .. depths.SelectMany((depth, k) => widths.Where(c => c.Depth == depth && (c.Activation != "tanh" || !c.Hidden.Contains(',', StringComparison.Ordinal))).GroupBy(c => (c.Activation, c.Hidden)).Select(g =>
                    new Curve($"depth {depth}, {g.Key.Activation} {g.Key.Hidden}", DepthColors[k], g.Key.Activation switch { "relu" => "triangle-up-open", "silu" => "square-open", _ => "x" }, [g.First().Parameters], [Selection.Median(g.Select(WinnersCard.Sup))],
                        [$"depth {depth}, {Html.Plot(g.Key.Activation)}, hidden {g.Key.Hidden}: median sup {Html.Number(Selection.Median(g.Select(WinnersCard.Sup)))}"]) { Dash = "none" })),
            ];
            page.Add(new Card(
                "widths-card", $"{widths[0].Target} by affine couplings: width and activation of the conditioners", Selection.Describe(widths),
                "The lines go through the medians over seeds at fixed depth as two hidden layers of tanh widen. A triangle: relu, a square: silu, at width 32,32; a cross: one layer of 64. Where a line is flat, wider networks don't help and only depth does.")
                .Raw("<ul class=\"key\">" + string.Concat(depths.Select((d, k) => $"<li>{Symbols.Svg("circle", DepthColors[k])} depth {d}, tanh</li>")) + $"<li>{Symbols.Svg("triangle-up-open", PlotColors.Ink)} relu</li><li>{Symbols.Svg("square-open", PlotColors.Ink)} silu</li><li>{Symbols.Svg("x", PlotColors.Ink)} one hidden layer</li></ul>")
                .Row([new Figure { Id = "widths", Title = "sup error against parameters", Aspect = 2.1, Label = "Sup error against the number of parameters at two depths", Plots = [CurveFigure.Plot("parameters", "sup error (units of f)", curves)] }]));
        }

        if (matched.Length > 0)
        {
            string[] families = [.. PlotColors.Ordered(matched.Select(c => c.Family))];
            page.Add(new Card(
                "matched-card", "Families at equal numbers of parameters", Selection.Describe(matched),
                "All flows have six couplings; the conditioners' width is the one that brings a family nearest to 2000 or 8000 parameters. The line goes through the medians over seeds, each seed is a hollow marker.")
                .Key(families)
                .Row(matched.GroupBy(c => c.Target).Select(g => new Figure
                {
                    Id = $"matched-{Html.Slug(g.Key)}",
                    Title = g.Key,
                    Label = $"Sup error against parameters at equal depth for {g.Key}",
                    Plots = [CurveFigure.Plot("parameters", "sup error (units of f)", [.. families.SelectMany(f => Matched([.. g.Where(c => c.Family == f)], f))])],
                })));
        }
    }

    /// <summary>Error against largest weight, Lipschitz constants and condition number: every run of the study maps that was measured.</summary>
    public static void AddCosts(Page page, IReadOnlyList<Cell> maps)
    {
        Cell[] measured = [.. Limits.Lm(maps).Where(c => c.Conditioning is not null && c.Dimension is 2 or 3 && c.Status == Cell.Finished && double.IsFinite(Selection.Sup(c)))];
        if (measured.Length == 0) return;
        (string Name, string Axis, Func<Conditioning, double> Value)[] costs =
        [
            ("condition number", "largest condition number of Dg on K", c => c.Condition),
            ("Lipschitz constant", "largest slope of g on K", c => c.Lipschitz),
            ("inverse's", "largest slope of g⁻¹", c => c.InverseLipschitz),
            ("largest weight", "largest |weight|", c => c.LargestWeight),
        ];
        string[] families = [.. PlotColors.Ordered(measured.Select(c => c.Family))];
        page.Section("cost", "The cost of universality", "What does a small error cost in weights and in slopes, and does depth buy conditioning?");
        Card card = new Card(
            "cost-of-universality-card", "Error against conditioning", Selection.Describe(measured),
            "A marker a run: how steep the flow is anywhere on K (estimates from below at 2048 points) against its error. The target has a steepness of its own, which good flows meet: runs to the right of that paid for their error with slopes that the target does not need. "
            + "Shallow flows do; with depth the cloud moves down and back to the target's own value.")
            .Buttons("Against", [.. costs.Select(c => c.Name)])
            .Key(families);
        card.Row(Selection.Groups(measured, "cost").Select(g => new Figure
        {
            Id = g.Id,
            Title = g.First.Target,
            Label = $"Sup error against conditioning for {g.First.Target}",
            Plots =
            [
                .. costs.Select(cost => CurveFigure.Plot(cost.Axis, "sup error (units of f)",
                [
                    .. families.Select(f => g.Cells.Where(c => c.Family == f && double.IsFinite(cost.Value(c.Conditioning!))).ToArray()).Where(cells => cells.Length > 0).Select(cells => new Curve(
                        cells[0].Family, PlotColors.Of(cells[0].Family).Color, PlotColors.Of(cells[0].Family).Symbol + "-open", [.. cells.Select(c => cost.Value(c.Conditioning!))], [.. cells.Select(Selection.Sup)],
                        [.. cells.Select(c => $"<b>{Html.Plot(c.Family)}</b>, depth {c.Depth}, seed {c.Seed}<br>sup {Html.Number(Selection.Sup(c))}, {cost.Name} {Html.Number(cost.Value(c.Conditioning!))}")]) { Dash = "none", Rows = [.. cells.Select(RunTables.RowId)] }),
                ])),
            ],
        }));
        page.Add(card);
    }

    private static IEnumerable<Curve> Matched(Cell[] cells, string family)
    {
        if (cells.Length == 0) yield break;
        FamilyStyle style = PlotColors.Of(family);
        double[] sizes = [.. cells.Select(c => (double)c.Parameters).Distinct().Order()];
        yield return new(family, style.Color, null, sizes, [.. sizes.Select(s => Selection.Median(cells.Where(c => c.Parameters == s).Select(WinnersCard.Sup)))], [.. sizes.Select(s => $"{Html.Plot(family)}, {Html.Number(s)} parameters")]);
        yield return new($"{family}, runs", style.Color, style.Symbol + "-open", [.. cells.Select(c => (double)c.Parameters)], [.. cells.Select(WinnersCard.Sup)],
            [.. cells.Select(c => $"<b>{Html.Plot(family)}</b>, hidden {c.Hidden}, seed {c.Seed}<br>sup {Html.Number(WinnersCard.Sup(c))}, {c.Parameters} parameters")])
        { Dash = "none", Rows = [.. cells.Select(RunTables.RowId)] };
    }
}
