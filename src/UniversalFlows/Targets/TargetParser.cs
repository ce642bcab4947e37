namespace UniversalFlows.Targets;

/// <summary>Targets as a command line names them.</summary>
public static class TargetParser
{
    /// <summary>
    /// A zoo name (<c>twist</c>, <c>cyclic(4)</c>) or a formula (<c>x + 0.1*y^2; y</c>).
    /// </summary>
    /// <exception cref="InputException">It is neither; the message says where it goes wrong.</exception>
    public static Target Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text)) throw new InputException("the target is empty: write a name such as twist, or a formula such as x + 0.1*y^2; y", text, 1);
        if (Zoo.Find(text) is { } named) return named;
        return LooksLikeName(text) ? Zoo.Parse(text) : new FormulaTarget(text);
    }

    /// <summary>A lone word (with parameters, perhaps) that means nothing in a formula: a misspelt zoo name.</summary>
    private static bool LooksLikeName(string text)
    {
        string word = text.Split('(')[0].Trim();
        if (word.Length < 2 || !char.IsAsciiLetter(word[0]) || !word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) return false;
        string first = word.Split('-')[0];
        if (FormulaParser.Knows(first)) return false;
        int open = text.IndexOf('(', StringComparison.Ordinal);
        return open < 0 || text.IndexOf(')', StringComparison.Ordinal) == text.TrimEnd().Length - 1;
    }
}
