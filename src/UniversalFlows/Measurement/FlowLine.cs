using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Measurement;

/// <summary>The push-forward of N(0, 1) by a bijection g of the line, by its distribution function Φ(g⁻¹(y)), or 1 − Φ(g⁻¹(y)) if g decreases: no samples are needed.</summary>
public sealed class FlowLine : LineLaw
{
    private readonly IBijection _flow;
    private readonly bool _falls;

    /// <summary>For a flow of the line.</summary>
    /// <exception cref="ArgumentException">d is not 1.</exception>
    public FlowLine(IBijection flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        if (flow.Dimension != 1) throw new ArgumentException($"a flow of the line was expected, not of R^{flow.Dimension}", nameof(flow));
        (_flow, _falls) = (flow, Map(flow, 1) < Map(flow, -1));
        (double a, double b) = (FromNormal(-8), FromNormal(8));
        Window = (a, b > a ? b : Math.BitIncrement(a));
    }

    /// <inheritdoc/>
    public override double Mean => double.NaN;

    /// <inheritdoc/>
    public override double Variance => double.NaN;

    /// <inheritdoc/>
    public override (double Lower, double Upper) Window { get; }

    /// <inheritdoc/>
    public override double Cdf(double x) => _falls ? Normal.Survival(Back(x)) : Normal.Cdf(Back(x));

    /// <inheritdoc/>
    public override double Survival(double x) => _falls ? Normal.Cdf(Back(x)) : Normal.Survival(Back(x));

    /// <inheritdoc/>
    public override double Quantile(double p, double q) => FromNormal(Normal.Quantile(p, q));

    /// <summary>g(z), or g(−z) if g decreases.</summary>
    public override double FromNormal(double z) => Map(_flow, _falls ? -z : z);

    private static double Map(IBijection flow, double z)
    {
        Span<Real> x = [new(z)];
        flow.Map(x);
        return x[0].Value;
    }

    private double Back(double y)
    {
        Span<Real> x = [new(y)];
        InverseStatus status = default;
        _flow.Inverse(x, ref status);
        return x[0].Value;
    }
}
