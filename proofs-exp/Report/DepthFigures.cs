using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>A number of a run that is drawn against depth.</summary>
/// <param name="Name">On the button.</param>
/// <param name="Axis">On the axis, with units.</param>
/// <param name="Log">Whether the axis is logarithmic.</param>
/// <param name="Value">The number; NaN where the run has none.</param>
/// <param name="StdError">Its standard error, where there is one.</param>
/// <param name="Certificate">The proof of the number, for a number that certificates are about; null: every value is an estimate.</param>
internal sealed record Measure(string Name, string Axis, bool Log, Func<Cell, double> Value, Func<Cell, double>? StdError = null, Func<Cell, Certified?>? Certificate = null)
{
    /// <summary>The proof of a run's number if it is sharp enough to be drawn in place of the estimate; else null.</summary>
    public Certified? ProofOf(Cell c) => c.Status == Cell.Finished && Certificate?.Invoke(c) is { Sharp: true } proof && (!Log || proof.Lower > 0) ? proof : null;

    /// <summary>Where the run's marker stands: amid what is proved (on the axis's scale), else at the estimate.</summary>
    public double Place(Cell c) => ProofOf(c) is not { } proof ? Of(c) : Log ? Math.Sqrt(proof.Lower) * Math.Sqrt(proof.Upper) : 0.5 * (proof.Lower + proof.Upper);

    /// <summary>Whether a run may be without the number and still have gone well: no mark at the edge then.</summary>
    public bool MayBeMissing { get; init; }

    /// <summary>The number, or NaN for a run that diverged.</summary>
    public double Of(Cell c) => c.Status == Cell.Diverged ? double.NaN : Value(c);

    public bool Drawn(double v) => double.IsFinite(v) && (!Log || v > 0);
}

/// <summary>Small multiples against depth: a panel a target, the same axes in all of them.</summary>
internal static class DepthFigures
{
    /// <summary>How far up or down the axis a run without a value to draw is marked: inside the frame, outside the data.</summary>
    private const double EdgePlace = 0.03;

    /// <summary>Room on the axis beyond the data: leaves the edges to the marks.</summary>
    private const double Room = 0.09;

    private static readonly string[] Dashes = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot"];

    /// <summary>The panels of all groups.</summary>
    /// <param name="groups">One panel each.</param>
    /// <param name="study">All cells of the study.</param>
    /// <param name="measures">The plots of each panel.</param>
    /// <param name="about">What is drawn, for the label.</param>
    /// <param name="constructed">Flows that were constructed, not trained: drawn beside the curves of their target.</param>
    /// <param name="floor">The number that a run's sup error cannot be below, whatever its parameters.</param>
    public static IEnumerable<Figure> Panels(
        IReadOnlyList<TargetGroup> groups, IReadOnlyList<Cell> study, IReadOnlyList<Measure> measures, string about, IReadOnlyList<Cell>? constructed = null, Func<Cell, (double Lower, string Reason)?>? floor = null)
    {
        constructed ??= [];
        int[] depths = [.. Ticks(study.Select(c => c.Depth), constructed.Select(c => c.Depth))];
        List<(double Low, double High)> ranges = [.. measures.Select(m => Shared([.. study, .. constructed], m))];
        foreach (TargetGroup group in groups)
        {
            // other optimisers say what limits a curve; they are no curves of their own
            IReadOnlyList<Series> series = Selection.SeriesOf(Trained(group.Cells), Trained(study));
            Cell[] built = [.. constructed.Where(c => c.Target == group.First.Target && c.Domain == group.First.Domain)];
            Plot[] plots = [.. measures.Select((m, i) => Panel(series, group.Cells, built, m, depths, ranges[i], m.Certificate is null ? null : floor))];
            int diverged = Trained(group.Cells).Count(c => c.Status == Cell.Diverged);
            yield return new Figure
            {
                Id = $"depth-{group.Id}",
                Title = group.Title,
                Label = $"{about} against depth for {group.Title}: {Html.Count(group.Cells.Count, "run")}, {diverged} diverged. "
                    + "All numbers are in the table of runs.",
                Plots = plots,
                Note = diverged == 0 ? null : $"{diverged} of {group.Cells.Count} runs diverged (× at the top edge).",
            };
        }
    }

