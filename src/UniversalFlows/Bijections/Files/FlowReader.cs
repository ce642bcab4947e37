using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Files;

/// <summary>JSON to bijections: one method a layer type, transformer or conditioner; the names are those of docs/flow-format.md.</summary>
internal static partial class FlowReader
{
    internal const int MaxNesting = 16;
    private const int MaxSize = 1 << 20;

    public static IEnumerable<IBijection> Layers(JsonPlace place, int dimension, int depth)
    {
        if (depth > MaxNesting) throw place.Error($"layers are nested deeper than {MaxNesting}");
        List<IBijection> layers = [];
        foreach (JsonPlace item in place.Items()) layers.Add(Layer(item, dimension, depth));
        return layers;
    }

    private static IBijection Layer(JsonPlace place, int dimension, int depth) =>
        place["type"].Word("coupling", "autoregressive", "permutation", "linear", "composition", "inverse", "planar", "sylvester", "residual") switch
        {
            "coupling" => Coupling(place, dimension),
            "autoregressive" => Autoregressive(place, dimension),
            "permutation" => Permutation(place, dimension),
            "linear" => Linear(place, dimension),
            "composition" => Composition(place, dimension, depth),
            "planar" => Planar(place, dimension),
            "sylvester" => Sylvester(place, dimension),
            "residual" => Residual(place, dimension),
            _ => Inverse(place, dimension, depth),
        };

    private static Composition Composition(JsonPlace place, int dimension, int depth)
    {
        place.Only("type", "layers");
        return new Composition(dimension, Layers(place["layers"], dimension, depth + 1));
    }

    private static Inversion Inverse(JsonPlace place, int dimension, int depth)
    {
        place.Only("type", "layer");
        if (depth >= MaxNesting) throw place.Error($"layers are nested deeper than {MaxNesting}");
        return new Inversion(Layer(place["layer"], dimension, depth + 1));
    }

    private static Permutation Permutation(JsonPlace place, int dimension)
    {
        place.Only("type", "order");
        int[] order = Indices(place["order"], dimension);
        if (order.Length != dimension) throw place["order"].Error($"{dimension} entries are expected, found {order.Length}");
        return Checked(place["order"], () => new Permutation(order));
    }

    private static Linear Linear(JsonPlace place, int dimension)
    {
        place.Only("type", "matrix", "shift");
        double[] matrix = Matrix(place["matrix"], dimension, dimension);
        double[] shift = place.Optional("shift")?.Numbers(dimension) ?? new double[dimension];
        return Checked(place["matrix"], () => new Linear(matrix, shift));
    }

    private static Coupling Coupling(JsonPlace place, int dimension)
    {
        place.Only("type", "passive", "active", "mask", "transformer", "conditioner");
        int[] passive, active;
        if (place.Optional("mask") is { } mask)
        {
            if ((place.Optional("passive") ?? place.Optional("active")) is { } other) throw other.Error("give either \"mask\" or \"passive\" and \"active\"");
            double[] bits = mask.Numbers(dimension);
            if (bits.Any(b => b is not (0 or 1))) throw mask.Error("a mask has entries 1 (passive) and 0 (active)");
            passive = [.. Enumerable.Range(0, dimension).Where(i => bits[i] == 1)];
            active = [.. Enumerable.Range(0, dimension).Where(i => bits[i] == 0)];
            if (active.Length == 0) throw mask.Error("no coordinate is active");
        }
        else
        {
            passive = Indices(place["passive"], dimension);
            active = Indices(place["active"], dimension);
            if (active.Length == 0) throw place["active"].Error("no coordinate is active");
            // here, since a repeated coordinate would show first as a wrong number of weights
            int[] all = [.. passive, .. active];
            for (int i = 1; i < all.Length; i++)
                if (Array.IndexOf(all, all[i]) < i) throw place[i < passive.Length ? "passive" : "active"].Error($"coordinate {all[i]} is listed twice");
        }

        ITransformer transformer = Transformer(place["transformer"]);
        IConditioner conditioner = Conditioner(place["conditioner"], passive.Length, checked(active.Length * transformer.RawCount));
        return Checked(place, () => new Coupling(dimension, passive, active, transformer, conditioner));
    }

    private static ITransformer Transformer(JsonPlace place) => place["type"].Word("affine", "additive", "sos", "dsf", "ddsf", "rqs") switch
    {
        "affine" => Affine(place),
        "additive" => Additive(place),
        "sos" => SumOfSquares(place),
        "dsf" => DeepSigmoidal(place),
        "ddsf" => DeepDenseSigmoidal(place),
        _ => RationalQuadratic(place),
    };

    private static AffineTransformer Affine(JsonPlace place)
    {
        place.Only("type", "scale", "shift");
        ShiftForm shift = (place.Optional("shift")?.Word("plain", "product") ?? "plain") == "plain" ? ShiftForm.Plain : ShiftForm.Product;
        return new AffineTransformer(Positive(place["scale"]), shift);
    }

