using System.Runtime.Intrinsics;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// The conditional laws of a density on its window, d ≤ 3, by composite Gauss–Legendre rules: p(x_1, …, x_k) = ∫ p dx_{k+1} … dx_d at the nodes of x_k, interpolated panel by panel.
/// </summary>
internal sealed class QuadratureConditionals(DensityLaw density) : IConditionals
{
    public const int LargestDimension = 3;
    private const int Nodes = 8;

    private readonly int _panels = density.Dimension == 3 ? 24 : 64;
    private LineLaw? _first;

    public LineLaw Given(ReadOnlySpan<double> before)
    {
        if (before.IsEmpty) return _first ??= Line([]);
        return Line(before);
    }

    private TabulatedLine Line(ReadOnlySpan<double> before)
    {
        int d = density.Dimension, k = before.Length;
        double[] x = new double[d];
        before.CopyTo(x);
        (double[] nodes, _) = GaussLegendre.Composite(density.Window.Lower[k], density.Window.Upper[k], _panels, Nodes);
        double[] values = new double[nodes.Length];
        if (k == d - 1)
        {
            Along(x, nodes, values);
            return new TabulatedLine(density.Window.Lower[k], density.Window.Upper[k], _panels, Nodes, values);
        }

        for (int i = 0; i < nodes.Length; i++)
        {
            x[k] = nodes[i];
            values[i] = Integral(x, k + 1);
        }

        return new TabulatedLine(density.Window.Lower[k], density.Window.Upper[k], _panels, Nodes, values);
    }

    /// <summary>∫ p over the coordinates from k on, the others fixed.</summary>
    private double Integral(double[] x, int k)
    {
        (double[] nodes, double[] weights) = GaussLegendre.Composite(density.Window.Lower[k], density.Window.Upper[k], _panels, Nodes);
        double[] values = new double[nodes.Length];
        if (k == x.Length - 1) Along(x, nodes, values);
        else
        {
            for (int i = 0; i < nodes.Length; i++)
            {
                x[k] = nodes[i];
                values[i] = Integral(x, k + 1);
            }
        }

        return VectorMath.Dot(values, weights);
    }

    /// <summary>p along the last coordinate.</summary>
    private void Along(double[] x, double[] nodes, double[] values)
    {
        Span<Lanes> point = stackalloc Lanes[x.Length];
        for (int i = 0; i < x.Length - 1; i++) point[i] = Lanes.Constant(x[i]);
        for (int n = 0; n < nodes.Length; n += Lanes.Width)
        {
            point[^1] = new(Vector512.Create<double>(nodes.AsSpan(n, Lanes.Width)));
            Lanes.Exp(density.LogDensity<Lanes>(point)).Store(values.AsSpan(n));
        }
    }
}

/// <summary>A law on an interval from its density at the nodes of a composite Gauss–Legendre rule: the interpolating polynomial on every panel, integrated exactly; the mass is divided by the total.</summary>
internal sealed class TabulatedLine : LineLaw
{
    private readonly double _lower, _width;
    private readonly double[] _below, _above, _coefficients; // masses before and after each panel; Legendre coefficients
    private readonly int _nodes;

    public TabulatedLine(double lower, double upper, int panels, int nodes, double[] values)
    {
        (_lower, _width, _nodes) = (lower, (upper - lower) / panels, nodes);
        GaussLegendre rule = GaussLegendre.Rule(nodes);
        _coefficients = new double[panels * nodes];
        double[] mass = new double[panels];
        double first = 0, second = 0;
        for (int p = 0; p < panels; p++)
        {
            for (int i = 0; i < nodes; i++)
            {
                double v = values[(p * nodes) + i], x = lower + (_width * (p + (0.5 * (1 + rule.Nodes[i])))), w = v * rule.Weights[i] * 0.5 * _width, before = 1, legendre = rule.Nodes[i];
                mass[p] += w;
                (first, second) = (first + (w * x), second + (w * x * x));
                // a_n = (2n + 1)/2 Σ_i w_i v_i P_n(x_i): exact for polynomials of degree below the number of nodes
                for (int n = 0; n < nodes; n++)
                {
                    double value = n == 0 ? 1 : legendre;
                    _coefficients[(p * nodes) + n] += ((2 * n) + 1) * 0.5 * rule.Weights[i] * v * value;
                    if (n >= 1) (legendre, before) = (((((2 * n) + 1) * rule.Nodes[i] * legendre) - (n * before)) / (n + 1), legendre);
                }
            }
        }

        double total = VectorMath.Sum(mass);
        if (!(total > 0)) throw new ArgumentException("the density has no mass on the window", nameof(values));
        for (int i = 0; i < _coefficients.Length; i++) _coefficients[i] /= total;
        (_below, _above) = (new double[panels + 1], new double[panels + 1]);
        for (int p = 0; p < panels; p++) _below[p + 1] = _below[p] + (mass[p] / total);
        for (int p = panels - 1; p >= 0; p--) _above[p] = _above[p + 1] + (mass[p] / total);
        Mean = first / total;
        Variance = (second / total) - (Mean * Mean);
    }

    public override double Mean { get; }

    public override double Variance { get; }

    public override (double Lower, double Upper) Window => (_lower, _lower + (_width * (_below.Length - 1)));

    public override double Cdf(double x) => Mass(x, upper: false);

    public override double Survival(double x) => Mass(x, upper: true);

    public override double Quantile(double p, double q)
    {
        // the panel by the smaller tail, then a root within it
        int panel = 0, last = _below.Length - 2;
        if (p <= q) while (panel < last && _below[panel + 1] < p) panel++;
        else
        {
            panel = last;
            while (panel > 0 && _above[panel] < q) panel--;
        }

        double start = _lower + (panel * _width);
        double goal = p <= q ? p - _below[panel] : _above[panel] - q;
        return IncreasingRoot.Solve(x => (Inside(panel, (2 * (x - start) / _width) - 1, out double density) - goal, density), start, start + _width);
    }

    private double Mass(double x, bool upper)
    {
        double place = (x - _lower) / _width;
        if (!(place > 0)) return upper ? 1 : 0;
        int panel = (int)Math.Floor(place);
        if (panel >= _below.Length - 1) return upper ? 0 : 1;
        double inside = Inside(panel, (2 * (place - panel)) - 1, out _);
        return upper ? Math.Max(0, _above[panel] - inside) : _below[panel] + inside;
    }

    /// <summary>∫ from the panel's start to t in [−1, 1], by ∫₋₁ᵗ P_n = (P_{n+1}(t) − P_{n−1}(t))/(2n + 1), and the density there.</summary>
    private double Inside(int panel, double t, out double density)
    {
        double sum = 0, before = 1, legendre = t;
        density = 0;
        for (int n = 0; n < _nodes; n++)
        {
            double a = _coefficients[(panel * _nodes) + n];
            if (n == 0)
            {
                sum += a * (t + 1);
                density += a;
                continue;
            }

            double next = ((((2 * n) + 1) * t * legendre) - (n * before)) / (n + 1);
            sum += a * (next - before) / ((2 * n) + 1);
            density += a * legendre;
            (before, legendre) = (legendre, next);
        }

        return Math.Max(0, sum) * 0.5 * _width;
    }
}
