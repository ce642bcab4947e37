using System.Text.Json;
using UniversalFlows.Bijections.Residuals;

namespace UniversalFlows.Bijections.Files;

/// <content>Planar, Sylvester and residual layers: their raw numbers.</content>
internal static partial class FlowWriter
{
    private static void Residual(Utf8JsonWriter json, IBijection layer)
    {
        switch (layer)
        {
            case PlanarFlow p:
                json.WriteString("type", "planar");
                Numbers(json, "u", p.U);
                Numbers(json, "w", p.W);
                Number(json, "b", p.B);
                break;
            case SylvesterFlow s:
                json.WriteString("type", "sylvester");
                Rows(json, "reflections", s.Reflections, s.Dimension);
                Rows(json, "outer", s.Outer, s.Rank);
                Rows(json, "inner", s.Inner, s.Rank);
                Numbers(json, "bias", s.Bias);
                break;
            case ResidualFlow r:
                json.WriteString("type", "residual");
                Number(json, "lipschitz", r.Lipschitz);
                json.WriteString("activation", Word(r.Activation));
                Perceptron(json, r.Layers);
                break;
        }
    }

    private static void Number(Utf8JsonWriter json, string name, double number)
    {
        if (!double.IsFinite(number)) throw new ArgumentException("a parameter is not finite; such a flow is not saved", nameof(number));
        json.WritePropertyName(name);
        json.WriteRawValue(number.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
    }
}
