using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>A column of the tables of runs, on the page and in the CSV files alike.</summary>
/// <param name="Key">The CSV's header.</param>
/// <param name="Heading">The page's heading.</param>
/// <param name="Number">The number, for a column of numbers.</param>
/// <param name="Text">The text otherwise.</param>
internal sealed record Column(string Key, string Heading, Func<Cell, double?>? Number, Func<Cell, string?>? Text = null)
{
    /// <summary>The whole value: numbers in all their digits.</summary>
    public string Exact(Cell c) => Number is { } number ? Html.Exact(number(c)) : Text!(c) ?? "";
}

/// <summary>Every run with every number: as a table that sorts and filters, and as CSV.</summary>
internal static class RunTables
{
    /// <summary>The anchor of a run's row.</summary>
    public static string RowId(Cell c) => $"run-{Html.Slug(c.Study)}-{Html.Slug(c.Hash)}";

    /// <summary>The columns of a study.</summary>
    public static IReadOnlyList<Column> Columns(string study, IReadOnlyDictionary<string, Timing> timings)
    {
        List<Column> columns =
        [
            new("target", "target", null, c => c.Target),
            new("domain", "domain", null, c => c.Domain),
            new("dimension", "d", c => c.Dimension),
            new("family", "family", null, c => c.Family),
            new("depth", "depth", c => c.Depth),
            // a seed may have 64 bits, more than a double holds
            new("seed", "seed", null, c => c.Seed.ToString()),
            new("status", "status", null, c => c.Status),
        ];
        if (study == Selection.Laws)
        {
            columns.AddRange(
            [
                new("kl", "KL (nats)", c => c.Likelihood?.Kl),
                new("klStdError", "± s.e.", c => c.Likelihood?.KlStdError),
                new("nll", "NLL (nats)", c => c.Likelihood?.Nll),
                new("nllStdError", "± s.e.", c => c.Likelihood?.NllStdError),
                new("entropy", "entropy (nats)", c => c.Likelihood?.Entropy),
                new("testPoints", "test points", c => c.Likelihood?.TestPoints),
            ]);
        }
        else
        {
            columns.AddRange(
            [
                new("sup", "sup, estimated", c => c.Errors?.Sup),
                new("supLower", "sup, proved ≥", c => c.Certificate is { Proved: true } p ? p.Lower : null),
                new("supUpper", "sup, proved ≤", c => c.Certificate is { Proved: true } p ? p.Upper : null),
                new("certificate", "certificate", null, c => c.Certificate is not { } p ? "none tried" : p.Proved ? $"proved, ended by {p.End}" : p.Reason),
                new("boxes", "boxes", c => c.Certificate?.Boxes),
                new("supAt", "sup at", null, c => c.Errors is { } e ? string.Join(" ", e.SupAt.Select(v => Html.Exact(v))) : ""),
                new("rmse", "rmse", c => c.Errors?.Rmse),
                new("l1", "L¹", c => c.Errors?.L1),
                new("l1Error", "± L¹", c => c.Errors?.L1Error),
                new("l2", "L²", c => c.Errors?.L2),
                new("l2Error", "± L²", c => c.Errors?.L2Error),
                new("c1", "C¹", c => c.Errors?.C1),
                new("refinedSup", "sup, refined", c => c.Refined?.Errors.Sup),
                new("refinedLower", "refined, proved from", c => c.Refined?.Certificate is { Proved: true } p ? p.Lower : null),
                new("refinedUpper", "to", c => c.Refined?.Certificate is { Proved: true } p ? p.Upper : null),
                new("refinedRmse", "rmse, refined", c => c.Refined?.Errors.Rmse),
                new("largestWeight", "largest weight", c => c.Conditioning?.LargestWeight),
                new("lipschitz", "Lip g", c => c.Conditioning?.Lipschitz),
                new("inverseLipschitz", "Lip g⁻¹", c => c.Conditioning?.InverseLipschitz),
                new("condition", "condition", c => c.Conditioning?.Condition),
            ]);
        }

        columns.AddRange(
        [
            new("parameters", "parameters", c => c.Parameters),
            new("hidden", "hidden", null, c => c.Hidden),
            new("activation", "activation", null, c => c.Activation),
            new("method", "method", null, c => c.Method),
            new("steps", "steps", c => c.Steps),
            new("seconds", "seconds", c => timings.GetValueOrDefault(c.Hash)?.Seconds),
            new("peakMemoryMb", "peak MB", c => timings.GetValueOrDefault(c.Hash)?.PeakMemoryMb),
            new("host", "host", null, c => timings.GetValueOrDefault(c.Hash)?.Host),
            new("reason", "reason", null, c => c.Reason),
            new("command", "command", null, c => c.Command),
            new("flowFile", "flow file", null, c => c.FlowFile),
            new("hash", "hash", null, c => c.Hash),
            new("codeVersion", "code version", null, c => c.CodeVersion),
            new("formula", "formula", null, c => c.Formula),
        ]);
        return columns;
    }

