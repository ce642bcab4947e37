using UniversalFlows.Scalars;

namespace UniversalFlows.Distributions;

/// <summary>The uniform law on disjoint intervals of the line, left to right.</summary>
internal sealed class IntervalsLine(params (double Lower, double Upper)[] intervals) : LineDensity
{
    private readonly double _length = intervals.Sum(i => i.Upper - i.Lower);

    /// <summary>Whether it is one interval.</summary>
    public bool IsWhole => intervals.Length == 1;

    public override double Mean => intervals.Sum(i => 0.5 * (i.Lower + i.Upper) * (i.Upper - i.Lower)) / _length;

    public override double Variance => (intervals.Sum(i => ((i.Upper * i.Upper * i.Upper) - (i.Lower * i.Lower * i.Lower)) / 3) / _length) - (Mean * Mean);

    public override double Entropy => Log(_length);

    public override (double Lower, double Upper) Window => (intervals[0].Lower, intervals[^1].Upper);

    public override double Cdf(double x) => intervals.Sum(i => Math.Clamp(x - i.Lower, 0, i.Upper - i.Lower)) / _length;

    public override double Quantile(double p, double q)
    {
        double rest = p * _length;
        foreach ((double lower, double upper) in intervals)
        {
            if (rest <= upper - lower) return lower + rest;
            rest -= upper - lower;
        }

        return intervals[^1].Upper;
    }

    public override T LogDensity<T>(T x)
    {
        T inside = T.Constant(-Log(_length)), outside = T.Constant(double.NegativeInfinity), value = outside;
        foreach ((double lower, double upper) in intervals)
            value = T.SelectLess(x, T.Constant(lower), value, T.SelectLess(T.Constant(upper), x, value, inside));
        return value;
    }
}
