using UniversalFlows.Testing.Laws;

namespace UniversalFlows.Testing;

/// <summary>The laws of a bijection with a log-determinant.</summary>
public static class FlowLaws
{
    /// <summary>All laws.</summary>
    public static IReadOnlyList<Law> All { get; } =
    [
        new("forward-inverse", "|f⁻¹(f(x)) − x| ≤ 1e-12·(1 + |x| + ‖J⁻¹‖(1 + |y| + ‖J‖|x|))", Always, RoundTripLaws.ForwardThenInverse),
        new("inverse-forward", "|f(f⁻¹(y)) − y| ≤ 1e-12·(1 + |y| + ‖J‖|x|)", Always, RoundTripLaws.InverseThenForward),
        new("log-det-jacobian", "log-det = log|det J|, J by dual numbers, within 1e-10·(1 + |ld|) + 1e-13·κ(J)", Always, LogDetLaws.IsThatOfTheJacobian),
        new("log-det-differences", "log-det = log|det J|, J by central differences, within 1e-7·(1 + κ(J)) + 10·(estimated error)", Always, LogDetLaws.IsThatOfCentralDifferences),
        new("log-det-inverse", "log-det of f⁻¹ at f(x) = −log-det of f at x, within 1e-10·(1 + |ld|) + 100·(error of the round trip)", Always, LogDetLaws.OfTheInverseIsTheNegative),
        new("log-det-composition", "log-det of g∘f = log-det of f at x + log-det of g at f(x), within 1e-15·(|ld_f| + |ld_g|)", Always, LogDetLaws.AddsInCompositions),
        new("density", "∫ N(f⁻¹(y))·|det Df⁻¹(y)| dy = 1 within 1e-5 (d = 1), 3e-3 (d = 2)", c => c.HasDensity, DensityLaw.IntegratesToOne) { Cost = 100 },
        new("orientation", "det Df has one sign", Always, OrientationLaw.IsKept),
        new("pass-through", "y_j = x_j to the bit for coordinates that are not active", IsCoupling, StructureLaws.PassesThrough),
        new("triangular", "y_i depends on x_i and the passive coordinates alone, or on x_i and the coordinates before it in the order", IsTriangular, StructureLaws.IsTriangular),
        new("monotone", "x_i ↦ y_i increases for active i", IsTriangular, StructureLaws.IsMonotone),
        new("exact", "where bits are promised they are kept: identity tails, additive couplings, permutations, the empty composition", c => c.Exact(c.Draw(0)) is not null, IdentityLaws.IsExact),
        new("identity", "at the transformer's identity parameters f(x) = x and log-det = 0 within 1e-12·(1 + |x|)", c => c.Coupling(c.Draw(0)) is not null, IdentityLaws.StartsThere),
        new("batch", "eight points side by side have the bits of the points one at a time", Always, ReadingLaws.BatchIsRows),
        new("one-call", "n points in one call = in two calls, and the same call twice, to the bit", Always, BatchLaws.OneCallIsTwo),
        new("rows", "permuting the points permutes the images, to the bit", Always, BatchLaws.RowsCanBePermuted),
        new("threads", "two and three threads have the bits of one: values, inverses, log-dets, the gradient of the mean log-likelihood", Always, ThreadLaw.DoesNotDependOnThreads) { Cost = 20 },
        new("map", "Map has the bits of Forward", Always, ReadingLaws.MapIsForward),
        new("readings", "values of dual numbers and of the tape have the bits of plain values", Always, ReadingLaws.DerivativesKeepValues),
        new("file", "load(save(f)) has the bits of f", Always, ReadingLaws.SurvivesTheFile),
        new("gradient", "reverse mode = forward mode within 1e-10·Σ|terms|", c => c.HasTape, GradientLaw.ReverseIsForward) { Cost = 3 },
        new("parameter-gradient", "∂/∂θ by dual numbers = central differences within 1e-7·(1 + Σ|terms|) + 10·(estimated error), forward and inverse", HasParameters, ParameterGradientLaw.IsThatOfDifferences),
        new("inverse-gradient", "D(f⁻¹) and ∂ log-det of f⁻¹ = those of an unrolled chord iteration within 1e-8·κ(J)·(1 + ‖J⁻¹‖)", Always, InverseGradientLaw.IsThatOfTheUnrolledIteration),
        new("domain", "values, log-dets and inverses are finite on [−reach, reach]^d, its corners included", Always, RobustnessLaws.IsFiniteInItsDomain),
        new("edges", "no jump at knots, ends and clips: one ulp moves f by 1e-12·(1 + |y| + ‖J‖(1 + |x|)) and the log-det by 1e-8·(1 + |ld|) at most", Always, EdgeLaw.IsContinuous),
        new("tiny", "±0, subnormals and numbers below 1e-19 are as good as 0: |f(x) − f(0)| ≤ 1e-12·(1 + |f(0)| + ‖J‖); +0 and −0 give equal numbers", Always, ZeroLaws.IsContinuous),
        new("far-away", "finite values, log-dets and inverses for coordinates up to ±1e6", c => c.FiniteFarAway, RobustnessLaws.IsFiniteFarAway),
        new("overflow", "an inverse that is not finite says so in its status", Always, RobustnessLaws.OverflowIsTyped),
        new("nan", "a NaN coordinate gives a NaN output; a NaN passive coordinate gives NaN in every active one", Always, RobustnessLaws.HandsNaNOn),
    ];

    /// <summary>The law of a name.</summary>
    public static Law Named(string name) =>
        All.FirstOrDefault(l => l.Name == name) ?? throw new ArgumentException($"no law is called \"{name}\"; known are {string.Join(", ", All)}", nameof(name));

    private static bool Always(BijectionCase subject) => true;

    private static bool IsTriangular(BijectionCase subject) => IsCoupling(subject) || subject.Order(subject.Draw(0)) is not null;

    private static bool IsCoupling(BijectionCase subject) => subject.Structure(subject.Draw(0)) is not null;

    private static bool HasParameters(BijectionCase subject) => subject.Draw(0).Parameters.Any();
}
