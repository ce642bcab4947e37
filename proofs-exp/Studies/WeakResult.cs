using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniversalFlows.Proofs.Studies;

/// <summary>One marker of the study <c>weak-convergence</c>.</summary>
/// <param name="Panel">The picture that it belongs to.</param>
/// <param name="Series">The row of markers.</param>
/// <param name="Law">The law that is approximated.</param>
/// <param name="X">Depth, width of the mollifier, or Lipschitz constant.</param>
/// <param name="Metric">The distance.</param>
/// <param name="Y">Its value.</param>
/// <param name="Lower">The lower bound at 2.5%, if there is one.</param>
/// <param name="Upper">The upper bound.</param>
/// <param name="Baseline">What two samples of the law are apart, if samples were drawn.</param>
/// <param name="Bound">What the theory says; of a constructed flow the computed bound.</param>
/// <param name="Epsilon">The distance that a construction was asked for.</param>
/// <param name="Parameters">Numbers that a constructed flow is written with.</param>
public sealed record WeakRow(string Panel, string Series, string Law, double X, string Metric, double Y, double? Lower = null, double? Upper = null, double? Baseline = null, double? Bound = null, double? Epsilon = null, int? Parameters = null);

/// <summary>What a task of the study <c>weak-convergence</c> found: kept as <c>results/weak-convergence/&lt;hash&gt;.json</c>.</summary>
public sealed record WeakResult
{
    /// <summary>The name of the study and of its folder.</summary>
    public const string StudyName = "weak-convergence";

    /// <summary>The pictures.</summary>
    public const string Depth = "depth", Mollification = "mollification", Atoms = "atoms", Lipschitz = "lipschitz", Topology = "topology", Base = "base", Constructed = "constructed";

    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = Cell.CurrentSchema;

    /// <summary><see cref="StudyName"/>.</summary>
    public string Study { get; init; } = StudyName;

    /// <summary>The hash of the configuration and of the code version, which is also the file's name.</summary>
    public required string Hash { get; init; }

    /// <summary>The SHA-256 of the numeric sources.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>What was computed.</summary>
    public required string Task { get; init; }

    /// <summary>Of all that is random.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The command that makes this result.</summary>
    public required string Command { get; init; }

    /// <summary>The markers; a value that is not finite, such as the Lipschitz constant of a flow that overflows, is kept as null and read as NaN.</summary>
    public required IReadOnlyList<WeakRow> Rows { get; init; }

    /// <summary>This record as JSON text, the same bytes for the same values.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, WeakJson.Default.WeakResult);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not JSON, a member is missing, or the schema is another one.</exception>
    public static WeakResult FromJson(string json)
    {
        WeakResult result = JsonSerializer.Deserialize(json, WeakJson.Default.WeakResult) ?? throw new JsonException("A result is an object, not null.");
        if (result.Schema != Cell.CurrentSchema) throw new JsonException($"Schema {result.Schema} is not the one this program reads ({Cell.CurrentSchema}).");
        return result.Rows is null ? throw new JsonException("A list is null.") : result;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(WeakResult))]
internal sealed partial class WeakJson : JsonSerializerContext;
