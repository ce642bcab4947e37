using UniversalFlows.Proofs.ExactControls;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Tests.Commands;
using Xunit;
using Exact = UniversalFlows.Proofs.ExactControls.Controls;

namespace UniversalFlows.Tests.Report;

/// <summary>The study controls and its section of the page.</summary>
public sealed class ControlsSectionTests
{
    private static readonly Lazy<ControlsResult[]> s_results = new(() =>
    [
        Result(0, Exact.N1(1)),
        Result(1, Exact.N9(3)),
        Result(2, Exact.N12(4)),
        Result(3, Exact.Whitening(2)),
    ]);

    private static ControlsResult Result(int order, ControlResult control) =>
        new() { Hash = $"h{order}", CodeVersion = "c", Version = 1, Command = "uf run controls --seed 1", Order = order, Control = control };

    private static string Page(IReadOnlyList<ControlsResult> results, out Page page)
    {
        page = new Page("test");
        ControlsSection.AddTo(page, results);
        return page.ToHtml("");
    }

    [Fact]
    public void The_page_has_the_exact_numbers_and_the_curves()
    {
        string html = Page(s_results.Value, out Page page);
        foreach (string text in (string[])["0.25000", "0.62500", "0.09922", "fails as it must", "as fast as it must", "all fail as they must"]) Assert.Contains(text, html, StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"bad\"", html, StringComparison.Ordinal);
        Assert.Equal(["controls-depth", "controls-two-points", "controls-factors", "controls-curves"], page.Figures.Select(f => f.Id));
        Assert.Equal(html, Page(s_results.Value, out _));
    }

    /// <summary>A training run below the bound, a witness that misses, two computations that disagree: the page says which.</summary>
    [Fact]
    public void What_is_wrong_is_said()
    {
        ControlResult good = s_results.Value[0].Control;
        foreach ((ControlQuantity q, string says) in (IEnumerable<(ControlQuantity, string)>)[
            (good.Quantities[0] with { Trained = 0.2 }, "trained below the bound"),
            (good.Quantities[0] with { WitnessUpper = 0.3 }, "the witness misses"),
            (good.Quantities[0] with { CrossCheck = 0.26 }, "two computations disagree"),
            (good.Quantities[0] with { Twin = 1 }, "the twin fails")])
        {
            ControlResult bad = good with { Quantities = [q] };
            Assert.False(bad.Holds);
            Assert.Contains(says, Page([Result(0, bad)], out _), StringComparison.Ordinal);
        }

        Assert.Contains("a point is off", Page([Result(0, good with { PointsHold = false })], out _), StringComparison.Ordinal);
    }

    [Fact]
    public void Results_survive_their_file()
    {
        foreach (ControlsResult r in s_results.Value)
        {
            ControlsResult back = ControlsResult.FromJson(r.ToJson());
            Assert.Equal(r.Control.Quantities, back.Control.Quantities);
            Assert.Equal(r.Control.Points, back.Control.Points);
            Assert.Equal(r.ToJson(), back.ToJson());
        }

        Assert.Throws<System.Text.Json.JsonException>(() => ControlsResult.FromJson("{}"));
        Assert.Throws<System.Text.Json.JsonException>(() => ControlsResult.FromJson(s_results.Value[0].ToJson().Replace("\"schema\": ", "\"schema\": 9", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_table_has_a_row_a_number()
    {
        string[] lines = ControlsSection.Csv(s_results.Value).TrimEnd('\n').Split('\n');
        Assert.Equal(1 + s_results.Value.Sum(r => r.Control.Quantities.Count + r.Control.Points.Count), lines.Length);
        Assert.All(lines, l => Assert.Equal(lines[0].Split(',').Length, Fields(l)));

        static int Fields(string line) => System.Text.RegularExpressions.Regex.Replace(line, "\"[^\"]*\"", "").Split(',').Length;
    }

    /// <summary>The study by the program: a shard of it is computed, kept, and reported together with nothing else.</summary>
    [Fact]
    public void The_study_runs_and_is_reported()
    {
        using Shell shell = new();
        Outcome run = shell.Uf("run", "controls", "--results", "@r", "--shard", "2/18");
        Assert.Equal(0, run.Code);
        Outcome again = shell.Uf("run", "controls", "--results", "@r", "--shard", "2/18", "--json");
        Assert.Equal(0, again.Json().GetProperty("computed").GetInt32());
        Outcome report = shell.Uf("report", "--results", "@r", "--out", "@page/index.html");
        Assert.True(report.Code == 0, report.Error);
        Assert.Contains("Controls", File.ReadAllText(shell["page/index.html"]), StringComparison.Ordinal);
        Assert.True(File.Exists(shell["page/controls.csv"]));
    }

    [Fact]
    public void Every_control_of_the_grid_has_its_own_name_and_place()
    {
        ControlsTask[] grid = [.. ControlsTask.Grid(1)];
        Assert.True(grid.Length > 30);
        Assert.Distinct(grid.Select(t => t.Hash));
        Assert.Distinct(grid.Select(t => t.Label));
        Assert.Equal(9, grid.Select(t => t.Label.Split(' ')[1]).Distinct().Count());
    }
}
