using UniversalFlows.Construction.Affine;
using UniversalFlows.Proofs.Report;

namespace UniversalFlows.Proofs.Commands;

/// <summary>Options that take one of a few words, and what is said the same way everywhere.</summary>
internal static class Words
{
    /// <summary>The text, if it is one of the known words.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public static string One(string text, string option, params ReadOnlySpan<string> known)
    {
        foreach (string k in known)
            if (k == text) return text;
        throw new InputException($"--{option} takes {string.Join(", ", known[..^1].ToArray())} or {known[^1]}, not '{text}'");
    }

    /// <summary>cell, three, overshear, henon.</summary>
    public static string Of(AffineRoute route) => route.ToString().ToLowerInvariant();

    /// <summary>A proved interval to six digits, rounded outwards: what is printed is proved, too.</summary>
    public static string Bounds(double lower, double upper) => $"{Html.Rounded(lower, 6, -1)} <= sup |f - g| <= {Html.Rounded(upper, 6, 1)}";
}
