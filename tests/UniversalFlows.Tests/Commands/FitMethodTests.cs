using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Proofs.Commands;
using UniversalFlows.Proofs.Studies;
using Xunit;

namespace UniversalFlows.Tests.Commands;

/// <summary>uf fit with its methods and families: short runs, and what the result says of them.</summary>
public sealed class FitMethodTests : IDisposable
{
    private readonly Shell _shell = new();

    public void Dispose() => _shell.Dispose();

    [Fact]
    public void Lbfgs_fits_an_autoregressive_flow_and_the_result_repeats_it()
    {
        JsonElement cell = Fit("fit --target banana --family maf --depth 2 --hidden 4 --method lbfgs --steps 6 --points 100 --out @a");
        Assert.Equal("lbfgs", cell.GetProperty("method").GetString());
        Assert.Equal(6, cell.GetProperty("steps").GetInt32());
        Assert.Contains("--method lbfgs --steps 6 --points 100 --seed 1", cell.GetProperty("command").GetString()!, StringComparison.Ordinal);
        Assert.All(FlowFile.Load(_shell["a/flow.flow.json"]).Parts, p => Assert.IsType<AutoregressiveFlow>(p));
        JsonElement again = Fit(cell.GetProperty("command").GetString()!.Replace("uf ", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal).Replace("--out fit", "--out @b", StringComparison.Ordinal));
        Assert.Equal(cell.GetRawText(), again.GetRawText());
    }

    [Fact]
    public void Normalising_layers_stand_before_each_coupling_from_data_to_base()
    {
        JsonElement cell = Fit("fit --law moons --family acf --depth 2 --hidden 4 --steps 3 --points 64 --actnorm --out @a");
        Assert.Equal("ml-adam-actnorm", cell.GetProperty("method").GetString());
        Assert.Contains("--actnorm --steps 3", cell.GetProperty("command").GetString()!, StringComparison.Ordinal);
        Composition normalising = (Composition)((Inversion)FlowFile.Load(_shell["a/flow.flow.json"]).Parts.Single()).Inner;
        Assert.Equal([0, 1, 0, 1], normalising.Parts.Select(p => ((Coupling)p).Passive.Count));
    }

    /// <summary>What the study of laws says that makes a run again, makes it again.</summary>
    [Fact]
    public void Gauss_Newton_steps_have_a_command_that_repeats_them()
    {
        JsonElement cell = Fit("fit --law moons --family rqs --method gauss-newton --depth 2 --hidden 4 --steps 3 --points 256 --out @a");
        Assert.Equal("ml-gauss-newton", cell.GetProperty("method").GetString());
        LawTask task = (LawTask)Profiles.Tasks("laws", "standard", 1).First(t => t.Command.Contains("gauss-newton", StringComparison.Ordinal));
        Assert.Contains("--method gauss-newton --steps 800 --points 1024", task.Command, StringComparison.Ordinal);
        JsonElement again = Fit(cell.GetProperty("command").GetString()!.Replace("uf ", "", StringComparison.Ordinal).Replace("--out fit", "--out @b", StringComparison.Ordinal));
        Assert.Equal(cell.GetRawText(), again.GetRawText());
        JsonElement adam = Fit("fit --law moons --family rqs --depth 2 --hidden 4 --steps 3 --points 256 --out @c");
        Assert.NotEqual(cell.GetProperty("likelihood").GetRawText(), adam.GetProperty("likelihood").GetRawText());
    }

    [Theory]
    [InlineData("fit --target sine --family acf --method gauss-newton --out @a", "--method gauss-newton is for laws")]
    [InlineData("fit --law moons --family acf --method gauss-newton --points 128 --out @a", "at least 256")]
    [InlineData("fit --target sine --family acf --actnorm --out @a", "--actnorm goes with --law")]
    [InlineData("fit --law moons --family acf --method lbfgs --out @a", "--method lbfgs is for targets")]
    public void What_does_not_go_together_is_said(string command, string phrase)
    {
        _shell.Uf(command.Split(' ')).IsBadInput(phrase);
    }

    private JsonElement Fit(string command)
    {
        Outcome outcome = _shell.Uf([.. command.Split(' '), "--json"]);
        Assert.True(outcome.Code == ExitCode.Good, outcome.Error);
        return JsonDocument.Parse(outcome.Out).RootElement;
    }
}
