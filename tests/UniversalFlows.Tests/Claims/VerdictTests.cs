using UniversalFlows.Proofs.Claims;
using Xunit;

namespace UniversalFlows.Tests.Claims;

/// <summary>From evidence to verdict.</summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData(EvidenceKind.Proof, Verdict.Certified, Verdict.Refuted)]
    [InlineData(EvidenceKind.ProvedWitness, Verdict.Constructed, Verdict.Inconclusive)]
    [InlineData(EvidenceKind.Witness, Verdict.Constructed, Verdict.Inconclusive)]
    [InlineData(EvidenceKind.Points, Verdict.Supported, Verdict.Refuted)]
    [InlineData(EvidenceKind.Sample, Verdict.Statistical, Verdict.Inconclusive)]
    [InlineData(EvidenceKind.Measurement, Verdict.Supported, Verdict.Inconclusive)]
    [InlineData(EvidenceKind.Record, Verdict.Supported, Verdict.Refuted)]
    public void A_defect_below_above_and_across_the_tolerance(object kind, object below, object above)
    {
        Finding Of(double lower, double upper) => new((EvidenceKind)kind, upper, lower, upper, "");
        Assert.Equal(below, Of(0.1, 0.9).Judge(1));
        Assert.Equal(below, Of(1, 1).Judge(1));
        Assert.Equal(above, Of(1.1, 1.2).Judge(1));
        Assert.Equal(Verdict.Inconclusive, Of(0.9, 1.1).Judge(1));
    }

    [Theory]
    [InlineData(double.NaN, double.NaN, 1)]
    [InlineData(double.NaN, 0, 1)]
    [InlineData(2, double.NaN, 1)]
    [InlineData(0, 0, double.NaN)]
    public void NaN_decides_nothing(double lower, double upper, double tolerance) =>
        Assert.Equal(Verdict.Inconclusive, new Finding(EvidenceKind.Proof, 0, lower, upper, "").Judge(tolerance));

    [Fact]
    public void Words_are_exactly_these() =>
        Assert.Equal(["certified", "constructed", "statistical", "supported", "inconclusive", "refuted", "stale", "not-testable"], ClaimWords.Verdicts);

    [Fact]
    public void A_correction_that_fails_is_not_as_expected()
    {
        Claim claim = Ledger.Default["B33"];
        Finding wrong = Finding.Exact(1, ""), right = Finding.Exact(0, "");
        Assert.True(Judgement.Of(claim, wrong with { Corrected = right }).IsExpected);
        Assert.False(Judgement.Of(claim, wrong with { Corrected = wrong }).IsExpected);
        Assert.False(Judgement.Of(claim, right).IsExpected);
    }

    [Fact]
    public void The_largest_of_numbers_keeps_NaN()
    {
        Largest largest = default;
        foreach (double x in (double[])[1, 3, 2]) largest.Add(x);
        Assert.Equal(3, largest.Value);
        foreach (double x in (double[])[double.NaN, 5]) largest.Add(x);
        Assert.True(double.IsNaN(largest.Value));
    }
}
