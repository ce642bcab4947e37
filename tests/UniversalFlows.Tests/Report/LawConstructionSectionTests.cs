using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using Xunit;

namespace UniversalFlows.Tests.Report;

/// <summary>The section on constructed laws: every construction is in the table and the CSV, and a bound that was not met is counted as such.</summary>
public sealed class LawConstructionSectionTests
{
    private static LawConstructionResult Result(string law, int d, double epsilon, double bound) => new()
    {
        Hash = "h",
        CodeVersion = "v",
        Law = law,
        Dimension = d,
        Family = "sos",
        Epsilon = epsilon,
        Bound = bound,
        Mollification = 0.01,
        Quantisation = 0,
        Coupling = bound - 0.01,
        Quadrature = 0,
        Parameters = 10,
        Layers = 2,
        Shapes = ["1: degree 4, 1 curve"],
        Sampled = new(bound + 0.05, 0.01, 0.05, 0.01, 0, 600, 4),
        LawPoints = [.. new double[2 * d]],
        FlowPoints = [.. new double[2 * d]],
        Command = $"uf construct --law {law}",
    };

    [Fact]
    public void Every_construction_is_on_the_page()
    {
        LawConstructionResult[] results = [Result("circle", 2, 0.2, 0.1), Result("circle", 2, 0.1, 0.11), Result("two-points", 1, 0.1, 0.05)];
        Page page = new("test");
        LawConstructionSection.AddTo(page, results);
        string html = page.ToHtml("lead");
        Assert.Contains("2 of 3 constructions", html, StringComparison.Ordinal);
        Assert.Contains("law-bound-circle", html, StringComparison.Ordinal);
        Assert.DoesNotContain("law-bound-two-points", html, StringComparison.Ordinal); // one error makes no curve
        Assert.Contains("cloud-circle", html, StringComparison.Ordinal);
        Assert.Equal(4, LawConstructionSection.ToCsv(results).TrimEnd().Split('\n').Length);
        Assert.Equal(results[0].ToJson(), LawConstructionResult.FromJson(results[0].ToJson()).ToJson());
    }

    /// <summary>The whole quick grid is in reach of its errors: here its two cheapest tasks, run twice, to the same bytes.</summary>
    [Fact]
    public void A_task_writes_its_result_once()
    {
        string folder = Directory.CreateTempSubdirectory("uf-laws").FullName;
        try
        {
            LawConstructionTask task = LawConstructionTask.Grid().First(t => t.Label == "two-points sos 0.1");
            Assert.Null(task.StatusIn(folder));
            Assert.True(task.Compute(folder, CancellationToken.None));
            Assert.Equal(Cell.Finished, task.StatusIn(folder));
            string path = Directory.GetFiles(Path.Combine(folder, task.Study)).Single(), text = File.ReadAllText(path);
            LawConstructionResult result = LawConstructionResult.FromJson(text);
            Assert.InRange(result.Bound, 0, 0.1);
            Assert.True(task.Compute(folder, CancellationToken.None));
            Assert.Equal(text, File.ReadAllText(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
