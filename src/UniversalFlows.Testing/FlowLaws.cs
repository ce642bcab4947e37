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
        new("density", "∫ N(f⁻¹(y))·|det Df⁻¹(y)| dy = 1 within 1e-5 (d = 1), 3e-3 (d = 2)", c => c.HasDensity, DensityLaw.IntegratesToOne),
        new("pass-through", "y_j = x_j to the bit for coordinates that are not active", IsCoupling, StructureLaws.PassesThrough),
        new("triangular", "y_i depends on x_i and the passive coordinates alone, or on x_i and the coordinates before it in the order", IsTriangular, StructureLaws.IsTriangular),
        new("monotone", "x_i ↦ y_i increases for active i", IsTriangular, StructureLaws.IsMonotone),
        new("batch", "eight points side by side have the bits of the points one at a time", Always, ReadingLaws.BatchIsRows),
        new("map", "Map has the bits of Forward", Always, ReadingLaws.MapIsForward),
        new("readings", "values of dual numbers and of the tape have the bits of plain values", Always, ReadingLaws.DerivativesKeepValues),
        new("file", "load(save(f)) has the bits of f", Always, ReadingLaws.SurvivesTheFile),
        new("gradient", "reverse mode = forward mode within 1e-10·Σ|terms|", c => c.HasTape, GradientLaw.ReverseIsForward),
        new("far-away", "finite values, log-dets and inverses for coordinates up to ±1e6", c => c.FiniteFarAway, RobustnessLaws.IsFiniteFarAway),
        new("nan", "a NaN coordinate gives a NaN output; a NaN passive coordinate gives NaN in every active one", Always, RobustnessLaws.HandsNaNOn),
    ];

    /// <summary>The law of a name.</summary>
    public static Law Named(string name) =>
        All.FirstOrDefault(l => l.Name == name) ?? throw new ArgumentException($"no law is called \"{name}\"; known are {string.Join(", ", All)}", nameof(name));

    private static bool Always(BijectionCase subject) => true;

    private static bool IsTriangular(BijectionCase subject) => IsCoupling(subject) || subject.Order(subject.Draw(0)) is not null;

    private static bool IsCoupling(BijectionCase subject) => subject.Structure(subject.Draw(0)) is not null;
}
