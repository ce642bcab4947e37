using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>Σ_j w_j δ_{a_j}: finitely many point masses in R^d. The empirical law of a user's points is one, with equal weights.</summary>
public sealed class AtomicLaw : Law, ICoordinateLaws, IMoments, IConditionals
{
    private readonly double[] _points, _weights, _below;

    /// <summary>Masses at points.</summary>
    /// <param name="name">What a command line takes.</param>
    /// <param name="formula">How a paper would write it.</param>
    /// <param name="points">a_1, a_2, …, d numbers each.</param>
    /// <param name="dimension">d.</param>
    /// <param name="weights">w, divided by their sum; empty: equal ones.</param>
    /// <exception cref="ArgumentException">No points, a number that is not finite, or a weight that is not positive.</exception>
    public AtomicLaw(string name, string formula, ReadOnlySpan<double> points, int dimension, ReadOnlySpan<double> weights = default)
        : base(name, formula, Around(points, dimension))
    {
        _points = points.ToArray();
        Count = points.Length / dimension;
        _weights = new double[Count];
        if (weights.IsEmpty) Array.Fill(_weights, 1.0 / Count);
        else if (weights.Length != Count) throw new ArgumentException($"{Count} weights were expected", nameof(weights));
        else
        {
            double total = VectorMath.Sum(weights);
            for (int j = 0; j < Count; j++) _weights[j] = weights[j] > 0 ? weights[j] / total : throw new ArgumentException("a weight is not positive", nameof(weights));
        }

        double sum = 0;
        _below = [.. _weights.Select(w => sum += w)];
    }

    /// <summary>The number of atoms.</summary>
    public int Count { get; }

    /// <summary>a_j.</summary>
    public ReadOnlySpan<double> Point(int j) => _points.AsSpan(j * Dimension, Dimension);

    /// <summary>w_j.</summary>
    public double Weight(int j) => _weights[j];

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => new AtomsLine(Enumerable.Range(0, Count).Select(j => (_points[(j * Dimension) + i], _weights[j])));

    /// <inheritdoc/>
    public double Mean(int i) => Enumerable.Range(0, Count).Sum(j => _weights[j] * _points[(j * Dimension) + i]);

    /// <inheritdoc/>
    public double Covariance(int i, int j)
    {
        double a = Mean(i), b = Mean(j);
        return Enumerable.Range(0, Count).Sum(n => _weights[n] * (_points[(n * Dimension) + i] - a) * (_points[(n * Dimension) + j] - b));
    }

    /// <summary>The atoms whose first coordinates are exactly these.</summary>
    /// <exception cref="ArgumentException">There are none: such a point has no conditional law.</exception>
    public LineLaw Given(ReadOnlySpan<double> before)
    {
        List<(double, double)> atoms = [];
        for (int j = 0; j < Count; j++)
            if (Point(j)[..before.Length].SequenceEqual(before)) atoms.Add((Point(j)[before.Length], _weights[j]));
        return atoms.Count > 0 ? new AtomsLine(atoms) : throw new ArgumentException("no atom begins with these coordinates", nameof(before));
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        int index = Array.BinarySearch(_below, random.NextUniform());
        Point(Math.Min(index >= 0 ? index : ~index, Count - 1)).CopyTo(x);
    }

    /// <summary>The smallest box around the points, a little widened.</summary>
    private static Box Around(ReadOnlySpan<double> points, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (points.IsEmpty || points.Length % dimension != 0) throw new ArgumentException("a whole, positive number of points was expected", nameof(points));
        if (points.ContainsAnyExceptInRange(-1e100, 1e100)) throw new ArgumentException("a coordinate is not a number, or beyond 1e100", nameof(points));
        double[] lower = points[..dimension].ToArray(), upper = points[..dimension].ToArray();
        for (int n = 0; n < points.Length; n++)
        {
            int i = n % dimension;
            (lower[i], upper[i]) = (Math.Min(lower[i], points[n]), Math.Max(upper[i], points[n]));
        }

        for (int i = 0; i < dimension; i++)
        {
            double margin = upper[i] > lower[i] ? 0.05 * (upper[i] - lower[i]) : 0.5 * Math.Max(1, 1e-3 * Math.Abs(upper[i]));
            (lower[i], upper[i]) = (lower[i] - margin, upper[i] + margin);
        }

        return new Box(lower, upper);
    }
}
