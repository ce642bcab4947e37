using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>
/// Σ_j w_j N(m_j, Σ_j) on R^d with covariances Σ_j = L_j L_jᵀ, L_j lower triangular. With y = L_j⁻¹(x − m_j), −2 log of part j's density is |y|² + 2 Σ_i log (L_j)_ii + d log 2π; given x_1, …, x_{k−1}, part j has
/// the weight w_j N(x_{&lt;k}) and its x_k is N(m_jk + Σ_{i&lt;k} (L_j)_ki y_i, (L_j)_kk²): conditional laws are mixtures again.
/// </summary>
public sealed class GaussianMixture : DensityLaw, ICoordinateLaws, IMoments, IConditionals
{
    private const double Negligible = 1e-17; // of the largest conditional weight

    private readonly double[] _weights, _logWeights;
    private readonly double[][] _means, _roots;
    private readonly int _d;
    private readonly bool _even;

    /// <summary>A mixture in the plane with the given centres and one standard deviation, equal weights.</summary>
    public GaussianMixture(string name, string formula, IEnumerable<(double X, double Y)> centres, double deviation)
        : this(name, formula, Isotropic(centres.Select(c => (double[])[c.X, c.Y]), deviation))
    {
    }

    /// <summary>A mixture of parts (weight, mean, covariance row by row); the weights are divided by their sum.</summary>
    /// <exception cref="ArgumentException">No part, lengths that don't agree, a weight that isn't positive, or a covariance that isn't positive definite.</exception>
    public GaussianMixture(string name, string formula, IReadOnlyList<(double Weight, double[] Mean, double[] Covariance)> parts)
        : this(name, formula, [.. parts.Select(p => (p.Weight, p.Mean, Root: Root(p.Covariance, p.Mean.Length)))])
    {
    }

    private GaussianMixture(string name, string formula, (double Weight, double[] Mean, double[] Root)[] parts)
        : base(name, formula, Around(parts), parts.Length == 1 ? EntropyOf(parts[0].Root, parts[0].Mean.Length) : Concentric(parts))
    {
        _d = parts[0].Mean.Length;
        if (parts.Any(p => p.Mean.Length != _d || !(p.Weight > 0))) throw new ArgumentException("the parts have positive weights and means of one length", nameof(parts));
        double total = parts.Sum(p => p.Weight);
        _weights = [.. parts.Select(p => p.Weight / total)];
        _even = parts.All(p => p.Weight == parts[0].Weight);
        (_means, _roots) = ([.. parts.Select(p => p.Mean)], [.. parts.Select(p => p.Root)]);
        _logWeights = [.. parts.Select((p, j) => Real.Log(new(_weights[j])).Value - (0.5 * _d * Functions.LogTwoPi) - LogDeterminant(p.Root, _d))];
    }

    /// <summary>
    /// Eight Gaussians on a circle of radius 4/1.414 with standard deviation 0.5/1.414: the toy law of FFJORD (Grathwohl et al. 2019),
    /// with the constant as its program writes it.
    /// </summary>
    public static GaussianMixture EightGaussians { get; } = new(
        "eight-gaussians", "⅛ Σⱼ N(c(cos jπ/4, sin jπ/4), s²I), c = 4/1.414, s = 0.5/1.414", Ring(8, 4 / 1.414), 0.5 / 1.414);

    /// <summary>How many parts there are.</summary>
    public int Count => _weights.Length;

    /// <summary>The parts, of a mixture of isotropic parts.</summary>
    /// <exception cref="NotSupportedException">A covariance is not a multiple of the identity.</exception>
    public IReadOnlyList<GaussianComponent> Components => [.. Enumerable.Range(0, Count).Select(j => new GaussianComponent(_weights[j], _means[j], Deviation(j)))];

    /// <summary>The mixture of N(a_j, s²I) over atoms: what point masses become when N(0, s²I) is added.</summary>
    public static GaussianMixture Mollified(AtomicLaw atoms, double deviation)
    {
        ArgumentNullException.ThrowIfNull(atoms);
        int d = atoms.Dimension;
        double[] root = Diagonal(d, deviation);
        return new GaussianMixture($"{atoms.Name} * N(0, {deviation:R}^2)", $"({atoms.Formula}) * N(0, s²I)", [.. Enumerable.Range(0, atoms.Count).Select(j => (atoms.Weight(j), atoms.Point(j).ToArray(), root))]);
    }

