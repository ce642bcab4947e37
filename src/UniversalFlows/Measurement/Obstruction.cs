using UniversalFlows.Bijections;
using UniversalFlows.Measurement.Obstructions;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement;

/// <summary>
/// A lower bound of sup over K of |f − g| that holds for every flow g of a class, whatever its parameters: the floor under an error curve. It comes with its reason; the proofs are in docs/controls.md.
/// </summary>
/// <param name="Lower">No flow of the class has a smaller sup error.</param>
/// <param name="Reason">One sentence.</param>
public sealed record Obstruction(double Lower, string Reason)
{
    /// <summary>Bounds below this, relative to the size of K, are rounding.</summary>
    private const double Negligible = 1e-9;

    /// <summary>
    /// The best bound known for the flows of an architecture (family, depth, Lipschitz constant, rank; any widths, any weights), or null if there is none: affine maps of the line, orientation, volume,
    /// coordinates that no layer moves, triangular maps, a direction that few planar or Sylvester layers leave alone, Lipschitz constants.
    /// </summary>
    /// <remarks>
    /// Bounds over a sphere or a face come from intervals and are proved up to the rounding of the last sum; bounds from two or three points are differences of computed values of f.
    /// For d &gt; 3 only the latter exist.
    /// </remarks>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static Obstruction? Of(Architecture flows, Target target, Domain domain)
    {
        ArgumentNullException.ThrowIfNull(flows);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        int d = domain.Dimension;
        if (flows.Dimension != d || target.Dimension != d) throw new ArgumentException($"flows of R^{flows.Dimension} and a map of R^{target.Dimension} were given, the domain is in R^{d}", nameof(flows));
        IEnumerable<Obstruction?> all =
        [
            AffineOnLine.Of(flows, target, domain),
            Orientation.Of(target, domain),
            ConstantVolume.Of(flows, target, domain),
            UnmovedCoordinates.Of(flows, target, domain),
            OneOrder.Of(flows, target, domain),
            FixedDirection.Of(flows, target, domain),
            LipschitzBounds.Of(flows, target, domain),
        ];
        double size = Math.Max(domain.Bounds.Lower.ToArray().Max(Math.Abs), domain.Bounds.Upper.ToArray().Max(Math.Abs));
        return all.Where(o => o is not null && o.Lower > Negligible * size).MaxBy(o => o!.Lower);
    }
}