    private static AffineTransformer Additive(JsonPlace place)
    {
        place.Only("type");
        return new AffineTransformer(null);
    }

    private static SumOfSquaresTransformer SumOfSquares(JsonPlace place)
    {
        place.Only("type", "squares", "degree", "basis", "linear");
        double linear = place.Optional("linear")?.Number() ?? 0;
        if (linear < 0) throw place["linear"].Error($"the linear term is negative ({linear:R}); it must be ≥ 0 for the map to increase");
        return new SumOfSquaresTransformer(place["squares"].Whole(1, 64), place["degree"].Whole(0, 255), Basis(place["basis"]), linear);
    }

    private static PolynomialBasis Basis(JsonPlace place)
    {
        if (place["type"].Word("chebyshev", "monomial") == "monomial")
        {
            place.Only("type", "scale");
            return new PolynomialBasis(false, 0, Above(place, "scale", 0, 1));
        }

        place.Only("type", "interval");
        (double lower, double upper) = Interval(place["interval"]);
        return new PolynomialBasis(true, lower, upper);
    }

    private static DeepSigmoidalTransformer DeepSigmoidal(JsonPlace place)
    {
        place.Only("type", "sigmoids", "slope", "minimumWeight");
        int m = place["sigmoids"].Whole(1, 4096);
        return new DeepSigmoidalTransformer(m, Positive(place["slope"]), Share(place, "minimumWeight", m));
    }

    private static DeepDenseSigmoidalTransformer DeepDenseSigmoidal(JsonPlace place)
    {
        place.Only("type", "widths", "slope", "minimumWeight");
        int[] widths = [.. place["widths"].Items().Select(w => w.Whole(1, 256))];
        if (widths.Length is 0 or > 64) throw place["widths"].Error($"1 to 64 layers are expected, found {widths.Length}");
        return new DeepDenseSigmoidalTransformer(widths, Positive(place["slope"]), Share(place, "minimumWeight", widths.Max()));
    }

    private static RationalQuadraticTransformer RationalQuadratic(JsonPlace place)
    {
        place.Only("type", "bins", "interval", "tails", "slope", "minimumBin");
        int bins = place["bins"].Whole(1, 4096);
        (double lower, double upper) = Interval(place["interval"]);
        bool free = (place.Optional("tails")?.Word("identity", "linear") ?? "identity") == "linear";
        return new RationalQuadraticTransformer(bins, lower, upper, free, Positive(place["slope"]), Share(place, "minimumBin", bins));
    }

    private static PositiveMap Positive(JsonPlace place)
    {
        place.Only("map", "bound", "offset", "minimum");
        PositiveKind kind = place["map"].Word("exp", "softplus", "sigmoid") switch
        {
            "exp" => PositiveKind.Exp,
            "softplus" => PositiveKind.Softplus,
            _ => PositiveKind.Sigmoid,
        };
        double minimum = place.Optional("minimum")?.Number() ?? 0;
        if (minimum < 0) throw place["minimum"].Error($"the minimum is negative ({minimum:R})");
        return new PositiveMap(kind, Above(place, "bound", 0, double.PositiveInfinity), place.Optional("offset")?.Number() ?? 0, minimum);
    }

    private static IConditioner Conditioner(JsonPlace place, int inputs, int outputs)
    {
        if (outputs > MaxSize) throw place.Error($"{outputs} outputs are more than {MaxSize}");
        IConditioner conditioner = place["type"].Word("mlp", "chebyshev", "table", "constant") switch
        {
            "mlp" => Perceptron(place, inputs, outputs),
            "chebyshev" => Chebyshev(place, inputs, outputs),
            "table" => Table(place, inputs, outputs),
            _ => Constant(place, inputs, outputs),
        };
        if (place.Optional("clip") is not { } clip) return conditioner;
        JsonPlace[] intervals = clip.Items();
        if (intervals.Length != inputs) throw clip.Error($"one interval a passive coordinate is expected, {inputs} in all, found {intervals.Length}");
        (double Lower, double Upper)[] box = [.. intervals.Select(Interval)];
        return new ClippedConditioner(box.Select(b => b.Lower).ToArray(), box.Select(b => b.Upper).ToArray(), conditioner);
    }

    private static MultilayerPerceptron Perceptron(JsonPlace place, int inputs, int outputs)
    {
        place.Only("type", "clip", "activation", "layers");
        return new MultilayerPerceptron(ActivationOf(place["activation"]), Layers(place["layers"], inputs, outputs, "outputs (one for each raw parameter of each active coordinate)"));
    }

    private static List<Dense> Layers(JsonPlace place, int inputs, int outputs, string what)
    {
        JsonPlace[] items = place.Items();
        if (items.Length == 0) throw place.Error("at least one layer is expected");
        List<Dense> layers = [];
        int width = inputs;
        for (int i = 0; i < items.Length; i++)
        {
            items[i].Only("weights", "bias");
            int rows = items[i]["bias"].Items().Length;
            if (rows == 0) throw items[i]["bias"].Error("a layer has at least one output");
            if (i == items.Length - 1 && rows != outputs) throw items[i]["bias"].Error($"the last layer must have {outputs} {what}, found {rows}");
            layers.Add(Dense(items[i]["weights"], items[i]["bias"], rows, width));
            width = rows;
        }

        return layers;
    }

