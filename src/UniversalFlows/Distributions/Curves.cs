using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>The uniform law on the unit circle: no density, no atoms. Each coordinate has the arcsine law; given x₁, x₂ = ±√(1 − x₁²), each with probability ½.</summary>
public sealed class UniformCircle : Law, ICoordinateLaws, IMoments, IConditionals, IQuantised
{
    private UniformCircle()
        : base("circle", "uniform on |x| = 1", new Box([-1.2, -1.2], [1.2, 1.2]))
    {
    }

    /// <summary>The law.</summary>
    public static UniformCircle Instance { get; } = new();

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => new ArcsineLine(0, 1);

    /// <inheritdoc/>
    public double Mean(int i) => 0;

    /// <inheritdoc/>
    public double Covariance(int i, int j) => i == j ? 0.5 : 0;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before)
    {
        if (before.IsEmpty) return Coordinate(0);
        double y = Math.Sqrt(Math.Max(0, (1 - before[0]) * (1 + before[0])));
        return new AtomsLine([(-y, 0.5), (y, 0.5)]);
    }

    /// <summary>m equally spaced points; an arc of length 2π/m goes to its middle, at most a quarter of its length away in the mean: W₁ ≤ π/(2m).</summary>
    public AtomicLaw Quantise(int count, out double bound)
    {
        double[] points = new double[2 * count];
        for (int j = 0; j < count; j++)
        {
            Real angle = new(2 * Math.PI * (j + 0.5) / count);
            (points[2 * j], points[(2 * j) + 1]) = (Real.Cos(angle).Value, Real.Sin(angle).Value);
        }

        bound = 0.5 * Math.PI / count;
        return new AtomicLaw($"circle of {count} points", "equally spaced points of the unit circle", points, 2);
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        Real angle = new(2 * Math.PI * random.NextUniform());
        (x[0], x[1]) = (Real.Cos(angle).Value, Real.Sin(angle).Value);
    }
}

/// <summary>The uniform law on the graph of a line: x₁ uniform on [−1, 1], x₂ = ½x₁.</summary>
public sealed class SegmentLaw : Law, ICoordinateLaws, IMoments, IConditionals
{
    private SegmentLaw()
        : base("segment", "x1 uniform on [-1, 1], x2 = x1/2", new Box([-1.1, -0.6], [1.1, 0.6]))
    {
    }

    /// <summary>The law.</summary>
    public static SegmentLaw Instance { get; } = new();

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => i == 0 ? new IntervalsLine((-1, 1)) : new IntervalsLine((-0.5, 0.5));

    /// <inheritdoc/>
    public double Mean(int i) => 0;

    /// <inheritdoc/>
    public double Covariance(int i, int j) => (i == 0 ? 1 : 0.5) * (j == 0 ? 1 : 0.5) / 3;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before) => before.IsEmpty ? Coordinate(0) : new AtomsLine([(0.5 * before[0], 1)]);

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        x[0] = random.NextUniform(-1, 1);
        x[1] = 0.5 * x[0];
    }
}

/// <summary>The uniform law on the graph "Y": three unit segments from 0, upwards, down to the left, and down to the right, at angles of 120°. The first coordinate has an atom at 0.</summary>
public sealed class YGraph : Law, ICoordinateLaws, IMoments, IConditionals
{
    private const double Cosine = 0.86602540378443864676; // cos 30°

    private YGraph()
        : base("y-graph", "uniform on three unit segments from 0 at 90, 210 and 330 degrees", new Box([-1, -0.7], [1, 1.2]))
    {
    }

    /// <summary>The law.</summary>
    public static YGraph Instance { get; } = new();

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => i == 0
        ? new AtomAndLine(1.0 / 3, 0, new IntervalsLine((-Cosine, Cosine)))
        : new NegativeAndPositive();

    /// <inheritdoc/>
    public double Mean(int i) => 0;

    /// <summary>The mean of r² = ⅓ over directions that sum to 0: 1/6.</summary>
    public double Covariance(int i, int j) => i == j ? 1.0 / 6 : 0;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before) =>
        before.IsEmpty ? Coordinate(0) : before[0] == 0 ? new IntervalsLine((0, 1)) : new AtomsLine([(-Math.Abs(before[0]) / (2 * Cosine), 1)]);

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        int arm = random.NextInt(3);
        double r = random.NextUniform();
        (x[0], x[1]) = arm == 0 ? (0, r) : (arm == 1 ? -Cosine * r : Cosine * r, -0.5 * r);
    }

    /// <summary>Two thirds uniform on [−½, 0], one third on [0, 1].</summary>
    private sealed class NegativeAndPositive : LineLaw
    {
        public override double Mean => 0;

        public override double Variance => 1.0 / 6;

        public override (double Lower, double Upper) Window => (-0.5, 1);

        public override double Cdf(double x) => x < 0 ? Math.Max(0, (x + 0.5) * 4 / 3) : Math.Min(1, (2 + x) / 3);

        public override double Quantile(double p, double q) => p < 2.0 / 3 ? (0.75 * p) - 0.5 : 1 - (3 * q);
    }
}

/// <summary>The Swiss roll in R³: (t cos t, 10h, t sin t)/10 with t uniform on [3π/2, 9π/2], h uniform on [−1, 1]. No density.</summary>
public sealed class SwissRoll : Law, IQuantised
{
    private const double From = 1.5 * Math.PI, To = 4.5 * Math.PI;

    private SwissRoll()
        : base("swiss-roll", "(t cos t, 10 h, t sin t)/10, t uniform on [3pi/2, 9pi/2], h uniform on [-1, 1]", new Box([-1.5, -1.1, -1.5], [1.5, 1.1, 1.5]))
    {
    }

    /// <summary>The law.</summary>
    public static SwissRoll Instance { get; } = new();

    /// <summary>
    /// A grid of cells in (t, h), each moved to its middle: W₁ ≤ the mean of √(1 + t²)/10·¼Δt + ¼Δh (the sheet's speed in t is √(1 + t²)/10), with t at the cell's far end.
    /// </summary>
    public AtomicLaw Quantise(int count, out double bound)
    {
        // the sheet is 10.3 times as long as wide; three to one in cells keeps both small
        int across = Math.Max(1, (int)Math.Sqrt(count / 5.0)), along = Math.Max(1, count / across);
        double dt = (To - From) / along, dh = 2.0 / across, speed = 0;
        double[] points = new double[3 * along * across];
        for (int i = 0, n = 0; i < along; i++)
        {
            double t = From + ((i + 0.5) * dt), end = t + (0.5 * dt);
            speed += Math.Sqrt(1 + (end * end)) / 10 / along;
            for (int j = 0; j < across; j++, n += 3) Point(t, -1 + ((j + 0.5) * dh), points.AsSpan(n, 3));
        }

        bound = (0.25 * speed * dt) + (0.25 * dh);
        return new AtomicLaw($"swiss-roll of {along * across} points", "a grid of the sheet", points, 3);
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        double t = random.NextUniform(From, To);
        Point(t, random.NextUniform(-1, 1), x);
    }

    private static void Point(double t, double h, Span<double> x)
    {
        (x[0], x[1], x[2]) = (0.1 * t * Real.Cos(new(t)).Value, h, 0.1 * t * Real.Sin(new(t)).Value);
    }
}
