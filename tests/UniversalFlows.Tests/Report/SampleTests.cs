using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Report;

/// <summary>The committed sample (reports/standard) and the README agree, and the program still computes what the sample says.</summary>
public sealed partial class SampleTests
{
    private const int Width = 10;

    private static readonly string Root = FindRoot(), Folder = Path.Combine(Root, "reports", "standard");

    private static readonly int[] Depths = [1, 2, 4, 8, 12, 16];

    [Fact]
    public void The_README_quotes_the_sample()
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        string block = Block();
        Assert.True(readme.Contains(block, StringComparison.Ordinal), $"README.md does not have the sample's numbers, which are\n{block}");
        // planted: one digit
        Assert.DoesNotContain(block.Replace("e-5", "e-6", StringComparison.Ordinal), readme, StringComparison.Ordinal);
    }

    /// <summary>Cells of the sample that are computed in a second, computed again: three digits, which is what people read.</summary>
    [Theory]
    [InlineData("sine", "acf", 2)]
    [InlineData("sine", "rqs", 1)]
    [InlineData("generic", "acf", 1)]
    public void The_program_still_computes_the_sample(string target, string family, int depth)
    {
        Dictionary<string, string> row = Rows("maps").First(r => r["target"] == target && r["family"] == family && r["depth"] == $"{depth}" && r["seed"] == "1" && r["method"] == MapSettings.Lm);
        MapTask task = MapGrid.ErrorAgainstDepth("standard", 1).First(t => t.Command == row["command"]);
        Cell cell = task.Run(TestContext.Current.CancellationToken).Cell;
        Assert.Equal(Number(row["sup"]), cell.Errors!.Sup, 1e-3 * cell.Errors.Sup);
        Assert.Equal(Number(row["refinedSup"]), cell.Refined!.Errors.Sup, 1e-3 * cell.Refined.Errors.Sup);
    }

    [Fact]
    public void The_sample_is_whole()
    {
        string[] commands = [.. Rows("maps").Select(r => r["command"])];
        Assert.Equal(MapGrid.ErrorAgainstDepth("standard", 1).Select(t => t.Command).Order(StringComparer.Ordinal), commands.Order(StringComparer.Ordinal));
        Assert.Contains("id=\"depth-card\"", File.ReadAllText(Path.Combine(Folder, "index.html")), StringComparison.Ordinal);
    }

    /// <summary>Outside its block of numbers and its commands the README has few numbers, and each of them has a source: the sample, or a computation.</summary>
    [Fact]
    public void Every_other_number_of_the_README_has_a_source()
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        string prose = Fences().Replace(readme, "");
        Dictionary<string, string> witness = Rows("constructions").Single(r => r["target"] == "twist" && r["family"] == "sos" && r["command"].Contains("--epsilon 1e-6", StringComparison.Ordinal));
        Target sine = TargetParser.Parse("sine");
        Obstruction line = Obstruction.Of(new Architecture(FlowFamily.Acf, 1, 4, [2]), sine, sine.DefaultDomain)!;
        string[] known = ["1e-6", Short(Number(witness["sup"]))];
        Assert.All(Scientific().Matches(prose).Select(m => m.Value), v => Assert.Contains(v, known));
        Assert.Contains($"of {known[1]} with {Words(int.Parse(witness["depth"], CultureInfo.InvariantCulture))} SoS layers", prose, StringComparison.Ordinal);
        Assert.Contains($"the best line has {line.Lower.ToString("0.00", CultureInfo.InvariantCulture)} ", prose, StringComparison.Ordinal);
        int runs = ((string[])["maps", "optimisers", "conditioners", "laws", "constructions", "construction-rates", "affine-constructions"]).Sum(s => Rows(s).Count);
        Assert.Contains($"{runs} runs", prose, StringComparison.Ordinal);
    }

    /// <summary>What docs/depth-study.md says of Gauss-Newton against Adam, counted again.</summary>
    [Fact]
    public void The_docs_quote_the_likelihoods()
    {
        double[] ratios =
        [
            .. Rows("laws").GroupBy(r => (r["target"], r["family"], r["depth"])).Select(g => Median(g, "ml-adam") / Median(g, "ml-gauss-newton")),
        ];
        string expected = string.Create(CultureInfo.InvariantCulture, $"smaller at {ratios.Count(q => q > 1)} of {ratios.Length} points (law, family, depth), up to {ratios.Max():0.0} times, at the others at most {1 / ratios.Min():0.0} times larger");
        Assert.Contains(expected, File.ReadAllText(Path.Combine(Root, "docs", "depth-study.md")), StringComparison.Ordinal);

        static double Median(IEnumerable<Dictionary<string, string>> rows, string method) =>
            Resampling.Median([.. rows.Where(r => r["method"] == method).Select(r => Number(r["kl"])).Select(v => double.IsNaN(v) ? double.PositiveInfinity : v)]);
    }

    [GeneratedRegex("```.*?```", RegexOptions.Singleline)]
    private static partial Regex Fences();

    [GeneratedRegex(@"(?<![\w.])\d+(\.\d+)?e[-+]?\d+")]
    private static partial Regex Scientific();

    private static string Words(int n) => n switch { 4 => "four", 6 => "six", 8 => "eight", 10 => "ten", _ => $"{n}" };

    /// <summary>What the README has to say.</summary>
    private static string Block()
    {
        StringBuilder text = new();
        List<Dictionary<string, string>> maps = Rows("maps"), optimisers = Rows("optimisers");
        text.Append("sup error on K, median of three seeds".PadRight(20)).Append('\n');
        text.Append("".PadRight(24)).AppendJoin("", Depths.Select(d => $"L={d}".PadRight(Width))).Append('\n');
        foreach (string target in (string[])["generic", "twist", "coupled-sines-3d"])
        {
            foreach (string family in (string[])["acf", "sos", "dsf", "rqs", "nice"])
            {
                string[] values = [.. Depths.Select(d => Sup(maps, target, family, d))];
                text.Append((family == "acf" ? target : "").PadRight(18)).Append(family.PadRight(6)).Append(string.Concat(values.Select(v => v.PadRight(Width))).TrimEnd()).Append('\n');
            }
        }

        text.Append("\nrmse, twist, acf 2x32: Levenberg-Marquardt (median of five seeds), Adam with at least the same time (best of six learning rates)\n");
        foreach (int depth in (int[])[4, 6, 8, 12])
        {
            Dictionary<string, string>[] at = [.. optimisers.Where(r => r["depth"] == $"{depth}")];
            double lm = Resampling.Median([.. at.Where(r => r["method"] == MapSettings.Lm).Select(r => Number(r["rmse"]))]);
            double adam = at.Where(r => r["method"] == MapSettings.Adam).Select(r => Number(r["rmse"])).Where(double.IsFinite).Min();
            text.Append($"L={depth}".PadRight(24)).Append(Short(lm).PadRight(Width)).Append(Short(adam).PadRight(Width)).Append((adam / lm).ToString("0.0", CultureInfo.InvariantCulture)).Append(" times\n");
        }

        return text.ToString();
    }

    private static string Sup(List<Dictionary<string, string>> maps, string target, string family, int depth)
    {
        double[] values = [.. maps.Where(r => r["target"] == target && r["family"] == family && r["depth"] == $"{depth}" && r["method"] == MapSettings.Lm).Select(r => Number(r["refinedSup"]))];
        return values.Length == 0 ? "-" : Short(Resampling.Median([.. values.Select(v => double.IsNaN(v) ? double.PositiveInfinity : v)]));
    }

    private static string Short(double v) => v.ToString("0.0e-0", CultureInfo.InvariantCulture);

    private static double Number(string text) => text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The rows of a CSV file of the sample, by their headings.</summary>
    private static List<Dictionary<string, string>> Rows(string name)
    {
        List<string[]> lines = Parse(File.ReadAllText(Path.Combine(Folder, $"{name}.csv")));
        return [.. lines.Skip(1).Select(l => lines[0].Zip(l).ToDictionary(p => p.First, p => p.Second))];
    }

    private static List<string[]> Parse(string text)
    {
        List<string[]> rows = [];
        List<string> row = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c != '"') field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"') field.Append(text[++i]);
                else quoted = false;
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(field.ToString());
                field.Clear();
                if (c == ',') continue;
                rows.Add([.. row]);
                row.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        return rows;
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "UniversalFlows.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests run outside the repository");
    }
}
