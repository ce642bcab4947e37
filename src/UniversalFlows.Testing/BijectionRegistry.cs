using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Kind = UniversalFlows.Testing.RandomFlows.Kind;

namespace UniversalFlows.Testing;

/// <summary>
/// Every kind of bijection of the library with every transformer, conditioner, map and split, as cases for the laws. A new kind needs
/// one line here and is then under all laws.
/// </summary>
public static class BijectionRegistry
{
    private static readonly PositiveMap
        s_exp = new(PositiveKind.Exp),
        s_clippedExp = new(PositiveKind.Exp, Bound: 2),
        s_softplus = new(PositiveKind.Softplus, Minimum: 1e-3);

    /// <summary>All cases; names are unique.</summary>
    public static IReadOnlyList<BijectionCase> All { get; } =
        [.. Affine(), .. SumOfSquares(), .. DeepSigmoidal(), .. DeepDenseSigmoidal(), .. RationalQuadratic(), .. Splits(), .. AutoregressiveLayers(), .. PlanarLayers(), .. SylvesterLayers(), .. ResidualLayers(), .. Groups(), .. Composed(), .. Architectures()];

    /// <summary>The case of a name.</summary>
    public static BijectionCase Named(string name) =>
        All.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException($"no case is called \"{name}\"", nameof(name));

    private static IEnumerable<BijectionCase> Affine()
    {
        yield return Coupling("affine exp bound 2, 1|1, tanh", new AffineTransformer(s_clippedExp), Kind.Tanh, 2, [0], [1]) with { HasDensity = true, FiniteFarAway = true };
        yield return Coupling("affine exp, 1|1, linear", new AffineTransformer(s_exp), Kind.Linear, 2, [1], [0]) with { HasDensity = true };
        yield return Coupling("affine exp offset, 1|1, table", new AffineTransformer(new(PositiveKind.Exp, Offset: 0.3)), Kind.Table, 2, [0], [1]) with { FiniteFarAway = true, HasDensity = true };
        yield return Coupling("affine exp bound minimum, 1|1, chebyshev", new AffineTransformer(new(PositiveKind.Exp, 1.5, -0.2, 0.1)), Kind.Chebyshev, 2, [0], [1]);
        yield return Coupling("affine softplus, 2|1, silu", new AffineTransformer(new(PositiveKind.Softplus)), Kind.SiLU, 3, [0, 1], [2]);
        yield return Coupling("affine softplus minimum, 2|1, relu", new AffineTransformer(s_softplus), Kind.ReLU, 3, [2, 0], [1]) with { FiniteFarAway = true };
        yield return Coupling("affine sigmoid offset, 4|1, tanh", new AffineTransformer(new(PositiveKind.Sigmoid, Offset: 2)), Kind.Tanh, 5, [0, 1, 2, 3], [4]) with { FiniteFarAway = true };
        yield return Coupling("affine sigmoid minimum, 1|1, clipped", new AffineTransformer(new(PositiveKind.Sigmoid, Minimum: 0.5)), Kind.Clipped, 2, [1], [0]) with { FiniteFarAway = true };
        yield return Coupling("affine product shift, 1|1, tanh", new AffineTransformer(s_clippedExp, ShiftForm.Product), Kind.Tanh, 2, [0], [1]) with { FiniteFarAway = true };
        yield return Coupling("affine constant, d = 1", new AffineTransformer(s_exp), Kind.Constant, 1, [], [0]) with { FiniteFarAway = true, HasDensity = true };
        yield return Coupling("additive, 1|1, relu", new AffineTransformer(null), Kind.ReLU, 2, [0], [1]) with { FiniteFarAway = true, HasDensity = true };
        yield return Coupling("additive, 2|1, chebyshev", new AffineTransformer(null), Kind.Chebyshev, 3, [0, 2], [1]);
    }

