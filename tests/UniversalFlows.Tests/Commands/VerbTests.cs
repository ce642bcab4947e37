using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Proofs.Commands;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>The other verbs.</summary>
public sealed class VerbTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("report")]
    [InlineData("fit")]
    [InlineData("eval")]
    [InlineData("sample")]
    [InlineData("show")]
    [InlineData("measure")]
    [InlineData("certify")]
    [InlineData("check")]
    [InlineData("verify")]
    [InlineData("list")]
    [InlineData("doctor")]
    public void Help_explains_every_option_and_ends_with_an_example(string verb)
    {
        Outcome help = _shell.Uf(verb, "--help");
        Assert.Equal((0, ""), (help.Code, help.Error));
        Assert.Contains($"Example:\n  uf {verb}", help.Out, StringComparison.Ordinal);
        Assert.Contains("--json", help.Out, StringComparison.Ordinal);
        foreach (string line in help.Out.Split('\n').Where(l => l.StartsWith("  --", StringComparison.Ordinal)))
            Assert.Matches("^  --[a-z-]+( <[^>]+>)?( \\(REQUIRED\\))?  +[A-Za-z0-9]", line);
    }

    [Fact]
    public void Help_and_version_of_the_program()
    {
        Outcome help = _shell.Uf("--help"), version = _shell.Uf("--version");
        Assert.Equal((0, 0), (help.Code, version.Code));
        Assert.Contains("doctor", help.Out, StringComparison.Ordinal);
        Assert.Matches("^uf \\d+\\.\\d+\\.\\d+\n$", version.Out);
    }

    [Fact]
    public void Show_groups_layers_by_kind()
    {
        Composition flow = new Architecture(FlowFamily.Sos, 2, 1500, [4]).Initialise(1);
        FlowFile.Save(new Composition(2, [new Linear([0, 2, 1, 0], [0, 0]), .. flow.Parts]), _shell["flow"]);
        Outcome text = _shell.Uf("show", "@flow");
        Assert.True(text.Out.Split('\n').Length < 8, text.Out);
        Assert.Contains("1501 layers", text.Out, StringComparison.Ordinal);
        JsonElement json = _shell.Uf("show", "@flow", "--json").Json();
        Assert.Equal("forward", json.GetProperty("closedForm").GetString());
        Assert.Equal(flow.Parameters.Sum(p => p.Count), json.GetProperty("parameters").GetInt32());
        Assert.Equal(flow.Parameters.Max(p => p.All.ToArray().Max(Math.Abs)), json.GetProperty("kinds").EnumerateArray().Last().GetProperty("largest").GetDouble());
        Assert.Equal([1, 1500], json.GetProperty("kinds").EnumerateArray().Select(k => k.GetProperty("layers").GetInt32()));

        FlowFile.Save(new Composition(2, [new Inversion(flow)]), _shell["inverse"]);
        Assert.Equal("inverse", _shell.Uf("show", "@inverse", "--json").Json().GetProperty("closedForm").GetString());
    }

    [Fact]
    public void Measure_agrees_with_the_errors_of_a_shift()
    {
        _shell.Shift("flow", 0.3, -0.4);
        string[] command = ["measure", "--flow", "@flow", "--target", "x; y", "--domain", "box(-1,1; 0,4)"];
        JsonElement json = _shell.Uf([.. command, "--json"]).Json();
        // |f − g| = 1/2 on a set of volume 8
        Assert.Equal(0.5, json.GetProperty("sup").GetDouble(), 1e-14);
        Assert.Equal(4, json.GetProperty("l1").GetDouble(), 1e-12);
        Assert.Equal(Math.Sqrt(2), json.GetProperty("l2").GetDouble(), 1e-12);
        Assert.Equal(0.5, json.GetProperty("rmse").GetDouble(), 1e-12);
        Assert.Equal(0, json.GetProperty("c1").GetDouble(), 1e-14);
        Outcome text = _shell.Uf(command);
        Assert.Equal(0, text.Code);
        Assert.Contains("sup   0.5", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void List_names_everything_there_is()
    {
        JsonElement json = _shell.Uf("list", "--json").Json();
        Assert.Equal(Zoo.All.Select(t => t.Name), json.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        Assert.Equal(UniversalFlows.Distributions.Laws.All.Select(l => l.Name), json.GetProperty("laws").EnumerateArray().Select(l => l.GetProperty("name").GetString()));
        Assert.Equal(Enum.GetValues<FlowFamily>().Select(Names.Of), json.GetProperty("flows").EnumerateArray().Select(f => f.GetProperty("name").GetString()));
        Assert.Equal(Zoo.All.Select(t => t.DefaultDomain.ToString()), json.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("domain").GetString()));
        string[] lines = _shell.Uf("list", "targets").Out.TrimEnd().Split('\n');
        Assert.Equal(Zoo.All.Count + 1, lines.Length);
        Assert.Contains(lines, l => l.StartsWith("henon(a=1.4, b=0.3)", StringComparison.Ordinal) && l.EndsWith(" (1 + y - 1.4 x^2, 0.3 x)", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Contains("twist(omega=1.5708)", StringComparison.Ordinal));
    }

    /// <summary>What sample writes --law-data reads, and the fit to a law without a density has an NLL and no KL.</summary>
    [Fact]
    public void Sampled_points_are_a_law_again()
    {
        Assert.Equal(0, _shell.Uf("sample", "--law", "circle", "--count", "64", "--out", "@points.csv").Code);
        Assert.Equal(65, File.ReadAllLines(_shell["points.csv"]).Length);
        JsonElement again = _shell.Uf("sample", "--law-data", "@points.csv", "--count", "3", "--json").Json();
        foreach (JsonElement point in again.GetProperty("points").EnumerateArray())
            Assert.Equal(1, point.GetProperty("x").EnumerateArray().Sum(v => v.GetDouble() * v.GetDouble()), 1e-12);
        Outcome fit = _shell.Uf("fit", "--law-data", "@points.csv", "--family", "rqs", "--depth", "1", "--hidden", "4", "--steps", "20", "--out", "@fit");
        Assert.Equal(0, fit.Code);
        Assert.Contains("no density", fit.Out, StringComparison.Ordinal);
        JsonElement likelihood = JsonDocument.Parse(File.ReadAllText(_shell["fit/fit.json"])).RootElement.GetProperty("likelihood");
        Assert.Equal(JsonValueKind.Null, likelihood.GetProperty("kl").ValueKind);
        Assert.True(double.IsFinite(likelihood.GetProperty("nll").GetDouble()));
    }

    [Fact]
    public void Doctor_finds_the_expected_bits()
    {
        Outcome doctor = _shell.Uf("doctor", "--json");
        Assert.True(doctor.Code == 0, $"after a deliberate change of the numeric code, update SelfCheck: {doctor.Out}");
        Assert.Equal(CodeVersion.Hash, doctor.Json().GetProperty("codeVersion").GetString());
        Assert.Equal(SelfCheck.Fits(1), SelfCheck.Fits(3));
    }

    [Fact]
    public void Fit_writes_a_flow_with_the_errors_that_measure_finds()
    {
        string[] fit = ["fit", "--target", "sine", "--family", "rqs", "--depth", "1", "--steps", "20", "--points", "64", "--out"];
        JsonElement json = _shell.Uf([.. fit, "@a", "--json"]).Json();
        Assert.Equal("finished", json.GetProperty("status").GetString());
        double sup = json.GetProperty("errors").GetProperty("sup").GetDouble();
        Assert.InRange(sup, 0, 0.05);
        Assert.Equal(sup, _shell.Uf("measure", "--flow", "@a/flow.flow.json", "--target", "sine", "--json").Json().GetProperty("sup").GetDouble());
        Assert.Equal(["fit.json", "flow.flow.json"], Directory.GetFiles(_shell["a"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        Directory.CreateDirectory(_shell["b"]);
        Outcome again = _shell.Uf([.. fit, "@b", "--jobs", "2"]);
        Assert.Equal(0, again.Code);
        Assert.Contains("rmse", again.Out, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(_shell["a/fit.json"]), File.ReadAllText(_shell["b/fit.json"]));
        Assert.Equal(File.ReadAllText(_shell["a/flow.flow.json"]), File.ReadAllText(_shell["b/flow.flow.json"]));
        _shell.Uf([.. fit, "@a"]).IsBadInput("not empty");
    }

    [Fact]
    public void Fit_takes_a_law()
    {
        Outcome fit = _shell.Uf("fit", "--law", "moons", "--family", "acf", "--depth", "2", "--hidden", "none", "--steps", "3", "--points", "64", "--out", "@law", "--json");
        Assert.Equal(0, fit.Code);
        Assert.True(fit.Json().GetProperty("likelihood").GetProperty("kl").GetDouble() > 0);
        Assert.Equal("both", _shell.Uf("show", "@law/flow.flow.json", "--json").Json().GetProperty("closedForm").GetString());
    }

    [Fact]
    public void A_fit_out_of_time_is_marked_and_an_interrupted_one_leaves_nothing()
    {
        string[] fit = ["fit", "--target", "twist", "--family", "dsf", "--depth", "2", "--hidden", "8", "--steps", "100000", "--points", "64", "--out"];
        Outcome cut = _shell.Uf([.. fit, "@cut", "--max-time", "0.2s"]);
        Assert.Equal(4, cut.Code);
        Assert.Equal("cut", JsonDocument.Parse(File.ReadAllText(_shell["cut/fit.json"])).RootElement.GetProperty("status").GetString());
        _shell.Interrupted = true;
        _shell.Uf([.. fit, "@new"]).IsOneLine(3, "interrupted");
        Assert.False(Directory.Exists(_shell["new"]));
    }

    [Fact]
    public void Run_goes_on_where_it_stopped_and_report_shows_it()
    {
        // a shard of one cell
        int cells = Profiles.Tasks("maps", "quick", 1).Count;
        string[] run = ["run", "maps", "--shard", $"1/{cells}", "--results", "@results"];
        Directory.CreateDirectory(_shell["results"]);
        _shell.Uf("report", "--results", "@results", "--out", "@report.html").IsOneLine(8, "there are no results");
        _shell.Interrupted = true;
        _shell.Uf(run).IsOneLine(3, "interrupted, 0 of 1 cells done; the same command goes on");
        _shell.Interrupted = false;
        Assert.Equal(1, _shell.Uf([.. run, "--json"]).Json().GetProperty("computed").GetInt32());
        string result = Directory.GetFiles(_shell["results/maps"]).Single(p => !p.Contains(".flow.", StringComparison.Ordinal) && !p.Contains(".timing.", StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(result);
        JsonElement again = _shell.Uf([.. run, "--json"]).Json();
        Assert.Equal((0, 1), (again.GetProperty("computed").GetInt32(), again.GetProperty("reused").GetInt32()));
        Assert.Equal(bytes, File.ReadAllBytes(result));

        Outcome report = _shell.Uf("report", "--results", "@results", "--out", "@pages/report.html");
        Assert.Equal((0, _shell["pages/report.html"] + "\n"), (report.Code, report.Out));
        Assert.True(File.Exists(_shell["pages/report.html"]));
        Assert.Equal(1, _shell.Uf("report", "--results", "@results", "--out", "@pages/report.html", "--json").Json().GetProperty("cells").GetInt32());

        File.WriteAllText(result, File.ReadAllText(result).Replace(CodeVersion.Hash, "older", StringComparison.Ordinal));
        _shell.Uf("report", "--results", "@results", "--out", "@pages/stale.html").IsOneLine(6, "another version");
        File.WriteAllText(result, "{");
        _shell.Uf("report", "--results", "@results", "--out", "@pages/bad.html").IsBadInput(Path.GetFileName(result));
    }
}