    /// <summary>The depths of the trained flows, and of the constructed ones those with room for their number.</summary>
    private static IEnumerable<int> Ticks(IEnumerable<int> trained, IEnumerable<int> constructed)
    {
        const double Room = 1.45;
        List<int> ticks = [.. trained.Distinct()];
        foreach (int depth in constructed.Distinct().OrderDescending())
            if (ticks.All(t => Math.Max(t, depth) >= Room * Math.Min(t, depth))) ticks.Add(depth);
        return ticks.Order();
    }

    private static IReadOnlyList<Cell> Trained(IReadOnlyList<Cell> cells) => cells[0].Study == Selection.Maps ? Limits.Lm(cells) : cells;

    /// <summary>The range of the axis that all panels share, in decades when it is logarithmic.</summary>
    private static (double Low, double High) Shared(IReadOnlyList<Cell> study, Measure m)
    {
        IEnumerable<double> drawn = study.Select(m.Of).Concat(study.Select(m.ProofOf).OfType<Certified>().SelectMany(p => new[] { p.Lower, p.Upper })).Where(m.Drawn);
        return m.Log
            ? Elements.Range(drawn.Select(Elements.Log10), Room)
            : Elements.Range(drawn.Append(0), Room);
    }

    private static Plot Panel(IReadOnlyList<Series> series, IReadOnlyList<Cell> group, Cell[] built, Measure m, int[] depths, (double Low, double High) range, Func<Cell, (double Lower, string Reason)?>? floor)
    {
        List<Trace> traces = [];
        for (int k = 0; k < series.Count; k++)
        {
            // families stand a little apart sideways, so that none hides another
            double shift = Elements.PowerOf2(0.09 * (k - (0.5 * (series.Count - 1))));
            traces.AddRange(Traces(series[k], group, m, shift, range));
            if (floor is not null && Floor(series[k], shift, floor) is { } bound) traces.Add(bound);
        }

        foreach (var family in built.Where(c => m.Drawn(m.Of(c))).GroupBy(c => (c.Family, Proved: m.ProofOf(c) is not null))) traces.Add(Built([.. family], m, family.Key.Proved));
        double first = Elements.Log10(depths[0]), last = Elements.Log10(depths[^1]);
        return new(traces, new Layout
        {
            XAxis = new()
            {
                Title = new("depth L (couplings)") { Standoff = 8 },
                Type = "log",
                TickVals = [.. depths.Select(d => (double)d)],
                TickText = [.. depths.Select(d => d.ToString())],
                Range = [first - 0.12, last + 0.12],
            },
            YAxis = new()
            {
                Title = new(m.Axis) { Standoff = 6 },
                Type = m.Log ? "log" : "linear",
                DTick = m.Log && range.High - range.Low > 2 ? 1 : null,
                NTicks = m.Log ? null : 6,
                ExponentFormat = "power",
                Range = [range.Low, range.High],
                ZeroLine = !m.Log,
                TickFont = m.Log ? PlotColors.LogTicks : null,
            },
            Margin = new() { L = 62, R = 14, T = 14, B = 46 },
        });
    }

