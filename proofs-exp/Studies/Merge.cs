namespace UniversalFlows.Proofs.Studies;

/// <summary>What a merge did.</summary>
/// <param name="Planned">Tasks of the grid.</param>
/// <param name="Present">Tasks with a result in the merged folder.</param>
/// <param name="Copied">Files copied.</param>
/// <param name="Same">Files that were there already, with the same bytes.</param>
/// <param name="FirstMissing">The label of a task without a result; null if there is none.</param>
public sealed record MergeSummary(int Planned, int Present, int Copied, int Same, string? FirstMissing);

/// <summary>
/// Puts the results of shards together. Results are named by the hash of what they are of, so the same name with other bytes is an error, not a choice; timings are no results, and the first
/// one stays.
/// </summary>
public static class Merge
{
    /// <summary>Copies and counts.</summary>
    /// <param name="sources">Folders of results.</param>
    /// <param name="target">Where everything goes; may have results already.</param>
    /// <param name="options">Profile, studies and seed of the grid that should be complete.</param>
    /// <exception cref="InputException">Two different results of the same name; nothing was copied.</exception>
    public static MergeSummary Run(IReadOnlyList<string> sources, string target, RunOptions options)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(options);
        Dictionary<string, string> chosen = [];
        int same = 0;
        foreach (string source in sources)
        {
            foreach (string study in Profiles.Studies.Select(s => s.Name))
            {
                string folder = Path.Combine(source, study);
                if (!Directory.Exists(folder)) continue;
                foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
                {
                    string name = Path.Combine(study, Path.GetFileName(path)), there = Path.Combine(target, name);
                    if ((chosen.TryGetValue(name, out string? first) ? first : File.Exists(there) ? there : null) is not { } other)
                    {
                        chosen[name] = path;
                        continue;
                    }

                    same++;
                    if (!name.EndsWith(".timing.json", StringComparison.Ordinal) && !File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(other)))
                        throw new InputException($"{other} and {path} are results of the same cell with different bytes; nothing was merged: delete the one you don't trust");
                }
            }
        }

        // the flow before the cell that speaks of it: a killed merge leaves no cell without its flow
        foreach ((string name, string path) in chosen.OrderBy(c => !c.Key.EndsWith(".flow.json", StringComparison.Ordinal)).ThenBy(c => c.Key, StringComparer.Ordinal))
        {
            Directory.CreateDirectory(Path.Combine(target, Path.GetDirectoryName(name)!));
            CompleteFile.Write(Path.Combine(target, name), stream => stream.Write(File.ReadAllBytes(path)));
        }

        GridTask[] tasks = Runner.Tasks(options);
        GridTask[] missing = [.. tasks.Where(t => t.StatusIn(target) is null)];
        return new MergeSummary(tasks.Length, tasks.Length - missing.Length, chosen.Count, same, missing.FirstOrDefault()?.Label);
    }
}
