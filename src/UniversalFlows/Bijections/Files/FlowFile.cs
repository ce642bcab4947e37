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
            document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = 1024 });
        }
        catch (JsonException e)
        {
            throw new FlowFormatException(
                $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", utf8.IsEmpty ? "the file is empty" : "this is not valid JSON (a truncated file?)");
        }

        using (document)
        {
            JsonPlace root = new(document.RootElement, "");
            root.Only("format", "version", "name", "note", "dimension", "layers");
            string format = root["format"].Text();
            if (format != Format) throw root["format"].Error($"\"{format}\" is not a format of this program; expected \"{Format}\"");
            root["version"].Whole(Version, Version);
            root.Optional("name")?.Text();
            root.Optional("note")?.Text();
            int dimension = root["dimension"].Whole(1, 4096);
            return new Composition(dimension, FlowReader.Layers(root["layers"], dimension, depth: 0));
        }
    }

    /// <summary>Writes a flow; the file is complete or not there.</summary>
    public static void Save(IBijection flow, string path, string? name = null)
    {
        string temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write))
        {
            Write(flow, stream, name);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

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
