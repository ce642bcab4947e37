namespace UniversalFlows.Proofs.Report;

/// <summary>A curve with markers and a band.</summary>
/// <param name="Words">For hover and CSV.</param>
/// <param name="Color">Of the curve.</param>
/// <param name="Symbol">Plotly's name of its markers; null: none.</param>
/// <param name="X">Increasing.</param>
/// <param name="Y">Values.</param>
/// <param name="Hover">A text a marker.</param>
internal sealed record Curve(string Words, string Color, string? Symbol, double[] X, double[] Y, IReadOnlyList<string> Hover)
{
    /// <summary>The band's lower side; null: no band.</summary>
    public double[]? Lower { get; init; }

    /// <summary>The band's upper side.</summary>
    public double[]? Upper { get; init; }

    /// <summary>The line's dash; "none" for markers alone.</summary>
    public string? Dash { get; init; }

    /// <summary>Rows of the table of runs, where markers are runs.</summary>
    public IReadOnlyList<string>? Rows { get; init; }
}

/// <summary>Curves over one pair of axes.</summary>
internal static class CurveFigure
{
    /// <summary>A plot of curves.</summary>
    public static Plot Plot(string xTitle, string yTitle, IReadOnlyList<Curve> curves, bool logX = true, bool logY = true, double[]? ticks = null, (double Low, double High)? range = null)
    {
        List<Trace> traces = [];
        foreach (Curve c in curves.Where(c => c.Lower is not null))
        {
            int[] whole = [.. Enumerable.Range(0, c.X.Length).Where(i => double.IsFinite(c.Lower![i]) && double.IsFinite(c.Upper![i]))];
            traces.Add(new Scatter
            {
                Mode = "lines",
                Name = $"{c.Words}, band",
                X = [.. whole.Select(i => c.X[i]), .. whole.Reverse().Select(i => c.X[i])],
                Y = [.. whole.Select(i => c.Upper![i]), .. whole.Reverse().Select(i => c.Lower![i])],
                Line = new() { Width = 0, Color = c.Color },
                Fill = "toself",
                FillColor = Faint(c.Color),
                HoverInfo = "skip",
            });
        }

        foreach (Curve c in curves)
        {
            traces.Add(new Scatter
            {
                Mode = c.Dash == "none" ? "markers" : c.Symbol is null ? "lines" : "lines+markers",
                Name = c.Words,
                X = c.X,
                Y = c.Y,
                Line = new() { Color = c.Color, Width = 2, Dash = c.Dash == "none" ? null : c.Dash },
                Marker = c.Symbol is null ? null : new() { Symbol = c.Symbol, Color = c.Color, Size = 7 },
                CustomData = c.Rows,
                HoverText = c.Hover,
                HoverTemplate = "%{hovertext}<extra></extra>",
            });
        }

        IEnumerable<double> values = curves.SelectMany(c => c.Y.Concat(c.Lower ?? []).Concat(c.Upper ?? []));
        (double low, double high) = range ?? (logY ? Elements.Range(values.Where(v => v > 0).Select(Elements.Log10), 0.06) : Elements.Range(values, 0.06));
        (double left, double right) = logX ? Elements.Range(curves.SelectMany(c => c.X).Where(v => v > 0).Select(Elements.Log10), 0.04) : Elements.Range(curves.SelectMany(c => c.X), 0.04);
        double[]? heights = logY ? Ticks((low, high)) : null;
        return new(traces, new Layout
        {
            XAxis = new()
            {
                Title = new(xTitle) { Standoff = 8 },
                Type = logX ? "log" : "linear",
                Range = [left, right],
                ZeroLine = false,
                TickVals = ticks,
                TickText = ticks is null ? null : [.. ticks.Select(Html.Number)],
                ExponentFormat = logX ? "power" : null,
                DTick = logX && ticks is null && right - left > 2 ? 1 : null,
            },
            YAxis = new()
            {
                Title = new(yTitle) { Standoff = 6 },
                Type = logY ? "log" : "linear",
                Range = [low, high],
                ZeroLine = false,
                ExponentFormat = logY ? "power" : null,
                DTick = logY && high - low > 2 ? 1 : null,
                TickFont = logY ? PlotColors.LogTicks : null,
            },
            Margin = new() { L = 62, R = 14, T = 14, B = 46 },
        });
    }

    /// <summary>Values of a logarithmic axis between two powers of ten, 1, 2 and 5 times a power; null where the axis is long enough for powers alone.</summary>
    internal static double[]? Ticks((double Low, double High) decades)
    {
        const double Longest = 1.3;
        if (!(decades.High - decades.Low < Longest)) return null;
        double low = Elements.PowerOf10(decades.Low), high = Elements.PowerOf10(decades.High);
        return [.. Enumerable.Range((int)Math.Floor(decades.Low), 4).SelectMany(k => (double[])[1, 2, 5], (k, m) => m * Elements.PowerOf10(k)).Where(v => v >= low && v <= high)];
    }

    /// <summary>A colour such as #0072B2 at a seventh of its strength.</summary>
    private static string Faint(string color) => color.Length == 7 && color[0] == '#'
        ? $"rgba({Convert.ToInt32(color[1..3], 16)},{Convert.ToInt32(color[3..5], 16)},{Convert.ToInt32(color[5..7], 16)},0.15)"
        : color;
}
