namespace UniversalFlows.Proofs.Claims;

/// <summary>A claim with its verdict.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Verdict">Computed from the finding and the tolerance.</param>
/// <param name="Finding">What was found; null if stale or not testable.</param>
/// <param name="Remark">Why it is stale or not testable; otherwise empty.</param>
/// <param name="Seconds">What the computation took; 0 if the evidence was kept.</param>
internal sealed record Judgement(Claim Claim, Verdict Verdict, Finding? Finding, string Remark, double Seconds)
{
    /// <summary>The verdict on the correct statement, if it was tested.</summary>
    public Verdict? Corrected => Finding?.Corrected?.Judge(Claim.Tolerance ?? 0);

    /// <summary>Whether the verdict is the expected one, and a tested correction holds.</summary>
    public bool IsExpected => Verdict == Claim.Expected && Corrected is null or Verdict.Certified or Verdict.Constructed or Verdict.Statistical or Verdict.Supported;

    /// <summary>Whether the statement holds as far as evidence goes.</summary>
    public bool Holds => Verdict is Verdict.Certified or Verdict.Constructed or Verdict.Statistical or Verdict.Supported;

    /// <summary>A claim with a finding.</summary>
    public static Judgement Of(Claim claim, Finding finding, double seconds = 0) => new(claim, finding.Judge(claim.Tolerance ?? double.NaN), finding, "", seconds);

    /// <summary>A claim with kept evidence, stale evidence, or none by nature.</summary>
    public static Judgement Kept(string results, Claim claim)
    {
        if (claim.Evidence is null) return new(claim, Verdict.NotTestable, null, claim.Reason!, 0);
        (EvidenceFile? file, string stale) = EvidenceFile.Read(results, claim);
        return file is null ? new(claim, Verdict.Stale, null, stale, 0) : Of(claim, file.Finding);
    }
}
