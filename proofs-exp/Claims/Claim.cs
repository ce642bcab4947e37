using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniversalFlows.Proofs.Claims;

/// <summary>How close the executed statement is to the printed one.</summary>
internal enum Fidelity
{
    /// <summary>The statement itself, whole.</summary>
    Verbatim,

    /// <summary>Instances of a statement that speaks of all cases.</summary>
    Instance,

    /// <summary>A part of it, or a special case.</summary>
    Partial,

    /// <summary>A quantity that stands for what can't be executed.</summary>
    Proxy,

    /// <summary>Nothing is executed.</summary>
    None,
}

/// <summary>A node of the proof's graph.</summary>
internal enum ClaimRole
{
    None,
    Definition,
    Lemma,
    Theorem,
    Corollary,
}

/// <summary>A statement of a source, as its file has it: <c>proofs-exp/Claims/Ledger/&lt;id&gt;.claim.json</c>.</summary>
internal sealed record Claim
{
    /// <summary>The kinds of claims.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["definition", "theorem", "identity", "number", "benchmark", "folklore", "reference", "control"];

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>A1 … A16, B1 … B87, N1 … N17, S, and L1 … for the steps of the proof.</summary>
    public required string Id { get; init; }

    /// <summary>A few words, for graphs and tables.</summary>
    public required string Title { get; init; }

    /// <summary>The statement in plain words, restated.</summary>
    public required string Statement { get; init; }

    /// <summary>The same as a formula, in plain text.</summary>
    public required string Formula { get; init; }

    /// <summary>A: the slides, B: the lecture, N: the controls, S: this project's theorem, L: the steps of the proof; then the section, such as "B §3.5.2".</summary>
    public required string Source { get; init; }

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The node's place in the graph of the proof.</summary>
    public ClaimRole Role { get; init; }

    /// <summary>The claims it rests on.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>The evidence: a registered function with its arguments, such as "Densities.NormalAt(5, 2, 3, -2.3259)". Without it the claim is not testable.</summary>
    public string? Evidence { get; init; }

    /// <summary>Why nothing is executed.</summary>
    public string? Reason { get; init; }

    /// <summary>The largest defect at which the statement still counts as true.</summary>
    public double? Tolerance { get; init; }

    /// <summary>The verdict that is expected, in the words of <see cref="Verdict"/>.</summary>
    public required string Expect { get; init; }

    /// <summary>How close the executed statement is to the printed one.</summary>
    public required Fidelity Fidelity { get; init; }

    /// <summary>What the number cannot show.</summary>
    public required string CannotShow { get; init; }

    /// <summary>The correct statement, if the source is wrong; the caveat, if it needs one.</summary>
    public string? Correction { get; init; }

    /// <summary>Where the correct statement stands.</summary>
    public string? Reference { get; init; }

    /// <summary>SHA-256 of the file, line endings as line feeds.</summary>
    [JsonIgnore]
    public string Hash { get; private init; } = "";

    /// <summary>The source's letter.</summary>
    [JsonIgnore]
    public string SourceLetter => Source[..Math.Min(1, Source.Length)];

    /// <summary>The command that computes this claim's evidence.</summary>
    [JsonIgnore]
    public string Command => $"uf verify {Id}";

    /// <summary>The verdict that is expected.</summary>
    [JsonIgnore]
    public Verdict Expected => ClaimWords.Parse(Expect);

    /// <summary>Reads a claim's file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InputException">It is no claim, and why.</exception>
    public static Claim Parse(string text, string name)
    {
        Claim claim;
        try
        {
            claim = JsonSerializer.Deserialize<Claim>(text, Form) ?? throw new InputException($"{name}: a claim was expected, not null");
        }
        catch (JsonException e)
        {
            throw new InputException($"{name}: {e.Message.Split(" Path:")[0]}");
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.Replace("\r\n", "\n", StringComparison.Ordinal));
        claim = claim with { Hash = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        if (claim.Complaint() is { } complaint) throw new InputException($"{name}: {complaint}");
        return claim;
    }

    private string? Complaint()
    {
        if (!Kinds.Contains(Kind)) return $"the kind \"{Kind}\" is not one of {string.Join(", ", Kinds)}";
        if (!ClaimWords.Verdicts.Contains(Expect)) return $"the expected verdict \"{Expect}\" is not one of {string.Join(", ", ClaimWords.Verdicts)}";
        if (SourceLetter is not ("A" or "B" or "N" or "S" or "L")) return $"the source \"{Source}\" begins with none of A, B, N, S, L";
        if (Evidence is null) return Reason is null ? "without evidence a reason is needed" : Expect != "not-testable" ? "without evidence the expected verdict is not-testable" : null;
        if (Tolerance is not { } tolerance || !(tolerance >= 0) || !double.IsFinite(tolerance)) return "evidence needs a tolerance, a number of at least 0";
        if (Expected is Verdict.Refuted && Correction is null) return "a claim that is expected to be refuted needs a correction";
        return Fidelity == Fidelity.None ? "with evidence the fidelity is verbatim, instance, partial or proxy" : null;
    }
}
