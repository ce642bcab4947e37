using UniversalFlows.Construction;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>
/// The chain of pictures from the affine map A to f: the image of a grid of a planar K under the first layers of a constructed flow, factor by factor. The layers work in an affine
/// frame C_t that moves with the isotopy; a picture shows C_t∘(layers so far) + f(c), to be compared with F_t + f(c), F_t(x) = (f(c + t(x − c)) − f(c))/t, or the layers' own values.
/// </summary>
internal static class ChainCards
{
    private const int GridLines = 11, PointsPerLine = 33;
    private const string Shade = "rgba(86,180,233,0.28)", Faint = "#c3cad3";

    /// <summary>The card; null if the flow file or the target can't be evaluated.</summary>
    public static Card? Of(Cell c, ReportData data)
    {
        ChainSummary chain = c.Construction!.Chains[0];
        DomainView domain = data.Domain(c);
        double[] centre = [0.5 * (domain.Lower[0] + domain.Upper[0]), 0.5 * (domain.Lower[1] + domain.Upper[1])];
        double[] lines = Nets.Lines(domain, GridLines, PointsPerLine), points = [.. lines, .. Nets.Quarter(domain, 17)];
        for (int n = 0; n < lines.Length; n += 2)
            if (!domain.Contains(points[n..(n + 2)])) centre.CopyTo(points, n); // not drawn, and f may not exist there
        if (data.Target(c, centre) is not { } value) return null;
        List<State> states = [];
        for (int k = 0; k < chain.Moments.Count; k++)
        {
            MomentRecord moment = chain.Moments[k];
            if (data.Prefix(c, 1 + (2 * k), points) is not { } own || Exact(c, data, moment.Time, points, centre, value.Values) is not { } exact) return null;
            states.Add(new(moment, own, Framed(moment, own, value.Values), exact));
        }

        int factors = chain.Factors, perFactor = chain.Layers.Count / Math.Max(1, factors);
        (double Low, double High)[] view = [Range(states.SelectMany(s => new[] { s.Framed, s.Exact }), 0), Range(states.SelectMany(s => new[] { s.Framed, s.Exact }), 1)];
        (double Low, double High)[] inner = [Range(states.Select(s => s.Own), 0), Range(states.Select(s => s.Own), 1)];
        string id = $"chain-{Html.Slug(c.Target)}";
        Card card = new(
            id,
            $"From A to f: {c.Target}",
            $"The {c.Family} flow asked for {Html.Number(c.Construction.Epsilon)} on {c.Domain}: N = {factors} factors, {perFactor} layers each; affine part {Order(chain.Order)}. All panels share their axes.",
            "A square grid of K after the affine part, then after each factor gₖ. The two colours tell the two families of lines apart, the shaded quarter (both coordinates above the centre's) shows orientation. "
            + "Under the net, in grey, the exact map Fₜ(x) = (f(c + t(x − c)) − f(c))/t, moved by f(c): where no grey shows, the layers have reached it. The layers work in an affine frame Cₜ which follows Fₜ; "
            + "the first view puts it back, the second shows what the layers see, Cₜ⁻¹∘Fₜ: as near to the identity as affine maps can keep it, in units of half the width of K.");
        card.Buttons("Show", "the path from A to f, frame put back", "what the layers see, Cₜ⁻¹∘Fₜ");
        card.Raw("<ul class=\"key\">"
            + $"<li>{Symbols.Svg("line", PlotColors.LinesOfConstantX1)} image of x₁ = const</li>"
            + $"<li>{Symbols.Svg("line", PlotColors.LinesOfConstantX2)} image of x₂ = const</li>"
            + $"<li>{Symbols.Svg("line", Faint)} exact Fₜ (first view)</li></ul>");
        card.Row(states.Select((s, k) =>
        {
            LayerRecord[] own = [.. chain.Layers.Where(l => l.Factor == k)];
            return new Figure
            {
                Id = $"{id}-{k}",
                Title = k == 0 ? "t = 0: the affine part A(x − c) + f(c)" : $"t = {(k == factors ? "1" : $"{k}/{factors}")}: after g{Subscript(k)}{(k == factors ? ", the flow g" : "")}",
                Label = k == 0 ? $"The grid of K after the affine part of the flow for {c.Target}" : $"The grid of K after factor {k} of {factors} of the flow for {c.Target}",
                Aspect = MapCards.EqualAspect(view[0], view[1], colorBar: false),
                Note = k == 0
                    ? "No layer yet."
                    : $"In the frame |g{Subscript(k)} − id| up to {Number(s.Moment.Displacement)}, ‖Dg{Subscript(k)} − I‖ up to {Number(s.Moment.DerivativeDistance)}, its layers up to {Number(own.Max(l => l.Realised))} off; "
                        + $"the net {Number(Largest(s.Framed, s.Exact))} from {(k == factors ? "f" : "Fₜ")}.",
                Plots =
                [
                    new(Traces(s.Framed, k == 0 ? null : s.Exact, lines, domain), MapCards.Equal("first coordinate", "second coordinate", view[0], view[1])),
                    new(Traces(s.Own, null, lines, domain), MapCards.Equal("first coordinate, in the frame", "second coordinate, in the frame", inner[0], inner[1])),
                ],
            };
        }));
        return card;
    }

