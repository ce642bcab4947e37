using System.Text;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Report;

/// <summary>The numbers of the page as CSV (RFC 4180, line ends LF, doubles in round-trip digits, empty where there is no finite number).</summary>
internal static class Csv
{
    /// <summary>A row a run.</summary>
    public static string Runs(string study, IReadOnlyList<Cell> cells, IReadOnlyDictionary<string, Timing> timings)
    {
        IReadOnlyList<Column> columns = RunTables.Columns(study, timings);
        StringBuilder text = new();
        Line(text, columns.Select(c => c.Key));
        foreach (Cell cell in cells)
            Line(text, columns.Select(c => c.Exact(cell)));
        return text.ToString();
    }

    /// <summary>A row a point of a training trace.</summary>
    public static string Traces(IReadOnlyList<Cell> cells)
    {
        StringBuilder text = new("study,hash,step,loss\n");
        foreach (Cell cell in cells)
        {
            foreach (TracePoint p in cell.Trace)
                Line(text, [cell.Study, cell.Hash, p.Step.ToString(), Html.Exact(p.Loss)]);
        }

        return text.ToString();
    }

    /// <summary>A row a point of a figure; z is the colour of a heat map's point.</summary>
    public static string Figures(IReadOnlyList<Figure> figures)
    {
        StringBuilder text = new("figure,plot,trace,x,y,z\n");
        foreach (Figure figure in figures)
        {
            for (int plot = 0; plot < figure.Plots.Count; plot++)
            {
                for (int trace = 0; trace < figure.Plots[plot].Traces.Count; trace++)
                    Points(text, $"{figure.Id},{plot},{trace}", figure.Plots[plot].Traces[trace]);
            }
        }

        return text.ToString();
    }

    private static void Points(StringBuilder text, string place, Trace trace)
    {
        if (trace is not Heatmap map)
        {
            for (int i = 0; i < trace.X.Length; i++)
                text.Append(place).Append(',').Append(Html.Exact(trace.X[i])).Append(',').Append(Html.Exact(trace.Y[i])).Append(",\n");
            return;
        }

        for (int j = 0; j < map.Y.Length; j++)
        {
            for (int i = 0; i < map.X.Length; i++)
            {
                text.Append(place).Append(',').Append(Html.Exact(map.X[i])).Append(',').Append(Html.Exact(map.Y[j])).Append(',')
                    .Append(Html.Exact(map.Z[j][i])).Append('\n');
            }
        }
    }

    /// <summary>A header and rows.</summary>
    public static string Table(string header, IEnumerable<IEnumerable<string>> rows)
    {
        StringBuilder text = new($"{header}\n");
        foreach (IEnumerable<string> row in rows)
            Line(text, row);
        return text.ToString();
    }

    private static void Line(StringBuilder text, IEnumerable<string> fields) => text.AppendJoin(',', fields.Select(Quoted)).Append('\n');

    private static string Quoted(string field) => field.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
