using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniversalFlows.Proofs.Studies;

/// <summary>
/// Doubles in JSON, which has no NaN and no infinity: those are written as null and read back as NaN. Finite numbers are written in
/// shortest round-trip form.
/// </summary>
internal sealed class FiniteOrNull : JsonConverter<double>
{
    /// <summary>Null has a meaning here: not a number.</summary>
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }
}
