using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Scalars;
using UniversalFlows.Testing;
using Xunit;

namespace UniversalFlows.Tests.Laws;

/// <summary>A law that cannot fail is none: each must catch the bugs planted for it.</summary>
public sealed class PlantedBugs
{
    private const string Plane = "affine exp bound 2, 1|1, tanh", Line = "rqs constant, d = 1", Many = "affine 2|3 alternating, tanh", Masked = "affine autoregressive, 2 0 1, silu 7 7";

    private static readonly (string Law, string Bug, BijectionCase Subject)[] s_bugs =
    [
        ("forward-inverse", "squared stop test", Wrap(Plane, f => new SquaredStopTest(f))),
        ("forward-inverse", "status not converged", Wrap(Plane, f => new WrongStatus(f))),
        ("inverse-forward", "squared stop test", Wrap("inverse of dsf, 1|1, tanh", f => new SquaredStopTest(f))),
        ("log-det-jacobian", "sign", Wrap(Plane, f => new WrongSign(f))),
        ("log-det-jacobian", "missing term", Wrap("rqs with linear and permutation, d = 3", f => new MissingTerm((Composition)f))),
        ("log-det-differences", "sign", Wrap("dsf constant, d = 1", f => new WrongSign(f))),
        ("log-det-differences", "missing term", Wrap("architecture acf, d = 5", f => new MissingTerm((Composition)f))),
        ("log-det-inverse", "sign of the inverse", Wrap(Plane, f => new WrongInverseSign(f))),
        ("log-det-composition", "second log-det forgotten", BijectionRegistry.Named(Plane) with { Compose = (f, g) => new MissingTerm(new Composition(2, [g, f])) }),
        ("log-det-composition", "wrong order", BijectionRegistry.Named(Plane) with { Compose = (f, g) => new Composition(2, [g, f]) }),
        ("density", "sign", Wrap(Plane, f => new WrongSign(f))),
        ("density", "sign in one dimension", Wrap(Line, f => new WrongSign(f))),
        ("density", "missing term", Wrap("architecture rqs, d = 2", f => new MissingTerm((Composition)f))),
        ("density", "bounded map to the base", new("bounded", _ => new BoundedInverse()) { HasDensity = true }),
        ("pass-through", "passive coordinates move by an ulp", Wrap(Plane, f => new MovesPassive(f))),
        ("triangular", "off-by-one mask", Wrap(Many, f => new LeakyMask(f, 2, 4))),
        ("triangular", "autoregressive mask that lets the next coordinate in", Wrap(Masked, f => new WideMask((AutoregressiveFlow)f, 2))),
        ("triangular", "order read backwards", BijectionRegistry.Named(Masked) with { Order = f => [.. ((AutoregressiveFlow)f).Order.Reverse()] }),
        ("log-det-jacobian", "off-by-one autoregressive mask: a coordinate sees itself", Wrap(Masked, f => new WideMask((AutoregressiveFlow)f, 1))),
        ("monotone", "fold", Wrap(Plane, f => new Folded(f, 1))),
        ("monotone", "swapped knots", new("swapped knots", SwappedKnots)),
        ("log-det-jacobian", "swapped knots", new("swapped knots", SwappedKnots)),
        ("batch", "batch statistic", Wrap(Plane, f => new BatchStatistic(f))),
        ("map", "another formula", Wrap(Plane, f => new OtherMap(f))),
        ("readings", "values move with derivatives", Wrap(Plane, f => new DerivativesMoveValues(f))),
        ("file", "single precision", BijectionRegistry.Named(Plane) with { Reload = SinglePrecision }),
        ("gradient", "forgotten path", Wrap(Plane, f => new ForgottenGradient(f))),
        ("far-away", "overflow", Wrap(Plane, f => new Overflows(f))),
        ("nan", "clip", Wrap(Plane, f => new SwallowsNaN(f))),
        ("nan", "clip of a conditioner's argument", new("swallowed argument", SwallowedArgument)),
    ];

    public static TheoryData<string, string> Bugs
    {
        get
        {
            TheoryData<string, string> bugs = [];
            foreach ((string law, string bug, _) in s_bugs) bugs.Add(law, bug);
            return bugs;
        }
    }

    [Theory, MemberData(nameof(Bugs))]
    public void Law_catches_the_bug(string law, string bug)
    {
        BijectionCase subject = s_bugs.Single(b => b.Law == law && b.Bug == bug).Subject;
        LawViolationException failure = Assert.Throws<LawViolationException>(() => FlowLaws.Named(law).Holds(subject, 25));
        Assert.StartsWith($"{law} fails for {subject}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"replay with {Law.ReplayVariable}=", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_law_has_a_planted_bug() => Assert.Equal(FlowLaws.All.Select(l => l.Name).Order(), s_bugs.Select(b => b.Law).Distinct().Order());

    [Fact]
    public void A_failure_is_found_again_at_its_seed_and_scale()
    {
        (_, _, BijectionCase subject) = s_bugs[0];
        Law law = FlowLaws.Named(s_bugs[0].Law);
        string message = Assert.Throws<LawViolationException>(() => law.Holds(subject)).Message;
        string[] words = message[message.IndexOf("seed ", StringComparison.Ordinal)..].Split(' ', ',', ';');
        string? wrong = law.Check(new Trial(subject, ulong.Parse(words[1]), double.Parse(words[4])));
        Assert.NotNull(wrong);
        Assert.Contains(wrong, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_law_refuses_a_case_about_which_it_says_nothing() =>
        Assert.Throws<ArgumentException>(() => FlowLaws.Named("monotone").Holds(BijectionRegistry.Named("linear d = 2, det > 0")));

    private static BijectionCase Wrap(string name, Func<IBijection, IBijection> bug)
    {
        BijectionCase good = BijectionRegistry.Named(name);
        return good with
        {
            Name = $"broken {name}",
            Draw = seed => bug(good.Draw(seed)),
            Structure = f => good.Structure(((Broken)f).Inner),
            Order = f => good.Order(((Broken)f).Inner),
        };
    }

    private static Coupling SwappedKnots(ulong seed)
    {
        Coupling good = (Coupling)BijectionRegistry.Named("rqs 6 linear tails, 1|1, silu").Draw(seed);
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
