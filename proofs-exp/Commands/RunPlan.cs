using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>What a run would compute, and how long it is expected to take on the machine of docs/benchmarks.md.</summary>
/// <param name="Cells">Cells of the selection.</param>
/// <param name="Missing">Those without a result.</param>
/// <param name="Seconds">Wall-clock time of the missing ones, all jobs busy.</param>
internal sealed record RunPlan(int Cells, int Missing, double Seconds)
{
    /// <summary>The plan of a selection.</summary>
    public static RunPlan Of(RunOptions options) => Of(Runner.Tasks(options), options);

    private static RunPlan Of(GridTask[] tasks, RunOptions options)
    {
        GridTask[] missing = [.. tasks.Where(t => t.StatusIn(options.ResultsDirectory) is null)];
        int jobs = Math.Max(1, Math.Min(options.Jobs, Environment.ProcessorCount));
        // the longest cell is a bound of its own
        return new(tasks.Length, missing.Length, Math.Max(missing.Sum(t => t.Cost) / jobs, missing.Select(t => t.Cost).DefaultIfEmpty(0).Max()) / 1000);
    }

    /// <summary>A row a study, and the whole.</summary>
    public static int Print(Terminal terminal, bool json, RunOptions options)
    {
        RunVerb.KnownProfile(options.Profile);
        GridTask[] tasks = Runner.Tasks(options);
        RunPlan whole = Of(tasks, options);
        (string Study, RunPlan Plan)[] rows = [.. tasks.GroupBy(t => t.Study).Select(g => (g.Key, Of([.. g], options)))];
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("profile", options.Profile);
                w.WriteNumber("cells", whole.Cells);
                w.WriteNumber("missing", whole.Missing);
                w.Finite("seconds", whole.Seconds);
                w.WriteStartArray("studies");
                foreach ((string study, RunPlan p) in rows)
                {
                    w.WriteStartObject();
                    w.WriteString("study", study);
                    w.WriteNumber("cells", p.Cells);
                    w.WriteNumber("missing", p.Missing);
                    w.Finite("seconds", p.Seconds);
                    w.WriteEndObject();
                }

                w.WriteEndArray();
            });
        }
        else
        {
            terminal.Table(["study", "cells", "to compute", "about"],
            [
                .. rows.Select(r => (string[])[r.Study, $"{r.Plan.Cells}", $"{r.Plan.Missing}", Progress.Clock(r.Plan.Seconds)]),
                ["all", $"{whole.Cells}", $"{whole.Missing}", Progress.Clock(whole.Seconds)],
            ]);
            terminal.Out.WriteLine($"times are predicted for {Math.Max(1, Math.Min(options.Jobs, Environment.ProcessorCount))} cores like those of docs/benchmarks.md");
        }

        return whole.Cells > 0 ? ExitCode.Good : ExitCode.Nothing;
    }
}
