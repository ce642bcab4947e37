using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// The curves z_k ↦ T_k(z_1, …, z_{k−1}, z_k) of a coordinate at points of the passive coordinates: one curve if they don't matter, curves at adaptive knots of z_1 if it is alone, at a Chebyshev grid otherwise. Conditioners are then tables or tensor polynomials.
/// </summary>
internal sealed class SliceTable
{
    /// <summary>Passive coordinates are looked at in [−4.5, 4.5], outside of which N(0, 1) has mass 7e-6; conditioners are constant beyond.</summary>
    private const double Far = 4.5;

    private readonly KnotheRosenblatt _map;
    private readonly int _k, _threads;
    private readonly double[] _points; // k numbers each
    private readonly LineLaw[] _slices;
    private readonly double[][] _curves;
    private readonly int _degree;

    /// <summary>Half of the width of the ramps between curves that change at once.</summary>
    private const double Ramp = 1e-5;

    /// <summary>Curves for coordinate k.</summary>
    /// <param name="map">T.</param>
    /// <param name="k">The coordinate.</param>
    /// <param name="knots">About how many knots of z_1; for two or more passive coordinates the root of that, plus 3, is the degree.</param>
    /// <param name="threads">Threads; the result does not depend on them.</param>
    public SliceTable(KnotheRosenblatt map, int k, int knots, int threads)
    {
        (_map, _k, _threads) = (map, k, threads);
        if (k == 0 || Independent())
        {
            (Alone, _points) = (true, new double[k]);
            (_slices, _curves) = Make([_points]);
        }
        else if (k == 1 && map.Breaks is { Length: > 0 } breaks) (_points, _slices, _curves) = Constant(breaks);
        else if (k == 1) (_points, _slices, _curves) = Adapted(knots);
        else
        {
            _degree = (int)Math.Sqrt(knots) + 3;
            double[] lower = new double[k], upper = new double[k];
            Array.Fill(lower, -Far);
            Array.Fill(upper, Far);
            _points = ChebyshevGrid.Points(_degree, lower, upper);
            (_slices, _curves) = Make([.. Enumerable.Range(0, _points.Length / k).Select(n => _points.AsSpan(n * k, k).ToArray())]);
        }
    }

    /// <summary>Whether the passive coordinates don't matter.</summary>
    public bool Alone { get; }

    /// <summary>The mass of N(0, 1) on the ramps, where a mean of two curves may be anything.</summary>
    public double RampMass { get; private set; }

    /// <summary>How many curves there are.</summary>
    public int Count => _slices.Length;

    /// <summary>The passive coordinates that the conditioner sees.</summary>
    public int[] Passive => Alone ? [] : [.. Enumerable.Range(0, _k)];

    /// <summary>The range of T_k for |z_k| ≤ 3, over the curves with |z_i| ≤ 2.5.</summary>
    public (double Lower, double Upper) Range()
    {
        double lower = double.PositiveInfinity, upper = double.NegativeInfinity;
        for (int n = 0; n < Count; n++)
        {
            if (!Alone && _points.AsSpan(n * _k, _k).ContainsAnyExceptInRange(-2.5, 2.5)) continue;
            (lower, upper) = (Math.Min(lower, _slices[n].FromNormal(-3)), Math.Max(upper, _slices[n].FromNormal(3)));
        }

        return (lower, upper);
    }

    /// <summary>The mean over some curves of ∫ min(2, |drawn − curve|) φ: what a shape alone costs, without the conditioner.</summary>
    public double Cost(CoordinateShape shape)
    {
        const int most = 24;
        // the curves that stand for equal masses of the passive coordinates
        int[] chosen = Alone ? [0] : [.. Enumerable.Range(0, most).Select(i => Nearest(Normal.Quantile((i + 0.5) / most, 1 - ((i + 0.5) / most))))];
        double[] costs = new double[chosen.Length];
        Workers.For(chosen.Length, _threads, i => costs[i] = CoordinateShape.Distance(shape.Values(shape.Raw(Bounded(_slices[chosen[i]]))), _curves[chosen[i]]));
        double cost = VectorMath.Sum(costs) / costs.Length;
        return double.IsNaN(cost) ? double.PositiveInfinity : cost;
    }

    /// <summary>The conditioner that draws all curves by a shape.</summary>
    public IConditioner Conditioner(CoordinateShape shape)
    {
        int outputs = shape.Transformer.RawCount;
        double[][] raw = new double[Count][];
        Workers.For(Count, _threads, n => raw[n] = shape.Raw(Bounded(_slices[n])));
        if (Alone) return new ConstantConditioner(0, raw[0]);
        Dense rows = new(Count, outputs);
        for (int n = 0; n < Count; n++)
            for (int o = 0; o < outputs; o++) rows.Weights[(o * Count) + n] = raw[n][o];
        if (_k == 1) return new TableConditioner(_points, rows);
        for (int o = 0; o < outputs; o++) ChebyshevGrid.ToCoefficients(rows.Weights.Slice(o * Count, Count), _degree, _k);
        int[] degrees = new int[_k];
        double[] lower = new double[_k], upper = new double[_k];
        Array.Fill(degrees, _degree);
        Array.Fill(lower, -Far);
        Array.Fill(upper, Far);
        return new ClippedConditioner(lower, upper, new ChebyshevConditioner(degrees, lower, upper, rows));
    }

