using System.Globalization;
using System.Text;

namespace UniversalFlows.Proofs.Studies;

/// <summary>A sweep as a Slurm array: each task of it runs one shard into a folder of its own; the same script with the argument <c>merge</c> puts them together.</summary>
public static class SlurmScript
{
    /// <summary>The sbatch file.</summary>
    /// <param name="options">Profile, studies, seed, jobs and results of the whole sweep.</param>
    /// <param name="shards">N.</param>
    /// <param name="program">The command that is <c>uf</c>.</param>
    /// <param name="file">The name of the file, for its own instructions.</param>
    /// <remarks>
    /// The merge waits with <c>afterany</c>, since a dependency <c>afterok</c> is lost for good once a task has failed, and counts the cells itself: exit code 3 if some are missing. A failed
    /// task is submitted again by its number; what it had computed is kept.
    /// </remarks>
    public static string Write(RunOptions options, int shards, string program, string file)
    {
        ArgumentNullException.ThrowIfNull(options);
        string studies = string.Concat(options.Studies.Select(s => $" {s}"));
        string grid = string.Create(CultureInfo.InvariantCulture, $"{studies} --profile {options.Profile} --seed {options.Seed}");
        string results = Quoted(options.ResultsDirectory), name = Quoted(file);
        StringBuilder text = new();
        void Line(string line) => text.Append(line).Append('\n');
        Line("#!/usr/bin/env bash");
        Line(string.Create(CultureInfo.InvariantCulture, $"#SBATCH --job-name=uf-{options.Profile}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"#SBATCH --array=1-{shards}"));
        Line(string.Create(CultureInfo.InvariantCulture, $"#SBATCH --cpus-per-task={options.Jobs}"));
        Line("#SBATCH --requeue");
        Line("#SBATCH --output=uf-%A-%a.log");
        Line("# submit the shards, then the merge, which waits for all of them and counts the cells:");
        Line($"#   A=$(sbatch --parsable {name}) && sbatch --array=0 --dependency=afterany:$A {name} merge");
        Line($"# a shard that failed, here number 7, once more: sbatch --array=7 {name}");
        Line("set -euo pipefail");
        Line($"uf() {{ {program} \"$@\"; }}");
        Line("if [ \"${1:-}\" = merge ]; then");
        Line($"  uf merge {results}/shard-* --out {results}{string.Concat(options.Studies.Select(s => $" --study {s}"))} --profile {options.Profile} --seed {options.Seed.ToString(CultureInfo.InvariantCulture)}");
        Line("else");
        Line(string.Create(CultureInfo.InvariantCulture, $"  uf run{grid} --jobs \"${{SLURM_CPUS_PER_TASK:-{options.Jobs}}}\" --results {results}/shard-\"$SLURM_ARRAY_TASK_ID\" --shard \"$SLURM_ARRAY_TASK_ID/{shards}\""));
        Line("fi");
        return text.ToString();
    }

    /// <summary>A word of the shell.</summary>
    internal static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') && word.Length > 0 ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
