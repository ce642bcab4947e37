using System.Security.Cryptography;
using System.Text;

namespace UniversalFlows.Proofs.Studies;

/// <summary>One point of a study's grid before it is computed: what its result is called, whether it is there, and how to make it.</summary>
public abstract class GridTask
{
    private string? _hash;

    /// <summary>The study.</summary>
    public abstract string Study { get; }

    /// <summary>The command line that repeats the task: it names every setting.</summary>
    public abstract string Command { get; }

    /// <summary>A few words for the progress bar.</summary>
    public abstract string Label { get; }

    /// <summary>What shapes the result and has no place on the command line.</summary>
    protected abstract string Recipe { get; }

    /// <summary>A guess of the work in milliseconds of one core of the machine of docs/benchmarks.md: for the order of tasks, and for the time that a run is expected to take.</summary>
    public abstract double Cost { get; }

    /// <summary>The SHA-256 of configuration and code version, 32 hexadecimal digits of it: the name of the result.</summary>
    public string Hash => _hash ??= Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Cell.CurrentSchema}\n{Study}\n{Command}\n{Recipe}\n{CodeVersion.Hash}")))[..32];

    /// <summary>The status of the whole, undamaged result in a folder of results; null if there is none.</summary>
    public abstract string? StatusIn(string results);

    /// <summary>Computes on one thread and writes; false if it was cut short and nothing was written.</summary>
    public abstract bool Compute(string results, CancellationToken cancellation);
}
