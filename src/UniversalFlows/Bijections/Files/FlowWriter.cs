using System.Text.Json;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Files;

/// <summary>Bijections to JSON; <see cref="FlowReader"/> is its inverse.</summary>
internal static partial class FlowWriter
{
    public static void Layers(Utf8JsonWriter json, IReadOnlyList<IBijection> layers)
    {
        json.WriteStartArray("layers");
        foreach (IBijection layer in layers) Layer(json, layer);
        json.WriteEndArray();
    }

    private static void Layer(Utf8JsonWriter json, IBijection layer)
    {
        json.WriteStartObject();
        switch (layer)
        {
            case Coupling c:
                json.WriteString("type", "coupling");
                Whole(json, "passive", c.Passive);
                Whole(json, "active", c.Active);
                Transformer(json, c.Transformer);
                Conditioner(json, c.Conditioner);
                break;
            case AutoregressiveFlow a:
                Autoregressive(json, a);
                break;
            case PlanarFlow or SylvesterFlow or ResidualFlow:
                Residual(json, layer);
                break;
            case Permutation p:
                json.WriteString("type", "permutation");
                Whole(json, "order", p.Order);
                break;
            case Linear l:
                json.WriteString("type", "linear");
                Rows(json, "matrix", l.Matrix, l.Dimension);
                Numbers(json, "shift", l.Shift);
                break;
            case Composition c:
                json.WriteString("type", "composition");
                Layers(json, c.Parts);
                break;
            case Inversion i:
                json.WriteString("type", "inverse");
                json.WritePropertyName("layer");
                Layer(json, i.Inner);
                break;
            default:
                throw new NotSupportedException($"a {layer.GetType().Name} has no form in a flow file");
        }

        json.WriteEndObject();
    }

    private static void Transformer(Utf8JsonWriter json, ITransformer transformer)
    {
        json.WriteStartObject("transformer");
        switch (transformer)
        {
            case AffineTransformer { Scale: null }:
                json.WriteString("type", "additive");
                break;
            case AffineTransformer a:
                json.WriteString("type", "affine");
                Positive(json, "scale", a.Scale!);
                json.WriteString("shift", a.Shift == ShiftForm.Plain ? "plain" : "product");
                break;
            case SumOfSquaresTransformer s:
                json.WriteString("type", "sos");
                json.WriteNumber("squares", s.Squares);
                json.WriteNumber("degree", s.Degree);
                json.WriteStartObject("basis");
                json.WriteString("type", s.Basis.Chebyshev ? "chebyshev" : "monomial");
                if (s.Basis.Chebyshev) Numbers(json, "interval", [s.Basis.Lower, s.Basis.Upper]);
                else json.WriteNumber("scale", s.Basis.Upper);
                json.WriteEndObject();
                json.WriteNumber("linear", s.Linear);
                break;
            case DeepSigmoidalTransformer d:
                json.WriteString("type", "dsf");
                json.WriteNumber("sigmoids", d.Sigmoids);
                Positive(json, "slope", d.Slope);
                json.WriteNumber("minimumWeight", d.MinimumWeight);
                break;
            case DeepDenseSigmoidalTransformer d:
                json.WriteString("type", "ddsf");
                Whole(json, "widths", d.Widths);
                Positive(json, "slope", d.Slope);
                json.WriteNumber("minimumWeight", d.MinimumWeight);
                break;
            case RationalQuadraticTransformer r:
                json.WriteString("type", "rqs");
                json.WriteNumber("bins", r.Bins);
                Numbers(json, "interval", [r.Lower, r.Upper]);
                json.WriteString("tails", r.FreeTails ? "linear" : "identity");
                Positive(json, "slope", r.Slope);
                json.WriteNumber("minimumBin", r.MinimumBin);
                break;
            default:
                throw new NotSupportedException($"a {transformer.GetType().Name} has no form in a flow file");
        }

        json.WriteEndObject();
    }

