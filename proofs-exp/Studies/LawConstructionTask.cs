using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using UniversalFlows.Bijections;
using UniversalFlows.Construction.Transport;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Studies;

/// <summary>A law compiled to a flow: the bound of the bounded-Lipschitz distance term by term, and what samples show.</summary>
public sealed record LawConstructionResult
{
    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = Cell.CurrentSchema;

    /// <summary><see cref="LawConstructionTask.StudyName"/>.</summary>
    public string Study { get; init; } = LawConstructionTask.StudyName;

    /// <summary>The hash of configuration and code version, which is also the file's name.</summary>
    public required string Hash { get; init; }

    /// <summary>The SHA-256 of the numeric sources.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The law.</summary>
    public required string Law { get; init; }

    /// <summary>d.</summary>
    public required int Dimension { get; init; }

    /// <summary>The family.</summary>
    public required string Family { get; init; }

    /// <summary>ε.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The sum of the terms.</summary>
    public required double Bound { get; init; }

    /// <summary>The bound's term of the same name.</summary>
    public required double Mollification { get; init; }

    /// <summary>The bound's term of the same name.</summary>
    public required double Quantisation { get; init; }

    /// <summary>The bound's term of the same name.</summary>
    public required double Coupling { get; init; }

    /// <summary>The bound's last term: the estimate of the quadrature's error, tails, and ramps.</summary>
    public required double Quadrature { get; init; }

    /// <summary>Trainable numbers of the flow.</summary>
    public required int Parameters { get; init; }

    /// <summary>Layers of the flow.</summary>
    public required int Layers { get; init; }

    /// <summary>What draws each coordinate.</summary>
    public required IReadOnlyList<string> Shapes { get; init; }

    /// <summary>The distance on samples.</summary>
    public required SampledDistance Sampled { get; init; }

    /// <summary>Points of the law, d numbers each, to four decimals; for pictures.</summary>
    public required IReadOnlyList<double> LawPoints { get; init; }

    /// <summary>As many points of the push-forward.</summary>
    public required IReadOnlyList<double> FlowPoints { get; init; }

    /// <summary>The command that makes the flow.</summary>
    public required string Command { get; init; }

    /// <summary>This record as JSON text, the same bytes for the same values.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, LawConstructionJson.Default.LawConstructionResult);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not such a record.</exception>
    public static LawConstructionResult FromJson(string json)
    {
        LawConstructionResult result = JsonSerializer.Deserialize(json, LawConstructionJson.Default.LawConstructionResult) ?? throw new JsonException("A result is an object, not null.");
        return result.Schema == Cell.CurrentSchema ? result : throw new JsonException($"Schema {result.Schema} is not the one this program reads ({Cell.CurrentSchema}).");
    }
}

/// <summary>A construction of the study of laws.</summary>
public sealed class LawConstructionTask(Law law, FlowFamily family, double epsilon) : GridTask
{
    /// <summary>The name of the study and of its folder.</summary>
    public const string StudyName = "law-constructions";

    private const int Points = 600, Repetitions = 4, Drawn = 500;

    /// <inheritdoc/>
    public override string Study => StudyName;

    /// <inheritdoc/>
    public override string Label => $"{law.Name} {Names.Of(family)} {epsilon.ToString("R", CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    public override string Command => string.Create(CultureInfo.InvariantCulture, $"uf construct --law \"{law.Name}\" --family {Names.Of(family)} --epsilon {epsilon:R} --metric bl --out built");

    /// <inheritdoc/>
    public override double Cost => law.Dimension == 1 ? 300 : 1000;

    /// <inheritdoc/>
    protected override string Recipe => $"{Points} points, {Repetitions} repetitions, {Drawn} drawn";

    /// <summary>The quick grid: nothing in a construction is random.</summary>
    public static IEnumerable<LawConstructionTask> Grid()
    {
        (string Law, FlowFamily[] Families, double[] Epsilons)[] grid =
        [
            ("two-points", [FlowFamily.Sos, FlowFamily.Dsf], [0.4, 0.2, 0.1, 0.05]),
            ("circle", [FlowFamily.Sos, FlowFamily.Acf], [0.4, 0.2, 0.1, 0.05]),
            ("cantor-uniform", [FlowFamily.Sos, FlowFamily.Acf], [0.1, 0.05, 0.025]),
            ("atoms", [FlowFamily.Sos], [0.2, 0.1, 0.05]),
            ("checkerboard", [FlowFamily.Sos], [0.1]),
        ];
        return grid.SelectMany(g => g.Families.SelectMany(f => g.Epsilons.Select(e => new LawConstructionTask(Laws.Parse(g.Law), f, e))));
    }

    /// <inheritdoc/>
    public override string? StatusIn(string results)
    {
        string path = Path.Combine(results, Study, $"{Hash}.json");
        try
        {
            return File.Exists(path) && LawConstructionResult.FromJson(File.ReadAllText(path)) is { } found && found.Hash == Hash && found.CodeVersion == CodeVersion.Hash ? Cell.Finished : null;
        }
        catch (JsonException)
        {
            return null; // not one of ours, or damaged: computed again
        }
    }

    /// <inheritdoc/>
    public override bool Compute(string results, CancellationToken cancellation)
    {
        LawWitness built = LawCompiler.Compile(law, new TransportSettings { Epsilon = epsilon, Family = family });
        Composition flow = built.Flow ?? throw new InvalidOperationException($"{Label}: {built.Refusal?.Reason}");
        if (cancellation.IsCancellationRequested) return false;
        int d = law.Dimension;
        double[] z = new double[Drawn * d], image = new double[z.Length];
        new Philox(1, "drawn").FillNormal(z);
        Evaluation.Map(flow, z, image);
        LawConstructionResult result = new()
        {
            Hash = Hash,
            CodeVersion = CodeVersion.Hash,
            Law = law.Name,
            Dimension = d,
            Family = Names.Of(family),
            Epsilon = epsilon,
            Bound = built.Bound,
            Mollification = built.Target!.MollificationBound,
            Quantisation = built.Target.QuantisationBound,
            Coupling = built.Coupling,
            Quadrature = built.CouplingError,
            Parameters = flow.Parameters.Sum(p => p.Count),
            Layers = flow.Parts.Count,
            Shapes = [.. built.Coordinates.Select(c => $"{c.Coordinate}: {c.Shape}, {c.Curves} curve{(c.Curves == 1 ? "" : "s")}")],
            Sampled = SampledDistance.Of(flow, law, points: Points, repetitions: Repetitions),
            LawPoints = [.. law.Samples(new Philox(1, "drawn law"), Drawn).Select(Rounded)],
            FlowPoints = [.. image.Select(Rounded)],
            Command = Command,
        };
        string folder = Path.Combine(results, Study);
        Directory.CreateDirectory(folder);
        CompleteFile.Write(Path.Combine(folder, $"{Hash}.json"), stream => stream.Write(Encoding.UTF8.GetBytes(result.ToJson() + "\n")));
        return true;
    }

    /// <summary>To four decimals; what is not finite or far away becomes a large number.</summary>
    private static double Rounded(double v) => Math.Abs(v) < 1e6 ? Math.Round(v, 4) : 1e6;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NewLine = "\n", Converters = [typeof(FiniteOrNull)])]
[JsonSerializable(typeof(LawConstructionResult))]
internal sealed partial class LawConstructionJson : JsonSerializerContext;
