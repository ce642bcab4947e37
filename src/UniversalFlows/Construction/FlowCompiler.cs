using UniversalFlows.Bijections;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction;

/// <summary>
/// The sup-norm universality theorem as a compiler: from a C² diffeomorphism f, a compact K and ε to an explicit flow g of the family with sup_K |f − g| ≤ ε, by the steps of the
/// proof. No training, no random numbers, no inverse of f: f is only asked for points of K.
/// </summary>
/// <remarks>docs/construction.md tells the steps with their formulas; Teshima et al. 2020, theorem 1, is the statement.</remarks>
public static class FlowCompiler
{
    /// <summary>Up to here the number of coefficients, which grows like the d-th power of the degree, leaves room for degrees that are worth it.</summary>
    public const int LargestDimension = 3;

    /// <summary>
    /// Compiles f on K. A result whose <see cref="ConstructionResult.WithinBudget"/> is false is the best that was found. The errors are measured on points: the caller measures the
    /// flow against f once more, on its own points.
    /// </summary>
    /// <exception cref="ArgumentException">ε is not positive, the family has no construction, the dimensions differ or are above <see cref="LargestDimension"/>.</exception>
    public static ConstructionResult Compile(Target target, Domain domain, ConstructionSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(settings);
        if (!(settings.Epsilon > 0) || !double.IsFinite(settings.Epsilon)) throw new ArgumentException($"epsilon must be positive, not {settings.Epsilon:R}", nameof(settings));
        if (settings.Family is not (FlowFamily.Sos or FlowFamily.Dsf or FlowFamily.Rqs))
            throw new ArgumentException($"there is no sup-norm construction for the family {settings.Family}", nameof(settings));
        if (target.Dimension != domain.Dimension) throw new ArgumentException("target and domain have different dimensions", nameof(domain));
        if (target.Dimension > LargestDimension) throw new ArgumentException($"constructions go up to d = {LargestDimension}, not {target.Dimension}", nameof(target));
        if (domain.Chart is { } chart) return Charted(target, domain, chart, settings);
        if (!domain.IsConvex) return Refused(new("(a)", $"{domain} is neither convex nor given by a chart from R^d: the isotopy f(tx)/t would leave it"));
        if (EmbeddingCheck.Examine(target, domain) is { } refusal) return Refused(refusal);
        (Chain? chain, Refusal? failed) = new ChainCompiler(target.Name, target, domain, settings.Epsilon, settings).Compile();
        return chain is null ? Refused(failed!) : new ConstructionResult(chain.Flow, [chain], null);
    }

    /// <summary>
    /// K = φ(B) for a chart φ: e_1 = f∘φ and e_2 = φ are embeddings of the box B, and f|_K = e_1∘e_2⁻¹: the second chain runs backwards. An error δ of the second chain moves its
    /// preimage by at most δ·sup‖Dφ⁻¹‖, and the image by Lip(e_1) times that.
    /// </summary>
    private static ConstructionResult Charted(Target target, Domain domain, Chart chart, ConstructionSettings settings)
    {
        Charting composed = new(target, chart.Map);
        if (EmbeddingCheck.Examine(composed, chart.Box) is { } refusal) return Refused(refusal with { Reason = $"in the chart of {domain}: {refusal.Reason}" });
        (Chain? first, Refusal? failed) = new ChainCompiler($"{target.Name} after the chart", composed, chart.Box, 0.5 * settings.Epsilon, settings).Compile();
        if (first is null) return Refused(failed!);
        double stretch = Stretch(composed, chart);
        if (!(stretch > 0) || !double.IsFinite(stretch)) return Refused(new("(a)", $"the chart of {domain} has a singular derivative"));
        double share = 0.5 * settings.Epsilon / stretch;
        (Chain? second, failed) = new ChainCompiler("the chart", chart.Map, chart.Box, share, settings).Compile();
        return second is null
            ? Refused(failed!)
            : new ConstructionResult(new Composition(target.Dimension, [new Inversion(second.Flow), first.Flow]), [second, first], null);
    }

    /// <summary>sup over the box of ‖De_1·(Dφ)⁻¹‖ = sup_K ‖Df‖.</summary>
    private static double Stretch(Charting composed, Chart chart)
    {
        double[] points = PointSet.Even(chart.Box, composed.Dimension switch { 1 => 101, 2 => 21, _ => 7 });
        return PointSet.LargestQuotient(PointSet.Jacobians(composed, points), PointSet.Jacobians(chart.Map, points), composed.Dimension);
    }

    private static ConstructionResult Refused(Refusal refusal) => new(null, [], refusal);

    /// <summary>f∘φ.</summary>
    private sealed class Charting(IMap f, IMap chart) : IMap
    {
        public int Dimension => f.Dimension;

        public void Map<T>(Span<T> x) where T : unmanaged, Scalars.IScalar<T>
        {
            chart.Map(x);
            f.Map(x);
        }
    }
}
