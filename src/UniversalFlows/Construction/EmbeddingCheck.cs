using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction;

/// <summary>
/// Is f an embedding of K, as step (a) needs: finite, Df regular and of one orientation, injective? What is found is shown with its witness; what is not found is no proof,
/// and the later steps have their own monitors.
/// </summary>
internal static class EmbeddingCheck
{
    // a relative determinant as small as the rounding of second differences can't be told from 0
    private const double Singular = 1e-7;

    /// <summary>Null, or why f is not an embedding of K.</summary>
    public static Refusal? Examine(IMap f, Domain domain)
    {
        int d = f.Dimension;
        int perAxis = d switch { 1 => 2001, 2 => 81, _ => 17 };
        double[] points = PointSet.Even(domain, perAxis);
        return Finite(f, points) ?? Regular(f, points) ?? RegularBetween(f, domain, points, perAxis) ?? Injective(f, domain, points, perAxis);
    }

    private static Refusal? Finite(IMap f, double[] points)
    {
        int d = f.Dimension;
        double[] values = PointSet.Map(f, points);
        for (int n = 0; n < points.Length / d; n++)
            if (values.AsSpan(n * d, d).ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) return new("(a)", $"f is not finite at {Text(points.AsSpan(n * d, d))}");
        return null;
    }

    private static Refusal? Regular(IMap f, double[] points)
    {
        int d = f.Dimension, count = points.Length / d;
        double[] jacobians = PointSet.Jacobians(f, points);
        double first = 0;
        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<double> j = jacobians.AsSpan(n * d * d, d * d);
            // Hadamard's ratio |det|/Π|row|, which no scaling of a coordinate of f changes
            double det = SmallMatrix.Determinant(j, d), scale = 1;
            for (int i = 0; i < d; i++)
            {
                double square = 0;
                foreach (double v in j.Slice(i * d, d)) square += v * v;
                scale *= Math.Sqrt(square);
            }

            string place = Text(points.AsSpan(n * d, d));
            if (!double.IsFinite(det)) return new("(a)", $"Df is not finite at {place}: f is not C1 there");
            double size = scale > 0 ? Math.Abs(det) / scale : 0;
            if (!(size >= Singular)) return new("(a)", $"Df is singular at {place} (det Df = {det:G3}): f is no diffeomorphism of K onto its image");
            if (n == 0) first = det;
            if (det * first < 0) return new("(a)", $"det Df changes its sign on K: {first:G3} at {Text(points.AsSpan(0, d))}, {det:G3} at {place}: f folds");
        }

