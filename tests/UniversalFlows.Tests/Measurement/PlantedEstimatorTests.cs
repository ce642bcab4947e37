using UniversalFlows.Measurement;
using Xunit;

namespace UniversalFlows.Tests.Measurement;

/// <summary>The checks of the distances of laws hold for the library's estimators, and each planted bug is caught by the check named beside it.</summary>
public sealed class PlantedEstimatorTests
{
    public static TheoryData<string, string> Bugs
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach ((string check, string bug) in All.Keys) data.Add(check, bug);
            return data;
        }
    }

    public static TheoryData<string> Checks => ["unbiased", "itself", "point masses", "primal", "feasible", "gap", "points on the line", "order", "sizes"];

    private static Dictionary<(string Check, string Bug), Func<string?>> All { get; } = PlantedEstimators.Discrepancies
        .Select(p => ((p.Check, p.Bug), (Func<string?>)(() => PlantedEstimators.Complaint(p.Check, p.Broken))))
        .Concat(PlantedEstimators.Transports.Select(p => ((p.Check, p.Bug), (Func<string?>)(() => PlantedEstimators.Complaint(p.Check, p.Broken)))))
        .Concat(PlantedEstimators.LineDistances.Select(p => ((p.Check, p.Bug), (Func<string?>)(() => PlantedEstimators.Complaint(p.Check, p.Broken)))))
        .ToDictionary(p => p.Item1, p => p.Item2);

    [Theory, MemberData(nameof(Bugs))]
    public void A_check_catches_the_bug(string check, string bug) => Assert.NotNull(All[(check, bug)]());

    [Theory, MemberData(nameof(Checks))]
    public void The_library_passes_the_check(string check) => Assert.Null(check switch
    {
        "unbiased" or "itself" or "point masses" => PlantedEstimators.Complaint(check, (Discrepancy)((kernel, x, y, d) =>
        {
            MmdEstimate e = MaximumMeanDiscrepancy.BetweenSamples(kernel, x, y, d);
            return (e.Unbiased, e.Biased);
        })),
        "primal" or "feasible" or "gap" => PlantedEstimators.Complaint(check, (Transport)((x, y) => Wasserstein.BetweenSamples(x, y, 2))),
        _ => PlantedEstimators.Complaint(check == "points on the line" ? "point masses" : check, (LineDistance)((x, y) => Wasserstein.OnTheLine(x, y))),
    });

    [Fact]
    public void Every_check_has_a_bug_and_there_are_32() =>
        Assert.Equal((32, 8), (All.Count, All.Keys.Select(k => k.Check).Distinct().Count()));
}
