using UniversalFlows.Bijections;

namespace UniversalFlows.Construction;

/// <summary>What kind of explicit functions the conditioners are.</summary>
public enum ConditionerKind
{
    /// <summary>Chebyshev tensor polynomials.</summary>
    Chebyshev,

    /// <summary>Perceptrons with one hidden layer of tanh units with fixed inner weights, the outer ones by least squares.</summary>
    Perceptron,
}

/// <summary>What the compiler is asked for.</summary>
public sealed record ConstructionSettings
{
    /// <summary>ε &gt; 0: sup_K |f − g| ≤ ε is wanted, Euclidean.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The family of the layers: <see cref="FlowFamily.Sos"/>, <see cref="FlowFamily.Dsf"/> or <see cref="FlowFamily.Rqs"/>.</summary>
    public required FlowFamily Family { get; init; }

    /// <summary>The class of the conditioners.</summary>
    public ConditionerKind Conditioner { get; init; }

    /// <summary>Where the affine part stands; null: the orders are tried, the best one first.</summary>
    public AffineOrder? Order { get; init; }

    /// <summary>N; null: chosen from the measured constants of the isotopy.</summary>
    public int? Factors { get; init; }

    /// <summary>The degree of every layer: r for sums of squares, that of the conditioners for splines and sigmoids; null: as high as the budget asks.</summary>
    public int? Degree { get; init; }

    /// <summary>Bins or sigmoids in every layer; null: as many as the budget asks. Sums of squares have none.</summary>
    public int? Size { get; init; }

    /// <summary>Whether sigmoids are corrected in their second moment; null: wherever all weights are then positive.</summary>
    public bool? Corrected { get; init; }

    /// <summary>κ = a·h &gt; 0, the slope of a sigmoid in units of the spacing.</summary>
    public double Overlap { get; init; } = DeepSigmoidalLayer.Overlap;

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called from any thread with one sentence of progress.</summary>
    public Action<string>? Progress { get; init; }
}