        return null;
    }

    /// <summary>
    /// Zeros of det Df between the points: a compass search for smaller |det Df| from the grid's smallest local minima. A determinant that falls by the factor
    /// <see cref="Singular"/> within a mesh is going to 0.
    /// </summary>
    private static Refusal? RegularBetween(IMap f, Domain domain, double[] points, int perAxis)
    {
        const int Starts = 16, Halvings = 40;
        int d = f.Dimension, count = points.Length / d;
        double[] jacobians = PointSet.Jacobians(f, points), dets = new double[count];
        for (int n = 0; n < count; n++) dets[n] = SmallMatrix.Determinant(jacobians.AsSpan(n * d * d, d * d), d);
        double sign = Math.Sign(dets[0]);
        bool IsLocalMinimum(int n)
        {
            for (int stride = 1; stride < count; stride *= perAxis)
            {
                int place = n / stride % perAxis;
                if (place > 0 && sign * dets[n - stride] < sign * dets[n]) return false;
                if (place < perAxis - 1 && sign * dets[n + stride] < sign * dets[n]) return false;
            }

            return true;
        }

        Box bounds = domain.Bounds;
        double[] x = new double[d], step = new double[d], trial = new double[d];
        foreach (int start in Enumerable.Range(0, count).Where(IsLocalMinimum).OrderBy(n => sign * dets[n]).Take(Starts))
        {
            points.AsSpan(start * d, d).CopyTo(x);
            for (int i = 0; i < d; i++) step[i] = (bounds.Upper[i] - bounds.Lower[i]) / (perAxis - 1);
            double least = sign * dets[start];
            for (int halving = 0; halving < Halvings; halving++)
            {
                for (int side = 0; side < 2 * d; side++)
                {
                    x.CopyTo(trial, 0);
                    trial[side / 2] += side % 2 == 0 ? step[side / 2] : -step[side / 2];
                    if (!domain.Contains(trial)) continue;
                    double value = sign * SmallMatrix.Determinant(PointSet.Jacobians(f, trial), d);
                    if (!(value < least)) continue;
                    least = value;
                    trial.CopyTo(x, 0);
                }

                for (int i = 0; i < d; i++) step[i] *= 0.5;
                if (least < 0)
                    return new("(a)", $"det Df changes its sign on K: {dets[start]:G3} at {Text(points.AsSpan(start * d, d))}, {sign * least:G3} at {Text(x)}: f folds");
                if (least <= Singular * sign * dets[start])
                    return new("(a)", $"Df is singular at {Text(x)} (det Df = {sign * least:G3}): f is no diffeomorphism of K onto its image");
            }
        }

        return null;
    }

    /// <summary>Two points far apart with one image: neighbours among the images that are no neighbours in K, then Newton's iteration.</summary>
    private static Refusal? Injective(IMap f, Domain domain, double[] points, int perAxis)
    {
        int d = f.Dimension, count = points.Length / d;
        double[] images = PointSet.Map(f, points);
        Box bounds = domain.Bounds;
        double reach = 0;
        for (int i = 0; i < d; i++) reach = Math.Max(reach, bounds.Upper[i] - bounds.Lower[i]);
        // the largest step of the images along the grid's axes
        double spacing = 0;
        for (int stride = 1; stride < count; stride *= perAxis)
        {
            for (int n = 0; n + stride < count; n++)
            {
                if (n / stride % perAxis == perAxis - 1) continue; // the end of a line
                spacing = Math.Max(spacing, Distance(images.AsSpan(n * d, d), images.AsSpan((n + stride) * d, d)));
            }
        }

        if (!(spacing > 0)) return null;
        Dictionary<string, List<int>> cells = [];
        string Cell(ReadOnlySpan<double> y)
        {
            string key = "";
            for (int i = 0; i < d; i++) key += $"{(long)Math.Floor(y[i] / spacing)},";
            return key;
        }

        for (int n = 0; n < count; n++)
        {
            string key = Cell(images.AsSpan(n * d, d));
            if (!cells.TryGetValue(key, out List<int>? members)) cells[key] = members = [];
            members.Add(n);
        }

        int tries = 0;
        double[] other = new double[d];
        foreach (List<int> members in cells.Values.Where(m => m.Count > 1))
        {
            int a = members[0];
            foreach (int b in members.Skip(1))
            {
                if (Distance(points.AsSpan(a * d, d), points.AsSpan(b * d, d)) < 0.15 * reach) continue;
                if (++tries > 400) return null;
                if (!Solve(f, images.AsSpan(a * d, d), points.AsSpan(b * d, d), 1e-9 * spacing, other) || !domain.Contains(other)) continue;
                if (Distance(points.AsSpan(a * d, d), other) < 0.05 * reach) continue;
                return new("(a)", $"f is not injective on K: {Text(points.AsSpan(a * d, d))} and {Text(other)} have the same image {Text(images.AsSpan(a * d, d))}");
            }
        }

        return null;
    }

    /// <summary>Newton's iteration for f(x) = y from a start; false if it does not converge.</summary>
    private static bool Solve(IMap f, ReadOnlySpan<double> y, ReadOnlySpan<double> start, double tolerance, Span<double> x)
    {
        int d = f.Dimension;
        start.CopyTo(x);
        Real[] point = new Real[d], value = new Real[d], jacobian = new Real[d * d];
        double[] matrix = new double[d * d], rest = new double[d], step = new double[d];
        for (int k = 0; k < 30; k++)
        {
            for (int i = 0; i < d; i++) point[i] = new(x[i]);
            Jacobian.Evaluate<Real>(f, point, value, jacobian);
            double size = 0;
            for (int i = 0; i < d; i++)
            {
                rest[i] = value[i].Value - y[i];
                size = Math.Max(size, Math.Abs(rest[i]));
            }

            if (size <= tolerance) return true;
            for (int i = 0; i < d * d; i++) matrix[i] = jacobian[i].Value;
            if (!SmallMatrix.Solve(matrix, rest, step)) return false;
            for (int i = 0; i < d; i++) x[i] -= step[i];
        }

        return false;
    }

    private static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double square = 0;
        for (int i = 0; i < a.Length; i++) square += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Sqrt(square);
    }

    private static string Text(ReadOnlySpan<double> x) =>
        $"({string.Join(", ", x.ToArray().Select(v => v.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)))})";
}
