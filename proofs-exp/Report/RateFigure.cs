namespace UniversalFlows.Proofs.Report;

/// <summary>A row of markers in a picture of error against something, with the rate that is fitted to it.</summary>
/// <param name="Words">For the key.</param>
/// <param name="Color">Of markers and fitted line.</param>
/// <param name="Symbol">Plotly's name of the marker.</param>
/// <param name="X">Increasing.</param>
/// <param name="Y">Errors.</param>
/// <param name="Hover">A text for each marker.</param>
/// <param name="Rows">The ids of the rows of the table of runs.</param>
/// <param name="Theory">The slope that the theory gives; NaN for a row without a fit.</param>
/// <param name="FitFrom">The rate is fitted from here on.</param>
/// <param name="FitTo">And up to here.</param>
internal sealed record RateSeries(
    string Words, string Color, string Symbol, double[] X, double[] Y, IReadOnlyList<string> Hover, IReadOnlyList<string> Rows, double Theory, double FitFrom, double FitTo);

/// <summary>Errors against N, n, … on two logarithmic axes: hollow markers, as all are estimates from points, fitted slopes (solid), the theory's slopes through the middle of the same markers (dotted). The card has the key.</summary>
internal static class RateFigure
{
    /// <summary>The figure; its note states the rates.</summary>
    public static Figure Of(string id, string title, string variable, string error, IReadOnlyList<RateSeries> drawn, string? more = null)
    {
        List<Trace> traces = [];
        List<string> notes = [];
        foreach (RateSeries s in drawn)
        {
            traces.Add(new Scatter
            {
                Mode = "markers",
                Name = s.Words,
                X = s.X,
                Y = s.Y,
                Marker = new() { Symbol = s.Symbol + "-open", Color = s.Color, Size = 8 },
                CustomData = s.Rows,
                HoverText = s.Hover,
                HoverTemplate = "%{hovertext}<extra></extra>",
            });
            if (double.IsFinite(s.Theory)) notes.Add(Fitted(traces, s));
        }

        if (more is not null) notes.Add(more);
        double[] x = [.. drawn.SelectMany(s => s.X)], y = [.. drawn.SelectMany(s => s.Y)], ticks = [.. Ticks(x)];
        (double left, double right) = Elements.Range(x.Select(Elements.Log10), 0.06);
        (double low, double high) = Elements.Range(y.Select(Elements.Log10), 0.06);
        return new Figure
        {
            Id = id,
            Title = title,
            Label = $"{error} against {variable}. {string.Join(" ", notes)}",
            Note = string.Join(" ", notes),
            Plots =
            [
                new(traces, new Layout
                {
                    XAxis = new() { Title = new(variable) { Standoff = 8 }, Type = "log", Range = [left, right], TickVals = ticks, TickText = [.. ticks.Select(v => Html.Number(v))] },
                    YAxis = new() { Title = new(error) { Standoff = 6 }, Type = "log", ExponentFormat = "power", DTick = 1, Range = [low, high], TickFont = PlotColors.LogTicks },
                    Margin = new() { L = 62, R = 14, T = 14, B = 46 },
                }),
            ],
        };
    }

    private static string Fitted(List<Trace> traces, RateSeries s)
    {
        int[] straight = [.. Enumerable.Range(0, s.X.Length).Where(i => s.X[i] >= s.FitFrom && s.X[i] <= s.FitTo)];
        if (straight.Length < 3) return $"{s.Words}: too few points for a rate.";
        double[] u = [.. straight.Select(i => Elements.Log10(s.X[i]))], v = [.. straight.Select(i => Elements.Log10(s.Y[i]))];
        Rate rate = Rate.Of(u, v);
        Line($"{s.Words}, fitted", rate, s.Color, null);
        Line($"{s.Words}, theory", new(s.Theory, Rate.Offset(u, v, s.Theory)), PlotColors.Ink, "dot");
        return $"{s.Words}: rate {Signed(rate.Slope)}, fitted from {Html.Number(s.X[straight[0]])} to {Html.Number(s.X[straight[^1]])}; theory {Signed(s.Theory)}.";

        void Line(string name, Rate r, string color, string? dash) => traces.Add(new Scatter
        {
            Mode = "lines",
            Name = name,
            X = [s.X[straight[0]], s.X[straight[^1]]],
            Y = [Elements.PowerOf10((r.Slope * u[0]) + r.Height), Elements.PowerOf10((r.Slope * u[^1]) + r.Height)],
            Line = new() { Color = color, Width = 1.5, Dash = dash },
            HoverInfo = "skip",
        });
    }

    /// <summary>Values of the axis at least a factor of 1.6 apart, out of those that occur.</summary>
    private static IEnumerable<double> Ticks(double[] values)
    {
        double last = 0;
        foreach (double v in values.Distinct().Order())
        {
            if (v < 1.6 * last) continue;
            last = v;
            yield return v;
        }
    }

    private static string Signed(double v) => (v < 0 ? "−" : "") + Math.Abs(v).ToString("F2", System.Globalization.CultureInfo.InvariantCulture);
}