    private static IEnumerable<BijectionCase> SumOfSquares()
    {
        PolynomialBasis chebyshev = new(true, -3, 3), monomial = new(false, 0, 1), scaled = new(false, 0, 1.5);
        yield return Coupling("sos chebyshev 1 square linear, 1|1, tanh", new SumOfSquaresTransformer(1, 3, chebyshev, 1e-2), Kind.Tanh, 2, [0], [1]);
        yield return Coupling("sos chebyshev 2 squares, 2|1, silu", new SumOfSquaresTransformer(2, 2, chebyshev, 0), Kind.SiLU, 3, [0, 1], [2]);
        yield return Coupling("sos chebyshev skew interval, 1|1, table", new SumOfSquaresTransformer(2, 3, new(true, -2, 4), 0.1), Kind.Table, 2, [1], [0]);
        yield return Coupling("sos monomial 1 square linear, 1|1, chebyshev", new SumOfSquaresTransformer(1, 2, monomial, 0.1), Kind.Chebyshev, 2, [0], [1]);
        yield return Coupling("sos monomial scale 2 squares, 1|2, relu", new SumOfSquaresTransformer(2, 1, scaled, 0), Kind.ReLU, 3, [1], [2, 0]);
        yield return Coupling("sos degree 0, 1|1, tanh", new SumOfSquaresTransformer(1, 0, monomial, 0.2), Kind.Tanh, 2, [0], [1]) with { HasDensity = true };
        yield return Coupling("sos constant, d = 1", new SumOfSquaresTransformer(2, 2, chebyshev, 1e-2), Kind.Constant, 1, [], [0]) with { HasDensity = true };
    }

    private static IEnumerable<BijectionCase> DeepSigmoidal()
    {
        yield return Coupling("dsf 1 sigmoid exp, 1|1, linear", new DeepSigmoidalTransformer(1, s_exp, 0), Kind.Linear, 2, [0], [1]) with { HasDensity = true };
        yield return Coupling("dsf 6 softplus minimum, 1|1, tanh", new DeepSigmoidalTransformer(6, s_softplus, 1e-3), Kind.Tanh, 2, [0], [1]) with { HasDensity = true, FiniteFarAway = true };
        yield return Coupling("dsf 4 softplus minimum, 2|1, relu", new DeepSigmoidalTransformer(4, s_softplus, 1e-3), Kind.ReLU, 3, [0, 1], [2]) with { FiniteFarAway = true };
        yield return Coupling("dsf 9 exp bound, 1|1, clipped", new DeepSigmoidalTransformer(9, s_clippedExp, 0), Kind.Clipped, 2, [1], [0]) with { FiniteFarAway = true };
        yield return Coupling("dsf 3 sigmoid map, 1|2, silu", new DeepSigmoidalTransformer(3, new(PositiveKind.Sigmoid, Minimum: 0.2), 0.05), Kind.SiLU, 3, [1], [0, 2]) with { FiniteFarAway = true };
        yield return Coupling("dsf constant, d = 1", new DeepSigmoidalTransformer(5, s_exp, 0), Kind.Constant, 1, [], [0]) with { HasDensity = true, FiniteFarAway = true };
    }

    private static IEnumerable<BijectionCase> DeepDenseSigmoidal()
    {
        yield return Coupling("ddsf 3, 3 softplus minimum, 1|1, tanh", new DeepDenseSigmoidalTransformer([3, 3], s_softplus, 1e-3), Kind.Tanh, 2, [0], [1]) with { HasDensity = true, FiniteFarAway = true };
        yield return Coupling("ddsf 4, 2, 3 exp bound, 2|1, relu", new DeepDenseSigmoidalTransformer([4, 2, 3], s_clippedExp, 1e-3), Kind.ReLU, 3, [2, 0], [1]) with { FiniteFarAway = true };
        yield return Coupling("ddsf 5 sigmoid map, 1|2, silu", new DeepDenseSigmoidalTransformer([5], new(PositiveKind.Sigmoid, Minimum: 0.2), 0.05), Kind.SiLU, 3, [1], [0, 2]) with { FiniteFarAway = true };
        yield return Coupling("ddsf 1, 2 exp bound, 1|1, clipped", new DeepDenseSigmoidalTransformer([1, 2], s_clippedExp, 0), Kind.Clipped, 2, [1], [0]) with { FiniteFarAway = true };
        yield return Coupling("ddsf constant, d = 1", new DeepDenseSigmoidalTransformer([3, 4], s_exp, 0), Kind.Constant, 1, [], [0]) with { HasDensity = true, FiniteFarAway = true };
    }

