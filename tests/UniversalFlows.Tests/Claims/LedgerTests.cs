using UniversalFlows.Proofs.Claims;
using Xunit;

namespace UniversalFlows.Tests.Claims;

/// <summary>The ledger as a whole: nothing of the sources is left out, nothing hangs loose.</summary>
public sealed class LedgerTests
{
    /// <summary>Claims that are not written yet. Shorten it when one is written; it may only name what is missing.</summary>
    private static readonly string[] s_notYet = [];

    /// <summary>Every statement of the slides, the lecture and the controls, and this project's theorem.</summary>
    private static readonly string[] s_all = [.. Ids("A", 1, 16), .. Ids("B", 1, 87), .. Ids("N", 1, 17), "S"];

    public static TheoryData<string> Evident => [.. Ledger.Default.Claims.Where(c => c.Evidence is not null).Select(c => c.Id)];

    [Fact]
    public void Every_statement_of_the_sources_has_a_claim() =>
        Assert.Equal(s_notYet.Order(), s_all.Except(Ledger.Default.Claims.Select(c => c.Id)).Order());

    [Fact]
    public void Every_claim_has_an_id_of_the_sources_or_is_a_step_of_the_proof() =>
        Assert.Empty(Ledger.Default.Claims.Where(c => !s_all.Contains(c.Id) && c.SourceLetter != "L").Select(c => c.Id));

    [Fact]
    public void An_id_begins_with_the_letter_of_its_source() => Assert.All(Ledger.Default.Claims, c => Assert.Equal(c.SourceLetter, c.Id[..1]));

    [Fact]
    public void Every_evidence_function_is_the_evidence_of_a_claim()
    {
        HashSet<string> used = [.. Ledger.Default.Claims.Where(c => c.Evidence is not null).Select(c => EvidenceCall.Parse(c.Evidence!).Name)];
        Assert.Empty(EvidenceCall.Functions.Keys.Except(used));
    }

    [Theory]
    [MemberData(nameof(Evident))]
    public void Evidence_is_a_registered_call(string id) => Assert.NotNull(EvidenceCall.Parse(Ledger.Default[id].Evidence!).Name);

    /// <summary>The quick ones; those that construct flows are run by uf verify, in CI by .ci/run.</summary>
    [Theory]
    [MemberData(nameof(Evident))]
    public void Quick_evidence_gives_the_expected_verdict(string id)
    {
        Claim claim = Ledger.Default[id];
        EvidenceCall call = EvidenceCall.Parse(claim.Evidence!);
        if (call.IsSlow || call.Name.StartsWith("Constructions.", StringComparison.Ordinal)) return;
        Judgement judgement = Judgement.Of(claim, call.Run());
        Assert.True(judgement.IsExpected, $"{id} is {ClaimWords.Of(judgement.Verdict)}, its correction {judgement.Corrected}: {judgement.Finding}");
        Assert.EndsWith(".", claim.Statement, StringComparison.Ordinal);
        Assert.True(judgement.Finding!.Done.Length > 20, judgement.Finding.Done);
    }

    [Fact]
    public void Two_claims_of_one_id_an_unknown_parent_and_a_circle_are_refused()
    {
        Claim a = Ledger.Default["B15"] with { Id = "A1", DependsOn = [] }, b = a with { Id = "A2", DependsOn = ["A1"] };
        Assert.Contains("two claims", Assert.Throws<InputException>(() => new Ledger([a, a])).Message, StringComparison.Ordinal);
        Assert.Contains("no claim", Assert.Throws<InputException>(() => new Ledger([b])).Message, StringComparison.Ordinal);
        Assert.Contains("itself", Assert.Throws<InputException>(() => new Ledger([a with { DependsOn = ["A2"] }, b])).Message, StringComparison.Ordinal);
        Assert.Equal(["A1"], new Ledger([b, a]).Ancestors(b).Select(c => c.Id));
    }

    [Theory]
    [InlineData("\"tolerance\": 0", "\"tolerance\": -1", "tolerance")]
    [InlineData("\"tolerance\": 0,", "", "tolerance")]
    [InlineData("\"expect\": \"certified\"", "\"expect\": \"proved\"", "expected verdict")]
    [InlineData("\"expect\": \"certified\"", "\"expect\": \"refuted\"", "correction")]
    [InlineData("\"kind\": \"number\"", "\"kind\": \"no\"", "kind")]
    [InlineData("\"evidence\": \"Arithmetic.Power(1024, 3, 1073741824)\",", "", "reason")]
    [InlineData("\"title\"", "\"titel\"", "titel")]
    [InlineData("\"source\": \"B", "\"source\": \"C", "source")]
    public void A_claim_with_a_mistake_is_refused(string old, string with, string word)
    {
        const string Good = """
            { "id": "B15", "title": "t", "statement": "s.", "formula": "f", "source": "B §3.2", "kind": "number", "evidence": "Arithmetic.Power(1024, 3, 1073741824)", "tolerance": 0,
              "expect": "certified", "fidelity": "verbatim", "cannotShow": "n" }
            """;
        Assert.Equal("B15", Claim.Parse(Good, "x").Id);
        Assert.Contains(word, Assert.Throws<InputException>(() => Claim.Parse(Good.Replace(old, with, StringComparison.Ordinal), "x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Arithmetic.Power(1024, 3)", "3 arguments")]
    [InlineData("Arithmetic.Power(1024, x, 1)", "whole number")]
    [InlineData("Arithmetic.Powr(1024, 3, 1)", "Arithmetic.Power")]
    [InlineData("Arithmetic.Power", "Class.Method")]
    public void A_call_with_a_mistake_is_refused(string call, string word) =>
        Assert.Contains(word, Assert.Throws<InputException>(() => EvidenceCall.Parse(call)).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Ids(string letter, int first, int last) => Enumerable.Range(first, last - first + 1).Select(i => $"{letter}{i}");
}
