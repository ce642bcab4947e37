using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>A card a target map: the best flow beside the target, and where they differ.</summary>
internal static class MapCards
{
    private const int FieldPoints = 101;
    private const int SlicePoints = 81;
    private const int GridLines = 17;
    private const int PointsPerLine = 65;
    private const int GraphPoints = 401;

    /// <summary>Below this an error is nothing but rounding; zero has no logarithm.</summary>
    private const double RoundingFloor = 1e-17;

    public static Card Of(TargetGroup group, ReportData data)
    {
        Cell? best = Selection.Best(group.Cells, Selection.Sup);
        string subtitle = group.First.Formula is { } formula ? $"f(x) = {formula}. {Selection.Describe(group.Cells)}" : Selection.Describe(group.Cells);
        if (best is null)
        {
            return new Card(group.Id, group.Title, subtitle, "There is no picture, since no run against this target has a finite error.")
                .Paragraph(Reasons(group), "warning");
        }

        DomainView domain = data.Domain(best);
        Card card = new(group.Id, group.Title, subtitle, HowToRead(best.Dimension));
        card.Raw(Facts(best));
        string? problem = best.Dimension switch
        {
            1 => Graph(card, group, best, domain, data),
            2 => Plane(card, group, best, domain, data),
            _ => Slice(card, group, best, domain, data),
        };
        return problem is null ? card : card.Paragraph(Html.Text(problem), "warning");
    }

    private static string HowToRead(int dimension) => dimension switch
    {
        1 => "First the target f in black with the flow g dashed on top of it, then the distance between them on a logarithmic scale; the ring marks the worst point that was measured.",
        2 => "The same square grid goes through the target and through the flow: the closer the two nets agree, the better. "
            + "The third picture is the distance |f − g| over K; the ring marks the worst point that was measured.",
        _ => "The colour is the distance |f − g| on planes through the middle of K; the largest error need not lie on any of them.",
    };

    private static string Reasons(TargetGroup group) => string.Join(
        "<br>",
        group.Cells.GroupBy(c => (c.Status, c.Reason))
            .Select(g => $"{Html.Count(g.Count(), "run")}: {Html.Text(g.Key.Status)}, {Html.Text(g.Key.Reason ?? "no reason given")}."));

    private static string Facts(Cell c)
    {
        Errors e = c.Errors!;
        return "<p class=\"facts\">Best of these runs: "
            + $"<a href=\"#{RunTables.RowId(c)}\"><b>{Html.Text(c.Family)}</b>, depth {c.Depth}, seed {c.Seed}</a>, {c.Parameters} parameters. "
            + $"sup {(c.Certificate is { Sharp: true } p ? $"<b>proved</b> {Html.Bounds(p)}, estimated {Html.Number(e.Sup)}" : $"estimated {Html.Number(e.Sup)}")} at {Html.Text(Html.Point(e.SupAt))}; "
            + $"estimated: rmse {Html.Number(e.Rmse)}, C¹ {Html.Number(e.C1)}.</p>";
    }

    private static string? Plane(Card card, TargetGroup group, Cell best, DomainView domain, ReportData data)
    {
        double[] field = Field(domain, 0, 1, FieldPoints, out double[] x, out double[] y);
        double[] lines = Nets.Lines(domain, GridLines, PointsPerLine);
        if (data.Target(best, field) is not { } f || data.Target(best, lines) is not { } fLines)
            return "The target cannot be evaluated, so there is no picture.";
        if (data.Flow(best, field) is not { } g || data.Flow(best, lines) is not { } gLines)
            return $"The flow file {best.FlowFile} cannot be read, so there is no picture.";

        (double Low, double High) u = View(fLines.Values, gLines.Values, 0), v = View(fLines.Values, gLines.Values, 1);
        string[] output = ["f₁(x)", "f₂(x)"], flowOutput = ["g₁(x)", "g₂(x)"];
        card.Raw(NetKey());
        card.Row(
        [
            Net($"{group.Id}-target", "Target f: image of the grid", fLines.Values, lines, domain, u, v, output),
            Net($"{group.Id}-flow", $"Flow g ({best.Family}, depth {best.Depth}): image of the grid", gLines.Values, lines, domain, u, v, flowOutput),
            ErrorField($"{group.Id}-error", "Error |f − g| over K", best, (0, 1), field, f.Values, g.Values, x, y, domain, best.Errors),
        ]);
        card.Paragraph(RoundTrip(best, domain, field, f, g, data));
        return null;
    }

