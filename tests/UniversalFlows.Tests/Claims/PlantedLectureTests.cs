using UniversalFlows.Proofs.Claims;
using UniversalFlows.Proofs.Claims.Evidence;
using Xunit;

namespace UniversalFlows.Tests.Claims;

/// <summary>A wrong sign, constant or bound under a claim of the lecture's second half changes its verdict: refuted, or inconclusive where a measurement can't refute.</summary>
public sealed class PlantedLectureTests
{
    /// <summary>The claim, what is planted, and the evidence with it: in the statement if it is true, in its correction if not.</summary>
    private static readonly (string Claim, string Bug, Func<Finding> Planted)[] s_planted =
    [
        ("B41", "the degree", () => Costs.ExactTrace(8, 1)),
        ("B42", "the sign of the trace", () => Traces.LogDetOrder(4, (a, i, j) => i == j ? -a : 0)),
        ("B42", "the sum of all entries", () => Traces.LogDetOrder(4, (a, i, j) => a)),
        ("B43", "the sign of the trace", () => ContinuousFlows.Contraction(3, 1, 1)),
        ("B44", "the variance of ε", () => Traces.Hutchinson(6, 2, 12)),
        ("B44", "the fourth moment", () => Traces.Hutchinson(6, 1, 2)),
        ("B45", "too small a bound", () => Costs.EstimatePerEvaluation(1)),
        ("B47", "the sign of the adjoint's equation", () => Adjoints.Signs(1, -1)),
        ("B47", "the sign of the integral", () => Adjoints.Signs(-1, 1)),
        ("B48", "half of the missing term", () => Adjoints.Sensitivity(0.5)),
        ("B49", "the sign of the last part", () => Adjoints.Augmented(1)),
        ("B50", "two bytes a number", () => Costs.Memory(1000000, 100, 4e8, 2, exhausts: false)),
        ("B51", "all states kept", () => Adjoints.Memory(store: true)),
        ("B52", "the sign of the adjoint's equation", () => Adjoints.Regulator(1)),
        ("B53", "the band", () => Likelihoods.Typicality(100, 4, 0.9)),
        ("B55", "the speed", () => Matching.Transport(0.9, optimal: false, 1.1)),
        ("B58", "the coefficient under the root", () => Approximations.CubicSlice(2.5)),
        ("B59", "the order of the corrected composition", () => Approximations.OrderOfCouplings(4, last: false)),
        ("B60", "the dense matrix", () => Costs.PointwiseLogDet(2, 1, dense: true)),
        ("B61", "conditioners of the given point", () => Approximations.Passes(12, ownOutputs: false)),
        ("B62", "the sign of the trace", () => ContinuousFlows.Liouville(-1)),
        ("B63", "the sign of w²", () => Costs.EvaluationCount((d, w) => (2L * d * w) - ((long)w * w))),
        ("B64", "the sign of the log-determinant", () => Likelihoods.TwoMoons(10, -1)),
        ("B65", "too few evaluations", () => ContinuousFlows.Evaluations(50, 200, 1e-5, 49)),
        ("B66", "a sign under the square", () => Traces.Regulariser(3, printed: true, -1)),
        ("B67", "the quotient", () => Rounded.Quotient(0.42, 0.18, 2.4)),
        ("B70", "the factor of the mixed term", () => Kernels.ThreeTerms(-1)),
        ("B70", "the sign of the mixed term", () => Kernels.ThreeTerms(2)),
        ("B71", "the factor of the score", () => Diffusions.ProbabilityFlow(2)),
        ("B72", "the sign of the noise", () => Diffusions.WithoutTrace(-1)),
        ("B73", "the sign of the log-determinant", () => Likelihoods.AnomalyScore(-1)),
        ("B75", "the factor", () => Likelihoods.Spikes(1e-3, 999)),
        ("B76", "the sign of log q", () => Likelihoods.Dequantisation(-1)),
        ("B79", "a scale that does not overflow", () => Likelihoods.Stability(1)),
        ("B80", "the quotient", () => Rounded.Rates(1000, 45, 28, 12, 22222, 35714, 83333, 3.9)),
        ("B81", "the code in the low digits", () => Approximations.LayersInLp(4, 8, needed: false, code: false)),
        ("B82", "the sign of the trace", () => Matching.ScoreWithoutTrace(4, -1)),
        ("B83", "the sign of x₀", () => Matching.Minimiser((x0, x1) => x1 + x0)),
        ("B87", "|v|² = d on average", () => Traces.Unbiased((m, i, j) => i != j || m >= 0)),
    ];

    /// <summary>The true statement in the place of a wrong one: evidence that refuted it as well would show nothing.</summary>
    private static readonly (string Claim, string Instead, Func<Finding> True)[] s_instead =
    [
        ("B46", "a count that does not grow", () => Costs.Growth(64, 64, 1, "reads", 64)),
        ("B53", "the score turned round", () => Likelihoods.OutOfDistribution(100, 4, inverse: true)),
        ("B56", "a target that keeps orientation", () => Approximations.Orientation(1)),
        ("B58", "an affine target", () => Approximations.AffineSlices((y, unit) => (3 * y * unit * unit) - (unit * unit * unit))),
        ("B68", "the first author", () => Bibliography.Author("TarFlow", "Zhai")),
        ("B69", "the first author", () => Bibliography.Author("Ferumal", "English")),
        ("B77", "the published numbers", () => Citations.Dequantised(3.29, 3.08)),
        ("B78", "a decoder that uses the latent variable", () => Latents.Collapse(0.5)),
        ("B84", "the number", () => Bibliography.Number("NodeCapabilities", "1907.12998")),
        ("B85", "the first author", () => Bibliography.Author("CubicSpline", "Durkan")),
        ("B86", "a list that fits", () => Citations.Footnotes((_, _) => true)),
    ];

    public static TheoryData<int> Instead => [.. Enumerable.Range(0, s_instead.Length)];

    public static TheoryData<int> Planted => [.. Enumerable.Range(0, s_planted.Length)];

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_bug_turns_the_verdict(int index)
    {
        (string id, string bug, Func<Finding> planted) = s_planted[index];
        Finding finding = planted();
        Verdict verdict = finding.Judge(Ledger.Default[id].Tolerance!.Value), expected = finding.Kind is EvidenceKind.Measurement or EvidenceKind.Sample ? Verdict.Inconclusive : Verdict.Refuted;
        Assert.True(verdict == expected, $"{id} with a bug in {bug} is {ClaimWords.Of(verdict)}: {finding}");
    }

    [Theory]
    [MemberData(nameof(Instead))]
    public void The_true_statement_in_its_place_is_not_refuted(int index)
    {
        (string id, string instead, Func<Finding> evidence) = s_instead[index];
        Finding finding = evidence();
        Verdict verdict = finding.Judge(Ledger.Default[id].Tolerance!.Value);
        Assert.True(verdict is Verdict.Certified or Verdict.Supported, $"{id} with {instead} is {ClaimWords.Of(verdict)}: {finding}");
    }
}
