using System.Text.Encodings.Web;
using System.Text.Json;

namespace UniversalFlows.Proofs.Commands;

/// <summary>The house form of JSON on stdout: a number that is not finite is null.</summary>
internal static class JsonWriting
{
    /// <summary>Indented; formulas stay readable, since the text goes to no web page.</summary>
    public static JsonWriterOptions Options { get; } = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A member with a number, null if it is not finite.</summary>
    public static void Finite(this Utf8JsonWriter json, string name, double? value)
    {
        json.WritePropertyName(name);
        json.Finite(value);
    }

    /// <summary>A number, null if it is not finite.</summary>
    public static void Finite(this Utf8JsonWriter json, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteNullValue();
    }

    /// <summary>A member with numbers.</summary>
    public static void Numbers(this Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values) json.Finite(value);
        json.WriteEndArray();
    }

    /// <summary>A member with objects, one an item.</summary>
    public static void Objects<T>(this Utf8JsonWriter json, string name, IEnumerable<T> items, Action<T> members)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            members(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
