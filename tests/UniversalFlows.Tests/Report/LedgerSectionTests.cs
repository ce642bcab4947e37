using System.Text.RegularExpressions;
using UniversalFlows.Proofs.Claims;
using UniversalFlows.Proofs.Report;
using Xunit;

namespace UniversalFlows.Tests.Report;

/// <summary>Claims in the report.</summary>
public sealed partial class LedgerSectionTests
{
    /// <summary>Judgements as if the evidence agreed with every expectation; nothing is computed.</summary>
    private static readonly Judgement[] s_judgements = [.. Ledger.Default.Claims.Select(c => Of(c, c.Expected))];

    [Fact]
    public void Every_node_of_the_graph_leads_to_a_row_of_the_table()
    {
        Page page = new("t");
        LedgerSection.AddTo(page, Ledger.Default, s_judgements);
        string html = page.ToHtml("");
        Claim[] nodes = [.. Ledger.Default.Claims.Where(c => c.Role != ClaimRole.None)];
        string graph = html[html.IndexOf("<svg class=\"proof\"", StringComparison.Ordinal)..];
        graph = graph[..graph.IndexOf("</svg>", StringComparison.Ordinal)];
        Assert.Equal(nodes.Select(c => c.Id).Order(), Links().Matches(graph).Select(m => m.Groups[1].Value).Order());
        foreach (Claim claim in Ledger.Default.Claims) Assert.Contains($"<tr id=\"claim-{claim.Id}\">", html, StringComparison.Ordinal);
        foreach (Judgement wrong in s_judgements.Where(j => j.Verdict == Verdict.Refuted)) Assert.Contains($"id=\"wrong-{wrong.Claim.Id}\"", html, StringComparison.Ordinal);
        Assert.Contains("every verdict as expected", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_rests_on_a_claim_that_fails_is_not_verified()
    {
        IReadOnlySet<string> all = Verified.Of(Ledger.Default, s_judgements);
        Assert.Contains("A6", all);
        Judgement[] broken = [.. s_judgements.Select(j => j.Claim.Id == "L1" ? Of(j.Claim, Verdict.Inconclusive) : j)];
        IReadOnlySet<string> rest = Verified.Of(Ledger.Default, broken);
        // L1 is below A5 and A6, and not below the definitions
        Assert.DoesNotContain("L1", rest);
        Assert.DoesNotContain("A5", rest);
        Assert.DoesNotContain("A6", rest);
        Assert.Contains("A2", rest);
        Assert.Equal(all.Where(id => id != "L1" && !Ledger.Default.Ancestors(Ledger.Default[id]).Contains(Ledger.Default["L1"])).Order(), rest.Order());
    }

    [Fact]
    public void Csv_has_a_row_a_claim()
    {
        string csv = LedgerSection.ToCsv(s_judgements);
        Assert.Equal(s_judgements.Length + 1, csv.Split('\n').Count(l => l.Length > 0));
        Assert.Contains("\nB1,B §0,number,refuted,refuted,verbatim,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public void Verdicts_differ_in_letter_and_colour_and_fidelities_in_border()
    {
        Verdict[] verdicts = Enum.GetValues<Verdict>();
        Assert.Equal(verdicts.Length, verdicts.Select(ClaimStyle.Letter).Distinct().Count());
        Assert.Equal(verdicts.Length, verdicts.Select(ClaimStyle.Fill).Distinct().Count());
        Fidelity[] fidelities = Enum.GetValues<Fidelity>();
        Assert.Equal(fidelities.Length, fidelities.Select(ClaimStyle.Border).Distinct().Count());
        ClaimRole[] roles = [ClaimRole.Definition, ClaimRole.Lemma, ClaimRole.Theorem, ClaimRole.Corollary];
        Assert.Equal(roles.Length, roles.Select(r => ClaimStyle.Shape(r, 0, 0, 10, 10, "")).Distinct().Count());
    }

    private static Judgement Of(Claim claim, Verdict verdict)
    {
        double tolerance = claim.Tolerance ?? 0;
        Finding? finding = verdict switch
        {
            Verdict.NotTestable or Verdict.Stale => null,
            Verdict.Refuted => Finding.Exact(tolerance + 1, "planted"),
            Verdict.Inconclusive => Finding.Constructed(tolerance + 1, "planted"),
            Verdict.Certified => Finding.Exact(0, "planted"),
            Verdict.Constructed => Finding.Constructed(0, "planted"),
            Verdict.Statistical => Finding.Sampled(0, 0, "planted"),
            _ => Finding.AtPoints(0, 0, "planted"),
        };
        return finding is null ? new(claim, verdict, null, "planted", 0) : Judgement.Of(claim, finding);
    }

    [GeneratedRegex("<a href=\"#claim-([A-Z0-9]+)\">")]
    private static partial Regex Links();
}