    /// <summary>The curve, held at its values at the ends of the reach.</summary>
    private static Func<double, double> Bounded(LineLaw line) => z => line.FromNormal(Math.Clamp(z, -CoordinateShape.Reach, CoordinateShape.Reach));

    /// <summary>Whether the curves at a few passive points are the same to the bit.</summary>
    private bool Independent()
    {
        double[] first = Curve(_map.Slice(new double[_k]));
        for (int i = 1; i <= 6; i++)
        {
            double[] before = new double[_k];
            for (int j = 0; j < _k; j++) before[j] = ((i + j) % 2 == 0 ? 0.37 : -0.41) * (i + j);
            if (!Curve(_map.Slice(before)).AsSpan().SequenceEqual(first)) return false;
        }

        return true;
    }

    private static double[] Curve(LineLaw line) => [.. CoordinateShape.Probes.Where((_, n) => n % 8 == 3).Select(line.FromNormal)];

    private int Nearest(double z)
    {
        int best = 0;
        double least = double.PositiveInfinity;
        for (int n = 0; n < Count; n++)
        {
            double distance = 0;
            for (int i = 0; i < _k; i++) distance += Math.Abs(_points[(n * _k) + i] - (i == 0 ? z : -z));
            if (distance < least) (best, least) = (n, distance);
        }

        return best;
    }

    private (LineLaw[] Slices, double[][] Curves) Make(double[][] points)
    {
        LineLaw[] slices = new LineLaw[points.Length];
        double[][] curves = new double[points.Length][];
        Workers.For(points.Length, _threads, n =>
        {
            slices[n] = _map.Slice(points[n]);
            curves[n] = [.. CoordinateShape.Probes.Select(slices[n].FromNormal)];
        });
        return (slices, curves);
    }

    /// <summary>Two knots for each piece of z_1, the same curve at both.</summary>
    private (double[] Points, LineLaw[] Slices, double[][] Curves) Constant(double[] breaks)
    {
        double[] points = [-Far - 1, .. breaks.SelectMany(b => (double[])[b - Ramp, b + Ramp]), Far + 1];
        RampMass = breaks.Sum(b => 2 * Ramp * Normal.Density(b));
        (LineLaw[] slices, double[][] curves) = Make([.. Enumerable.Range(0, breaks.Length + 1).Select(i => (double[])[0.5 * (points[2 * i] + points[(2 * i) + 1])])]);
        return (points, [.. slices.SelectMany(s => (LineLaw[])[s, s])], [.. curves.SelectMany(c => (double[][])[c, c])]);
    }

    /// <summary>
    /// Knots of z_1: a beginning of equal masses, then in rounds the intervals with the largest mass times distance of their two curves are halved: moving and jumping curves get most of them.
    /// </summary>
    private (double[] Points, LineLaw[] Slices, double[][] Curves) Adapted(int knots)
    {
        int start = Math.Max(8, knots / 4);
        List<double> points = [-Far, .. Enumerable.Range(0, start - 2).Select(i => 1.25 * Normal.Quantile((i + 0.5) / (start - 2), 1 - ((i + 0.5) / (start - 2)))), Far];
        (LineLaw[] first, double[][] firstCurves) = Make([.. points.Select(p => (double[])[p])]);
        List<LineLaw> slices = [.. first];
        List<double[]> curves = [.. firstCurves];
        while (points.Count < knots)
        {
            int[] worst = [.. Enumerable.Range(0, points.Count - 1)
                .Where(i => points[i + 1] - points[i] > 1e-6)
                .OrderByDescending(i => (Normal.Cdf(points[i + 1]) - Normal.Cdf(points[i])) * CoordinateShape.Distance(curves[i], curves[i + 1]))
                .Take(Math.Min(knots - points.Count, Math.Max(4, points.Count / 4))).OrderDescending()];
            if (worst.Length == 0) break;
            double[][] middles = [.. worst.Select(i => (double[])[0.5 * (points[i] + points[i + 1])])];
            (LineLaw[] more, double[][] moreCurves) = Make(middles);
            for (int n = 0; n < worst.Length; n++)
            {
                points.Insert(worst[n] + 1, middles[n][0]);
                slices.Insert(worst[n] + 1, more[n]);
                curves.Insert(worst[n] + 1, moreCurves[n]);
            }
        }

        return ([.. points], [.. slices], [.. curves]);
    }
}