    /// <summary>This law with N(0, s²I) added: Σ_j becomes Σ_j + s²I.</summary>
    public GaussianMixture Mollified(double deviation)
    {
        List<(double, double[], double[])> parts = [];
        for (int j = 0; j < Count; j++)
        {
            double[] covariance = new double[_d * _d];
            for (int i = 0; i < _d; i++)
                for (int k = 0; k < _d; k++) covariance[(i * _d) + k] = PartCovariance(j, i, k) + (i == k ? deviation * deviation : 0);
            parts.Add((_weights[j], _means[j], covariance));
        }

        return new GaussianMixture($"{Name} * N(0, {deviation:R}^2)", $"({Formula}) * N(0, s²I)", parts);
    }

    /// <inheritdoc/>
    public LineLaw Coordinate(int i) => new NormalMixtureLine(_weights, [.. _means.Select(m => m[i])], [.. Enumerable.Range(0, Count).Select(j => Math.Sqrt(PartCovariance(j, i, i)))]);

    /// <inheritdoc/>
    public double Mean(int i) => Enumerable.Range(0, Count).Sum(j => _weights[j] * _means[j][i]);

    /// <inheritdoc/>
    public double Covariance(int i, int j)
    {
        double a = Mean(i), b = Mean(j);
        return Enumerable.Range(0, Count).Sum(k => _weights[k] * (PartCovariance(k, i, j) + ((_means[k][i] - a) * (_means[k][j] - b))));
    }

    /// <inheritdoc/>
    public LineLaw Given(ReadOnlySpan<double> before)
    {
        int k = before.Length;
        double[] log = new double[Count], means = new double[Count];
        double top = double.NegativeInfinity;
        Span<double> y = stackalloc double[k];
        for (int j = 0; j < Count; j++)
        {
            ReadOnlySpan<double> m = _means[j], root = _roots[j];
            double square = 0, logs = 0, mean = m[k];
            for (int i = 0; i < k; i++)
            {
                double r = before[i] - m[i];
                for (int l = 0; l < i; l++) r -= root[(i * _d) + l] * y[l];
                y[i] = r / root[(i * _d) + i];
                square += y[i] * y[i];
                mean += root[(k * _d) + i] * y[i];
                logs += Real.Log(new(root[(i * _d) + i])).Value;
            }

            means[j] = mean;
            log[j] = Real.Log(new(_weights[j])).Value - logs - (0.5 * square);
            top = Math.Max(top, log[j]);
        }

        // parts whose weight is rounding error are left out: most of them, for many narrow parts
        List<double> weights = [], centres = [], deviations = [];
        double total = 0;
        for (int j = 0; j < Count; j++)
        {
            double w = Real.Exp(new(log[j] - top)).Value;
            if (!(w > Negligible)) continue;
            total += w;
            weights.Add(w);
            centres.Add(means[j]);
            deviations.Add(_roots[j][(k * _d) + k]);
        }

        for (int j = 0; j < weights.Count; j++) weights[j] /= total;
        return new NormalMixtureLine([.. weights], [.. centres], [.. deviations]);
    }

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        using Scratch<T> scratch = new(Count + _d);
        Span<T> exponents = scratch.Take(Count), y = scratch.Take(_d);
        T top = T.Constant(double.NegativeInfinity), sum = T.Constant(0);
        for (int j = 0; j < Count; j++)
        {
            double[] m = _means[j], root = _roots[j];
            T square = T.Constant(0);
            for (int i = 0; i < _d; i++)
            {
                T r = x[i] - m[i];
                for (int l = 0; l < i; l++)
                    if (root[(i * _d) + l] != 0) r -= root[(i * _d) + l] * y[l];
                y[i] = r / root[(i * _d) + i];
                square = T.MultiplyAdd(y[i], y[i], square);
            }

            exponents[j] = (-0.5 * square) + _logWeights[j];
            top = T.Max(top, T.Freeze(exponents[j]));
        }

        foreach (T e in exponents) sum += T.Exp(e - top);
        return top + T.Log(sum);
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        int j = 0;
        if (_even) j = random.NextInt(Count);
        else
        {
            double u = random.NextUniform(), sum = _weights[0];
            for (; j < Count - 1 && u > sum; sum += _weights[j]) j++;
        }

