using UniversalFlows.Bijections;
using UniversalFlows.Construction;

namespace UniversalFlows.Proofs.Studies;

/// <summary>The place of a construction in a sweep.</summary>
/// <param name="Sweep">The sweep's name.</param>
/// <param name="At">The value of what is swept.</param>
public sealed record SweepPoint(string Sweep, double At);

/// <summary>A row of constructions of one target in which one setting of the compiler varies and all others are fixed.</summary>
/// <param name="Name">A short name, kept in the cells.</param>
/// <param name="Words">For the key of a figure.</param>
/// <param name="Variable">What varies, for an axis.</param>
/// <param name="Target">The target's name.</param>
/// <param name="Family">The layers.</param>
/// <param name="Epsilon">How far the fits go: well below the errors of the sweep.</param>
/// <param name="Factors">N; 0 where N varies.</param>
/// <param name="Degree">Of the layers; 0 where the degree varies.</param>
/// <param name="Values">The values of what varies.</param>
/// <param name="Theory">The slope of log error against log of the variable that the theory gives; NaN if it says only that the decay is geometric, or nothing.</param>
/// <param name="FitFrom">The rate is fitted from this value on.</param>
/// <param name="FitTo">The rate is fitted up to this value.</param>
public sealed record Sweep(
    string Name, string Words, string Variable, string Target, FlowFamily Family, double Epsilon, int Factors, int Degree, IReadOnlyList<int> Values, double Theory, double FitFrom, double FitTo)
{
    /// <summary>Whether the error is expected to fall by a factor each step, a straight line over a linear axis.</summary>
    public bool Geometric { get; init; }

    /// <summary>dsf: corrected or plain.</summary>
    public bool? Corrected { get; init; }

    /// <summary>dsf: κ.</summary>
    public double Overlap { get; init; } = DeepSigmoidalLayer.Overlap;

    /// <summary>The sweeps of the study <c>construction-rates</c>.</summary>
    public static IReadOnlyList<Sweep> All { get; } =
    [
        new("sos-degree", "sums of squares", "degree r of the layers", "twist", FlowFamily.Sos, 1e-10, 4, 0, [6, 8, 10, 12, 14, 16, 18], double.NaN, 6, 18) { Geometric = true },
        new("rqs-size", "splines", "bins K of the layers", "generic", FlowFamily.Rqs, 1e-7, 2, 16, [4, 6, 8, 12, 16, 24, 32], -4, 4, 32),
        new("dsf-plain", "plain", "sigmoids on the layers' interval", "generic", FlowFamily.Dsf, 1e-6, 2, 16, [12, 24, 48, 96], -2, 12, 96) { Corrected = false },
        new("dsf-corrected", "corrected, κ = 1.5", "sigmoids on the layers' interval", "generic", FlowFamily.Dsf, 1e-7, 2, 16, [12, 18, 27, 40, 60, 120], -4, 12, 40) { Corrected = true },
        new("dsf-corrected-1", "corrected, κ = 1", "sigmoids on the layers' interval", "generic", FlowFamily.Dsf, 1e-7, 2, 16, [24, 36, 54, 80, 120], -4, 24, 120) { Corrected = true, Overlap = 1 },
        new("sos-factors", "sums of squares", "N, the number of near-identity factors", "twist", FlowFamily.Sos, 1e-10, 0, 10, [3, 4, 6, 8, 16, 32], double.NaN, 3, 32),
    ];

    /// <summary>The task of a point.</summary>
    public RateTask Task(int value) => new(this, value);
}
