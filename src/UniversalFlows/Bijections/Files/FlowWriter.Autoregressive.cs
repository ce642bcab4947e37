using System.Text.Json;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Files;

/// <content>Masked networks: whole matrices with zeros outside the mask, first-layer columns and last-layer blocks by coordinate.</content>
internal static partial class FlowWriter
{
    private static void Autoregressive(Utf8JsonWriter json, AutoregressiveFlow flow)
    {
        json.WriteString("type", "autoregressive");
        Whole(json, "order", flow.Order);
        Transformer(json, flow.Transformer);
        MaskedNetwork network = flow.Network;
        json.WriteStartObject("network");
        json.WriteString("activation", Word(network.Activation));
        json.WriteStartArray("degrees");
        foreach (IReadOnlyList<int> layer in network.Degrees) json.WriteRawValue($"[{string.Join(", ", layer)}]");
        json.WriteEndArray();
        json.WriteStartArray("layers");
        for (int l = 0; l <= network.Degrees.Count; l++)
        {
            (double[] weights, double[] bias, int columns) = WholeLayer(flow, l);
            json.WriteStartObject();
            if (columns > 0) Rows(json, "weights", weights, columns);
            else EmptyRows(json, "weights", bias.Length);
            Numbers(json, "bias", bias);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static (double[] Weights, double[] Bias, int Columns) WholeLayer(AutoregressiveFlow flow, int l)
    {
        MaskedNetwork network = flow.Network;
        int d = flow.Dimension;
        bool last = l == network.Degrees.Count;
        int columns = l == 0 ? d : network.Degrees[l - 1].Count, rows = last ? d * network.Outputs : network.Degrees[l].Count, row = 0;
        double[] weights = new double[rows * columns], bias = new double[rows];
        for (int g = 0; g < d; g++)
        {
            if (network.Block(l, g) is not { } block) continue;
            if (last) row = flow.Order[g] * network.Outputs;
            for (int n = 0; n < block.Outputs; n++, row++)
            {
                bias[row] = block.Bias[n];
                for (int k = 0; k < block.Inputs; k++) weights[(row * columns) + (l == 0 ? flow.Order[k] : k)] = block.Weights[(n * block.Inputs) + k];
            }
        }

        return (weights, bias, columns);
    }
}
