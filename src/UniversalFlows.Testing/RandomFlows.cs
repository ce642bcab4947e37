using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing;

/// <summary>The parts of random flows: weights far from the identity, yet of a size at which every family keeps its digits.</summary>
internal static class RandomFlows
{
    /// <summary>How a random conditioner is built.</summary>
    public enum Kind
    {
        /// <summary>The same raw numbers everywhere.</summary>
        Constant,

        /// <summary>An affine map, no hidden layer.</summary>
        Linear,

        /// <summary>Eight tanh units.</summary>
        Tanh,

        /// <summary>Two layers of nine ReLU units: nine is one more than a vector.</summary>
        ReLU,

        /// <summary>Eight SiLU units.</summary>
        SiLU,

        /// <summary>A tensor Chebyshev polynomial of degree 3 in each coordinate (2 from three coordinates on).</summary>
        Chebyshev,

        /// <summary>A piecewise linear table of one coordinate.</summary>
        Table,

        /// <summary>Tanh units behind a clip to a box smaller than the domain.</summary>
        Clipped,
    }

    /// <summary>A conditioner whose outputs stay within about 1.5 of the transformer's identity.</summary>
    public static IConditioner Conditioner(Kind kind, int inputs, int active, ITransformer transformer, Philox random)
    {
        int outputs = active * transformer.RawCount;
        if (inputs == 0) kind = Kind.Constant;
        switch (kind)
        {
            case Kind.Constant: return new ConstantConditioner(inputs, Output(0, active, transformer, random));
            case Kind.Linear: return new MultilayerPerceptron(Activation.Identity, [Output(inputs, active, transformer, random)]);
            case Kind.Tanh: return Perceptron(Activation.Tanh, [inputs, 8]);
            case Kind.ReLU: return Perceptron(Activation.ReLU, [inputs, 9, 9]);
            case Kind.SiLU: return Perceptron(Activation.SiLU, [inputs, 8]);
            case Kind.Clipped:
                double[] lower = new double[inputs], upper = new double[inputs];
                for (int i = 0; i < inputs; i++) (lower[i], upper[i]) = (random.NextUniform(-1.5, -0.5), random.NextUniform(0.5, 1.5));
                return new ClippedConditioner(lower, upper, Perceptron(Activation.Tanh, [inputs, 8]));
            case Kind.Table:
                double[] knots = new double[5];
                for (int k = 0; k < 5; k++) knots[k] = k - 2 + random.NextUniform(-0.4, 0.4);
                return new TableConditioner(knots, Output(5, active, transformer, random));
            default:
                int degree = inputs > 2 ? 2 : 3;
                int[] degrees = [.. Enumerable.Repeat(degree, inputs)];
                double[] low = [.. degrees.Select(_ => random.NextUniform(-3, -2.5))], high = [.. degrees.Select(_ => random.NextUniform(2.5, 3))];
                int features = (int)Functions.Power(new Real(degree + 1), inputs).Value;
                return new ChebyshevConditioner(degrees, low, high, Output(features, active, transformer, random));
        }

        MultilayerPerceptron Perceptron(Activation activation, int[] widths)
        {
            List<Dense> layers = [];
            for (int i = 1; i < widths.Length; i++) layers.Add(Uniform(widths[i - 1], widths[i], 1.2, random));
            layers.Add(Output(widths[^1], active, transformer, random));
            return new MultilayerPerceptron(activation, layers);
        }
    }

    /// <summary>An autoregressive layer with random degrees, so that some are missing, and weights as those of the other networks.</summary>
    public static AutoregressiveFlow Autoregressive(int[] order, int[] widths, Activation activation, ITransformer transformer, Philox random)
    {
        int d = order.Length;
        MaskedNetwork network = new(activation, d, transformer.RawCount, widths.Select(width => Enumerable.Range(0, width).Select(_ => 1 + random.NextInt(d - 1)).Order().ToArray()));
        for (int l = 0; l <= widths.Length; l++)
            for (int g = 0; g < d; g++)
                if (network.Block(l, g) is { } block) (l < widths.Length ? Uniform(block.Inputs, block.Outputs, 1.2, random) : Output(block.Inputs, 1, transformer, random)).All.CopyTo(block.All);
        return new AutoregressiveFlow(order, transformer, network);
    }

