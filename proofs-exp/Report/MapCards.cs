using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>A card a target map: the best flow beside the target, and where they differ.</summary>
internal static class MapCards
{
    private const int FieldPoints = 101;
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
        1 => "Top: the target f in black and the flow g dashed; bottom: the distance between them on a logarithmic scale.",
        2 => "The same square grid goes through the target and through the flow: the closer the two nets agree, the better. "
            + "The third picture is the distance |f − g| over K; the ring marks the worst point that was measured.",
        _ => "The colour is the distance |f − g| on a plane through the middle of K; the largest error need not lie on that plane.",
    };

    private static string Reasons(TargetGroup group) => string.Join(
        "<br>",
        group.Cells.Select(c => $"{Html.Text(c.Family)}, depth {c.Depth}, seed {c.Seed}: {Html.Text(c.Status)}, {Html.Text(c.Reason ?? "no reason given")}"));

    private static string Facts(Cell c)
    {
        Errors e = c.Errors!;
        return "<p class=\"facts\">Best of these runs: "
            + $"<a href=\"#{RunTables.RowId(c)}\"><b>{Html.Text(c.Family)}</b>, depth {c.Depth}, seed {c.Seed}</a>, {c.Parameters} parameters. "
            + $"sup {Html.Number(e.Sup)} at {Html.Text(Html.Point(e.SupAt))}; rmse {Html.Number(e.Rmse)}; C¹ {Html.Number(e.C1)}.</p>";
    }

    private static string? Plane(Card card, TargetGroup group, Cell best, DomainView domain, ReportData data)
    {
        double[] field = Field(domain, FieldPoints, out double[] x, out double[] y);
        double[] lines = GridPoints(domain, out int perDirection);
        if (data.Target(best, field) is not { } f || data.Target(best, lines) is not { } fLines)
            return "The target cannot be evaluated, so there is no picture.";
        if (data.Flow(best, field) is not { } g || data.Flow(best, lines) is not { } gLines)
            return $"The flow file {best.FlowFile} cannot be read, so there is no picture.";

        (double Low, double High) u = View(fLines.Values, gLines.Values, 0), v = View(fLines.Values, gLines.Values, 1);
        string[] output = ["f₁(x)", "f₂(x)"], flowOutput = ["g₁(x)", "g₂(x)"];
        card.Raw(NetKey());
        card.Row(
        [
            Net($"{group.Id}-target", "Target f: image of the grid", fLines.Values, lines, perDirection, domain, u, v, output),
            Net($"{group.Id}-flow", $"Flow g ({best.Family}, depth {best.Depth}): image of the grid", gLines.Values, lines, perDirection, domain, u, v, flowOutput),
            ErrorField($"{group.Id}-error", "Error |f − g| over K", best, field, f.Values, g.Values, x, y, domain, best.Errors),
        ]);
        card.Paragraph(RoundTrip(best, domain, field, f, g, data));
        return null;
    }

    private static string? Slice(Card card, TargetGroup group, Cell best, DomainView domain, ReportData data)
    {
        double[] field = Field(domain, FieldPoints, out double[] x, out double[] y);
        if (data.Target(best, field) is not { } f)
            return "The target cannot be evaluated, so there is no picture.";
        if (data.Flow(best, field) is not { } g)
            return $"The flow file {best.FlowFile} cannot be read, so there is no picture.";
        string place = string.Join(", ", Enumerable.Range(2, best.Dimension - 2)
            .Select(j => $"x{Subscript(j + 1)} = {Html.Number(Middle(domain, j))}"));
        card.Row(
        [
            ErrorField($"{group.Id}-error", $"Error |f − g| on the slice {place}", best, field, f.Values, g.Values, x, y, domain, null),
        ]);
        card.Paragraph(RoundTrip(best, domain, field, f, g, data));
        return null;
    }

    private static string? Graph(Card card, TargetGroup group, Cell best, DomainView domain, ReportData data)
    {
        double[] x = Elements.Linspace(domain.Lower[0], domain.Upper[0], GraphPoints);
        if (data.Target(best, x) is not { } f)
            return "The target cannot be evaluated, so there is no picture.";
        if (data.Flow(best, x) is not { } g)
            return $"The flow file {best.FlowFile} cannot be read, so there is no picture.";
        FamilyStyle style = PlotColors.Of(best.Family);
        double[] error = [.. Enumerable.Range(0, x.Length).Select(i => Floored(Elements.Distance(f.Values, g.Values, i, 1)))];
        Axis axis = new() { Title = new("x"), Range = [domain.Lower[0], domain.Upper[0]] };
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
                        new() { XAxis = axis, YAxis = new() { Title = new("f(x), g(x)") } }),
                ],
            },
            new Figure
            {
                Id = $"{group.Id}-error",
                Title = "Error |f − g|",
                Label = $"The distance of the best flow from the target {group.Title}, at most {Html.Number(best.Errors!.Sup)}",
                Plots =
                [
                    new(
                        [
                            new Scatter { Mode = "lines", Name = "|f − g|", X = x, Y = error, Line = new() { Color = style.Color, Width = 2 }, HoverTemplate = "x %{x:.3f}<br>error %{y:.2e}<extra></extra>" },
                            Ring(best.Errors, [best.Errors.SupAt.Count > 0 ? best.Errors.SupAt[0] : double.NaN], [best.Errors.Sup], PlotColors.Ink),
                        ],
                        new() { XAxis = axis, YAxis = new() { Title = new("|f(x) − g(x)|"), Type = "log", ExponentFormat = "power" } }),
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
        string id, string title, double[] values, double[] points, int perDirection, DomainView domain,
        (double Low, double High) u, (double Low, double High) v, string[] axes)
    {
        (double[] x1, double[] y1) = Broken(values, points, 0, perDirection, domain);
        (double[] x2, double[] y2) = Broken(values, points, perDirection, perDirection, domain);
        return new()
        {
            Id = id,
            Title = title,
            Label = $"{title}: {GridLines} lines in each direction",
            Shape = "square",
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

    internal static Layout Equal(string xTitle, string yTitle, (double Low, double High) x, (double Low, double High) y) => new()
    {
        XAxis = new() { Title = new(xTitle) { Standoff = 6 }, Range = [x.Low, x.High], Constrain = "domain", ZeroLine = false },
        YAxis = new() { Title = new(yTitle) { Standoff = 4 }, Range = [y.Low, y.High], Constrain = "domain", ScaleAnchor = "x", ZeroLine = false },
        Margin = new() { L = 52, R = 12, T = 10, B = 44 },
    };

    private static Figure ErrorField(
        string id, string title, Cell best, double[] points, double[] f, double[] g, double[] x, double[] y, DomainView domain, Errors? ring)
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
                HoverTemplate = "x₁ %{x:.3f}<br>x₂ %{y:.3f}<br>log₁₀|f − g| %{z:.2f}<extra></extra>",
            },
        ];
        Layout layout = Equal("x₁", "x₂", (domain.Lower[0], domain.Upper[0]), (domain.Lower[1], domain.Upper[1])) with { PlotColor = "#eceff3" };
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
            Shape = "square",
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

    private static char Subscript(int digit) => (char)('₀' + (digit % 10));

    /// <summary>A grid over the first two coordinates of the box around K, the others at mid-interval; x runs fastest.</summary>
    private static double[] Field(DomainView domain, int n, out double[] x, out double[] y)
    {
        int d = domain.Lower.Length;
        x = Elements.Linspace(domain.Lower[0], domain.Upper[0], n);
        y = Elements.Linspace(domain.Lower[1], domain.Upper[1], n);
        double[] points = new double[n * n * d];
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < n; i++)
            {
                Span<double> p = points.AsSpan(((j * n) + i) * d, d);
                (p[0], p[1]) = (x[i], y[j]);
                for (int k = 2; k < d; k++)
                    p[k] = Middle(domain, k);
            }
        }

        return points;
    }

    /// <summary>The lines x₁ = const point after point, then the lines x₂ = const.</summary>
    private static double[] GridPoints(DomainView domain, out int perDirection)
    {
        perDirection = GridLines * PointsPerLine;
        double[] points = new double[2 * perDirection * 2];
        int at = 0;
        for (int direction = 0; direction < 2; direction++)
        {
            double[] fixedAt = Elements.Linspace(domain.Lower[direction], domain.Upper[direction], GridLines);
            double[] along = Elements.Linspace(domain.Lower[1 - direction], domain.Upper[1 - direction], PointsPerLine);
            foreach (double c in fixedAt)
            {
                foreach (double t in along)
                {
                    points[at + direction] = c;
                    points[at + 1 - direction] = t;
                    at += 2;
                }
            }
        }

        return points;
    }

    /// <summary>The images of lines as one trace: NaN between lines and outside K.</summary>
    private static (double[] X, double[] Y) Broken(double[] values, double[] points, int start, int count, DomainView domain)
    {
        List<double> x = [], y = [];
        for (int i = 0; i < count; i++)
        {
            int p = 2 * (start + i);
            if (i > 0 && i % PointsPerLine == 0)
                Add(double.NaN, double.NaN);
            if (domain.Contains(points[p..(p + 2)]))
                Add(values[p], values[p + 1]);
            else if (x.Count > 0 && !double.IsNaN(x[^1]))
                Add(double.NaN, double.NaN);
        }

        return ([.. x], [.. y]);

        void Add(double a, double b)
        {
            x.Add(a);
            y.Add(b);
        }
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
