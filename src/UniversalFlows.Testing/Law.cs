using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using UniversalFlows.Numerics;

namespace UniversalFlows.Testing;

/// <summary>A law that every bijection of a normalizing flow obeys, checked at random parameters and points.</summary>
/// <param name="Name">One word a test runner can show.</param>
/// <param name="Statement">The formula, with its tolerance.</param>
/// <param name="Applies">Whether the law says anything about a case.</param>
/// <param name="Check">null if the law holds in a trial; otherwise a sentence with the numbers that break it.</param>
public sealed record Law(string Name, string Statement, Func<BijectionCase, bool> Applies, Func<Trial, string?> Check)
{
    /// <summary>The environment variable that replays a failure: <c>seed,gamma</c>.</summary>
    public const string ReplayVariable = "UF_FSCHECK_REPLAY";

    /// <summary>The work of a trial in trials of an ordinary law: a quadrature takes thousands of points. It sets how many trials a run can afford.</summary>
    public double Cost { get; init; } = 1;

    /// <summary>How many trials of this law cost about as much as the given number of trials of an ordinary one; at least two.</summary>
    public int Affordable(int ordinary) => Math.Max(2, (int)(ordinary / Cost));

    /// <summary>
    /// Checks the law at <paramref name="count"/> random trials. Seeds are fixed (derived from the names), so that a run can be
    /// repeated; <see cref="ReplayVariable"/> overrides them.
    /// </summary>
    /// <exception cref="LawViolationException">The law fails; the message has the numbers, the seed and the line to replay.</exception>
    public void Holds(BijectionCase subject, int count = 20)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (!Applies(subject)) throw new ArgumentException($"the law \"{Name}\" says nothing about {subject}", nameof(subject));
        (ulong seed, ulong gamma) = Replay(subject);
        (ulong Seed, double Scale, string Wrong)? failure = null;
        Gen<(ulong Seed, int Percent)> trials =
            from word in Gen.Choose(0, int.MaxValue)
            from percent in Gen.Choose(10, 100)
            select ((ulong)word, percent);
        Property property = Prop.ForAll(Arb.From(trials, Shrink), t =>
        {
            string? wrong = Check(new Trial(subject, t.Seed, t.Percent / 100.0));
            if (wrong is not null) failure = (t.Seed, t.Percent / 100.0, wrong); // the last failing one is the shrunk one
            return wrong is null;
        });
        try
        {
            property.Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true).WithReplay(seed, gamma));
        }
#pragma warning disable CA1031 // the runner reports a falsified property by an exception of no particular type
        catch (Exception e) when (failure is not null)
#pragma warning restore CA1031
        {
            throw new LawViolationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Name} fails for {subject}: {failure.Value.Wrong}\n  law: {Statement}\n  seed {failure.Value.Seed}, scale {failure.Value.Scale}; replay with {ReplayVariable}={seed},{gamma}"),
                e);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The same bijection at points nearer to the origin: easier to read.</summary>
    private static IEnumerable<(ulong Seed, int Percent)> Shrink((ulong Seed, int Percent) t)
    {
        for (int percent = t.Percent / 2; percent >= 1; percent /= 2) yield return (t.Seed, percent);
    }

    private (ulong Seed, ulong Gamma) Replay(BijectionCase subject)
    {
        string? text = Environment.GetEnvironmentVariable(ReplayVariable);
        if (string.IsNullOrEmpty(text)) return (Philox.StreamKey($"{Name} {subject.Name}"), 1);
        string[] parts = text.Split(',');
        if (parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong gamma))
            return (seed, gamma | 1); // the generator needs an odd increment
        throw new FormatException($"{ReplayVariable}={text}: expected two whole numbers, seed,gamma");
    }
}

/// <summary>A law that fails: which, for what, at which numbers, and how to see it again.</summary>
public sealed class LawViolationException : Exception
{
    /// <summary>A violation.</summary>
    public LawViolationException(string message)
        : base(message)
    {
    }

    /// <summary>A violation that a property's runner reported.</summary>
    public LawViolationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
