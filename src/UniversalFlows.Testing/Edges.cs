using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing;

/// <summary>Where a formula changes: the knots of splines and tables, ends of intervals, bounds of clips.</summary>
public static class Edges
{
    /// <summary>For a coupling: coordinate and value of every edge that depends on the given point; empty for other bijections.</summary>
    public static IReadOnlyList<(int Coordinate, double At)> Of(IBijection flow, double[] point) =>
        flow is Coupling coupling ? [.. OfConditioner(coupling), .. OfTransformer(coupling, point)] : [];

    private static IEnumerable<(int Coordinate, double At)> OfConditioner(Coupling coupling)
    {
        for (int i = 0; i < coupling.Passive.Count; i++)
        {
            IEnumerable<double> ends = coupling.Conditioner switch
            {
                TableConditioner table => table.Knots,
                ClippedConditioner clip => [clip.Lower[i], clip.Upper[i]],
                ChebyshevConditioner chebyshev => [chebyshev.Lower[i], chebyshev.Upper[i]],
                _ => [],
            };
            foreach (double at in ends) yield return (coupling.Passive[i], at);
        }
    }

    private static IEnumerable<(int Coordinate, double At)> OfTransformer(Coupling coupling, double[] point)
    {
        int raw = coupling.Transformer.RawCount;
        Real[] passive = [.. coupling.Passive.Select(i => new Real(point[i]))], all = new Real[coupling.Conditioner.Outputs], p = new Real[coupling.Transformer.ParameterCount];
        coupling.Conditioner.Evaluate<Real>(passive, all);
        for (int j = 0; j < coupling.Active.Count; j++)
        {
            coupling.Transformer.Parameters<Real>(all.AsSpan(j * raw, raw), p);
            IEnumerable<double> ends = coupling.Transformer switch
            {
                RationalQuadraticTransformer spline => p.Take(spline.Bins + 1).Select(k => k.Value).ToArray(),
                SumOfSquaresTransformer { Basis: { Chebyshev: true } basis } => [basis.Lower, basis.Upper],
                _ => [],
            };
            foreach (double at in ends) yield return (coupling.Active[j], at);
        }
    }
}
