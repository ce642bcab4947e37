using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Targets;

namespace UniversalFlows.Certification;

/// <summary>A file that is no certificate: what is wrong with it.</summary>
public sealed class CertificateFormatException(string message) : Exception(message);

/// <summary>
/// The certificate file (docs/certificates.md): the statement, the flow itself, the boxes, what is assumed, and a digest over every byte. Nothing stands in it that a checker
/// does not look at.
/// </summary>
public sealed record CertificateFile
{
    /// <summary>The value of the member "format".</summary>
    public const string FormatName = "universal-flows-certificate";

    /// <summary>The version written, and the only one read.</summary>
    public const int Version = 1;

    /// <summary>The value of the member "statement".</summary>
    public const string Statement = "lower <= max over the domain of |flow(x) - target(x)| <= upper, Euclidean norm";

    // what the bounds are stated wider than proved: room for the rounding of another program
    private const double Room = 0.1;

    private static readonly string[] s_members = ["format", "version", "statement", "norm", "target", "domain", "lower", "upper", "gap", "witness", "degree", "boxes", "cover", "assumptions", "flowHash", "flow", "digest"];

    /// <summary>What the proof rests on.</summary>
    public static IReadOnlyList<string> Assumptions { get; } =
    [
        "IEEE 754 binary64, round to nearest, gradual underflow: + - * / sqrt and fused multiply-add are correctly rounded",
        "the elementary functions of UniversalFlows are within the bounds of docs/elementary.md",
        "flow and target are their formulas over the real numbers, with the constants that file and program hold as doubles",
    ];

    /// <summary>The gap to search for so that the stated bounds, which are wider, keep <paramref name="gap"/>.</summary>
    public static double Sharper(double gap) => gap * (1 - Room);

    /// <summary>The canonical name of the target.</summary>
    public required string Target { get; init; }

    /// <summary>The canonical text of K.</summary>
    public required string Domain { get; init; }

    /// <summary>L.</summary>
    public required double Lower { get; init; }

    /// <summary>U.</summary>
    public required double Upper { get; init; }

    /// <summary>(U − L)/U.</summary>
    public double Gap => (Upper - Lower) / Upper;

    /// <summary>Where |f − g| ≥ L.</summary>
    public required IReadOnlyList<double> Witness { get; init; }

    /// <summary>D of the Taylor models that bounded the boxes.</summary>
    public required int Degree { get; init; }

    /// <summary>The signs of the tree of boxes: <c>+</c> halved along every coordinate, <c>.</c> bounded by U, <c>o</c> outside of K.</summary>
    public required string Cover { get; init; }

    /// <summary>The flow.</summary>
    public required Composition Flow { get; init; }

