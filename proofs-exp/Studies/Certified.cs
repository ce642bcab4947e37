using System.Text.Json.Serialization;
using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>How far a proof may go: counted in boxes, never in seconds.</summary>
/// <param name="MaxBoxes">At most so many.</param>
/// <param name="Degree">Of the Taylor models; null: that of the dimension.</param>
public sealed record ProofBudget(int MaxBoxes, int? Degree = null);

/// <summary>
/// What a cell's certificate says: L ≤ max over K of |f − g| ≤ U is proved (docs/certificates.md), or why nothing is. The search has a budget in boxes and none in seconds: the same
/// flow gives the same bits.
/// </summary>
public sealed record Certified
{
    /// <summary>The gap (U − L)/U at which the search ends.</summary>
    public const double Gap = 0.1;

    /// <summary>How many boxes, at most, a search with the budget of <see cref="BoxesFor"/> bounds.</summary>
    public const int MostBoxes = 4096;

    private const double BoxesTimesParameters = 4e6;

    /// <summary>What of this shapes results: for the hashes of tasks.</summary>
    internal static string Recipe => $"certificate: gap {Gap:R}, at most {MostBoxes} boxes, {BoxesTimesParameters:R} boxes times parameters";

    /// <summary>L, attained or exceeded at a point of K; NaN if nothing was tried.</summary>
    public required double Lower { get; init; }

    /// <summary>U; NaN if there is none.</summary>
    public required double Upper { get; init; }

    /// <summary>Why the search ended: <c>gap</c>, <c>boxes</c> or <c>resolution</c>; <c>none</c> if nothing was tried.</summary>
    public required string End { get; init; }

    /// <summary>How many boxes were bounded.</summary>
    public required int Boxes { get; init; }

    /// <summary>The gap asked for.</summary>
    public required double GapAsked { get; init; }

    /// <summary>D of the Taylor models; null: that of the dimension.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Degree { get; init; }

    /// <summary>The most boxes allowed.</summary>
    public required int MaxBoxes { get; init; }

    /// <summary>Why there is no upper bound; null if there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether both bounds are finite and in order: false for anything that is not a proof.</summary>
    [JsonIgnore]
    public bool Proved => double.IsFinite(Lower) && double.IsFinite(Upper) && Lower >= 0 && Lower <= Upper && End is "gap" or "boxes" or "resolution" && Reason is null;

    /// <summary>Whether what is proved says about as much as a number: U is at most 2L. A proof that is wider is kept, but drawn as the estimate that it leaves.</summary>
    [JsonIgnore]
    public bool Sharp => Proved && Upper <= 2 * Lower;

    /// <summary>The budget for a flow: fewer boxes for larger flows, so that the work stays about the same.</summary>
    public static int BoxesFor(Composition flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return (int)Math.Clamp(BoxesTimesParameters / Math.Max(1, flow.Parameters.Sum(p => (double)p.Count)), 16, MostBoxes);
    }

    /// <summary>Proves as far as the budget reaches.</summary>
    /// <param name="flow">g.</param>
    /// <param name="target">f.</param>
    /// <param name="domain">K.</param>
    /// <param name="threads">No bit depends on them.</param>
    /// <param name="budget">Null: <see cref="Gap"/> and <see cref="BoxesFor"/>.</param>
    public static Certified Of(Composition flow, Target target, Domain domain, int threads, ProofBudget? budget = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        int boxes = budget?.MaxBoxes ?? BoxesFor(flow);
        int? degree = budget?.Degree;
        string? obstacle = domain is not (Box or Ball) ? "certificates need a box or a ball"
            : target.Dimension > 3 ? "not tried above d = 3"
            : flow.Parameters.Any(p => p.All.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) ? "the flow's parameters are not finite" : null;
        if (obstacle is not null) return new() { Lower = double.NaN, Upper = double.NaN, End = "none", Boxes = 0, GapAsked = Gap, Degree = degree, MaxBoxes = boxes, Reason = obstacle };
        SupremumCertificate found = Supremum.Certify(flow, target, domain, new CertificateSettings { Gap = Gap, MaxBoxes = boxes, Degree = degree, MaxTime = TimeSpan.MaxValue, Threads = threads });
        return new()
        {
            Lower = found.Lower,
            Upper = double.IsFinite(found.Upper) ? found.Upper : double.NaN,
            End = found.End.ToString().ToLowerInvariant(),
            Boxes = found.Boxes,
            GapAsked = Gap,
            Degree = degree,
            MaxBoxes = boxes,
            Reason = double.IsFinite(found.Upper) ? null : "no finite upper bound within the budget of boxes",
        };
    }
}
