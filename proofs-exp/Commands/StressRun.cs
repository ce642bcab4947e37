using UniversalFlows.Targets;
using UniversalFlows.Testing;
using UniversalFlows.Testing.PlantedBugs;

namespace UniversalFlows.Proofs.Commands;

/// <summary>What uf battery --stress runs.</summary>
/// <param name="Cases">In all.</param>
/// <param name="Seed">Of all cases.</param>
/// <param name="Law">Only this law; null: all.</param>
/// <param name="Case">Only this kind of bijection; null: all.</param>
/// <param name="Trial">The seed of one single case; null: many.</param>
/// <param name="Jobs">Threads.</param>
internal sealed record StressOptions(int Cases, ulong Seed, string? Law, string? Case, ulong? Trial, int Jobs);

/// <summary>uf battery --stress: every law over every registered kind of bijection, the constructions that must be refused, the planted bugs.</summary>
internal static class StressRun
{
    public static int Run(Terminal terminal, bool json, StressOptions options)
    {
        Law[] laws = [.. FlowLaws.All.Where(l => options.Law is null || l.Name == options.Law)];
        BijectionCase[] subjects = [.. BijectionRegistry.All.Where(c => options.Case is null || c.Name == options.Case)];
        if (laws.Length == 0) throw Unknown("law", options.Law!, FlowLaws.All.Select(l => l.Name));
        if (subjects.Length == 0) throw Unknown("kind of bijection", options.Case!, BijectionRegistry.All.Select(c => c.Name));
        if (options.Trial is { } trial) return One(terminal, json, laws, subjects, trial, options);

        IReadOnlyList<(Law Law, BijectionCase Subject, int Cases)> plan;
        try
        {
            plan = LawMatrix.Plan(laws, subjects, options.Cases);
        }
        catch (ArgumentException e)
        {
            throw new InputException(e.Message.Split(" (Parameter")[0], e);
        }

        CancellationToken cancellation = terminal.Cooperate();
        IReadOnlyList<LawTally>? tallies = Progress.Show(terminal, lines: false, report => LawMatrix.Run(
            plan, options.Seed, options.Jobs, done => report((double)done / options.Cases, $"{done} of {options.Cases} cases"), cancellation));
        if (tallies is null)
        {
            terminal.Say("uf: interrupted");
            return ExitCode.Interrupted;
        }

        bool whole = options.Law is null && options.Case is null;
        string[] accepted = whole ? [.. Rejection.All.Select(r => r.Check()).OfType<string>()] : [];
        PlantedBug[] escaped = whole ? [.. PlantedBug.All.Where(b => b.Catch() is null)] : [];
        LawFailure[] failures = [.. tallies.Select(t => t.First).OfType<LawFailure>()];
        if (json) Json(terminal, options, tallies, whole, accepted, escaped);
        else Print(terminal, options, tallies, whole, accepted, escaped);
        if (failures.Length + accepted.Length + escaped.Length == 0) return ExitCode.Good;
        terminal.Say($"uf: {tallies.Sum(t => t.Failures)} cases broke a law, {accepted.Length} constructions were accepted that make no bijection, {escaped.Length} planted bugs escaped");
        return ExitCode.NotMet;
    }

