namespace UniversalFlows.Proofs.Claims;

/// <summary>What the evidence says about a claim. Computed from evidence and tolerance, never written down by hand.</summary>
internal enum Verdict
{
    /// <summary>Proved by exact arithmetic, by outward rounded enclosures, or by a complete finite argument.</summary>
    Certified,

    /// <summary>"There is a g" shown by an explicit g whose error is below the tolerance.</summary>
    Constructed,

    /// <summary>Within a confidence interval of a random experiment.</summary>
    Statistical,

    /// <summary>Agrees at the points, or with the measurement, that were made; not proved.</summary>
    Supported,

    /// <summary>The evidence decides nothing: a witness or a measurement missed the tolerance, or an interval is too wide.</summary>
    Inconclusive,

    /// <summary>False as stated: an exact counterexample, an exact obstruction or a certified value.</summary>
    Refuted,

    /// <summary>There is no evidence of the present code and of the present claim.</summary>
    Stale,

    /// <summary>Nothing here can be executed; the claim says why.</summary>
    NotTestable,
}

/// <summary>Where evidence comes from; each kind has its own way to a verdict.</summary>
internal enum EvidenceKind
{
    /// <summary>Exact arithmetic, an enclosure, or an obstruction that holds for the whole class.</summary>
    Proof,

    /// <summary>An explicit object whose error is proved.</summary>
    ProvedWitness,

    /// <summary>An explicit object whose error is measured at many points.</summary>
    Witness,

    /// <summary>Two independent computations compared at finitely many points; a stated bound of their rounding.</summary>
    Points,

    /// <summary>A random sample with a confidence interval.</summary>
    Sample,

    /// <summary>Costs, counts and rates measured here.</summary>
    Measurement,

    /// <summary>Bibliographic facts compared with a table that says where each is found.</summary>
    Record,
}

/// <summary>ClaimWords of verdicts and of kinds of evidence.</summary>
internal static class ClaimWords
{
    public static string Of(Verdict verdict) => verdict == Verdict.NotTestable ? "not-testable" : verdict.ToString().ToLowerInvariant();

    /// <summary>How strong the evidence is, strongest first in <see cref="EvidenceKind"/>.</summary>
    public static string Of(EvidenceKind kind) => kind switch
    {
        EvidenceKind.Proof => "proof",
        EvidenceKind.ProvedWitness => "witness, error proved",
        EvidenceKind.Witness => "witness, error measured",
        EvidenceKind.Points => "two computations at points",
        EvidenceKind.Sample => "random sample",
        EvidenceKind.Measurement => "measurement",
        _ => "bibliographic record",
    };

    public static string Of(Fidelity fidelity) => fidelity.ToString().ToLowerInvariant();

    public static IReadOnlyList<string> Verdicts { get; } = [.. Enum.GetValues<Verdict>().Select(Of)];

    public static Verdict Parse(string word) => Enum.GetValues<Verdict>().First(v => Of(v) == word);
}
