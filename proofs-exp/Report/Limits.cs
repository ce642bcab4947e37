using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>What limits a point of a depth curve.</summary>
internal enum Limit
{
    /// <summary>Not known: only one optimiser was tried.</summary>
    Unknown,

    /// <summary>Two different optimisers and the best three seeds agree within 20%: the architecture.</summary>
    Approximation,

    /// <summary>They don't: the optimiser may have missed something.</summary>
    Optimisation,
}

/// <summary>Tells approximation from optimisation by the agreement of runs that should all find the same minimum.</summary>
internal static class Limits
{
    /// <summary>How far the root mean square errors may be apart, as a part of the smallest.</summary>
    public const double Agreement = 0.2;

    private const int Seeds = 3;

    /// <summary>The runs by Levenberg–Marquardt, which the curves are drawn through.</summary>
    public static IReadOnlyList<Cell> Lm(IEnumerable<Cell> cells) => [.. cells.Where(c => c.Method == MapSettings.Lm)];

    /// <summary>
    /// The limit of the runs of one target, family, depth and conditioner. All optimisers minimise the root mean square error, so that is compared; Adam takes part with its best run.
    /// </summary>
    public static Limit Of(IEnumerable<Cell> cells)
    {
        Cell[] all = [.. cells.Where(c => c.Status == Cell.Finished && c.Errors is { } e && double.IsFinite(e.Rmse))];
        double[] lm = [.. all.Where(c => c.Method == MapSettings.Lm).Select(c => c.Errors!.Rmse).Order().Take(Seeds)];
        double[] other = [.. all.Where(c => c.Method != MapSettings.Lm).Select(c => c.Errors!.Rmse)];
        if (lm.Length < Seeds || other.Length == 0) return Limit.Unknown;
        double low = Math.Min(lm[0], other.Min()), high = Math.Max(lm[^1], other.Min());
        return high <= (1 + Agreement) * low ? Limit.Approximation : Limit.Optimisation;
    }
}
