using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>Independent coordinates, not all with densities: a Cantor law times a uniform one, point masses on the line.</summary>
public sealed class ProductLaw : Law, ICoordinateLaws, IMoments, IConditionals
{
    private readonly Factors _factors;

    internal ProductLaw(string name, string formula, params LineLaw[] factors)
        : base(name, formula, Factors.Window(factors)) => _factors = new(factors);

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => _factors[i];

    /// <inheritdoc/>
    public double Mean(int i) => _factors[i].Mean;

    /// <inheritdoc/>
    public double Covariance(int i, int j) => i == j ? _factors[i].Variance : 0;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before) => _factors[before.Length];

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x) => _factors.Sample(random, x);
}

/// <summary>Independent coordinates with densities: log p(x) = Σ_i log p_i(x_i), and the entropy is the sum of the entropies.</summary>
public sealed class ProductDensity : DensityLaw, ICoordinateLaws, IMoments, IConditionals
{
    private readonly Factors _factors;
    private readonly LineDensity[] _densities;

    internal ProductDensity(string name, string formula, params LineDensity[] factors)
        : base(name, formula, Factors.Window(factors), factors.Sum(f => f.Entropy)) => (_densities, _factors) = (factors, new(factors));

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => _factors[i];

    /// <inheritdoc/>
    public double Mean(int i) => _factors[i].Mean;

    /// <inheritdoc/>
    public double Covariance(int i, int j) => i == j ? _factors[i].Variance : 0;

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before) => _factors[before.Length];

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        T sum = _densities[0].LogDensity(x[0]);
        for (int i = 1; i < _densities.Length; i++) sum += _densities[i].LogDensity(x[i]);
        return sum;
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x) => _factors.Sample(random, x);
}

/// <summary>The factors of a product.</summary>
internal sealed class Factors(LineLaw[] factors)
{
    public LineLaw this[int i] => factors[i];

    public static Box Window(LineLaw[] factors) => new(factors.Select(f => f.Window.Lower), factors.Select(f => f.Window.Upper));

    public void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        for (int i = 0; i < factors.Length; i++) x[i] = factors[i].Sample(random);
    }
}