    private static string? Slice(Card card, TargetGroup group, Cell best, DomainView domain, ReportData data)
    {
        (int A, int B)[] planes = [(0, 1), (0, 2), (1, 2)];
        int d = best.Dimension, each = SlicePoints * SlicePoints * d;
        double[][] x = new double[planes.Length][], y = new double[planes.Length][];
        double[] field = [.. planes.SelectMany((p, i) => Field(domain, p.A, p.B, SlicePoints, out x[i], out y[i]))];
        if (data.Target(best, field) is not { } f)
            return "The target cannot be evaluated, so there is no picture.";
        if (data.Flow(best, field) is not { } g)
            return $"The flow file {best.FlowFile} cannot be read, so there is no picture.";
        card.Row(planes.Select((p, i) => ErrorField(
            $"{group.Id}-error-{i + 1}", $"Error |f − g| where {Others(domain, p.A, p.B)}", best, (p.A, p.B), field[(i * each)..((i + 1) * each)],
            f.Values[(i * each)..((i + 1) * each)], g.Values[(i * each)..((i + 1) * each)], x[i], y[i], domain, null)));
        card.Paragraph(RoundTrip(best, domain, field, f, g, data));
        return null;
    }

    private static string Others(DomainView domain, int a, int b) => string.Join(
        ", ",
        Enumerable.Range(0, domain.Lower.Length).Where(j => j != a && j != b).Select(j => $"{Coordinate(j)} = {Html.Number(Middle(domain, j))}"));

    private static string? Graph(Card card, TargetGroup group, Cell best, DomainView domain, ReportData data)
    {
        double[] x = Elements.Linspace(domain.Lower[0], domain.Upper[0], GraphPoints);
        if (data.Target(best, x) is not { } f)
            return "The target cannot be evaluated, so there is no picture.";
        if (data.Flow(best, x) is not { } g)
            return $"The flow file {best.FlowFile} cannot be read, so there is no picture.";
        FamilyStyle style = PlotColors.Of(best.Family);
        double[] error = [.. Enumerable.Range(0, x.Length).Select(i => Floored(Elements.Distance(f.Values, g.Values, i, 1)))];
        // where f and g cross the error is zero: five decades below the largest carry the picture
        double top = Elements.Log10(Math.Max(best.Errors!.Sup, error.Where(double.IsFinite).DefaultIfEmpty(RoundingFloor).Max())) + 0.3;
        double bottom = Math.Max(top - 5, Elements.Range(error.Select(Elements.Log10), 0).Low - 0.2);
        Axis axis = new() { Title = new("x"), ZeroLine = false, Range = [domain.Lower[0], domain.Upper[0]] };
        card.Raw("<ul class=\"key\">" + $"<li>{Symbols.Svg("line", PlotColors.Target)} target f</li>"
            + $"<li>{Symbols.Svg("dash", style.Color)} flow g ({Html.Text(best.Family)}, depth {best.Depth})</li></ul>");
        card.Row(
        [
            new Figure
            {
                Id = $"{group.Id}-graph",
                Title = "Target and flow",
                Label = $"Graphs of the target {group.Title} and of the best flow",
                Plots =
                [
                    new(
                        [
                            new Scatter { Mode = "lines", Name = "target f", X = x, Y = f.Values, Line = new() { Color = PlotColors.Target, Width = 3 }, HoverTemplate = "x %{x:.3f}<br>f %{y:.4f}<extra></extra>" },
                            new Scatter { Mode = "lines", Name = "flow g", X = x, Y = g.Values, Line = new() { Color = style.Color, Width = 2, Dash = "dash" }, HoverTemplate = "x %{x:.3f}<br>g %{y:.4f}<extra></extra>" },
                        ],
                        new() { XAxis = axis, YAxis = new() { Title = new("f(x), g(x)"), ZeroLine = false } }),
                ],
            },
            new Figure
            {
                Id = $"{group.Id}-error",
                Title = "Error |f − g|",
                Label = $"The distance of the best flow from the target {group.Title}, at most {Html.Number(best.Errors.Sup)}",
                Plots =
                [
                    new(
                        [
                            new Scatter { Mode = "lines", Name = "|f − g|", X = x, Y = error, Line = new() { Color = style.Color, Width = 2 }, HoverTemplate = "x %{x:.3f}<br>error %{y:.2e}<extra></extra>" },
                            Ring(best.Errors, [best.Errors.SupAt.Count > 0 ? best.Errors.SupAt[0] : double.NaN], [best.Errors.Sup], PlotColors.Ink),
                        ],
                        new() { XAxis = axis, YAxis = new() { Title = new("|f(x) − g(x)|"), Type = "log", ExponentFormat = "power", TickFont = PlotColors.LogTicks, Range = [bottom, top] } }),
                ],
            },
        ]);
        card.Paragraph(RoundTrip(best, domain, x, f, g, data));
        return null;
    }