    private static List<Trace> Traces(double[] values, double[]? exact, double[] lines, DomainView domain)
    {
        double[] quarter = values[lines.Length..];
        List<Trace> traces = [];
        if (exact is not null)
        {
            (double[] a, double[] b) = Nets.Images(exact, lines, 0, PointsPerLine, domain);
            (double[] p, double[] q) = Nets.Images(exact, lines, 1, PointsPerLine, domain);
            traces.Add(Line("exact Fₜ", [.. a, double.NaN, .. p], [.. b, double.NaN, .. q], Faint, 3.5));
        }

        traces.Add(Line("shaded quarter", Elements.Column(quarter, 2, 0), Elements.Column(quarter, 2, 1), Shade, 0.5) with { Fill = "toself", FillColor = Shade });
        (double[] x1, double[] y1) = Nets.Images(values, lines, 0, PointsPerLine, domain);
        (double[] x2, double[] y2) = Nets.Images(values, lines, 1, PointsPerLine, domain);
        traces.Add(Line("x₁ = const", x1, y1, PlotColors.LinesOfConstantX1, 1.2));
        traces.Add(Line("x₂ = const", x2, y2, PlotColors.LinesOfConstantX2, 1.2));
        return traces;
    }

    private static Scatter Line(string name, double[] x, double[] y, string color, double width) =>
        new() { Mode = "lines", Name = name, X = x, Y = y, Line = new() { Color = color, Width = width }, HoverInfo = "skip" };

    /// <summary>F_t(x) + f(c); at t = 0, where it is A(x − c) + f(c), the affine part of the flow is exact and stands for itself: empty.</summary>
    private static double[]? Exact(Cell c, ReportData data, double t, double[] points, double[] centre, double[] value)
    {
        if (t == 0) return [];
        double[] shrunk = [.. points.Select((x, i) => t == 1 ? x : centre[i % 2] + (t * (x - centre[i % 2])))];
        return data.Target(c, shrunk) is { } f ? [.. f.Values.Select((v, i) => ((v - value[i % 2]) / t) + value[i % 2])] : null;
    }

    /// <summary>C_t(y) + f(c).</summary>
    private static double[] Framed(MomentRecord m, double[] y, double[] value)
    {
        double[] z = new double[y.Length];
        for (int n = 0; n < y.Length; n += 2)
            for (int i = 0; i < 2; i++) z[n + i] = (m.Matrix[2 * i] * y[n]) + (m.Matrix[(2 * i) + 1] * y[n + 1]) + m.Shift[i] + value[i];
        return z;
    }

    private static (double Low, double High) Range(IEnumerable<double[]> nets, int coordinate) => Elements.Range(nets.SelectMany(n => Elements.Column(n, 2, coordinate)), 0.04);

    private static double Largest(double[] a, double[] b)
    {
        double largest = 0;
        for (int n = 0; n < a.Length / 2; n++) largest = Math.Max(largest, Elements.Distance(a, b, n, 2));
        return largest;
    }

    /// <summary>With a hyphen at which no line breaks.</summary>
    private static string Number(double v) => Html.Number(v).Replace('-', '\u2011');

    private static string Order(string order) => order switch { "first" => "first, no frame", "last" => "last, its frame does not move", _ => "in a frame that moves with t" };

    private static string Subscript(int k) => string.Concat(k.ToString(System.Globalization.CultureInfo.InvariantCulture).Select(d => (char)('₀' + (d - '0'))));

    /// <summary>The grid at a moment.</summary>
    /// <param name="Moment">t and C_t.</param>
    /// <param name="Own">What the layers have made.</param>
    /// <param name="Framed">The same with the frame put back.</param>
    /// <param name="Exact">F_t + f(c); empty at t = 0.</param>
    private sealed record State(MomentRecord Moment, double[] Own, double[] Framed, double[] Exact);
}
