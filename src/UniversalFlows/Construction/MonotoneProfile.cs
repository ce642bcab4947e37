using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction;

/// <summary>
/// A monotone one-coordinate map y ↦ P(x, y) on a box, known with its derivatives for every passive x: what the spline and the sigmoidal layers are made from. P is a
/// sum-of-squares layer, which increases in y off the tube as well.
/// </summary>
internal sealed class MonotoneProfile
{
    private readonly Coupling _layer;
    private readonly int _dimension, _active;
    private readonly int[] _passive;

    public MonotoneProfile(SumOfSquaresFit fit, Tube check)
    {
        (_layer, _dimension, _active) = (fit.ToLayer(), check.Dimension, check.Coordinate);
        _passive = [.. _layer.Passive];
        (Lower, Upper) = SumOfSquaresFit.BoundingBox(check);
        (PassiveLower, PassiveUpper) = ([.. _passive.Select(i => Lower[i])], [.. _passive.Select(i => Upper[i])]);
    }

    /// <summary>The lower corner of the box.</summary>
    public double[] Lower { get; }

    /// <summary>The upper corner of the box.</summary>
    public double[] Upper { get; }

    /// <summary>The lower ends of the passive coordinates.</summary>
    public double[] PassiveLower { get; }

    /// <summary>The upper ends of the passive coordinates.</summary>
    public double[] PassiveUpper { get; }

    /// <summary>The ends of the active interval.</summary>
    public (double Lower, double Upper) Active => (Lower[_active], Upper[_active]);

    /// <summary>P, ∂P/∂y and ∂²P/∂y² at one passive point and many y.</summary>
    public (double[] Value, double[] First, double[] Second) At(ReadOnlySpan<double> passive, ReadOnlySpan<double> y)
    {
        double[] value = new double[y.Length], first = new double[y.Length], second = new double[y.Length];
        int count = _layer.Transformer.RawCount;
        Real[] x = new Real[passive.Length], raw = new Real[count];
        for (int i = 0; i < x.Length; i++) x[i] = new(passive[i]);
        _layer.Conditioner.Evaluate<Real>(x, raw);
        Dual<Lanes>[] rawLanes = [.. raw.Select(r => Dual<Lanes>.Constant(r.Value))], p = new Dual<Lanes>[_layer.Transformer.ParameterCount];
        _layer.Transformer.Parameters<Dual<Lanes>>(rawLanes, p);
        Span<double> lanes = stackalloc double[Lanes.Width];
        for (int start = 0; start < y.Length; start += Lanes.Width)
        {
            for (int lane = 0; lane < Lanes.Width; lane++) lanes[lane] = y[Math.Min(start + lane, y.Length - 1)];
            Dual<Lanes> v = _layer.Transformer.Forward(Dual<Lanes>.Variable(Lanes.Load(lanes)), p, out Dual<Lanes> logDerivative);
            for (int lane = 0; lane < Math.Min(Lanes.Width, y.Length - start); lane++)
            {
                value[start + lane] = v.Value[lane];
                first[start + lane] = v.Tangent[lane];
                second[start + lane] = v.Tangent[lane] * logDerivative.Tangent[lane];
            }
        }

        return (value, first, second);
    }

    /// <summary>
    /// The coupling whose raw parameters are the Chebyshev interpolants, of the given degree in every passive coordinate, of <paramref name="raw"/>; constant rows
    /// stay constants.
    /// </summary>
    public Coupling Couple(Bijections.Transformers.ITransformer transformer, int degree, Func<double[], double[]> raw)
    {
        int p = _passive.Length, outputs = transformer.RawCount;
        if (p == 0) return new Coupling(1, [], [0], transformer, new ConstantConditioner(0, raw([])));
        double[] points = ChebyshevGrid.Points(degree, PassiveLower, PassiveUpper);
        int count = points.Length / p;
        Dense rows = new(count, outputs);
        for (int n = 0; n < count; n++)
        {
            double[] values = raw(points.AsSpan(n * p, p).ToArray());
            for (int o = 0; o < outputs; o++) rows.Weights[(o * count) + n] = values[o];
        }

        for (int o = 0; o < outputs; o++) ChebyshevGrid.ToCoefficients(rows.Weights.Slice(o * count, count), degree, p);
        int[] degrees = new int[p];
        Array.Fill(degrees, degree);
        return new Coupling(
            _dimension, _passive, [_active], transformer,
            new ClippedConditioner(PassiveLower, PassiveUpper, new ChebyshevConditioner(degrees, PassiveLower, PassiveUpper, rows)));
    }
}