    /// <summary>Directions and shifts N(0, 1): w·û is anything above −1.</summary>
    public static PlanarFlow Planar(int dimension, Philox random) => new(Normal(dimension, 1, random), Normal(dimension, 1, random), random.NextNormal());

    /// <summary>Reflections N(0, I), raw numbers N(0, 0.7²).</summary>
    public static SylvesterFlow Sylvester(int dimension, int rank, Philox random)
    {
        double[] outer = Normal(rank * rank, 0.7, random), inner = Normal(rank * rank, 0.7, random);
        for (int i = 0; i < rank; i++)
            for (int j = 0; j < i; j++) outer[(i * rank) + j] = inner[(i * rank) + j] = 0;
        return new SylvesterFlow(Normal(rank * dimension, 1, random), outer, inner, Normal(rank, 1, random), dimension);
    }

    /// <summary>Weights of norms around and above what κ lets through.</summary>
    public static ResidualFlow Residual(double lipschitz, Activation activation, int[] widths, Philox random)
    {
        List<Dense> layers = [];
        for (int l = 1; l < widths.Length; l++) layers.Add(Uniform(widths[l - 1], widths[l], random.NextUniform(0.5, 2.5), random));
        return new ResidualFlow(lipschitz, activation, layers);
    }

    private static double[] Normal(int count, double deviation, Philox random)
    {
        double[] numbers = new double[count];
        foreach (ref double v in numbers.AsSpan()) v = deviation * random.NextNormal();
        return numbers;
    }

    /// <summary>The raw numbers of the identity, moved by N(0, 0.4²), and weights of variance 0.4²/inputs.</summary>
    public static Dense Output(int inputs, int active, ITransformer transformer, Philox random)
    {
        Dense layer = Uniform(inputs, active * transformer.RawCount, 0.7, random);
        for (int j = 0; j < active; j++)
        {
            Span<double> block = layer.Bias.Slice(j * transformer.RawCount, transformer.RawCount);
            try
            {
                transformer.IdentityRaw(block);
            }
            catch (ArgumentOutOfRangeException)
            {
                block.Clear(); // a positive map below 1 has no identity
            }

            foreach (ref double b in block) b += 0.4 * random.NextNormal();
        }

        return layer;
    }

    /// <summary>Weights and biases uniform in ±size/√inputs.</summary>
    public static Dense Uniform(int inputs, int outputs, double size, Philox random)
    {
        Dense layer = new(inputs, outputs);
        double bound = size / Math.Sqrt(Math.Max(1, inputs));
        foreach (ref double w in layer.All) w = random.NextUniform(-bound, bound);
        return layer;
    }

    /// <summary>A = D + E with |D_ii| in [1, 2] and |E_ij| below ½/d: invertible by dominance of the diagonal, det A of the sign asked for.</summary>
    public static Linear Linear(int dimension, int sign, Philox random)
    {
        int d = dimension;
        double[] a = new double[d * d], b = new double[d];
        int product = 1;
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++) a[(i * d) + j] = random.NextUniform(-0.5, 0.5) / d;
            int s = i == d - 1 ? sign * product : random.NextInt(2) == 0 ? 1 : -1; // dominance: sign det A = Π sign a_ii
            product *= s;
            a[(i * d) + i] = s * random.NextUniform(1, 2);
            b[i] = random.NextNormal();
        }

        return new Linear(a, b);
    }

    /// <summary>A uniform permutation (Fisher and Yates).</summary>
    public static int[] Order(int dimension, Philox random)
    {
        int[] order = [.. Enumerable.Range(0, dimension)];
        for (int i = dimension - 1; i > 0; i--)
        {
            int j = random.NextInt(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
