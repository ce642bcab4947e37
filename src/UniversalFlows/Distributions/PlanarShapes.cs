using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>
/// The uniform law on the ring r ≤ |x| ≤ 1 of the plane; r = 0 is the disc. Area below x₁ of a disc of radius R: A(x; R) = R²(π − θ + sin θ cos θ), cos θ = x/R; F₁ = (A(x; 1) − A(x; r))/(π(1 − r²)); given x₁, x₂ is uniform
/// on one interval or two.
/// </summary>
public sealed class UniformRing : DensityLaw, ICoordinateLaws, IMoments, IConditionals
{
    private readonly double _inner;

    /// <summary>The law on the ring with the inner radius 0 ≤ r &lt; 1.</summary>
    public UniformRing(double inner)
        : base(inner == 0 ? "disc" : Laws.Named("annulus", [inner], [0.5]), inner == 0 ? "uniform on |x| <= 1" : "uniform on r <= |x| <= 1", new Box([-1, -1], [1, 1]), Real.Log(new(Math.PI * (1 - (inner * inner)))).Value) => _inner = inner;

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => new Shadow(_inner);

    /// <inheritdoc/>
    public double Mean(int i) => 0;

    /// <summary>¼(1 + r²).</summary>
    public double Covariance(int i, int j) => i == j ? 0.25 * (1 + (_inner * _inner)) : 0;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before)
    {
        if (before.IsEmpty) return new Shadow(_inner);
        double x = before[0], outer = Math.Sqrt(Math.Max(1e-30, (1 - x) * (1 + x)));
        if (Math.Abs(x) >= _inner) return new IntervalsLine((-outer, outer));
        double inner = Math.Sqrt((_inner - x) * (_inner + x));
        return new IntervalsLine((-outer, -inner), (inner, outer));
    }

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        T square = (x[0] * x[0]) + (x[1] * x[1]), outside = T.Constant(double.NegativeInfinity);
        return T.SelectLess(square, T.Constant(_inner * _inner), outside, T.SelectLess(T.Constant(1), square, outside, T.Constant(-Entropy)));
    }

    /// <summary>A radius √(r² + (1 − r²)u) and an angle.</summary>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        double square = _inner * _inner, radius = Math.Sqrt(square + ((1 - square) * random.NextUniform()));
        Real angle = new(2 * Math.PI * random.NextUniform());
        (x[0], x[1]) = (radius * Real.Cos(angle).Value, radius * Real.Sin(angle).Value);
    }

    /// <summary>The law of x₁: density 2(√(1 − x²) − √(r² − x²)₊)/(π(1 − r²)).</summary>
    private sealed class Shadow(double inner) : LineLaw
    {
        public override double Mean => 0;

        public override double Variance => 0.25 * (1 + (inner * inner));

        public override (double Lower, double Upper) Window => (-1, 1);

        private double Total => Math.PI * (1 - (inner * inner));

        public override double Cdf(double x) => x > 0 ? 1 - Lower(-x) : Lower(x);

        public override double Survival(double x) => Cdf(-x);

        public override double Quantile(double p, double q) => p <= q ? Solve(p) : -Solve(q);

        private double Lower(double x) => (Area(x, 1) - (inner > 0 ? Area(x, inner) : 0)) / Total;

        private double Solve(double p) => IncreasingRoot.Solve(
            x => (Lower(x) - p, 2 * (Math.Sqrt(Math.Max(0, 1 - (x * x))) - Math.Sqrt(Math.Max(0, (inner * inner) - (x * x)))) / Total), -1, 0);

        /// <summary>A(x; R) for x ≤ 0: half of the disc less the sector between.</summary>
        private static double Area(double x, double radius)
        {
            double u = Math.Clamp(x / radius, -1, 1), root = Math.Sqrt((1 - u) * (1 + u));
            // φ = π − θ is the half angle of the cap: tan(φ/2) = √((1 + u)/(1 − u))
            double phi = 2 * Real.Atan(new(Math.Sqrt((1 + u) / (1 - u)))).Value;
            return radius * radius * (phi + (root * u));
        }
    }
}

/// <summary>FFJORD's checkerboard: eight squares of side 2 in [−4, 4]², those with ⌊x₁/2⌋ + ⌊x₂/2⌋ even. Density 1/32, entropy ln 32.</summary>
public sealed class Checkerboard : DensityLaw, ICoordinateLaws, IMoments, IConditionals
{
    private Checkerboard()
        : base("checkerboard", "uniform on the squares of side 2 in [-4, 4]^2 with floor(x1/2) + floor(x2/2) even", new Box([-4, -4], [4, 4]), Real.Log(new(32)).Value)
    {
    }

    /// <summary>The law.</summary>
    public static Checkerboard Instance { get; } = new();

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => new IntervalsLine((-4, 4));

    /// <inheritdoc/>
    public double Mean(int i) => 0;