    private static void Positive(Utf8JsonWriter json, string name, PositiveMap map)
    {
        json.WriteStartObject(name);
        json.WriteString("map", map.Kind switch { PositiveKind.Exp => "exp", PositiveKind.Softplus => "softplus", _ => "sigmoid" });
        if (double.IsFinite(map.Bound)) json.WriteNumber("bound", map.Bound);
        if (map.Offset != 0) json.WriteNumber("offset", map.Offset);
        if (map.Minimum != 0) json.WriteNumber("minimum", map.Minimum);
        json.WriteEndObject();
    }

    private static void Conditioner(Utf8JsonWriter json, IConditioner conditioner)
    {
        json.WriteStartObject("conditioner");
        ClippedConditioner? clip = conditioner as ClippedConditioner;
        switch (clip?.Inner ?? conditioner)
        {
            case MultilayerPerceptron m:
                json.WriteString("type", "mlp");
                json.WriteString("activation", Word(m.Activation));
                Perceptron(json, m.Layers);
                break;
            case ChebyshevConditioner c:
                json.WriteString("type", "chebyshev");
                Whole(json, "degrees", c.Degrees);
                Intervals(json, "intervals", c.Lower, c.Upper);
                Features(json, "coefficients", c.Coefficients);
                break;
            case TableConditioner t:
                json.WriteString("type", "table");
                Numbers(json, "knots", [.. t.Knots]);
                Features(json, "values", t.Values);
                break;
            case ConstantConditioner c:
                json.WriteString("type", "constant");
                Numbers(json, "values", c.Values.Bias);
                break;
            default:
                throw new NotSupportedException($"a {conditioner.GetType().Name} has no form in a flow file");
        }

        if (clip is not null) Intervals(json, "clip", clip.Lower, clip.Upper);
        json.WriteEndObject();
    }

    private static void Perceptron(Utf8JsonWriter json, IReadOnlyList<Dense> layers)
    {
        json.WriteStartArray("layers");
        foreach (Dense layer in layers)
        {
            json.WriteStartObject();
            if (layer.Inputs > 0) Rows(json, "weights", layer.Weights, layer.Inputs);
            else EmptyRows(json, "weights", layer.Outputs);
            Numbers(json, "bias", layer.Bias);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Word(Activation activation) =>
        activation switch { Activation.Tanh => "tanh", Activation.ReLU => "relu", Activation.SiLU => "silu", _ => "identity" };

    /// <summary>Coefficients of features; the bias, one more constant, is written only where there is one.</summary>
    private static void Features(Utf8JsonWriter json, string name, Dense dense)
    {
        Rows(json, name, dense.Weights, dense.Inputs);
        if (dense.Bias.ContainsAnyExcept(0.0)) Numbers(json, "bias", dense.Bias);
    }

    private static void Intervals(Utf8JsonWriter json, string name, IReadOnlyList<double> lower, IReadOnlyList<double> upper)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < lower.Count; i++) RawRow(json, [lower[i], upper[i]]);
        json.WriteEndArray();
    }

    private static void Rows(Utf8JsonWriter json, string name, ReadOnlySpan<double> matrix, int columns)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < matrix.Length; i += columns) RawRow(json, matrix.Slice(i, columns));
        json.WriteEndArray();
    }

    private static void EmptyRows(Utf8JsonWriter json, string name, int count)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < count; i++) RawRow(json, []);
        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string name, ReadOnlySpan<double> numbers)
    {
        json.WritePropertyName(name);
        RawRow(json, numbers);
    }

    private static void Whole(Utf8JsonWriter json, string name, IReadOnlyList<int> numbers)
    {
        json.WritePropertyName(name);
        json.WriteRawValue($"[{string.Join(", ", numbers)}]");
    }

    /// <summary>A row of numbers on one line.</summary>
    private static void RawRow(Utf8JsonWriter json, ReadOnlySpan<double> numbers)
    {
        System.Text.StringBuilder text = new("[");
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!double.IsFinite(numbers[i])) throw new ArgumentException("a parameter is not finite; such a flow is not saved", nameof(numbers));
            text.Append(i == 0 ? "" : ", ").Append(System.Globalization.CultureInfo.InvariantCulture, $"{numbers[i]:R}");
        }

        json.WriteRawValue(text.Append(']').ToString());
    }
}
