using System.Text.Json;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Tests.Commands;
using Xunit;

namespace UniversalFlows.Tests.Robustness;

/// <summary>A repeated run computes exactly what is damaged or missing, and its files have the bytes they had.</summary>
public sealed class ResumeTests : IDisposable
{
    private readonly Shell _shell = new();
    private readonly string[] _run;

    public ResumeTests()
    {
        _run = ["run", "maps", "--shard", $"1/{Profiles.Tasks("maps", "quick", 1).Count}", "--results", "@results", "--json"];
        Assert.Equal((1, 0), Run());
    }

    public void Dispose() => _shell.Dispose();

    [Theory]
    [InlineData(".flow.json", "missing")]
    [InlineData(".flow.json", "empty")]
    [InlineData(".flow.json", "cut")]
    [InlineData(".flow.json", "foreign")]
    [InlineData(".json", "missing")]
    [InlineData(".json", "empty")]
    [InlineData(".json", "cut")]
    [InlineData(".json", "null")]
    [InlineData(".json", "older")]
    [InlineData(".json", "renamed")]
    public void A_damaged_file_is_computed_again(string ending, string damage)
    {
        string path = Files().Single(p => p.EndsWith(ending, StringComparison.Ordinal) && (ending != ".json" || !p.EndsWith(".flow.json", StringComparison.Ordinal)));
        byte[][] whole = [.. Files().Select(File.ReadAllBytes)];
        string text = File.ReadAllText(path);
        switch (damage)
        {
            case "missing": File.Delete(path); break;
            case "empty": File.WriteAllText(path, ""); break;
            case "cut": File.WriteAllText(path, text[..(text.Length / 2)]); break;
            case "foreign": File.WriteAllText(path, "{\"hello\": 1}"); break;
            case "null": File.WriteAllText(path, "null"); break;
            case "older": File.WriteAllText(path, text.Replace(CodeVersion.Hash, "older", StringComparison.Ordinal)); break;
            default: File.WriteAllText(path, text.Replace(Path.GetFileNameWithoutExtension(path), "another", StringComparison.Ordinal)); break;
        }

        Assert.Equal((1, 0), Run());
        Assert.Equal(whole, Files().Select(File.ReadAllBytes));
        Assert.Equal((0, 1), Run());
    }

    [Fact]
    public void A_lost_timing_spoils_no_result()
    {
        File.Delete(Directory.GetFiles(_shell["results/maps"], "*.timing.json").Single());
        Assert.Equal((0, 1), Run());
    }

    [Fact]
    public void What_a_killed_run_leaves_is_in_nobodys_way()
    {
        byte[][] whole = [.. Files().Select(File.ReadAllBytes)];
        foreach (string path in Files())
        {
            // half a file under the very temporary name that this process takes first
            File.WriteAllText($"{path}.{Environment.ProcessId}-0.tmp", "{");
            File.Delete(path);
        }

        Assert.Equal((1, 0), Run());
        Assert.Equal(whole, Files().Select(File.ReadAllBytes));
    }

    private string[] Files() =>
        [.. Directory.GetFiles(_shell["results/maps"], "*.json").Where(p => !p.EndsWith(".timing.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private (int Computed, int Reused) Run()
    {
        Outcome outcome = _shell.Uf(_run);
        Assert.True(outcome.Code == 0, outcome.Error);
        JsonElement json = outcome.Json();
        return (json.GetProperty("computed").GetInt32(), json.GetProperty("reused").GetInt32());
    }
}
