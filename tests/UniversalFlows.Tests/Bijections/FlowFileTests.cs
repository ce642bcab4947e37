using System.Text;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Testing;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>Flow files: exact round trips, and an error with its place for everything that is not one.</summary>
public sealed class FlowFileTests
{
    private const string Good = """
        {
          "format": "universal-flows", "version": 1, "name": "all kinds", "note": "for the tests", "dimension": 2,
          "layers": [
            { "type": "coupling", "passive": [0], "active": [1],
              "transformer": { "type": "affine", "scale": { "map": "exp", "bound": 5 }, "shift": "plain" },
              "conditioner": { "type": "mlp", "activation": "tanh", "clip": [[-2, 2]],
                "layers": [ { "weights": [[0.5], [-0.25]], "bias": [0, 1] }, { "weights": [[1, 2], [3, 4]], "bias": [0.5, -0.5] } ] } },
            { "type": "coupling", "mask": [0, 1],
              "transformer": { "type": "rqs", "bins": 2, "interval": [-3, 3], "tails": "linear", "slope": { "map": "softplus", "minimum": 0.001 }, "minimumBin": 0.01 },
              "conditioner": { "type": "constant", "values": [0, 0, 0, 0, 1, 1, 1] } },
            { "type": "coupling", "passive": [1], "active": [0],
              "transformer": { "type": "sos", "squares": 1, "degree": 1, "basis": { "type": "chebyshev", "interval": [-2, 2] }, "linear": 0.5 },
              "conditioner": { "type": "chebyshev", "degrees": [1], "intervals": [[-1, 1]], "coefficients": [[1, 0], [2, 0.5], [0, 0.25]] } },
            { "type": "coupling", "passive": [1], "active": [0],
              "transformer": { "type": "dsf", "sigmoids": 1, "slope": { "map": "exp" }, "minimumWeight": 0.1 },
              "conditioner": { "type": "table", "knots": [-1, 0, 1], "values": [[0, 0, 0], [0, 1, 0], [2, 1, 2]] } },
            { "type": "coupling", "passive": [1], "active": [0], "transformer": { "type": "additive" }, "conditioner": { "type": "constant", "values": [3] } },
            { "type": "permutation", "order": [1, 0] },
            { "type": "inverse", "layer": { "type": "composition", "layers": [ { "type": "linear", "matrix": [[2, 1], [0, 1]], "shift": [1, 0] } ] } }
          ]
        }
        """;

    [Fact]
    public void A_file_with_every_kind_loads_and_inverts()
    {
        Composition flow = Parse(Good);
        Assert.Equal(7, flow.Parts.Count);
        Real[] x = [new(0.3), new(-0.7)];
        Real forward = flow.Forward<Real>(x);
        InverseStatus status = default;
        Real inverse = flow.Inverse<Real>(x, ref status);
        Assert.Equal(InverseStatus.Converged, status);
        Assert.Equal(0.3, x[0].Value, 1e-12);
        Assert.Equal(-0.7, x[1].Value, 1e-12);
        Assert.Equal(-forward.Value, inverse.Value, 1e-11);
    }

    [Fact]
    public void Saving_a_loaded_file_writes_the_same_bytes()
    {
        byte[] once = FlowFile.ToBytes(Parse(Good), "all kinds"), twice = FlowFile.ToBytes(FlowFile.Parse(once), "all kinds");
        Assert.Equal(once, twice);
        foreach (BijectionCase subject in BijectionRegistry.All)
        {
            once = FlowFile.ToBytes(subject.Draw(3));
            Assert.Equal(once, FlowFile.ToBytes(FlowFile.Parse(once)));
        }
    }

