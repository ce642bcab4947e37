using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>uf measure --law: values that are known, verdicts and exit codes.</summary>
public sealed class MeasureLawTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    private JsonElement Measure(int code, params string[] words)
    {
        Outcome outcome = _shell.Uf(["measure", .. words, "--json"]);
        Assert.Equal(code, outcome.Code);
        return outcome.Json();
    }

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();

    [Fact]
    public void On_the_line_laws_are_compared_exactly()
    {
        // two points and Gaussians of width 0.1 around them: E|0.1 Z|
        JsonElement w1 = Measure(0, "--law", "two-points", "--against", "two-gaussians(1, 0.1)", "--metric", "w1", "--epsilon", "0.08");
        Assert.Equal(0.1 * Math.Sqrt(2 / Math.PI), Number(w1, "value"), 1e-9);
        Assert.Equal(("exact", "verified"), (w1.GetProperty("basis").GetString(), w1.GetProperty("verdict").GetString()));
        Assert.Equal("refuted", Measure(2, "--law", "two-points", "--against", "two-gaussians(1, 0.1)", "--metric", "ks", "--epsilon", "0.1").GetProperty("verdict").GetString());
        // weak convergence: TV sees none
        JsonElement tv = Measure(2, "--law-data", _shell.Write("two.csv", "x1\n-1\n1\n"), "--against", "two-gaussians(1, 0.1)", "--metric", "tv", "--epsilon", "0.99");
        Assert.Equal(1, Number(tv, "value"));
        Assert.Equal(1, Number(Measure(0, "--law", "point(0)", "--against", "point(3)", "--metric", "levy"), "value"), 1e-6);
        // a flow of the line: x ↦ 2x + 1 of N(0, 1) against N(0, 1): Bures' W1 is no closed form, Kolmogorov's is at the crossings; against itself nothing
        FlowFile.Save(new Composition(1, [new Linear([0.1], [0])]), _shell["narrow"]);
        Assert.Equal(0.1 * Math.Sqrt(2 / Math.PI), Number(Measure(0, "--law", "point(0)", "--flow", "@narrow", "--metric", "w1"), "value"), 1e-9);
    }

    [Fact]
    public void A_flow_of_the_plane_is_judged_with_bounds_and_baselines()
    {
        // the law line-in-plane and a flow that has it up to 0.001 in the second coordinate: the coupling verifies what samples can't
        FlowFile.Save(new Composition(2, [new Linear([1, 0, 0, 0.001], [0, 0])]), _shell["flat"]);
        string[] line = ["--law", "line-in-plane", "--flow", "@flat", "--n", "60", "--repeats", "3"];
        JsonElement good = Measure(0, [.. line, "--epsilon", "0.05"]);
        Assert.Equal("verified", good.GetProperty("verdict").GetString());
        Assert.Equal(0.001 * Math.Sqrt(2 / Math.PI), Number(good, "couplingMean"), 1e-5);
        Assert.True(Number(good, "upper") < Number(good, "value") && Number(good, "lower") == 0);
        Assert.InRange(Number(good, "baselineLaw"), 0.01, 0.5);
        // moved by 1.5 it is refuted; by less than samples of 60 can tell it is neither, and it says how many would
        FlowFile.Save(new Composition(2, [new Linear([1, 0, 0, 0.001], [0, 1.5])]), _shell["moved"]);
        Assert.Equal("refuted", Measure(2, "--law", "line-in-plane", "--flow", "@moved", "--n", "200", "--repeats", "6", "--epsilon", "0.3").GetProperty("verdict").GetString());
        JsonElement open = Measure(4, [.. line[..2], "--flow", "@moved", "--n", "60", "--repeats", "3", "--epsilon", "1.2"]);
        Assert.Equal("inconclusive", open.GetProperty("verdict").GetString());
        Assert.True(Number(open, "decidingN") > 60);
        // a trend is no verdict
        Assert.Equal("inconclusive", Measure(4, [.. line, "--metric", "sliced", "--epsilon", "10"]).GetProperty("verdict").GetString());
        // densities: the flow of N(0, diag(1, 0.5²)) against N(0, I) of the same family
        FlowFile.Save(new Composition(2, [new Linear([1, 0, 0.8, 0.6], [0.5, -0.5])]), _shell["gauss"]);
        Assert.Equal(0, Number(Measure(0, "--law", "gaussian", "--flow", "@gauss", "--metric", "kl", "--epsilon", "1e-6"), "value"), 1e-9);
        Assert.InRange(Number(Measure(0, "--law", "gaussian", "--flow", "@gauss", "--metric", "mmd", "--n", "300"), "value"), 0, 0.2);
        foreach (string metric in (string[])["w2", "energy"])
        {
            JsonElement found = Measure(0, "--law", "gaussian", "--flow", "@gauss", "--metric", metric, "--n", "100", "--repeats", "4");
            Assert.Equal("approximate", found.GetProperty("basis").GetString());
            Assert.Equal(0, Number(found, "lower"));
        }
    }

    [Fact]
    public void Files_of_points_are_compared_by_optimal_transport()
    {
        string a = _shell.Write("a.csv", "x1,x2\n0,0\n1,0\n"), b = _shell.Write("b.csv", "x1,x2\n0,3\n1,3\n"), c = _shell.Write("c.csv", "x1,x2\n0,0\n0,0\n0,3\n");
        Assert.Equal(3, Number(Measure(0, "--law-data", a, "--against-data", b, "--metric", "w1"), "value"), 1e-14);
        Assert.Equal(3, Number(Measure(0, "--law-data", a, "--against-data", b, "--metric", "w2"), "value"), 1e-14);
        Assert.Equal(2, Number(Measure(0, "--law-data", a, "--against-data", b), "value"), 1e-14);
        Assert.Equal(1, Number(Measure(0, "--law-data", a, "--against-data", b, "--metric", "prokhorov"), "value"), 1e-14);
        // (0,0), (1,0) against two thirds of (0,0) and a third of (0,3): 1/6 goes from (1,0) to (0,0), 1/3 from (1,0) to (0,3)
        Assert.Equal((1.0 / 6) + (Math.Sqrt(10) / 3), Number(Measure(0, "--law-data", a, "--against-data", c, "--metric", "w1"), "value"), 1e-14);
        JsonElement known = Measure(0, "--law-data", a, "--against-data", b, "--metric", "mmd", "--width", "1");
        double far = (Math.Exp(-4.5) + Math.Exp(-5)) / 2;
        Assert.Equal(Math.Sqrt(1 + Math.Exp(-0.5) - (2 * far)), Number(known, "value"), 1e-12);
    }

    [Fact]
    public void What_it_says_is_readable()
    {
        Outcome outcome = _shell.Uf("measure", "--law", "square", "--against", "disc", "--n", "50", "--repeats", "2", "--epsilon", "0.01");
        Assert.Equal(4, outcome.Code);
        foreach (string words in (string[])["bounded-Lipschitz", "baseline", "for every law", "inconclusive", "would decide"]) Assert.Contains(words, outcome.Out, StringComparison.Ordinal);
        Assert.Equal(outcome.Out, _shell.Uf("measure", "--law", "square", "--against", "disc", "--n", "50", "--repeats", "2", "--epsilon", "0.01", "--jobs", "1").Out);
    }
}
