using System.CommandLine;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf merge: the results of shards in one folder, and whether the grid is complete.</summary>
internal static class MergeVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Argument<string[]> sources = new("DIR") { Description = "Folders of results, such as those of the shards.", Arity = ArgumentArity.OneOrMore };
        Option<string> output = Options.Text("--out", "DIR", "Where everything goes; results that are there stay.", required: true);
        Option<string[]> studies = new("--study") { HelpName = "NAME", Description = "A study that should be complete; may be given more than once; by default all.", Arity = ArgumentArity.ZeroOrMore };
        Option<string> profile = RunVerb.Profile();
        Option<ulong> seed = Options.Seed();
        Verb verb = new(
            "merge", "Put the results of shards into one folder and count the cells of the grid. Exit code 3: some are missing (what there is was merged); 5: two results of the same cell differ (nothing was).",
            "uf merge results/shard-1 results/shard-2 --out results") { sources, output, studies, profile, seed };
        verb.SetAction(r => Run(terminal, r.GetRequiredValue(sources), r.GetRequiredValue(output), r.GetValue(json), new RunOptions
        {
            Studies = RunVerb.Known(r.GetValue(studies) ?? []),
            Profile = RunVerb.KnownProfile(r.GetRequiredValue(profile)),
            Seed = r.GetValue(seed),
        }));
        return verb;
    }

    private static int Run(Terminal terminal, string[] sources, string output, bool json, RunOptions options)
    {
        foreach (string source in sources)
            if (!Directory.Exists(source)) throw new InputException(File.Exists(source) ? $"{source} is a file; a folder of results was expected" : $"there is no folder {source}");
        Files.MakeFolder(output);
        MergeSummary summary = Merge.Run(sources, output, options);
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("results", output);
                w.WriteNumber("planned", summary.Planned);
                w.WriteNumber("present", summary.Present);
                w.WriteNumber("copied", summary.Copied);
                w.WriteNumber("same", summary.Same);
            });
        }

        terminal.Say($"{summary.Copied} files merged into {output}, {summary.Same} were there already: {summary.Present} of {summary.Planned} cells of the profile {options.Profile}");
        if (summary.FirstMissing is not { } missing) return ExitCode.Good;
        terminal.Say($"uf: {summary.Planned - summary.Present} cells are missing, such as {missing}; uf run --results {output} computes them");
        return ExitCode.Interrupted;
    }
}
