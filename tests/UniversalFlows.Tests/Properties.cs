using FsCheck;
using FsCheck.Fluent;

namespace UniversalFlows.Tests;

/// <summary>Properties inside xunit facts, with a fixed seed: <c>Properties.Holds(Prop.ForAll(...))</c>.</summary>
internal static class Properties
{
    /// <summary>
    /// Checks a property. The environment variable UF_FSCHECK_REPLAY=seed,gamma replays what a failure printed, or chooses a fresh seed.
    /// </summary>
    public static void Holds(Property property, int cases = 1000)
    {
        string[] replay = (Environment.GetEnvironmentVariable("UF_FSCHECK_REPLAY") ?? "20240611,1").Split(',');
        // FsCheck's second number must be odd
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true)
            .WithReplay(ulong.Parse(replay[0]), ulong.Parse(replay[1]) | 1UL));
    }

    /// <summary>Numbers of [lower, upper], finite by construction.</summary>
    public static Gen<double> Real(double lower, double upper) =>
        Gen.Choose(0, 1_000_000).Select(i => lower + ((upper - lower) * i / 1e6));

    /// <summary>Points of [0, 1]^d.</summary>
    public static Arbitrary<double[]> UnitPoint(int dimension) => Arb.From(Real(0, 1).ArrayOf(dimension));
}
