using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Files;

/// <content>Masked networks: units may stand in any order in the file; they are sorted by degree, and what is outside the mask must be 0.</content>
internal static partial class FlowReader
{
    private static AutoregressiveFlow Autoregressive(JsonPlace place, int dimension)
    {
        place.Only("type", "order", "transformer", "network");
        int[] order = [.. Enumerable.Range(0, dimension)];
        if (place.Optional("order") is { } given)
        {
            order = Indices(given, dimension);
            if (order.Length != dimension) throw given.Error($"{dimension} entries are expected, found {order.Length}");
            for (int i = 0; i < dimension; i++)
                if (Array.IndexOf(order, order[i]) < i) throw given.Error($"the order is not a permutation of 0 … {dimension - 1}: entry {i} is {order[i]} again");
        }

        ITransformer transformer = Transformer(place["transformer"]);
        return new AutoregressiveFlow(order, transformer, Network(place["network"], order, transformer.RawCount));
    }

    private static MaskedNetwork Network(JsonPlace place, int[] order, int outputs)
    {
        place.Only("activation", "degrees", "layers");
        int d = order.Length;
        if ((long)d * outputs > MaxSize) throw place.Error($"{(long)d * outputs} outputs are more than {MaxSize}");
        int[][] degrees = [.. place["degrees"].Items().Select(layer => layer.Items().Select(g => g.Whole(1, d - 1)).ToArray())];
        for (int l = 0; l < degrees.Length; l++)
            if (degrees[l].Length == 0 && d > 1) throw place["degrees"].Items()[l].Error("a layer has at least one unit");

        // the file's unit number of each unit sorted by degree
        int[][] sorted = [.. degrees.Select(layer => Enumerable.Range(0, layer.Length).OrderBy(h => layer[h]).ToArray())];
        JsonPlace[] layers = place["layers"].Items();
        if (layers.Length != degrees.Length + 1) throw place["layers"].Error($"{degrees.Length + 1} layers are expected, one more than \"degrees\" has lists, found {layers.Length}");
        // all shapes before the first allocation: no more memory than the file has numbers, whatever degrees it declares
        int Rows(int l) => l == degrees.Length ? d * outputs : degrees[l].Length;
        for (int l = 0; l < layers.Length; l++)
        {
            JsonPlace[] rows = layers[l]["weights"].Items();
            if (rows.Length != Rows(l)) throw layers[l]["weights"].Error($"{Rows(l)} rows are expected, found {rows.Length}");
            foreach (JsonPlace row in rows) row.Entries(l == 0 ? d : degrees[l - 1].Length);
        }

        MaskedNetwork network = new(ActivationOf(place["activation"]), d, outputs, degrees.Select(layer => layer.Order().ToArray()));
        for (int l = 0; l < layers.Length; l++)
        {
            layers[l].Only("weights", "bias");
            bool last = l == degrees.Length;
            int rows = Rows(l);
            int[] columns = l == 0 ? order : sorted[l - 1];
            double[] weights = Matrix(layers[l]["weights"], rows, columns.Length), bias = layers[l]["bias"].Numbers(rows);
            int unit = 0;
            for (int g = 0; g < d; g++)
            {
                if (network.Block(l, g) is not { } block) continue;
                for (int n = 0; n < block.Outputs; n++)
                {
                    int row = last ? (order[g] * outputs) + n : sorted[l][unit++];
                    block.Bias[n] = bias[row];
                    for (int k = 0; k < columns.Length; k++)
                    {
                        double w = weights[(row * columns.Length) + columns[k]];
                        if (k < block.Inputs) block.Weights[(n * block.Inputs) + k] = w;
                        else if (w != 0) throw Outside(layers[l]["weights"].Items()[row].Items()[columns[k]], w);
                    }
                }
            }
        }

        return network;
    }

    private static FlowFormatException Outside(JsonPlace place, double weight) => place.Error($"{weight:R} stands outside the mask, where weights are 0");
}
