using UniversalFlows.Numerics;

namespace UniversalFlows.Distributions;

/// <summary>N(m, s²), s &gt; 0.</summary>
internal sealed class NormalLine(double mean, double deviation) : LineDensity
{
    public override double Mean => mean;

    public override double Variance => deviation * deviation;

    public override double Entropy => 0.5 + (0.5 * Functions.LogTwoPi) + Log(deviation);

    public override (double Lower, double Upper) Window => (mean - (8 * deviation), mean + (8 * deviation));

    public override double Cdf(double x) => Normal.Cdf((x - mean) / deviation);

    public override double Survival(double x) => Normal.Survival((x - mean) / deviation);

    public override double Quantile(double p, double q) => FromNormal(Normal.Quantile(p, q));

    public override double FromNormal(double z) => mean + (deviation * z);

    public override double Sample(Philox random) => FromNormal(random.NextNormal());

    public override T LogDensity<T>(T x)
    {
        T u = (x - mean) / deviation;
        return (-0.5 * (u * u)) - (Log(deviation) + (0.5 * Functions.LogTwoPi));
    }
}
