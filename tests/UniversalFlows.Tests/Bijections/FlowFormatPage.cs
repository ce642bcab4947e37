using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Tests.Oracles;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>docs/flow-format.md is executed: its example files, and the values printed below them.</summary>
public sealed partial class FlowFormatPage
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/flow-format.md"));

    private sealed record Example(string Json, List<(double[] X, string[] Y, string LogDet)> Rows);

    [Fact]
    public void Examples_have_the_printed_values()
    {
        List<Example> examples = Examples();
        Assert.True(examples.Count >= 3);
        foreach (Example example in examples)
        {
            Assert.True(example.Rows.Count >= 3);
            Composition flow = FlowFile.Parse(Encoding.UTF8.GetBytes(example.Json));
            foreach ((double[] x, string[] y, string logDet) in example.Rows)
            {
                Real[] v = [.. x.Select(c => new Real(c))];
                double ld = flow.Forward<Real>(v).Value;
                string found = $"at ({string.Join(", ", x)}) the flow gives ({string.Join(", ", v.Select(c => c.Value.ToString("F12", CultureInfo.InvariantCulture)))}), log-det {ld:F12}";
                for (int i = 0; i < x.Length; i++) Assert.True(Agrees(y[i], v[i].Value), found);
                Assert.True(Agrees(logDet, ld), found);
                Reference(example.Json, x, v, ld);

                InverseStatus status = default;
                double inverse = flow.Inverse<Real>(v, ref status).Value;
                Assert.Equal(InverseStatus.Converged, status);
                Assert.Equal(-ld, inverse, 1e-11);
                for (int i = 0; i < x.Length; i++) Assert.Equal(x[i], v[i].Value, 1e-11);
            }
        }
    }

    /// <summary>Each message of the table of errors is one that the reader can write: its words occur in the reader's sources.</summary>
    [Fact]
    public void Every_name_of_the_reader_is_on_the_page()
    {
        string sources = string.Concat(
            Directory.GetFiles(Path.Combine(Path.GetDirectoryName(Here())!, "../../../src/UniversalFlows/Bijections/Files"), "Flow*.cs").Select(File.ReadAllText));
        string[] names = [.. Only().Matches(sources).SelectMany(m => Quoted().Matches(m.Value)).Select(m => m.Groups[1].Value).Distinct()];
        Assert.True(names.Length > 40);
        foreach (string name in names) Assert.Contains(name, s_page, StringComparison.Ordinal);
    }

    /// <summary>A printed number agrees if it is the value rounded to its digits.</summary>
    private static bool Agrees(string printed, double value)
    {
        int point = printed.IndexOf('.', StringComparison.Ordinal), digits = point < 0 ? 0 : printed.Length - point - 1;
        Assert.True(digits is 0 or >= 10, $"print ten digits, not {printed}");
        double unit = Math.Pow(10, -digits);
        return Math.Abs(double.Parse(printed, CultureInfo.InvariantCulture) - value) <= (digits == 0 ? 1e-13 : (0.5 * unit) + 1e-13);
    }

    /// <summary>The same file in 77 digits; an inverse layer at the top is checked backwards.</summary>
    private static void Reference(string json, double[] x, Real[] y, double logDet)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement first = document.RootElement.GetProperty("layers")[0];
        bool inverse = first.GetProperty("type").GetString() == "inverse";
        BigReal[] from = [.. inverse ? y.Select(c => (BigReal)c.Value) : x.Select(c => (BigReal)c)];
        double[] to = inverse ? x : [.. y.Select(c => c.Value)];
        BigReal exact = ReferenceFlow.Forward(inverse ? first.GetProperty("layer") : document.RootElement, from);
        for (int i = 0; i < to.Length; i++) Assert.Equal(from[i].ToDouble(), to[i], 1e-12 * (1 + Math.Abs(to[i])));
        Assert.Equal(exact.ToDouble(), inverse ? -logDet : logDet, 1e-11);
    }

    /// <summary>Each ```json block with the table that follows it.</summary>
    private static List<Example> Examples()
    {
        List<Example> examples = [];
        foreach (Match block in JsonBlock().Matches(s_page))
        {
            List<(double[], string[], string)> rows = [];
            int end = s_page.IndexOf("```", block.Index + block.Length, StringComparison.Ordinal);
            foreach (Match row in Row().Matches(s_page[(block.Index + block.Length)..(end < 0 ? s_page.Length : end)]))
            {
                double[] x = [.. row.Groups[1].Value.Split(", ").Select(c => double.Parse(c, CultureInfo.InvariantCulture))];
                rows.Add((x, row.Groups[2].Value.Split(", "), row.Groups[3].Value));
            }

            examples.Add(new(block.Groups[1].Value, rows));
        }

        return examples;
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"^\| \(([^)]*)\) \| \(([^)]*)\) \| (\S+) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\.(Only|Word)\([^;]*?\)")]
    private static partial Regex Only();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Quoted();
}
