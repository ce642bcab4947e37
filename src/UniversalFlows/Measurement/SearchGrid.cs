using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement;

/// <summary>The points at which a supremum over K is looked for first, with the neighbourhood that tells local maxima.</summary>
/// <remarks>
/// d ≤ 3: a tensor grid with both ends, of the box of K's chart if it has one (so that neighbours in the box are neighbours in K), else of
/// the enclosing box; projected to K (so that the boundary of a ball is sampled as well). d &gt; 3: a low-discrepancy set.
/// </remarks>
internal sealed class SearchGrid
{
    private readonly Domain _domain;
    private readonly Chart? _chart;
    private readonly Box _box; // of the tensor grid
    private readonly int _perAxis; // 0: low-discrepancy points
    private readonly LowDiscrepancy? _sequence;

    public SearchGrid(Domain domain, int perAxis, int samples, ulong seed)
    {
        (_domain, _chart) = (domain, domain.Chart);
        _box = _chart?.Box ?? domain.Bounds;
        int d = domain.Dimension;
        if (d <= 3)
        {
            _perAxis = perAxis;
            Count = 1;
            for (int i = 0; i < d; i++) Count = checked(Count * perAxis);
            Spacing = _chart is null ? 1.0 / (perAxis - 1) : LargestGap() / SmallestSide(domain.Bounds);
        }
        else
        {
            _sequence = new LowDiscrepancy(d, seed, "search");
            Count = samples;
            // samples^(-1/d) is no small number for d > 3; a tenth starts the ascents inside the basins that the samples tell apart
            Spacing = 0.1;
        }
    }

    public int Count { get; }

    /// <summary>The distance of neighbours, relative to the side of the enclosing box.</summary>
    public double Spacing { get; }

    public void Point(int index, Span<double> x)
    {
        if (_sequence is not null)
        {
            _sequence.Point((uint)index, x);
            _domain.FromUnitCube(x, x);
            return;
        }

        for (int i = x.Length - 1; i >= 0; i--, index /= _perAxis)
        {
            int k = index % _perAxis;
            // symmetric in the two ends, so that both and the middle are exact
            double t = (double)k / (_perAxis - 1), s = (double)(_perAxis - 1 - k) / (_perAxis - 1);
            x[i] = (_box.Lower[i] * s) + (_box.Upper[i] * t);
        }

        if (_chart is not null) Charted(_chart.Map, x);
        _domain.Project(x);
    }

    /// <summary>The largest distance of neighbours along the edges that meet in the first and in the last point of the grid.</summary>
    private double LargestGap()
    {
        int d = _domain.Dimension;
        double[] from = new double[d], to = new double[d];
        double largest = 0;
        for (int axis = 0, stride = 1; axis < d; axis++, stride *= _perAxis)
        {
            foreach ((int a, int b) in ((int, int)[])[(0, stride), (Count - 1, Count - 1 - stride)])
            {
                Point(a, from);
                Point(b, to);
                largest = Math.Max(largest, Math.Sqrt(from.Zip(to, (p, q) => (p - q) * (p - q)).Sum()));
            }
        }

        return largest;
    }

    private static double SmallestSide(Box box)
    {
        double side = double.PositiveInfinity;
        for (int i = 0; i < box.Dimension; i++) side = Math.Min(side, box.Upper[i] - box.Lower[i]);
        return side;
    }

    private static void Charted(Target chart, Span<double> x)
    {
        using Scratch<Real> scratch = new(x.Length);
        Span<Real> point = scratch.Take(x.Length);
        for (int i = 0; i < x.Length; i++) point[i] = new(x[i]);
        chart.Map(point);
        for (int i = 0; i < x.Length; i++) x[i] = point[i].Value;
    }

    /// <summary>The indices of the best local maxima of <paramref name="values"/>, the largest first; ties by index.</summary>
    public int[] Best(double[] values, int count)
    {
        List<int> candidates = [];
        for (int i = 0; i < values.Length; i++)
        {
            if (IsLocalMaximum(values, i)) candidates.Add(i);
        }

        return [.. candidates.OrderByDescending(i => values[i]).ThenBy(i => i).Take(count)];
    }

    private bool IsLocalMaximum(double[] values, int index)
    {
        if (_sequence is not null) return true;
        for (int axis = 0, stride = 1; axis < _domain.Dimension; axis++, stride *= _perAxis)
        {
            int k = index / stride % _perAxis;
            // a plateau counts once: its first point
            if (k > 0 && values[index - stride] >= values[index]) return false;
            if (k < _perAxis - 1 && values[index + stride] > values[index]) return false;
        }

        return true;
    }
}
