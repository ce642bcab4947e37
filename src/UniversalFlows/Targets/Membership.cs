namespace UniversalFlows.Targets;

/// <summary>
/// Whether a target f: U → f(U) is in D², the C²-diffeomorphisms between open subsets of R^d with U diffeomorphic to R^d
/// (docs/theory.md, Definitions), and what is known of the shape of U.
/// </summary>
/// <param name="InClass">Whether f is in D²; null if nobody has said.</param>
/// <param name="Reason">If f is not in D², why; else empty.</param>
/// <param name="StarShaped">
/// Whether U is known to be star-shaped about the centre of the box that encloses the default K: then tx + (1 − t)c is in U for every x of U and
/// 0 ≤ t ≤ 1.
/// </param>
public sealed record Membership(bool? InClass, string Reason, bool StarShaped)
{
    /// <summary>Nothing is known, as of a formula.</summary>
    public static Membership Unknown { get; } = new(null, "", false);

    /// <summary>In D², with U star-shaped about the centre of the default K.</summary>
    public static Membership Star { get; } = new(true, "", true);

    /// <summary>In D², with a U that is not star-shaped: a chart is needed (<see cref="Domain.Chart"/>).</summary>
    public static Membership NotStar { get; } = new(true, "", false);

    /// <summary>Not in D², for a reason.</summary>
    public static Membership Outside(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new(false, reason, false);
    }
}