    private static IEnumerable<Trace> Traces(Series series, IReadOnlyList<Cell> group, Measure m, double shift, (double Low, double High) range)
    {
        FamilyStyle style = PlotColors.Of(series.Family);
        string name = Html.Plot(series.Name);
        int[] depths = [.. series.Cells.Select(c => c.Depth).Distinct().Order()];
        double[] medians = [.. depths.Select(d => Selection.Median(series.Cells.Where(c => c.Depth == d).Select(m.Of)))];
        bool[] limited = [.. depths.Select(d => Limits.Of(group.Where(c => c.Family == series.Family && c.Depth == d && c.Hidden == series.Cells[0].Hidden && c.Activation == series.Cells[0].Activation)) == Limit.Optimisation)];
        yield return Line(i => !limited[i] && !limited[i + 1], "median", Dashes[series.Index % Dashes.Length]);
        if (limited.Any(v => v)) yield return Line(i => limited[i] || limited[i + 1], "median, optimisation-limited", "dot");

        // the pieces between neighbouring depths that are of one kind
        Scatter Line(Func<int, bool> piece, string what, string dash)
        {
            List<double> x = [], y = [];
            for (int i = 0; i + 1 < depths.Length; i++)
            {
                if (!piece(i)) continue;
                x.AddRange([depths[i] * shift, depths[i + 1] * shift, double.NaN]);
                y.AddRange([m.Drawn(medians[i]) ? medians[i] : double.NaN, m.Drawn(medians[i + 1]) ? medians[i + 1] : double.NaN, double.NaN]);
            }

            return new() { Mode = "lines", Name = $"{name}, {what}", X = [.. x], Y = [.. y], Line = new() { Color = style.Color, Width = 2, Dash = dash }, HoverInfo = "skip" };
        }

        foreach (Mark mark in (Mark[])[Mark.Proved, Mark.Estimated, Mark.Cut])
        {
            Cell[] cells = [.. series.Cells.Where(c => m.Drawn(m.Of(c)) && MarkOf(c, m) == mark)];
            if (cells.Length > 0)
                yield return Dots(cells, name, style, m, shift, mark, range);
        }

        Cell[] missing = [.. series.Cells.Where(c => !double.IsFinite(m.Of(c)) && (c.Status == Cell.Diverged || !m.MayBeMissing))];
        if (missing.Length > 0)
            yield return Edge(missing, series, style, shift, "x", At(m, range, 1 - EdgePlace), "diverged, or no finite value");
        Cell[] below = [.. series.Cells.Where(c => double.IsFinite(m.Of(c)) && !m.Drawn(m.Of(c)))];
        if (below.Length > 0)
            yield return Edge(below, series, style, shift, "triangle-down-open", At(m, range, EdgePlace), "zero or less");
    }

    /// <summary>A short bar under the runs of each depth at which no flow of the family can be closer.</summary>
    private static Scatter? Floor(Series series, double shift, Func<Cell, (double Lower, string Reason)?> floor)
    {
        const double HalfWidth = 1.09;
        List<double> x = [], y = [];
        List<string> hover = [];
        foreach (Cell c in series.Cells.DistinctBy(c => c.Depth).OrderBy(c => c.Depth))
        {
            if (floor(c) is not var (lower, reason) || !(lower > 0)) continue;
            x.AddRange([c.Depth * shift / HalfWidth, c.Depth * shift * HalfWidth, double.NaN]);
            y.AddRange([lower, lower, double.NaN]);
            string text = $"<b>{Html.Plot(series.Name)}</b>, depth {c.Depth}: no flow is closer than {Html.Number(lower)}<br>{Html.Plot(reason)}";
            hover.AddRange([text, text, ""]);
        }

        return x.Count == 0 ? null : new() { Mode = "lines", Name = $"{Html.Plot(series.Name)}, lower bound", X = [.. x], Y = [.. y], Line = new() { Color = PlotColors.Of(series.Family).Color, Width = 4 }, HoverText = hover, HoverTemplate = "%{hovertext}<extra></extra>" };
    }

    private static Mark MarkOf(Cell c, Measure m) => c.Status == Cell.Cut ? Mark.Cut : m.ProofOf(c) is null ? Mark.Estimated : Mark.Proved;

    /// <summary>From the marker down to L and up to U.</summary>
    private static ErrorBars Bars(Cell[] cells, Measure m) => new()
    {
        Array = [.. cells.Select(c => m.ProofOf(c)!.Upper - m.Place(c))],
        ArrayMinus = [.. cells.Select(c => m.Place(c) - m.ProofOf(c)!.Lower)],
        Thickness = 4,
        Width = 0,
    };

    /// <summary>The value in words: proved or estimated.</summary>
    private static string Said(Cell c, Measure m) => m.ProofOf(c) is { } proof
        ? $"{m.Name}: proved, {Html.Bounds(proof)} ({Html.Count(proof.Boxes, "box", "boxes")})<br>estimate from points {Html.Number(m.Of(c))}"
        : $"{m.Name}: estimated, {(m.StdError is { } e ? Html.PlusMinus(m.Of(c), e(c)) : Html.Number(m.Of(c)))}{(m.Certificate?.Invoke(c) is { Proved: true } wide ? $"<br>proved no closer than {Html.Bounds(wide)}" : "")}";

