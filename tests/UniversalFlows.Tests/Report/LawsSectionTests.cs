using UniversalFlows.Proofs.Studies;
using UniversalFlows.Testing;
using UniversalFlows.Testing.PlantedBugs;
using UniversalFlows.Tests.Commands;
using Xunit;

namespace UniversalFlows.Tests.Report;

/// <summary>The study laws-of-flows and its section of the page.</summary>
public sealed class LawsSectionTests
{
    private static LawsResult Result(IReadOnlyList<LawsEntry> matrix, IReadOnlyList<BugEntry> bugs) => new()
    {
        Hash = "h",
        CodeVersion = "c",
        LawsVersion = "l",
        Seed = 5,
        Command = "uf run laws-of-flows --seed 5",
        Matrix = matrix,
        Bugs = bugs,
        Constructions = 3,
        Accepted = [],
    };

    [Fact]
    public void The_page_has_the_matrix_and_the_bugs()
    {
        LawsResult result = Result(
            [new("rows", "R & S", "dsf", "kind a", 40, 0, null, null), new("rows", "R & S", "dsf", "kind b", 2, 0, null, null), new("forward-inverse", "F", "rqs", "kind c", 7, 2, "x = <1>", "uf battery --trial 9")],
            [new("rows", "batch mean", "broken kind a", true, "rows fails for broken kind a: x = (0.1234567890123)"), new("nan", "clip", "k", false, null)]);
        (string html, Dictionary<string, string> files) = ReportSamples.Write(ReportSamples.Data(ReportSamples.All()) with { FlowLaws = [result] });
        Assert.Contains("49 cases of 2 laws over 3 kinds of bijection in 2 families; 2 broke a law; seed 5.", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n\">42</td>", html, StringComparison.Ordinal);
        Assert.Contains("2 of 7 broken", html, StringComparison.Ordinal);
        Assert.Contains("x = &lt;1&gt; <code class=\"copy\">uf battery --trial 9</code>", html, StringComparison.Ordinal);
        Assert.Contains("1 of 2 planted bugs were caught by the law named; 3 of 3 constructions", html, StringComparison.Ordinal);
        Assert.Contains("x = (0.123…)", html, StringComparison.Ordinal);
        Assert.Contains(">escaped<", html, StringComparison.Ordinal);
        // the order of the laws is that of the list, whatever came first
        Assert.True(html.IndexOf("#law-forward-inverse", StringComparison.Ordinal) < html.IndexOf("#law-rows", StringComparison.Ordinal));
        Assert.Contains("forward-inverse,rqs,kind c,7,2,5,F,x = <1>,uf battery --trial 9\n", files["laws-of-flows.csv"], StringComparison.Ordinal);
        Assert.Contains("nan,clip,k,no,\n", files["planted-bugs.csv"], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_study_there_is_no_section()
    {
        (string html, Dictionary<string, string> files) = ReportSamples.Write(ReportSamples.Data(ReportSamples.All()));
        Assert.DoesNotContain("flow-laws", html, StringComparison.Ordinal);
        Assert.DoesNotContain("laws-of-flows.csv", files.Keys);
    }

    [Fact]
    public void A_result_survives_its_file()
    {
        LawsResult result = Result([new("rows", "s", "f", "k", 4, 1, "w", "r")], [new("l", "b", "k", true, "said")]);
        string text = result.ToJson();
        LawsResult again = LawsResult.FromJson(text);
        Assert.Equal(text, again.ToJson());
        Assert.False(again.Good);
        Assert.Throws<System.Text.Json.JsonException>(() => LawsResult.FromJson(text.Replace("\"schema\": 1", "\"schema\": 2", StringComparison.Ordinal)));
        Assert.Throws<System.Text.Json.JsonException>(() => LawsResult.FromJson("null"));
    }

    [Fact]
    public void The_study_is_computed_once_and_its_planted_bugs_are_all_caught()
    {
        using Shell shell = new();
        string[] run = ["run", "laws-of-flows", "--results", "@results", "--shard", $"1/{LawsTask.Grid(1, 2).Count()}", "--json"]; // the first task has the bugs
        Assert.Equal(1, shell.Uf(run).Json().GetProperty("computed").GetInt32());
        Outcome second = shell.Uf(run);
        Assert.Equal(0, second.Code);
        Assert.Equal(1, second.Json().GetProperty("reused").GetInt32());
        LawsResult result = LawsResult.FromJson(File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(shell["results"], "laws-of-flows")))));
        Assert.Equal(PlantedBug.All.Count, result.Bugs.Count);
        Assert.True(result.Bugs.Count >= 20);
        Assert.True(result.Good);
        // a bug that escapes is said so, and the exit code is that of a verdict other than expected
        string file = Directory.GetFiles(Path.Combine(shell["results"], "laws-of-flows")).Single();
        File.WriteAllText(file, (result with { Bugs = [.. result.Bugs.Select((b, i) => i == 0 ? b with { Caught = false } : b)] }).ToJson());
        Outcome broken = shell.Uf(run);
        Assert.Equal(2, broken.Code);
        Assert.Equal(1, broken.Json().GetProperty("broken").GetInt32());
        Assert.Equal(0, shell.Uf("report", "--results", "@results", "--out", "@page/index.html").Code);
        Assert.Contains(">escaped<", File.ReadAllText(shell["page/index.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_has_exactly_the_cases_asked_for_and_every_pair_once()
    {
        foreach (int total in (int[])[4000, 4001, 77777])
        {
            var plan = LawMatrix.Plan(FlowLaws.All, BijectionRegistry.All, total);
            Assert.Equal(total, plan.Sum(p => p.Cases));
            Assert.All(plan, p => Assert.True(p.Cases >= 1));
            Assert.Distinct(plan.Select(p => (p.Law.Name, p.Subject.Name)));
        }

        Assert.Throws<ArgumentException>(() => LawMatrix.Plan(FlowLaws.All, BijectionRegistry.All, 5));
        Assert.Throws<ArgumentException>(() => LawMatrix.Plan([FlowLaws.Named("monotone")], [BijectionRegistry.Named("permutation d = 2")], 5));
    }

    [Fact]
    public void A_broken_law_is_counted_and_its_case_runs_again()
    {
        PlantedBug bug = PlantedBug.All.First(b => b.Law == "rows");
        var plan = LawMatrix.Plan([FlowLaws.Named("rows")], [bug.Subject], 40);
        LawTally tally = Assert.Single(LawMatrix.Run(plan, seed: 1, threads: 2, cancellation: TestContext.Current.CancellationToken)!);
        Assert.Equal(40, tally.Cases);
        Assert.True(tally.Failures > 0);
        Assert.Equal(tally.First!.Wrong, tally.First.Case.Check());
        Assert.Contains($"--trial {tally.First.Case.Seed}", tally.First.Case.Replay, StringComparison.Ordinal);
    }

    [Fact]
    public void A_law_that_throws_is_broken() =>
        Assert.Contains("no number", new LawCase(new("throws", "s", _ => true, _ => throw new InvalidOperationException("no number")), BijectionRegistry.All[0], 1).Check(), StringComparison.Ordinal);
}
