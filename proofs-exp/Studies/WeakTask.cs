using System.Text;
using System.Text.Json;

namespace UniversalFlows.Proofs.Studies;

/// <summary>A task of the study <c>weak-convergence</c>: some rows of markers.</summary>
/// <param name="name">What is computed, with every setting that shapes it.</param>
/// <param name="profile">The profile.</param>
/// <param name="seed">Of all that is random.</param>
/// <param name="cost">A guess of the work.</param>
/// <param name="rows">Computes.</param>
public sealed class WeakTask(string name, string profile, ulong seed, double cost, Func<IReadOnlyList<WeakRow>> rows) : GridTask
{
    /// <inheritdoc/>
    public override string Study => WeakResult.StudyName;

    /// <inheritdoc/>
    public override string Command => $"uf run {WeakResult.StudyName} --profile {profile} --seed {seed}";

    /// <inheritdoc/>
    public override string Label => name;

    /// <inheritdoc/>
    protected override string Recipe => name;

    /// <inheritdoc/>
    public override double Cost => cost;

    /// <inheritdoc/>
    public override string? StatusIn(string results)
    {
        string path = Path.Combine(results, Study, $"{Hash}.json");
        try
        {
            return File.Exists(path) && WeakResult.FromJson(File.ReadAllText(path)) is { } found && found.Hash == Hash && found.CodeVersion == CodeVersion.Hash ? Cell.Finished : null;
        }
        catch (JsonException)
        {
            return null;   // not one of ours, or damaged: computed again
        }
    }

    /// <inheritdoc/>
    public override bool Compute(string results, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return false;
        WeakResult result = new() { Hash = Hash, CodeVersion = CodeVersion.Hash, Task = name, Seed = seed, Command = Command, Rows = rows() };
        string folder = Path.Combine(results, Study);
        Directory.CreateDirectory(folder);
        CompleteFile.Write(Path.Combine(folder, $"{Hash}.json"), stream => stream.Write(Encoding.UTF8.GetBytes(result.ToJson() + "\n")));
        return true;
    }
}
