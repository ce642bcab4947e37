using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Testing;
using Xunit;

namespace UniversalFlows.Tests.Fuzzing;

/// <summary>
/// Spoilt flow files: refused with a sentence, or accepted as what they say. An accepted flow evaluates in both directions without an exception,
/// its file has every number that was read, and reads back to the same bits.
/// </summary>
public sealed partial class FlowFuzz
{
    /// <summary>Every registered bijection whose file is small enough to be tried a few thousand times a second.</summary>
    private static readonly string[] s_corpus =
    [
        .. BijectionRegistry.All.Where(c => !c.Name.StartsWith("architecture", StringComparison.Ordinal) || c.Name.EndsWith("d = 2", StringComparison.Ordinal))
            .Select(c => Encoding.UTF8.GetString(FlowFile.ToBytes(c.Draw(1)))).Where(text => text.Length < 12_000),
    ];

    private static readonly string[] s_words =
    [
        .. s_corpus.SelectMany(text => Word().Matches(text)).Select(m => m.Value).Distinct().Order(StringComparer.Ordinal), "\"mask\"", "\"note\"", "\"name\"", "\"product\"", "\"monomial\"",
    ];

    [Fact]
    public void Files_with_another_number_are_refused_or_show_it()
    {
        (int accepted, int tried) = Fuzz.Run("flow-number", 0.12, input =>
        {
            string text = s_corpus[input.Random.NextInt(s_corpus.Length)];
            MatchCollection numbers = Number().Matches(text);
            Match m = numbers[input.Random.NextInt(numbers.Count)];
            string other = input.Number64();
            input.Text = string.Concat(text.AsSpan(0, m.Index), other, text.AsSpan(m.Index + m.Length));
            return Try(input, Encoding.UTF8.GetBytes(input.Text));
        });
        Assert.InRange(accepted, tried / 10, tried * 95 / 100);
    }

    [Fact]
    public void Files_with_other_words_members_and_brackets_are_refused_or_understood()
    {
        (int accepted, int tried) = Fuzz.Run("flow-words", 0.1, input =>
        {
            string text = s_corpus[input.Random.NextInt(s_corpus.Length)];
            for (int edits = 1 + input.Random.NextInt(2); edits > 0; edits--) text = Edit(input, text);
            input.Text = text;
            return Try(input, Encoding.UTF8.GetBytes(text));
        });
        Assert.InRange(accepted, tried / 200, tried * 9 / 10);
    }

