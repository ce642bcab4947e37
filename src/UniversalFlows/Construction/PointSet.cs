using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction;

/// <summary>Points of K, row by row, and maps at many points.</summary>
internal static class PointSet
{
    /// <summary>n^d points that crowd towards the boundary of K as Chebyshev's do, the boundary included: good for least squares.</summary>
    public static double[] Chebyshev(Domain domain, int perAxis) =>
        Tensor(domain, perAxis, i => Real.Cos(new(Math.PI * i / Math.Max(1, perAxis - 1))).Value);

    /// <summary>n^d points of an even grid, the boundary included: for measuring.</summary>
    public static double[] Even(Domain domain, int perAxis) => Tensor(domain, perAxis, i => ((2.0 * i) / Math.Max(1, perAxis - 1)) - 1);

    /// <summary>Row n ← f(row n).</summary>
    public static double[] Map(IMap f, double[] points)
    {
        int d = f.Dimension, count = points.Length / d;
        double[] values = new double[points.Length];
        Span<Lanes> x = stackalloc Lanes[d];
        for (int first = 0; first < count; first += Lanes.Width)
        {
            Load(points, d, first, x);
            f.Map(x);
            for (int lane = 0; lane < Math.Min(Lanes.Width, count - first); lane++)
                for (int i = 0; i < d; i++) values[((first + lane) * d) + i] = x[i][lane];
        }

        return values;
    }

    /// <summary>|f − g| at every point; +∞ where it is not finite.</summary>
    public static double[] Distances(IMap f, IMap g, double[] points)
    {
        return Distances(Map(f, points), Map(g, points), f.Dimension);
    }

    /// <summary>|a − b| for every row of d numbers; +∞ where it is not finite.</summary>
    public static double[] Distances(double[] a, double[] b, int d)
    {
        double[] distances = new double[a.Length / d];
        for (int n = 0; n < distances.Length; n++)
        {
            double square = 0;
            for (int i = 0; i < d; i++) square += (a[(n * d) + i] - b[(n * d) + i]) * (a[(n * d) + i] - b[(n * d) + i]);
            distances[n] = double.IsFinite(square) ? Math.Sqrt(square) : double.PositiveInfinity;
        }

        return distances;
    }

    /// <summary>Df at every point, d² numbers each.</summary>
    public static double[] Jacobians(IMap f, double[] points)
    {
        int d = f.Dimension, count = points.Length / d;
        double[] jacobians = new double[count * d * d];
        Span<Lanes> x = stackalloc Lanes[d], value = stackalloc Lanes[d], jacobian = stackalloc Lanes[d * d];
        for (int first = 0; first < count; first += Lanes.Width)
        {
            Load(points, d, first, x);
            Jacobian.Evaluate<Lanes>(f, x, value, jacobian);
            for (int lane = 0; lane < Math.Min(Lanes.Width, count - first); lane++)
                for (int i = 0; i < d * d; i++) jacobians[((first + lane) * d * d) + i] = jacobian[i][lane];
        }

        return jacobians;
    }

    /// <summary>sup over points of ‖B A⁻¹‖ for matrices A and B at each, d² numbers a point; NaN if some A is singular.</summary>
    public static double LargestQuotient(double[] b, double[] a, int d)
    {
        double[] inverse = new double[d * d], product = new double[d * d];
        double largest = 0;
        for (int n = 0; n < a.Length; n += d * d)
        {
            if (!SmallMatrix.Invert(a.AsSpan(n, d * d), d, inverse)) return double.NaN;
            SmallMatrix.Multiply(b.AsSpan(n, d * d), inverse, d, product);
            largest = Math.Max(largest, SmallMatrix.OperatorNorm(product, d)); // Math.Max hands NaN on
        }

        return largest;
    }

    /// <summary>Eight rows side by side; rows beyond the last repeat it.</summary>
    public static void Load(ReadOnlySpan<double> points, int d, int first, Span<Lanes> x)
    {
        int count = points.Length / d;
        Span<double> lanes = stackalloc double[Lanes.Width];
        for (int i = 0; i < d; i++)
        {
            for (int lane = 0; lane < Lanes.Width; lane++) lanes[lane] = points[(Math.Min(first + lane, count - 1) * d) + i];
            x[i] = Lanes.Load(lanes);
        }
    }

    private static double[] Tensor(Domain domain, int perAxis, Func<int, double> node)
    {
        int d = domain.Dimension, count = 1;
        for (int i = 0; i < d; i++) count = checked(count * perAxis);
        double[] nodes = [.. Enumerable.Range(0, perAxis).Select(node)], points = new double[count * d];
        Box bounds = domain.Bounds;
        for (int n = 0; n < count; n++)
        {
            Span<double> x = points.AsSpan(n * d, d);
            int index = n;
            double longest = 0, square = 0;
            for (int i = d - 1; i >= 0; i--, index /= perAxis)
            {
                x[i] = nodes[index % perAxis];
                longest = Math.Max(longest, Math.Abs(x[i]));
                square = Math.FusedMultiplyAdd(x[i], x[i], square);
            }

            // a ball is the cube drawn in along rays
            double factor = domain is Ball && square > 0 ? longest / Math.Sqrt(square) : 1;
            for (int i = 0; i < d; i++)
                x[i] = (0.5 * (bounds.Lower[i] + bounds.Upper[i])) + (0.5 * (bounds.Upper[i] - bounds.Lower[i]) * factor * x[i]);
            domain.Project(x);
        }

        return points;
    }
}
