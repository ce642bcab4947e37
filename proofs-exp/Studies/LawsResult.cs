using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniversalFlows.Proofs.Studies;

/// <summary>
/// What the study <c>laws-of-flows</c> found for one family of bijections, or for the planted bugs: kept as
/// <c>results/laws-of-flows/&lt;hash&gt;.json</c>.
/// </summary>
public sealed record LawsResult
{
    /// <summary>The name of the study and of its folder.</summary>
    public const string StudyName = "laws-of-flows";

    /// <summary>The status of a result in which a law is broken, a bug escaped, or something was accepted that is no bijection.</summary>
    public const string Broken = "broken";

    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = Cell.CurrentSchema;

    /// <summary><see cref="StudyName"/>.</summary>
    public string Study { get; init; } = StudyName;

    /// <summary>The hash of the configuration and of both code versions, which is also the file's name.</summary>
    public required string Hash { get; init; }

    /// <summary>The SHA-256 of the numeric sources.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The SHA-256 of the sources of the laws.</summary>
    public required string LawsVersion { get; init; }

    /// <summary>Of all cases.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The command that makes this result.</summary>
    public required string Command { get; init; }

    /// <summary>A row a law and kind of bijection.</summary>
    public IReadOnlyList<LawsEntry> Matrix { get; init; } = [];

    /// <summary>The planted bugs, in the file that has them.</summary>
    public IReadOnlyList<BugEntry> Bugs { get; init; } = [];

    /// <summary>How many constructions that make no bijection were tried; 0 in the files of the matrix.</summary>
    public int Constructions { get; init; }

    /// <summary>What was accepted of them.</summary>
    public IReadOnlyList<string> Accepted { get; init; } = [];

    /// <summary>Whether every law held, every bug was caught and every construction was refused.</summary>
    [JsonIgnore]
    public bool Good => Matrix.All(e => e.Failures == 0) && Bugs.All(b => b.Caught) && Accepted.Count == 0;

    /// <summary>This record as JSON text, the same bytes for the same values.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, LawsJson.Default.LawsResult);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not JSON, a member is missing, or the schema is another one.</exception>
    public static LawsResult FromJson(string json)
    {
        LawsResult result = JsonSerializer.Deserialize(json, LawsJson.Default.LawsResult) ?? throw new JsonException("A result is an object, not null.");
        if (result.Schema != Cell.CurrentSchema) throw new JsonException($"Schema {result.Schema} is not the one this program reads ({Cell.CurrentSchema}).");
        return result.Matrix is null || result.Bugs is null || result.Accepted is null ? throw new JsonException("A list is null.") : result;
    }
}

/// <summary>A law over a kind of bijection.</summary>
/// <param name="Law">The law.</param>
/// <param name="Statement">Its formula.</param>
/// <param name="Family">The family of the kind.</param>
/// <param name="Kind">The kind of bijection.</param>
/// <param name="Cases">Cases run.</param>
/// <param name="Failures">Cases that broke the law.</param>
/// <param name="Wrong">The numbers of the first of them.</param>
/// <param name="Replay">The command that runs it again.</param>
public sealed record LawsEntry(string Law, string Statement, string Family, string Kind, int Cases, int Failures, string? Wrong, string? Replay);

/// <summary>A planted bug.</summary>
/// <param name="Law">The law that must catch it.</param>
/// <param name="Bug">The bug in words.</param>
/// <param name="Kind">What it was planted into.</param>
/// <param name="Caught">Whether it was caught.</param>
/// <param name="Said">What the law said.</param>
public sealed record BugEntry(string Law, string Bug, string Kind, bool Caught, string? Said);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n")]
[JsonSerializable(typeof(LawsResult))]
internal sealed partial class LawsJson : JsonSerializerContext;