    /// <summary>
    /// What a certificate states: bounds a tenth of the gap wider than proved, at least; where rounding ended the search, half of U − L on each side.
    /// </summary>
    /// <param name="flow">g.</param>
    /// <param name="target">f.</param>
    /// <param name="domain">K.</param>
    /// <param name="proved">What the search found, with the gap <see cref="Sharper"/>(<paramref name="gap"/>) asked of it.</param>
    /// <param name="gap">The gap that the certificate keeps if the search reached its own.</param>
    /// <exception cref="ArgumentException">There is no finite upper bound above 0: nothing to state.</exception>
    public static CertificateFile Of(Composition flow, Target target, Domain domain, SupremumCertificate proved, double gap)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(proved);
        if (!(proved.Upper is > 0 and <= double.MaxValue)) throw new ArgumentException("there is no upper bound to state", nameof(proved));
        double room = proved.End == CertificateEnd.Gap ? Room / 2 * gap * proved.Upper : 0.5 * (proved.Upper - proved.Lower);
        return new CertificateFile
        {
            Target = target.Name,
            Domain = domain.ToString(),
            Lower = Math.Max(0, proved.Lower - room),
            Upper = proved.Upper + room,
            Witness = proved.Witness,
            Degree = proved.Degree,
            Cover = proved.Cover,
            Flow = flow,
        };
    }

    /// <summary>The bytes of the file.</summary>
    public byte[] ToBytes()
    {
        byte[] flow = FlowFile.ToBytes(Flow);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, IndentSize = 1, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("format", FormatName);
            json.WriteNumber("version", Version);
            json.WriteString("statement", Statement);
            json.WriteString("norm", "sup");
            json.WriteString("target", Target);
            json.WriteString("domain", Domain);
            json.WriteNumber("lower", Lower);
            json.WriteNumber("upper", Upper);
            json.WriteNumber("gap", Gap);
            json.WriteStartArray("witness");
            foreach (double x in Witness) json.WriteNumberValue(x);
            json.WriteEndArray();
            json.WriteNumber("degree", Degree);
            json.WriteNumber("boxes", Cover.Count(c => c == '.'));
            json.WriteString("cover", Cover);
            json.WriteStartArray("assumptions");
            foreach (string text in Assumptions) json.WriteStringValue(text);
            json.WriteEndArray();
            json.WriteString("flowHash", Hash(flow));
            json.WritePropertyName("flow");
            json.WriteRawValue(flow);
            json.WriteString("digest", new string('0', 64));
            json.WriteEndObject();
        }

        stream.Write("\n"u8);
        byte[] bytes = stream.ToArray();
        Encoding.ASCII.GetBytes(Digest(bytes)).CopyTo(bytes, DigestAt(bytes));
        return bytes;
    }

    /// <summary>Reads a file and checks everything but the mathematics: format, digest, hash of the flow, and that the numbers agree with each other.</summary>
    /// <exception cref="CertificateFormatException">It is no certificate.</exception>
    /// <param name="bytes">The file.</param>
    /// <param name="refusal">Why a well-formed certificate is not valid; null if nothing speaks against it so far.</param>
    public static CertificateFile Parse(byte[] bytes, out string? refusal)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 1024 });
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out JsonElement format) || format.ValueKind != JsonValueKind.String || format.GetString() != FormatName)
                throw new CertificateFormatException($"this is no certificate: a member \"format\" with the value \"{FormatName}\" was expected");
            if (root.GetProperty("version").GetInt32() != Version) throw new CertificateFormatException($"version {root.GetProperty("version")} is not known; this program reads version {Version}");
            string[] members = [.. root.EnumerateObject().Select(p => p.Name)];
            if (!members.SequenceEqual(s_members)) throw new CertificateFormatException($"the members are not {string.Join(", ", s_members)}");
            byte[] flow = Encoding.UTF8.GetBytes(root.GetProperty("flow").GetRawText());
            CertificateFile file = new()
            {
                Target = Text("target"),
                Domain = Text("domain"),
                Lower = root.GetProperty("lower").GetDouble(),
                Upper = root.GetProperty("upper").GetDouble(),
                Witness = [.. root.GetProperty("witness").EnumerateArray().Select(v => v.GetDouble())],
                Degree = root.GetProperty("degree").GetInt32(),
                Cover = Text("cover"),
                Flow = FlowFile.Parse(flow),
            };
            refusal = Text("statement") != Statement ? "the statement is not the one that is checked"
                : Text("norm") != "sup" ? "only the norm sup is checked"
                : Digest(bytes) != Text("digest") ? "the digest is not that of the file: something was changed"
                : Hash(FlowFile.ToBytes(file.Flow)) != Text("flowHash") ? "the flow is not the one that was certified"
                : !root.GetProperty("assumptions").EnumerateArray().Select(v => v.GetString()).SequenceEqual(Assumptions) ? "the assumptions are not those of the checker"
                : root.GetProperty("gap").GetDouble() != file.Gap ? "the gap is not (upper - lower)/upper"
                : root.GetProperty("boxes").GetInt32() != file.Cover.Count(c => c == '.') ? "the number of boxes is not that of the cover"
                : null;
            return file;

            string Text(string name) => root.GetProperty(name).GetString() ?? throw new CertificateFormatException($"\"{name}\" has no text");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or FlowFormatException)
        {
            throw new CertificateFormatException(e is FlowFormatException ? $"the flow: {e.Message}" : $"this is no certificate: {e.Message.Split(" LineNumber:")[0].TrimEnd('.')}");
        }
    }

    /// <summary>SHA-256 of the file with 64 zeros for the digest's own digits: it covers every byte.</summary>
    private static string Digest(byte[] bytes)
    {
        byte[] copy = [.. bytes];
        int at = DigestAt(bytes);
        if (at >= 0) copy.AsSpan(at, 64).Fill((byte)'0');
        return Hash(copy);
    }

    /// <summary>Where the digits stand: before the last three bytes, a quote, a line feed, … the file ends with <c>"\n}\n</c>.</summary>
    private static int DigestAt(byte[] bytes) => bytes.AsSpan().EndsWith("\"\n}\n"u8) && bytes.Length > 68 ? bytes.Length - 68 : -1;

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
