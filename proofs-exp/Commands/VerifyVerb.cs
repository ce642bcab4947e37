using System.CommandLine;
using UniversalFlows.Proofs.Claims;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf verify: the claims of the sources with verdicts computed from evidence.</summary>
internal static class VerifyVerb
{
    private static readonly string[] Sources = ["A", "B", "N", "S", "L"];

    private sealed record Asked(string[] Ids, string? Source, string? Kind, string? Verdict, string Profile, string Results, int Jobs, bool Cached, bool Again, string? JUnit, bool Tree, bool Json);

    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Argument<string[]> ids = new("CLAIM") { Description = "Ids such as B33; by default all.", Arity = ArgumentArity.ZeroOrMore };
        Option<string> source = Options.Text("--source", "LETTER", "Only claims of A (the slides), B (the lecture), N (controls), S (this project's theorem) or L (steps of the proof).");
        Option<string> kind = Options.Text("--kind", "KIND", $"Only claims of a kind: {string.Join(", ", Claim.Kinds)}.");
        Option<string> verdict = Options.Text("--verdict", "WORD", $"Show only claims with a verdict: {string.Join(", ", ClaimWords.Verdicts)}.");
        Option<string> profile = Options.Text("--profile", "P", "ci (under two minutes on two cores) or full.");
        profile.DefaultValueFactory = _ => "full";
        Option<string> results = Options.Results();
        Option<int> jobs = Options.Jobs();
        Option<bool> cached = new("--cached") { Description = "Compute nothing: read the kept evidence; what is missing or of other code is stale." };
        Option<bool> again = new("--again") { Description = "Compute kept evidence again, too." };
        Option<string> junit = Options.Text("--junit", "FILE", "Write the verdicts as JUnit XML as well.");
        Option<string> why = Options.Text("--why", "ID", "One claim in full: statement, formula, source, evidence, numbers, what they cannot show, correction.");
        Option<bool> tree = new("--tree") { Description = "Print the claims as a tree: below each claim those it rests on." };
        Verb verb = new(
            "verify", "Check the claims of the sources: verdicts computed from evidence, which is kept in results/claims. Exit code 2: a verdict differs from the one expected; 6: stale evidence; 8: no claim selected.",
            "uf verify B33 B34\nuf verify --source B --verdict refuted\nuf verify --why B33") { ids, source, kind, verdict, profile, results, jobs, cached, again, junit, why, tree };
        verb.SetAction(r =>
        {
            string[] words = r.GetValue(ids) ?? [];
            if (r.GetValue(why) is { } one) words = [one];
            Asked asked = new(
                words, Letter(r.GetValue(source)), Known(r.GetValue(kind), "kind", Claim.Kinds), Known(r.GetValue(verdict), "verdict", ClaimWords.Verdicts), Known(r.GetValue(profile), "profile", ["ci", "full"])!,
                r.GetRequiredValue(results), r.GetValue(jobs), r.GetValue(cached), r.GetValue(again), r.GetValue(junit), r.GetValue(tree), r.GetValue(json));
            if (asked is { Cached: true, Again: true }) throw new InputException("--cached computes nothing and --again computes all: one of them");
            return r.GetValue(why) is null ? Run(terminal, asked) : Why(terminal, asked);
        });
        return verb;
    }

    private static string? Letter(string? word) => Known(word?.ToUpperInvariant(), "source", Sources);

    private static string? Known(string? word, string option, IReadOnlyList<string> known) =>
        word is null || known.Contains(word) ? word : throw new InputException($"--{option} takes {string.Join(", ", known.SkipLast(1))} or {known[^1]}, not '{word}'");

    private static Judgement[] Judge(Terminal terminal, Asked asked)
    {
        Ledger ledger = Ledger.Default;
        HashSet<string> named = [.. asked.Ids.Select(word => ledger.Find(word).Id)];
        Claim[] selected =
        [
            .. ledger.Claims.Where(c => (named.Count == 0 || named.Contains(c.Id)) && (asked.Source is null || c.SourceLetter == asked.Source) && (asked.Kind is null || c.Kind == asked.Kind)
                && (asked.Profile != "ci" || c.Evidence is null || !EvidenceCall.Parse(c.Evidence).IsSlow)),
        ];
        if (File.Exists(asked.Results)) throw new InputException($"--results {asked.Results} is a file; a folder was expected");
        if (asked.Cached) return [.. selected.Select(c => Judgement.Kept(asked.Results, c))];
        if (asked.JUnit is { } file) Files.CheckWritable(file);
        Files.MakeFolder(Path.Combine(asked.Results, EvidenceFile.Folder));
        int done = 0;
        return Verification.Run(
            selected, asked.Results, asked.Again, asked.Jobs,
            j =>
            {
                int count = Interlocked.Increment(ref done);
                if (terminal.ErrorIsTerminal) terminal.Error.Write($"\r{count} computed, last {j.Claim.Id}    ");
            },
            terminal.Cooperate());
    }

    private static int Run(Terminal terminal, Asked asked)
    {
        Judgement[] judgements = Judge(terminal, asked);
        if (terminal.ErrorIsTerminal) terminal.Error.Write("\r                                \r");
        if (asked.Verdict is { } word) judgements = [.. judgements.Where(j => ClaimWords.Of(j.Verdict) == word)];
        if (judgements.Length == 0)
        {
            terminal.Say("uf: no claim is selected");
            if (asked.Json) Write(terminal, judgements);
            return ExitCode.Nothing;
        }

        if (asked.JUnit is { } file) Files.Write(file, JUnitReport.Of(judgements));
        if (asked.Json) Write(terminal, judgements);
        else if (asked.Tree) ClaimText.Tree(terminal, Ledger.Default, judgements);
        else ClaimText.Table(terminal, judgements);
        foreach (Judgement j in judgements.Where(j => j.Verdict != Verdict.Stale && !j.IsExpected))
            terminal.Say($"uf: {j.Claim.Id} is {ClaimWords.Of(j.Verdict)}{(j.Corrected is { } c ? $", its correction {ClaimWords.Of(c)}" : "")}; expected is {j.Claim.Expect}");
        return Code(judgements);
    }

    private static int Why(Terminal terminal, Asked asked)
    {
        Judgement judgement = Judge(terminal, asked) is [var one] ? one : throw new InputException("--why shows one claim that the other options leave in");
        if (asked.Json) Write(terminal, [judgement]);
        else ClaimText.Why(terminal, judgement);
        return Code([judgement]);
    }

    private static int Code(Judgement[] judgements) =>
        judgements.Any(j => j.Verdict != Verdict.Stale && !j.IsExpected) ? ExitCode.NotMet : judgements.Any(j => j.Verdict == Verdict.Stale) ? ExitCode.Stale : ExitCode.Good;

    private static void Write(Terminal terminal, Judgement[] judgements) => terminal.Json(w => w.Objects("claims", judgements, j =>
    {
        w.WriteString("id", j.Claim.Id);
        w.WriteString("verdict", ClaimWords.Of(j.Verdict));
        w.WriteString("fidelity", ClaimWords.Of(j.Claim.Fidelity));
        w.Finite("value", j.Finding?.Value);
        w.Finite("lower", j.Finding?.Lower);
        w.Finite("upper", j.Finding?.Upper);
        w.Finite("tolerance", j.Claim.Tolerance);
        w.WriteString("command", j.Claim.Command);
    }));
}
