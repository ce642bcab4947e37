using System.Text.Json;

namespace UniversalFlows.Bijections.Files;

/// <summary>A JSON value together with where it stands, so that every complaint names its place.</summary>
internal readonly record struct JsonPlace(JsonElement Element, string Path)
{
    /// <summary>An error at this place.</summary>
    public FlowFormatException Error(string problem) => new(Path, problem);

    /// <summary>The member, which must be there.</summary>
    public JsonPlace this[string name] => Optional(name) ?? throw Error($"\"{name}\" is missing");

    /// <summary>The member, or null.</summary>
    public JsonPlace? Optional(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Error($"an object is expected here, not {Kind(Element)}");
        // a member whose name is half a surrogate pair can't even be compared
        JsonElement? value = Decoded(Element, e => e.TryGetProperty(name, out JsonElement found) ? found : (JsonElement?)null);
        return value is { } there ? new JsonPlace(there, Path.Length == 0 ? name : $"{Path}.{name}") : null;
    }

    /// <summary>Refuses members that nothing reads: a misspelt name must not be ignored, a repeated one is ambiguous.</summary>
    public void Only(params ReadOnlySpan<string> names)
    {
        if (Element.ValueKind != JsonValueKind.Object) throw Error($"an object is expected here, not {Kind(Element)}");
        HashSet<string> seen = [];
        foreach (JsonProperty property in Element.EnumerateObject())
        {
            string name = Decoded(property, static p => p.Name);
            if (!names.Contains(name)) throw Error($"\"{name}\" is not known here; known are {string.Join(", ", names)}");
            if (!seen.Add(name)) throw Error($"\"{name}\" occurs twice");
        }
    }

    /// <summary>The entries of an array.</summary>
    public JsonPlace[] Items()
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Error($"an array is expected here, not {Kind(Element)}");
        JsonPlace[] items = new JsonPlace[Element.GetArrayLength()];
        int i = 0;
        foreach (JsonElement item in Element.EnumerateArray()) items[i] = new JsonPlace(item, $"{Path}[{i++}]");
        return items;
    }

    /// <summary>A finite number.</summary>
    public double Number() => Number(-1);

    /// <summary>A whole number within bounds.</summary>
    public int Whole(int least, int most)
    {
        if (Element.ValueKind != JsonValueKind.Number || !Element.TryGetInt32(out int value))
            throw Error($"a whole number is expected here, not {(Element.ValueKind == JsonValueKind.Number ? Element.GetRawText() : Kind(Element))}");
        return value >= least && value <= most ? value : throw Error($"{value} is not between {least} and {most}");
    }

    /// <summary>A string.</summary>
    public string Text() => Element.ValueKind == JsonValueKind.String
        ? Decoded(Element, static e => e.GetString()!)
        : throw Error($"a string is expected here, not {Kind(Element)}");

    /// <summary>true or false.</summary>
    public bool Flag() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"true or false is expected here, not {Kind(Element)}"),
    };

    /// <summary>One of the given words.</summary>
    public string Word(params ReadOnlySpan<string> words)
    {
        string text = Text();
        return words.Contains(text) ? text : throw Error($"\"{text}\" is not known; known are {string.Join(", ", words)}");
    }

    /// <summary>The length of an array, which must be <paramref name="count"/> (any if negative).</summary>
    public int Entries(int count)
    {
        if (Element.ValueKind != JsonValueKind.Array) throw Error($"an array of numbers is expected here, not {Kind(Element)}");
        int length = Element.GetArrayLength();
        return count < 0 || length == count ? length : throw Error($"{(count == 1 ? "1 number is" : $"{count} numbers are")} expected, found {length}");
    }

    /// <summary>Exactly <paramref name="count"/> finite numbers (any number if negative).</summary>
    public double[] Numbers(int count = -1)
    {
        double[] numbers = new double[Entries(count)];
        int i = 0;
        foreach (JsonElement item in Element.EnumerateArray())
        {
            numbers[i] = new JsonPlace(item, Path).Number(i);
            i++;
        }

        return numbers;
    }

    /// <summary>The same; the place of an entry of an array is spelt out only when there is a complaint.</summary>
    private double Number(int entry)
    {
        if (Element.ValueKind == JsonValueKind.Number && Element.GetDouble() is var value && double.IsFinite(value)) return value;
        JsonPlace place = entry < 0 ? this : new(Element, $"{Path}[{entry}]");
        throw place.Error(Element.ValueKind == JsonValueKind.Number ? "the number is too large for a double" : $"a number is expected here, not {Kind(Element)}");
    }

    /// <summary>A parser of JSON checks the syntax alone; broken UTF-8 and half a surrogate pair show when the text is read.</summary>
    private TValue Decoded<T, TValue>(T source, Func<T, TValue> read)
    {
        try
        {
            return read(source);
        }
        catch (InvalidOperationException)
        {
            throw Error("this is not valid text (broken UTF-8 or half a surrogate pair)");
        }
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
