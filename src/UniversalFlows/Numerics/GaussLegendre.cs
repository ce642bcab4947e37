using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>
/// The Gauss–Legendre rule ∫₋₁¹ p = Σ w_i p(x_i), exact for polynomials of degree 2n − 1; nodes ascending, accurate to a few units in
/// the last place. Immutable; the rules are cached.
/// </summary>
public sealed class GaussLegendre
{
    /// <summary>The largest n.</summary>
    public const int MaxOrder = 256;

    private static readonly GaussLegendre?[] s_cache = new GaussLegendre?[MaxOrder + 1];

    private readonly double[] _nodes, _weights;

    private GaussLegendre(int n)
    {
        _nodes = new double[n];
        _weights = new double[n];
        for (int i = 0; i < (n + 1) / 2; i++)
        {
            // The zeros are symmetric; from this guess (Abramowitz and Stegun 22.16.6) Newton converges for every zero.
            double x = (2 * i) + 1 == n ? 0 : Real.Cos(new(Math.PI * (i + 0.75) / (n + 0.5))).Value;
            double derivative = 0;
            for (int step = 0; step < 8; step++)
            {
                (double p, derivative) = Legendre(n, x);
                double next = x - (p / derivative);
                if (Math.Abs(next - x) <= 1e-16) break;
                x = next;
            }

            (_, derivative) = Legendre(n, x);
            double w = 2 / ((1 - x) * (1 + x) * derivative * derivative);
            (_nodes[i], _nodes[n - 1 - i]) = (-x, x);
            _weights[i] = _weights[n - 1 - i] = w;
        }
    }

    /// <summary>x_1 &lt; … &lt; x_n in (−1, 1).</summary>
    public ReadOnlySpan<double> Nodes => _nodes;

    /// <summary>w_i &gt; 0, with sum 2.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The rule with <paramref name="n"/> nodes, 1 ≤ n ≤ <see cref="MaxOrder"/>.</summary>
    public static GaussLegendre Rule(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxOrder);
        // two threads may compute the same rule at once; both get the same bits
        return s_cache[n] ??= new GaussLegendre(n);
    }

    /// <summary>
    /// The composite rule on [lower, upper]: <paramref name="panels"/> equal panels of <paramref name="n"/> nodes each.
    /// </summary>
    public static (double[] Nodes, double[] Weights) Composite(double lower, double upper, int panels, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(panels, 1);
        GaussLegendre rule = Rule(n);
        double[] nodes = new double[panels * n], weights = new double[panels * n];
        double half = 0.5 * (upper - lower) / panels;
        for (int p = 0; p < panels; p++)
        {
            double middle = lower + (half * ((2 * p) + 1));
            for (int i = 0; i < n; i++)
            {
                nodes[(p * n) + i] = middle + (half * rule._nodes[i]);
                weights[(p * n) + i] = half * rule._weights[i];
            }
        }

        return (nodes, weights);
    }

    /// <summary>P_n(x) and P_n′(x) for |x| &lt; 1 by the three-term recurrence.</summary>
    private static (double Value, double Derivative) Legendre(int n, double x)
    {
        double p = 1, previous = 0;
        for (int k = 1; k <= n; k++) (p, previous) = (((((2 * k) - 1) * x * p) - ((k - 1) * previous)) / k, p);
        return (p, n * ((x * p) - previous) / ((x - 1) * (x + 1)));
    }
}
