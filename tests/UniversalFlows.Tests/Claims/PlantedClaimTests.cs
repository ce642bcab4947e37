using UniversalFlows.Proofs.Claims;
using UniversalFlows.Proofs.Claims.Evidence;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Claims;

/// <summary>A wrong sign, constant or bound under a claim changes its verdict.</summary>
public sealed class PlantedClaimTests
{
    /// <summary>The claim, what is planted, and the evidence with it.</summary>
    private static readonly (string Claim, string Bug, Func<Finding> Planted)[] s_planted =
    [
        ("A2", "the sign of s", () => Couplings.LogDet(5, 2, s => -s.Sum())),
        ("B5", "the sign of s", () => Couplings.Blocks(5, 2, s => Math.Exp(-s))),
        ("B8", "the sign of y²", () => Densities.TanhImage(y => 1 + (y * y))),
        ("B9", "no factor r", () => Densities.Polar(0)),
        ("B9", "the variance", () => Densities.Polar(1, 1)),
        ("B14", "the sign of the log-determinant", () => Couplings.InverseJacobian(-1)),
        ("B17", "the sign of s", () => Couplings.InverseWithoutInverses((y, s, t) => (y - t) * Math.Exp(s))),
        ("B27", "one pixel too few", () => Convolutions.PointwiseDeterminant(3, 3, 2, (h, w) => (h * w) - 1)),
        ("B31", "rows only", () => Convolutions.ActNorm(3, 3, 2, (h, w) => h)),
        ("N13", "the exponent", () => Transport.TwoModes(1, 0.5, 0.5 * Math.Exp(1))),
    ];

    /// <summary>Bugs in corrections, which must hold as well.</summary>
    private static readonly (string Claim, string Bug, Func<Finding> Planted)[] s_corrections =
    [
        ("B1", "the factor ½", () => Densities.NormalAt(5, 2, 3, -2.517551, -1)),
        ("B33", "the sign of 2s", () => Splines.Ends<PlantedBin>(1, 2, 1.5, 0.5)),
        ("B34", "the sign of 2s", () => Splines.Derivative<PlantedBin>(1, 2, 1.5, 0.5)),
        ("B35", "the sign of 2s", () => Splines.Monotone<PlantedBin>(1, 1, 10, 0.1)),
    ];

    public static TheoryData<int> Planted => [.. Enumerable.Range(0, s_planted.Length + s_corrections.Length)];

    [Theory]
    [MemberData(nameof(Planted))]
    public void A_planted_bug_is_refuted(int index)
    {
        (string id, string bug, Func<Finding> planted) = index < s_planted.Length ? s_planted[index] : s_corrections[index - s_planted.Length];
        Verdict verdict = planted().Judge(Ledger.Default[id].Tolerance!.Value);
        Assert.True(verdict == Verdict.Refuted, $"{id} with a bug in {bug} is {ClaimWords.Of(verdict)}");
    }

    private readonly struct PlantedBin : IBin
    {
        public static T Value<T>(T xi, T w, T h, T d0, T d1) where T : unmanaged, IScalar<T>
        {
            T s = h / w;
            return h * ((s * xi * xi) - (d0 * xi * (1 - xi))) / (s + ((d0 + d1 + (2 * s)) * xi * (1 - xi)));
        }

        public static T Slope<T>(T xi, T w, T h, T d0, T d1) where T : unmanaged, IScalar<T> => CorrectBin.Slope(xi, w, h, d0, d1);
    }
}
