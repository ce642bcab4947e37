using UniversalFlows.Testing;
using Xunit;

namespace UniversalFlows.Tests.Laws;

/// <summary>Every law over every registered bijection: one test a pair, so that a failure names both.</summary>
public sealed class BijectionLaws
{
    private const int Trials = 25;

    public static TheoryData<string, string> Pairs
    {
        get
        {
            TheoryData<string, string> pairs = [];
            foreach (Law law in FlowLaws.All)
                foreach (BijectionCase subject in BijectionRegistry.All)
                    if (law.Applies(subject)) pairs.Add(law.Name, subject.Name);
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Law_holds(string law, string subject) =>
        FlowLaws.Named(law).Holds(BijectionRegistry.Named(subject), FlowLaws.Named(law).Affordable(Trials));

    [Fact]
    public void Names_are_unique()
    {
        Assert.Distinct(FlowLaws.All.Select(l => l.Name));
        Assert.Distinct(BijectionRegistry.All.Select(c => c.Name));
    }

    [Fact]
    public void Every_law_has_cases()
    {
        foreach (Law law in FlowLaws.All) Assert.True(BijectionRegistry.All.Count(law.Applies) >= 10, law.Name);
    }

    [Fact]
    public void The_same_seed_draws_the_same_bijection_and_another_seed_another()
    {
        foreach (BijectionCase subject in BijectionRegistry.All.Where(c => c.Draw(0).Parameters.Any()))
        {
            double[] a = Parameters(subject, 7), b = Parameters(subject, 7), c = Parameters(subject, 8);
            Assert.Equal(a, b);
            Assert.NotEqual(a, c);
        }

        static double[] Parameters(BijectionCase subject, ulong seed) => [.. subject.Draw(seed).Parameters.SelectMany(p => p.All.ToArray())];
    }
}
