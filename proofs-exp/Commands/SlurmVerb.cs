using System.CommandLine;
using System.Text;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf slurm: a sweep as a Slurm array.</summary>
internal static class SlurmVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Argument<string[]> studies = RunVerb.Studies();
        Option<int> shards = Options.Whole("--shards", null, 1, "N, the number of tasks of the array; one should last half a minute or more.", most: 10000);
        shards.Required = true;
        Option<string> profile = RunVerb.Profile(), results = Options.Results(), output = Options.Text("--out", "FILE", "The sbatch file.", required: true);
        Option<ulong> seed = Options.Seed();
        Option<int> jobs = Options.Jobs();
        Verb verb = new(
            "slurm", "Write a sweep as a Slurm array: an sbatch file whose tasks run one shard each, and which merges them when they are over.",
            "uf slurm --shards 16 --profile quick --results /scratch/me/results --out sweep.sbatch") { studies, shards, profile, seed, jobs, results, output };
        verb.SetAction(r =>
        {
            RunOptions options = new()
            {
                Studies = RunVerb.Known(r.GetValue(studies) ?? []),
                Profile = RunVerb.KnownProfile(r.GetRequiredValue(profile)),
                Seed = r.GetValue(seed),
                Jobs = r.GetValue(jobs),
                ResultsDirectory = Path.GetFullPath(r.GetRequiredValue(results)),
            };
            string file = r.GetRequiredValue(output), dll = Path.Combine(AppContext.BaseDirectory, "uf.dll");
            if (Directory.Exists(file)) throw new InputException($"--out {file} is a folder; the name of a file was expected");
            Files.CheckWritable(file);
            Files.Write(file, Encoding.UTF8.GetBytes(SlurmScript.Write(options, r.GetValue(shards), $"dotnet {SlurmScript.Quoted(dll)}", file)));
            if (r.GetValue(json)) terminal.Json(w => w.WriteString("written", file));
            else terminal.Out.WriteLine($"written: {file}; its head says how to submit it");
            return ExitCode.Good;
        });
        return verb;
    }
}