    private static string NetKey() => "<ul class=\"key\">"
        + $"<li>{Symbols.Svg("line", PlotColors.LinesOfConstantX1)} image of x₁ = const</li>"
        + $"<li>{Symbols.Svg("line", PlotColors.LinesOfConstantX2)} image of x₂ = const</li>"
        + $"<li>{Symbols.Svg("circle-open", PlotColors.Ink)} largest error measured</li></ul>";

    private static Figure Net(
        string id, string title, double[] values, double[] points, DomainView domain,
        (double Low, double High) u, (double Low, double High) v, string[] axes)
    {
        (double[] x1, double[] y1) = Nets.Images(values, points, 0, PointsPerLine, domain);
        (double[] x2, double[] y2) = Nets.Images(values, points, 1, PointsPerLine, domain);
        return new()
        {
            Id = id,
            Title = title,
            Label = $"{title}: {GridLines} lines in each direction",
            Aspect = EqualAspect(u, v, colorBar: false),
            Plots =
            [
                new(
                    [
                        new Scatter { Mode = "lines", Name = "x₁ = const", X = x1, Y = y1, Line = new() { Color = PlotColors.LinesOfConstantX1, Width = 1.2 }, HoverInfo = "skip" },
                        new Scatter { Mode = "lines", Name = "x₂ = const", X = x2, Y = y2, Line = new() { Color = PlotColors.LinesOfConstantX2, Width = 1.2 }, HoverInfo = "skip" },
                    ],
                    Equal(axes[0], axes[1], u, v)),
            ],
        };
    }

    /// <summary>The proportions of a figure that leave no empty bands around a picture with equal axes, at the width of a third of a card.</summary>
    internal static double EqualAspect((double Low, double High) x, (double Low, double High) y, bool colorBar)
    {
        const double Width = 345, Sides = 64, Bar = 78, TopAndBottom = 54;
        double ratio = Math.Clamp((y.High - y.Low) / (x.High - x.Low), 0.4, 1.5);
        double inner = Width - Sides - (colorBar ? Bar : 0);
        return Width / ((inner * ratio) + TopAndBottom);
    }

    internal static Layout Equal(string xTitle, string yTitle, (double Low, double High) x, (double Low, double High) y) => new()
    {
        XAxis = new() { Title = new(xTitle) { Standoff = 6 }, Range = [x.Low, x.High], Constrain = "domain", ZeroLine = false },
        YAxis = new() { Title = new(yTitle) { Standoff = 4 }, Range = [y.Low, y.High], Constrain = "domain", ScaleAnchor = "x", ZeroLine = false },
        Margin = new() { L = 52, R = 12, T = 10, B = 44 },
    };

    internal static Figure ErrorField(
        string id, string title, Cell best, (int A, int B) plane, double[] points, double[] f, double[] g, double[] x, double[] y, DomainView domain, Errors? ring)
    {
        int d = best.Dimension, lost = 0;
        double[][] z = new double[y.Length][];
        for (int j = 0; j < y.Length; j++)
        {
            z[j] = new double[x.Length];
            for (int i = 0; i < x.Length; i++)
            {
                int p = (j * x.Length) + i;
                bool inside = domain.Contains(points[(p * d)..((p + 1) * d)]);
                double error = Elements.Distance(f, g, p, d);
                lost += inside && !double.IsFinite(error) ? 1 : 0;
                z[j][i] = inside && double.IsFinite(error) ? Elements.Log10(Floored(error)) : double.NaN;
            }
        }

        (double low, double high) = Elements.Range(z.SelectMany(r => r), 0);
        // a flow that meets the target on a curve has a few very small errors: four decades carry the picture
        low = Math.Max(low, high - 4);
        List<Trace> traces =
        [
            new Heatmap
            {
                X = x,
                Y = y,
                Z = z,
                ColorScale = PlotColors.Error,
                ZMin = low,
                ZMax = high,
                ColorBar = new() { Title = new("log₁₀|f − g|") { Side = "right" }, Thickness = 12 },
                HoverTemplate = $"{Coordinate(plane.A)} %{{x:.3f}}<br>{Coordinate(plane.B)} %{{y:.3f}}<br>" + "log₁₀|f − g| %{z:.2f}<extra></extra>",
            },
        ];
        Layout layout = Equal(Coordinate(plane.A), Coordinate(plane.B), (x[0], x[^1]), (y[0], y[^1])) with { PlotColor = "#eceff3" };
        if (ring is { SupAt.Count: 2 })
        {
            traces.Add(Ring(ring, [ring.SupAt[0]], [ring.SupAt[1]], "#ffffff"));
            traces.Add(Ring(ring, [ring.SupAt[0]], [ring.SupAt[1]], PlotColors.Ink, 15));
            bool left = ring.SupAt[0] > Middle(domain, 0), below = ring.SupAt[1] > Middle(domain, 1);
            layout = layout with
            {
                Annotations =
                [
                    new()
                    {
                        X = ring.SupAt[0], Y = ring.SupAt[1], Text = $"sup {Html.Number(ring.Sup)}", ShowArrow = true,
                        Ax = left ? -48 : 48, Ay = below ? 34 : -34, BgColor = "rgba(255,255,255,0.88)", BorderPad = 3, Font = new() { Size = 11 },
                    },
                ],
            };
        }

        return new()
        {
            Id = id,
            Title = title,
            Label = $"{title} for {best.Target}, at most {Html.Number(best.Errors!.Sup)} at {Html.Point(best.Errors.SupAt)}",
            Aspect = EqualAspect((x[0], x[^1]), (y[0], y[^1]), colorBar: true),
            Note = lost == 0 ? null : $"{Html.Count(lost, "point")} of K had no finite value.",
            Plots = [new(traces, layout)],
        };
    }

