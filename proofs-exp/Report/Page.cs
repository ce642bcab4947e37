using System.Security.Cryptography;
using System.Text;

namespace UniversalFlows.Proofs.Report;

/// <summary>One self-contained HTML page: sections of cards, with everything they need inside.</summary>
internal sealed class Page(string title)
{
    private readonly StringBuilder _body = new();
    private readonly List<(string Id, string Title)> _sections = [];
    private readonly List<Figure> _figures = [];

    /// <summary>All figures of the page in their order.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>Starts a section, which the page's navigation names.</summary>
    /// <param name="id">The anchor.</param>
    /// <param name="heading">The heading in plain text.</param>
    /// <param name="introduction">A paragraph of HTML, or null.</param>
    public void Section(string id, string heading, string? introduction = null)
    {
        _sections.Add((id, heading));
        _body.Append($"<h2 id=\"{Html.Text(id)}\">{Html.Text(heading)}</h2>\n");
        if (introduction is not null)
            _body.Append($"<p class=\"intro\">{introduction}</p>\n");
    }

    /// <summary>Adds a card.</summary>
    public void Add(Card card)
    {
        _figures.AddRange(card.Figures);
        _body.Append(card.ToHtml());
    }

    /// <summary>Adds HTML as it is.</summary>
    public void Raw(string html) => _body.Append(html).Append('\n');

    /// <summary>The page's text; the same cards give the same text.</summary>
    /// <param name="lead">The HTML between the heading and the navigation.</param>
    public string ToHtml(string lead)
    {
        string plotly = Asset("plotly.js"), script = Asset("report.js");
        StringBuilder html = new(plotly.Length + (_body.Length * 2));
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        // Nothing may be fetched, and no script may run but the two of this page, named by their hashes.
        html.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
            .Append($"script-src '{Sha256(plotly)}' '{Sha256(script)}'; ")
            .Append("style-src 'unsafe-inline'; img-src data: blob:; base-uri 'none'; form-action 'none'\">\n");
        html.Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<link rel=\"icon\" href=\"data:,\">\n");
        html.Append($"<title>{Html.Text(title)}</title>\n<style>\n{Asset("report.css")}</style>\n</head>\n<body>\n");
        html.Append("<a class=\"skip\" href=\"#content\">Skip to the results</a>\n");
        html.Append($"<header>\n<h1>{Html.Text(title)}</h1>\n{lead}\n");
        html.Append("<nav aria-label=\"Contents\"><ul>");
        foreach ((string id, string heading) in _sections)
            html.Append($"<li><a href=\"#{Html.Text(id)}\">{Html.Text(heading)}</a></li>");
        html.Append("</ul></nav>\n</header>\n");
        html.Append("<noscript><p class=\"warning\">The pictures need JavaScript, which this page carries inside; the tables do not.</p></noscript>\n");
        html.Append("<main id=\"content\">\n").Append(_body).Append("</main>\n");
        html.Append("<footer><p>Charts are drawn by plotly.js, which is inside this file, under the MIT licence. ")
            .Append("The page loads nothing and sends nothing.</p></footer>\n");
        foreach (Figure figure in _figures)
            html.Append($"<script type=\"application/json\" id=\"data-{Html.Text(figure.Id)}\">{figure.ToJson()}</script>\n");
        html.Append("<!-- plotly.js: ").Append(Asset("plotly.LICENSE.txt").Replace("--", "- -", StringComparison.Ordinal)).Append("-->\n");
        html.Append("<script>").Append(plotly).Append("</script>\n<script>").Append(script).Append("</script>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static string Sha256(string script) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));

    private static string Asset(string name)
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from this build.");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
