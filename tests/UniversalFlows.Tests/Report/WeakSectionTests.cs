using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using Xunit;

namespace UniversalFlows.Tests.Report;

/// <summary>The section on weak convergence tells constructed flows from trained ones, and a constructed row is what the compiler of laws wrote.</summary>
public sealed class WeakSectionTests
{
    private static WeakResult Result(params WeakRow[] rows) => new() { Hash = "h", CodeVersion = "v", Task = "t", Seed = 1, Command = "uf run weak-convergence", Rows = rows };

    private static string Page(params WeakRow[] rows)
    {
        Page page = new("test");
        WeakSection.AddTo(page, [Result(rows)]);
        return page.ToHtml("lead");
    }

    [Fact]
    public void Constructed_flows_stand_apart_from_trained_ones()
    {
        WeakRow trained = new(WeakResult.Depth, "acf, likelihood", "moons", 4, "bl", 0.3, Baseline: 0.2);
        WeakRow coarse = new(WeakResult.Constructed, "sos", "moons", 4, "bl", 0.25, Baseline: 0.2, Bound: 0.08, Epsilon: 0.1, Parameters: 424), fine = coarse with { Y = 0.21, Bound = 0.03, Epsilon = 0.05, Parameters = 1152 };
        string both = Page(trained, fine, coarse), alone = Page(trained);
        Assert.Contains("1 trained flow, all with the same number of steps, and 2 constructed flows", both, StringComparison.Ordinal);
        Assert.Contains("Constructed: 4 layers; parameters 424 → 1152; bound of β", both, StringComparison.Ordinal); // coarse to fine
        foreach (string text in (string[])["\"symbol\":\"star\"", "weak-depth-sos", "constructed, computed bound"])
        {
            Assert.Contains(text, both, StringComparison.Ordinal);
            Assert.DoesNotContain(text, alone, StringComparison.Ordinal);
        }

        string[] lines = WeakSection.RowsCsv([Result(trained, coarse)]).TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.All(lines, l => Assert.Equal(lines[0].Split(',').Length, l.Replace("\"acf, likelihood\"", "", StringComparison.Ordinal).Split(',').Length));
    }

    /// <summary>A flow of infinite slope: the study goes on, the row is kept, and no picture has it.</summary>
    [Fact]
    public void Numbers_that_are_not_finite_are_kept_as_null()
    {
        WeakRow steep = new(WeakResult.Topology, "annulus", "annulus", double.PositiveInfinity, "bl", 0.3, Upper: double.NaN);
        string json = Result(steep).ToJson();
        WeakRow read = WeakResult.FromJson(json).Rows.Single();
        Assert.True(double.IsNaN(read.X) && read.Y == 0.3 && read.Upper is null or double.NaN);
        Assert.Contains("\"x\": null", json, StringComparison.Ordinal);
        // the card has both pictures or none
        WeakRow line = new(WeakResult.Lipschitz, "trained", "two-points", 2, "w1", 0.3);
        Assert.Contains("weak-topology", Page(line, steep with { X = 5, Upper = null }), StringComparison.Ordinal);
        Assert.DoesNotContain("weak-topology", Page(line, steep), StringComparison.Ordinal);
    }

    /// <summary>The coarse task of the quick grid: the bound is met, and samples agree with it.</summary>
    [Fact]
    public void A_constructed_row_keeps_its_bound()
    {
        string folder = Directory.CreateTempSubdirectory("uf-weak").FullName;
        try
        {
            WeakTask task = WeakGrid.Tasks("quick", 1).First(t => t.Label.StartsWith("moons constructed", StringComparison.Ordinal));
            Assert.True(task.Compute(folder, CancellationToken.None));
            WeakRow row = WeakResult.FromJson(File.ReadAllText(Directory.GetFiles(Path.Combine(folder, task.Study)).Single())).Rows.Single();
            Assert.Equal(WeakResult.Constructed, row.Panel);
            Assert.InRange(row.Bound!.Value, 0, row.Epsilon!.Value);
            Assert.InRange(row.Y, 0, row.Bound!.Value + row.Baseline!.Value);
            Assert.True(row.Parameters > 0 && row.X >= 3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
