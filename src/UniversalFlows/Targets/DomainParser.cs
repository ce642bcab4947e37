using System.Globalization;

namespace UniversalFlows.Targets;

/// <summary>Reads <c>name(n,n; n,n; …)</c>, the common shape of domains and of zoo names with parameters.</summary>
internal static class DomainParser
{
    private const string Usage = "write box(-1,1), box(-1,1; 0,2), ball(1), ball(0.5; 1,0), sector(0.6,1.8; -2.5,2.5) or ring(0.6,1.8)";

    public static Domain Parse(string text, int dimension)
    {
        (string name, List<List<Number>>? groups, int nameColumn) = Call(text, Usage);
        if (name is not ("box" or "ball" or "sector" or "ring"))
            throw new InputException($"unknown domain '{name}' at column {nameColumn}: {Usage}", text, nameColumn);
        if (groups is null || groups.Count == 0)
            throw new InputException($"the domain '{name}' at column {nameColumn} needs numbers: {Usage}", text, nameColumn);
        Domain domain = name switch { "box" => Box(text, groups, dimension), "ball" => Ball(text, groups, dimension), _ => Planar(text, name, groups, dimension, nameColumn) };
        if (!(domain.Volume > 0 && double.IsFinite(domain.Volume)))
            throw new InputException($"the volume of the domain at column {nameColumn} is too {(domain.Volume > 0 ? "large" : "small")} for a double: choose sides nearer to 1", text, nameColumn);
        return domain;
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
                throw new InputException($"a box has two numbers a coordinate, a lower and an upper end, but {(g.Count == 1 ? "1 begins" : $"{g.Count} begin")} at column {g[0].Column}: {Usage}", text, g[0].Column);
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

    /// <summary>A sector or a ring.</summary>
    private static Domain Planar(string text, string name, List<List<Number>> groups, int dimension, int nameColumn)
    {
        if (dimension != 2)
            throw new InputException($"a {name} is a set of the plane, but the target of the domain at column {nameColumn} has dimension {dimension}", text, nameColumn);
        if (name == "ring" && (groups.Count != 1 || groups[0].Count != 2))
        {
            int column = groups.Count > 1 && groups[0].Count == 2 ? groups[1][0].Column : groups[0][0].Column;
            throw new InputException($"a ring has two radii, but other numbers begin at column {column}: {Usage}", text, column);
        }

        if (name == "sector") return Sector(text, groups);
        (Number inner, Number outer) = Radii(text, name, groups[0]);
        return new Ring(inner.Value, outer.Value);
    }

    private static (Number Inner, Number Outer) Radii(string text, string name, List<Number> pair)
    {
        (Number inner, Number outer) = (pair[0], pair[1]);
        if (!(inner.Value > 0))
            throw new InputException($"the inner radius at column {inner.Column} must be positive, not {inner.Value:R}: a set with 0 in it is a ball", text, inner.Column);
        if (!(inner.Value < outer.Value))
            throw new InputException($"the {name} at column {inner.Column} is empty: the inner radius must be less than the outer one, not {inner.Value:R},{outer.Value:R}", text, inner.Column);
        if (!(inner.Value >= 1e-150 && outer.Value <= 1e150))
            throw new InputException($"the radii at column {inner.Column} are too large or too small for doubles: {inner.Value:R},{outer.Value:R}", text, inner.Column);
        return (inner, outer);
    }

    private static Sector Sector(string text, List<List<Number>> groups)
    {
        if (groups.Count != 2 || groups[0].Count != 2 || groups[1].Count != 2)
        {
            int wrong = groups.Count == 1 || groups[0].Count != 2 ? 0 : groups[1].Count != 2 ? 1 : 2, column = groups[wrong][0].Column;
            throw new InputException($"a sector has two radii and two angles, but other numbers begin at column {column}: {Usage}", text, column);
        }

        (Number inner, Number outer) = Radii(text, "sector", groups[0]);
        (Number from, Number to) = (groups[1][0], groups[1][1]);
        if (!(from.Value < to.Value))
            throw new InputException($"the sector is empty: the first angle at column {from.Column} must be less than the second, not {from.Value:R},{to.Value:R}", text, from.Column);
        if (!(to.Value - from.Value < 2 * Math.PI))
            throw new InputException($"the angles at column {from.Column} close the ring: their difference must be less than 2 pi, not {to.Value - from.Value:R}", text, from.Column);
        if (!(Math.Abs(from.Value) <= 2 * Math.PI && Math.Abs(to.Value) <= 2 * Math.PI))
            throw new InputException($"the angles at column {from.Column} must be radians from -2 pi to 2 pi, not {from.Value:R},{to.Value:R}", text, from.Column);
        return new Sector(inner.Value, outer.Value, from.Value, to.Value);
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
