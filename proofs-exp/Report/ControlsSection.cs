using System.Globalization;
using System.Text;
using UniversalFlows.Proofs.ExactControls;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Report;

/// <summary>The section on the controls: what classes of flows cannot do, by an exact amount.</summary>
internal static class ControlsSection
{
    /// <summary>Adds the section; nothing if there are no results.</summary>
    public static void AddTo(Page page, IReadOnlyList<ControlsResult> results)
    {
        if (results.Count == 0) return;
        ControlResult[] controls = [.. results.Select(r => r.Control)];
        page.Section("controls", "Controls", "A curve that falls says little unless something else stays up. Each row is a class of flows that provably cannot do better than an exact number; training must stop there.");
        page.Add(Table(controls, results));
        foreach (Card card in ControlCards.Of(controls)) page.Add(card);
    }

    /// <summary>A row a quantity or a point of a curve.</summary>
    public static string Csv(IReadOnlyList<ControlsResult> results) => Report.Csv.Table(
        "control,setting,kind,name,x,exact,crosscheck,tolerance,trained,standarderror,witnesslower,witnessupper,twin,twinatmost,holds,hash",
        results.SelectMany(r => r.Control.Quantities.Select(q => (IEnumerable<string>)[
            r.Control.Id, r.Control.Setting, "quantity", q.Name, "", Html.Exact(q.Exact), Html.Exact(q.CrossCheck), Html.Exact(q.Tolerance), Html.Exact(q.Trained), Html.Exact(q.StandardError),
            Html.Exact(q.WitnessLower), Html.Exact(q.WitnessUpper), Html.Exact(q.Twin), q.Twin is null ? "" : Html.Exact(q.TwinAtMost), q.Holds ? "yes" : "no", r.Hash])
            .Concat(r.Control.Points.Select(p => (IEnumerable<string>)[
                r.Control.Id, r.Control.Setting, "point", p.Series, Html.Exact(p.X), Html.Exact(p.Exact), "", "", Html.Exact(p.Measured), Html.Exact(p.Error), "", "", "", "", r.Control.PointsHold ? "yes" : "no", r.Hash]))));

    private static Card Table(ControlResult[] controls, IReadOnlyList<ControlsResult> results)
    {
        int broken = controls.Count(c => !c.Holds);
        Card card = new(
            "controls-table",
            "What cannot be done, and is not",
            $"{controls.Length} controls, {controls.Sum(c => c.Quantities.Count)} exact numbers; {(broken == 0 ? "all fail as they must" : $"{broken} do not behave as they must")}.",
            "Exact is the least error of the class, computed in two independent ways. Trained is what an optimiser reached inside the class: it must not be smaller. The witness is an explicit member of the class that "
            + "reaches the number (its error proved from both sides where the row says so). The twin leaves the class by one step and succeeds. In the gauge the vertical line is the exact number, every doubling one mark to the right.");
        StringBuilder html = new("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Controls\"><table class=\"runs controls\"><thead><tr><th scope=\"col\">setting</th>"
            + "<th scope=\"col\" class=\"n\">exact</th><th scope=\"col\" class=\"n\">trained</th><th scope=\"col\">gauge</th><th scope=\"col\" class=\"n\">witness</th><th scope=\"col\" class=\"n\">twin</th><th scope=\"col\">verdict</th></tr></thead>");
        foreach (var group in controls.GroupBy(c => c.Id))
        {
            html.Append($"<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"7\"><b>{Html.Text(Name(group.Key))}</b> {Html.Text(Upper(group.First().Why))}.</th></tr>\n");
            foreach (ControlResult c in group)
            {
                for (int i = 0; i < c.Quantities.Count; i++)
                {
                    ControlQuantity q = c.Quantities[i];
                    bool good = q.Holds && c.PointsHold;
                    html.Append($"<tr><th scope=\"row\" title=\"{Html.Text($"{c.Class}; target: {c.Target}")}\">{(i == 0 ? Html.Text(c.Setting) : "<span class=\"unit\">the same</span>")}</th>")
                        .Append($"<td class=\"n\" title=\"{Html.Text($"{q.ExactBy}; checked by: {q.CrossCheckBy}")}\"><span class=\"unit\">{Html.Text(q.Name)}</span> <b>{Value(q.Exact)}</b></td>")
                        .Append($"<td class=\"n\" title=\"{Html.Text(q.TrainedBy)}\">{(q.Trained is { } t ? q.StandardError is { } e && e > 0 ? Html.PlusMinus(t, e) : Value(t) : "–")}</td>")
                        .Append($"<td>{Gauge(q)}</td>")
                        .Append($"<td class=\"n\" title=\"{Html.Text(q.WitnessBy)}\">{(q.StandardError is null ? Witness(q) : "–")}</td>")
                        .Append($"<td class=\"n\" title=\"{Html.Text(q.TwinBy)}\">{(q.Twin is { } twin ? Small(twin) : "–")}</td>")
                        .Append($"<td{(good ? " class=\"good\"" : " class=\"bad\"")}>{(good ? Verdict(q) : Complaint(c, q))}</td></tr>\n");
                }
            }

