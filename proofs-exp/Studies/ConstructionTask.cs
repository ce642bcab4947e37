using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What is asked of a construction.</summary>
/// <param name="Target">f.</param>
/// <param name="Domain">K.</param>
/// <param name="Family">acf, sos, dsf or rqs.</param>
/// <param name="Epsilon">The error wanted.</param>
/// <param name="Norm">In which norm: sup, l1 or l2 (Lebesgue, not normalised).</param>
/// <param name="Conditioner">The class of the conditioners of sos, dsf and rqs.</param>
public sealed record ConstructionTask(Target Target, Domain Domain, FlowFamily Family, double Epsilon, string Norm = "sup", ConditionerKind Conditioner = ConditionerKind.Chebyshev)
{
    /// <summary>The affine order; null: automatic.</summary>
    public AffineOrder? Order { get; init; }

    /// <summary>N; null: automatic.</summary>
    public int? Factors { get; init; }

    /// <summary>The degree of every layer; null: automatic.</summary>
    public int? Degree { get; init; }

    /// <summary>Bins or sigmoids in every layer; null: automatic.</summary>
    public int? Size { get; init; }

    /// <summary>Whether sigmoids are corrected in their second moment; null: where they can be.</summary>
    public bool? Corrected { get; init; }

    /// <summary>κ, the slope of a sigmoid in units of the spacing.</summary>
    public double Overlap { get; init; } = DeepSigmoidalLayer.Overlap;

    /// <summary>The construction by affine couplings; null: cell for l1 and l2, overshear for sup.</summary>
    public AffineRoute? Route { get; init; }

    /// <summary>The hidden units of the routes cell and three; null: the route's own.</summary>
    public Activation? Activation { get; init; }

    /// <summary>What of an affine construction is fixed beforehand instead of chosen from ε; null: nothing. Its ε, route and norm are not looked at.</summary>
    public AffineSettings? Fixed { get; init; }

    /// <summary>p of the norm; +∞ for sup.</summary>
    public double Exponent => Norm switch { "l1" => 1, "l2" => 2, _ => double.PositiveInfinity };

    /// <summary>The route that is taken.</summary>
    public AffineRoute ChosenRoute => Route ?? (double.IsFinite(Exponent) ? AffineRoute.Cell : AffineRoute.Overshear);
}
