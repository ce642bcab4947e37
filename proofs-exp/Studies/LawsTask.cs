using System.Text;
using UniversalFlows.Testing;
using UniversalFlows.Testing.PlantedBugs;

namespace UniversalFlows.Proofs.Studies;

/// <summary>The laws over the kinds of bijection of one family; without a family the planted bugs and the constructions that must be refused.</summary>
/// <param name="family">A family of <see cref="BijectionRegistry"/>, or null.</param>
/// <param name="seed">Of all cases.</param>
/// <param name="cases">Cases a pair of law and kind, in the mean.</param>
public sealed class LawsTask(string? family, ulong seed, int cases) : GridTask
{
    private readonly BijectionCase[] _kinds = [.. BijectionRegistry.All.Where(c => c.Family == family)];

    /// <inheritdoc/>
    public override string Study => LawsResult.StudyName;

    /// <inheritdoc/>
    public override string Command => $"uf run {LawsResult.StudyName} --profile quick --seed {seed}";

    /// <inheritdoc/>
    public override string Label => family is null ? "planted bugs" : $"laws of {family}";

    /// <inheritdoc/>
    protected override string Recipe => $"{family ?? "planted bugs"}; {cases} cases a pair; {LawsVersion.Hash}";

    // In the units of fits, where a quick one has some hundreds: a case takes about a tenth of a millisecond.
    /// <inheritdoc/>
    public override double Cost => family is null ? 300 : _kinds.Length * cases * 4;

    private const string ThreadLawName = "threads";

    /// <summary>The tasks of a grid: the planted bugs, and a task a family.</summary>
    public static IEnumerable<LawsTask> Grid(ulong seed, int cases) =>
        [new LawsTask(null, seed, cases), .. BijectionRegistry.All.Select(c => c.Family).Distinct().Select(f => new LawsTask(f, seed, cases))];

    /// <inheritdoc/>
    public override string? StatusIn(string results)
    {
        string path = Path.Combine(results, Study, $"{Hash}.json");
        try
        {
            return File.Exists(path) && LawsResult.FromJson(File.ReadAllText(path)) is { } found && found.Hash == Hash && found.CodeVersion == CodeVersion.Hash
                ? found.Good ? Cell.Finished : LawsResult.Broken
                : null;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;   // not one of ours, or damaged: computed again
        }
    }

    /// <inheritdoc/>
    public override bool Compute(string results, CancellationToken cancellation)
    {
        LawsResult result = new() { Hash = Hash, CodeVersion = CodeVersion.Hash, LawsVersion = LawsVersion.Hash, Seed = seed, Command = Command };
        if (family is null)
        {
            result = result with { Bugs = [.. PlantedBug.All.Select(Entry)], Constructions = Rejection.All.Count, Accepted = [.. Rejection.All.Select(r => r.Check()).OfType<string>()] };
        }
        else
        {
            int pairs = FlowLaws.All.Sum(l => _kinds.Count(l.Applies));
            IReadOnlyList<LawTally>? tallies = LawMatrix.Run(LawMatrix.Plan(FlowLaws.All, _kinds, pairs * cases), seed, threads: 1, progress: null, cancellation);
            if (tallies is null) return false;
            result = result with { Matrix = [.. tallies.Select(Entry)] };
        }

        string folder = Path.Combine(results, Study);
        Directory.CreateDirectory(folder);
        CompleteFile.Write(Path.Combine(folder, $"{Hash}.json"), stream => stream.Write(Encoding.UTF8.GetBytes(result.ToJson() + "\n")));
        return true;
    }

    private static LawsEntry Entry(LawTally t) =>
        new(t.Law.Name, t.Law.Statement, t.Subject.Family, t.Subject.Name, t.Cases, t.Failures, t.First?.Wrong, t.First?.Case.Replay);

    private static BugEntry Entry(PlantedBug bug)
    {
        // the first line has the numbers; what follows is how to replay it
        string? said = bug.Catch()?.Message.Split('\n')[0];
        // a bug that depends on the worker shows values that no run repeats: the result keeps what was found, not the values
        if (said is not null && bug.Law == ThreadLawName && said.IndexOf(": x = ", StringComparison.Ordinal) is > 0 and int end) said = said[..end];
        return new(bug.Law, bug.Bug, bug.Subject.Name, said is not null, said);
    }
}
