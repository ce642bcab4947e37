using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniversalFlows.Proofs.Report;

/// <summary>
/// Doubles of a figure: six significant digits, more than a screen shows (the CSV files have all of them); what is not finite
/// becomes null, which Plotly draws as a gap.
/// </summary>
internal sealed class PlottedNumber : JsonConverter<double>
{
    private const int LongestNumber = 32;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Figures are written, never read.");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => Write(writer, value, "G6");

    internal static void Write(Utf8JsonWriter writer, double value, string format)
    {
        if (!double.IsFinite(value))
        {
            writer.WriteNullValue();
            return;
        }

        Span<char> text = stackalloc char[LongestNumber];
        value.TryFormat(text, out int length, format, CultureInfo.InvariantCulture);
        Span<byte> bytes = stackalloc byte[LongestNumber];
        int count = Encoding.UTF8.GetBytes(text[..length], bytes);
        writer.WriteRawValue(bytes[..count], skipInputValidation: true);
    }
}

/// <summary>The values of a heat map: four significant digits, finer than its colours.</summary>
internal sealed class ColouredNumbers : JsonConverter<double[][]>
{
    public override double[][] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Figures are written, never read.");

    public override void Write(Utf8JsonWriter writer, double[][] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (double[] row in value)
        {
            writer.WriteStartArray();
            foreach (double v in row)
                PlottedNumber.Write(writer, v, "G4");
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
