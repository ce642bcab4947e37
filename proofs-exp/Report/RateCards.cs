using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The error of constructed flows against the degree, the size and the number of their layers, with the fitted rates beside the theory's.</summary>
internal static class RateCards
{
    private static readonly string[] Figures = ["sos-degree", "rqs-size", "dsf-plain", "sos-factors"];

    /// <summary>The card; null without cells of a sweep that this report knows.</summary>
    public static Card? Of(IReadOnlyList<Cell> cells)
    {
        List<Figure> figures = [];
        foreach (string first in Figures)
        {
            // one figure for all kinds of sigmoids
            string prefix = first == "dsf-plain" ? "dsf-" : first;
            (Sweep Sweep, Cell[] Cells)[] drawn =
            [
                .. Sweep.All.Where(s => s.Name.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(s => (s, (Cell[])[.. cells.Where(c => c.Construction?.Sweep?.Sweep == s.Name).OrderBy(c => c.Construction!.Sweep!.At)])).Where(s => s.Item2.Length > 0),
            ];
            if (drawn.Length > 0) figures.Add(Panel(first, drawn));
        }

        if (figures.Count == 0) return null;
        int shown = cells.Count(c => c.Construction?.Sweep is { } p && Sweep.All.Any(s => s.Name == p.Sweep));
        return new Card(
            "rates-card",
            "The rates of the construction",
            $"n = {Html.Count(shown, "construction")}, in each of which the number of factors, the degree and the size were fixed beforehand; sup errors in units of the target's values.",
            "Hollow marker: error of a whole flow, estimated from points; the rates are estimates, too. Solid line: the slope fitted to the markers over which it is drawn (Theil–Sen: the median of the slopes of all pairs). Dotted line: the slope that the theory gives, "
            + "through the middle of the same markers. κ is the slope of a sigmoid times the spacing of the centres. The command of each marker is in its row of the table of runs, a click goes there.")
            .Row(figures);
    }

    private static Figure Panel(string first, (Sweep Sweep, Cell[] Cells)[] drawn)
    {
        List<Trace> traces = [];
        List<string> notes = [];
        bool linear = drawn[0].Sweep.Geometric;
        for (int k = 0; k < drawn.Length; k++)
        {
            (Sweep sweep, Cell[] cells) = drawn[k];
            FamilyStyle style = PlotColors.Of(cells[0].Family);
            string color = k == 0 ? style.Color : k == 1 ? "#0072B2" : "#D55E00", symbol = k == 0 ? style.Symbol : k == 1 ? "circle" : "square";
            Cell[] finite = [.. cells.Where(c => Selection.Sup(c) > 0 && double.IsFinite(Selection.Sup(c)))];
            traces.Add(new Scatter
            {
                Mode = "markers",
                Name = sweep.Words,
                X = [.. finite.Select(At)],
                Y = [.. finite.Select(Selection.Sup)],
                Marker = new() { Symbol = symbol + "-open", Color = color, Size = 8 },
                CustomData = [.. finite.Select(RunTables.RowId)],
                HoverText = [.. finite.Select(c => $"<b>{Html.Plot(sweep.Words)}</b><br>{Html.Plot(sweep.Variable)}: {Html.Number(At(c))}<br>sup, estimated: {Html.Number(Selection.Sup(c))}<br>{c.Depth} layers, {c.Parameters} parameters")],
                HoverTemplate = "%{hovertext}<extra></extra>",
                ShowLegend = drawn.Length > 1,
            });
            notes.Add(Lines(traces, sweep, finite, color, drawn.Length > 1));
            int lost = cells.Length - finite.Length;
            if (lost > 0) notes.Add($"{Html.Count(lost, "construction")} of {sweep.Words} gave no flow.");
        }

        if (drawn.Any(d => d.Sweep.Corrected == true))
            notes.Add("Where the markers leave the line, aliasing has taken over, a ripple of the spacing's period. Near the ends of a layer's interval, beyond which its map is continued as a C² one only, the corrected order is 3.");
        Cell any = drawn[0].Cells[0];
        double[] x = [.. traces.OfType<Scatter>().SelectMany(t => t.X)], y = [.. traces.OfType<Scatter>().SelectMany(t => t.Y)];
        (double left, double right) = Elements.Range(x.Select(v => linear ? v : Elements.Log10(v)), 0.06);
        (double low, double high) = Elements.Range(y.Select(Elements.Log10), 0.06);
        return new Figure
        {
            Id = $"rate-{first}",
            Title = $"{any.Target}, {Fixed(drawn[0].Sweep)}",
            Label = $"Sup error of constructed flows for {any.Target} against {drawn[0].Sweep.Variable}. {string.Join(" ", notes)}",
            Note = string.Join(" ", notes),
            Plots =
            [
                new(traces, new Layout
                {
                    XAxis = new()
                    {
                        Title = new(drawn[0].Sweep.Variable) { Standoff = 8 }, Type = linear ? "linear" : "log", Range = [left, right],
                        TickVals = linear ? null : [.. Ticks(x)], TickText = linear ? null : [.. Ticks(x).Select(v => Html.Number(v))],
                    },
                    YAxis = new() { Title = new("sup error of the flow") { Standoff = 6 }, Type = "log", ExponentFormat = "power", DTick = 1, Range = [low, high], TickFont = PlotColors.LogTicks },
                    Margin = new() { L = 62, R = 14, T = 14, B = 46 },
                    ShowLegend = drawn.Length > 1,
                    Legend = drawn.Length > 1 ? new() { X = 0.02, Y = 0.02, XAnchor = "left", YAnchor = "bottom" } : null,
                }),
            ],
        };
    }

    /// <summary>The fitted line and the theory's; what they say in words.</summary>
    private static string Lines(List<Trace> traces, Sweep sweep, Cell[] cells, string color, bool several)
    {
        Cell[] straight = [.. cells.Where(c => At(c) >= sweep.FitFrom && At(c) <= sweep.FitTo)];
        string name = several ? $"{Capital(sweep.Words)}: " : "";
        if (straight.Length < 3) return $"{name}{(several ? "too" : "Too")} few points for a rate.";
        double[] u = [.. straight.Select(c => sweep.Geometric ? At(c) : Elements.Log10(At(c)))], v = [.. straight.Select(c => Elements.Log10(Selection.Sup(c)))];
        Rate rate = Rate.Of(u, v);
        traces.Add(Line($"{sweep.Words}, fitted", At(straight[0]), At(straight[^1]), u, rate, color, null));
        string range = $"fitted from {Html.Number(At(straight[0]))} to {Html.Number(At(straight[^1]))}";
        if (double.IsFinite(sweep.Theory))
        {
            traces.Add(Line($"{sweep.Words}, theory", At(straight[0]), At(straight[^1]), u, new(sweep.Theory, Rate.Offset(u, v, sweep.Theory)), PlotColors.Ink, "dot"));
            return $"{name}{(several ? "rate" : "Rate")} {Signed(rate.Slope)}, {range}; theory {Signed(sweep.Theory)}.";
        }

        if (sweep.Geometric)
            return $"{name}The error falls by a factor of {Html.Number(Elements.PowerOf10(rate.Slope))} a degree, {range}. Theory: geometric, since the maps are analytic, which is a straight line here.";
        // no power is predicted: how the slope changes says more than its median
        double early = (v[1] - v[0]) / (u[1] - u[0]), late = (v[^1] - v[^2]) / (u[^1] - u[^2]);
        return $"{name}Rate {Signed(rate.Slope)} over all, {range}: {Signed(early)} between the first two markers, {Signed(late)} between the last two. A count to first order promises no power of N: "
            + "dN layers with errors proportional to 1/N leave the sum where it is, so the rate tends to 0. N is there to make the one-coordinate maps increase.";
    }

    private static Scatter Line(string name, double from, double to, double[] u, Rate rate, string color, string? dash) => new()
    {
        Mode = "lines",
        Name = name,
        X = [from, to],
        Y = [Elements.PowerOf10((rate.Slope * u[0]) + rate.Height), Elements.PowerOf10((rate.Slope * u[^1]) + rate.Height)],
        Line = new() { Color = color, Width = 1.5, Dash = dash },
        HoverInfo = "skip",
        ShowLegend = false,
    };

    private static double At(Cell c) => c.Construction!.Sweep!.At;

    /// <summary>Values of the axis a factor of about two apart, out of those that were swept.</summary>
    private static IEnumerable<double> Ticks(double[] values)
    {
        double last = 0;
        foreach (double v in values.Distinct().Order())
        {
            if (v < 1.3 * last) continue;
            last = v;
            yield return v;
        }
    }

    /// <summary>The layers and what is fixed.</summary>
    private static string Fixed(Sweep s)
    {
        string n = s.Factors > 0 ? $", N = {s.Factors}" : "";
        return s.Family switch
        {
            Bijections.FlowFamily.Sos => $"sums of squares{n}{(s.Degree > 0 ? $", degree {s.Degree}" : "")}",
            Bijections.FlowFamily.Dsf => $"sigmoids{n}, conditioners of degree {s.Degree}",
            _ => $"splines{n}, conditioners of degree {s.Degree}",
        };
    }

    private static string Signed(double v) => (v < 0 ? "−" : "") + Math.Abs(v).ToString("F2", System.Globalization.CultureInfo.InvariantCulture);

    private static string Capital(string s) => char.ToUpperInvariant(s[0]) + s[1..];
}
