using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Certification;

/// <summary>
/// Where a quantity is large: the best of a lattice, then pattern search on eight points at a time. What it finds is only a candidate; <see cref="IQuantity.AtPoints"/>
/// proves the bound.
/// </summary>
internal sealed class Ascent(IQuantity quantity, Domain domain)
{
    private readonly int _d = domain.Dimension;

    /// <summary>The best points of a lattice on K's bounding box, moved into K, each climbed from.</summary>
    public IEnumerable<double[]> FromLattice(int starts)
    {
        int perAxis = _d switch { 1 => 257, 2 => 33, 3 => 11, _ => 5 }, count = 1;
        for (int i = 0; i < _d; i++) count *= perAxis;
        Box bounds = domain.Bounds;
        List<double[]> points = new(count);
        for (int n = 0; n < count; n++)
        {
            double[] x = new double[_d];
            for (int i = _d - 1, rest = n; i >= 0; i--, rest /= perAxis)
                x[i] = bounds.Lower[i] + ((bounds.Upper[i] - bounds.Lower[i]) * (rest % perAxis) / (perAxis - 1));
            domain.Project(x);
            points.Add(x);
        }

        double[] values = Values(points);
        double step = 1.0 / (perAxis - 1);
        foreach (int n in Enumerable.Range(0, count).OrderByDescending(n => values[n]).ThenBy(n => n).Take(starts).ToList())
        {
            Climb(points[n], values[n], step);
            yield return points[n];
        }
    }

    /// <summary>x ← a point of K at least as good, from steps of the given size relative to the bounding box on.</summary>
    public void Climb(double[] x, double value, double step)
    {
        Box bounds = domain.Bounds;
        int directions = 1;
        for (int i = 0; i < _d; i++) directions *= 3;
        if (_d > 3) directions = 2 * _d;
        List<double[]> trials = [];
        for (int round = 0; round < 200 && step > 1e-9; round++)
        {
            trials.Clear();
            for (int n = 0; n < directions; n++)
            {
                double[] trial = [.. x];
                for (int i = 0, rest = n; i < _d; i++, rest /= 3)
                {
                    int move = _d > 3 ? (n / 2 == i ? (2 * (n % 2)) - 1 : 0) : (rest % 3) - 1;
                    trial[i] += step * move * (bounds.Upper[i] - bounds.Lower[i]);
                }

                domain.Project(trial);
                trials.Add(trial);
            }

            double[] values = Values(trials);
            int best = 0;
            for (int n = 1; n < values.Length; n++)
                if (values[n] > values[best]) best = n;
            if (values[best] > value) (_, value) = (Copy(trials[best], x), values[best]);
            else step *= 0.5;
        }

        static bool Copy(double[] from, double[] to)
        {
            from.CopyTo(to, 0);
            return true;
        }
    }

    /// <summary>The quantity in ordinary arithmetic; −1 where it is not a number.</summary>
    private double[] Values(List<double[]> points)
    {
        double[] values = new double[points.Count];
        Span<Lanes> x = stackalloc Lanes[_d];
        for (int first = 0; first < values.Length; first += Lanes.Width)
        {
            Eight(points, first, x);
            Lanes near = quantity.Near(x);
            for (int lane = 0; lane < Lanes.Width && first + lane < values.Length; lane++)
                values[first + lane] = near[lane] >= 0 ? near[lane] : -1;
        }

        return values;
    }

    /// <summary>Eight points from a place on; the last one again where the list ends.</summary>
    public static void Eight(List<double[]> points, int first, Span<Lanes> x)
    {
        for (int i = 0; i < x.Length; i++)
            for (int lane = 0; lane < Lanes.Width; lane++) x[i] = x[i].With(lane, points[Math.Min(first + lane, points.Count - 1)][i]);
    }
}
