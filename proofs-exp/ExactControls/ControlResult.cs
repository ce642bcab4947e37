using System.Text.Json.Serialization;

namespace UniversalFlows.Proofs.ExactControls;

/// <summary>A number that theory gives exactly, and what was measured against it.</summary>
/// <param name="Name">What is measured: sup, L2, TV, KL, W1, layers, a factor.</param>
/// <param name="Exact">The infimum over the class, computed.</param>
/// <param name="ExactBy">How it was computed.</param>
/// <param name="CrossCheck">The same by another method.</param>
/// <param name="CrossCheckBy">Which.</param>
/// <param name="Tolerance">How far measured numbers may be on the wrong side.</param>
public sealed record ControlQuantity(string Name, double Exact, string ExactBy, double CrossCheck, string CrossCheckBy, double Tolerance)
{
    /// <summary>How far the cross-check may be from the exact value.</summary>
    public double CrossTolerance { get; init; } = 1e-9;

    /// <summary>What training reached inside the class; null: nothing is trained.</summary>
    public double? Trained { get; init; }

    /// <summary>The standard error of the trained or measured number, where it has one.</summary>
    public double? StandardError { get; init; }

    /// <summary>What was trained, and how.</summary>
    public string TrainedBy { get; init; } = "";

    /// <summary>An explicit member of the class that reaches the value: its error from below.</summary>
    public double? WitnessLower { get; init; }

    /// <summary>Its error from above.</summary>
    public double? WitnessUpper { get; init; }

    /// <summary>What the witness is, and whether its error is proved.</summary>
    public string WitnessBy { get; init; } = "";

    /// <summary>Outside the class, or with enough layers, the same target is reached: the error there.</summary>
    public double? Twin { get; init; }

    /// <summary>The twin succeeds if its error is at most this.</summary>
    public double TwinAtMost { get; init; }

    /// <summary>What the twin is.</summary>
    public string TwinBy { get; init; } = "";

    /// <summary>Both computations of the exact value agree.</summary>
    [JsonIgnore]
    public bool ExactHolds => Math.Abs(CrossCheck - Exact) <= CrossTolerance * (1 + Math.Abs(Exact));

    /// <summary>Training did not get below it.</summary>
    [JsonIgnore]
    public bool TrainedHolds => Trained is not { } trained || trained >= Exact - Tolerance;

    /// <summary>The witness reaches it, and is not below it either.</summary>
    [JsonIgnore]
    public bool WitnessHolds => (WitnessUpper is not { } upper || upper <= Exact + Tolerance) && (WitnessLower is not { } lower || lower >= Exact - Tolerance);

    /// <summary>The twin succeeds.</summary>
    [JsonIgnore]
    public bool TwinHolds => Twin is not { } twin || twin <= TwinAtMost;

    /// <summary>All of them.</summary>
    [JsonIgnore]
    public bool Holds => ExactHolds && TrainedHolds && WitnessHolds && TwinHolds;
}

/// <summary>A point of a curve: an exact value and a measured one.</summary>
/// <param name="Series">Which curve.</param>
/// <param name="X">Where.</param>
/// <param name="Exact">The exact value, or the bound; null: the curve has none.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="Error">Its standard error; 0 if there is nothing random.</param>
public sealed record ControlPoint(string Series, double X, double? Exact, double Measured, double Error = 0);

/// <summary>A control: something that a class of flows can't do, by an exact amount. Pure: the same arguments give the same numbers, whatever the machine and the threads.</summary>
public sealed record ControlResult
{
    /// <summary>N1, …, as in docs/controls.md.</summary>
    public required string Id { get; init; }

    /// <summary>The arguments in words.</summary>
    public required string Setting { get; init; }

    /// <summary>The class of flows.</summary>
    public required string Class { get; init; }

    /// <summary>What they should approximate.</summary>
    public required string Target { get; init; }

    /// <summary>Why they can't, in one sentence.</summary>
    public required string Why { get; init; }

    /// <summary>What was measured; the first is the main one.</summary>
    public required IReadOnlyList<ControlQuantity> Quantities { get; init; }

    /// <summary>Curves.</summary>
    public IReadOnlyList<ControlPoint> Points { get; init; } = [];

    /// <summary>Whether the points of the curves are as they must be.</summary>
    public bool PointsHold { get; init; } = true;

    /// <summary>The exact value of the main quantity.</summary>
    [JsonIgnore]
    public double Exact => Quantities[0].Exact;

    /// <summary>Its tolerance.</summary>
    [JsonIgnore]
    public double Tolerance => Quantities[0].Tolerance;

    /// <summary>What was measured of it: trained, witness from below and above, as far as there is any.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> Values => [.. ((double?[])[Quantities[0].Trained, Quantities[0].WitnessLower, Quantities[0].WitnessUpper]).OfType<double>()];

    /// <summary>Whether the class fails by as much as it must, the witness reaches the value, and the twin succeeds.</summary>
    [JsonIgnore]
    public bool Holds => PointsHold && Quantities.All(q => q.Holds);
}
