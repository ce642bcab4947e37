using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Files;

/// <content>Planar, Sylvester and residual layers.</content>
internal static partial class FlowReader
{
    private static PlanarFlow Planar(JsonPlace place, int dimension)
    {
        place.Only("type", "u", "w", "b");
        double[] u = place["u"].Numbers(dimension), w = place["w"].Numbers(dimension);
        double b = place["b"].Number();
        return Checked(place["w"], () => new PlanarFlow(u, w, b));
    }

    private static SylvesterFlow Sylvester(JsonPlace place, int dimension)
    {
        place.Only("type", "reflections", "outer", "inner", "bias");
        double[] bias = place["bias"].Numbers();
        int m = bias.Length;
        if (m == 0 || m > dimension) throw place["bias"].Error($"from 1 to {dimension} hidden units are expected, found {m}");
        double[] reflections = Matrix(place["reflections"], m, dimension), outer = Triangular(place["outer"], m), inner = Triangular(place["inner"], m);
        return Checked(place["reflections"], () => new SylvesterFlow(reflections, outer, inner, bias, dimension));
    }

    private static double[] Triangular(JsonPlace place, int m)
    {
        double[] matrix = Matrix(place, m, m);
        for (int i = 1; i < m; i++)
            for (int j = 0; j < i; j++)
                if (matrix[(i * m) + j] != 0) throw place.Items()[i].Items()[j].Error($"{matrix[(i * m) + j]:R} stands below the diagonal, where a triangular matrix is 0");
        return matrix;
    }

    private static ResidualFlow Residual(JsonPlace place, int dimension)
    {
        place.Only("type", "lipschitz", "activation", "layers");
        double lipschitz = place["lipschitz"].Number();
        if (!(lipschitz >= 1e-3 && lipschitz <= 0.999)) throw place["lipschitz"].Error($"{lipschitz:R} is not between 0.001 and 0.999");
        Activation activation = place["activation"].Word("tanh", "identity") == "tanh" ? Activation.Tanh : Activation.Identity;
        List<Dense> layers = Layers(place["layers"], dimension, dimension, "outputs (one for each coordinate)");
        return Checked(place, () => new ResidualFlow(lipschitz, activation, layers));
    }
}
