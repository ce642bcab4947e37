using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// A perceptron with one hidden layer, unit by unit: c(x) = Σ_k v_k φ(w_k x_{i(k)} + b_k) + c_0. Every unit sees one coordinate, so sums of functions of one coordinate
/// need no more.
/// </summary>
/// <remarks>
/// An evaluation adds the units one after the other, in their order here. The two ReLUs of a step, ReLU(x − a)/η − ReLU(x − a − η)/η, are large and cancel; next to each
/// other, with η and the jump powers of two and a a multiple of η, they cancel exactly.
/// </remarks>
internal sealed class PerceptronBuilder(Activation activation, int inputs, int outputs)
{
    // a tanh that is to be linear: |tanh(βx)/β − x| ≤ β²|x|³/3, and β⁻¹ times the rounding error is as small
    private const double Flat = 1e-5;

    // tanh(20) = 1 − 8e-18: from here on the number 1
    private const double Saturated = 20;

    private readonly List<(int Input, double Weight, double Bias, double[] Outputs)> _units = [];
    private readonly double[] _constant = new double[outputs];

    /// <summary>φ: <see cref="Activation.ReLU"/> or <see cref="Activation.Tanh"/>.</summary>
    public Activation Activation => activation;

    /// <summary>c_0 += v.</summary>
    public void AddConstant(ReadOnlySpan<double> v)
    {
        for (int o = 0; o < outputs; o++) _constant[o] += v[o];
    }

    /// <summary>c_0 += v, but after the units so far: a large sum that is a whole number must not start from a fraction.</summary>
    public void AddConstantHere(double[] v)
    {
        if (activation == Activation.ReLU) _units.Add((0, 0, 1, v));
        else AddConstant(v);
    }

    /// <summary>+= v·(x_input − from) for x_input ≥ from, 0 before: a ReLU.</summary>
    public void AddHinge(int input, double from, double[] v) => _units.Add((input, 1, -from, v));

    /// <summary>+= v for x_input above the ramp [at − width/2, at + width/2], 0 below it; between them the ramp rises.</summary>
    public void AddStep(int input, double at, double width, double[] v)
    {
        if (activation == Activation.ReLU)
        {
            double[] slope = [.. v.Select(j => j / width)];
            AddHinge(input, at - (0.5 * width), slope);
            AddHinge(input, at + (0.5 * width), [.. slope.Select(s => -s)]);
            return;
        }

        double[] half = [.. v.Select(j => 0.5 * j)];
        double steepness = 2 * Saturated / width;
        _units.Add((input, steepness, -steepness * at, half));
        AddConstant(half);
    }

    /// <summary>+= ½ v (1 + tanh((x_input − at)/scale)).</summary>
    public void AddSoftStep(int input, double at, double scale, double[] v)
    {
        double[] half = [.. v.Select(j => 0.5 * j)];
        _units.Add((input, 1 / scale, -at / scale, half));
        AddConstant(half);
    }

    /// <summary>+= v·(x_input − from), for x_input ≥ from at least.</summary>
    public void AddLinear(int input, double from, double[] v)
    {
        if (activation == Activation.ReLU) AddHinge(input, from, v);
        else _units.Add((input, Flat, -Flat * from, [.. v.Select(s => s / Flat)]));
    }

    /// <summary>The perceptron.</summary>
    public MultilayerPerceptron Build()
    {
        Dense hidden = new(inputs, Math.Max(1, _units.Count)), output = new(hidden.Outputs, outputs);
        for (int k = 0; k < _units.Count; k++)
        {
            (int input, double weight, double bias, double[] v) = _units[k];
            hidden.Weights[(k * inputs) + input] = weight;
            hidden.Bias[k] = bias;
            for (int o = 0; o < outputs; o++) output.Weights[(o * hidden.Outputs) + k] = v[o];
        }

        _constant.CopyTo(output.Bias);
        return new MultilayerPerceptron(activation, [hidden, output]);
    }
}
