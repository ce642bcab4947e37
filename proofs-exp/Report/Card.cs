using System.Text;

namespace UniversalFlows.Proofs.Report;

/// <summary>A card of the page: a title, one sentence with n, seeds and units, one line on how to read it, and its contents.</summary>
/// <param name="id">The anchor, unique on the page.</param>
/// <param name="title">The heading in plain text.</param>
/// <param name="subtitle">One sentence in plain text.</param>
/// <param name="howToRead">One line in plain text.</param>
internal sealed class Card(string id, string title, string subtitle, string howToRead)
{
    private readonly StringBuilder _body = new();
    private readonly List<Figure> _figures = [];

    /// <summary>The figures in the card's order.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Adds HTML as it is.</summary>
    public Card Raw(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }

    /// <summary>Adds a paragraph of HTML.</summary>
    public Card Paragraph(string html, string kind = "note") => Raw($"<p class=\"{kind}\">{html}</p>");

    /// <summary>Adds buttons that choose which plot each figure of this card shows.</summary>
    /// <param name="legend">What the choice is about.</param>
    /// <param name="names">The buttons' plain text, in the order of <see cref="Figure.Plots"/>.</param>
    public Card Buttons(string legend, params IReadOnlyList<string> names)
    {
        _body.Append($"<div class=\"choice\" role=\"group\" aria-label=\"{Html.Text(legend)}\"><span>{Html.Text(legend)}</span>");
        for (int i = 0; i < names.Count; i++)
            _body.Append($"<button type=\"button\" data-plot=\"{i}\" aria-pressed=\"{(i == 0 ? "true" : "false")}\">{Html.Text(names[i])}</button>");
        return Raw("</div>");
    }

    /// <summary>Adds a key of families: colour, marker, name.</summary>
    public Card Key(IEnumerable<string> families, params IReadOnlyList<(string Svg, string Text)> more)
    {
        _body.Append("<ul class=\"key\">");
        foreach (string family in families)
        {
            FamilyStyle style = PlotColors.Of(family);
            _body.Append($"<li>{Symbols.Svg(style.Symbol, style.Color)} <b>{Html.Text(family)}</b>");
            _body.Append(style.Name == family ? "</li>" : $" {Html.Text(style.Name)}</li>");
        }

        foreach ((string svg, string text) in more)
            _body.Append($"<li>{svg} {Html.Text(text)}</li>");
        return Raw("</ul>");
    }

    /// <summary>Adds figures side by side, as many in a row as there is room for.</summary>
    public Card Row(IEnumerable<Figure> figures)
    {
        Figure[] all = [.. figures];
        // a wide figure alone has the whole width
        _body.Append($"<div class=\"row{(all is [{ Aspect: > 1.6 }] ? " one" : "")}\">\n");
        foreach (Figure f in all)
        {
            _figures.Add(f);
            _body.Append($"<figure><figcaption>{Html.Text(f.Title)}</figcaption>");
            if (f.Key.Count > 0) Key([], f.Key);
            _body.Append($"<div class=\"plot\" style=\"aspect-ratio:{Html.Fixed(f.Aspect)}\" id=\"{Html.Text(f.Id)}\" role=\"img\" aria-label=\"{Html.Text(f.Label)}\"></div>");
            if (f.Note is not null)
                _body.Append($"<p class=\"note\">{Html.Text(f.Note)}</p>");
            _body.Append("</figure>\n");
        }

        return Raw("</div>");
    }

    /// <summary>The card's element.</summary>
    public string ToHtml() =>
        $"<section class=\"card\" id=\"{Html.Text(id)}\" aria-labelledby=\"{Html.Text(id)}-title\">\n"
        + $"<h3 id=\"{Html.Text(id)}-title\">{Html.Text(title)}</h3>\n<p class=\"subtitle\">{Html.Text(subtitle)}</p>\n"
        + $"<p class=\"how\"><b>How to read.</b> {Html.Text(howToRead)}</p>\n{_body}</section>\n";
}
