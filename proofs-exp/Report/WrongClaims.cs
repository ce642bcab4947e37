using System.Text;
using UniversalFlows.Proofs.Claims;

namespace UniversalFlows.Proofs.Report;

/// <summary>A reader's page: what the sources have wrong, each with the number that shows it, the correct statement, and where it stands.</summary>
internal static class WrongClaims
{
    /// <summary>The card.</summary>
    public static Card Card(IReadOnlyList<Judgement> wrong)
    {
        Card card = new(
            "wrong-claims",
            "Wrong claims, and what is right",
            $"{Html.Count(wrong.Count, "claim")} of the sources {(wrong.Count == 1 ? "is" : "are")} false as printed; statements are restated in our words.",
            "Left: the claim, and the number that refutes it. Right: the correct statement, and the same test of it where there is one. A failed training run is never among the reasons.");
        StringBuilder html = new("<div class=\"wrongs\">");
        foreach (Judgement j in wrong) html.Append(Article(j));
        return card.Raw(html.Append("</div>").ToString());
    }

    private static string Article(Judgement j)
    {
        Claim c = j.Claim;
        Finding f = j.Finding!;
        StringBuilder html = new($"<article aria-labelledby=\"wrong-{c.Id}\"><h4 id=\"wrong-{c.Id}\"><a href=\"#claim-{c.Id}\">{c.Id}</a> {Html.Text(c.Title)} <small>{Html.Text(c.Source)}</small></h4><div class=\"sides\">");
        html.Append($"<div class=\"printed\"><p>{Html.Text(c.Statement)}</p>{Numbers(f)}<p class=\"note\">{ClaimStyle.Label(j.Verdict)} defect {Html.Text(Defect(f))}; {Html.Text(f.Done)}.</p></div>");
        html.Append($"<div class=\"correct\"><p>{Html.Text(c.Correction)}</p>");
        if (f.Corrected is { } right) html.Append($"{Numbers(right)}<p class=\"note\">{ClaimStyle.Label(j.Corrected!.Value)} {Html.Text(right.Done)}; defect {Html.Text(Defect(right))}.</p>");
        if (c.Reference is { } reference) html.Append($"<p class=\"note\">{Html.Text(reference)}</p>");
        return html.Append("</div></div></article>\n").ToString();
    }

    /// <summary>The numbers of a finding as a small list.</summary>
    public static string Numbers(Finding f) => f.Numbers.Count == 0 ? "" : $"<ul class=\"numbers\">{string.Concat(f.Numbers.Select(n => $"<li>{Html.Text(n.Name)} <b>{Digits(n.Value)}</b></li>"))}</ul>";

    /// <summary>Up to seven digits: a wrong digit must be seen.</summary>
    public static string Digits(double v)
    {
        string digits = double.IsFinite(v) && Math.Abs(v) is 0 or (>= 1e-3 and < 1e7) ? Math.Round(Math.Abs(v), 6).ToString("0.######", System.Globalization.CultureInfo.InvariantCulture) : Html.Number(Math.Abs(v));
        return v < 0 ? $"−{digits}" : digits;
    }

    private static string Defect(Finding f) => f.Kind == EvidenceKind.Record ? Html.Count((int)f.Value, "entry", "entries") : f.Lower == f.Upper || f.Upper - f.Lower < 1e-6 * f.Value ? Digits(f.Value) : $"{Digits(f.Lower)} … {Digits(f.Upper)}";
}
