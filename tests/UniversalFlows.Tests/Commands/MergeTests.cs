using UniversalFlows.Proofs.Studies;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>uf merge and uf slurm: shards come together, differences are told, and a script runs what it should.</summary>
public sealed class MergeTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    private void Shards()
    {
        Assert.Equal(0, _shell.Uf("run", "constructions", "--shard", "1/40", "--results", "@a", "--jobs", "1").Code);
        Assert.Equal(0, _shell.Uf("run", "constructions", "--shard", "3/40", "--results", "@b", "--jobs", "1").Code);
    }

    private string[] Files(string folder) =>
        [.. Directory.EnumerateFiles(_shell[folder], "*", SearchOption.AllDirectories).Where(p => !p.EndsWith(".timing.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Shards_come_together()
    {
        Shards();
        int planned = Runner.Tasks(new RunOptions { Studies = ["constructions"] }).Length;
        Outcome outcome = _shell.Uf("merge", "@a", "@b", "--out", "@all", "--study", "constructions", "--json");
        Assert.Equal(3, outcome.Code); // the other cells are missing, and that is told
        Assert.Contains($"{planned - 2} cells are missing, such as ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal((planned, 2), (outcome.Json().GetProperty("planned").GetInt32(), outcome.Json().GetProperty("present").GetInt32()));
        string[] parts = [.. Files("a"), .. Files("b")], whole = Files("all");
        Assert.Equal(parts.Length, whole.Length);
        foreach (string path in parts) Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(whole.Single(w => Path.GetFileName(w) == Path.GetFileName(path))));

        // what is there already is the same, and nothing is computed twice
        Assert.Equal(0, _shell.Uf("merge", "@a", "--out", "@all", "--study", "constructions", "--json").Json().GetProperty("copied").GetInt32());
        Assert.Equal(1, _shell.Uf("run", "constructions", "--shard", "3/40", "--results", "@all", "--json").Json().GetProperty("reused").GetInt32());
    }

    [Fact]
    public void Different_results_of_one_cell_are_not_merged()
    {
        Shards();
        foreach (string path in Files("a").Where(p => !p.EndsWith(".flow.json", StringComparison.Ordinal)))
        {
            string copy = Path.Combine(_shell["b"], "constructions", Path.GetFileName(path));
            File.WriteAllText(copy, File.ReadAllText(path) + " ");
        }

        _shell.Uf("merge", "@a", "@b", "--out", "@all").IsBadInput("are results of the same cell with different bytes; nothing was merged");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_shell["all"]));
    }

    /// <summary>The commands of the script, with a task's number filled in, are commands of this program that do a shard's work and then merge.</summary>
    [Fact]
    public void A_slurm_script_runs_shards_and_merges_them()
    {
        Assert.Equal(0, _shell.Uf("slurm", "constructions", "--shards", "40", "--jobs", "1", "--results", "@res", "--out", "@sweep.sbatch").Code);
        string[] lines = File.ReadAllLines(_shell["sweep.sbatch"]);
        Assert.Equal("#!/usr/bin/env bash", lines[0]);
        Assert.Contains("#SBATCH --array=1-40", lines);
        string[] Words(string start) => [.. lines.Single(l => l.StartsWith(start, StringComparison.Ordinal)).Trim().Split(' ').Skip(1)
            .Select(w => w.Replace("\"", "", StringComparison.Ordinal).Replace("$SLURM_ARRAY_TASK_ID", "1", StringComparison.Ordinal).Replace("${SLURM_CPUS_PER_TASK:-1}", "1", StringComparison.Ordinal))];
        Assert.Equal(0, _shell.Uf(Words("  uf run")).Code);
        string shard = Path.Combine(_shell["res"], "shard-1");
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(shard, "constructions"), "*.flow.json"));
        string[] merge = [.. Words("  uf merge").Select(w => w.EndsWith("/shard-*", StringComparison.Ordinal) ? shard : w)];
        Assert.Equal(3, _shell.Uf(merge).Code);
        Assert.NotEmpty(Directory.EnumerateFiles(Path.Combine(_shell["res"], "constructions"), "*.flow.json"));
    }

    [Theory]
    [InlineData("plain/path-1.x", "plain/path-1.x")]
    [InlineData("with space", "'with space'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(rm)", "'$(rm)'")]
    public void Words_of_a_shell_are_quoted(string word, string quoted) => Assert.Equal(quoted, SlurmScript.Quoted(word));
}
