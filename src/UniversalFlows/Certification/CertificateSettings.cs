namespace UniversalFlows.Certification;

/// <summary>When a search for a certified supremum stops, and how it works.</summary>
public sealed record CertificateSettings
{
    /// <summary>The gap (U − L)/U at which it stops, in [0, 1).</summary>
    public double Gap { get; init; } = 0.01;

    /// <summary>At most so many boxes are bounded.</summary>
    public int MaxBoxes { get; init; } = 4_000_000;

    /// <summary>At most so long; a run that this cuts is not repeatable to the bit, but as valid as any.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The degree of the Taylor models; null: 8 for d = 1, 6 for d = 2, 4 for d = 3, 2 above.</summary>
    public int? Degree { get; init; }

    /// <summary>Threads; no result depends on it unless <see cref="MaxTime"/> cuts it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Called after each level with L, U and the number of boxes so far.</summary>
    public Action<double, double, int>? Progress { get; init; }

    /// <summary>Ends the search like the time limit does.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Why a search ended.</summary>
public enum CertificateEnd
{
    /// <summary>The gap was reached.</summary>
    Gap,

    /// <summary>The number of boxes was reached.</summary>
    Boxes,

    /// <summary>The time was over, or the search was cancelled.</summary>
    Time,

    /// <summary>Boxes could not be made smaller, or the rounding of the map itself is all that is left.</summary>
    Resolution,
}

/// <summary>
/// What was proved: L ≤ max over K of |f − g| ≤ U, Euclidean norm, under the assumptions of docs/certificates.md.
/// </summary>
/// <param name="Lower">L: |f − g| ≥ L is proved at <paramref name="Witness"/>.</param>
/// <param name="Upper">U: the largest bound over boxes that cover K; +∞ if some box has none.</param>
/// <param name="Witness">A point of K.</param>
/// <param name="End">Why the search ended.</param>
/// <param name="Boxes">How many boxes were bounded.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Degree">D of the Taylor models.</param>
/// <param name="Cover">The boxes that cover K: see <see cref="BoxTree"/>.</param>
public sealed record SupremumCertificate(
    double Lower, double Upper, IReadOnlyList<double> Witness, CertificateEnd End, int Boxes, double Seconds, int Degree, string Cover)
{
    /// <summary>(U − L)/U; 1 if there is no upper bound, 0 if U = 0.</summary>
    public double Gap => Upper == 0 ? 0 : double.IsFinite(Upper) ? (Upper - Lower) / Upper : 1;
}