        Span<double> z = stackalloc double[_d];
        random.FillNormal(z);
        for (int i = 0; i < _d; i++)
        {
            double sum = _means[j][i];
            for (int l = 0; l <= i; l++) sum += _roots[j][(i * _d) + l] * z[l];
            x[i] = sum;
        }
    }

    private static (double, double[], double[])[] Isotropic(IEnumerable<double[]> centres, double deviation) => [.. centres.Select(c => (1.0, c, Diagonal(c.Length, deviation)))];

    private static double[] Diagonal(int d, double deviation)
    {
        double[] root = new double[d * d];
        for (int i = 0; i < d; i++) root[(i * d) + i] = deviation;
        return root;
    }

    /// <summary>L with L Lᵀ = Σ.</summary>
    private static double[] Root(double[] covariance, int d)
    {
        if (covariance.Length != d * d) throw new ArgumentException($"a covariance of R^{d} has {d * d} entries", nameof(covariance));
        double[] l = new double[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = covariance[(i * d) + j];
                for (int k = 0; k < j; k++) sum -= l[(i * d) + k] * l[(j * d) + k];
                if (i != j) l[(i * d) + j] = sum / l[(j * d) + j];
                else if (sum > 0) l[(i * d) + i] = Math.Sqrt(sum);
                else throw new ArgumentException("a covariance is not positive definite", nameof(covariance));
            }
        }

        return l;
    }

    private double PartCovariance(int part, int i, int k)
    {
        double sum = 0;
        for (int l = 0; l <= Math.Min(i, k); l++) sum += _roots[part][(i * _d) + l] * _roots[part][(k * _d) + l];
        return sum;
    }

    private double Deviation(int j)
    {
        double s = _roots[j][0];
        return _roots[j].SequenceEqual(Diagonal(_d, s)) ? s : throw new NotSupportedException("a part of the mixture is not isotropic");
    }

    private static double LogDeterminant(double[] root, int d) => Enumerable.Range(0, d).Sum(i => Real.Log(new(root[(i * d) + i])).Value);

    private static double EntropyOf(double[] root, int d) => (0.5 * d * (1 + Functions.LogTwoPi)) + LogDeterminant(root, d);

    /// <summary>
    /// For isotropic parts of the plane with one centre, whose scales may be far apart: −∫ p log p·2πr dr with r = e^t by the trapezoidal rule in t, whose integrand decays doubly exponentially. Null otherwise.
    /// </summary>
    private static double? Concentric((double Weight, double[] Mean, double[] Root)[] parts)
    {
        if (parts.Any(p => p.Mean.Length != 2 || !p.Mean.SequenceEqual(parts[0].Mean) || p.Root[1] != 0 || p.Root[2] != 0 || p.Root[0] != p.Root[3])) return null;
        double total = parts.Sum(p => p.Weight), low = parts.Min(p => Real.Log(new(p.Root[0])).Value) - 20, high = parts.Max(p => Real.Log(new(p.Root[0])).Value) + 3, sum = 0;
        const double step = 1.0 / 64;
        for (double t = low; t < high; t += step)
        {
            double r = Real.Exp(new(t)).Value, density = parts.Sum(p => p.Weight / total / (2 * Math.PI * p.Root[0] * p.Root[0]) * Real.Exp(new(-0.5 * r * r / (p.Root[0] * p.Root[0]))).Value);
            if (density > 0) sum -= 2 * Math.PI * r * r * density * Real.Log(new(density)).Value * step;
        }

        return sum;
    }

    private static (double X, double Y)[] Ring(int count, double radius) =>
    [
        .. Enumerable.Range(0, count).Select(j =>
        {
            Real angle = new(2 * Math.PI * j / count);
            return (radius * Real.Cos(angle).Value, radius * Real.Sin(angle).Value);
        }),
    ];

    /// <summary>Eight deviations around every centre.</summary>
    private static Box Around((double Weight, double[] Mean, double[] Root)[] parts)
    {
        if (parts.Length == 0) throw new ArgumentException("a mixture has at least one part", nameof(parts));
        int d = parts[0].Mean.Length;
        double[] lower = new double[d], upper = new double[d];
        for (int i = 0; i < d; i++)
        {
            (lower[i], upper[i]) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach ((_, double[] mean, double[] root) in parts)
            {
                double s = 8 * Math.Sqrt(root.AsSpan(i * d, i + 1).ToArray().Sum(v => v * v));
                (lower[i], upper[i]) = (Math.Min(lower[i], mean[i] - s), Math.Max(upper[i], mean[i] + s));
            }
        }

        return new Box(lower, upper);
    }
}
