using System.CommandLine;
using UniversalFlows.Proofs.Report;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf export: every number of the report as CSV, without the page.</summary>
internal static class ExportVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> results = Options.Results();
        Option<string> folder = Options.Text("--csv", "DIR", "The folder of the CSV files; files of the same names are replaced.");
        folder.DefaultValueFactory = _ => "reports";
        Option<bool> anyVersion = ReportVerb.AnyVersion();
        Verb verb = new(
            "export", "Write every number of the report as CSV: a row a run for each study, the points of every figure, the training traces.",
            "uf export --csv numbers") { results, folder, anyVersion };
        verb.SetAction(r =>
        {
            (ReportData? data, int code) = ReportVerb.Load(terminal, r.GetRequiredValue(results), "uf export", r.GetValue(anyVersion));
            if (data is null) return code;
            string into = r.GetRequiredValue(folder);
            Files.MakeFolder(into);
            IReadOnlyList<string> written = ReportWriter.Export(data, into);
            if (r.GetValue(json))
            {
                terminal.Json(w =>
                {
                    w.WriteNumber("cells", data.Cells.Count);
                    w.WriteStartArray("files");
                    foreach (string path in written) w.WriteStringValue(path);
                    w.WriteEndArray();
                });
            }
            else
            {
                foreach (string path in written) terminal.Out.WriteLine(path);
            }

            return ExitCode.Good;
        });
        return verb;
    }
}