    private static int One(Terminal terminal, bool json, Law[] laws, BijectionCase[] subjects, ulong seed, StressOptions options)
    {
        if (options.Law is null || options.Case is null) throw new InputException("--trial needs --law and --case: it is one case");
        if (!laws[0].Applies(subjects[0])) throw new InputException($"the law {laws[0].Name} says nothing about {subjects[0].Name}");
        string? wrong = new LawCase(laws[0], subjects[0], seed).Check();
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("law", laws[0].Name);
                w.WriteString("case", subjects[0].Name);
                w.WriteNumber("trial", seed);
                w.WriteBoolean("holds", wrong is null);
                if (wrong is not null) w.WriteString("why", wrong);
            });
        }
        else
        {
            terminal.Out.WriteLine(wrong is null ? $"{laws[0].Name} holds for {subjects[0].Name}, seed {seed}" : $"{laws[0].Name} fails for {subjects[0].Name}, seed {seed}: {wrong}");
        }

        return wrong is null ? ExitCode.Good : ExitCode.NotMet;
    }

    private static void Print(Terminal terminal, StressOptions options, IReadOnlyList<LawTally> tallies, bool whole, string[] accepted, PlantedBug[] escaped)
    {
        string[] families = [.. tallies.Select(t => t.Subject.Family).Distinct()];
        terminal.Out.WriteLine($"{options.Cases} cases (a bijection drawn at random, the law's points, one verdict), seed {options.Seed}: cases run, and failures after /");
        terminal.Table(["law", .. families, "all", "s"], tallies.GroupBy(t => t.Law).Select(g => (string[])
            [g.Key.Name, .. families.Select(f => Entry(g.Where(t => t.Subject.Family == f))), Entry(g), $"{g.Sum(t => t.Seconds):F1}"]));
        terminal.Out.WriteLine();
        if (whole) terminal.Out.WriteLine($"constructions refused: {Rejection.All.Count - accepted.Length} of {Rejection.All.Count}; planted bugs caught: {PlantedBug.All.Count - escaped.Length} of {PlantedBug.All.Count}");
        foreach (LawTally t in tallies.Where(t => t.First is not null))
            terminal.Out.WriteLine($"broken: {t.Law.Name} for {t.Subject.Name}, {t.Failures} of {t.Cases} cases\n  {t.First!.Wrong}\n  seed {t.First.Case.Seed}; replay with: {t.First.Case.Replay}");
        foreach (string text in accepted) terminal.Out.WriteLine($"not refused: {text}");
        foreach (PlantedBug bug in escaped) terminal.Out.WriteLine($"escaped: {bug.Bug}, planted for {bug.Law}");
    }

    private static string Entry(IEnumerable<LawTally> tallies)
    {
        LawTally[] all = [.. tallies];
        int failures = all.Sum(t => t.Failures);
        return all.Length == 0 ? "-" : failures == 0 ? $"{all.Sum(t => t.Cases)}" : $"{all.Sum(t => t.Cases)}/{failures}";
    }

    private static void Json(Terminal terminal, StressOptions options, IReadOnlyList<LawTally> tallies, bool whole, string[] accepted, PlantedBug[] escaped) => terminal.Json(w =>
    {
        w.WriteNumber("cases", options.Cases);
        w.WriteNumber("seed", options.Seed);
        w.WriteNumber("failures", tallies.Sum(t => t.Failures));
        w.Objects("matrix", tallies, t =>
        {
            w.WriteString("law", t.Law.Name);
            w.WriteString("family", t.Subject.Family);
            w.WriteString("case", t.Subject.Name);
            w.WriteNumber("cases", t.Cases);
            w.WriteNumber("failures", t.Failures);
            if (t.First is null) return;
            w.WriteString("why", t.First.Wrong);
            w.WriteString("replay", t.First.Case.Replay);
        });
        if (!whole) return;
        w.WriteNumber("constructions", Rejection.All.Count);
        w.Objects("notRefused", accepted, a => w.WriteString("what", a));
        w.WriteNumber("bugs", PlantedBug.All.Count);
        w.Objects("escaped", escaped, b =>
        {
            w.WriteString("law", b.Law);
            w.WriteString("bug", b.Bug);
        });
    });

    private static InputException Unknown(string what, string name, IEnumerable<string> known)
    {
        IReadOnlyList<string> nearest = Spelling.Nearest(name, known);
        return new InputException($"no {what} is called '{name}': {(nearest.Count > 0 ? $"did you mean {string.Join(" or ", nearest)}?" : what == "law" ? $"there are {string.Join(", ", known)}" : "docs/battery.md says how they are named")}");
    }
}
