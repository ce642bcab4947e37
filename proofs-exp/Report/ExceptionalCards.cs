using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>Where an Lp construction is near its target and where it is not: the error over K, and in red the set on which staircases rise.</summary>
internal static class ExceptionalCards
{
    private const int CurvePoints = 241;

    // 157, a prime, intervals: no point falls on the edge of a cell of a coordinate
    private const int FieldPoints = 158;
    private const string Red = "#e3120b";

    /// <summary>The card; null if the flow file or the target can't be evaluated, or K is not planar.</summary>
    public static Card? Of(Cell c, ReportData data)
    {
        AffineSummary affine = c.Construction!.Affine!;
        if (c.Dimension != 2 || affine.Set is not { } set) return null;
        DomainView domain = data.Domain(c);
        double[] field = MapCards.Field(domain, 0, 1, FieldPoints, out double[] x, out double[] y);
        if (data.Target(c, field) is not { } f || data.Flow(c, field) is not { } g || Curves(c, set, domain, field, data) is not { } red) return null;
        string id = $"exceptional-{Html.Slug(AffineSection.Row(c).Split('.')[^1])}", power = affine.Norm == "l1" ? "L¹" : "L²";
        double off = affine.Norm == "l1" ? c.Errors!.L1 : c.Errors!.L2;
        double[] widths = [.. set.Ramps.Select(r => r.Width)];
        string ramps = widths.Min() == widths.Max() ? $"of width η = {Html.Number(widths[0])}" : $"of widths η from {Html.Number(widths.Min())} to {Html.Number(widths.Max())}";
        double margin = affine.Constant("margin");
        Card card = new(
            id,
            $"{power} small, sup not: {c.Target}",
            $"Route {affine.Route} on {c.Domain}, ε = {Html.Number(c.Construction.Epsilon)} in {power}: {Html.Count(c.Depth, "affine coupling")}, {c.Parameters} parameters, up to {Html.Number(affine.Constant("mostCells"))} cells along a coordinate.",
            $"Colour: |f − g| off the exceptional set. Red: the set itself, which is far too thin to be seen, drawn as lines: there a staircase rises from one cell to the next and g is not near f. "
            + "Its measure is estimated from above with suprema over samples; the error on it is sampled or bounded.");
        card.Paragraph($"{power} off the set {Html.Number(off)}; of the set {Html.Number(set.Contribution)}; the sum, with twice the standard error, {Html.Number(affine.Error)}. "
            + $"The set: measure {Html.Number(set.Measure)}, ramps {ramps}, error up to {Html.Number(set.Size)} on it, {Html.Number(set.SupOff)} off it. "
            + (double.IsFinite(margin) ? $"Margin γ up to {Html.Number(margin)}." : "No margin γ is needed on this route.") + $" <a href=\"#{RunTables.RowId(c)}\">The run</a>.", "facts");
        card.Paragraph(affine.Route == "three"
            ? "<b>What it means.</b> Three affine couplings come near any continuous map in Lᵖ. An Lᵖ error against depth is meaningless unless the conditioner class is fixed."
                + Obstruction(c) + ""
            : "<b>What it means.</b> The number of couplings does not depend on ε, the conditioners carry the accuracy: an Lᵖ error against depth is meaningless unless the conditioner class is fixed.");
        Figure map = MapCards.ErrorField($"{id}-error", "|f − g| over K", c, (0, 1), field, f.Values, g.Values, x, y, domain, null);
        return card.Row([map, map with
        {
            Id = $"{id}-set",
            Title = "The exceptional set in red",
            Label = $"The exceptional set of the flow constructed for {c.Target} over its error: lines of measure {Html.Number(set.Measure)} in all",
            Plots = [map.Plots[0] with { Traces = [.. map.Plots[0].Traces, red] }],
        }]);
    }

    /// <summary>What is known of the sup norm (docs/theory.md, controls).</summary>
    private static string Obstruction(Cell c) => AffineSection.Row(c) switch
    {
        $"{AffineCases.Maps}.fold" => " In the sup norm every orientation-preserving homeomorphism stays at least ½ from this fold.",
        $"{AffineCases.Maps}.reflection" => " In the sup norm every orientation-preserving homeomorphism stays at least 1 from this reflection.",
        _ => "",
    };

    /// <summary>The lines in K that come to the middle of a ramp, broken where they leave K or where an earlier ramp breaks them.</summary>
    private static Scatter? Curves(Cell c, ExceptionalSummary set, DomainView domain, double[] field, ReportData data)
    {
        List<double> x = [], y = [];
        double[] inside = [.. Enumerable.Range(0, field.Length / 2).Select(n => field[(2 * n)..((2 * n) + 2)]).Where(domain.Contains).SelectMany(p => p)];
        double largest = 6.0 / CurvePoints * Math.Max(domain.Upper[0] - domain.Lower[0], domain.Upper[1] - domain.Lower[1]);
        foreach (RampSummary ramps in set.Ramps)
        {
            if (ramps.Edges.Count == 0) continue;
            int other = 1 - ramps.Coordinate;
            if (data.Prefix(c, ramps.Layer, inside) is not { } states) return null;
            (double low, double high) = Elements.Range(Elements.Column(states, 2, other), 0);
            double[] along = Elements.Linspace(low, high, CurvePoints);
            double[] line = [.. ramps.Edges.SelectMany(e => along.SelectMany(t => ramps.Coordinate == 0 ? (double[])[e, t] : [t, e]))];
            if (data.BackThrough(c, ramps.Layer, line) is not { } points) return null;
            for (int n = 0; n < points.Length / 2; n++)
            {
                (double u, double v) = (points[2 * n], points[(2 * n) + 1]);
                bool drawn = double.IsFinite(u + v) && domain.Contains([u, v]);
                bool joined = drawn && n % CurvePoints != 0 && x.Count > 0 && Math.Abs(u - x[^1]) + Math.Abs(v - y[^1]) < largest;
                if (!joined && x.Count > 0 && !double.IsNaN(x[^1])) Add(double.NaN, double.NaN);
                if (drawn) Add(u, v);
            }

            if (x.Count > 0 && !double.IsNaN(x[^1])) Add(double.NaN, double.NaN);
        }

        return new Scatter { Mode = "lines", Name = "exceptional set", X = [.. x], Y = [.. y], Line = new() { Color = Red, Width = 1 }, HoverInfo = "skip" };

        void Add(double u, double v)
        {
            x.Add(u);
            y.Add(v);
        }
    }
}
