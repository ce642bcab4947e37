using System.Text;
using System.Text.Json;

namespace UniversalFlows.Bijections.Files;

/// <summary>
/// The flow file (docs/flow-format.md): architecture and parameters in one readable JSON file, doubles in the shortest form that reads
/// back to the same bits.
/// </summary>
public static class FlowFile
{
    /// <summary>The value of the member "format".</summary>
    public const string Format = "universal-flows";

    /// <summary>The version written, and the only one read.</summary>
    public const int Version = 1;

    private const int MaxJsonDepth = 1024;

    /// <summary>Reads a flow.</summary>
    /// <exception cref="FlowFormatException">Not a flow file; the message names the place.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static Composition Load(string path) => Parse(File.ReadAllBytes(path));

    /// <summary>Reads a flow from the bytes of its file.</summary>
    /// <exception cref="FlowFormatException">Not a flow file; the message names the place.</exception>
    public static Composition Parse(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith(Encoding.UTF8.Preamble)) utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
        }
        catch (JsonException e)
        {
            throw new FlowFormatException($"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", Complaint(utf8.Span, e));
        }

        using (document)
        {
            JsonPlace root = new(document.RootElement, "");
            root.Only("format", "version", "name", "note", "dimension", "layers");
            string format = root["format"].Text();
            if (format != Format) throw root["format"].Error($"\"{format}\" is not a format of this program; expected \"{Format}\"");
            int version = root["version"].Whole(int.MinValue, int.MaxValue);
            if (version != Version) throw root["version"].Error($"version {version} is not known; this program reads version {Version}");
            root.Optional("name")?.Text();
            root.Optional("note")?.Text();
            int dimension = root["dimension"].Whole(1, 4096);
            return new Composition(dimension, FlowReader.Layers(root["layers"], dimension, depth: 0));
        }
    }

    /// <summary>What is wrong with a text that a parser of JSON refused at a place.</summary>
    private static string Complaint(ReadOnlySpan<byte> utf8, JsonException e)
    {
        if (utf8.IsEmpty) return "the file is empty";
        if (Depth(utf8) > MaxJsonDepth) return $"arrays and objects are nested deeper than {MaxJsonDepth}; a flow needs no more than {3 * (FlowReader.MaxNesting + 3)} levels";
        ReadOnlySpan<byte> rest = utf8;
        for (long line = e.LineNumber ?? 0; line > 0 && rest.IndexOf((byte)'\n') is >= 0 and int end; line--) rest = rest[(end + 1)..];
        rest = rest[(int)Math.Min(e.BytePositionInLine ?? 0, rest.Length)..];
        if (rest.Trim(" \t\r\n"u8).IsEmpty) return "the text ends too early (a truncated file?)";
        // the parser's reason, unless it repeats half of the file
        string reason = e.Message.Split(" LineNumber:")[0].TrimEnd('.');
        return reason.Length > 120 || reason.Any(char.IsControl) ? "this is not valid JSON" : $"this is not valid JSON: {reason}";
    }

    /// <summary>The deepest nesting of brackets outside strings.</summary>
    private static int Depth(ReadOnlySpan<byte> utf8)
    {
        int depth = 0, deepest = 0;
        bool text = false;
        for (int i = 0; i < utf8.Length; i++)
        {
            if (utf8[i] == '"') text = !text;
            else if (text && utf8[i] == '\\') i++;
            else if (!text && utf8[i] is (byte)'[' or (byte)'{') deepest = Math.Max(deepest, ++depth);
            else if (!text && utf8[i] is (byte)']' or (byte)'}') depth--;
        }

        return deepest;
    }

    /// <summary>Writes a flow; the file is complete or not there.</summary>
    public static void Save(IBijection flow, string path, string? name = null) => CompleteFile.Write(path, stream => Write(flow, stream, name));

    /// <summary>The bytes of the file.</summary>
    public static byte[] ToBytes(IBijection flow, string? name = null)
    {
        using MemoryStream stream = new();
        Write(flow, stream, name);
        return stream.ToArray();
    }

    private static void Write(IBijection flow, Stream stream, string? name)
    {
        ArgumentNullException.ThrowIfNull(flow);
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true, IndentSize = 1 });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        if (name is not null) json.WriteString("name", name);
        json.WriteNumber("dimension", flow.Dimension);
        FlowWriter.Layers(json, flow is Composition composition ? composition.Parts : [flow]);
        json.WriteEndObject();
    }
}
