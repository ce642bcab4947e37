using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>What is asked of an affine construction. Everything that is null is chosen from ε.</summary>
public sealed record AffineSettings
{
    /// <summary>ε &gt; 0.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Which construction.</summary>
    public required AffineRoute Route { get; init; }

    /// <summary>p of the norm ‖f − g‖_p = (∫_K |f − g|^p dx)^{1/p}, Lebesgue, not normalised; +∞: the sup norm. |·| is Euclidean.</summary>
    public double Exponent { get; init; } = double.PositiveInfinity;

    /// <summary>N, the number of time steps of a sup route.</summary>
    public int? Steps { get; init; }

    /// <summary>M, the number of directions.</summary>
    public int? Directions { get; init; }

    /// <summary>D, the degree of the polynomials along (or across) a direction.</summary>
    public int? Degree { get; init; }

    /// <summary>
    /// The weight w of the penalty w²|c|² on the coefficients of a plain splitting's field fit; too small a weight lets terms that cancel grow. With corrections w is no parameter: it begins at 1 and falls
    /// until a step meets its tolerance.
    /// </summary>
    public double? Weight { get; init; }

    /// <summary>
    /// The fields of a plain splitting are fitted on the images of K stretched by 1 + margin about its centre, which asks f for points outside of K. 0 by default.
    /// </summary>
    public double? Margin { get; init; }

    /// <summary>The composition of a plain splitting, whose error is bounded but not corrected. Null: Strang's, each step corrected.</summary>
    public SplittingScheme? Scheme { get; init; }

    /// <summary>δ of the Hénon-like layers.</summary>
    public double? Delta { get; init; }

    /// <summary>Where the affine part stands; null: moving.</summary>
    public AffineOrder? Order { get; init; }

    /// <summary>Routes cell and three: n, the number of cells along each discretised coordinate.</summary>
    public int? Cells { get; init; }

    /// <summary>Route cell: the linear pieces of the tables of u.</summary>
    public int? Pieces { get; init; }

    /// <summary>Routes cell and three: η, the width of a staircase's ramps.</summary>
    public double? Ramp { get; init; }

    /// <summary>Route cell: γ, by which Y is drawn in towards its cell's centre. 0: the control without it.</summary>
    public double? CellMargin { get; init; }

    /// <summary>Route cell: 1 or 2, the order of the error in 1/n.</summary>
    public int CellOrder { get; init; } = 2;

    /// <summary>Routes cell and three: the hidden units of the conditioners, ReLU or tanh; null: ReLU for cell, tanh for three.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called from any thread with one sentence of progress.</summary>
    public Action<string>? Progress { get; init; }
}
