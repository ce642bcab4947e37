using System.Text;
using UniversalFlows.Proofs.Claims;

namespace UniversalFlows.Proofs.Report;

/// <summary>The section on the claims of the sources: the graph of the proof, the wrong claims with their corrections, and all claims.</summary>
internal static class LedgerSection
{
    /// <summary>Adds the section.</summary>
    public static void AddTo(Page page, Ledger ledger, IReadOnlyList<Judgement> judgements)
    {
        page.Section("claims", "Claims of the sources", "What the slides of the 2020 paper (A) and a lecture on flows (B) state, the controls (N), theorem S of this project and the steps of the proof (L): each is executed, and its verdict computed from "
            + "the evidence. A wrong claim that is refuted is a success. <code class=\"copy\">uf verify</code>");
        page.Raw(Tiles(judgements));
        if (judgements.Any(j => j.Claim.Role != ClaimRole.None)) page.Add(Graph(ledger, judgements));
        Judgement[] wrong = [.. judgements.Where(j => j.Verdict == Verdict.Refuted)];
        if (wrong.Length > 0) page.Add(WrongClaims.Card(wrong));
        page.Add(ClaimTable.Card(ledger, judgements));
    }

    /// <summary>A row a claim.</summary>
    public static string ToCsv(IReadOnlyList<Judgement> judgements) => Csv.Table(
        "id,source,kind,verdict,expected,fidelity,evidence,defect,lower,upper,tolerance,corrected,statement,correction,command",
        judgements.Select(j => (IEnumerable<string>)[
            j.Claim.Id, j.Claim.Source, j.Claim.Kind, ClaimWords.Of(j.Verdict), j.Claim.Expect, ClaimWords.Of(j.Claim.Fidelity), j.Finding is { } f ? ClaimWords.Of(f.Kind) : "",
            Html.Exact(j.Finding?.Value), Html.Exact(j.Finding?.Lower), Html.Exact(j.Finding?.Upper), Html.Exact(j.Claim.Tolerance), j.Corrected is { } c ? ClaimWords.Of(c) : "",
            j.Claim.Statement, j.Claim.Correction ?? "", j.Claim.Command]));

    private static string Tiles(IReadOnlyList<Judgement> judgements)
    {
        StringBuilder html = new("<ul class=\"tiles\">");
        html.Append($"<li><b>{judgements.Count}</b> claims</li>");
        foreach (var group in judgements.GroupBy(j => j.Verdict).OrderBy(g => g.Key)) html.Append($"<li>{ClaimStyle.Label(group.Key)} <b>{group.Count()}</b></li>");
        int other = judgements.Count(j => !j.IsExpected && j.Verdict != Verdict.Stale);
        html.Append(other == 0 ? "<li>every verdict as expected</li>" : $"<li class=\"bad\"><b>{other}</b> other than expected</li>");
        return html.Append("</ul>").ToString();
    }

    private static Card Graph(Ledger ledger, IReadOnlyList<Judgement> judgements)
    {
        Judgement[] nodes = [.. judgements.Where(j => j.Claim.Role != ClaimRole.None)];
        IReadOnlySet<string> verified = Verified.Of(ledger, judgements);
        int whole = nodes.Count(j => verified.Contains(j.Claim.Id));
        Card card = new(
            "proof-graph",
            "The proof, executed",
            $"{nodes.Length} definitions, lemmas, theorems and corollaries; {whole} hold together with everything that they rest on.",
            "Arrows go from what is used to what uses it; those that follow from others are left out. Shape: kind of statement. Fill and letter: the evidence. Border: how close the executed statement is to the printed one. A green tick: this and all its ancestors "
            + "hold, found by walking the graph. A click opens the evidence.");
        card.Raw($"<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Graph of the proof\">{ProofGraph.Svg(ledger, judgements)}</div>");
        StringBuilder key = new("<ul class=\"key\">");
        foreach (ClaimRole role in (ClaimRole[])[ClaimRole.Definition, ClaimRole.Lemma, ClaimRole.Theorem, ClaimRole.Corollary])
            key.Append($"<li>{Icon(ClaimStyle.Shape(role, 17, 10, 30, 16, "fill=\"#fff\" stroke=\"#1a1d21\" stroke-width=\"1.5\""))} {role.ToString().ToLowerInvariant()}</li>");
        key.Append("</ul><ul class=\"key\">");
        foreach (Verdict verdict in nodes.Select(j => j.Verdict).Distinct().Order()) key.Append($"<li>{ClaimStyle.Label(verdict)} {Html.Text(ClaimStyle.Meaning(verdict).Split(": ")[^1])}</li>");
        key.Append("</ul><ul class=\"key\">");
        foreach (Fidelity fidelity in nodes.Select(j => j.Claim.Fidelity).Distinct().Order())
            key.Append($"<li>{Icon(ClaimStyle.Shape(ClaimRole.Theorem, 17, 10, 30, 16, $"fill=\"#fff\" stroke=\"#1a1d21\" {ClaimStyle.Border(fidelity)}"))} {Html.Text(ClaimStyle.Meaning(fidelity))}</li>");
        return card.Raw(key.Append("</ul>").ToString());
    }

    private static string Icon(string shape) => $"<svg width=\"34\" height=\"20\" aria-hidden=\"true\">{shape}</svg>";
}