    /// <summary>Constructed flows: stars at their number of one-coordinate layers.</summary>
    private static Scatter Built(Cell[] cells, Measure m, bool proved) => new()
    {
        Mode = "markers",
        Name = $"{Html.Plot(cells[0].Family)}, constructed",
        X = [.. cells.Select(c => (double)c.Depth)],
        Y = [.. cells.Select(m.Place)],
        Marker = new() { Symbol = proved ? "star" : "star-open", Color = PlotColors.Of(cells[0].Family).Color, Size = 11 },
        ErrorY = proved ? Bars(cells, m) : null,
        CustomData = [.. cells.Select(RunTables.RowId)],
        HoverText =
        [
            .. cells.Select(c => $"<b>{Html.Plot(c.Family)}, constructed</b>, {c.Depth} layers<br>{Said(c, m)}"
                + $"<br>asked for {Html.Number(c.Construction?.Epsilon ?? double.NaN)}, {c.Parameters} parameters"),
        ],
        HoverTemplate = "%{hovertext}<extra></extra>",
    };

    private static double At(Measure m, (double Low, double High) range, double share)
    {
        double place = range.Low + (share * (range.High - range.Low));
        return m.Log ? Elements.PowerOf10(place) : place;
    }

    private static Scatter Dots(
        Cell[] cells, string name, FamilyStyle style, Measure m, double shift, Mark mark, (double Low, double High) range)
    {
        ErrorBars? bars = mark == Mark.Proved ? Bars(cells, m) : null;
        if (mark != Mark.Proved && m.StdError is { } error)
        {
            double bottom = m.Log ? Elements.PowerOf10(range.Low) : double.NegativeInfinity;
            double[] up = [.. cells.Select(c => double.IsFinite(error(c)) ? error(c) : 0)];
            // on a logarithmic axis a bar ends at the axis, not at minus infinity
            double[] down = [.. cells.Select((c, i) => Math.Min(up[i], Math.Max(0, m.Of(c) - bottom)))];
            bars = new() { Array = up, ArrayMinus = down, Thickness = 1, Width = 3 };
        }

        return new()
        {
            Mode = "markers",
            Name = name,
            X = [.. cells.Select(c => c.Depth * shift)],
            Y = [.. cells.Select(c => mark == Mark.Proved ? m.Place(c) : m.Of(c))],
            Marker = new() { Symbol = style.Symbol + mark switch { Mark.Proved => "", Mark.Cut => "-open-dot", _ => "-open" }, Color = style.Color, Size = 8, Opacity = 0.85 },
            ErrorY = bars,
            CustomData = [.. cells.Select(RunTables.RowId)],
            HoverText = [.. cells.Select(c => Hover(c, m))],
            HoverTemplate = "%{hovertext}<extra></extra>",
        };
    }

    /// <summary>How a run's value is known.</summary>
    private enum Mark
    {
        /// <summary>A certificate: filled, with a solid bar.</summary>
        Proved,

        /// <summary>From points: hollow.</summary>
        Estimated,

        /// <summary>From points, of a run that a time limit cut: hollow with a dot.</summary>
        Cut,
    }

    private static Scatter Edge(Cell[] cells, Series series, FamilyStyle style, double shift, string symbol, double y, string what)
    {
        var places = cells.GroupBy(c => c.Depth).OrderBy(g => g.Key).ToArray();
        return new()
        {
            Mode = "markers",
            Name = Html.Plot(series.Name) + ", " + what,
            X = [.. places.Select(g => g.Key * shift)],
            Y = [.. places.Select(_ => y)],
            Marker = new() { Symbol = symbol, Color = style.Color, Size = 10 },
            ClipOnAxis = false,
            CustomData = [.. places.Select(g => RunTables.RowId(g.First()))],
            HoverText =
            [
                .. places.Select(g => $"<b>{Html.Plot(series.Name)}</b>, depth {g.Key}<br>{g.Count()} of "
                    + $"{series.Cells.Count(c => c.Depth == g.Key)} runs: {what}<br>{Html.Plot(string.Join("; ", g.Select(c => c.Reason).Where(r => r is not null).Distinct()))}"),
            ],
            HoverTemplate = "%{hovertext}<extra></extra>",
        };
    }

    private static string Hover(Cell c, Measure m)
    {
        string cut = c.Status == Cell.Cut ? "<br>cut short" : "";
        return $"<b>{Html.Plot(c.Family)}</b>, depth {c.Depth}, seed {c.Seed}<br>{Said(c, m)}"
            + $"<br>{Html.Plot(Selection.Setting(c))}, {c.Parameters} parameters{cut}";
    }
}
