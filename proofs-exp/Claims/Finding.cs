using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims;

/// <summary>
/// What an evidence function found: how far the statement is from being true, as a number. The *defect* is 0 for a true statement: |printed − true|, the
/// largest |left − right| of an identity, the error of a witness, or by how much a bound is missed.
/// </summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Value">The defect.</param>
/// <param name="Lower">It is at least this much.</param>
/// <param name="Upper">It is at most this much.</param>
/// <param name="Done">What was done, in a sentence.</param>
internal sealed record Finding(EvidenceKind Kind, double Value, double Lower, double Upper, string Done)
{
    /// <summary>Numbers a reader wants to see: the printed value, the true one, sizes, counts.</summary>
    public IReadOnlyList<NamedNumber> Numbers { get; init; } = [];

    /// <summary>For a wrong statement: the same test of the correct one.</summary>
    public Finding? Corrected { get; init; }

    /// <summary>Exact arithmetic or a complete argument: no rounding stands between the number and the statement.</summary>
    public static Finding Exact(double defect, string done) => new(EvidenceKind.Proof, defect, defect, defect, done);

    /// <summary>An enclosure of the defect; only its first lane is read.</summary>
    public static Finding Enclosed(Interval defect, string done) =>
        new(EvidenceKind.Proof, 0.5 * (defect.Lower[0] + defect.Upper[0]), defect.Lower[0], defect.Upper[0], done);

    /// <summary>The largest defect at points, each computed with an error of at most <paramref name="rounding"/>.</summary>
    public static Finding AtPoints(double worst, double rounding, string done) =>
        new(EvidenceKind.Points, worst, Math.Max(0, worst - rounding), worst + rounding, done);

    /// <summary>A witness whose error is measured.</summary>
    public static Finding Constructed(double error, string done) => new(EvidenceKind.Witness, error, error, error, done);

    /// <summary>A witness whose error is proved to lie between two numbers.</summary>
    public static Finding Proved(double lower, double upper, string done) => new(EvidenceKind.ProvedWitness, upper, lower, upper, done);

    /// <summary>An estimate and the half width of its confidence interval.</summary>
    public static Finding Sampled(double defect, double halfWidth, string done) => new(EvidenceKind.Sample, defect, Math.Max(0, defect - halfWidth), defect + halfWidth, done);

    /// <summary>A measurement.</summary>
    public static Finding Measured(double defect, string done) => new(EvidenceKind.Measurement, defect, defect, defect, done);

    /// <summary>The number of facts that differ from the record.</summary>
    public static Finding Recorded(int differences, string done) => new(EvidenceKind.Record, differences, differences, differences, done);

    /// <summary>The same finding with numbers to show.</summary>
    public Finding With(params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        List<NamedNumber> all = [.. Numbers];
        foreach ((string name, double value) in numbers) all.Add(new(name, value));
        return this with { Numbers = all };
    }

    /// <summary>
    /// The verdict: the statement holds if the defect is surely at most the tolerance, fails if it is surely above. A failed witness, sample or measurement refutes nothing.
    /// NaN decides nothing.
    /// </summary>
    public Verdict Judge(double tolerance)
    {
        bool holds = Upper <= tolerance && Lower <= Upper, fails = Lower > tolerance && Lower <= Upper;
        return Kind switch
        {
            EvidenceKind.Proof => holds ? Verdict.Certified : fails ? Verdict.Refuted : Verdict.Inconclusive,
            EvidenceKind.ProvedWitness or EvidenceKind.Witness => holds ? Verdict.Constructed : Verdict.Inconclusive,
            EvidenceKind.Points or EvidenceKind.Record => holds ? Verdict.Supported : fails ? Verdict.Refuted : Verdict.Inconclusive,
            EvidenceKind.Sample => holds ? Verdict.Statistical : Verdict.Inconclusive,
            _ => holds ? Verdict.Supported : Verdict.Inconclusive,
        };
    }
}

/// <summary>A number with a name.</summary>
internal sealed record NamedNumber(string Name, double Value);
