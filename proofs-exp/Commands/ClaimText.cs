using UniversalFlows.Proofs.Claims;

namespace UniversalFlows.Proofs.Commands;

/// <summary>Claims and verdicts for the eye.</summary>
internal static class ClaimText
{
    /// <summary>A row a claim, then how many have which verdict.</summary>
    public static void Table(Terminal terminal, IReadOnlyList<Judgement> judgements)
    {
        terminal.Table(
            ["claim", "verdict", "defect", "tolerance", "statement"],
            judgements.Select(j => (string[])[j.Claim.Id, ClaimWords.Of(j.Verdict) + (j.IsExpected || j.Verdict == Verdict.Stale ? "" : " (!)"), Number(j.Finding?.Value), Number(j.Claim.Tolerance), j.Claim.Statement]));
        terminal.Out.WriteLine();
        terminal.Out.WriteLine(Summary(judgements));
    }

    /// <summary>"96 claims: 20 certified, …".</summary>
    public static string Summary(IReadOnlyList<Judgement> judgements)
    {
        IEnumerable<string> counts = judgements.GroupBy(j => j.Verdict).OrderBy(g => g.Key).Select(g => $"{g.Count()} {ClaimWords.Of(g.Key)}");
        int other = judgements.Count(j => !j.IsExpected && j.Verdict != Verdict.Stale);
        return $"{judgements.Count} claim{(judgements.Count == 1 ? "" : "s")}: {string.Join(", ", counts)}; {(other == 0 ? "every verdict is the expected one" : $"{other} other than expected")}";
    }

    /// <summary>One claim in full.</summary>
    public static void Why(Terminal terminal, Judgement j)
    {
        Claim c = j.Claim;
        terminal.Out.WriteLine($"{c.Id}  {c.Title}: {ClaimWords.Of(j.Verdict)}{(j.IsExpected ? "" : $" (expected: {c.Expect})")}");
        terminal.Out.WriteLine();
        List<string[]> rows = [["statement", c.Statement], ["formula", c.Formula], ["source", c.Source], ["kind", c.Kind]];
        if (c.DependsOn.Count > 0) rows.Add(["rests on", string.Join(", ", c.DependsOn)]);
        if (j.Finding is { } f)
        {
            rows.Add(["done", f.Done]);
            rows.Add(["evidence", $"{ClaimWords.Of(f.Kind)}, {c.Evidence}"]);
            rows.Add(["defect", $"{Interval(f)}; it counts as true up to {Number(c.Tolerance)}"]);
            foreach (NamedNumber n in f.Numbers) rows.Add(["", $"{n.Name} = {n.Value:R}"]);
        }
        else
        {
            rows.Add([j.Verdict == Verdict.Stale ? "stale" : "reason", j.Remark]);
        }

        rows.Add(["fidelity", ClaimWords.Of(c.Fidelity)]);
        rows.Add(["cannot show", c.CannotShow]);
        if (c.Correction is { } correction) rows.Add([c.Expected == Verdict.Refuted ? "correct is" : "caveat", correction]);
        if (j.Finding?.Corrected is { } right)
        {
            rows.Add(["", $"{ClaimWords.Of(j.Corrected!.Value)}: {right.Done}"]);
            rows.Add(["", $"defect {Interval(right)}"]);
            foreach (NamedNumber n in right.Numbers) rows.Add(["", $"{n.Name} = {n.Value:R}"]);
        }

        if (c.Reference is { } reference) rows.Add(["reference", reference]);
        rows.Add(["command", c.Command]);
        terminal.Table(["", ""], rows);
    }

    /// <summary>A forest: roots are claims that no other selected claim rests on.</summary>
    public static void Tree(Terminal terminal, Ledger ledger, IReadOnlyList<Judgement> judgements)
    {
        Dictionary<string, Judgement> byId = judgements.ToDictionary(j => j.Claim.Id);
        HashSet<string> below = [.. judgements.SelectMany(j => j.Claim.DependsOn)], shown = [];
        foreach (Judgement j in judgements.Where(j => !below.Contains(j.Claim.Id))) Branch(j.Claim, "", "");

        void Branch(Claim claim, string first, string rest)
        {
            string verdict = byId.TryGetValue(claim.Id, out Judgement? j) ? ClaimWords.Of(j.Verdict) : "not selected";
            bool again = !shown.Add(claim.Id) && claim.DependsOn.Count > 0;
            terminal.Out.WriteLine($"{first}{claim.Id} {claim.Title} [{verdict}]{(again ? " (see above)" : "")}");
            if (again) return;
            for (int i = 0; i < claim.DependsOn.Count; i++)
            {
                bool last = i == claim.DependsOn.Count - 1;
                Branch(ledger[claim.DependsOn[i]], rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
            }
        }
    }

    private static string Interval(Finding f) => f.Lower == f.Upper ? $"{f.Value:G9}" : $"{f.Value:G9} in [{f.Lower:G9}, {f.Upper:G9}]";

    private static string Number(double? value) => value is { } v ? $"{v:G4}" : "-";
}
