namespace UniversalFlows.Measurement;

/// <summary>
/// Estimates of the distance of two maps f and g on K, with |·| Euclidean. Sampled figures: lower bounds of a supremum, quadratures
/// of an integral; a certificate is something else. A norm is +∞ if f − g is not finite somewhere it was looked at.
/// </summary>
/// <param name="Sup">max |f − g| over a grid and local ascents from its best points.</param>
/// <param name="SupAt">The point of K where <paramref name="Sup"/> was found.</param>
/// <param name="L1">∫_K |f − g| dx.</param>
/// <param name="L1Error">An estimate of the error of <paramref name="L1"/>.</param>
/// <param name="L2">(∫_K |f − g|² dx)^½.</param>
/// <param name="L2Error">An estimate of the error of <paramref name="L2"/>.</param>
/// <param name="Rmse">L2/√|K|.</param>
/// <param name="C1">max of the operator norm of Df − Dg over a grid and local ascents; null if it was not asked for.</param>
/// <param name="GridPoints">The number of grid points of <paramref name="Sup"/>.</param>
public sealed record ErrorNorms(
    double Sup, IReadOnlyList<double> SupAt, double L1, double L1Error, double L2, double L2Error, double Rmse, double? C1, int GridPoints);

/// <summary>How <see cref="MapErrors.Estimate"/> looks. Everything but <see cref="Threads"/> shapes the result.</summary>
public sealed record MapErrorOptions
{
    /// <summary>The defaults.</summary>
    public static MapErrorOptions Default { get; } = new();

    /// <summary>How many threads to use; the result does not depend on it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Grid points per axis for d ≤ 3; null: 2001, 201, 41.</summary>
    public int? GridPerAxis { get; init; }

    /// <summary>Sampled points for d &gt; 3.</summary>
    public int Samples { get; init; } = 1 << 14;

    /// <summary>From how many of the best grid points a local ascent starts; 0: the bare grid.</summary>
    public int Ascents { get; init; } = 16;

    /// <summary>Whether the C1 error is wanted; it costs about as much as the rest.</summary>
    public bool C1 { get; init; } = true;

    /// <summary>Whether the L1 and L2 errors are wanted; if not they are NaN.</summary>
    public bool Integrals { get; init; } = true;

    /// <summary>The seed of the low-discrepancy points for d &gt; 3.</summary>
    public ulong Seed { get; init; } = 1;
}
