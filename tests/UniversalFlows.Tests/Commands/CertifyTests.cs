using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>uf certify and uf check: bounds, files, exit codes.</summary>
public sealed class CertifyTests : IDisposable
{
    private readonly Shell _shell = new();

    public CertifyTests() => FlowFile.Save(new Architecture(FlowFamily.Acf, 2, 2, [6]).Initialise(1), _shell["flow"]);

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void A_certificate_is_written_and_proved_again()
    {
        string[] command = ["certify", "--flow", "@flow", "--target", "twist", "--domain", "box(-1,1)", "--gap", "5%", "--out", "@c.cert.json", "--json"];
        Outcome outcome = _shell.Uf(command);
        JsonElement json = outcome.Json();
        Assert.Equal(0, outcome.Code);
        (double lower, double upper) = (json.GetProperty("lower").GetDouble(), json.GetProperty("upper").GetDouble());
        Assert.InRange((upper - lower) / upper, 0, 0.05);
        double sampled = _shell.Uf("measure", "--flow", "@flow", "--target", "twist", "--domain", "box(-1,1)", "--json").Json().GetProperty("sup").GetDouble();
        Assert.InRange(sampled, lower, upper);

        Outcome check = _shell.Uf("check", "@c.cert.json", "--json");
        Assert.Equal((0, true, lower, upper), (check.Code, check.Json().GetProperty("proved").GetBoolean(), check.Json().GetProperty("lower").GetDouble(), check.Json().GetProperty("upper").GetDouble()));

        // the same again, on one thread
        byte[] bytes = File.ReadAllBytes(_shell["c.cert.json"]);
        _shell.Uf([.. command, "--jobs", "1"]);
        Assert.Equal(bytes, File.ReadAllBytes(_shell["c.cert.json"]));

        // an altered file: 2, with the reason; half a file: 5
        string text = File.ReadAllText(_shell["c.cert.json"]);
        _shell.Write("altered", text.Replace("\"twist\"", "\"banana\"", StringComparison.Ordinal));
        Outcome refused = _shell.Uf("check", "@altered");
        Assert.Equal(2, refused.Code);
        Assert.Contains("is refused: the digest is not that of the file", refused.Error, StringComparison.Ordinal);
        _shell.Write("half", text[..(text.Length / 2)]);
        _shell.Uf("check", "@half").IsBadInput("this is no certificate");
    }

    [Theory]
    [InlineData("acf", 0.05)]
    [InlineData("sos", 0.01)]
    public void A_constructed_flow_brings_its_proof(string family, double epsilon)
    {
        Outcome outcome = _shell.Uf("construct", "--target", "x + 0.1*sin(y); y + 0.1*x", "--domain", "box(-1,1)", "--family", family, "--epsilon", $"{epsilon}", "--certify", "--out", "@built", "--json");
        Assert.Equal(0, outcome.Code);
        JsonElement proof = outcome.Json().GetProperty("certificate");
        Assert.InRange(proof.GetProperty("upper").GetDouble(), proof.GetProperty("lower").GetDouble(), epsilon);
        Assert.Equal(0, _shell.Uf("check", "@built/flow.cert.json").Code);
    }

    [Fact]
    public void A_search_that_ends_early_has_code_four_and_still_writes_what_holds()
    {
        Outcome few = _shell.Uf("certify", "--flow", "@flow", "--target", "twist", "--max-boxes", "40", "--gap", "0.01%", "--out", "@c.cert.json");
        Assert.Equal(4, few.Code);
        Assert.Contains("the bounds hold all the same", few.Error, StringComparison.Ordinal);
        Assert.Equal(0, _shell.Uf("check", "@c.cert.json").Code);

        Outcome none = _shell.Uf("certify", "--flow", "@flow", "--target", "1/(x - 0.12345); y", "--domain", "box(-1,1)", "--max-boxes", "100", "--out", "@none.cert.json");
        Assert.Equal(4, none.Code);
        Assert.Contains("no certificate was written", none.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_shell["none.cert.json"]));
    }

    [Theory]
    [InlineData("l1")]
    [InlineData("l2")]
    [InlineData("c1")]
    public void Other_norms_are_bounded_from_both_sides(string norm)
    {
        string[] command = ["certify", "--flow", "@flow", "--target", "twist", "--domain", "box(-1,1)", "--gap", "5%", "--norm", norm];
        Outcome outcome = _shell.Uf([.. command, "--json"]);
        JsonElement json = outcome.Json();
        Assert.Equal((0, norm), (outcome.Code, json.GetProperty("norm").GetString()));
        (double lower, double upper) = (json.GetProperty("lower").GetDouble(), json.GetProperty("upper").GetDouble());
        Assert.InRange((upper - lower) / upper, 0, 0.05);
        double estimate = _shell.Uf("measure", "--flow", "@flow", "--target", "twist", "--domain", "box(-1,1)", "--json").Json().GetProperty(norm).GetDouble();
        Assert.InRange(estimate, lower * (1 - 1e-6), upper * (1 + 1e-6));
        Outcome text = _shell.Uf(command);
        Assert.Contains("the gap was reached", text.Out, StringComparison.Ordinal);
        Assert.Contains($"{upper:R}", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Lipschitz_constants_need_no_target()
    {
        Outcome outcome = _shell.Uf("certify", "--flow", "@flow", "--lipschitz", "--gap", "5%", "--json");
        Assert.Equal(0, outcome.Code);
        foreach (string name in (string[])["lipschitz", "inverse"])
        {
            JsonElement c = outcome.Json().GetProperty(name);
            (double lower, double upper) = (c.GetProperty("lower").GetDouble(), c.GetProperty("upper").GetDouble());
            Assert.InRange((upper - lower) / upper, 0, 0.05);
        }

        Outcome text = _shell.Uf("certify", "--flow", "@flow", "--lipschitz", "--gap", "5%");
        Assert.Contains("so |g(x) - g(y)| <= ", text.Out, StringComparison.Ordinal);
        Assert.Contains("where the segment from g(x) to g(y) is in g(K)", text.Out, StringComparison.Ordinal);
    }
}