    private static IEnumerable<BijectionCase> RationalQuadratic()
    {
        yield return Coupling("rqs 5 identity tails, 1|1, tanh", Spline(5, -1.5, 1.5, false), Kind.Tanh, 2, [0], [1]) with { HasDensity = true, FiniteFarAway = true };
        yield return Coupling("rqs 6 linear tails, 1|1, silu", Spline(6, -1.5, 1.5, true), Kind.SiLU, 2, [1], [0]) with { HasDensity = true, FiniteFarAway = true };
        yield return Coupling("rqs 6 linear tails, 2|1, relu", Spline(6, -1, 2, true), Kind.ReLU, 3, [0, 2], [1]) with { FiniteFarAway = true };
        yield return Coupling("rqs 1 bin linear tails, 1|1, table", Spline(1, -1, 1, true), Kind.Table, 2, [0], [1]) with { FiniteFarAway = true };
        yield return Coupling("rqs 16 exp slopes, 1|1, chebyshev", new RationalQuadraticTransformer(16, -2, 2, false, s_clippedExp, 0), Kind.Chebyshev, 2, [0], [1]);
        yield return Coupling("rqs 4 skew interval, 1|2, clipped", Spline(4, -0.5, 3, false), Kind.Clipped, 3, [2], [0, 1]) with { FiniteFarAway = true };
        yield return Coupling("rqs constant, d = 1", Spline(7, -2, 2, true), Kind.Constant, 1, [], [0]) with { HasDensity = true, FiniteFarAway = true };
    }

    /// <summary>Splits beyond d−1|1: several active coordinates, bystanders, unordered lists, no passive coordinate at all.</summary>
    private static IEnumerable<BijectionCase> Splits()
    {
        yield return Coupling("affine 2|3 alternating, tanh", new AffineTransformer(s_clippedExp), Kind.Tanh, 5, [1, 3], [0, 2, 4]) with { FiniteFarAway = true };
        yield return Coupling("rqs 3|2 unordered, tanh", Spline(5, -2, 2, true), Kind.Tanh, 5, [4, 0, 2], [3, 1]) with { FiniteFarAway = true };
        yield return Coupling("dsf 2|1 bystanders, tanh", new DeepSigmoidalTransformer(3, s_softplus, 1e-3), Kind.Tanh, 5, [3, 1], [0]) with { FiniteFarAway = true };
        yield return Coupling("sos 1|3, tanh", new SumOfSquaresTransformer(1, 2, new(true, -3, 3), 0.05), Kind.Tanh, 4, [2], [3, 0, 1]);
        yield return Coupling("rqs 0|3 constant", Spline(4, -2, 2, false), Kind.Constant, 3, [], [2, 0, 1]) with { FiniteFarAway = true };
        yield return Coupling("affine 3|2 constant", new AffineTransformer(s_exp), Kind.Constant, 5, [0, 1, 2], [3, 4]) with { FiniteFarAway = true };
    }

