using System.Text.Json;
using System.Xml.Linq;
using UniversalFlows.Proofs.Claims;
using UniversalFlows.Tests.Commands;
using Xunit;

namespace UniversalFlows.Tests.Claims;

/// <summary>uf verify.</summary>
public sealed class VerifyTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Evidence_is_kept_and_a_second_run_changes_nothing()
    {
        Outcome first = _shell.Uf("verify", "B15", "b1", "--results", "@results");
        Assert.Equal((0, ""), (first.Code, first.Error));
        byte[] kept = File.ReadAllBytes(Path.Combine(_shell["results"], "claims", "B1.json"));
        Outcome second = _shell.Uf("verify", "B15", "B1", "--results", "@results", "--cached"), third = _shell.Uf("verify", "B15", "B1", "--results", "@results", "--again", "--jobs", "1");
        Assert.Equal((0, first.Out), (second.Code, second.Out));
        Assert.Equal((0, first.Out), (third.Code, third.Out));
        Assert.Equal(kept, File.ReadAllBytes(Path.Combine(_shell["results"], "claims", "B1.json")));
    }

    [Fact]
    public void Json_has_exactly_these_members()
    {
        JsonElement json = _shell.Uf("verify", "B1", "--results", "@results", "--json").Json();
        Assert.Equal(["schema", "claims"], json.EnumerateObject().Select(p => p.Name));
        JsonElement claim = Assert.Single(json.GetProperty("claims").EnumerateArray());
        Assert.Equal(["id", "verdict", "fidelity", "value", "lower", "upper", "tolerance", "command"], claim.EnumerateObject().Select(p => p.Name));
        Assert.Equal("refuted", claim.GetProperty("verdict").GetString());
        Assert.InRange(claim.GetProperty("value").GetDouble(), claim.GetProperty("lower").GetDouble(), claim.GetProperty("upper").GetDouble());
    }

    [Fact]
    public void Without_evidence_a_claim_is_stale()
    {
        Outcome cached = _shell.Uf("verify", "B1", "--cached", "--results", "@none", "--json");
        Assert.Equal(6, cached.Code);
        Assert.Equal("stale", cached.Json().GetProperty("claims")[0].GetProperty("verdict").GetString());
        Assert.False(Directory.Exists(_shell["none"]));
    }

    [Theory]
    [InlineData("\"value\": 0,", "\"value\": 1,", "was changed")]
    [InlineData("\"codeVersion\": \"", "\"codeVersion\": \"0", "was changed")]
    [InlineData("{", "", "not a file of evidence")]
    [InlineData("\"claim\": \"B15\"", "\"claim\": \"B1\"", "another claim")]
    public void Evidence_changed_by_hand_is_stale_and_is_computed_again(string old, string with, string why)
    {
        string path = Kept("B15", out string text);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + with + text[(at + old.Length)..]);
        Outcome cached = _shell.Uf("verify", "--why", "B15", "--cached", "--results", "@results");
        Assert.Equal(6, cached.Code);
        Assert.Contains(why, cached.Out, StringComparison.Ordinal);
        Assert.Equal(0, _shell.Uf("verify", "B15", "--results", "@results").Code);
        Assert.Equal(text, File.ReadAllText(path));
    }

    [Fact]
    public void A_claim_that_changed_is_stale()
    {
        Kept("B15", out _);
        Claim claim = Ledger.Default["B15"], changed = Claim.Parse(Text(claim, "1073741824"), "x"), same = Claim.Parse(Text(claim, "1073741825"), "x");
        Assert.NotEqual(changed.Hash, same.Hash);
        (EvidenceFile? file, string stale) = EvidenceFile.Read(_shell["results"], changed);
        Assert.Null(file);
        Assert.Contains("the claim changed", stale, StringComparison.Ordinal);

        static string Text(Claim c, string number) => $$"""
            { "id": "B15", "title": "t", "statement": "s.", "formula": "f", "source": "B", "kind": "number", "evidence": "Arithmetic.Power(1024, 3, {{number}})", "tolerance": 0, "expect": "{{c.Expect}}",
              "fidelity": "verbatim", "cannotShow": "n" }
            """;
    }

    [Fact]
    public void A_verdict_other_than_expected_ends_with_2()
    {
        Claim wrong = Ledger.Default["B15"] with { Evidence = "Arithmetic.Power(1024, 3, 1073741825)" };
        Judgement judgement = Verification.Run([wrong], _shell["results"], again: false, jobs: 1, cancellation: TestContext.Current.CancellationToken)[0];
        Assert.Equal((Verdict.Refuted, false), (judgement.Verdict, judgement.IsExpected));
    }

    [Fact]
    public void JUnit_counts_and_names()
    {
        Assert.Equal(0, _shell.Uf("verify", "B15", "B1", "--results", "@results", "--junit", "@j.xml").Code);
        XElement suite = XDocument.Load(_shell["j.xml"]).Root!;
        Assert.Equal(("2", "0"), ((string?)suite.Attribute("tests"), (string?)suite.Attribute("failures")));
        Assert.Equal(2, suite.Elements("testcase").Count());
        Assert.Equal(6, _shell.Uf("verify", "B17", "--cached", "--results", "@results", "--junit", "@k.xml").Code);
        Assert.Contains("stale", (string?)XDocument.Load(_shell["k.xml"]).Root!.Element("testcase")!.Element("failure")!.Attribute("message"), StringComparison.Ordinal);
    }

    [Fact]
    public void Why_and_tree()
    {
        Outcome why = _shell.Uf("verify", "--why", "B33", "--results", "@results");
        foreach (string word in (string[])["statement", "formula", "source", "evidence", "defect", "cannot show", "correct is", "command", "uf verify B33"]) Assert.Contains(word, why.Out, StringComparison.Ordinal);
        Outcome tree = _shell.Uf("verify", "B33", "B34", "--tree", "--results", "@results");
        Assert.Contains("└─ B33", tree.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Filters_select_and_an_empty_selection_ends_with_8()
    {
        JsonElement list = _shell.Uf("verify", "--source", "b", "--kind", "number", "--verdict", "refuted", "--profile", "ci", "--results", "@results", "--json").Json().GetProperty("claims");
        Assert.Contains("B1", list.EnumerateArray().Select(c => c.GetProperty("id").GetString()));
        Assert.DoesNotContain("B15", list.EnumerateArray().Select(c => c.GetProperty("id").GetString()));
        Assert.Equal(8, _shell.Uf("verify", "B1", "--source", "A", "--results", "@results").Code);
    }

    [Fact]
    public void Findings_do_not_depend_on_the_number_of_threads()
    {
        string[] ids = ["A2", "B14", "B27", "N13"];
        _shell.Uf(["verify", .. ids, "--results", "@one", "--jobs", "1"]);
        _shell.Uf(["verify", .. ids, "--results", "@two", "--jobs", "2"]);
        foreach (string id in ids) Assert.Equal(File.ReadAllBytes(Path.Combine(_shell["one"], "claims", $"{id}.json")), File.ReadAllBytes(Path.Combine(_shell["two"], "claims", $"{id}.json")));
    }

    private string Kept(string id, out string text)
    {
        Assert.Equal(0, _shell.Uf("verify", id, "--results", "@results").Code);
        string path = Path.Combine(_shell["results"], "claims", $"{id}.json");
        text = File.ReadAllText(path);
        return path;
    }
}
