using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>
/// The uniform mixture of N(c_j, s²I) in the plane: p(x) = (1/m)·Σ_j exp(−|x − c_j|²/2s²)/(2πs²).
/// </summary>
public sealed class GaussianMixture : Law
{
    private readonly (double X, double Y)[] _centres;
    private readonly double _deviation, _logNormaliser;

    /// <summary>A mixture with the given centres and standard deviation.</summary>
    public GaussianMixture(string name, string formula, IEnumerable<(double X, double Y)> centres, double deviation)
        : this(name, formula, [.. centres], deviation)
    {
    }

    private GaussianMixture(string name, string formula, (double X, double Y)[] centres, double deviation)
        : base(name, formula, Around(centres, 8 * deviation))
    {
        (_centres, _deviation) = (centres, deviation);
        _logNormaliser = -Functions.LogTwoPi - Real.Log(new Real(deviation * deviation * centres.Length)).Value;
    }

    /// <summary>
    /// Eight Gaussians on a circle of radius 4/1.414 with standard deviation 0.5/1.414: the toy law of FFJORD (Grathwohl et al. 2019),
    /// with the constant as its program writes it.
    /// </summary>
    public static GaussianMixture EightGaussians { get; } = new(
        "eight-gaussians", "⅛ Σⱼ N(c(cos jπ/4, sin jπ/4), s²I), c = 4/1.414, s = 0.5/1.414", Ring(8, 4 / 1.414), 0.5 / 1.414);

    /// <summary>The parts, of equal weights.</summary>
    public IReadOnlyList<GaussianComponent> Components => [.. _centres.Select(c => new GaussianComponent(1.0 / _centres.Length, [c.X, c.Y], _deviation))];

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        using Scratch<T> scratch = new(_centres.Length);
        Span<T> exponents = scratch.Take(_centres.Length);
        T top = T.Constant(double.NegativeInfinity), sum = T.Constant(0);
        for (int j = 0; j < _centres.Length; j++)
        {
            T a = (x[0] - _centres[j].X) / _deviation, b = (x[1] - _centres[j].Y) / _deviation;
            exponents[j] = -0.5 * ((a * a) + (b * b));
            top = T.Max(top, T.Freeze(exponents[j]));
        }

        foreach (T e in exponents) sum += T.Exp(e - top);
        return _logNormaliser + top + T.Log(sum);
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        (double cx, double cy) = _centres[random.NextInt(_centres.Length)];
        x[0] = cx + (_deviation * random.NextNormal());
        x[1] = cy + (_deviation * random.NextNormal());
    }

    private static (double X, double Y)[] Ring(int count, double radius) =>
    [
        .. Enumerable.Range(0, count).Select(j =>
        {
            Real angle = new(2 * Math.PI * j / count);
            return (radius * Real.Cos(angle).Value, radius * Real.Sin(angle).Value);
        }),
    ];

    private static Box Around((double X, double Y)[] centres, double margin) => new(
        [centres.Min(c => c.X) - margin, centres.Min(c => c.Y) - margin], [centres.Max(c => c.X) + margin, centres.Max(c => c.Y) + margin]);
}
