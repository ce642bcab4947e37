using System.Globalization;

namespace UniversalFlows.Targets;

/// <summary>Reads <c>name(n,n; n,n; …)</c>, the common shape of domains and of zoo names with parameters.</summary>
internal static class DomainParser
{
    private const string Usage = "write box(-1,1), box(-1,1; 0,2), ball(1) or ball(0.5; 1,0)";

    public static Domain Parse(string text, int dimension)
    {
        (string name, List<List<Number>>? groups, int nameColumn) = Call(text, Usage);
        if (name is not ("box" or "ball"))
            throw new InputException($"unknown domain '{name}' at column {nameColumn}: {Usage}", text, nameColumn);
        if (groups is null || groups.Count == 0)
            throw new InputException($"the domain '{name}' at column {nameColumn} needs numbers: {Usage}", text, nameColumn);
        return name == "box" ? Box(text, groups, dimension) : Ball(text, groups, dimension);
    }

    /// <summary>The name, and the numbers group by group (null without parentheses).</summary>
    public static (string Name, List<List<Number>>? Groups, int NameColumn) Call(string text, string usage)
    {
        int i = 0;
        Skip(text, ref i);
        int start = i;
        while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '-' or '_')) i++;
        if (i == start) throw Expected(text, i, "a name", usage);
        string name = text[start..i];
        Skip(text, ref i);
        if (i == text.Length) return (name, null, start + 1);
        if (text[i] != '(') throw Expected(text, i, "'(' or the end", usage);
        i++;
        List<List<Number>> groups = [[]];
        Skip(text, ref i);
        if (i < text.Length && text[i] == ')')
        {
            groups.Clear();
        }
        else
        {
            while (true)
            {
                groups[^1].Add(ReadNumber(text, ref i, usage));
                Skip(text, ref i);
                if (i >= text.Length) throw Expected(text, i, "',', ';' or ')'", usage);
                if (text[i] == ')') break;
                if (text[i] == ';') groups.Add([]);
                else if (text[i] != ',') throw Expected(text, i, "',', ';' or ')'", usage);
                i++;
            }
        }

        i++;
        Skip(text, ref i);
        if (i < text.Length) throw Expected(text, i, "the end", usage);
        return (name, groups, start + 1);
    }

    private static Box Box(string text, List<List<Number>> groups, int dimension)
    {
        foreach (List<Number> g in groups)
        {
            if (g.Count != 2)
                throw new InputException($"a box has two numbers a coordinate, a lower and an upper end, but {g.Count} begin at column {g[0].Column}: {Usage}", text, g[0].Column);
            if (!(g[0].Value < g[1].Value))
                throw new InputException($"the interval at column {g[0].Column} is empty: the lower end must be less than the upper one, not {g[0].Value:R},{g[1].Value:R}", text, g[0].Column);
        }

        if (groups.Count != 1 && groups.Count != dimension)
        {
            int column = groups[Math.Min(dimension, groups.Count - 1)][0].Column;
            throw new InputException($"the box has {groups.Count} coordinates at column {column}, but the target has {dimension}: give one pair for all or {dimension} pairs", text, column);
        }

        foreach (List<Number> g in groups)
        {
            if (!double.IsFinite(g[1].Value - g[0].Value))
                throw new InputException($"the interval at column {g[0].Column} is wider than a double can say: {g[0].Value:R},{g[1].Value:R}", text, g[0].Column);
        }

        List<Number> Pair(int i) => groups[groups.Count == 1 ? 0 : i];
        return new Box(Enumerable.Range(0, dimension).Select(i => Pair(i)[0].Value), Enumerable.Range(0, dimension).Select(i => Pair(i)[1].Value));
    }

    private static Ball Ball(string text, List<List<Number>> groups, int dimension)
    {
        Number radius = groups[0][0];
        if (groups[0].Count != 1 || groups.Count > 2)
        {
            int column = groups[0].Count > 1 ? groups[0][1].Column : groups[2][0].Column;
            throw new InputException($"a ball is ball(radius) or ball(radius; centre), but there are more numbers at column {column}: {Usage}", text, column);
        }

        if (!(radius.Value > 0))
            throw new InputException($"the ball is empty or a point: the radius at column {radius.Column} must be positive, not {radius.Value:R}", text, radius.Column);
        foreach (double centre in groups.Count == 1 ? [0.0] : groups[1].Select(n => n.Value))
        {
            double lower = centre - radius.Value, upper = centre + radius.Value;
            if (!(lower < centre && centre < upper && double.IsFinite(upper - lower)))
                throw new InputException($"the radius at column {radius.Column} is too large or too small for doubles about {centre:R}: {radius.Value:R}", text, radius.Column);
        }

        if (groups.Count == 1) return new Ball(radius.Value, dimension);
        if (groups[1].Count != dimension)
            throw new InputException($"the centre at column {groups[1][0].Column} has {groups[1].Count} coordinates, but the target has {dimension}", text, groups[1][0].Column);
        return new Ball(radius.Value, groups[1].Select(n => n.Value));
    }

    private static Number ReadNumber(string text, ref int i, string usage)
    {
        Skip(text, ref i);
        int start = i;
        if (i < text.Length && (text[i] is '-' or '+')) i++;
        while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.')) i++;
        if (i < text.Length && (text[i] is 'e' or 'E'))
        {
            i++;
            if (i < text.Length && (text[i] is '-' or '+')) i++;
            while (i < text.Length && char.IsAsciiDigit(text[i])) i++;
        }

        if (!double.TryParse(text.AsSpan(start, i - start), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !double.IsFinite(value))
            throw Expected(text, start, "a finite number", usage);
        return new Number(value, start + 1);
    }

    private static void Skip(string text, ref int i)
    {
        while (i < text.Length && char.IsWhiteSpace(text[i])) i++;
    }

    private static InputException Expected(string text, int i, string what, string usage)
    {
        string found = i < text.Length ? $"'{text[i]}'" : "the end of the text";
        return new InputException($"{what} was expected at column {i + 1}, but {found} is there: {usage}", text, i + 1);
    }

    internal readonly record struct Number(double Value, int Column);
}
