using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Claims;

/// <summary>
/// Kept evidence, <c>results/claims/&lt;id&gt;.json</c>: the finding and the SHA-256 of everything that made it. There is no verdict in it: that is computed each time.
/// </summary>
internal sealed record EvidenceFile
{
    /// <summary>The folder under the results.</summary>
    public const string Folder = "claims";

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new FiniteOrNull(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    public int Schema { get; init; } = 1;

    /// <summary>The claim's id.</summary>
    public required string Claim { get; init; }

    /// <summary>The call that made it.</summary>
    public required string Evidence { get; init; }

    /// <summary>SHA-256 of the claim's file.</summary>
    public required string ClaimHash { get; init; }

    /// <summary>SHA-256 of the numeric sources.</summary>
    public required string CodeVersion { get; init; }

    /// <summary>SHA-256 of the sources of the laws of a flow.</summary>
    public required string LawsVersion { get; init; }

    /// <summary>SHA-256 of the sources of the claims and of the studies.</summary>
    public required string ClaimsVersion { get; init; }

    /// <summary>What was found.</summary>
    public required Finding Finding { get; init; }

    /// <summary>SHA-256 of the rest of this file: a number changed by hand makes it stale.</summary>
    public string Seal { get; init; } = "";

    /// <summary>The evidence of the present code for a claim.</summary>
    public static EvidenceFile Of(Claim claim, Finding finding)
    {
        EvidenceFile file = new()
        {
            Claim = claim.Id,
            Evidence = claim.Evidence!,
            ClaimHash = claim.Hash,
            CodeVersion = UniversalFlows.CodeVersion.Hash,
            LawsVersion = UniversalFlows.Testing.LawsVersion.Hash,
            ClaimsVersion = Claims.ClaimsVersion.Hash,
            Finding = finding,
        };
        return file with { Seal = file.Sealed() };
    }

    /// <summary>Where a claim's evidence is kept.</summary>
    public static string PathOf(string results, Claim claim) => Path.Combine(results, Folder, $"{claim.Id}.json");

    /// <summary>Kept evidence of a claim, or why it is stale.</summary>
    public static (EvidenceFile? File, string Stale) Read(string results, Claim claim)
    {
        string path = PathOf(results, claim);
        if (!File.Exists(path)) return (null, "no evidence is kept");
        EvidenceFile? file;
        try
        {
            file = JsonSerializer.Deserialize<EvidenceFile>(File.ReadAllBytes(path), Form);
        }
        catch (JsonException)
        {
            return (null, $"{path} is not a file of evidence");
        }

        return file is null ? (null, $"{path} is empty") : file.Staleness(claim) is { } stale ? (null, stale) : (file, "");
    }

    /// <summary>Keeps it.</summary>
    public void Write(string results, Claim claim)
    {
        Directory.CreateDirectory(Path.Combine(results, Folder));
        CompleteFile.Write(PathOf(results, claim), stream => JsonSerializer.Serialize(stream, this, Form));
    }

    private string? Staleness(Claim claim)
    {
        if (Schema != 1 || Claim != claim.Id) return "the evidence is of another claim";
        if (Seal != Sealed()) return "the file of evidence was changed after it was written";
        if (ClaimHash != claim.Hash || Evidence != claim.Evidence) return "the claim changed";
        if (CodeVersion != UniversalFlows.CodeVersion.Hash) return "the numeric sources changed";
        if (LawsVersion != UniversalFlows.Testing.LawsVersion.Hash) return "the sources of the laws changed";
        return ClaimsVersion != Claims.ClaimsVersion.Hash ? "the sources of the evidence changed" : null;
    }

    private string Sealed() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Seal = "" }, Form)));
}
