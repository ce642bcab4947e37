using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>The banana: the image of N(0, I) under (x, y) ↦ (x, y + x²), which is its Knothe–Rosenblatt map. log p = −½(x² + (y − x²)²) − log 2π; the entropy is that of N(0, I), the map keeps areas.</summary>
public sealed class BananaLaw : DensityLaw, IMoments, IConditionals
{
    // |x| ≤ 7 leaves out 3e-12; there x² reaches 49
    private BananaLaw()
        : base("banana", "x1 ~ N(0, 1), x2 = x1^2 + N(0, 1)", new Box([-7, -7], [7, 57]), 1 + Functions.LogTwoPi)
    {
    }

    /// <summary>The law.</summary>
    public static BananaLaw Instance { get; } = new();

    /// <inheritdoc/>
    public double Mean(int i) => i;

    /// <summary>Var X_1 = 1, Var X_2 = Var X_1² + 1 = 3, Cov = E X_1³ = 0.</summary>
    public double Covariance(int i, int j) => i != j ? 0 : i == 0 ? 1 : 3;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before) => new NormalLine(before.IsEmpty ? 0 : before[0] * before[0], 1);

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        T n = x[1] - (x[0] * x[0]);
        return (-0.5 * ((x[0] * x[0]) + (n * n))) - Functions.LogTwoPi;
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        x[0] = random.NextNormal();
        x[1] = (x[0] * x[0]) + random.NextNormal();
    }
}

/// <summary>
/// The funnel: x₁ ~ N(0, 9) and x₂ ~ N(0, e^{x₁}) given x₁ (Neal 2003): the image of N(0, I) under (3z₁, e^{3z₁/2}z₂), one affine coupling after a scaling. The entropy is 1 + log 2π + log 3.
/// </summary>
public sealed class FunnelLaw : DensityLaw, IMoments, IConditionals
{
    // x₂ has standard deviations e^{x₁/2}, heavy for large x₁
    private FunnelLaw()
        : base("funnel", "x1 ~ N(0, 9), x2 ~ N(0, exp(x1))", new Box([-10, -30], [10, 30]), 1 + Functions.LogTwoPi + Real.Log(new(3)).Value)
    {
    }

    /// <summary>The law.</summary>
    public static FunnelLaw Instance { get; } = new();

    /// <inheritdoc/>
    public double Mean(int i) => 0;

    /// <summary>9, and E e^{X_1} = e^{9/2}.</summary>
    public double Covariance(int i, int j) => i != j ? 0 : i == 0 ? 9 : Real.Exp(new(4.5)).Value;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before) => before.IsEmpty ? new NormalLine(0, 3) : new NormalLine(0, Real.Exp(new(0.5 * before[0])).Value);

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        T u = x[0] / 3, v = x[1] * T.Exp(-0.5 * x[0]);
        return (-0.5 * ((u * u) + (v * v) + x[0])) - (Functions.LogTwoPi + Real.Log(new(3)).Value);
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        x[0] = 3 * random.NextNormal();
        x[1] = Real.Exp(new(0.5 * x[0])).Value * random.NextNormal();
    }
}

/// <summary>
/// Exponential margins, joined by the copula of N(0, [[1, ρ], [ρ, 1]]): X_i = F⁻¹(Φ(N_i)), F(x) = 1 − e^{−x}. log p = −x₁ − x₂ − ½log(1 − ρ²) − (ρ²(n₁² + n₂²) − 2ρn₁n₂)/(2(1 − ρ²)); entropy 2 + ½log(1 − ρ²).
/// </summary>
public sealed class ExponentialCopula : DensityLaw, ICoordinateLaws, IConditionals
{
    private readonly double _rho, _root;

    /// <summary>The law with correlation ρ of the hidden normal pair, −1 &lt; ρ &lt; 1.</summary>
    public ExponentialCopula(double correlation = 0.6)
        : base(Laws.Named("copula", [correlation], [0.6]), "exponential margins, Gaussian copula with correlation rho", new Box([0, 0], [25, 25]), 2 + (0.5 * Real.Log(new(1 - (correlation * correlation))).Value)) =>
        (_rho, _root) = (correlation, Math.Sqrt(1 - (correlation * correlation)));

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => new Margin(0, 1);