            html.Append("</tbody>");
        }

        card.Raw(html.Append("</table></div>").ToString());
        html = new("<details><summary>How each number was computed, what the witness and the twin are</summary><dl class=\"laws\">");
        foreach (var group in controls.GroupBy(c => c.Id))
        {
            ControlQuantity q = group.First().Quantities[0];
            html.Append($"<div><dt>{Html.Text(group.Key)}</dt><dd>{Html.Text(Upper(group.First().Why))}. Exact: {Html.Text(q.ExactBy)}; checked by: {Html.Text(q.CrossCheckBy)}.");
            if (q.WitnessBy.Length > 0) html.Append($" Witness: {Html.Text(q.WitnessBy)}.");
            if (q.TwinBy.Length > 0) html.Append($" Twin: {Html.Text(q.TwinBy)}.");
            html.Append("</dd></div>");
        }

        card.Raw(html.Append("</dl></details>").ToString());
        string commands = string.Join(", ", results.Select(r => r.Command).Distinct().Select(c => $"<code class=\"copy\">{Html.Text(c)}</code>"));
        return card.Paragraph($"Made by {commands}. Proofs: <code>docs/controls.md</code>. Every number is in controls.csv beside this page.");
    }

    private static string Name(string id) => id switch
    {
        "N1" => "N1 Affine couplings of the line against y + y³.",
        "N2" => "N2 Constant volume, from N(0, I) to the uniform law of the unit square.",
        "N4" => "N4 Orientation against reflections of the unit ball.",
        "N7" => "N7 Few hidden units against x ↦ sx on the unit ball.",
        "N8" => "N8 Autoregressive layers in one order against the rotation by 90° of [−1, 1]².",
        "N9" => "N9 Contractive residual layers against x ↦ sx on the unit disc.",
        "N10" => "N10 Affine couplings against −x on [−1, 1]².",
        "N12" => "N12 Lipschitz images of N(0, 1) against ½δ₋₁ + ½δ₁.",
        "whitening" => "Whitening of N(0, Σ) by rotations and affine couplings, without training.",
        _ => id,
    };

    private static string Verdict(ControlQuantity q) => q.Name switch
    {
        "factor" => "as fast as it must",
        "layers" => "exactly as many",
        _ when q.Exact == 0 => "nothing forbids it",
        _ => "fails as it must",
    };

    private static string Complaint(ControlResult c, ControlQuantity q) =>
        !q.ExactHolds ? "two computations disagree" : !q.TrainedHolds ? "trained below the bound" : !q.WitnessHolds ? "the witness misses" : !q.TwinHolds ? "the twin fails" : !c.PointsHold ? "a point is off" : "broken";

    private static string Witness(ControlQuantity q) => (q.WitnessLower, q.WitnessUpper) switch
    {
        ({ } low, { } high) when Math.Max(Math.Abs(low), Math.Abs(high)) < 1e-9 => Small(high),
        ({ } low, { } high) => Value(low) == Value(high) ? Value(high) : $"{Value(low)} … {Value(high)}",
        _ => "–",
    };

    /// <summary>Five decimals: what the theory prints.</summary>
    private static string Value(double v) => v == Math.Floor(v) && Math.Abs(v) < 100 ? v.ToString("0", CultureInfo.InvariantCulture) : Math.Abs(v) < 1e-4 ? Small(v) : v.ToString("0.00000", CultureInfo.InvariantCulture);

    private static string Small(double v) => v == 0 ? "0" : v < 1e-3 ? $"{v.ToString("0e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal).Replace("e-", "e−", StringComparison.Ordinal)}" : Html.Number(v);

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>The trained number (hollow) and the witness (filled) on a scale of doublings of the exact one.</summary>
    private static string Gauge(ControlQuantity q)
    {
        const double Left = 14, Step = 44, Middle = 9;
        if (!(q.Exact > 0) || q.Name == "layers") return "";
        StringBuilder svg = new("<svg width=\"112\" height=\"18\" viewBox=\"0 0 112 18\" role=\"img\" aria-label=\"");
        svg.Append(Html.Text($"trained {Html.Number((q.Trained ?? q.Exact) / q.Exact)} times the exact value")).Append("\">");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M2 {Middle}H110\" stroke=\"#dde2e8\" stroke-width=\"1\"/>");
        for (int k = 1; k <= 2; k++) svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left + (k * Step):0.#} 5v8\" stroke=\"#c3cad3\" stroke-width=\"1\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left:0.#} 1v16\" stroke=\"{PlotColors.Ink}\" stroke-width=\"1.6\"/>");
        if (q.WitnessUpper is { } w) svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{At(w):0.##} 5l4 4-4 4-4-4z\" fill=\"#009E73\"/>");
        if (q.Trained is { } t) svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{At(t):0.##}\" cy=\"{Middle}\" r=\"4.2\" fill=\"#fff\" fill-opacity=\".75\" stroke=\"#D55E00\" stroke-width=\"1.8\"/>");
        return svg.Append("</svg>").ToString();

        double At(double v) => Math.Clamp(Left + (Step * Elements.Log10(v / q.Exact) / Elements.Log10(2)), 4, 108);
    }
}
