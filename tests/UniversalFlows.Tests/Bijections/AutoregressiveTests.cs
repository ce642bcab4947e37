using System.Text;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>Autoregressive layers beyond the laws: files, masks, known shapes. (The laws run on the cases of the registry.)</summary>
public sealed class AutoregressiveTests
{
    /// <summary>Order 2, 0, 1; unit 0 has degree 2, unit 1 degree 1: not sorted in the file.</summary>
    private const string Good = """
        { "format": "universal-flows", "version": 1, "dimension": 3, "layers": [
          { "type": "autoregressive", "order": [2, 0, 1], "transformer": { "type": "additive" },
            "network": { "activation": "relu", "degrees": [[2, 1]], "layers": [
              { "weights": [[3, 0, 5], [0, 0, 7]], "bias": [0.5, 0.25] },
              { "weights": [[0, 11], [13, 17], [0, 0]], "bias": [1, 2, 4] } ] } } ] }
        """;

    [Fact]
    public void Units_of_a_file_may_stand_in_any_order()
    {
        Composition flow = Parse(Good);
        Real[] x = [new(1), new(10), new(2)];
        Assert.Equal(0, flow.Forward<Real>(x).Value);
        // units: 3·1 + 5·2 + ½ = 13½ and 7·2 + ¼ = 14¼
        Assert.Equal([1 + (11 * 14.25) + 1, 10 + (13 * 13.5) + (17 * 14.25) + 2, 2 + 4], x.Select(v => v.Value));
        AutoregressiveFlow layer = (AutoregressiveFlow)flow.Parts.Single();
        Assert.Equal([1, 2], layer.Network.Degrees.Single());
        Real[] again = [new(1), new(10), new(2)];
        Parse(Encoding.UTF8.GetString(FlowFile.ToBytes(flow))).Map<Real>(again);
        Assert.Equal(x, again);
    }

    public static TheoryData<string, string, string, string> Malformed => new()
    {
        { "[2, 0, 1]", "[2, 0, 2]", "layers[0].order", "the order is not a permutation of 0 … 2: entry 2 is 2 again" },
        { "[2, 0, 1]", "[2, 0]", "layers[0].order", "3 entries are expected, found 2" },
        { "[2, 0, 1]", "[2, 0, 3]", "layers[0].order[2]", "3 is not between 0 and 2" },
        { "[[2, 1]]", "[[2, 3]]", "layers[0].network.degrees[0][1]", "3 is not between 1 and 2" },
        { "[[2, 1]]", "[[2, 0]]", "layers[0].network.degrees[0][1]", "0 is not between 1 and 2" },
        { "[[2, 1]]", "[[]]", "layers[0].network.degrees[0]", "a layer has at least one unit" },
        { "[[2, 1]]", "[[2]]", "layers[0].network.layers[0].weights", "1 rows are expected, found 2" },
        { "[[2, 1]]", "[]", "layers[0].network.layers", "1 layers are expected, one more than \"degrees\" has lists, found 2" },
        { "[3, 0, 5]", "[3, 1, 5]", "layers[0].network.layers[0].weights[0][1]", "1 stands outside the mask, where weights are 0" },
        { "[0, 0, 7]", "[1e-300, 0, 7]", "layers[0].network.layers[0].weights[1][0]", "stands outside the mask" },
        { "[0, 11]", "[-2, 11]", "layers[0].network.layers[1].weights[0][0]", "-2 stands outside the mask" },
        { "[0, 0]]", "[0, 5]]", "layers[0].network.layers[1].weights[2][1]", "5 stands outside the mask" },
        { "[13, 17]", "[13]", "layers[0].network.layers[1].weights[1]", "2 numbers are expected, found 1" },
        { "\"bias\": [1, 2, 4]", "\"bias\": [1, 2]", "layers[0].network.layers[1].bias", "3 numbers are expected, found 2" },
        { "\"relu\"", "\"elu\"", "layers[0].network.activation", "known are tanh, relu, silu, identity" },
        { "\"network\"", "\"conditioner\"", "layers[0]", "\"conditioner\" is not known here; known are type, order, transformer, network" },
    };

