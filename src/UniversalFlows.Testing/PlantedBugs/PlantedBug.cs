using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.PlantedBugs;

/// <summary>A bug put into a good bijection on purpose: a law that doesn't catch it is none.</summary>
/// <param name="Law">The law that must catch it.</param>
/// <param name="Bug">The bug in a few words, unique for its law.</param>
/// <param name="Subject">The broken bijection.</param>
public sealed record PlantedBug(string Law, string Bug, BijectionCase Subject)
{
    private const string Plane = "affine exp bound 2, 1|1, tanh", Line = "rqs constant, d = 1", Many = "affine 2|3 alternating, tanh", Masked = "affine autoregressive, 2 0 1, silu 7 7", Additive = "additive, 1|1, relu",
        Spline = "rqs 6 linear tails, 1|1, silu", Sigmoids = "dsf 6 softplus minimum, 1|1, tanh", Polynomial = "sos chebyshev 1 square linear, 1|1, tanh";

    /// <summary>The largest number of trials a law gets to catch a bug.</summary>
    public const int Trials = 25;

    /// <summary>All planted bugs, in the order of <see cref="FlowLaws.All"/>; each law has at least one.</summary>
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("forward-inverse", "squared stop test", Wrap(Plane, f => new SquaredStopTest(f))),
        new("forward-inverse", "status not converged", Wrap(Plane, f => new WrongStatus(f))),
        new("forward-inverse", "single-precision leak", Wrap(Plane, f => new SingleLeak(f))),
        new("forward-inverse", "fixed point given up after five contractions", Wrap("residual 0.9, d = 2, tanh 8", f => new FewContractions(f))),
        new("inverse-forward", "squared stop test", Wrap("inverse of dsf, 1|1, tanh", f => new SquaredStopTest(f))),
        new("log-det-jacobian", "sign", Wrap(Plane, f => new WrongSign(f))),
        new("log-det-jacobian", "missing term", Wrap("rqs with linear and permutation, d = 3", f => new MissingTerm((Composition)f))),
        new("log-det-jacobian", "off-by-one autoregressive mask: a coordinate sees itself", Wrap(Masked, f => new WideMask((AutoregressiveFlow)f, 1))),
        new("log-det-jacobian", "planar layer, û scaled after the log-det is known", Wrap("planar, d = 2", f => new Rescaled(f))),
        new("log-det-jacobian", "first term of the series in place of the determinant", Wrap("residual 0.9, d = 2, tanh 8", f => new TraceForLogDet(f))),
        new("log-det-inverse", "diagonal of a Sylvester layer forgotten", Wrap("sylvester, d = 2, rank 2", f => new TraceForLogDet(f))),
        new("log-det-jacobian", "swapped knots", new("swapped knots", SwappedKnots)),
        new("log-det-differences", "sign", Wrap("dsf constant, d = 1", f => new WrongSign(f))),
        new("log-det-differences", "missing term", Wrap("architecture acf, d = 5", f => new MissingTerm((Composition)f))),
        new("log-det-inverse", "sign of the inverse", Wrap(Plane, f => new WrongInverseSign(f))),
        new("log-det-composition", "second log-det forgotten", BijectionRegistry.Named(Plane) with { Compose = (f, g) => new MissingTerm(new Composition(2, [g, f])) }),
        new("log-det-composition", "wrong order", BijectionRegistry.Named(Plane) with { Compose = (f, g) => new Composition(2, [g, f]) }),
        new("density", "sign", Wrap(Plane, f => new WrongSign(f))),
        new("density", "sign in one dimension", Wrap(Line, f => new WrongSign(f))),
        new("density", "missing term", Wrap("architecture rqs, d = 2", f => new MissingTerm((Composition)f))),
        new("density", "bounded map to the base", new("bounded", _ => new BoundedInverse()) { HasDensity = true }),
        new("orientation", "mirrored half", Wrap(Plane, f => new Mirrored(f))),
        new("pass-through", "passive coordinates move by an ulp", Wrap(Plane, f => new MovesPassive(f))),
        new("triangular", "off-by-one mask", Wrap(Many, f => new LeakyMask(f, 2, 4))),
        new("triangular", "autoregressive mask that lets the next coordinate in", Wrap(Masked, f => new WideMask((AutoregressiveFlow)f, 2))),
        new("triangular", "order read backwards", BijectionRegistry.Named(Masked) with { Order = f => [.. ((AutoregressiveFlow)f).Order.Reverse()] }),
        new("monotone", "fold", Wrap(Plane, f => new Folded(f, 1))),
        new("monotone", "swapped knots", new("swapped knots", SwappedKnots)),
        new("monotone", "non-monotone deep sigmoidal flow", Replaced(Sigmoids, t => new NegativeSlope((DeepSigmoidalTransformer)t))),
        new("exact", "log-det of a volume-preserving map is a rounding error", Wrap(Additive, f => new AlmostZeroLogDet(f))),
        new("exact", "identity tails move by an ulp", Wrap("rqs 5 identity tails, 1|1, tanh", f => new MovesPassive(f))),
        new("identity", "start at softplus(0) = ln 2", Replaced(Sigmoids, t => new WrongStart(t))),
        new("batch", "batch statistic", Wrap(Plane, f => new BatchStatistic(f))),
        new("one-call", "running mean", Wrap(Plane, f => new RunningMean(f))),
        new("one-call", "batch statistic", Wrap(Plane, f => new BatchStatistic(f))),
        new("rows", "batch statistic", Wrap(Plane, f => new BatchStatistic(f))),
        new("rows", "first row along another path", Wrap(Plane, f => new FirstRowDiffers(f))),
        new("threads", "workspace of a thread not cleared", Wrap(Plane, f => new StaleWorkspace(f))),
        new("map", "another formula", Wrap(Plane, f => new OtherMap(f))),
        new("readings", "values move with derivatives", Wrap(Plane, f => new DerivativesMoveValues(f))),
        new("file", "single precision", BijectionRegistry.Named(Plane) with { Reload = SinglePrecision }),
        new("gradient", "forgotten path", Wrap(Plane, f => new ForgottenGradient(f))),
        new("parameter-gradient", "gradient stopped half-way", Wrap(Plane, f => new StoppedGradient(f))),
        new("inverse-gradient", "slope of the root forgotten", Wrap(Polynomial, f => new FrozenRoot(f))),
        new("domain", "infinite in a corner", Wrap(Plane, f => new OpenDomain(f))),
        new("edges", "a knot that belongs to no bin", Replaced(Spline, t => new OpenKnot((RationalQuadraticTransformer)t))),
        new("tiny", "no number at 0", Wrap(Plane, f => new HoleAtZero(f))),
        new("tiny", "+0 and −0 differ", Wrap(Plane, f => new SignedZero(f))),
        new("far-away", "overflow", Wrap(Plane, f => new Overflows(f))),
        new("overflow", "overflow called converged", Wrap("affine exp, 1|1, linear", f => new SilentOverflow(f))),
        new("nan", "clip", Wrap(Plane, f => new SwallowsNaN(f))),
        new("nan", "clip of a conditioner's argument", new("swallowed argument", SwallowedArgument)),
    ];

    /// <summary>Runs the law: its complaint about the bug, or null if the bug escaped.</summary>
    public LawViolationException? Catch()
    {
        try
        {
            FlowLaws.Named(Law).Holds(Subject, Trials);
            return null;
        }
        catch (LawViolationException e)
        {
            return e;
        }
    }

    private static BijectionCase Wrap(string name, Func<IBijection, IBijection> bug)
    {
        BijectionCase good = BijectionRegistry.Named(name);
        return good with
        {
            Name = $"broken {name}",
            Draw = seed => bug(good.Draw(seed)),
            Structure = f => good.Structure(((Broken)f).Inner),
            Order = f => good.Order(((Broken)f).Inner),
            Exact = f => good.Exact(((Broken)f).Inner),
        };
    }

    /// <summary>The coupling of a case with another transformer.</summary>
    private static BijectionCase Replaced(string name, Func<ITransformer, ITransformer> bug)
    {
        BijectionCase good = BijectionRegistry.Named(name);
        return good with
        {
            Name = $"broken {name}",
            Draw = seed =>
            {
                Coupling c = (Coupling)good.Draw(seed);
                return new Coupling(c.Dimension, [.. c.Passive], [.. c.Active], bug(c.Transformer), c.Conditioner);
            },
            // the edges of the part inside are those of the good coupling
            Edges = (f, x) => f is Coupling { Transformer: OpenKnot open } c
                ? Edges.Of(new Coupling(c.Dimension, [.. c.Passive], [.. c.Active], open.Inner, c.Conditioner), x)
                : [],
        };
    }

    private static Coupling SwappedKnots(ulong seed)
    {
        Coupling good = (Coupling)BijectionRegistry.Named(Spline).Draw(seed);
        return new Coupling(2, [1], [0], new SwappedKnots((RationalQuadraticTransformer)good.Transformer), good.Conditioner);
    }

    private static Coupling SwallowedArgument(ulong seed)
    {
        Coupling good = (Coupling)BijectionRegistry.Named(Plane).Draw(seed);
        return new Coupling(2, [0], [1], good.Transformer, new DeafConditioner(good.Conditioner));
    }

    private static IBijection SinglePrecision(IBijection flow)
    {
        Composition copy = FlowFile.Parse(FlowFile.ToBytes(flow));
        foreach (Dense layer in copy.Parameters)
            foreach (ref double p in layer.All) p = (float)p;
        return copy.Parts.Single();
    }
}