    /// <summary>The card of a study's runs.</summary>
    public static Card Card(
        string study, IReadOnlyList<Cell> cells, IReadOnlyDictionary<string, Timing> timings, IReadOnlyDictionary<string, string> anchors)
    {
        // what is the same in every row, or long and of use to programs only, is in the CSV and not on the page
        IReadOnlyList<Column> columns =
            [.. Columns(study, timings).Where(c => c.Key is not ("codeVersion" or "formula" or "host" or "supAt" or "l1Error" or "l2Error"))];
        string file = $"{study}.csv", tableId = $"table-{study}";
        StringBuilder html = new();
        html.Append($"<p class=\"filter\"><label for=\"filter-{study}\">Filter the rows</label> <input id=\"filter-{study}\" type=\"search\" ")
            .Append($"data-table=\"{tableId}\" placeholder=\"for example: sos 8\" autocomplete=\"off\"> ")
            .Append($"<output for=\"filter-{study}\" id=\"count-{tableId}\">{Html.Count(cells.Count, "row")}</output></p>\n");
        html.Append($"<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Table of the {study} runs\"><table id=\"{tableId}\" class=\"runs\"><thead><tr>");
        foreach (Column c in columns)
            html.Append($"<th scope=\"col\"{Class(c)}><button type=\"button\">{Html.Text(c.Heading)}</button></th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (Cell cell in cells)
            html.Append(Row(cell, columns, anchors));
        html.Append("</tbody></table></div>\n");
        return new Card(
            $"runs-{study}",
            study switch { Selection.Laws => "Every run against a law", Selection.Constructions => "Every constructed flow", RateTask.StudyName => "Every construction of the rates", AffineTask.StudyName => "Every constructed affine coupling flow", _ => "Every run against a map" },
            $"{Selection.Describe(cells)} Rounded here; every digit is in {file} beside this page.",
            "A heading sorts by its column; words in the filter must all occur in a row. A click on a command selects it for copying: it makes that run again.")
            .Raw(html.ToString());
    }

    /// <summary>Numbers are set right; long texts that nobody reads on paper are left out there.</summary>
    private static string Class(Column c) => c.Number is not null
        ? c.Key == "peakMemoryMb" ? " class=\"n screen\"" : " class=\"n\""
        : c.Key is "reason" or "command" or "flowFile" or "hash" ? " class=\"screen\"" : "";

    private static string Row(Cell cell, IReadOnlyList<Column> columns, IReadOnlyDictionary<string, string> anchors)
    {
        StringBuilder html = new($"<tr id=\"{RowId(cell)}\"{(cell.Status == Cell.Finished ? "" : $" class=\"{Html.Slug(cell.Status)}\"")}>");
        foreach (Column c in columns)
        {
            if (c.Number is { } number)
            {
                double? v = number(cell);
                html.Append($"<td{Class(c)} data-v=\"{Html.Exact(v)}\">{(v is null ? "" : c.Key is "steps" or "parameters" or "testPoints" or "boxes" ? Html.Exact(v) : Html.Number(v.Value))}</td>");
            }
            else
            {
                string text = Html.Text(c.Text!(cell));
                html.Append(c.Key switch
                {
                    "target" when anchors.TryGetValue(cell.Hash, out string? id) => $"<td><a href=\"#{Html.Text(id)}\">{text}</a></td>",
                    "command" => $"<td{Class(c)}><code class=\"copy\">{text}</code></td>",
                    "hash" => $"<td{Class(c)}><code title=\"{text}\">{Html.Text(cell.Hash.Length > 10 ? cell.Hash[..10] + "…" : cell.Hash)}</code></td>",
                    "status" => $"<td><span class=\"status {Html.Slug(cell.Status)}\">{text}</span></td>",
                    _ => $"<td{Class(c)}>{text}</td>",
                });
            }
        }

        return html.Append("</tr>\n").ToString();
    }
}