    private static Activation ActivationOf(JsonPlace place) => place.Word("tanh", "relu", "silu", "identity") switch
    {
        "tanh" => Activation.Tanh,
        "relu" => Activation.ReLU,
        "silu" => Activation.SiLU,
        _ => Activation.Identity,
    };

    private static ChebyshevConditioner Chebyshev(JsonPlace place, int inputs, int outputs)
    {
        place.Only("type", "clip", "degrees", "intervals", "coefficients", "bias");
        JsonPlace[] degreePlaces = place["degrees"].Items(), intervalPlaces = place["intervals"].Items();
        if (degreePlaces.Length != inputs) throw place["degrees"].Error($"one degree a passive coordinate is expected, {inputs} in all, found {degreePlaces.Length}");
        if (intervalPlaces.Length != inputs) throw place["intervals"].Error($"one interval a passive coordinate is expected, {inputs} in all, found {intervalPlaces.Length}");
        if (inputs == 0) throw place["type"].Error("without passive coordinates the conditioner must be \"constant\"");
        int[] degrees = [.. degreePlaces.Select(d => d.Whole(0, 4096))];
        long features = 1;
        foreach (int n in degrees)
        {
            features *= n + 1;
            if (features > MaxSize) throw place["degrees"].Error($"more than {MaxSize} basis functions");
        }

        (double Lower, double Upper)[] box = [.. intervalPlaces.Select(Interval)];
        Dense dense = Dense(place["coefficients"], place.Optional("bias"), outputs, (int)features);
        return new ChebyshevConditioner(degrees, box.Select(b => b.Lower).ToArray(), box.Select(b => b.Upper).ToArray(), dense);
    }

    private static TableConditioner Table(JsonPlace place, int inputs, int outputs)
    {
        place.Only("type", "clip", "knots", "values", "bias");
        if (inputs != 1) throw place["type"].Error($"a table is a function of one passive coordinate, here there are {inputs}");
        double[] knots = place["knots"].Numbers();
        return Checked(place["knots"], () => new TableConditioner(knots, Dense(place["values"], place.Optional("bias"), outputs, knots.Length)));
    }

    private static ConstantConditioner Constant(JsonPlace place, int inputs, int outputs)
    {
        place.Only("type", "clip", "values");
        return new ConstantConditioner(inputs, place["values"].Numbers(outputs));
    }

    private static Dense Dense(JsonPlace weights, JsonPlace? bias, int rows, int columns)
    {
        double[] matrix = Matrix(weights, rows, columns);
        Dense dense = new(columns, rows);
        matrix.CopyTo(dense.Weights);
        bias?.Numbers(rows).CopyTo(dense.Bias);
        return dense;
    }

    private static double[] Matrix(JsonPlace place, int rows, int columns)
    {
        JsonPlace[] items = place.Items();
        if (items.Length != rows) throw place.Error($"{rows} rows are expected, found {items.Length}");
        // all lengths before the first allocation: no more memory than the file has numbers, whatever sizes it declares
        foreach (JsonPlace row in items) row.Entries(columns);
        double[] matrix = new double[rows * columns];
        for (int i = 0; i < rows; i++) items[i].Numbers(columns).CopyTo(matrix, i * columns);
        return matrix;
    }

    private static int[] Indices(JsonPlace place, int dimension) => [.. place.Items().Select(i => i.Whole(0, dimension - 1))];

    private static (double Lower, double Upper) Interval(JsonPlace place)
    {
        double[] ends = place.Numbers(2);
        if (!(ends[0] < ends[1])) throw place.Error($"the interval [{ends[0]:R}, {ends[1]:R}] is empty");
        return double.IsFinite(ends[1] - ends[0]) ? (ends[0], ends[1]) : throw place.Error($"the interval [{ends[0]:R}, {ends[1]:R}] is wider than a double can say");
    }

    private static double Above(JsonPlace place, string name, double bound, double absent)
    {
        if (place.Optional(name) is not { } value) return absent;
        double number = value.Number();
        return number > bound ? number : throw value.Error($"{number:R} is not above {bound:R}");
    }

    private static double Share(JsonPlace place, string name, int count)
    {
        if (place.Optional(name) is not { } value) return 0;
        double share = value.Number();
        return share >= 0 && share * count < 1 ? share : throw value.Error($"{share:R} is not in [0, 1/{count})");
    }

    /// <summary>Constructors check what they need; here their complaint gets its place.</summary>
    private static T Checked<T>(JsonPlace place, Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException e)
        {
            string message = e.ParamName is null ? e.Message : e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);
            throw place.Error(message);
        }
    }
}
