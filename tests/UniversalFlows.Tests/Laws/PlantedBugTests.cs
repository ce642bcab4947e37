using System.Globalization;
using UniversalFlows.Testing;
using UniversalFlows.Testing.PlantedBugs;
using Xunit;

namespace UniversalFlows.Tests.Laws;

/// <summary>A law that cannot fail is none: each must catch the bugs planted for it.</summary>
public sealed class PlantedBugTests
{
    public static TheoryData<string, string> Bugs
    {
        get
        {
            TheoryData<string, string> bugs = [];
            foreach (PlantedBug bug in PlantedBug.All) bugs.Add(bug.Law, bug.Bug);
            return bugs;
        }
    }

    [Theory, MemberData(nameof(Bugs))]
    public void Law_catches_the_bug(string law, string bug)
    {
        PlantedBug planted = PlantedBug.All.Single(b => b.Law == law && b.Bug == bug);
        LawViolationException? failure = planted.Catch();
        Assert.NotNull(failure);
        Assert.StartsWith($"{law} fails for {planted.Subject}: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"replay with {Law.ReplayVariable}=", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_law_has_a_planted_bug() =>
        Assert.Equal(FlowLaws.All.Select(l => l.Name).Order(), PlantedBug.All.Select(b => b.Law).Distinct().Order());

    [Fact]
    public void A_failure_is_found_again_at_its_seed_and_scale()
    {
        PlantedBug planted = PlantedBug.All[0];
        string message = planted.Catch()!.Message;
        string[] words = message[message.IndexOf("seed ", StringComparison.Ordinal)..].Split(' ', ',', ';');
        string? wrong = FlowLaws.Named(planted.Law).Check(new Trial(planted.Subject, ulong.Parse(words[1], CultureInfo.InvariantCulture), double.Parse(words[4], CultureInfo.InvariantCulture)));
        Assert.NotNull(wrong);
        Assert.Contains(wrong, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_law_refuses_a_case_about_which_it_says_nothing() =>
        Assert.Throws<ArgumentException>(() => FlowLaws.Named("monotone").Holds(BijectionRegistry.Named("linear d = 2, det > 0")));

    public static TheoryData<string> Constructions => [.. Rejection.All.Select(r => r.Name)];

    [Theory, MemberData(nameof(Constructions))]
    public void What_is_no_bijection_is_refused_when_it_is_made(string name) => Assert.Null(Rejection.All.Single(r => r.Name == name).Check());

    [Fact]
    public void A_construction_that_is_accepted_is_found() => Assert.Contains("accepted", new Rejection("good", () => new object()).Check());
}
