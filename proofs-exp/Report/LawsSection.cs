using System.Text;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Testing;

namespace UniversalFlows.Proofs.Report;

/// <summary>The section on the laws of bijections: the matrix law × family, and the planted bugs that show that each law can fail.</summary>
internal static class LawsSection
{
    /// <summary>Adds the section.</summary>
    public static void AddTo(Page page, IReadOnlyList<LawsResult> results)
    {
        List<string> order = [.. FlowLaws.All.Select(l => l.Name)];
        LawsEntry[] entries = [.. results.SelectMany(r => r.Matrix).OrderBy(e => order.IndexOf(e.Law))];
        BugEntry[] bugs = [.. results.SelectMany(r => r.Bugs).DistinctBy(b => (b.Law, b.Bug, b.Caught))];
        page.Section("flow-laws", "Laws of a flow", "Is what was trained here a flow at all? Every kind of bijection that this program knows is held to the laws of one.");
        if (entries.Length > 0) page.Add(Matrix(entries, results));
        if (bugs.Length > 0) page.Add(Bugs(bugs, results));
    }

    /// <summary>A row a law and kind of bijection.</summary>
    public static string MatrixCsv(IReadOnlyList<LawsResult> results) => Csv.Table(
        "law,family,kind,cases,failures,seed,statement,wrong,replay",
        results.SelectMany(r => r.Matrix.Select(e => (IEnumerable<string>)[e.Law, e.Family, e.Kind, $"{e.Cases}", $"{e.Failures}", $"{r.Seed}", e.Statement, e.Wrong ?? "", e.Replay ?? ""])));

    /// <summary>A row a planted bug.</summary>
    public static string BugsCsv(IReadOnlyList<LawsResult> results) => Csv.Table(
        "law,bug,kind,caught,said", results.SelectMany(r => r.Bugs.Select(b => (IEnumerable<string>)[b.Law, b.Bug, b.Kind, b.Caught ? "yes" : "no", b.Said ?? ""])));

    private static Card Matrix(LawsEntry[] entries, IReadOnlyList<LawsResult> results)
    {
        string[] laws = [.. entries.Select(e => e.Law).Distinct()], families = [.. entries.Select(e => e.Family).Distinct()];
        int failures = entries.Sum(e => e.Failures);
        ulong[] seeds = [.. results.Select(r => r.Seed).Distinct().Order()];
        Card card = new(
            "law-matrix",
            "Laws and families",
            $"{entries.Sum(e => e.Cases)} cases of {laws.Length} laws over {entries.Select(e => e.Kind).Distinct().Count()} kinds of bijection in {families.Length} families; "
            + $"{(failures == 0 ? "none broke a law" : $"{failures} broke a law")}; {(seeds.Length == 1 ? "seed" : "seeds")} {string.Join(", ", seeds)}.",
            "A number counts the cases that were run: a case is one bijection at random parameters, far from the identity where it has any, the points that the law needs, and one verdict. "
            + "Expensive laws get fewer cases. An empty field: the law says nothing about that family.");
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Cases of each law and family\"><table class=\"small matrix\"><thead><tr><th scope=\"col\">law</th>");
        foreach (string family in families) html.Append($"<th scope=\"col\" class=\"n\">{Html.Text(family)}</th>");
        html.Append("<th scope=\"col\" class=\"n\">all</th></tr></thead><tbody>");
        foreach (string law in laws)
        {
            LawsEntry[] row = [.. entries.Where(e => e.Law == law)];
            html.Append($"<tr><th scope=\"row\"><a href=\"#law-{Html.Slug(law)}\">{Html.Text(law)}</a></th>");
            foreach (string family in families) html.Append(Field([.. row.Where(e => e.Family == family)]));
            html.Append(Field(row)).Append("</tr>\n");
        }

