using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Files;

namespace UniversalFlows.Testing;

/// <summary>Which coordinates of a coupling stay and feed the conditioner, and which are transformed.</summary>
/// <param name="Passive">They stay, bit by bit.</param>
/// <param name="Active">Each is an increasing function of itself, with parameters that depend on the passive ones alone.</param>
public sealed record CouplingStructure(IReadOnlyList<int> Passive, IReadOnlyList<int> Active);

/// <summary>A kind of bijection under test: a name, and a way to draw one at random, non-trivial parameters.</summary>
/// <param name="Name">Named in every failure.</param>
/// <param name="Draw">Seed ↦ bijection; the same seed gives the same bits.</param>
public sealed record BijectionCase(string Name, Func<ulong, IBijection> Draw)
{
    /// <summary>The family in matrices of laws: the transformer of a coupling, or what kind of bijection else.</summary>
    public string Family { get; init; } = FamilyOf(Name);

    /// <summary>Points are drawn from [−reach, reach]^d: where the family promises its accuracy (high-degree polynomials leave it fast).</summary>
    public double Reach { get; init; } = 2;

    /// <summary>Whether value, log-det and inverse are promised to be finite for coordinates up to ±1e6.</summary>
    public bool FiniteFarAway { get; init; }

    /// <summary>
    /// Whether the push-forward of N(0, I) has tails light enough for quadrature: d ≤ 2, and f of a ball of radius 6 stays below about 1e3.
    /// </summary>
    public bool HasDensity { get; init; }

    /// <summary>Whether the flow is smooth enough for the tape: every bijection written over <c>IScalar</c> is.</summary>
    public bool HasTape { get; init; } = true;

    /// <summary>The structure of a drawn bijection, null if it is no single coupling.</summary>
    public Func<IBijection, CouplingStructure?> Structure { get; init; } = flow => flow is Coupling c ? new(c.Passive, c.Active) : null;

    /// <summary>The order in which a drawn bijection is triangular (coordinate o_k a function of o_1, …, o_k), null if it is no autoregressive layer.</summary>
    public Func<IBijection, IReadOnlyList<int>?> Order { get; init; } = flow => (flow as AutoregressiveFlow)?.Order;

    /// <summary>The coupling whose transformer is under test, null if there is no single one.</summary>
    public Func<IBijection, Coupling?> Coupling { get; init; } = flow => flow as Coupling;

    /// <summary>What a drawn bijection promises to the bit; null: nothing.</summary>
    public Func<IBijection, ExactPromise?> Exact { get; init; } = ExactPromise.Of;

    /// <summary>The coordinates and values at which the formula of a drawn bijection changes, at a point.</summary>
    public Func<IBijection, double[], IReadOnlyList<(int Coordinate, double At)>> Edges { get; init; } = Testing.Edges.Of;

    /// <summary>Saves and loads; the default is the flow file.</summary>
    public Func<IBijection, IBijection> Reload { get; init; } = flow =>
    {
        Composition loaded = FlowFile.Parse(FlowFile.ToBytes(flow));
        return flow is Composition ? loaded : loaded.Parts.Single();
    };

    /// <summary>second ∘ first; the default is <see cref="Composition"/>.</summary>
    public Func<IBijection, IBijection, IBijection> Compose { get; init; } = (first, second) => new Composition(first.Dimension, [first, second]);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>What the names of the registry say.</summary>
    private static string FamilyOf(string name)
    {
        if (name.Contains("autoregressive", StringComparison.Ordinal)) return "autoregressive";
        if (name.StartsWith("inverse of ", StringComparison.Ordinal)) return "inverse";
        return name.Contains("composition", StringComparison.Ordinal) || name.Contains(" with linear and permutation", StringComparison.Ordinal)
            ? "composition"
            : name.Split(' ', ',')[0];
    }
}