    [Fact]
    public void Doubles_keep_their_bits()
    {
        double[] hard = [0, -0.0, 5e-324, -2.2250738585072011e-308, double.MaxValue, 1.0 / 3, Math.PI, 1e23, 9007199254740993, -1e-5, 123456789012345680];
        Coupling constant = new(1, [], [0], new SumOfSquaresTransformer(1, hard.Length - 2, new(false, 0, 1), 0.1), new ConstantConditioner(0, hard));
        Composition loaded = FlowFile.Parse(FlowFile.ToBytes(constant));
        Assert.Equal(hard.Select(BitConverter.DoubleToInt64Bits), loaded.Parameters.Single().Bias.ToArray().Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void A_saved_file_is_loaded_and_replaces_the_old_one()
    {
        string folder = Directory.CreateTempSubdirectory().FullName, path = Path.Combine(folder, "x.flow.json");
        File.WriteAllText(path, "old");
        FlowFile.Save(Parse(Good), path, "named");
        Assert.Equal(FlowFile.ToBytes(Parse(Good), "named"), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFiles(folder));
        Assert.Equal(7, FlowFile.Load(path).Parts.Count);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_parameter_that_is_no_number_is_not_saved()
    {
        Coupling flow = new(1, [], [0], new AffineTransformer(null), new ConstantConditioner(0, [0]));
        flow.Parameters.Single().Bias[0] = double.NaN; // as a training that diverged leaves it
        Assert.Throws<ArgumentException>(() => FlowFile.ToBytes(flow));
    }

    [Fact]
    public void A_byte_order_mark_is_skipped() => Assert.Equal(7, FlowFile.Parse(Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes(Good)).ToArray()).Parts.Count);

    [Fact]
    public void Numbers_may_be_written_in_any_form_of_json() =>
        Assert.Equal([0.5, 1e3], Parse(Constant("5e-1, 1.0E+3")).Parameters.Single().Bias.ToArray());

    /// <summary>Old text, new text, where, and a phrase of the message.</summary>
    public static TheoryData<string, string, string, string> Malformed => new()
    {
        // the head
        { "\"universal-flows\"", "\"onnx\"", "format", "\"onnx\" is not a format of this program; expected \"universal-flows\"" },
        { "\"universal-flows\"", "7", "format", "a string is expected here, not a number" },
        { "\"format\": \"universal-flows\", ", "", "", "\"format\" is missing" },
        { "\"version\": 1", "\"version\": 2", "version", "version 2 is not known" },
        { "\"version\": 1", "\"version\": \"1\"", "version", "a whole number is expected here, not a string" },
        { "\"version\": 1, ", "", "", "\"version\" is missing" },
        { "\"name\": \"all kinds\"", "\"name\": null", "name", "a string is expected here, not null" },
        { "\"name\"", "\"title\"", "", "\"title\" is not known here; known are format, version, name, note, dimension, layers" },
        { "\"note\"", "\"name\"", "", "\"name\" occurs twice" },
        { "\"all kinds\"", "\"\\ud800\"", "name", "not valid text" },
        { "\"note\": ", "\"\\ud800\": ", "", "not valid text" },
        { "\"dimension\": 2", "\"dimension\": 0", "dimension", "0 is not between 1 and 4096" },
        { "\"dimension\": 2", "\"dimension\": 2.5", "dimension", "a whole number is expected here, not 2.5" },
        { "\"dimension\": 2", "\"dimension\": 1e99", "dimension", "a whole number is expected here, not 1e99" },
        { "\"dimension\": 2", "\"dimension\": 3", "layers[1].mask", "3 numbers are expected, found 2" },
        // couplings
        { "\"type\": \"coupling\", \"passive\": [0]", "\"type\": \"couplin\", \"passive\": [0]", "layers[0].type", "\"couplin\" is not known; known are coupling, autoregressive, permutation" },
        { "\"type\": \"coupling\", \"passive\": [0]", "\"passive\": [0]", "layers[0]", "\"type\" is missing" },
        { "\"passive\": [0], ", "", "layers[0]", "\"passive\" is missing" },
        { "\"passive\": [0], \"active\": [1]", "\"passive\": [2], \"active\": [1]", "layers[0].passive[0]", "2 is not between 0 and 1" },
        { "\"passive\": [0], \"active\": [1]", "\"passive\": [-1], \"active\": [1]", "layers[0].passive[0]", "-1 is not between 0 and 1" },
        { "\"passive\": [0], \"active\": [1]", "\"passive\": [0.5], \"active\": [1]", "layers[0].passive[0]", "a whole number is expected here, not 0.5" },
        { "\"passive\": [0], \"active\": [1]", "\"passive\": 0, \"active\": [1]", "layers[0].passive", "an array is expected here, not a number" },
        { "\"passive\": [0], \"active\": [1]", "\"passive\": [1], \"active\": [1]", "layers[0].active", "coordinate 1 is listed twice" },
        { "\"passive\": [0], \"active\": [1]", "\"passive\": [0], \"active\": []", "layers[0].active", "no coordinate is active" },
        { "\"passive\": [0], \"active\": [1]", "\"passive\": [0], \"active\": [1], \"mask\": [1, 0]", "layers[0].passive", "give either \"mask\" or \"passive\" and \"active\"" },
        { "\"passive\": [0], \"active\": [1]", "\"active\": [1], \"mask\": [1, 0]", "layers[0].active", "give either \"mask\" or \"passive\" and \"active\"" },
        { "\"mask\": [0, 1]", "\"mask\": [1, 1]", "layers[1].mask", "no coordinate is active" },
        { "\"mask\": [0, 1]", "\"mask\": [0, 2]", "layers[1].mask", "a mask has entries 1 (passive) and 0 (active)" },
        { "\"mask\": [0, 1]", "\"mask\": [true, 1]", "layers[1].mask[0]", "a number is expected here, not" },
        // transformers
        { "{ \"type\": \"additive\" }", "{ \"type\": \"additive\", \"scale\": 1 }", "layers[4].transformer", "\"scale\" is not known here; known are type" },
        { "{ \"type\": \"additive\" }", "\"additive\"", "layers[4].transformer", "an object is expected here, not a string" },
        { "\"type\": \"additive\"", "\"type\": \"planar\"", "layers[4].transformer.type", "known are affine, additive, sos, dsf, ddsf, rqs" },
        { "\"map\": \"exp\", \"bound\": 5", "\"map\": \"square\", \"bound\": 5", "layers[0].transformer.scale.map", "known are exp, softplus, sigmoid" },
        { "\"bound\": 5", "\"bound\": 0", "layers[0].transformer.scale.bound", "0 is not above 0" },
        { "\"bound\": 5", "\"bound\": -5", "layers[0].transformer.scale.bound", "-5 is not above 0" },
        { "\"bound\": 5", "\"bound\": 1e999", "layers[0].transformer.scale.bound", "too large for a double" },
        { "\"bound\": 5", "\"limit\": 5", "layers[0].transformer.scale", "\"limit\" is not known here; known are map, bound, offset, minimum" },
        { "\"minimum\": 0.001", "\"minimum\": -0.001", "layers[1].transformer.slope.minimum", "the minimum is negative (-0.001)" },
        { "\"shift\": \"plain\"", "\"shift\": \"exact\"", "layers[0].transformer.shift", "known are plain, product" },
        { "\"bins\": 2", "\"bins\": 0", "layers[1].transformer.bins", "0 is not between 1 and 4096" },
        { "\"interval\": [-3, 3]", "\"interval\": [3, -3]", "layers[1].transformer.interval", "the interval [3, -3] is empty" },
        { "\"interval\": [-3, 3]", "\"interval\": [-3]", "layers[1].transformer.interval", "2 numbers are expected, found 1" },
        { "\"tails\": \"linear\"", "\"tails\": \"free\"", "layers[1].transformer.tails", "known are identity, linear" },
        { "\"minimumBin\": 0.01", "\"minimumBin\": 0.5", "layers[1].transformer.minimumBin", "0.5 is not in [0, 1/2)" },
        { "\"minimumBin\": 0.01", "\"minimumBin\": -0.01", "layers[1].transformer.minimumBin", "-0.01 is not in [0, 1/2)" },
        { "\"squares\": 1", "\"squares\": 65", "layers[2].transformer.squares", "65 is not between 1 and 64" },
        { "\"degree\": 1", "\"degree\": 256", "layers[2].transformer.degree", "256 is not between 0 and 255" },
        { "\"linear\": 0.5", "\"linear\": -0.5", "layers[2].transformer.linear", "the linear term is negative (-0.5)" },
        { "\"type\": \"chebyshev\", \"interval\": [-2, 2]", "\"type\": \"monomial\", \"interval\": [-2, 2]", "layers[2].transformer.basis", "\"interval\" is not known here; known are type, scale" },
        { "\"type\": \"chebyshev\", \"interval\": [-2, 2]", "\"type\": \"monomial\", \"scale\": 0", "layers[2].transformer.basis.scale", "0 is not above 0" },
        { "\"sigmoids\": 1", "\"sigmoids\": 0", "layers[3].transformer.sigmoids", "0 is not between 1 and 4096" },
        { "\"minimumWeight\": 0.1", "\"minimumWeight\": 1", "layers[3].transformer.minimumWeight", "1 is not in [0, 1/1)" },
        // conditioners
        { "\"type\": \"mlp\"", "\"type\": \"resnet\"", "layers[0].conditioner.type", "known are mlp, chebyshev, table, constant" },
        { "\"activation\": \"tanh\"", "\"activation\": \"gelu\"", "layers[0].conditioner.activation", "known are tanh, relu, silu, identity" },
        { "\"weights\": [[0.5], [-0.25]]", "\"weights\": [[0.5]]", "layers[0].conditioner.layers[0].weights", "2 rows are expected, found 1" },
        { "\"weights\": [[0.5], [-0.25]]", "\"weights\": [[0.5], [-0.25, 1]]", "layers[0].conditioner.layers[0].weights[1]", "1 number is expected, found 2" },
        { "\"weights\": [[0.5], [-0.25]]", "\"weights\": [[0.5], [\"-0.25\"]]", "layers[0].conditioner.layers[0].weights[1][0]", "a number is expected here, not a string" },
        { "\"weights\": [[0.5], [-0.25]]", "\"weights\": [[0.5], [1e400]]", "layers[0].conditioner.layers[0].weights[1][0]", "the number is too large for a double" },
        { "\"bias\": [0, 1]", "\"bias\": []", "layers[0].conditioner.layers[0].bias", "a layer has at least one output" },
        { "\"bias\": [0, 1]", "\"bias\": {}", "layers[0].conditioner.layers[0].bias", "an array is expected here, not an object" },
        { "\"bias\": [0.5, -0.5]", "\"bias\": [0.5]", "layers[0].conditioner.layers[1].bias", "the last layer must have 2 outputs" },
        { "\"clip\": [[-2, 2]]", "\"clip\": [[-2, 2], [0, 1]]", "layers[0].conditioner.clip", "one interval a passive coordinate is expected, 1 in all, found 2" },
        { "\"clip\": [[-2, 2]]", "\"clip\": [[2, 2]]", "layers[0].conditioner.clip[0]", "the interval [2, 2] is empty" },
        { "\"values\": [0, 0, 0, 0, 1, 1, 1]", "\"values\": [0, 0, 0, 0, 1]", "layers[1].conditioner.values", "7 numbers are expected, found 5" },
        { "\"degrees\": [1]", "\"degrees\": [1, 1]", "layers[2].conditioner.degrees", "one degree a passive coordinate is expected, 1 in all, found 2" },
        { "\"degrees\": [1]", "\"degrees\": [2]", "layers[2].conditioner.coefficients[0]", "3 numbers are expected, found 2" },
        { "\"intervals\": [[-1, 1]]", "\"intervals\": []", "layers[2].conditioner.intervals", "one interval a passive coordinate is expected, 1 in all, found 0" },
        { "\"knots\": [-1, 0, 1]", "\"knots\": [-1, 1, 0]", "layers[3].conditioner.knots", "knot 2 is not larger than the one before" },
        { "\"knots\": [-1, 0, 1]", "\"knots\": [0]", "layers[3].conditioner.values[0]", "1 number is expected, found 3" },
        { "\"values\": [3]", "\"value\": [3]", "layers[4].conditioner", "\"value\" is not known here; known are type, clip, values" },
        // the groups
        { "\"order\": [1, 0]", "\"order\": [1, 1]", "layers[5].order", "not a permutation of 0 … 1" },
        { "\"order\": [1, 0]", "\"order\": [1]", "layers[5].order", "2 entries are expected, found 1" },
        { "[[2, 1], [0, 1]]", "[[2, 1], [4, 2]]", "layers[6].layer.layers[0].matrix", "the matrix is singular" },
        { "[[2, 1], [0, 1]]", "[[2, 1]]", "layers[6].layer.layers[0].matrix", "2 rows are expected, found 1" },
        { "\"shift\": [1, 0]", "\"shift\": [1]", "layers[6].layer.layers[0].shift", "2 numbers are expected, found 1" },
        { "\"layer\": {", "\"layers\": {", "layers[6]", "\"layers\" is not known here; known are type, layer" },
    };

    [Theory, MemberData(nameof(Malformed))]
    public void A_wrong_file_is_rejected_with_its_place(string old, string replacement, string location, string phrase)
    {
        int at = Good.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the good file has no {old}");
        FlowFormatException error = Rejected(string.Concat(Good.AsSpan(0, at), replacement, Good.AsSpan(at + old.Length)));
        Assert.Equal(location, error.Location);
        Assert.Contains(phrase, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.DoesNotContain("Parameter '", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> NoJson => new()
    {
        { "", "line 1, byte 1", "the file is empty" },
        { "\u0000\u0001\u0002PK\u0003", "line 1, byte 1", "this is not valid JSON" },
        { "{\n  \"format\": \"universal-flows\",\n  \"version\": NaN }", "line 3, byte 14", "this is not valid JSON" },
        { "{\n  \"format\": \"universal-flows\",\n  \"vers", "line 3, byte 8", "the text ends too early (a truncated file?)" },
        { "[]", "", "an object is expected here, not an array" },
        { "3", "", "an object is expected here, not a number" },
        { "null", "", "an object is expected here, not null" },
    };

    [Theory, MemberData(nameof(NoJson))]
    public void What_is_no_flow_file_is_rejected_with_its_line(string text, string location, string phrase)
    {
        FlowFormatException error = Rejected(text);
        Assert.Equal(location, error.Location);
        Assert.Contains(phrase, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_and_every_flipped_byte_is_rejected_or_loads()
    {
        byte[] good = Encoding.UTF8.GetBytes(Good);
        for (int length = 0; length < good.Length; length++) Assert.Throws<FlowFormatException>(() => FlowFile.Parse(good.AsMemory(0, length)));
        Philox random = new(1, "flip");
        for (int n = 0; n < 4000; n++)
        {
            byte[] bad = [.. good];
            bad[random.NextInt(bad.Length)] ^= (byte)(1 << random.NextInt(8));
            try
            {
                FlowFile.Parse(bad);
            }
            catch (FlowFormatException)
            {
                // the only exception allowed
            }
        }
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(60, false)]
    public void Layers_nest_sixteen_deep(int levels, bool loads)
    {
        string layer = "{ \"type\": \"permutation\", \"order\": [0] }";
        for (int i = 0; i < levels; i++) layer = $"{{ \"type\": \"inverse\", \"layer\": {layer} }}";
        string file = $"{{ \"format\": \"universal-flows\", \"version\": 1, \"dimension\": 1, \"layers\": [{layer}] }}";
        if (loads) Assert.Single(Parse(file).Parts);
        else Assert.Contains("nested deeper than", Rejected(file).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    [InlineData(400, false)]
    public void Compositions_nest_sixteen_deep(int levels, bool loads)
    {
        string layers = "[]";
        for (int i = 0; i < levels; i++) layers = $"[{{ \"type\": \"composition\", \"layers\": {layers} }}]";
        string file = $"{{ \"format\": \"universal-flows\", \"version\": 1, \"dimension\": 1, \"layers\": {layers} }}";
        if (loads) Assert.Single(Parse(file).Parts);
        else Assert.Contains("nested deeper than", Rejected(file).Message, StringComparison.Ordinal);
    }

    /// <summary>A constructed flow: 2000 couplings in one file, 20 000 points.</summary>
    [Fact]
    public void Thousands_of_layers_load_and_evaluate()
    {
        Philox random = new(1, "deep");
        List<IBijection> layers = [];
        for (int l = 0; l < 2000; l++)
        {
            Dense table = new(9, 2);
            foreach (ref double w in table.Weights) w = 1e-3 * random.NextNormal();
            double[] knots = [.. Enumerable.Range(0, 9).Select(k => (k - 4) / 2.0)];
            layers.Add(new Coupling(2, [l % 2], [1 - (l % 2)], new AffineTransformer(new PositiveMap(PositiveKind.Exp)), new TableConditioner(knots, table)));
        }

        Composition flow = FlowFile.Parse(FlowFile.ToBytes(new Composition(2, layers)));
        Lanes[] x = new Lanes[2];
        Lanes worst = default;
        for (int n = 0; n < 20_000 / Lanes.Width; n++)
        {
            for (int lane = 0; lane < Lanes.Width; lane++)
                for (int i = 0; i < 2; i++) x[i] = x[i].With(lane, random.NextUniform(-1, 1));
            {
                Lanes size = Lanes.Abs(flow.Forward<Lanes>(x));
                worst = Lanes.SelectLess(worst, size, size, worst);
            }
        }

        for (int lane = 0; lane < Lanes.Width; lane++) Assert.InRange(worst[lane], 1e-6, 10);
    }

    private static string Constant(string values) =>
        "{ \"format\": \"universal-flows\", \"version\": 1, \"dimension\": 1, \"layers\": [{ \"type\": \"coupling\", \"passive\": [], \"active\": [0], "
        + "\"transformer\": { \"type\": \"affine\", \"scale\": { \"map\": \"exp\" } }, \"conditioner\": { \"type\": \"constant\", \"values\": [" + values + "] } }] }";

    private static Composition Parse(string text) => FlowFile.Parse(Encoding.UTF8.GetBytes(text));

    private static FlowFormatException Rejected(string text) => Assert.Throws<FlowFormatException>(() => Parse(text));
}
