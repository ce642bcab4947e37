using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing;

/// <summary>A construction that makes no bijection, and must be refused by an <see cref="ArgumentException"/> when it is made.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Construct">Makes it.</param>
public sealed record Rejection(string Name, Func<object> Construct)
{
    private static readonly PositiveMap s_exp = new(PositiveKind.Exp);

    /// <summary>The table of the library's constructors.</summary>
    public static IReadOnlyList<Rejection> All { get; } =
    [
        new("linear: singular", () => new Linear([1, 2, 2, 4], [0, 0])),
        new("linear: zero", () => new Linear([0, 0, 0, 0], [0, 0])),
        new("linear: singular in double precision", () => new Linear([1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 0, 0])),
        new("linear: NaN in the matrix", () => new Linear([1, double.NaN, 0, 1], [0, 0])),
        new("linear: infinite shift", () => new Linear([1, 0, 0, 1], [double.PositiveInfinity, 0])),
        new("linear: not square", () => new Linear([1, 0, 0], [0, 0])),
        new("linear: no dimension", () => new Linear([], [])),
        new("linear: inverse beyond doubles", () => new Linear([1e-310], [0])),
        new("planar: no direction", () => new PlanarFlow([1, 2], [0, 0], 0)),
        new("planar: NaN parameter", () => new PlanarFlow([1], [1], double.NaN)),
        new("sylvester: more hidden units than dimensions", () => new SylvesterFlow([1, 1], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0], 1)),
        new("sylvester: below the diagonal", () => new SylvesterFlow([1, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0], [0, 0], 2)),
        new("sylvester: reflection along 0", () => new SylvesterFlow([0, 0], [0], [0], [0], 2)),
        new("residual: no contraction", () => new ResidualFlow(1, Activation.Tanh, new Dense(1, 1))),
        new("residual: NaN Lipschitz constant", () => new ResidualFlow(double.NaN, Activation.Tanh, new Dense(1, 1))),
        new("residual: an activation steeper than 1", () => new ResidualFlow(0.9, Activation.SiLU, new Dense(1, 1))),
        new("residual: from R to R²", () => new ResidualFlow(0.9, Activation.Tanh, new Dense(1, 2))),
        new("permutation: repeated", () => new Permutation([0, 0, 1])),
        new("permutation: out of range", () => new Permutation([0, 1, 3])),
        new("permutation: negative", () => new Permutation([0, -1])),
        new("composition: other dimension", () => new Composition(2, [new Permutation([0, 1, 2])])),
        new("composition: no dimension", () => new Composition(0, [])),
        new("coupling: coordinate both passive and active", () => Made(2, [0], [0], 1)),
        new("coupling: coordinate twice active", () => Made(3, [0], [1, 1], 2)),
        new("coupling: coordinate out of range", () => Made(2, [0], [2], 1)),
        new("coupling: nothing active", () => Made(2, [0], [], 0)),
        new("coupling: conditioner of another shape", () => new Coupling(2, [0], [1], new AffineTransformer(s_exp), Constant(1, 3, 0))),
        new("coupling: NaN parameter", () => new Coupling(2, [0], [1], new AffineTransformer(s_exp), Constant(1, 2, double.NaN))),
        new("coupling: infinite parameter", () => new Coupling(2, [0], [1], new AffineTransformer(s_exp), Constant(1, 2, double.NegativeInfinity))),
        new("positive map: negative minimum", () => new PositiveMap(PositiveKind.Exp, Minimum: -0.5)),
        new("positive map: NaN minimum", () => new PositiveMap(PositiveKind.Exp, Minimum: double.NaN)),
        new("positive map: bound 0", () => new PositiveMap(PositiveKind.Exp, Bound: 0)),
        new("positive map: negative bound", () => new PositiveMap(PositiveKind.Softplus, Bound: -1)),
        new("positive map: NaN bound", () => new PositiveMap(PositiveKind.Softplus, Bound: double.NaN)),
        new("positive map: infinite offset", () => new PositiveMap(PositiveKind.Sigmoid, Offset: double.PositiveInfinity)),
        new("sos: negative slope", () => new SumOfSquaresTransformer(1, 1, new(false, 0, 1), -0.1)),
        new("sos: NaN slope", () => new SumOfSquaresTransformer(1, 1, new(false, 0, 1), double.NaN)),
        new("sos: no square", () => new SumOfSquaresTransformer(0, 1, new(false, 0, 1), 0.1)),
        new("sos: negative degree", () => new SumOfSquaresTransformer(1, -1, new(false, 0, 1), 0.1)),
        new("sos: empty interval", () => new SumOfSquaresTransformer(1, 1, new(true, 1, 1), 0.1)),
        new("sos: scale 0", () => new SumOfSquaresTransformer(1, 1, new(false, 0, 0), 0.1)),
        new("dsf: no sigmoid", () => new DeepSigmoidalTransformer(0, s_exp, 0)),
        new("dsf: minimum weight too large", () => new DeepSigmoidalTransformer(4, s_exp, 0.25)),
        new("dsf: negative minimum weight", () => new DeepSigmoidalTransformer(4, s_exp, -0.01)),
        new("dsf: NaN minimum weight", () => new DeepSigmoidalTransformer(4, s_exp, double.NaN)),
        new("ddsf: no layer", () => new DeepDenseSigmoidalTransformer([], s_exp, 0)),
        new("ddsf: layer without sigmoids", () => new DeepDenseSigmoidalTransformer([3, 0, 2], s_exp, 0)),
        new("ddsf: negative width", () => new DeepDenseSigmoidalTransformer([-4], s_exp, 0)),
        new("ddsf: more parameters than can be counted", () => new DeepDenseSigmoidalTransformer([50_000, 50_000], s_exp, 0)),
        new("ddsf: minimum weight too large", () => new DeepDenseSigmoidalTransformer([2, 5], s_exp, 0.2)),
        new("ddsf: minimum weight too large for an inner layer", () => new DeepDenseSigmoidalTransformer([5, 2], s_exp, 0.2)),
        new("ddsf: negative minimum weight", () => new DeepDenseSigmoidalTransformer([3, 3], s_exp, -1e-9)),
        new("ddsf: NaN minimum weight", () => new DeepDenseSigmoidalTransformer([3], s_exp, double.NaN)),
        new("ddsf: no slopes", () => new DeepDenseSigmoidalTransformer([3], null!, 0)),
        new("ddsf: slopes that may fall below 0", () => new DeepDenseSigmoidalTransformer([3], new(PositiveKind.Softplus, Minimum: -1e-3), 0)),
        new("ddsf: conditioner that forgets the weights between layers", () => new Coupling(2, [0], [1], new DeepDenseSigmoidalTransformer([2, 2], s_exp, 0), Constant(1, 14, 0))),
        new("rqs: no bin", () => new RationalQuadraticTransformer(0, -1, 1, true, s_exp, 0)),
        new("rqs: interval reversed", () => new RationalQuadraticTransformer(4, 1, -1, true, s_exp, 0)),
        new("rqs: NaN end", () => new RationalQuadraticTransformer(4, double.NaN, 1, true, s_exp, 0)),
        new("rqs: minimum bin too large", () => new RationalQuadraticTransformer(4, -1, 1, true, s_exp, 0.25)),
        new("rqs: negative minimum bin", () => new RationalQuadraticTransformer(4, -1, 1, true, s_exp, -0.1)),
        new("autoregressive: order with a coordinate twice", () => new AutoregressiveFlow([0, 0, 1], new AffineTransformer(s_exp), new(Activation.Tanh, 3, 2, [[1, 2]]))),
        new("autoregressive: order out of range", () => new AutoregressiveFlow([1, 2, 3], new AffineTransformer(s_exp), new(Activation.Tanh, 3, 2, [[1, 2]]))),
        new("autoregressive: order of another dimension", () => new AutoregressiveFlow([0, 1], new AffineTransformer(s_exp), new(Activation.Tanh, 3, 2, [[1, 2]]))),
        new("autoregressive: no order", () => new AutoregressiveFlow([], new AffineTransformer(s_exp), new(Activation.Tanh, 1, 2, []))),
        new("autoregressive: network of another shape", () => new AutoregressiveFlow([0, 1], new DeepDenseSigmoidalTransformer([2], s_exp, 0), new(Activation.Tanh, 2, 2, [[1]]))),
        new("autoregressive: NaN weight", () => Filled(double.NaN)),
        new("autoregressive: infinite weight", () => Filled(double.NegativeInfinity)),
        new("autoregressive: no transformer", () => new AutoregressiveFlow([0], null!, new(Activation.Tanh, 1, 2, []))),
        new("autoregressive: no network", () => new AutoregressiveFlow([0], new AffineTransformer(s_exp), null!)),
        new("masked network: no dimension", () => new MaskedNetwork(Activation.Tanh, 0, 2, [])),
        new("masked network: no output", () => new MaskedNetwork(Activation.Tanh, 2, 0, [[1]])),
        new("masked network: layer without units", () => new MaskedNetwork(Activation.Tanh, 3, 2, [[1, 2], []])),
        new("masked network: a unit that sees nothing", () => new MaskedNetwork(Activation.Tanh, 3, 2, [[0, 1]])),
        new("masked network: a unit that sees every coordinate", () => new MaskedNetwork(Activation.Tanh, 3, 2, [[1, 3]])),
        new("masked network: a unit in one dimension", () => new MaskedNetwork(Activation.Tanh, 1, 2, [[1]])),
        new("masked network: negative degree", () => new MaskedNetwork(Activation.Tanh, 3, 2, [[-1, 1]])),
        new("masked network: degrees that descend", () => new MaskedNetwork(Activation.Tanh, 3, 2, [[1, 2], [2, 1]])),
        new("masked network: no degrees", () => new MaskedNetwork(Activation.Tanh, 2, 2, null!)),
        new("perceptron: layers that don't fit", () => new MultilayerPerceptron(Activation.Tanh, [new Dense(1, 3), new Dense(2, 1)])),
        new("perceptron: no layer", () => new MultilayerPerceptron(Activation.Tanh, [])),
        new("table: repeated knot", () => new TableConditioner([0, 0, 1], new Dense(3, 1))),
        new("table: one knot", () => new TableConditioner([0], new Dense(1, 1))),
        new("table: NaN knot", () => new TableConditioner([0, double.NaN], new Dense(2, 1))),
        new("clip: empty interval", () => new ClippedConditioner([1], [1], Constant(1, 1, 0))),
        new("chebyshev: negative degree", () => new ChebyshevConditioner([-1], [0], [1], new Dense(1, 1))),
        new("chebyshev: empty interval", () => new ChebyshevConditioner([1], [1], [0], new Dense(2, 1))),
        new("dense: no output", () => new Dense(1, 0)),
        new("inversion: of nothing", () => new Inversion(null!)),
    ];

    /// <summary>null if it is refused as it must be; otherwise what happened instead.</summary>
    public string? Check()
    {
        try
        {
            object made = Construct();
            return $"{Name}: accepted as a {made.GetType().Name}";
        }
        catch (ArgumentException e) when (e.Message.Length > 10)
        {
            return null;
        }
#pragma warning disable CA1031 // any other exception is the finding
        catch (Exception e)
#pragma warning restore CA1031
        {
            return $"{Name}: {e.GetType().Name}, {e.Message}";
        }
    }

    private static Coupling Made(int dimension, int[] passive, int[] active, int blocks) =>
        new(dimension, passive, active, new AffineTransformer(s_exp), Constant(passive.Length, Math.Max(1, 2 * blocks), 0));

    /// <summary>An autoregressive flow with one wrong weight, in the last of its layers.</summary>
    private static AutoregressiveFlow Filled(double value)
    {
        MaskedNetwork network = new(Activation.Tanh, 3, 2, [[1, 2]]);
        network.Parameters.Last().Weights[^1] = value;
        return new([2, 0, 1], new AffineTransformer(s_exp), network);
    }

    private static ConstantConditioner Constant(int inputs, int outputs, double value)
    {
        Dense layer = new(0, outputs);
        layer.Bias[0] = value;
        return new ConstantConditioner(inputs, layer);
    }
}
