using System.CommandLine;
using UniversalFlows.Proofs.Claims;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf report: results as one page that works offline, with its numbers as CSV beside it.</summary>
internal static class ReportVerb
{
    /// <summary>Where a report goes unless told otherwise.</summary>
    public const string DefaultOut = "reports/index.html";

    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> results = Options.Results();
        Option<string> output = Out();
        Option<bool> anyVersion = AnyVersion();
        Verb verb = new("report", "Write the report of the results: one HTML page that works offline, and its CSV files.", "uf report --out reports/index.html") { results, output, anyVersion };
        verb.SetAction(r => Run(terminal, r.GetRequiredValue(results), r.GetRequiredValue(output), r.GetValue(anyVersion), r.GetValue(json)));
        return verb;
    }

    internal static Option<string> Out()
    {
        Option<string> output = Options.Text("--out", "FILE.html", "The page; its CSV files go into the same folder.");
        output.DefaultValueFactory = _ => DefaultOut;
        return output;
    }

    internal static Option<bool> AnyVersion() => new("--any-version") { Description = "Also results of other versions of the numeric code; the page's head counts the versions." };

    /// <summary>Writes a report; its data and the files written, or an exit code that says why there is none.</summary>
    public static (ReportData? Data, IReadOnlyList<string> Written, int Code) Make(Terminal terminal, string results, string output, string command, bool anyVersion = false)
    {
        if (!output.EndsWith(".html", StringComparison.OrdinalIgnoreCase)) throw new InputException($"--out {output}: the name of a page ends in .html");
        if (Directory.Exists(output)) throw new InputException($"--out {output} is a folder; the name of a page was expected");
        (ReportData? data, int code) = Load(terminal, results, command, anyVersion);
        if (data is null) return (null, [], code);
        Files.MakeFolder(Path.GetDirectoryName(Path.GetFullPath(output))!);
        Files.CheckWritable(output);
        return (data, ReportWriter.Write(data, output), ExitCode.Good);
    }

    /// <summary>The results of a folder, or an exit code that says why there are none.</summary>
    internal static (ReportData? Data, int Code) Load(Terminal terminal, string results, string command, bool anyVersion)
    {
        CheckResults(results);
        ReportData data = Results.Load(results, command, anyVersion);
        if (data.Cells.Count + data.FlowLaws.Count + data.Controls.Count + data.LawConstructions.Count + data.Weak.Count == 0 && !data.Judgements.Any(j => j.Finding is not null))
        {
            bool stale = Directory.Exists(results) && Directory.EnumerateFiles(results, "*.json", SearchOption.AllDirectories).Any();
            terminal.Say(stale
                ? $"uf: the results in {results} are of another version of the numeric code; uf run computes them anew, --any-version shows them all the same"
                : $"uf: there are no results in {results}; uf run makes some");
            return (null, stale ? ExitCode.Stale : ExitCode.Nothing);
        }

        return (data, ExitCode.Good);
    }

    /// <summary>
    /// Refuses a folder that is none of results. The default one need not be there, and an empty one is no mistake: both just hold nothing yet.
    /// </summary>
    private static void CheckResults(string results)
    {
        string[] studies = [.. Profiles.Studies.Select(s => s.Name), EvidenceFile.Folder];
        if (results.Length == 0) throw new InputException("--results: the name of the folder is empty");
        if (File.Exists(results)) throw new InputException($"--results {results} is a file; a folder was expected");
        if (!Directory.Exists(results))
        {
            if (results == Options.DefaultResults) return;
            throw new InputException($"--results {results} does not exist; uf run --results {results} makes it");
        }

        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(results)));
        if (studies.Contains(name)) throw new InputException($"--results {results} is the folder of the study {name}; the one that contains it was expected");
        foreach (string study in studies.Select(s => Path.Combine(results, s)).Where(File.Exists)) throw new InputException($"{study} is a file; a folder of results was expected");
        if (!studies.Any(s => Directory.Exists(Path.Combine(results, s))) && Directory.EnumerateFileSystemEntries(results).Any())
            throw new InputException($"--results {results} is not a folder of results: it has other things in it, but none of the folders {string.Join(", ", studies)}");
    }

    private static int Run(Terminal terminal, string results, string output, bool anyVersion, bool json)
    {
        string command = $"uf report{(results == "results" ? "" : $" --results {results}")}{(output == DefaultOut ? "" : $" --out {output}")}{(anyVersion ? " --any-version" : "")}";
        (ReportData? data, IReadOnlyList<string> written, int code) = Make(terminal, results, output, command, anyVersion);
        if (data is null) return code;
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("report", written[0]);
                w.WriteNumber("cells", data.Cells.Count);
                w.WriteStartArray("files");
                foreach (string path in written) w.WriteStringValue(path);
                w.WriteEndArray();
            });
        }
        else
        {
            terminal.Out.WriteLine(written[0]);
        }

        return ExitCode.Good;
    }
}
