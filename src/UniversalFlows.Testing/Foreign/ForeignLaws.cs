using System.Globalization;
using UniversalFlows.Numerics;
using UniversalFlows.Testing.Laws;

namespace UniversalFlows.Testing.Foreign;

/// <summary>A law that needs nothing but numbers, so that any library's flow can be held to it.</summary>
/// <param name="Name">That of <see cref="FlowLaws"/> where the law is the same.</param>
/// <param name="Statement">The formula, with its tolerance in double precision.</param>
/// <param name="Skip">null if the law applies; otherwise why it doesn't.</param>
/// <param name="Check">null if the law holds; otherwise a sentence with the numbers that break it.</param>
public sealed record ForeignLaw(string Name, string Statement, Func<IForeignFlow, AuditOptions, string?> Skip, Func<ValueTrial, string?> Check);

/// <summary>What an audit assumes.</summary>
/// <param name="Points">Random points a law takes (the law of one call and that of rows take twice as many).</param>
/// <param name="Seed">Of the points.</param>
/// <param name="Reach">Points are drawn from [−reach, reach]^d: where the flow promises its accuracy.</param>
/// <param name="FarAway">Whether finite values are promised for coordinates up to ±1e6.</param>
/// <param name="NaN">Whether the flow takes NaN.</param>
/// <param name="Density">Whether the push-forward of N(0, I) is to be integrated (d ≤ 2; about 30 000 points of the inverse for d = 1, 100 000 for d = 2).</param>
/// <param name="Law">Only the law of this name; null: all.</param>
public sealed record AuditOptions(
    int Points = 100, ulong Seed = 1, double Reach = 2, bool FarAway = false, bool NaN = false, bool Density = true, string? Law = null);

/// <summary>What an audit can say of a law.</summary>
public enum LawVerdict
{
    /// <summary>No point broke it.</summary>
    Holds,

    /// <summary>A point broke it.</summary>
    Broken,

    /// <summary>The numbers don't decide.</summary>
    Undecided,

    /// <summary>The law says nothing about this flow, or was not asked for.</summary>
    Skipped,
}

/// <summary>A law of an audit.</summary>
/// <param name="Law">The law.</param>
/// <param name="Flow">The name of the flow.</param>
/// <param name="Points">Points the flow was evaluated at, in both directions together.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Why">What broke it, what is undecided, or why it was skipped; null where it holds.</param>
/// <param name="Seed">The seed of the points.</param>
public sealed record LawResult(ForeignLaw Law, string Flow, long Points, LawVerdict Verdict, string? Why, ulong Seed)
{
    /// <summary>For a test: throws where the law is broken.</summary>
    /// <exception cref="LawViolationException">It is; the message has the numbers and the seed.</exception>
    public void ThrowIfBroken()
    {
        if (Verdict == LawVerdict.Broken)
            throw new LawViolationException(string.Create(CultureInfo.InvariantCulture, $"{Law.Name} fails for {Flow}: {Why}\n  law: {Law.Statement}\n  seed {Seed}; replay with AuditOptions(Seed: {Seed}, Law: \"{Law.Name}\")"));
    }
}

/// <summary>The laws that make sense of numbers alone.</summary>
public static class ForeignLaws
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ForeignLaw> All { get; } =
    [
        Shared("domain", Always, RobustnessLaws.IsFiniteInItsDomain),
        Shared("log-det-differences", Always, LogDetLaws.IsThatOfCentralDifferences),
        Shared("orientation", Always, OrientationLaw.IsKept),
        Shared("forward-inverse", Inverse, RoundTripLaws.ForwardThenInverse),
        Shared("inverse-forward", Inverse, RoundTripLaws.InverseThenForward),
        Shared("log-det-inverse", Inverse, LogDetLaws.OfTheInverseIsTheNegative),
        Shared("density", Density, DensityLaw.IntegratesToOne),
        new("one-call", "n points in one call = in two calls, within 64·eps·(1 + |y| + ‖J‖(1 + |x|)); the same call twice, to the bit", Always, BatchLaws.OneCallIsTwo),
        new("rows", "permuting the points permutes the images, within the same bound", Always, BatchLaws.RowsCanBePermuted),
        Shared("tiny", Always, ZeroLaws.IsContinuous),
        Shared("far-away", (_, o) => o.FarAway ? null : "not promised", RobustnessLaws.IsFiniteFarAway),
        new("nan", "a row with a NaN gives a row with a NaN, and leaves the other rows alone", (_, o) => o.NaN ? null : "not promised", RobustnessLaws.NaNStaysInItsRow),
    ];

    /// <summary>Runs every law; the same options give the same points.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="options">What to assume.</param>
    /// <param name="progress">Told before each law.</param>
    /// <exception cref="ForeignFlowException">The flow gives no answer.</exception>
    /// <exception cref="ArgumentException">No law has the name asked for.</exception>
    public static IReadOnlyList<LawResult> Audit(IForeignFlow flow, AuditOptions options, Action<ForeignLaw>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Law is { } name && All.All(l => l.Name != name))
            throw new ArgumentException($"no law of values is called \"{name}\"; known are {string.Join(", ", All.Select(l => l.Name))}", nameof(options));
        List<LawResult> results = [];
        foreach (ForeignLaw law in All)
        {
            if (options.Law is { } only && law.Name != only) continue;
            progress?.Invoke(law);
            results.Add(Run(law, new Counted(flow), options));
        }

        return results;
    }

    private static LawResult Run(ForeignLaw law, Counted flow, AuditOptions options)
    {
        if (law.Skip(flow, options) is { } why) return new(law, flow.Name, 0, LawVerdict.Skipped, why, options.Seed);
        ValueTrial trial = new(flow, options.Seed ^ Philox.StreamKey(law.Name), options.Reach, options.Points);
        string? wrong = law.Check(trial);
        LawVerdict verdict = wrong is not null ? LawVerdict.Broken : trial.Undecided is not null ? LawVerdict.Undecided : LawVerdict.Holds;
        return new(law, flow.Name, flow.Points, verdict, wrong ?? trial.Undecided, options.Seed);
    }

    private static ForeignLaw Shared(string name, Func<IForeignFlow, AuditOptions, string?> skip, Func<ValueTrial, string?> check) =>
        new(name, FlowLaws.Named(name).Statement, skip, check);

    private static string? Always(IForeignFlow flow, AuditOptions options) => null;

    private static string? Inverse(IForeignFlow flow, AuditOptions options) => flow.HasInverse ? null : "there is no inverse";

    private static string? Density(IForeignFlow flow, AuditOptions options) =>
        Inverse(flow, options) ?? (flow.Dimension > 2 ? "d > 2" : options.Density ? null : "not asked for");

    /// <summary>Counts points.</summary>
    private sealed class Counted(IForeignFlow inner) : IForeignFlow
    {
        public long Points { get; private set; }

        public string Name => inner.Name;

        public int Dimension => inner.Dimension;

        public bool HasInverse => inner.HasInverse;

        public bool PromisesBits => inner.PromisesBits;

        public double Epsilon => inner.Epsilon;

        public FlowBatch Forward(double[] points) => Count(inner.Forward(points));

        public FlowBatch Inverse(double[] points) => Count(inner.Inverse(points));

        public double[]? Jacobians(double[] points) => inner.Jacobians(points);

        private FlowBatch Count(FlowBatch batch)
        {
            Points += batch.Count;
            return batch;
        }
    }
}
