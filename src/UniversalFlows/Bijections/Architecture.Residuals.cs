using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <content>Layers that move all coordinates at once, near the identity.</content>
public sealed partial record Architecture
{
    /// <summary>log(e − 1): softplus of it is 1.</summary>
    private const double RawOne = 0.54132485461291810;

    private PlanarFlow Planar(Philox random)
    {
        double[] w = Normal(Dimension, random), u = Normal(Dimension, random);
        double square = w.Sum(v => v * v);
        for (int i = 0; i < Dimension; i++) u[i] = (0.1 * u[i]) + (RawOne * w[i] / square);
        return new PlanarFlow(u, w, random.NextUniform(-1, 1));
    }

    private SylvesterFlow Sylvester(Philox random)
    {
        int m = Math.Min(Rank ?? Dimension, Dimension);
        double[] reflections = Normal(m * Dimension, random), outer = new double[m * m], inner = new double[m * m], bias = new double[m];
        for (int i = 0; i < m; i++)
        {
            for (int j = i; j < m; j++)
            {
                outer[(i * m) + j] = (i == j ? RawOne : 0) + (0.1 * random.NextNormal());
                inner[(i * m) + j] = 0.1 * random.NextNormal();
            }

            bias[i] = random.NextUniform(-1, 1);
        }

        return new SylvesterFlow(reflections, outer, inner, bias, Dimension);
    }

    private ResidualFlow Residual(Philox random)
    {
        List<Dense> layers = [];
        int[] widths = [Dimension, .. Hidden, Dimension];
        for (int i = 1; i < widths.Length; i++)
        {
            Dense layer = new(widths[i - 1], widths[i]);
            Draw(layer, first: i == 1, last: i == widths.Length - 1, random);
            layers.Add(layer);
        }

        return new ResidualFlow(Lipschitz, Activation, layers);
    }

    private static double[] Normal(int count, Philox random)
    {
        double[] numbers = new double[count];
        foreach (ref double v in numbers.AsSpan()) v = random.NextNormal();
        return numbers;
    }
}