    /// <summary>Orders, degrees with gaps, hidden layers from none to two, d from 1 to 5.</summary>
    private static IEnumerable<BijectionCase> AutoregressiveLayers()
    {
        yield return Layer("affine", "0 1, tanh 8", new AffineTransformer(s_clippedExp), Activation.Tanh, [0, 1], [8]) with { HasDensity = true, FiniteFarAway = true };
        yield return Layer("affine", "2 0 1, silu 7 7", new AffineTransformer(s_softplus), Activation.SiLU, [2, 0, 1], [7, 7]);
        yield return Layer("affine", "4 1 3 0 2, relu 9 9", new AffineTransformer(s_softplus), Activation.ReLU, [4, 1, 3, 0, 2], [9, 9]) with { FiniteFarAway = true };
        yield return Layer("affine", "3 2 1 0, tanh 3 2", new AffineTransformer(s_clippedExp), Activation.Tanh, [3, 2, 1, 0], [3, 2]) with { FiniteFarAway = true };
        yield return Layer("additive", "1 2 0, no hidden layer", new AffineTransformer(null), Activation.Identity, [1, 2, 0], []);
        yield return Layer("affine", "d = 1", new AffineTransformer(s_exp), Activation.Tanh, [0], []) with { HasDensity = true, FiniteFarAway = true };
        yield return Layer("dsf 4", "1 0, tanh 8", new DeepSigmoidalTransformer(4, s_softplus, 1e-3), Activation.Tanh, [1, 0], [8]) with { HasDensity = true, FiniteFarAway = true };
        yield return Layer("ddsf 3, 3", "0 2 1, tanh 8", new DeepDenseSigmoidalTransformer([3, 3], s_softplus, 1e-3), Activation.Tanh, [0, 2, 1], [8]) with { FiniteFarAway = true };
        yield return Layer("rqs 5", "1 2 0, tanh 6 6", Spline(5, -2, 2, true), Activation.Tanh, [1, 2, 0], [6, 6]) with { FiniteFarAway = true };
        yield return Layer("sos", "1 0, silu 8", new SumOfSquaresTransformer(1, 2, new(true, -3, 3), 0.1), Activation.SiLU, [1, 0], [8]);

        static BijectionCase Layer(string name, string shape, ITransformer transformer, Activation activation, int[] order, int[] widths) =>
            new($"{name} autoregressive, {shape}", seed => RandomFlows.Autoregressive(order, widths, activation, transformer, Stream(seed)));
    }

    private static IEnumerable<BijectionCase> PlanarLayers()
    {
        foreach (int d in (int[])[1, 2, 3, 5]) yield return new($"planar, d = {d}", seed => RandomFlows.Planar(d, Stream(seed))) { FiniteFarAway = true, HasDensity = d <= 2 };
        yield return new("inverse of planar, d = 2", seed => new Inversion(RandomFlows.Planar(2, Stream(seed)))) { FiniteFarAway = true };
    }

    private static IEnumerable<BijectionCase> SylvesterLayers()
    {
        foreach ((int d, int m) in (IEnumerable<(int, int)>)[(1, 1), (2, 1), (2, 2), (3, 2), (5, 4), (5, 5)])
            yield return new($"sylvester, d = {d}, rank {m}", seed => RandomFlows.Sylvester(d, m, Stream(seed))) { FiniteFarAway = true, HasDensity = d <= 2 };
        yield return new("inverse of sylvester, d = 3, rank 2", seed => new Inversion(RandomFlows.Sylvester(3, 2, Stream(seed)))) { FiniteFarAway = true };
    }

    /// <summary>Hidden layers from none to two, κ on both sides of what the weights need, so that some matrices are scaled and some are not.</summary>
    private static IEnumerable<BijectionCase> ResidualLayers()
    {
        yield return Residual("d = 1, tanh 8", 0.9, Activation.Tanh, [1, 8, 1]) with { HasDensity = true };
        yield return Residual("d = 2, tanh 8", 0.9, Activation.Tanh, [2, 8, 2]) with { HasDensity = true };
        yield return Residual("d = 2, tanh 8 8", 0.5, Activation.Tanh, [2, 8, 8, 2]);
        yield return Residual("d = 3, tanh 9", 0.97, Activation.Tanh, [3, 9, 3]);
        yield return Residual("d = 5, tanh 3", 0.7, Activation.Tanh, [5, 3, 5]);
        yield return Residual("d = 2, linear", 0.8, Activation.Identity, [2, 2]) with { HasDensity = true };
        yield return new("inverse of residual, d = 2, tanh 8", seed => new Inversion(RandomFlows.Residual(0.8, Activation.Tanh, [2, 8, 2], Stream(seed)))) { FiniteFarAway = true };

        static BijectionCase Residual(string shape, double lipschitz, Activation activation, int[] widths) =>
            new($"residual {lipschitz}, {shape}", seed => RandomFlows.Residual(lipschitz, activation, widths, Stream(seed))) { FiniteFarAway = true };
    }