        html.Append("</tbody></table></div>");
        card.Raw(html.ToString());
        card.Paragraph("Families are named by the transformer of their couplings. <b>Autoregressive</b> layers have affine and other transformers; <b>composition</b>: couplings between linear maps and permutations; "
            + "<b>inverse</b>: couplings the other way round; <b>architecture</b>: flows as the studies train them, at random parameters.");
        foreach (LawsEntry e in entries.Where(e => e.Failures > 0))
            card.Paragraph($"<b>{Html.Text(e.Law)}</b> is broken by {Html.Text(e.Kind)} in {e.Failures} of {e.Cases} cases: {Html.Text(e.Wrong)} <code class=\"copy\">{Html.Text(e.Replay)}</code>", "warning");
        html = new("<details><summary>What each law says</summary><dl class=\"laws\">");
        foreach (LawsEntry e in entries.DistinctBy(e => e.Law))
            html.Append($"<div id=\"law-{Html.Slug(e.Law)}\"><dt>{Html.Text(e.Law)}</dt><dd>{Html.Text(e.Statement)}</dd></div>");
        card.Raw(html.Append("</dl><p class=\"note\">x is a point, y = f(x), J the derivative of f at x, ld the log-det, κ(J) = ‖J‖‖J⁻¹‖. Laws without a tolerance compare bits.</p></details>").ToString());
        string commands = string.Join(", ", results.Where(r => r.Matrix.Count > 0).Select(r => r.Command).Distinct().Select(c => $"<code class=\"copy\">{Html.Text(c)}</code>"));
        return card.Paragraph($"Made by {commands}; <code class=\"copy\">uf battery --stress</code> runs a million cases. Every number by kind of bijection is in laws-of-flows.csv beside this page.");
    }

    private static Card Bugs(BugEntry[] bugs, IReadOnlyList<LawsResult> results)
    {
        int caught = bugs.Count(b => b.Caught), constructions = results.Max(r => r.Constructions);
        string[] accepted = [.. results.SelectMany(r => r.Accepted).Distinct()];
        Card card = new(
            "planted-bugs",
            "Planted bugs",
            $"{caught} of {bugs.Length} planted bugs were caught by the law named; {constructions - accepted.Length} of {constructions} constructions that make no bijection were refused.",
            "A law that cannot fail is none. Each row is a good bijection with one bug put into it on purpose; the law named had 25 random cases to notice. "
            + "The last column is what it said first.");
        StringBuilder html = new("<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"Planted bugs\"><table class=\"runs bugs\"><thead><tr><th scope=\"col\">bug</th><th scope=\"col\">caught by</th><th scope=\"col\">verdict</th><th scope=\"col\">planted into</th><th scope=\"col\">what the law said</th></tr></thead><tbody>");
        foreach (BugEntry b in bugs)
        {
            html.Append($"<tr><th scope=\"row\">{Html.Text(b.Bug)}</th><td class=\"law\">{Html.Text(b.Law)}</td><td{(b.Caught ? "" : " class=\"bad\"")}>{(b.Caught ? "caught" : "escaped")}</td>")
                .Append($"<td>{Html.Text(Kind(b.Kind))}</td><td class=\"said\">{Html.Text(Said(b))}</td></tr>\n");
        }

        card.Raw(html.Append("</tbody></table></div>").ToString());
        foreach (string text in accepted) card.Paragraph($"Accepted, though it makes no bijection: {Html.Text(text)}", "warning");
        return card.Paragraph("The whole messages are in planted-bugs.csv beside this page.");
    }

    private static string Field(LawsEntry[] entries)
    {
        int cases = entries.Sum(e => e.Cases), failures = entries.Sum(e => e.Failures);
        return cases == 0 ? "<td></td>" : failures == 0 ? $"<td class=\"n\">{cases}</td>" : $"<td class=\"n bad\">{failures} of {cases} broken</td>";
    }

    private static string Kind(string kind) => kind.StartsWith("broken ", StringComparison.Ordinal) ? kind[7..] : kind;

    /// <summary>The message without "law fails for kind: ", which the row says already; numbers of more than seven digits rounded, long ones cut.</summary>
    private static string Said(BugEntry bug)
    {
        string prefix = $"{bug.Law} fails for {bug.Kind}: ", text = bug.Said ?? "";
        if (text.StartsWith(prefix, StringComparison.Ordinal)) text = text[prefix.Length..];
        text = System.Text.RegularExpressions.Regex.Replace(text, @"(\d+\.\d{3})\d{3,}", "$1…");
        return text.Length <= 160 ? text : text[..160] + " …";
    }
}