    private static Scatter Ring(Errors e, double[] x, double[] y, string color, double size = 12) => new()
    {
        Mode = "markers",
        Name = "largest error measured",
        X = x,
        Y = y,
        Marker = new() { Symbol = "circle-open", Color = color, Size = size, Line = new() { Width = 2, Color = color } },
        HoverText = [$"sup {Html.Number(e.Sup)} at {Html.Point(e.SupAt)}"],
        HoverTemplate = "%{hovertext}<extra></extra>",
        ClipOnAxis = false,
    };

    private static string RoundTrip(Cell best, DomainView domain, double[] points, Evaluation f, Evaluation g, ReportData data)
    {
        int d = best.Dimension, n = points.Length / d, seen = 0, lost = 0;
        double logDet = 0, trip = 0;
        Evaluation? back = data.Inverse(best, g.Values);
        for (int i = 0; i < n; i++)
        {
            if (!domain.Contains(points[(i * d)..((i + 1) * d)]))
                continue;
            seen++;
            double difference = Math.Abs(f.LogDet[i] - g.LogDet[i]), distance = back is null ? 0 : Elements.Distance(back.Values, points, i, d);
            if (!double.IsFinite(difference) || !double.IsFinite(distance))
                lost++;
            else
                (logDet, trip) = (Math.Max(logDet, difference), Math.Max(trip, distance));
        }

        string text = $"On the {seen} points of this picture: largest difference of log|det D| between flow and target {Html.Number(logDet)}; ";
        text += back is null ? "the inverse cannot be evaluated" : $"largest round-trip error |g⁻¹(g(x)) − x| {Html.Number(trip)}";
        return text + (lost == 0 ? "." : $"; {Html.Count(lost, "point")} without a finite value, left out of these two numbers.");
    }

    private static double Floored(double error) => double.IsFinite(error) ? Math.Max(error, RoundingFloor) : double.NaN;

    private static double Middle(DomainView domain, int j) => 0.5 * (domain.Lower[j] + domain.Upper[j]);

    /// <summary>x₁ for 0, x₂ for 1, and so on.</summary>
    private static string Coordinate(int j) => "x" + string.Concat((j + 1).ToString().Select(c => (char)('₀' + (c - '0'))));

    /// <summary>A grid over coordinates a and b of the box around K, the others at mid-interval; coordinate a runs fastest.</summary>
    internal static double[] Field(DomainView domain, int a, int b, int n, out double[] x, out double[] y)
    {
        int d = domain.Lower.Length;
        x = Elements.Linspace(domain.Lower[a], domain.Upper[a], n);
        y = Elements.Linspace(domain.Lower[b], domain.Upper[b], n);
        double[] points = new double[n * n * d];
        for (int i = 0; i < n * n; i++)
        {
            for (int k = 0; k < d; k++)
                points[(i * d) + k] = k == a ? x[i % n] : k == b ? y[i / n] : Middle(domain, k);
        }

        return points;
    }

    /// <summary>The window of both nets: all of the target, and of a flow gone astray at most half as much again on each side.</summary>
    private static (double Low, double High) View(double[] target, double[] flow, int j)
    {
        (double low, double high) = Elements.Range(Elements.Column(target, 2, j), 0.05);
        (double flowLow, double flowHigh) = Elements.Range(Elements.Column(flow, 2, j), 0.05);
        double room = 0.5 * (high - low);
        return (Math.Min(low, Math.Max(flowLow, low - room)), Math.Max(high, Math.Min(flowHigh, high + room)));
    }
}
