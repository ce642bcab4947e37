using System.Globalization;
using System.Text;

namespace UniversalFlows.Proofs.Commands;

/// <summary>Points as CSV: header <c>x1,..,xd</c>, then a point a line; numbers in the shortest form that reads back to the same bits.</summary>
internal static class PointsCsv
{
    /// <summary>n·d numbers, row after row.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="name">What to call it in complaints.</param>
    /// <param name="dimension">d.</param>
    /// <param name="flow">Whether the points are for a flow; otherwise they are a law of their own.</param>
    /// <exception cref="InputException">The header is another one, or a number is none; the message names line and column.</exception>
    public static double[] Read(TextReader reader, string name, int dimension, bool flow = true)
    {
        string[] expected = [.. Enumerable.Range(1, dimension).Select(i => $"x{i}")];
        string header = reader.ReadLine() ?? throw new InputException($"{name}: line 1: the file is empty; the header {string.Join(',', expected)} was expected");
        string[] found = [.. header.TrimStart('\uFEFF').Split(',').Select(h => h.Trim())];
        if (!found.SequenceEqual(expected))
        {
            string reason = found.Length != dimension && found.Select((h, i) => h == $"x{i + 1}").All(b => b)
                ? $"the points have {found.Length} coordinate{(found.Length == 1 ? "" : "s")}, but the flow acts on R^{dimension}: the header {string.Join(',', expected)} was expected"
                : $"the header must be {string.Join(',', expected)} for {(flow ? "a flow of" : "points of")} R^{dimension}, not '{Shortened(header)}'";
            throw new InputException($"{name}: line 1: {reason}");
        }

        List<double> numbers = [];
        int line = 1, blank = 0;
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                if (blank == 0) blank = line;
                continue;
            }

            if (blank > 0) throw new InputException($"{name}: line {blank}: the line is empty, but more points follow");
            ReadOnlySpan<char> rest = text;
            for (int column = 1; column <= dimension; column++)
            {
                int comma = rest.IndexOf(',');
                if ((comma < 0) != (column == dimension))
                {
                    int count = text.Count(c => c == ',') + 1;
                    string hint = count == 1 && text.AsSpan().Trim().IndexOfAny(";\t ") >= 0 ? "; numbers are separated by commas" : "";
                    throw new InputException($"{name}: line {line}: {count} number{(count == 1 ? "" : "s")}, but the header has {dimension}{hint}");
                }

                ReadOnlySpan<char> field = comma < 0 ? rest : rest[..comma];
                if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
                    throw new InputException($"{name}: line {line}, column {column} (x{column}): '{Shortened(field.ToString())}' is not a finite number");
                numbers.Add(value);
                rest = comma < 0 ? [] : rest[(comma + 1)..];
            }
        }

        return [.. numbers];
    }

    /// <summary>Columns x1..xd.</summary>
    public static string Write(ReadOnlySpan<double> points, int dimension)
    {
        StringBuilder text = new(points.Length * 24);
        text.AppendJoin(',', Enumerable.Range(1, dimension).Select(i => $"x{i}")).Append('\n');
        Span<char> digits = stackalloc char[32];
        for (int n = 0; n < points.Length; n++) Append(text, points[n], digits).Append(n % dimension == dimension - 1 ? '\n' : ',');
        return text.ToString();
    }

    /// <summary>Columns y1..yd, logdet.</summary>
    public static string Write(ReadOnlySpan<double> values, ReadOnlySpan<double> logDets, int dimension)
    {
        StringBuilder text = new(values.Length * 24);
        for (int i = 1; i <= dimension; i++) text.Append('y').Append(i).Append(',');
        text.Append("logdet\n");
        Span<char> digits = stackalloc char[32];
        for (int n = 0; n < logDets.Length; n++)
        {
            for (int i = 0; i < dimension; i++) Append(text, values[(n * dimension) + i], digits).Append(',');
            Append(text, logDets[n], digits).Append('\n');
        }

        return text.ToString();
    }

    private static StringBuilder Append(StringBuilder text, double value, Span<char> digits)
    {
        value.TryFormat(digits, out int length, "R", CultureInfo.InvariantCulture);
        return text.Append(digits[..length]);
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
