using UniversalFlows.Construction.Affine;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What a cell of the study <c>affine-constructions</c> says of the flow besides its errors.</summary>
public sealed record AffineSummary
{
    /// <summary>cell, three, overshear or henon.</summary>
    public required string Route { get; init; }

    /// <summary>The norm of ε: sup, l1 or l2.</summary>
    public required string Norm { get; init; }

    /// <summary>The error in that norm, what is compared with ε: of an Lp route off the set, with its uncertainty, and on it.</summary>
    public required double Error { get; init; }

    /// <summary>What the construction chose and measured.</summary>
    public required IReadOnlyList<Quantity> Constants { get; init; }

    /// <summary>Where the error comes from.</summary>
    public required IReadOnlyList<BudgetItem> Budget { get; init; }

    /// <summary>For an Lp route: the set where the flow is not near f.</summary>
    public ExceptionalSummary? Set { get; init; }

    /// <summary>A constant by its key; NaN if there is none.</summary>
    public double Constant(string key) => Constants.FirstOrDefault(q => q.Key == key)?.Value ?? double.NaN;
}

/// <summary>The exceptional set and what was measured off it.</summary>
/// <param name="Measure">Its Lebesgue measure, estimated from above.</param>
/// <param name="Size">The largest error on it.</param>
/// <param name="Contribution">(Σ measure·size^p)^{1/p}.</param>
/// <param name="SupOff">The largest error met off it.</param>
/// <param name="Ramps">Where it is.</param>
public sealed record ExceptionalSummary(double Measure, double Size, double Contribution, double SupOff, IReadOnlyList<RampSummary> Ramps);

/// <summary>The ramps of a staircase.</summary>
/// <param name="Layer">In the states before this part of the flow, from 0.</param>
/// <param name="Coordinate">In this coordinate, from 0.</param>
/// <param name="Edges">At these places.</param>
/// <param name="Width">η.</param>
public sealed record RampSummary(int Layer, int Coordinate, IReadOnlyList<double> Edges, double Width);
