using System.Diagnostics;
using System.Text;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What to run.</summary>
public sealed record RunOptions
{
    /// <summary>The grid's size.</summary>
    public string Profile { get; init; } = "quick";

    /// <summary>The studies; empty: all.</summary>
    public IReadOnlyList<string> Studies { get; init; } = [];

    /// <summary>The first seed.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Tasks at a time; no result depends on it.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Where results go.</summary>
    public string ResultsDirectory { get; init; } = "results";

    /// <summary>Only tasks number i with i mod Count = Index.</summary>
    public (int Index, int Count)? Shard { get; init; }
}

/// <summary>How a run went.</summary>
/// <param name="Planned">Tasks of the selection.</param>
/// <param name="Computed">Tasks computed now.</param>
/// <param name="Reused">Tasks whose result was there.</param>
/// <param name="Diverged">Results, new or old, that diverged.</param>
/// <param name="Seconds">Wall-clock time.</param>
public sealed record RunSummary(int Planned, int Computed, int Reused, int Diverged, double Seconds)
{
    /// <summary>Whether every task has its result.</summary>
    public bool Complete => Computed + Reused == Planned;
}

/// <summary>How far a run is.</summary>
public sealed record RunProgress(int Done, int Planned, string LastCell, double ElapsedSeconds, double RemainingSeconds);

/// <summary>Computes the missing cells of a grid. A killed run leaves nothing half-written; the same command goes on where it stopped.</summary>
public static class Runner
{
    /// <summary>Runs.</summary>
    public static RunSummary Run(RunOptions options, Action<RunProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Stopwatch clock = Stopwatch.StartNew();
        IEnumerable<string> studies = options.Studies.Count > 0 ? options.Studies : Profiles.Studies.Select(s => s.Name);
        StudyTask[] tasks = [.. studies.Distinct().SelectMany(s => Profiles.Tasks(s, options.Profile, options.Seed))];
        if (options.Shard is { } shard) tasks = [.. tasks.Where((_, i) => i % shard.Count == shard.Index)];

        // the largest first, so that the last ones fill the gaps
        StudyTask[] missing = [.. tasks.Where(t => Read(options, t) is null).OrderByDescending(t => t.Cost)];
        int computed = 0, reused = tasks.Length - missing.Length;
        double cost = missing.Sum(t => t.Cost), done = 0;
        Lock gate = new();
        Workers.For(missing.Length, Math.Max(1, options.Jobs), i =>
        {
            if (cancellation.IsCancellationRequested) return;
            StudyTask task = missing[i];
            Stopwatch watch = Stopwatch.StartNew();
            (Cell cell, Composition flow) = task.Run(cancellation);
            if (cell.Status == Cell.Cut) return;
            Write(options, cell, flow, watch.Elapsed.TotalSeconds);
            lock (gate)
            {
                computed++;
                done += task.Cost;
                double elapsed = clock.Elapsed.TotalSeconds;
                progress?.Invoke(new RunProgress(
                    reused + computed, tasks.Length, $"{cell.Target} {cell.Family} L={cell.Depth}", elapsed, elapsed * (cost - done) / done));
            }
        });
        int diverged = tasks.Count(t => Read(options, t) is { Status: Cell.Diverged });
        return new RunSummary(tasks.Length, computed, reused, diverged, clock.Elapsed.TotalSeconds);
    }

    private static Cell? Read(RunOptions options, StudyTask task)
    {
        string path = Path.Combine(options.ResultsDirectory, task.Study, $"{task.Hash}.json");
        if (!File.Exists(path)) return null;
        try
        {
            Cell cell = Cell.FromJson(File.ReadAllText(path));
            // a copy under another name, another code version or a missing flow is no result of this task
            bool whole = cell.Hash == task.Hash && cell.CodeVersion == CodeVersion.Hash
                && (cell.Status == Cell.Diverged || FlowIsWhole(Path.Combine(options.ResultsDirectory, task.Study, cell.FlowFile)));
            return whole ? cell : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;   // not one of ours, or damaged: computed again
        }
    }

    private static bool FlowIsWhole(string path)
    {
        try
        {
            FlowFile.Load(path);
            return true;
        }
        catch (Exception e) when (e is IOException or FlowFormatException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The flow first, the cell last: where there is a cell, all of it is there.</summary>
    private static void Write(RunOptions options, Cell cell, Composition flow, double seconds)
    {
        string folder = Path.Combine(options.ResultsDirectory, cell.Study);
        Directory.CreateDirectory(folder);
        if (Finite(flow)) FlowFile.Save(flow, Path.Combine(folder, cell.FlowFile), $"{cell.Target} {cell.Family} L={cell.Depth} seed {cell.Seed}");
        Timing timing = new() { Seconds = seconds, Host = Environment.MachineName, PeakMemoryMb = Math.Round(Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0, 1) };
        WriteText(Path.Combine(folder, $"{cell.Hash}.timing.json"), timing.ToJson());
        WriteText(Path.Combine(folder, $"{cell.Hash}.json"), cell.ToJson());
    }

    private static bool Finite(Composition flow) => flow.Parameters.All(layer => !layer.All.ContainsAnyExceptInRange(double.MinValue, double.MaxValue));

    private static void WriteText(string path, string text) => CompleteFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text + "\n")));
}
