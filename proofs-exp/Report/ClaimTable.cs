using System.Text;
using UniversalFlows.Proofs.Claims;

namespace UniversalFlows.Proofs.Report;

/// <summary>All claims as a table that sorts and filters; each row opens to its evidence.</summary>
internal static class ClaimTable
{
    /// <summary>The card.</summary>
    public static Card Card(Ledger ledger, IReadOnlyList<Judgement> judgements)
    {
        IReadOnlySet<string> verified = Verified.Of(ledger, judgements);
        Card card = new(
            "all-claims",
            "All claims",
            $"{Html.Count(judgements.Count, "claim")} with the verdicts of the present code.",
            "The defect is 0 for a true statement; the claim holds up to the tolerance. A statement opens to its evidence, what the number cannot show, and the command. Filter by words: refuted, theorem, B §3.8b, proof.");
        StringBuilder html = new("<p class=\"filter\"><label>Filter <input type=\"search\" data-table=\"claims-table\" placeholder=\"such as refuted identity\"></label> ");
        html.Append($"<span id=\"count-claims-table\" class=\"note\" aria-live=\"polite\">{judgements.Count} rows</span></p><p class=\"chips\">");
        foreach (Verdict verdict in judgements.Select(j => j.Verdict).Distinct().Order()) html.Append($"<button type=\"button\" data-filter=\"claims-table\" data-words=\"{ClaimWords.Of(verdict)}\">{ClaimStyle.Label(verdict)}</button>");
        html.Append("<button type=\"button\" data-filter=\"claims-table\" data-words=\"\">all</button></p>");
        html.Append("<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"All claims\"><table class=\"runs claims\" id=\"claims-table\"><thead><tr>");
        foreach ((string head, bool number) in ((string, bool)[])[("claim", false), ("verdict", false), ("statement and evidence", false), ("defect", true), ("tolerance", true), ("fidelity", false), ("evidence", false), ("kind", false)])
            html.Append($"<th scope=\"col\"{(number ? " class=\"n\"" : "")}><button type=\"button\">{head}</button></th>");
        html.Append("</tr></thead><tbody>\n");
        foreach (Judgement j in judgements) Row(html, j, verified.Contains(j.Claim.Id));
        return card.Raw(html.Append("</tbody></table></div>").ToString()).Paragraph("The numbers in all digits are in claims.csv beside this page, and with what made them in results/claims.");
    }

    private static void Row(StringBuilder html, Judgement j, bool verified)
    {
        Claim c = j.Claim;
        html.Append($"<tr id=\"claim-{c.Id}\"><th scope=\"row\">{c.Id}<br><small>{Html.Text(c.Source)}</small></th><td>{ClaimStyle.Label(j.Verdict)}{(j.IsExpected || j.Verdict == Verdict.Stale ? "" : $"<br><span class=\"bad\">expected: {c.Expect}</span>")}</td>");
        html.Append($"<td class=\"statement\"><details><summary>{Html.Text(c.Statement)}</summary><dl class=\"why\">");
        void Item(string name, string text) => html.Append($"<div><dt>{name}</dt><dd>{text}</dd></div>");
        Item("formula", Html.Text(c.Formula));
        if (j.Finding is { } f)
        {
            Item("done", Html.Text(f.Done) + WrongClaims.Numbers(f));
            if (c.Correction is { } correction) Item(c.Expected == Verdict.Refuted ? "correct" : "caveat", Html.Text(correction));
            if (f.Corrected is { } right) Item("its test", $"{ClaimStyle.Label(j.Corrected!.Value)} {Html.Text(right.Done)}{WrongClaims.Numbers(right)}");
        }
        else
        {
            Item(j.Verdict == Verdict.Stale ? "stale" : "reason", Html.Text(j.Remark));
        }

        Item("cannot show", Html.Text(c.CannotShow));
        if (c.DependsOn.Count > 0) Item("rests on", string.Join(", ", c.DependsOn.Select(id => $"<a href=\"#claim-{id}\">{id}</a>")) + (verified ? ", all of which hold" : ""));
        if (c.Reference is { } reference) Item("reference", Html.Text(reference));
        Item("command", $"<code class=\"copy\">{Html.Text(c.Command)}</code>");
        html.Append("</dl></details></td>");
        html.Append($"<td class=\"n\" data-v=\"{Html.Exact(j.Finding?.Value)}\">{(j.Finding is { } found ? Html.Number(found.Value) : "")}</td><td class=\"n\" data-v=\"{Html.Exact(c.Tolerance)}\">{(c.Tolerance is { } tolerance ? Html.Number(tolerance) : "")}</td>");
        html.Append($"<td>{ClaimWords.Of(c.Fidelity)}</td><td>{(j.Finding is { } kind ? ClaimWords.Of(kind.Kind) : "")}</td><td>{c.Kind}</td></tr>\n");
    }
}
