using UniversalFlows.Numerics;

namespace UniversalFlows.Distributions;

/// <summary>Cantor's law: Σ_i 2b_i 3^{−i} with fair coins b_i. F is Cantor's function: continuous, with derivative 0 almost everywhere; no density, no atoms.</summary>
internal sealed class CantorLine : LineLaw
{
    private const int Digits = 40; // 3⁻⁴⁰ < 1e-19

    public override double Mean => 0.5;

    public override double Variance => 0.125;

    public override (double Lower, double Upper) Window => (0, 1);

    public override double Cdf(double x)
    {
        if (!(x > 0)) return 0;
        if (x >= 1) return 1;
        double sum = 0, weight = 0.5;
        for (int i = 0; i < 60; i++, weight *= 0.5)
        {
            x *= 3;
            if (x < 1) continue;
            sum += weight;
            if (x <= 2) return sum; // in a gap, or at its right end
            x -= 2;
        }

        return sum;
    }

    /// <summary>The binary digits of p become ternary digits 0 and 2. At p = ½, …, two numbers have them, the ends of a gap; the lower one is the infimum.</summary>
    public override double Quantile(double p, double q)
    {
        double sum = 0, weight = 2.0 / 3;
        for (int i = 0; i < Digits; i++, weight /= 3)
        {
            p *= 2;
            if (p <= 1) continue;
            sum += weight;
            p -= 1;
        }

        return sum;
    }

    public override double Sample(Philox random)
    {
        ulong coins = ((ulong)random.NextUInt32() << 32) | random.NextUInt32();
        double sum = 0, weight = 2.0 / 3;
        for (int i = 0; i < Digits; i++, weight /= 3, coins >>= 1)
            if ((coins & 1) == 1) sum += weight;
        return sum;
    }
}

/// <summary>w δ_a + (1 − w) · another law of the line: part of the mass at one point.</summary>
internal sealed class AtomAndLine(double weight, double place, LineLaw rest) : LineLaw
{
    public override double Mean => (weight * place) + ((1 - weight) * rest.Mean);

    public override double Variance
    {
        get
        {
            double mean = Mean;
            return (weight * (place - mean) * (place - mean)) + ((1 - weight) * (rest.Variance + ((rest.Mean - mean) * (rest.Mean - mean))));
        }
    }

    public override (double Lower, double Upper) Window => (Math.Min(place - 0.5, rest.Window.Lower), Math.Max(place + 0.5, rest.Window.Upper));

    public override double Cdf(double x) => ((1 - weight) * rest.Cdf(x)) + (x >= place ? weight : 0);

    public override double Survival(double x) => ((1 - weight) * rest.Survival(x)) + (x < place ? weight : 0);

    public override double Quantile(double p, double q)
    {
        double below = (1 - weight) * rest.Cdf(place), above = (1 - weight) * rest.Survival(place);
        if (p <= below) return rest.Quantile(p / (1 - weight), 1 - (p / (1 - weight)));
        return q < above ? rest.Quantile(1 - (q / (1 - weight)), q / (1 - weight)) : place;
    }

    public override double Sample(Philox random)
    {
        double u = random.NextUniform(), x = rest.Sample(random);
        return u < weight ? place : x;
    }
}
