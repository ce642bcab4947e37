using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Construction;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>
/// Step (d): the reference tables of one-coordinate layers for u(x, y) = y + 0.25 cos(2x) sin(3y) on [−1, 1]², 41 slices of x, 801 values of y. The x-dependence is exact here:
/// each slice gets its own layer.
/// </summary>
public sealed class LayerTables
{
    private static readonly double[] s_slices = Even(41), s_grid = Even(801);

    private static double[] Even(int n) => [.. Enumerable.Range(0, n).Select(i => (2.0 * i / (n - 1)) - 1)];

    private static double U(double x, double y) => y + (0.25 * Math.Cos(2 * x) * Math.Sin(3 * y));

    private static double U1(double x, double y) => 1 + (0.75 * Math.Cos(2 * x) * Math.Cos(3 * y));

    private static double U2(double x, double y) => -2.25 * Math.Cos(2 * x) * Math.Sin(3 * y);

    private static double Logistic(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>sup over the grid of |layer − u| and |layer′ − ∂u/∂y|.</summary>
    private static (double Sup, double C1) Errors(Func<double, (ITransformer Transformer, double[] Raw)?> slice)
    {
        double sup = 0, c1 = 0;
        foreach (double x in s_slices)
        {
            if (slice(x) is not ({ } transformer, { } raw)) return (double.NaN, double.NaN);
            Lanes[] lanes = [.. raw.Select(Lanes.Constant)], p = new Lanes[transformer.ParameterCount];
            transformer.Parameters<Lanes>(lanes, p);
            for (int first = 0; first < s_grid.Length; first += Lanes.Width)
            {
                double[] y = [.. Enumerable.Range(first, Lanes.Width).Select(n => s_grid[Math.Min(n, s_grid.Length - 1)])];
                Lanes value = transformer.Forward(Lanes.Load(y), p, out Lanes log);
                for (int lane = 0; lane < Lanes.Width; lane++)
                {
                    sup = Math.Max(sup, Math.Abs(value[lane] - U(x, y[lane])));
                    c1 = Math.Max(c1, Math.Abs(Math.Exp(log[lane]) - U1(x, y[lane])));
                }
            }
        }

        return (sup, c1);
    }

    /// <summary>(d1): q the Chebyshev interpolant of √(∂u/∂y), P = u(x, 0) + ∫₀ʸ q².</summary>
    private static (double Sup, double C1) SumOfSquares(int r, bool even = false) => Errors(x =>
    {
        double[] nodes = even ? Even(r + 1) : ChebyshevGrid.Nodes(r), q = [.. nodes.Select(y => Math.Sqrt(U1(x, y)))];
        ChebyshevGrid.ToCoefficients(q, r, 1);
        return (new SumOfSquaresTransformer(1, r, new PolynomialBasis(true, -1, 1), 0), [U(x, 0), .. q]);
    });

    /// <summary>(d2) on cells of [−L, L], L = 9, v = σ∘u also beyond the box.</summary>
    private static double Sigmoids(int m, bool corrected, Func<double[], double[]>? sabotage = null, double overlap = DeepSigmoidalLayer.Overlap) => Errors(x =>
    {
        const double L = 9;
        double h = 2 * L / m, a = overlap / h;
        double[] ends = [.. Enumerable.Range(0, m + 1).Select(j => (h * j) - L)], v = [.. ends.Select(y => Logistic(U(x, y)))];
        double[] v2 = [.. ends.Select((y, j) => v[j] * (1 - v[j]) * (((1 - (2 * v[j])) * U1(x, y) * U1(x, y)) + U2(x, y)))];
        double[] w = DeepSigmoidalLayer.Weights(v, v2, h, a, corrected);
        Assert.Equal(1, w.Sum(), 1e-12); // the ends absorb the tails
        if (sabotage is not null) w = sabotage(w);
        if (!w.All(t => t > 0)) return null;
        return (new DeepSigmoidalTransformer(m, new PositiveMap(PositiveKind.Exp), 0),
            [.. w.Select(t => Math.Log(t)), .. Enumerable.Repeat(Math.Log(a), m), .. Enumerable.Range(0, m).Select(j => -a * ((h * (j + 0.5)) - L))]);
    }).Sup;

    /// <summary>(d3): K equal bins on [−1, 1] and one more on each side that leads to the diagonal at ±3.</summary>
    private static double Splines(int bins, Func<double, double, double>? slope = null) => Errors(x =>
    {
        double[] knots = [-3, .. Enumerable.Range(0, bins + 1).Select(k => (2.0 * k / bins) - 1), 3], values = [-3, .. knots[1..^1].Select(y => U(x, y)), 3];
        return (new RationalQuadraticTransformer(bins + 2, -3, 3, FreeTails: false, new PositiveMap(PositiveKind.Exp), 0),
            [.. Differences(knots), .. Differences(values), .. knots[1..^1].Select(y => Math.Log((slope ?? U1)(x, y)))]);
    }).Sup;

    private static IEnumerable<double> Differences(double[] t) => t.Skip(1).Zip(t, (b, a) => Math.Log(b - a));

    [Fact]
    public void Sums_of_squares_converge_geometrically()
    {
        int[] degrees = [2, 4, 6, 8, 12, 16, 24];
        (double Sup, double C1)[] errors = [.. degrees.Select(r => SumOfSquares(r))];
        ReferenceTable.Matches(["5.9e-2", "4.4e-3", "4.5e-4", "7.5e-5", "2.8e-6", "1.5e-7", "5.5e-10"], [.. errors.Select(e => e.Sup)]);
        ReferenceTable.Matches(["1.9e-1", "2.7e-2", "4.5e-3", "9.2e-4", "5.1e-5", "3.3e-6", "1.9e-8"], [.. errors.Select(e => e.C1)]);

        // √(∂u/∂y) has branch points where 0.75 cos(2x) cos(3y) = −1, the worst at x = 0, y = (±π ± i·arcosh(4/3))/3: errors ρ^{−r} r^{−3/2}, one more power after the integral
        System.Numerics.Complex branch = new(Math.PI / 3, Math.Acosh(4.0 / 3) / 3);
        double rho = (branch + System.Numerics.Complex.Sqrt((branch * branch) - 1)).Magnitude;
        double[] r = [.. degrees.Select(n => (double)n)];
        Assert.Equal(-Math.Log(rho), ReferenceTable.Slope(r[1..], [.. errors[1..].Select((e, i) => Math.Log(e.Sup * Math.Pow(r[i + 1], 2.5)))]), 0.15);
        Assert.Equal(-Math.Log(rho), ReferenceTable.Slope(r[1..], [.. errors[1..].Select((e, i) => Math.Log(e.C1 * Math.Pow(r[i + 1], 1.5)))]), 0.15);
    }

    [Fact]
    public void Sigmoids_converge_quadratically()
    {
        ReferenceTable.Matches(["5.6e-1", "4.0e-1", "2.5e-1", "1.2e-1", "3.7e-2", "9.9e-3"], [.. ((int[])[8, 16, 32, 64, 128, 256]).Select(m => Sigmoids(m, corrected: false))]);
        int[] fine = [128, 256, 384, 512, 768, 1024];
        Assert.Equal(-2, ReferenceTable.Rate(fine, [.. fine.Select(m => Sigmoids(m, corrected: false))]), 0.15);
    }

    [Fact]
    public void Corrected_sigmoids_converge_with_the_fourth_power_once_their_weights_are_positive()
    {
        foreach (int m in (int[])[8, 16, 32, 64]) Assert.True(double.IsNaN(Sigmoids(m, corrected: true)), $"m = {m} has a negative weight");
        ReferenceTable.Matches(["1.8e-3", "1.4e-4"], [Sigmoids(128, corrected: true), Sigmoids(256, corrected: true)]);
        // the rate at κ = 1: at κ = 1.5 it is −3.65 over m = 160 … 1024 and −2.9 over 512 … 1536, as aliasing, of relative size 5e-5 there and 1e-7 here, would have it
        int[] fine = [384, 512, 640, 768, 1024];
        Assert.Equal(-4, ReferenceTable.Rate(fine, [.. fine.Select(m => Sigmoids(m, corrected: true, overlap: 1))]), 0.15);
    }

    [Fact]
    public void Splines_converge_with_the_fourth_power()
    {
        int[] bins = [4, 8, 16, 32, 64, 128];
        double[] errors = [.. bins.Select(k => Splines(k))];
        ReferenceTable.Matches(["5.9e-3", "4.4e-4", "3.0e-5", "1.9e-6", "1.2e-7", "7.5e-9"], errors);
        Assert.Equal(-4, ReferenceTable.Rate(bins[1..], errors[1..]), 0.15);
    }

    [Fact]
    public void Planted_bugs_lose_the_rates()
    {
        // a slope from a one-sided difference; weights shifted by one centre; a correction of the wrong sign
        int[] bins = [8, 16, 32, 64, 128];
        Assert.True(ReferenceTable.Rate(bins, [.. bins.Select(k => Splines(k, (x, y) => (U(x, y + (0.1 / k)) - U(x, y)) * 10 * k))]) > -3.5);
        Assert.True(Sigmoids(256, corrected: true, w => [.. w[1..], w[0]]) > 1e-2);
        // a square root interpolated at equally spaced points: Runge's phenomenon
        Assert.True(SumOfSquares(24, even: true).Sup > 1e3 * SumOfSquares(24).Sup);
        double[] v = [0.1, 0.2, 0.4], v2 = [1, 2, 4];
        double moment = (Math.PI * Math.PI / (6 * 9)) + (0.25 / 24);
        Assert.Equal([0.2 - (moment * 2), 1 - (0.2 - (moment * 2))], DeepSigmoidalLayer.Weights(v, v2, 0.5, 3, corrected: true), (a, b) => Math.Abs(a - b) < 1e-15);
    }
}