    /// <summary>16/3, and E X_1 X_2 = 1: the centres ±1, ±3 of the squares have the signs and sizes of (−3, −3), (−3, 1), (−1, −1), (−1, 3), (1, −3), (1, 1), (3, −1), (3, 3).</summary>
    public double Covariance(int i, int j) => i == j ? 16.0 / 3 : 1;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before) =>
        before.IsEmpty ? Coordinate(0) : (long)Math.Floor(before[0] / 2) % 2 == 0 ? new IntervalsLine((-4, -2), (0, 2)) : new IntervalsLine((-2, 0), (2, 4));

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        T outside = T.Constant(double.NegativeInfinity), inside = T.Constant(-Entropy), shade = Sign(x[0]) * Sign(x[1]);
        T reach = T.Max(T.Abs(x[0]), T.Abs(x[1]));
        return T.SelectLess(T.Constant(4), reach, outside, T.SelectLess(T.Constant(0), shade, inside, outside));
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        int square = random.NextInt(8), column = square / 2;
        int row = (2 * (square % 2)) + (column % 2);
        x[0] = -4 + (2 * (column + random.NextUniform()));
        x[1] = -4 + (2 * (row + random.NextUniform()));
    }

    /// <summary>−1 on [−4, −2) and [0, 2), 1 on the others.</summary>
    private static T Sign<T>(T x) where T : unmanaged, IScalar<T>
    {
        T plus = T.Constant(1), minus = T.Constant(-1);
        return T.SelectLess(x, T.Constant(-2), minus, T.SelectLess(x, T.Constant(0), plus, T.SelectLess(x, T.Constant(2), minus, plus)));
    }
}

/// <summary>A density ∝ e^{κ cos θ}·e^{−(r − 1)²/(2s²)} on a thick ring, s = 0.15, θ the angle: a von Mises law around the ring. Conditional laws by quadrature.</summary>
public sealed class ThickRing : DensityLaw, IMoments
{
    private const double Deviation = 0.15;

    private readonly double _kappa, _logNormaliser, _cosine;

    /// <summary>The law with concentration κ ≥ 0.</summary>
    public ThickRing(double kappa = 2)
        : base(Laws.Named("thick-ring", [kappa], [2]), "p ~ exp(kappa cos(theta) - (r - 1)^2/(2 s^2)), s = 0.15", new Box([-2.2, -2.2], [2.2, 2.2]))
    {
        _kappa = kappa;
        // ∫ r e^{−(r−1)²/2s²} dr = s√(2π)·Φ(1/s) + s² e^{−1/2s²}; the angle's integral is periodic: the trapezoidal rule converges exponentially
        double radial = (Deviation * Math.Sqrt(2 * Math.PI) * Normal.Cdf(1 / Deviation)) + (Deviation * Deviation * Real.Exp(new(-0.5 / (Deviation * Deviation))).Value);
        const int steps = 256;
        double angular = 0, cosine = 0;
        for (int i = 0; i < steps; i++)
        {
            double c = Real.Cos(new(2 * Math.PI * i / steps)).Value, w = Real.Exp(new(kappa * (c - 1))).Value;
            angular += w;
            cosine += w * c;
        }

        _cosine = cosine / angular;
        _logNormaliser = Real.Log(new(radial * angular * 2 * Math.PI / steps)).Value + kappa;
    }

    /// <summary>E r·E cos θ, and 0; E r = ∫r²…/∫r… = (1 + s²)/1 up to e^{−1/2s²}, below 1e-9.</summary>
    public double Mean(int i) => i == 0 ? (1 + (Deviation * Deviation)) * _cosine : 0;

    /// <summary>From E r² = 1 + 3s², E cos²θ = 1 − I₁(κ)/(κI₀(κ)).</summary>
    public double Covariance(int i, int j)
    {
        if (i != j) return 0;
        double square = 1 + (3 * Deviation * Deviation), cosines = _kappa == 0 ? 0.5 : 1 - (_cosine / _kappa);
        return i == 0 ? (square * cosines) - (Mean(0) * Mean(0)) : square * (1 - cosines);
    }

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        T r = T.Sqrt(T.Max((x[0] * x[0]) + (x[1] * x[1]), T.Constant(1e-300))), u = (r - 1) / Deviation;
        return (_kappa * (x[0] / r)) - (0.5 * (u * u)) - _logNormaliser;
    }

    /// <summary>Rejection: a radius from N(1, s²) kept with probability r/2, an angle kept with probability e^{κ(cos θ − 1)}.</summary>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        double r, c;
        do r = 1 + (Deviation * random.NextNormal());
        while (!(2 * random.NextUniform() < r));
        Real angle;
        do
        {
            angle = new(2 * Math.PI * random.NextUniform());
            c = Real.Cos(angle).Value;
        }
        while (!(random.NextUniform() < Real.Exp(new(_kappa * (c - 1))).Value));
        (x[0], x[1]) = (r * c, r * Real.Sin(angle).Value);
    }
}
