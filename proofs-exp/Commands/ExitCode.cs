namespace UniversalFlows.Proofs.Commands;

/// <summary>What the program's exit code means; 1 is left to the runtime.</summary>
internal static class ExitCode
{
    /// <summary>All is as asked.</summary>
    public const int Good = 0;

    /// <summary>A bound not met, or a verdict other than expected: a run that diverged, points that have no image, a failed self-check.</summary>
    public const int NotMet = 2;

    /// <summary>Interrupted; what can be resumed says so.</summary>
    public const int Interrupted = 3;

    /// <summary>Inconclusive, or cut short by its budget.</summary>
    public const int OutOfBudget = 4;

    /// <summary>Bad arguments, names or input.</summary>
    public const int BadInput = 5;

    /// <summary>Evidence made by another version of the numeric code.</summary>
    public const int Stale = 6;

    /// <summary>An error of this program.</summary>
    public const int Internal = 7;

    /// <summary>An empty selection: nothing was run.</summary>
    public const int Nothing = 8;
}
