using UniversalFlows.Proofs.Studies;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Report;

/// <summary>The training loss against the optimiser's steps: a panel a target, a line a run.</summary>
internal static class TraceFigures
{
    /// <summary>A line of a small picture needs no more points; the CSV has all of them.</summary>
    public const int PointsPerLine = 160;

    /// <summary>What these figures' ids begin with.</summary>
    public const string Prefix = "trace-";

    public static IEnumerable<Figure> Panels(IReadOnlyList<TargetGroup> groups)
    {
        foreach (TargetGroup group in groups)
        {
            Cell[] cells = [.. group.Cells.Where(c => c.Trace.Count > 0)];
            if (cells.Length == 0)
                continue;
            bool log = cells.All(c => c.Trace.All(t => !double.IsFinite(t.Loss) || t.Loss > 0));
            List<Trace> traces = [.. cells.Select(Run)];
            traces.AddRange(cells.Where(c => c.Status == Cell.Diverged).Select(End));
            yield return new Figure
            {
                Id = Prefix + group.Id,
                Title = group.Title,
                Label = $"Training loss against steps for {group.Title}, {Html.Count(cells.Length, "run")}",
                Plots =
                [
                    new(traces, new Layout
                    {
                        XAxis = new() { Title = new("optimiser step") { Standoff = 8 }, ZeroLine = false },
                        YAxis = new()
                        {
                            Title = new(group.First.Study == Selection.Laws ? "training loss (nats)" : "training loss") { Standoff = 6 },
                            Type = log ? "log" : "linear",
                            ExponentFormat = "power",
                            TickFont = log ? PlotColors.LogTicks : null,
                        },
                    }),
                ],
            };
        }
    }

    private static Scatter Run(Cell c)
    {
        TracePoint[] t = Thin(c.Trace);
        return new()
        {
            Mode = "lines",
            Name = Html.Plot($"{c.Family}, depth {c.Depth}, seed {c.Seed}"),
            X = [.. t.Select(p => (double)p.Step)],
            Y = [.. t.Select(p => p.Loss)],
            Line = new() { Color = PlotColors.Of(c.Family).Color, Width = 1.2 },
            HoverTemplate = Html.Plot($"{c.Family}, depth {c.Depth}, seed {c.Seed}") + "<br>step %{x}<br>loss %{y:.3g}<extra></extra>",
        };
    }

    private static Scatter End(Cell c)
    {
        TracePoint[] finite = [.. c.Trace.Where(p => double.IsFinite(p.Loss))];
        return new()
        {
            Mode = "markers",
            Name = Html.Plot($"{c.Family}, depth {c.Depth}, seed {c.Seed}, diverged"),
            X = finite.Length == 0 ? [] : [finite[^1].Step],
            Y = finite.Length == 0 ? [] : [finite[^1].Loss],
            Marker = new() { Symbol = "x", Color = PlotColors.Of(c.Family).Color, Size = 9 },
            HoverText = [Html.Plot($"{c.Family}, depth {c.Depth}, seed {c.Seed}: diverged, {c.Reason}")],
            HoverTemplate = "%{hovertext}<extra></extra>",
        };
    }

    /// <summary>Every k-th point, and the last.</summary>
    private static TracePoint[] Thin(IReadOnlyList<TracePoint> trace)
    {
        int every = ((trace.Count - 1) / PointsPerLine) + 1;
        return [.. trace.Where((_, i) => i % every == 0 || i == trace.Count - 1)];
    }
}
