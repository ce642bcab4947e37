using UniversalFlows.Bijections;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>Fewer single-coordinate couplings than coordinates: x_0, …, x_{d−L−1} are never active, and the error is at least that of leaving them as they are. A flow of no layers is the identity.</summary>
internal static class UnmovedCoordinates
{
    public static Obstruction? Of(Architecture flows, Target target, Domain domain)
    {
        int d = flows.Dimension;
        bool couplings = Architecture.HasTransformer(flows.Family) && flows.Family is not (FlowFamily.Maf or FlowFamily.Naf);
        int unmoved = couplings ? d - flows.Depth : flows.Depth == 0 ? d : 0;
        if (unmoved <= 0) return null;
        MapErrorOptions options = MapErrorOptions.Default with { Integrals = false, C1 = false };
        double sup = MapErrors.Estimate(new First(target, unmoved, d), new First(null, unmoved, d), domain, options).Sup;
        return new(sup, flows.Depth == 0 ? "a flow without layers is the identity" : $"{flows.Depth} coupling{(flows.Depth == 1 ? "" : "s")} of one coordinate each leave {(unmoved == 1 ? "a coordinate" : $"{unmoved} coordinates")} where {(unmoved == 1 ? "it is" : "they are")}");
    }

    /// <summary>The first coordinates of f (of the identity if null), zeros after them.</summary>
    private sealed class First(IMap? f, int count, int dimension) : IMap
    {
        public int Dimension => dimension;

        public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
        {
            f?.Map(x);
            x[count..].Fill(T.Constant(0));
        }
    }
}
