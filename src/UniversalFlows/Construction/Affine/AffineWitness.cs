using UniversalFlows.Bijections;

namespace UniversalFlows.Construction.Affine;

/// <summary>An affine coupling flow with the numbers of its construction, or a refusal.</summary>
/// <param name="Flow">Affine couplings and linear maps; null if the target was refused.</param>
/// <param name="Route">The construction.</param>
/// <param name="Refusal">Why there is no flow; null if there is one.</param>
/// <param name="Constants">What the construction chose and measured: N, M, D, the weight; or n, the ramp, γ, the measure of the exceptional set …</param>
/// <param name="Budget">Where the error comes from, in the norm that was asked for.</param>
public sealed record AffineWitness(Composition? Flow, AffineRoute Route, Refusal? Refusal, IReadOnlyList<Quantity> Constants, IReadOnlyList<BudgetItem> Budget)
{
    /// <summary>For the Lp routes: the set where the flow is not near f.</summary>
    public ExceptionalSet? Exceptional { get; init; }

    /// <summary>Route cell: one record for each one-coordinate map, in the order of application.</summary>
    public IReadOnlyList<CellRecord> Maps { get; init; } = [];

    /// <summary>The sum of what the sources contribute.</summary>
    public double Bound { get; } = Budget.Sum(b => b.Contribution);
}

/// <summary>A number of a construction.</summary>
/// <param name="Key">Its name in JSON, such as <c>rampWidth</c>.</param>
/// <param name="Meaning">In words, with its symbol.</param>
/// <param name="Value">The number.</param>
public sealed record Quantity(string Key, string Meaning, double Value);

/// <summary>One source of error.</summary>
/// <param name="Key">Its name in JSON, such as <c>splitting</c>.</param>
/// <param name="Meaning">In words: what was measured or bounded, and by which factor it reaches the end.</param>
/// <param name="Contribution">At most this much of the error, to first order.</param>
public sealed record BudgetItem(string Key, string Meaning, double Contribution);