    [Theory, MemberData(nameof(Malformed))]
    public void A_wrong_file_is_rejected_with_its_place(string old, string replacement, string location, string phrase)
    {
        int at = Good.IndexOf(old, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the good file has no {old}");
        FlowFormatException error = Assert.Throws<FlowFormatException>(() => Parse(string.Concat(Good.AsSpan(0, at), replacement, Good.AsSpan(at + old.Length))));
        Assert.Equal(location, error.Location);
        Assert.Contains(phrase, error.Message, StringComparison.Ordinal);
    }

    /// <summary>After training, what the file has outside the masks is 0, and the weights inside have moved.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Training_keeps_the_masks(bool lm)
    {
        Composition flow = new Architecture(FlowFamily.Maf, 3, 2, [6, 5]).Initialise(1);
        double[] before = [.. flow.Parameters.SelectMany(p => p.All.ToArray())];
        Target target = TargetParser.Parse("coupled-sines-3d");
        if (lm)
        {
            LevenbergMarquardt.Fit(flow, target, target.DefaultDomain, new LevenbergMarquardtOptions(5, 64));
        }
        else
        {
            LowDiscrepancy points = new(3, 1, "training");
            AdamFit.Fit(new SquaredError(flow), (k, batch) => RegressionBatch.Fill(batch, target, target.DefaultDomain, points, (uint)(k * 64)), new AdamOptions(5, 64));
        }

        double[] after = [.. flow.Parameters.SelectMany(p => p.All.ToArray())];
        Assert.True(before.Zip(after).Count(p => p.First != p.Second) > before.Length / 2);
        using JsonDocument file = JsonDocument.Parse(FlowFile.ToBytes(flow));
        int outside = 0;
        foreach (JsonElement layer in file.RootElement.GetProperty("layers").EnumerateArray())
        {
            int[] place = new int[3];
            int at = 0;
            foreach (JsonElement o in layer.GetProperty("order").EnumerateArray()) place[o.GetInt32()] = ++at;
            int[][] degrees = [.. layer.GetProperty("network").GetProperty("degrees").EnumerateArray().Select(l => l.EnumerateArray().Select(g => g.GetInt32()).ToArray())];
            JsonElement[] layers = [.. layer.GetProperty("network").GetProperty("layers").EnumerateArray()];
            // the table of docs/flow-format.md: from-degree ≤ to-degree, with degree k(i) for inputs and k(i) − 1 for blocks
            int[] from = place;
            for (int l = 0; l < layers.Length; l++)
            {
                int[] to = l < degrees.Length ? degrees[l] : [.. place.SelectMany(k => (int[])[k - 1, k - 1])];
                JsonElement[] rows = [.. layers[l].GetProperty("weights").EnumerateArray()];
                for (int n = 0; n < to.Length; n++)
                {
                    double[] row = [.. rows[n].EnumerateArray().Select(w => w.GetDouble())];
                    for (int k = 0; k < from.Length; k++)
                    {
                        if (from[k] <= to[n]) continue;
                        Assert.Equal(0, row[k]);
                        outside++;
                    }
                }

                from = to;
            }
        }

        Assert.True(outside > 40);
    }

    /// <summary>The number of parameters is that inside the masks, counted by hand for d = 3 and one layer of 4 units of degrees 1, 1, 2, 2.</summary>
    [Fact]
    public void Weights_outside_the_mask_do_not_exist()
    {
        MaskedNetwork network = new(Activation.Tanh, 3, 2, [MaskedNetwork.Spread(4, 3)]);
        Assert.Equal([1, 1, 2, 2], network.Degrees.Single());
        // units: 2·(1 + 1) and 2·(2 + 1); blocks of two: 2·(0 + 1), 2·(2 + 1), 2·(4 + 1)
        Assert.Equal(4 + 6 + 2 + 6 + 10, network.Parameters.Sum(p => p.Count));
    }

    [Fact]
    public void Wrong_shapes_are_refused_at_construction()
    {
        MaskedNetwork network = new(Activation.Tanh, 2, 2, [[1, 1]]);
        AffineTransformer affine = new(new PositiveMap(PositiveKind.Exp));
        Assert.Throws<ArgumentException>(() => new AutoregressiveFlow([0, 0], affine, network));
        Assert.Throws<ArgumentException>(() => new AutoregressiveFlow([0, 1, 2], affine, network));
        Assert.Throws<ArgumentException>(() => new AutoregressiveFlow([0, 1], new AffineTransformer(null), network));
        Assert.Throws<ArgumentException>(() => new MaskedNetwork(Activation.Tanh, 3, 2, [[2, 1]]));
        Assert.Throws<ArgumentException>(() => new MaskedNetwork(Activation.Tanh, 3, 2, [[3]]));
        Assert.Throws<ArgumentException>(() => new MaskedNetwork(Activation.Tanh, 3, 2, [[]]));
    }

    private static Composition Parse(string text) => FlowFile.Parse(Encoding.UTF8.GetBytes(text));
}
