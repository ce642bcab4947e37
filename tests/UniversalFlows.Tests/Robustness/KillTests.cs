using System.Diagnostics;
using System.Globalization;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Studies;
using Xunit;

namespace UniversalFlows.Tests.Robustness;

/// <summary>
/// kill -9 at random moments of uf run: what is under a result's name is whole at every moment, and the repeated command completes to the
/// bytes of an undisturbed run. UF_KILLS=n kills n times (docs/robustness.md); without it a few.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Cells = 4, QuickKills = 3;

    private readonly string _folder = Directory.CreateTempSubdirectory("uf-kill-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string this[string name] => Path.Combine(_folder, name);

    /// <summary>Four cheap cells of the quick profile, one of each target.</summary>
    private string[] Run(string results) =>
        ["run", "maps", "--jobs", "2", "--shard", $"1/{Profiles.Tasks("maps", "quick", 1).Count / Cells}", "--results", this[results]];

    [Fact]
    public void A_killed_run_completes_to_the_bytes_of_an_undisturbed_one()
    {
        int kills = Environment.GetEnvironmentVariable("UF_KILLS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : QuickKills;
        Stopwatch clock = Stopwatch.StartNew();
        Assert.Equal(0, RealProgram.Finish(RealProgram.Start(Run("calm"))).Code);
        double calm = clock.Elapsed.TotalSeconds;
        SortedDictionary<string, string> expected = RealProgram.Results(this["calm"]);
        Assert.Equal(2 * Cells, expected.Count);

        Philox random = new(1, "moments of kills");
        int killed = 0, round = 0, partial = 0;
        while (killed < kills)
        {
            // a new folder as soon as one is complete
            string results = $"killed{round}";
            using Process process = RealProgram.Start(Run(results));
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit((int)(1000 * random.NextUniform(0.1, 1.1 * calm))))
            {
                Assert.Equal(0, process.ExitCode);
                Assert.Equal(expected, RealProgram.Results(this[results]));
                round++;
                continue;
            }

            process.Kill();
            process.WaitForExit();
            killed++;
            // whatever has its name now is whole
            foreach ((string name, string hash) in Directory.Exists(this[results]) ? RealProgram.Results(this[results]) : []) Assert.Equal(expected[name], hash);
            if (Directory.Exists(this[results]) && RealProgram.Results(this[results]).Count is > 0 and < 2 * Cells) partial++;
        }

        (int code, string error) = RealProgram.Finish(RealProgram.Start(Run($"killed{round}")));
        Assert.True(code == 0, error);
        Assert.Equal(expected, RealProgram.Results(this[$"killed{round}"]));
        TestContext.Current.SendDiagnosticMessage($"{killed} kills, {partial} of them between results, {round + 1} runs completed; an undisturbed run takes {calm:F1} s");
    }

    [Fact]
    public async Task Two_runs_at_a_time_on_one_folder_give_the_same_bytes()
    {
        Process first = RealProgram.Start(Run("both")), second = RealProgram.Start(Run("both"));
        foreach ((int code, string error) in await Task.WhenAll(Task.Run(() => RealProgram.Finish(first)), Task.Run(() => RealProgram.Finish(second)))) Assert.True(code == 0, error);
        Assert.Equal(0, RealProgram.Finish(RealProgram.Start(Run("alone"))).Code);
        Assert.Equal(RealProgram.Results(this["alone"]), RealProgram.Results(this["both"]));
        Assert.Empty(Directory.GetFiles(this["both"], "*.tmp", SearchOption.AllDirectories));
    }
}