    /// <summary>N_2 = ρN_1 + √(1 − ρ²)·Z.</summary>
    public LineLaw Given(ReadOnlySpan<double> before) => before.IsEmpty ? new Margin(0, 1) : new Margin(_rho * Margin.ToNormal(before[0]), _root);

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        T zero = T.Constant(0), a = Hidden(x[0]), b = Hidden(x[1]);
        T quadratic = ((_rho * _rho) * ((a * a) + (b * b))) - ((2 * _rho) * (a * b));
        T value = -(x[0] + x[1]) - (quadratic / (2 * _root * _root)) - Real.Log(new(_root)).Value;
        return T.SelectLess(zero, T.Min(x[0], x[1]), value, T.Constant(double.NegativeInfinity));
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        double first = random.NextNormal(), second = random.NextNormal();
        x[0] = Margin.Of(first);
        x[1] = Margin.Of((_rho * first) + (_root * second));
    }

    private static T Hidden<T>(T x) where T : unmanaged, IScalar<T>
    {
        T safe = T.Max(x, T.Constant(1e-300));
        return Normal.Quantile(-T.Expm1(-safe), T.Exp(-safe));
    }

    /// <summary>The law of F⁻¹(Φ(m + sZ)).</summary>
    private sealed class Margin(double mean, double deviation) : LineLaw
    {
        public override double Mean => mean == 0 && deviation == 1 ? 1 : double.NaN;

        public override double Variance => mean == 0 && deviation == 1 ? 1 : double.NaN;

        public override (double Lower, double Upper) Window => (0, 25);

        public static double Of(double n) => n < 0 ? -Real.Log1p(new(-Normal.Cdf(n))).Value : -Real.Log(new(Normal.Survival(n))).Value;

        public static double ToNormal(double x) => Normal.Quantile(-Real.Expm1(new(-x)).Value, Real.Exp(new(-x)).Value);

        public override double Cdf(double x) => x <= 0 ? 0 : Normal.Cdf((ToNormal(x) - mean) / deviation);

        public override double Survival(double x) => x <= 0 ? 1 : Normal.Survival((ToNormal(x) - mean) / deviation);

        public override double Quantile(double p, double q) => FromNormal(Normal.Quantile(p, q));

        public override double FromNormal(double z) => Of(mean + (deviation * z));
    }
}

/// <summary>Student's law in the plane, ν = 3: a normal pair over the root of one χ²₃/3. p = (1/2π)(1 + |x|²/3)^{−5/2}; entropy log 2π + 5/3; given x₁, x₂ is Student with ν = 4 and the scale √((3 + x₁²)/4).</summary>
public sealed class PlaneStudent : DensityLaw, ICoordinateLaws, IMoments, IConditionals
{
    private PlaneStudent()
        : base("student-2d", "N(0, I)/sqrt(chi^2_3/3)", new Box([-15, -15], [15, 15]), Functions.LogTwoPi + (5.0 / 3))
    {
    }

    /// <summary>The law.</summary>
    public static PlaneStudent Instance { get; } = new();

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => new StudentLine(3);

    /// <inheritdoc/>
    public double Mean(int i) => 0;

    /// <inheritdoc/>
    public double Covariance(int i, int j) => i == j ? 3 : 0;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before) => before.IsEmpty ? new StudentLine(3) : new StudentLine(4, Math.Sqrt((3 + (before[0] * before[0])) / 4));

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x) => (-2.5 * T.Log1p(((x[0] * x[0]) + (x[1] * x[1])) / 3)) - Functions.LogTwoPi;

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        double a = random.NextNormal(), b = random.NextNormal(), sum = 0;
        for (int i = 0; i < 3; i++)
        {
            double n = random.NextNormal();
            sum += n * n;
        }

        double scale = Math.Sqrt(3 / sum);
        (x[0], x[1]) = (a * scale, b * scale);
    }
}