    private static IEnumerable<BijectionCase> Groups()
    {
        foreach (int d in (int[])[1, 2, 3, 5])
        {
            yield return new($"linear d = {d}, det > 0", seed => RandomFlows.Linear(d, 1, Stream(seed))) { FiniteFarAway = true, HasDensity = d <= 2 };
            yield return new($"linear d = {d}, det < 0", seed => RandomFlows.Linear(d, -1, Stream(seed))) { FiniteFarAway = true, HasDensity = d == 2 };
            yield return new($"permutation d = {d}", seed => new Permutation(RandomFlows.Order(d, Stream(seed)))) { FiniteFarAway = true };
        }
    }

    private static IEnumerable<BijectionCase> Composed()
    {
        yield return new("empty composition, d = 2", _ => new Composition(2, [])) { FiniteFarAway = true, HasDensity = true };
        foreach ((string name, ITransformer transformer) in (IEnumerable<(string, ITransformer)>)[
            ("affine", new AffineTransformer(s_clippedExp)), ("sos", new SumOfSquaresTransformer(1, 2, new(true, -3, 3), 0.3)),
            ("dsf", new DeepSigmoidalTransformer(4, s_softplus, 1e-2)), ("rqs", Spline(5, -2, 2, true))])
        {
            yield return new($"inverse of {name}, 1|1, tanh", seed => new Inversion(Draw(transformer, Kind.Tanh, 2, [0], [1], Stream(seed))));
            yield return new($"{name} with linear and permutation, d = 3", seed =>
            {
                Philox random = Stream(seed);
                return new Composition(3, [
                    RandomFlows.Linear(3, -1, random), Draw(transformer, Kind.Tanh, 3, [0, 1], [2], random), new Permutation(RandomFlows.Order(3, random)),
                    Draw(transformer, Kind.SiLU, 3, [2], [0, 1], random), RandomFlows.Linear(3, 1, random)]);
            })
            { Reach = name == "sos" ? 1 : 2 };
        }

        yield return new("inverse of affine autoregressive, 2 0 1, tanh 8", seed =>
            new Inversion(RandomFlows.Autoregressive([2, 0, 1], [8], Activation.Tanh, new AffineTransformer(s_clippedExp), Stream(seed))))
        { FiniteFarAway = true };

        yield return new("nested: composition of inverse of composition", seed =>
        {
            Philox random = Stream(seed);
            Composition inner = new(2, [Draw(Spline(4, -2, 2, true), Kind.Tanh, 2, [0], [1], random), RandomFlows.Linear(2, 1, random)]);
            return new Composition(2, [new Inversion(inner), Draw(new AffineTransformer(s_clippedExp), Kind.Table, 2, [1], [0], random), inner]);
        })
        { HasTape = true };
    }

    /// <summary>Flows as training starts them, with all parameters moved by N(0, 0.2²).</summary>
    private static IEnumerable<BijectionCase> Architectures()
    {
        foreach (FlowFamily family in Enum.GetValues<FlowFamily>())
        {
            foreach (int d in (int[])[1, 2, 3, 5])
            {
                yield return new($"architecture {family}, d = {d}".ToLowerInvariant(), seed =>
                {
                    Composition flow = new Architecture(family, d, d == 1 ? 2 : d + 1, [8]).Initialise(seed);
                    Philox random = Stream(seed);
                    foreach (Dense layer in flow.Parameters)
                        foreach (ref double p in layer.All) p += 0.2 * random.NextNormal();
                    return flow;
                })
                {
                    FiniteFarAway = family != FlowFamily.Sos,
                    HasDensity = d <= 2 && family != FlowFamily.Sos,
                };
            }
        }
    }

    private static RationalQuadraticTransformer Spline(int bins, double lower, double upper, bool free) => new(bins, lower, upper, free, s_softplus, 1e-3);

    private static BijectionCase Coupling(string name, ITransformer transformer, Kind kind, int dimension, int[] passive, int[] active) =>
        new(name, seed => Draw(transformer, kind, dimension, passive, active, Stream(seed)));

    private static Coupling Draw(ITransformer transformer, Kind kind, int dimension, int[] passive, int[] active, Philox random) =>
        new(dimension, passive, active, transformer, RandomFlows.Conditioner(kind, passive.Length, active.Length, transformer, random));

    private static Philox Stream(ulong seed) => new(seed, "parameters");
}
