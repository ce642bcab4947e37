using UniversalFlows.Proofs.Claims;

namespace UniversalFlows.Proofs.Report;

/// <summary>Colour, letter and line of verdicts, fidelities and roles: told apart without colours, too.</summary>
internal static class ClaimStyle
{
    /// <summary>One letter for a verdict.</summary>
    public static string Letter(Verdict verdict) => verdict switch
    {
        Verdict.Certified => "C",
        Verdict.Constructed => "W",
        Verdict.Statistical => "T",
        Verdict.Supported => "S",
        Verdict.Inconclusive => "?",
        Verdict.Refuted => "R",
        Verdict.Stale => "–",
        _ => "N",
    };

    /// <summary>What a verdict means, in a few words.</summary>
    public static string Meaning(Verdict verdict) => verdict switch
    {
        Verdict.Certified => "certified: proved by exact arithmetic or enclosures",
        Verdict.Constructed => "constructed: an explicit witness meets its error",
        Verdict.Statistical => "statistical: within a confidence interval",
        Verdict.Supported => "supported: agrees where it was computed",
        Verdict.Inconclusive => "inconclusive",
        Verdict.Refuted => "refuted: an exact counterexample or a certified value",
        Verdict.Stale => "stale: no evidence of the present code",
        _ => "not testable, for a stated reason",
    };

    /// <summary>The fill of a verdict, light enough for black text.</summary>
    public static string Fill(Verdict verdict) => verdict switch
    {
        Verdict.Certified => "#9fd8c4",
        Verdict.Constructed => "#b9d9ef",
        Verdict.Statistical => "#dcd3ee",
        Verdict.Supported => "#e3eef7",
        Verdict.Inconclusive => "#fbe7b2",
        Verdict.Refuted => "#f4c4b4",
        Verdict.Stale => "#ffffff",
        _ => "#eceff3",
    };

    /// <summary>The border of a fidelity: SVG attributes.</summary>
    public static string Border(Fidelity fidelity) => fidelity switch
    {
        Fidelity.Verbatim => "stroke-width=\"3\"",
        Fidelity.Instance => "stroke-width=\"1.5\"",
        Fidelity.Partial => "stroke-width=\"1.5\" stroke-dasharray=\"7 3\"",
        Fidelity.Proxy => "stroke-width=\"1.5\" stroke-dasharray=\"2 3\"",
        _ => "stroke-width=\"0.5\"",
    };

    /// <summary>What a fidelity means, in a few words.</summary>
    public static string Meaning(Fidelity fidelity) => fidelity switch
    {
        Fidelity.Verbatim => "verbatim: the statement itself",
        Fidelity.Instance => "instance: cases of a general statement",
        Fidelity.Partial => "partial: a part of it",
        Fidelity.Proxy => "proxy: a quantity that stands for it",
        _ => "none",
    };

    /// <summary>The shape of a role around (x, y).</summary>
    public static string Shape(ClaimRole role, double x, double y, double width, double height, string attributes)
    {
        double l = x - (width / 2), r = x + (width / 2), t = y - (height / 2), b = y + (height / 2);
        string F(double v) => v.ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
        return role switch
        {
            ClaimRole.Definition => $"<path d=\"M{F(l)} {F(t)}H{F(r - 12)}L{F(r)} {F(t + 12)}V{F(b)}H{F(l)}Z\" {attributes}/>",
            ClaimRole.Lemma => $"<path d=\"M{F(l + 12)} {F(t)}H{F(r - 12)}L{F(r)} {F(y)}L{F(r - 12)} {F(b)}H{F(l + 12)}L{F(l)} {F(y)}Z\" {attributes}/>",
            ClaimRole.Corollary => $"<rect x=\"{F(l)}\" y=\"{F(t)}\" width=\"{F(width)}\" height=\"{F(height)}\" rx=\"{F(height / 2)}\" {attributes}/>",
            _ => $"<rect x=\"{F(l)}\" y=\"{F(t)}\" width=\"{F(width)}\" height=\"{F(height)}\" rx=\"3\" {attributes}/>",
        };
    }

    /// <summary>A verdict as a label: letter, word and colour.</summary>
    public static string Label(Verdict verdict) => $"<span class=\"verdict v{(int)verdict}\"><b>{Letter(verdict)}</b> {ClaimWords.Of(verdict)}</span>";
}
