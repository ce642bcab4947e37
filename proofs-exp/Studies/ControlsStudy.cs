using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using UniversalFlows.Bijections;
using UniversalFlows.Proofs.ExactControls;

namespace UniversalFlows.Proofs.Studies;

/// <summary>A control with its setting, kept as <c>results/controls/&lt;hash&gt;.json</c>.</summary>
public sealed record ControlsResult
{
    /// <summary>The name of the study and of its folder.</summary>
    public const string StudyName = "controls";

    /// <summary>The version of this record's form.</summary>
    public int Schema { get; init; } = Cell.CurrentSchema;

    /// <summary><see cref="StudyName"/>.</summary>
    public string Study { get; init; } = StudyName;

    /// <summary>The hash of the configuration and the code version, which is also the file's name.</summary>
    public required string Hash { get; init; }

    /// <summary>The SHA-256 of the numeric sources.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>The version of the controls.</summary>
    public required int Version { get; init; }

    /// <summary>The command that makes this result.</summary>
    public required string Command { get; init; }

    /// <summary>The place in the list of controls.</summary>
    public required int Order { get; init; }

    /// <summary>What came out.</summary>
    public required ControlResult Control { get; init; }

    /// <summary>This record as JSON text, the same bytes for the same values.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ControlsJson.Default.ControlsResult);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">The text is not JSON, a member is missing, or the schema is another one.</exception>
    public static ControlsResult FromJson(string json)
    {
        ControlsResult result = JsonSerializer.Deserialize(json, ControlsJson.Default.ControlsResult) ?? throw new JsonException("A result is an object, not null.");
        if (result.Schema != Cell.CurrentSchema) throw new JsonException($"Schema {result.Schema} is not the one this program reads ({Cell.CurrentSchema}).");
        return result.Control?.Quantities is null or { Count: 0 } || result.Control.Points is null ? throw new JsonException("A control has at least one quantity.") : result;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n", NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ControlsResult))]
internal sealed partial class ControlsJson : JsonSerializerContext;

/// <summary>One control in one setting.</summary>
public sealed class ControlsTask : GridTask
{
    private readonly string _name;
    private readonly int _order;
    private readonly ulong _seed;
    private readonly Func<ControlResult> _run;

    private ControlsTask(string name, double cost, int order, ulong seed, Func<ControlResult> run) => (_name, Cost, _order, _seed, _run) = (name, cost, order, seed, run);

    /// <inheritdoc/>
    public override string Study => ControlsResult.StudyName;

    /// <inheritdoc/>
    public override string Command => $"uf run {ControlsResult.StudyName} --profile quick --seed {_seed}";

    /// <inheritdoc/>
    public override string Label => $"control {_name}";

    /// <inheritdoc/>
    protected override string Recipe => $"{_name}; version {Controls.Version}";

    /// <inheritdoc/>
    public override double Cost { get; }

    /// <summary>The controls of a grid.</summary>
    public static IEnumerable<ControlsTask> Grid(ulong seed)
    {
        (string Name, double Cost, Func<ControlResult> Run)[] all =
        [
            .. ((int[])[1, 4, 16]).Select(depth => ($"N1 depth {depth}", 100.0, (Func<ControlResult>)(() => Controls.N1(depth, seed)))),
            ("N2 free scale", 900, () => Controls.N2(true, seed)),
            ("N2 no scale", 900, () => Controls.N2(false, seed)),
            ("N4 d = 1", 200, () => Controls.N4(FlowFamily.Acf, 1, seed: seed)),
            ("N4 acf", 400, () => Controls.N4(FlowFamily.Acf, 2, seed: seed)),
            ("N4 acf swap", 400, () => Controls.N4(FlowFamily.Acf, 2, swap: true, seed: seed)),
            ("N4 planar", 400, () => Controls.N4(FlowFamily.Planar, 2, seed: seed)),
            ("N4 residual", 600, () => Controls.N4(FlowFamily.Residual, 2, seed: seed)),
            ("N4 d = 3", 600, () => Controls.N4(FlowFamily.Acf, 3, seed: seed)),
            ("N7 planar 1 2 2", 300, () => Controls.N7(FlowFamily.Planar, 1, 2, 2, seed)),
            ("N7 planar 1 2 0.5", 300, () => Controls.N7(FlowFamily.Planar, 1, 2, 0.5, seed)),
            ("N7 planar 2 3 2", 400, () => Controls.N7(FlowFamily.Planar, 2, 3, 2, seed)),
            ("N7 sylvester 1 2 2", 300, () => Controls.N7(FlowFamily.Sylvester, 1, 2, 2, seed)),
            ("N8", 400, () => Controls.N8(3, seed)),
            .. ((int[])[1, 2, 3, 4]).Select(m => ($"N9 M = {m}", 300.0, (Func<ControlResult>)(() => Controls.N9(m, 0.5, 4, seed)))),
            ("N10", 500, () => Controls.N10(seed)),
            .. ((double[])[1, 2, 4, 8, 16]).Select(l => ($"N12 L = {l}", 300.0, (Func<ControlResult>)(() => Controls.N12(l, seed)))),
            .. ((int[])[2, 4, 8, 16, 64]).SelectMany(d => ((bool[])[false, true]).Select(n => ($"whitening D = {d}{(n ? ", normalised" : "")}", 400.0, (Func<ControlResult>)(() => Controls.Whitening(d, n, seed))))),
        ];
        return all.Select((c, i) => new ControlsTask(c.Name, c.Cost, i, seed, c.Run));
    }

    /// <inheritdoc/>
    public override string? StatusIn(string results)
    {
        string path = Path.Combine(results, Study, $"{Hash}.json");
        try
        {
            return File.Exists(path) && ControlsResult.FromJson(File.ReadAllText(path)) is { } found && found.Hash == Hash && found.CodeVersion == CodeVersion.Hash
                ? found.Control.Holds ? Cell.Finished : LawsResult.Broken
                : null;
        }
        catch (JsonException)
        {
            return null;   // not one of ours, or damaged: computed again
        }
    }

    /// <inheritdoc/>
    public override bool Compute(string results, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return false;
        ControlsResult result = new() { Hash = Hash, CodeVersion = CodeVersion.Hash, Version = Controls.Version, Command = Command, Order = _order, Control = _run() };
        string folder = Path.Combine(results, Study);
        Directory.CreateDirectory(folder);
        CompleteFile.Write(Path.Combine(folder, $"{Hash}.json"), stream => stream.Write(Encoding.UTF8.GetBytes(result.ToJson() + "\n")));
        return true;
    }
}
