using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>
/// Data-dependent affine normalisation (ActNorm: Kingma and Dhariwal 2018, section 3.1): y_i = (x_i − m_i)/σ_i, with m and σ once taken from data. What is made
/// is an ordinary elementwise affine layer y = x·eˢ + t without passive coordinates (s = −log σ, t = −m/σ), trained and saved like any other: nothing
/// looks at data again when a file is loaded or a batch evaluated.
/// </summary>
public static class ActNorm
{
    /// <summary>The layer at the identity, s = t = 0.</summary>
    public static Coupling Layer(int dimension) =>
        new(dimension, [], [.. Enumerable.Range(0, dimension)], new AffineTransformer(new PositiveMap(PositiveKind.Exp)), new ConstantConditioner(0, new double[2 * dimension]));

    /// <summary>
    /// The flow with a normalising layer before each of its parts, so set that what the part receives from the data has mean 0 and deviation 1 in every coordinate. The parts
    /// themselves are shared with <paramref name="flow"/> and not changed.
    /// </summary>
    /// <param name="flow">A map from data to base.</param>
    /// <param name="data">Samples in the first d columns; at least two.</param>
    /// <exception cref="ArgumentException">A coordinate is constant or not finite over the data, at the start or behind a part.</exception>
    public static Composition Insert(Composition flow, Batch data)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(data);
        int d = flow.Dimension;
        double[][] columns = [.. Enumerable.Range(0, d).Select(i => data.Column(i)[..data.Count].ToArray())];
        List<IBijection> parts = [];
        foreach (IBijection part in flow.Parts)
        {
            Coupling layer = Layer(d);
            Span<double> raw = ((ConstantConditioner)layer.Conditioner).Values.Bias;
            for (int i = 0; i < d; i++)
            {
                (double mean, double deviation) = Moments(columns[i]);
                if (!(deviation > 0 && double.IsFinite(deviation)))
                    throw new ArgumentException($"coordinate {i} before part {parts.Count / 2} has deviation {deviation:R} over the data: it cannot be normalised", nameof(data));
                (raw[2 * i], raw[(2 * i) + 1]) = (-Real.Log(new Real(deviation)).Value, -mean / deviation);
            }

            parts.Add(layer);
            parts.Add(part);
            Push(layer, columns);
            Push(part, columns);
        }

        return new Composition(d, parts);
    }

    private static (double Mean, double Deviation) Moments(double[] values)
    {
        double mean = VectorMath.Sum(values) / values.Length;
        double[] rest = [.. values.Select(v => v - mean)];
        return (mean, Math.Sqrt(VectorMath.Dot(rest, rest) / values.Length));
    }

    private static void Push(IBijection part, double[][] columns)
    {
        Span<Real> x = stackalloc Real[columns.Length];
        for (int s = 0; s < columns[0].Length; s++)
        {
            for (int i = 0; i < x.Length; i++) x[i] = new Real(columns[i][s]);
            part.Map(x);
            for (int i = 0; i < x.Length; i++) columns[i][s] = x[i].Value;
        }
    }
}
