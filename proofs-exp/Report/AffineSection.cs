using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The section on affine coupling flows from proofs: rates in the sup norm and in Lp, exceptional sets, and what a small sup error costs.</summary>
internal static class AffineSection
{
    /// <summary>Blue, vermilion and green of the palette, for rows in one picture.</summary>
    internal static readonly (string Color, string Symbol)[] Styles = [("#0072B2", "circle"), ("#D55E00", "square"), ("#009E73", "diamond")];

    /// <summary>Adds the section; cells of rows that this report does not know are in the table of runs only.</summary>
    public static void AddTo(Page page, IReadOnlyList<Cell> cells, ReportData data)
    {
        // a folder of results may hold those of other grids, too
        HashSet<(string, double, string)> present = [.. AffineCases.All.Select(a => (a.Row.Name, a.At, a.Task.Target.Name))];
        Cell[] known = [.. cells.Where(c => c.Construction is { Affine: not null, Sweep: { } s } && present.Contains((s.Sweep, s.At, c.Target)))];
        Cell[] Of(string figure) => [.. known.Where(c => Figure(c) == figure).OrderBy(c => c.Construction!.Sweep!.At)];
        Cell[] splitting = Of(AffineCases.Splitting), grids = Of(AffineCases.Cells), maps = Of(AffineCases.Maps), costs = Of(AffineCases.Costs);
        if (splitting.Length + grids.Length + maps.Length + costs.Length == 0) return;
        page.Section("affine", "Affine couplings, constructed", "Flows of affine couplings and linear maps that proofs make from a map: small Lp errors by a fixed number of layers, small sup errors by products of exact flows.");
        if (splitting.Length > 0) page.Add(Splitting(splitting));
        if (grids.Length > 0) page.Add(Grids(grids));
        foreach (Cell c in maps)
            if (ExceptionalCards.Of(c, data) is { } card) page.Add(card);
        if (costs.Length > 0) page.Add(CostCards.Of(costs));
    }

    /// <summary>The row that a cell belongs to.</summary>
    internal static string Row(Cell c) => c.Construction!.Sweep!.Sweep;

    private static string Figure(Cell c) => Row(c).Split('.')[0];

    private static Card Splitting(Cell[] cells) => new Card(
        "affine-splitting",
        "Sup error against the number of steps",
        $"n = {Html.Count(cells.Length, "construction")} of ({cells[0].Target}) on {cells[0].Domain} by route overshear, plain splittings; sup errors of whole flows, in units of the target's values.",
        "Hollow marker: the error, estimated from points, of a flow of N time steps, each a product of the exact flows of shears and overshears, one affine coupling a term. Solid: the fitted slope (Theil–Sen). Dotted: the theory's slope. "
        + "The velocity here is a polynomial that the terms span, so only the splitting errs; for other maps the lines end at the residual of the fit.")
        .Paragraph("<b>What it means.</b> In the sup norm, affine couplings with tame conditioners pay for a smaller error in layers; a scheme of higher order pays less.")
        .Raw(Key(cells))
        .Row(
        [
            RateFigure.Of("affine-splitting-error", "Against the number of steps", "N, the number of time steps", "sup error of the flow", [.. Series(cells, Selection.Sup, c => c.Construction!.Sweep!.At)]),
            RateFigure.Of(
                "affine-splitting-layers", "The same flows against their depth", "affine couplings", "sup error of the flow", [.. Series(cells, Selection.Sup, c => c.Depth).Select(s => s with { Theory = double.NaN })],
                "A Suzuki step has five times the layers of a Strang step, a Strang step nearly twice those of a Lie step."),
        ]);

    private static Card Grids(Cell[] cells) => new Card(
        "affine-cells",
        "L² error against the number of cells",
        $"n = {Html.Count(cells.Length, "construction")} of ({cells[0].Target}) on {cells[0].Domain} by route cell, all with {Html.Count(cells[0].Depth, "affine coupling")}; errors of whole flows, Lebesgue's measure, not normalised.",
        "Hollow marker: the error, estimated from points, of a flow whose conditioners cut a coordinate into n cells, with tables of 2n pieces. The number of couplings is the same for every marker: only the conditioners grow. "
        + "Control: without the margin γ, which keeps points within their cell, a share of them of the order 1/n is decoded into the wrong cell and lands elsewhere.")
        .Paragraph("<b>What it means.</b> An Lᵖ error against depth is meaningless unless the conditioner class is fixed: here it falls as far as one likes while the depth stays the same. In the sup norm none of these flows comes near.")
        .Raw(Key(cells))
        .Row(
        [
            RateFigure.Of("affine-cells-error", "L² off the exceptional set", "n, cells along a coordinate", "L² error", [.. Series(cells, L2, c => c.Construction!.Sweep!.At)], Stalled(cells)),
            RateFigure.Of(
                "affine-cells-sup", "The sup error of the same flows", "n, cells along a coordinate", "sup error", [.. Series(cells, Selection.Sup, c => c.Construction!.Sweep!.At).Select(s => s with { Theory = double.NaN })],
                "The largest error met, on the exceptional set: it does not fall."),
        ]);

    private static string Key(Cell[] cells) =>
        $"<ul class=\"key\">{string.Concat(Series(cells, _ => 1, _ => 1).Select(s => $"<li>{Symbols.Svg(s.Symbol + "-open", s.Color)} {Html.Text(s.Words)}</li>"))}</ul>";

    private static double L2(Cell c) => c.Errors?.L2 ?? double.NaN;

    /// <summary>How much larger the control's error is than that of the same flow with γ.</summary>
    private static string? Stalled(Cell[] cells)
    {
        Cell? control = cells.LastOrDefault(c => Row(c).EndsWith("no-margin", StringComparison.Ordinal));
        Cell? with = cells.FirstOrDefault(c => Row(c).EndsWith("order-2", StringComparison.Ordinal) && c.Construction!.Sweep!.At == control?.Construction!.Sweep!.At);
        return control is null || with is null ? null : $"Without γ the error stalls: at n = {Html.Number(with.Construction!.Sweep!.At)} it is {Html.Number(L2(control) / L2(with))} times the one with γ.";
    }

    private static IEnumerable<RateSeries> Series(Cell[] cells, Func<Cell, double> error, Func<Cell, double> at)
    {
        int k = 0;
        foreach (var row in cells.GroupBy(Row).OrderBy(g => AffineCases.All.Select(a => a.Row.Name).ToList().IndexOf(g.Key)))
        {
            Cell[] drawn = [.. row.Where(c => error(c) > 0 && double.IsFinite(error(c)))];
            if (drawn.Length == 0) continue;
            AffineRow known = Known(drawn[0]);
            (string color, string symbol) = Styles[k++ % Styles.Length];
            yield return new(
                known.Words, color, symbol, [.. drawn.Select(at)], [.. drawn.Select(error)],
                [.. drawn.Select(c => $"<b>{Html.Plot(known.Words)}</b>, {Html.Number(at(c))}<br>error, estimated {Html.Number(error(c))}<br>{c.Depth} affine couplings, {c.Parameters} parameters")],
                [.. drawn.Select(RunTables.RowId)], known.Theory, known.FitFrom, known.FitTo);
        }
    }

    private static AffineRow Known(Cell c) => AffineCases.All.Select(a => a.Row).First(r => r.Name == Row(c));
}
