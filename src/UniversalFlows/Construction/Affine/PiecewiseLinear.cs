using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>Several functions of one variable, linear between common knots, constant beyond the outer ones.</summary>
internal sealed class PiecewiseLinear
{
    private readonly double[] _knots;
    private readonly double[][] _values;

    /// <summary>Functions with <c>values[output][knot]</c> at increasing knots.</summary>
    public PiecewiseLinear(double[] knots, params double[][] values) => (_knots, _values) = (knots, values);

    /// <summary>x_0 &lt; … &lt; x_n.</summary>
    public IReadOnlyList<double> Knots => _knots;

    /// <summary>The values of one function at the knots.</summary>
    public IReadOnlyList<double> Values(int output) => _values[output];

    /// <summary>One of the functions at x; NaN at NaN.</summary>
    public double Evaluate(int output, double x)
    {
        double[] v = _values[output];
        if (!(x > _knots[0])) return double.IsNaN(x) ? x : v[0];
        if (x >= _knots[^1]) return v[^1];
        int k = Array.BinarySearch(_knots, x);
        if (k >= 0) return v[k];
        k = ~k;
        double share = (x - _knots[k - 1]) / (_knots[k] - _knots[k - 1]);
        return v[k - 1] + (share * (v[k] - v[k - 1]));
    }

    /// <summary>
    /// Adds the functions to a perceptron. ReLU: exactly, one unit a knot. tanh: Σ_k (v(x_{k+1}) − v(x_k))·½(1 + tanh((x − m_k)/w)) over even pieces, three to the shortest one here, of length h with midpoints m_k, w = 0.7 h:
    /// the function convolved with a kernel of variance π²w²/12, whose effect −½·variance·second difference takes back; aliasing 4z e^{−z}h/2π, z = π²w/h, 4·10⁻³h, times the slope.
    /// </summary>
    public void AddTo(PerceptronBuilder builder, int input)
    {
        if (builder.Activation == Activation.Tanh)
        {
            AddSmooth(builder, input);
            return;
        }

        builder.AddConstant([.. _values.Select(v => v[0])]);
        double[] slope = new double[_values.Length], change = new double[_values.Length];
        for (int k = 0; k < _knots.Length; k++)
        {
            for (int o = 0; o < slope.Length; o++)
            {
                double next = k + 1 < _knots.Length ? (_values[o][k + 1] - _values[o][k]) / (_knots[k + 1] - _knots[k]) : 0;
                (change[o], slope[o]) = (next - slope[o], next);
            }

            if (change.Any(c => c != 0)) builder.AddHinge(input, _knots[k], [.. change]);
        }
    }

    private void AddSmooth(PerceptronBuilder builder, int input)
    {
        double h = double.PositiveInfinity;
        for (int k = 1; k < _knots.Length; k++) h = Math.Min(h, _knots[k] - _knots[k - 1]);
        // three to the shortest piece: a kernel's tail over a piece is then e⁻⁸·⁶
        int count = (int)Math.Ceiling(3 * (_knots[^1] - _knots[0]) / h);
        h = (_knots[^1] - _knots[0]) / count;
        const double Overlap = 0.7;
        double half = Math.PI * Math.PI * Overlap * Overlap / 24;
        double[][] samples = [.. _values.Select((_, o) => (double[])[.. Enumerable.Range(-1, count + 3).Select(k => Evaluate(o, _knots[0] + (k * h)))])];
        double[][] sharp = [.. samples.Select(v => (double[])[.. Enumerable.Range(1, count + 1).Select(k => v[k] - ((half + (1.0 / 24)) * (v[k + 1] - (2 * v[k]) + v[k - 1])))])];
        builder.AddConstant([.. sharp.Select(v => v[0])]);
        for (int k = 0; k < count; k++)
            builder.AddSoftStep(input, _knots[0] + ((k + 0.5) * h), Overlap * h, [.. sharp.Select(v => v[k + 1] - v[k])]);
    }
}
