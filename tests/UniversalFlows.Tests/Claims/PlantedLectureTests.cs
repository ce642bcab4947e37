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
        ("B60", "the dense matrix", () => Costs.PointwiseLogDet(2, 1, dense: true)),
        ("B62", "the sign of the trace", () => ContinuousFlows.Liouville(-1)),
        ("B63", "the exponent of the width", () => Costs.EvaluationGrowth(64, (d, w) => (2L * d * w) + ((long)w * w * w))),
        ("B65", "too few evaluations", () => ContinuousFlows.Evaluations(50, 200, 1e-5, 49)),
        ("B66", "a sign under the square", () => Traces.Regulariser(3, printed: true, -1)),
        ("B87", "|v|² = d on average", () => Traces.Unbiased((m, i, j) => i != j || m >= 0)),
    ];

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
}
