using System.Text.Json;
using System.Text.Json.Serialization;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Studies;

/// <summary>
/// The result of one run: one point of a study's grid with everything that made it and everything that was measured. Kept as
/// <c>results/&lt;study&gt;/&lt;hash&gt;.json</c>; what depends on the machine stands apart in <see cref="Timing"/>.
/// </summary>
/// <remarks>Immutable. A number that is not finite is null in the file and NaN here.</remarks>
public sealed record Cell
{
    /// <summary>The schema this program writes and reads.</summary>
    public const int CurrentSchema = 1;

    /// <summary>A run that ended by its own budget or stop test.</summary>
    public const string Finished = "finished";

    /// <summary>A run that met a number that is not finite; <see cref="Reason"/> says where.</summary>
    public const string Diverged = "diverged";

    /// <summary>A run cut short by a time limit: its numbers are right but not bitwise repeatable.</summary>
    public const string Cut = "cut";

    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = CurrentSchema;

    /// <summary><c>maps</c> (a flow against a target diffeomorphism), <c>laws</c> (a flow against a probability distribution), <c>constructions</c>, <c>construction-rates</c> or <c>affine-constructions</c> (a flow that a proof makes from a target).</summary>
    public required string Study { get; init; }

    /// <summary>The hash of the full configuration and code version, which is also the file's name.</summary>
    public required string Hash { get; init; }

    /// <summary>The SHA-256 of the numeric sources the run was made with.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The name of the target map or of the target law.</summary>
    public required string Target { get; init; }

    /// <summary>The target written out, where it has a formula.</summary>
    public string? Formula { get; init; }

    /// <summary>The domain K, such as <c>box(-1,1)</c> or <c>ball(1)</c>; for a law the space it lives on.</summary>
    public required string Domain { get; init; }

    /// <summary>d, the dimension of the space.</summary>
    public required int Dimension { get; init; }

    /// <summary>The family of the coupling's transformer: <c>acf</c>, <c>sos</c>, <c>dsf</c> or <c>rqs</c>.</summary>
    public required string Family { get; init; }

    /// <summary>L, the number of couplings.</summary>
    public required int Depth { get; init; }

    /// <summary>The widths of the conditioner's hidden layers, such as <c>16,16</c>.</summary>
    public required string Hidden { get; init; }

    /// <summary>The conditioner's activation.</summary>
    public required string Activation { get; init; }

    /// <summary>The seed of the initial parameters and of the training points.</summary>
    public required ulong Seed { get; init; }

    /// <summary><c>construct</c>, <c>rates</c> or a route such as <c>overshear</c> for what nobody trained, else <c>lm</c> (Levenberg-Marquardt), <c>adam</c>, <c>lbfgs</c>, <c>ml-adam</c> or <c>ml-gauss-newton</c> (maximum likelihood), and the same with <c>-actnorm</c> (normalising layers).</summary>
    public required string Method { get; init; }

    /// <summary>The number of optimiser steps taken.</summary>
    public required int Steps { get; init; }

    /// <summary>The number of trained parameters.</summary>
    public required int Parameters { get; init; }

    /// <summary><see cref="Finished"/>, <see cref="Diverged"/> or <see cref="Cut"/>.</summary>
    public required string Status { get; init; }

    /// <summary>Why a run did not finish; null for one that did.</summary>
    public string? Reason { get; init; }

    /// <summary>The errors of the trained map on K; null when there are none.</summary>
    public Errors? Errors { get; init; }

    /// <summary>What is proved of <see cref="Errors.Sup"/>; null where no proof was tried.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Certified? Certificate { get; init; }

    /// <summary>The flow after a minimax refinement of the fit; null where there was none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Refined? Refined { get; init; }

    /// <summary>What the approximation costs in weights and slopes; null where it was not measured.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Conditioning? Conditioning { get; init; }

    /// <summary>The trained density against the law; null when there is none.</summary>
    public Likelihood? Likelihood { get; init; }

    /// <summary>The training loss along the way.</summary>
    public IReadOnlyList<TracePoint> Trace { get; init; } = [];

    /// <summary>The numbers of a construction; null for a trained flow.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ConstructionSummary? Construction { get; init; }

    /// <summary>The command line that makes this very run again.</summary>
    public required string Command { get; init; }

    /// <summary>The name of the flow file next to this one.</summary>
    public required string FlowFile { get; init; }

    /// <summary>This cell as JSON text, the same bytes for the same values.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StudyJson.Default.Cell);

