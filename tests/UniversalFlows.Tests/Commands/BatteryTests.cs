using UniversalFlows.Bijections;
using UniversalFlows.Tests.Pages;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>uf battery: somebody else's program, flow files, the registry.</summary>
public sealed class BatteryTests
{
    private static string Program(string bug = "") => $"sh '{Path.Combine(Repository.Root, "tests/UniversalFlows.Tests/Commands/affine-flow.sh")}'{(bug.Length > 0 ? $" {bug}" : "")}";

    [Fact]
    public void A_good_program_keeps_every_law()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sh and awk");
        using Shell shell = new();
        Outcome outcome = shell.Uf("battery", "--command", Program(), "--dim", "2", "--points", "20", "--far", "--json");
        Assert.Equal(0, outcome.Code);
        Dictionary<string, string> verdicts = outcome.Json().GetProperty("laws").EnumerateArray().ToDictionary(l => l.GetProperty("law").GetString()!, l => l.GetProperty("verdict").GetString()!);
        Assert.Equal("holds", verdicts["log-det-differences"]);
        Assert.Equal("skipped", verdicts["nan"]);
        Assert.True(verdicts.Values.Count(v => v == "holds") >= 10, string.Join(", ", verdicts));
    }

    [Theory]
    [InlineData("sign", "log-det-differences", "one-call")]
    [InlineData("batch", "rows", "domain")]
    public void A_wrong_program_is_told_which_law_it_breaks(string bug, string broken, string kept)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sh and awk");
        using Shell shell = new();
        Outcome outcome = shell.Uf("battery", "--command", Program(bug), "--dim", "2", "--points", "10", "--seed", "7", "--no-density");
        Assert.Equal(2, outcome.Code);
        Assert.Contains($"broken: {broken}: ", outcome.Out, StringComparison.Ordinal);
        Assert.DoesNotContain($"broken: {kept}: ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("seed 7; replay with: uf battery --command", outcome.Out, StringComparison.Ordinal);
        Assert.Contains($"--points 10 --seed 7 --reach 2 --no-density --law {broken}", outcome.Out, StringComparison.Ordinal);
        Outcome again = shell.Uf("battery", "--command", Program(bug), "--dim", "2", "--points", "10", "--seed", "7", "--no-density", "--law", broken);
        Assert.Equal(2, again.Code);
        string line = outcome.Out.Split('\n').SkipWhile(l => !l.StartsWith($"broken: {broken}: ", StringComparison.Ordinal)).ElementAt(1);
        Assert.Contains(line, again.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crash", "exit code 3", "out of luck")]
    [InlineData("rubbish", "header y1,y2,logdet", "hello")]
    [InlineData("columns", "3 numbers", "line 2")]
    [InlineData("rows", "lines of numbers for", "points")]
    [InlineData("hang", "no answer", "1 s")]
    public void A_program_that_gives_no_answer_gets_one_line(string bug, params string[] words)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sh and awk");
        using Shell shell = new();
        shell.Uf("battery", "--command", Program(bug), "--dim", "2", "--points", "3", "--patience", "1").IsBadInput(words);
    }

    [Fact]
    public void A_program_that_is_not_there_gets_one_line()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sh");
        using Shell shell = new();
        shell.Uf("battery", "--command", "/no/such/program", "--dim", "1").IsBadInput("/no/such/program", "127");
    }

    [Theory]
    [InlineData("--command needs --dim", "--command", "true")]
    [InlineData("one of --command", "--dim", "2")]
    [InlineData("did you mean rows?", "--command", "true", "--dim", "2", "--law", "row")]
    [InlineData("--points belongs", "--points", "2", "--stress")]
    [InlineData("double or single", "--command", "true", "--dim", "2", "--precision", "half")]
    [InlineData("exclude each other", "--command", "true", "--dim", "2", "--no-inverse", "--inverse-command", "x")]
    [InlineData("is empty", "--command", " ", "--dim", "2")]
    [InlineData("--dim belongs to --command", "--flow", "x", "--dim", "2")]
    [InlineData("above 0", "--command", "true", "--dim", "2", "--reach", "-1")]
    [InlineData("--trial needs", "--stress", "--trial", "3")]
    [InlineData("at least as many cases", "--stress", "--cases", "3")]
    [InlineData("no law is called", "--stress", "--law", "xyz")]
    public void Bad_arguments_get_one_line(string says, params string[] words)
    {
        using Shell shell = new();
        shell.Uf(["battery", .. words]).IsBadInput(says == "--points belongs" ? "--points has no meaning" : says);
    }

    [Fact]
    public void A_flow_file_keeps_every_law()
    {
        using Shell shell = new();
        shell.Flow("flow.flow.json", FlowFamily.Rqs, dimension: 2, depth: 2);
        Outcome outcome = shell.Uf("battery", "--flow", "@flow.flow.json", "--points", "20", "--far", "--nan");
        Assert.Equal(0, outcome.Code);
        Assert.DoesNotContain("broken", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Stress_prints_the_same_matrix_for_any_number_of_threads()
    {
        using Shell shell = new();
        string[] words = ["battery", "--stress", "--case", "rqs constant, d = 1", "--cases", "200", "--json"];
        Outcome one = shell.Uf([.. words, "--jobs", "1"]), two = shell.Uf([.. words, "--jobs", "2"]);
        Assert.Equal(0, one.Code);
        Assert.Equal(one.Out, two.Out);
        Assert.Equal(200, one.Json().GetProperty("matrix").EnumerateArray().Sum(e => e.GetProperty("cases").GetInt32()));
        Assert.Equal(0, shell.Uf("battery", "--stress", "--law", "rows", "--case", "rqs constant, d = 1", "--trial", "12345").Code);
    }
}
