using UniversalFlows.Bijections;
using UniversalFlows.Proofs.Claims;
using UniversalFlows.Proofs.Claims.Evidence;
using UniversalFlows.Proofs.ExactControls;
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
        ("A1", "the order of the parts on the way back", () => Compositions.RoundTrip(100, parts => [.. parts.Reverse()])),
        ("A3", "the volume's exponent", () => Compositions.SupBoundsL2("generic", volume => 0.1 * volume)),
        ("A4", "the jump", () => Compositions.SlitPlane(1)),
        ("A11", "the slope", () => Couplings.ContainAffine(2, 0.5, 2.1)),
        ("A13", "the order of the one-coordinate maps", () => Constructions.Steps(2.5, 8, maps => maps.AsEnumerable().Reverse())),
        ("A13", "one map left out", () => Constructions.Steps(2.5, 8, maps => maps.Skip(1))),
        ("L1", "the power of t", () => Compositions.IsotopyOf("generic", 2)),
        ("B2", "no log-determinant", () => Densities.MassOfFlows(4, 0)),
        ("B2", "the sign of the log-determinant", () => Densities.MassOfFlows(4, -1)),
        ("B4", "the exponent", () => Operations.EliminationGrowth(192, 2)),
        ("B28", "the sign of u", () => Convolutions.FactoredKernel(3, u => -u.Sum())),
        ("B30", "an invertible kernel", () => Convolutions.FreeKernel(1.5)),
        ("B32", "the sign in the quotient rule", () => Splines.QuotientRule(1)),
        ("B38", "forwards instead of backwards", () => Odes.ReverseSolve(64, 1)),
        ("N3", "the bound", () => Obstructions.ConstantVolume(0.5, 1.5, (a, b) => b - a)),
        ("N5", "the inner radius", () => Obstructions.RingInversion(0.6, 2)),
        ("N6", "the bound of the fold", () => Obstructions.LineObstructions(2, 0.5, 1)),
        ("N6", "the bound of increasing maps", () => Obstructions.LineObstructions(1, 0.5, 0.5)),
        ("N14", "the height", () => Obstructions.DiscOutOfRing(0.9)),
        ("N15", "the bound", () => Obstructions.OneAutonomousField(0.2, 0.5)),
        ("N15", "no cubic term", () => Obstructions.OneAutonomousField(0.2, 0.05, 0)),
        ("N17", "the constant", () => Obstructions.AtomsAndDensities(1)),
        ("N13", "the exponent", () => Transport.TwoModes(1, 0.5, 0.5 * Math.Exp(1))),
    ];

    /// <summary>Bugs in corrections, which must hold as well.</summary>
    private static readonly (string Claim, string Bug, Func<Finding> Planted)[] s_corrections =
    [
        ("B1", "the factor ½", () => Densities.NormalAt(5, 2, 3, -2.517551, -1)),
        ("B39", "the sign of the divergence", () => Odes.AlongTrajectory(0.5, 1, -1)),
        ("B40", "the sign of f·∇ρ", () => Odes.Continuity(0.5, 1, -1)),
        ("B26", "the order", () => Densities.Hierarchy(0.5, reversed: true)),
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

    /// <summary>A spoilt witness refutes nothing, but it is no witness either.</summary>
    [Fact]
    public void A_spoilt_witness_is_none()
    {
        Linear shift = new([1, 0, 0, 1], [0.01, 0]);
        Verdict Spoilt(string id, Func<Func<Composition, Composition>, Finding> evidence) =>
            evidence(flow => new Composition(flow.Dimension, [.. flow.Parts, shift])).Judge(Ledger.Default[id].Tolerance!.Value);
        Assert.Equal(Verdict.Inconclusive, Spoilt("A5", spoil => Constructions.Sup("sos", 1e-3, "twist", spoil)));
        Assert.Equal(Verdict.Inconclusive, Spoilt("S", spoil => Constructions.Sup("acf", 5e-3, "generic", spoil)));
        Verdict Law(string cases, Func<Composition, Composition> spoil) => CompiledLaws.Witnesses(cases, spoil).Judge(Ledger.Default["A10"].Tolerance!.Value);
        Composition Wider(Composition flow) => new(flow.Dimension, [new Linear([.. Enumerable.Range(0, flow.Dimension * flow.Dimension).Select(i => i % (flow.Dimension + 1) == 0 ? 2.0 : 0)], new double[flow.Dimension]), .. flow.Parts]);
        Assert.Equal(Verdict.Constructed, Law("banana:acf:0.1", flow => flow));
        Assert.Equal(Verdict.Inconclusive, Law("banana:acf:0.1", flow => new(2, [.. flow.Parts, new Linear([0, 1, 1, 0], [0, 0])])));
        Assert.Equal(Verdict.Inconclusive, Law("circle:acf:0.1", Wider));
        Assert.Equal(Verdict.Inconclusive, Law("two-gaussians:rqs:0.1", Wider));
        Assert.Equal(Verdict.Inconclusive, Factorizations.SpecialLinear(2, 6, -1).Judge(Ledger.Default["N11"].Tolerance!.Value));
    }

    /// <summary>A control whose value, cross-check, trained flow, witness or twin is off is not confirmed.</summary>
    [Fact]
    public void A_control_that_does_not_fail_as_it_must_is_refuted()
    {
        ControlQuantity good = new("sup", 1, "algebra", 1, "quadrature", 1e-6) { Trained = 1.1, WitnessLower = 1, WitnessUpper = 1, Twin = 1e-9, TwinAtMost = 1e-6 };
        Verdict Of(ControlQuantity quantity, double told = 1, bool points = true) => ControlValues.Check(
            new ControlResult { Id = "N8", Setting = "s", Class = "c", Target = "t", Why = "w.", Quantities = [quantity], PointsHold = points }, told).Judge(1e-5);
        Assert.Equal(Verdict.Supported, Of(good));
        Assert.Equal(Verdict.Refuted, Of(good, told: 1.1));
        Assert.Equal(Verdict.Refuted, Of(good, points: false));
        foreach (ControlQuantity bad in (ControlQuantity[])[good with { CrossCheck = 1.1 }, good with { Trained = 0.9 }, good with { WitnessUpper = 1.2 }, good with { WitnessLower = 0.5 }, good with { Twin = 0.1 }])
            Assert.Equal(Verdict.Refuted, Of(bad));
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
