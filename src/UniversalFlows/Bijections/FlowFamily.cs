using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>A family of flows: couplings named by their transformer, and autoregressive flows.</summary>
public enum FlowFamily
{
    /// <summary>Affine coupling flows.</summary>
    Acf,

    /// <summary>Sum-of-squares polynomial flows.</summary>
    Sos,

    /// <summary>Deep sigmoidal flows.</summary>
    Dsf,

    /// <summary>Deep dense sigmoidal flows.</summary>
    Ddsf,

    /// <summary>Rational-quadratic spline flows.</summary>
    Rqs,

    /// <summary>Additive couplings (NICE): volume preserving, the negative control.</summary>
    Nice,

    /// <summary>Masked autoregressive flows: affine autoregressive layers.</summary>
    Maf,

    /// <summary>Neural autoregressive flows: deep sigmoidal autoregressive layers.</summary>
    Naf,

    /// <summary>Planar flows: one hidden tanh unit a layer.</summary>
    Planar,

    /// <summary>Sylvester flows: d hidden tanh units a layer, triangular weights.</summary>
    Sylvester,

    /// <summary>Residual flows with exact Lipschitz control: x + g(x), Lip g at most 0.9.</summary>
    Residual,
}

/// <summary>
/// What a trainable flow looks like: <see cref="Depth"/> single-coordinate couplings of R^d, the active coordinate going round
/// d−1, d−2, …, 0, d−1, …; conditioners are perceptrons of the other coordinates (constants if d = 1). The families <see cref="FlowFamily.Maf"/>
/// and <see cref="FlowFamily.Naf"/> have autoregressive layers instead, in the orders 0, …, d−1 and d−1, …, 0 by turns; planar, Sylvester and residual layers
/// move all coordinates at once and have no transformer.
/// </summary>
/// <param name="Family">The transformer.</param>
/// <param name="Dimension">d ≥ 1.</param>
/// <param name="Depth">Number of couplings or autoregressive layers ≥ 0.</param>
/// <param name="Hidden">Widths of the hidden layers.</param>
/// <param name="Activation">Of the hidden layers.</param>
/// <param name="Reach">Coordinates are expected in [−reach, reach]: the interval of splines and polynomials.</param>
public sealed partial record Architecture(
    FlowFamily Family, int Dimension, int Depth, IReadOnlyList<int> Hidden, Activation Activation = Activation.Tanh, double Reach = 3)
{
    /// <summary>The transformer of every layer; null for layers that have none (<see cref="HasTransformer"/>).</summary>
    public ITransformer? Transformer { get; init; } = HasTransformer(Family) ? DefaultTransformer(Family, Reach) : null;

    /// <summary>κ of residual layers.</summary>
    public double Lipschitz { get; init; } = 0.9;

    /// <summary>M of Sylvester layers; d if null.</summary>
    public int? Rank { get; init; }

    /// <summary>Whether the layers of a family are made of a transformer of one coordinate: couplings and autoregressive layers are.</summary>
    public static bool HasTransformer(FlowFamily family) => family is not (FlowFamily.Planar or FlowFamily.Sylvester or FlowFamily.Residual);

    /// <summary>The family's transformer as studies use it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The family has none.</exception>
    public static ITransformer DefaultTransformer(FlowFamily family, double reach) => family switch
    {
        FlowFamily.Acf or FlowFamily.Maf => new AffineTransformer(new PositiveMap(PositiveKind.Exp, Bound: 5)),
        FlowFamily.Nice => new AffineTransformer(null),
        FlowFamily.Sos => new SumOfSquaresTransformer(2, 2, new PolynomialBasis(true, -reach, reach), 1e-2),
        FlowFamily.Dsf or FlowFamily.Naf => new DeepSigmoidalTransformer(6, new PositiveMap(PositiveKind.Softplus, Minimum: 1e-3), 1e-3),
        FlowFamily.Ddsf => new DeepDenseSigmoidalTransformer([4, 4], new PositiveMap(PositiveKind.Softplus, Minimum: 1e-3), 1e-3),
        FlowFamily.Rqs => new RationalQuadraticTransformer(
            6, -reach, reach, FreeTails: true, new PositiveMap(PositiveKind.Softplus, Minimum: 1e-3), 1e-3),
        _ => throw new ArgumentOutOfRangeException(nameof(family)),
    };

    /// <summary>
    /// A flow near the identity with random weights: hidden weights uniform with variance 1/fan-in (a third of that in the first
    /// layer), hidden biases uniform on ±1 in the first layer and ±½ above; output weights a tenth, output biases at the transformer's
    /// identity plus N(0, 0.1²). Planar and Sylvester layers have directions N(0, I), biases uniform on ±1, and slopes that N(0, 0.1²) keeps near the
    /// identity's. The same seed gives the same flow.
    /// </summary>
    public Composition Initialise(ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Depth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Dimension);
        Philox random = new(seed, Philox.StreamKey("initialise"));
        List<IBijection> layers = [];
        for (int l = 0; l < Depth; l++)
        {
            if (!HasTransformer(Family))
            {
                layers.Add(Family switch
                {
                    FlowFamily.Planar => Planar(random),
                    FlowFamily.Sylvester => Sylvester(random),
                    _ => Residual(random),
                });
                continue;
            }

            if (Family is FlowFamily.Maf or FlowFamily.Naf)
            {
                int[] order = [.. Enumerable.Range(0, Dimension)];
                layers.Add(new AutoregressiveFlow(l % 2 == 0 ? order : [.. order.Reverse()], Transformer!, Network(random)));
                continue;
            }

            int active = Dimension - 1 - (l % Dimension);
            int[] passive = [.. Enumerable.Range(0, Dimension).Where(i => i != active)];
            layers.Add(new Coupling(Dimension, passive, [active], Transformer!, Conditioner(passive.Length, random)));
        }

        return new Composition(Dimension, layers);
    }

    private IConditioner Conditioner(int inputs, Philox random)
    {
        List<Dense> layers = [];
        int[] widths = inputs == 0 ? [0, Transformer!.RawCount] : [inputs, .. Hidden, Transformer!.RawCount];
        for (int i = 1; i < widths.Length; i++)
        {
            Dense layer = new(widths[i - 1], widths[i]);
            Draw(layer, first: i == 1, last: i == widths.Length - 1, random);
            layers.Add(layer);
        }

        return inputs == 0 ? new ConstantConditioner(0, layers[0]) : new MultilayerPerceptron(Activation, layers);
    }

    private MaskedNetwork Network(Philox random)
    {
        MaskedNetwork network = new(Activation, Dimension, Transformer!.RawCount, Hidden.Select(width => MaskedNetwork.Spread(width, Dimension)));
        for (int l = 0; l <= Hidden.Count; l++)
            for (int g = 0; g < Dimension; g++)
                if (network.Block(l, g) is { } block) Draw(block, first: l == 0, last: l == Hidden.Count, random);
        return network;
    }

    private void Draw(Dense layer, bool first, bool last, Philox random)
    {
        // variance 1/fan-in; the first hidden layer and its biases spread over the data, or its tanh are as good as one
        double fan = Math.Max(1, layer.Inputs), weight = Math.Sqrt((first && !last ? 1 : 3) / fan) * (last ? 0.1 : 1);
        foreach (ref double w in layer.Weights) w = random.NextUniform(-weight, weight);
        if (last)
        {
            Transformer?.IdentityRaw(layer.Bias); // the perturbation of a residual layer begins near 0
            foreach (ref double b in layer.Bias) b += 0.1 * random.NextNormal();
        }
        else
        {
            double spread = first ? 1 : 0.5;
            foreach (ref double b in layer.Bias) b = random.NextUniform(-spread, spread);
        }
    }
}
