using System.Diagnostics;
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
    /// <summary>Results, new or old, in which a law of flows is broken.</summary>
    public int Broken { get; init; }

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
        GridTask[] tasks = Tasks(options);

        // the largest first, so that the last ones fill the gaps
        GridTask[] missing = [.. tasks.Where(t => t.StatusIn(options.ResultsDirectory) is null).OrderByDescending(t => t.Cost)];
        int computed = 0, reused = tasks.Length - missing.Length;
        double cost = missing.Sum(t => t.Cost), done = 0;
        Lock gate = new();
        Workers.For(missing.Length, Math.Max(1, options.Jobs), i =>
        {
            if (cancellation.IsCancellationRequested) return;
            GridTask task = missing[i];
            if (!task.Compute(options.ResultsDirectory, cancellation)) return;
            lock (gate)
            {
                computed++;
                done += task.Cost;
                double elapsed = clock.Elapsed.TotalSeconds;
                progress?.Invoke(new RunProgress(reused + computed, tasks.Length, task.Label, elapsed, elapsed * (cost - done) / done));
            }
        });
        string?[] statuses = [.. tasks.Select(t => t.StatusIn(options.ResultsDirectory))];
        return new RunSummary(tasks.Length, computed, reused, statuses.Count(s => s == Cell.Diverged), clock.Elapsed.TotalSeconds) { Broken = statuses.Count(s => s == LawsResult.Broken) };
    }

    /// <summary>The tasks of a selection, in the order that shards are counted in.</summary>
    public static GridTask[] Tasks(RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IEnumerable<string> studies = options.Studies.Count > 0 ? options.Studies : Profiles.Studies.Select(s => s.Name);
        GridTask[] tasks = [.. studies.Distinct().SelectMany(s => Profiles.Tasks(s, options.Profile, options.Seed))];
        return options.Shard is { } shard ? [.. tasks.Where((_, i) => i % shard.Count == shard.Index)] : tasks;
    }
}
