using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// Curves by rational-quadratic splines: fixed knots in z in cells of about equal mass, the curve's values there, slopes the harmonic means of the neighbouring secants (Fritsch and Butland 1984). An outermost bin on either side joins the curve to the corners of the box.
/// </summary>
internal sealed class SplineShape : CoordinateShape
{
    private const double Corner = 8, Spread = 1.4, Least = 1e-6;

    private readonly double[] _knots, _widths;
    private readonly double _scale, _shift;
    private readonly int _count;

    public SplineShape(int count, double scale, double shift)
    {
        (_count, _scale, _shift) = (count, scale, shift);
        _knots = [-Corner, .. Enumerable.Range(0, count - 1).Select(j => Spread * Normal.Quantile((j + 0.5) / (count - 1), 1 - ((j + 0.5) / (count - 1)))), Corner];
        _widths = [.. Enumerable.Range(0, count).Select(j => _knots[j + 1] - _knots[j])];
        Transformer = new RationalQuadraticTransformer(count, -Corner, Corner, FreeTails: true, new PositiveMap(PositiveKind.Exp), 0);
    }

    public override ITransformer Transformer { get; }

    public override string Words => $"{_count} bins";

    public override (double Scale, double Shift) After => (_scale, _shift);

    public override double[] Raw(Func<double, double> t)
    {
        double[] y = [-Corner, .. _knots.Skip(1).Take(_count - 1).Select(z => Math.Clamp((t(z) - _shift) / _scale, -Corner + 0.1, Corner - 0.1)), Corner];
        double[] heights = [.. Enumerable.Range(0, _count).Select(j => Math.Max(y[j + 1] - y[j], Least))], secants = [.. heights.Select((h, j) => h / _widths[j])];
        double[] slopes = [.. Enumerable.Range(0, _count + 1).Select(k => k == 0 ? secants[0] : k == _count ? secants[^1] : 2 * secants[k - 1] * secants[k] / (secants[k - 1] + secants[k]))];
        return [.. _widths.Select(Log), .. heights.Select(Log), .. slopes.Select(s => Log(Math.Clamp(s, 1e-8, 1e8)))];
    }

    private static double Log(double v) => Real.Log(new(v)).Value;
}