    /// <summary>Reads a cell.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote.</param>
    /// <exception cref="JsonException">The text is not JSON, a member is missing, or the schema is another one.</exception>
    public static Cell FromJson(string json)
    {
        Cell cell = JsonSerializer.Deserialize(json, StudyJson.Default.Cell) ?? throw new JsonException("A cell is an object, not null.");
        return cell.Schema == CurrentSchema
            ? cell
            : throw new JsonException($"Schema {cell.Schema} is not the one this program reads ({CurrentSchema}).");
    }
}

/// <summary>Errors of a flow f against a target g on K, |·| Euclidean, measured on finitely many points.</summary>
public sealed record Errors
{
    /// <summary>The largest |f − g| met: an estimate from below of the supremum over K.</summary>
    public required double Sup { get; init; }

    /// <summary>The point where <see cref="Sup"/> was met: d numbers.</summary>
    public required IReadOnlyList<double> SupAt { get; init; }

    /// <summary>∫_K |f − g| dx, Lebesgue, not normalised.</summary>
    public required double L1 { get; init; }

    /// <summary>The integration error of <see cref="L1"/> as the quadrature estimates it.</summary>
    public required double L1Error { get; init; }

    /// <summary>(∫_K |f − g|² dx)^½.</summary>
    public required double L2 { get; init; }

    /// <summary>The integration error of <see cref="L2"/> as the quadrature estimates it.</summary>
    public required double L2Error { get; init; }

    /// <summary>L2 / √|K|.</summary>
    public required double Rmse { get; init; }

    /// <summary>The largest operator norm of Df − Dg met.</summary>
    public required double C1 { get; init; }
}

/// <summary>A fit after the minimax refinement: the same measurements of another flow.</summary>
public sealed record Refined
{
    /// <summary>Steps of the refinement.</summary>
    public required int Steps { get; init; }

    /// <summary>The number of the step whose flow was kept; 0: the fit itself.</summary>
    public required int Kept { get; init; }

    /// <summary>The errors on K, on points that the refinement did not use.</summary>
    public required Errors Errors { get; init; }

    /// <summary>What is proved of the sup error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Certified? Certificate { get; init; }

    /// <summary>The name of the flow file next to the cell.</summary>
    public required string FlowFile { get; init; }
}

/// <summary>What a flow g costs: estimates from below at finitely many points of K, but for the weight.</summary>
public sealed record Conditioning
{
    /// <summary>The largest |weight or bias|.</summary>
    public required double LargestWeight { get; init; }

    /// <summary>The largest singular value of Dg met: the Lipschitz constant of g on K is at least this.</summary>
    public required double Lipschitz { get; init; }

    /// <summary>1 over the smallest singular value of Dg met: the same of g⁻¹ on g(K).</summary>
    public required double InverseLipschitz { get; init; }

    /// <summary>The largest quotient of the two singular values at one point.</summary>
    public required double Condition { get; init; }
}

/// <summary>A density against a law, in nats, from points that took no part in training.</summary>
public sealed record Likelihood
{
    /// <summary>The mean of −log q over the test points.</summary>
    public required double Nll { get; init; }

    /// <summary>The standard error of <see cref="Nll"/>.</summary>
    public required double NllStdError { get; init; }

    /// <summary>The law's differential entropy: the floor below which no density's expected NLL can be. Null for a law without a density, and where it isn't known.</summary>
    public required double? Entropy { get; init; }

    /// <summary>The Kullback–Leibler divergence KL(p‖q), estimated. Null for a law without a density, from which every KL is infinite.</summary>
    public required double? Kl { get; init; }

    /// <summary>The standard error of <see cref="Kl"/>.</summary>
    public required double? KlStdError { get; init; }

    /// <summary>The number of test points.</summary>
    public required int TestPoints { get; init; }
}

/// <summary>What a run cost: kept beside the cell as <c>&lt;hash&gt;.timing.json</c>, since it differs from machine to machine.</summary>
public sealed record Timing
{
    /// <summary>Wall-clock seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>The machine's name as it calls itself.</summary>
    public required string Host { get; init; }

    /// <summary>The process's largest working set, in megabytes.</summary>
    public required double PeakMemoryMb { get; init; }

    /// <summary>This record as JSON text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, StudyJson.Default.Timing);

    /// <summary>Reads a timing.</summary>
    /// <param name="json">What <see cref="ToJson"/> wrote.</param>
    /// <exception cref="JsonException">The text is not JSON, or a member is missing.</exception>
    public static Timing FromJson(string json) =>
        JsonSerializer.Deserialize(json, StudyJson.Default.Timing) ?? throw new JsonException("A timing is an object, not null.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(Cell))]
[JsonSerializable(typeof(Timing))]
internal sealed partial class StudyJson : JsonSerializerContext;
