using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf run: computes what is missing of a grid of studies.</summary>
internal static class RunVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Argument<string[]> studies = Studies();
        Option<string> profile = Profile();
        Option<ulong> seed = Options.Seed();
        Option<int> jobs = Options.Jobs();
        Option<string> results = Options.Results();
        Option<string> shard = Options.Text("--shard", "I/N", "Only the I-th of N parts of the grid, I from 1 to N.");
        Option<bool> plan = new("--plan") { Description = "Only say what would be run and how long it would take." };
        Verb verb = new(
            "run", "Run studies: compute the results that are missing. A repeated command goes on where the last one stopped.",
            "uf run maps --profile quick\nuf run --profile standard --plan\nuf run --shard 1/4 --results results") { studies, profile, seed, jobs, results, shard, plan };
        verb.SetAction(r =>
        {
            RunOptions options = Asked(r);
            return r.GetValue(plan) ? RunPlan.Print(terminal, r.GetValue(json), options) : Run(terminal, r.GetValue(json), options);
        });
        return verb;

        RunOptions Asked(ParseResult r) => new()
        {
            Studies = Known(r.GetValue(studies) ?? []),
            Profile = r.GetRequiredValue(profile),
            Seed = r.GetValue(seed),
            Jobs = r.GetValue(jobs),
            ResultsDirectory = r.GetRequiredValue(results),
            Shard = Shard(r.GetValue(shard)),
        };
    }

    /// <summary>Runs with a progress bar; a summary, and whether an interruption cut it short.</summary>
    public static (RunSummary Summary, bool Interrupted) Compute(Terminal terminal, RunOptions options)
    {
        KnownProfile(options.Profile);
        Files.MakeFolder(options.ResultsDirectory);
        foreach (string folder in Profiles.Studies.Select(s => Path.Combine(options.ResultsDirectory, s.Name)))
            if (Path.Exists(folder)) Files.MakeFolder(folder); // there already: as a folder that can be written to?
        CancellationToken cancellation = terminal.Cooperate();
        if (RunPlan.Of(options) is { Missing: > 0, Seconds: > 60 } expected)
            terminal.Say($"{Count(expected.Cells, "cell")}, {expected.Missing} to compute: about {Progress.Clock(expected.Seconds)} (uf run --plan says where it goes)");
        RunSummary summary = Progress.Show(terminal, lines: true, report => Runner.Run(
            options, p => report((double)p.Done / p.Planned, $"{p.Done} of {p.Planned} cells, about {Progress.Clock(p.RemainingSeconds)} left, {p.LastCell}"), cancellation));
        bool interrupted = cancellation.IsCancellationRequested && !summary.Complete;
        if (interrupted)
            terminal.Say($"uf: interrupted, {summary.Computed + summary.Reused} of {summary.Planned} cells done; the same command goes on");
        else
            terminal.Say($"{Count(summary.Planned, "cell")}: {summary.Computed} computed, {summary.Reused} already there, {summary.Diverged} diverged; {Progress.Clock(summary.Seconds)}");
        if (summary.Broken > 0) terminal.Say($"uf: {Count(summary.Broken, "result")} {(summary.Broken == 1 ? "has" : "have")} a broken law or control; the report says which");
        return (summary, interrupted);
    }

    /// <summary>The members of an object with a summary.</summary>
    public static void Write(Utf8JsonWriter w, RunSummary summary, RunOptions options)
    {
        w.WriteNumber("planned", summary.Planned);
        w.WriteNumber("computed", summary.Computed);
        w.WriteNumber("reused", summary.Reused);
        w.WriteNumber("diverged", summary.Diverged);
        w.WriteNumber("broken", summary.Broken);
        w.Finite("seconds", summary.Seconds);
        w.WriteString("results", options.ResultsDirectory);
    }

    private static int Run(Terminal terminal, bool json, RunOptions options)
    {
        (RunSummary summary, bool interrupted) = Compute(terminal, options);
        if (json) terminal.Json(w => Write(w, summary, options));
        if (interrupted) return ExitCode.Interrupted;
        if (summary.Planned > 0) return summary.Broken > 0 ? ExitCode.NotMet : ExitCode.Good;
        terminal.Say("uf: the selection is empty: nothing was run");
        return ExitCode.Nothing;
    }

    internal static Argument<string[]> Studies() =>
        new("STUDY") { Description = $"{string.Join(", ", Profiles.Studies.Select(s => s.Name))}; by default all.", Arity = ArgumentArity.ZeroOrMore };

    internal static Option<string> Profile()
    {
        Option<string> profile = Options.Text("--profile", "NAME", $"The size of the grid: {string.Join(", ", Profiles.Names)}.");
        profile.DefaultValueFactory = _ => Profiles.Names[0];
        return profile;
    }

    internal static string KnownProfile(string name)
    {
        if (Profiles.Names.Contains(name)) return name;
        IReadOnlyList<string> nearest = Spelling.Nearest(name, Profiles.Names);
        throw new InputException($"unknown profile '{name}': {(nearest.Count > 0 ? $"did you mean {nearest[0]}?" : $"there are {string.Join(", ", Profiles.Names)}")}");
    }

    internal static string[] Known(string[] studies)
    {
        string[] names = [.. Profiles.Studies.Select(s => s.Name)];
        foreach (string study in studies)
        {
            if (names.Contains(study)) continue;
            IReadOnlyList<string> nearest = Spelling.Nearest(study, names);
            throw new InputException($"unknown study '{study}': {(nearest.Count > 0 ? $"did you mean {string.Join(" or ", nearest)}?" : $"there are {string.Join(", ", names)}")}");
        }

        return studies;
    }

    /// <summary>People count parts from 1, the runner from 0.</summary>
    private static (int Index, int Count)? Shard(string? text)
    {
        if (text is null) return null;
        string[] parts = text.Split('/');
        if (parts.Length == 2 && Whole(parts[0], out int i) && Whole(parts[1], out int n) && 1 <= i && i <= n) return (i - 1, n);
        throw new InputException($"--shard takes I/N with 1 <= I <= N, such as 2/4, not '{text}'");

        static bool Whole(string digits, out int value) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static string Count(int n, string noun) => n == 1 ? $"1 {noun}" : $"{n} {noun}s";
}