    [Fact]
    public void Files_with_other_bytes_are_refused_or_understood()
    {
        (int accepted, int tried) = Fuzz.Run("flow-bytes", 0.08, input =>
        {
            List<byte> bytes = [.. Encoding.UTF8.GetBytes(s_corpus[input.Random.NextInt(s_corpus.Length)])];
            for (int edits = 1 + input.Random.NextInt(3); edits > 0; edits--)
            {
                int at = input.Random.NextInt(bytes.Count);
                switch (input.Random.NextInt(5))
                {
                    case 0: bytes[at] ^= (byte)(1 << input.Random.NextInt(8)); break;
                    case 1: bytes[at] = (byte)input.Random.NextInt(256); break;
                    case 2: bytes.RemoveRange(at, Math.Min(1 + input.Random.NextInt(20), bytes.Count - at)); break;
                    case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(1 + input.Random.NextInt(20), bytes.Count - at))); break;
                    default: bytes.RemoveRange(at, input.OneIn(4) ? bytes.Count - at : 1); break;
                }

                if (bytes.Count == 0) break;
            }

            input.Text = Encoding.Latin1.GetString([.. bytes]);
            return Try(input, bytes.ToArray());
        });
        Assert.InRange(accepted, tried / 50, tried * 9 / 10);
    }

    /// <summary>The checker itself: a file that loses a number, a sign of zero or a member is found.</summary>
    [Theory]
    [InlineData("{\"a\": [1, 2]}", "{\"a\": [1, 2.5]}")]
    [InlineData("{\"a\": [1, 2]}", "{\"a\": [1]}")]
    [InlineData("{\"a\": [-0.0, 2]}", "{\"a\": [0, 2]}")]
    [InlineData("{\"a\": {\"b\": 3}}", "{\"a\": {}}")]
    [InlineData("{\"a\": \"tanh\"}", "{\"a\": \"relu\"}")]
    public void A_lost_number_is_found(string given, string written)
    {
        using JsonDocument a = JsonDocument.Parse(given), b = JsonDocument.Parse(written);
        Assert.NotNull(Lost(a.RootElement, b.RootElement, ""));
    }

    /// <summary>What a file declares costs no memory before its numbers are seen to be there.</summary>
    [Theory]
    [InlineData("{'type':'coupling','passive':[0,1],'active':[2],'transformer':{'type':'rqs','bins':4096,'interval':[-1,1],'slope':{'map':'exp'}},'conditioner':{'type':'chebyshev','degrees':[1000,1000],'intervals':[[-1,1],[-1,1]],'coefficients':[]}}")]
    [InlineData("{'type':'coupling','passive':[0,1],'active':[2],'transformer':{'type':'additive'},'conditioner':{'type':'chebyshev','degrees':[1000,1000],'intervals':[[-1,1],[-1,1]],'coefficients':[[]]}}")]
    [InlineData("{'type':'autoregressive','transformer':{'type':'additive'},'network':{'activation':'tanh','degrees':[MANY,MANY],'layers':[{},{},{}]}}")]
    public void A_small_file_takes_little_memory(string layer)
    {
        string many = $"[{string.Join(',', Enumerable.Repeat('1', 50_000))}]";
        string text = $"{{'format':'universal-flows','version':1,'dimension':3,'layers':[{layer.Replace("MANY", many, StringComparison.Ordinal)}]}}".Replace('\'', '"');
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<FlowFormatException>(() => FlowFile.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000_000);
    }

    private static string? Try(Fuzz.Input input, byte[] bytes)
    {
        Composition flow;
        try
        {
            flow = FlowFile.Parse(bytes);
            input.Accepted = true;
        }
        catch (FlowFormatException e)
        {
            return e.Message.Length == 0 || e.Message.Contains('\n', StringComparison.Ordinal) ? $"not one line: {e.Message}" : null;
        }

        byte[] written = FlowFile.ToBytes(flow);
        Composition again = FlowFile.Parse(written);
        if (!written.AsSpan().SequenceEqual(FlowFile.ToBytes(again))) return "its file reads back to another file";
        double[] x = [.. Enumerable.Range(0, flow.Dimension).Select(_ => input.Random.NextNormal())];
        foreach (bool inverse in (bool[])[false, true])
        {
            long[] a = Bits(flow, x, inverse), b = Bits(again, x, inverse);
            if (!a.AsSpan().SequenceEqual(b)) return $"its file evaluates to other bits ({(inverse ? "inverse" : "forward")})";
        }

        // a byte order mark aside, what was accepted is JSON
        using JsonDocument given = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 1024 }), file = JsonDocument.Parse(written, new JsonDocumentOptions { MaxDepth = 1024 });
        return Lost(given.RootElement.GetProperty("layers"), file.RootElement.GetProperty("layers"), "layers");
    }

    private static long[] Bits(Composition flow, double[] point, bool inverse)
    {
        Real[] x = [.. point.Select(v => new Real(v))];
        InverseStatus status = default;
        Real log = inverse ? flow.Inverse<Real>(x, ref status) : flow.Forward<Real>(x);
        return [.. x.Append(log).Select(v => double.IsNaN(v.Value) ? long.MinValue + 1 : BitConverter.DoubleToInt64Bits(v.Value)), (long)status];
    }

    /// <summary>The place of something given that is not written, or null. A member may be left out if it has its default, which is 0 or empty.</summary>
    private static string? Lost(JsonElement given, JsonElement written, string place)
    {
        if (given.ValueKind != written.ValueKind) return $"{place} has become another kind";
        switch (given.ValueKind)
        {
            case JsonValueKind.Object:
                if (given.TryGetProperty("type", out JsonElement type) && type.GetString() == "autoregressive") return Rearranged(given, written, place);
                foreach (JsonProperty member in given.EnumerateObject())
                {
                    string name = $"{place}.{member.Name}";
                    if (member.Name == "mask" ? Masked(member.Value, written) : written.TryGetProperty(member.Name, out JsonElement value) ? Lost(member.Value, value, name) is null : IsDefault(member)) continue;
                    return written.TryGetProperty(member.Name, out JsonElement other) ? Lost(member.Value, other, name) : $"{name} is lost";
                }

                return null;
            case JsonValueKind.Array:
                if (given.GetArrayLength() != written.GetArrayLength()) return $"{place} has another length";
                return given.EnumerateArray().Zip(written.EnumerateArray()).Select((p, i) => Lost(p.First, p.Second, $"{place}[{i}]")).FirstOrDefault(l => l is not null);
            case JsonValueKind.Number when given.GetRawText() == "-0" && written.GetRawText() == "0" && Indices().IsMatch(place):
                return null; // a whole number has one zero
            case JsonValueKind.Number:
                return BitConverter.DoubleToInt64Bits(given.GetDouble()) == BitConverter.DoubleToInt64Bits(written.GetDouble()) ? null : $"{place}: {given.GetRawText()} has become {written.GetRawText()}";
            default:
                return given.GetRawText() == written.GetRawText() || given.GetString() == written.GetString() ? null : $"{place}: {given.GetRawText()} has become {written.GetRawText()}";
        }
    }

    /// <summary>The file sorts the units of a masked network: the same numbers stand in another order.</summary>
    private static string? Rearranged(JsonElement given, JsonElement written, string place)
    {
        // an order left out is 0, 1, 2, …
        if (given.TryGetProperty("order", out JsonElement order) && Lost(order, written.GetProperty("order"), $"{place}.order") is { } lost) return lost;
        long[] a = [.. Sorted(given.GetProperty("transformer")), .. Sorted(given.GetProperty("network"))];
        long[] b = [.. Sorted(written.GetProperty("transformer")), .. Sorted(written.GetProperty("network"))];
        return a.AsSpan().SequenceEqual(b) ? null : $"{place} has other numbers";

        static long[] Sorted(JsonElement e) => [.. Number().Matches(e.GetRawText()).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture)).Where(v => v != 0).Select(BitConverter.DoubleToInt64Bits).Order()];
    }

    private static bool Masked(JsonElement mask, JsonElement written)
    {
        double[] bits = [.. mask.EnumerateArray().Select(b => b.GetDouble())];
        int[] Where(double bit) => [.. Enumerable.Range(0, bits.Length).Where(i => bits[i] == bit)];
        int[] Read(string name) => [.. written.GetProperty(name).EnumerateArray().Select(i => i.GetInt32())];
        return Where(1).SequenceEqual(Read("passive")) && Where(0).SequenceEqual(Read("active"));
    }

    private static bool IsDefault(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Number => BitConverter.DoubleToInt64Bits(member.Value.GetDouble()) is 0 or long.MinValue,
        JsonValueKind.Array => member.Value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.Number && v.GetDouble() == 0),
        JsonValueKind.String => member.Value.GetString() is "plain" or "identity",
        _ => false,
    };

    private static string Edit(Fuzz.Input input, string text)
    {
        MatchCollection words = Word().Matches(text), members = Member().Matches(text);
        Match word = words[input.Random.NextInt(words.Count)];
        switch (input.Random.NextInt(7))
        {
            case 0:
                return string.Concat(text.AsSpan(0, word.Index), s_words[input.Random.NextInt(s_words.Length)], text.AsSpan(word.Index + word.Length));
            case 1 when members.Count > 0:
                Match gone = members[input.Random.NextInt(members.Count)];
                return text.Remove(gone.Index, gone.Length);
            case 2 when members.Count > 0:
                Match twice = members[input.Random.NextInt(members.Count)];
                return text.Insert(twice.Index, twice.Value);
            case 3 when members.Count > 1:
                Match a = members[input.Random.NextInt(members.Count)], b = members[input.Random.NextInt(members.Count)];
                if (a.Index >= b.Index) goto case 0;
                return string.Concat(text[..a.Index], b.Value, text[(a.Index + a.Length)..b.Index], a.Value, text[(b.Index + b.Length)..]);
            case 4:
                string opening = input.Pick("[", "{", "{\"type\": \"inverse\", \"layer\": ", "{\"type\": \"composition\", \"layers\": [");
                return text.Insert(word.Index, string.Concat(Enumerable.Repeat(opening, input.Pick(1, 2, 20, 2000))));
            case 5:
                return string.Concat(text.AsSpan(0, word.Index), input.Pick("null", "true", "3", "[]", "{}", "\"\"", "\"\\ud800\""), text.AsSpan(word.Index + word.Length));
            default:
                // whole layers: an inverse around the first, as a user would write it
                int at = text.IndexOf("\"layers\": [", StringComparison.Ordinal) + "\"layers\": [".Length;
                return at > 20 ? text.Insert(at, input.Pick("{\"type\": \"composition\", \"layers\": []},", "{\"type\": \"inverse\", \"layer\": {\"type\": \"composition\", \"layers\": []}},", "[],", "{},")) : text;
        }
    }

    [GeneratedRegex(@"-?\d+(\.\d+)?([eE][+-]?\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\.(passive|active|order|degrees|degree|widths)(\[\d+\])*$")]
    private static partial Regex Indices();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Word();

    /// <summary>A member with a value on its own line, and the comma after it.</summary>
    [GeneratedRegex("\"\\w+\": (\"[^\"]*\"|[-\\d.eE+]+|\\[[^\\[\\]\\n]*\\]),?")]
    private static partial Regex Member();
}
