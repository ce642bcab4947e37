namespace UniversalFlows.Proofs.Report;

/// <summary>Plotly's markers drawn small for a key in the page's text.</summary>
internal static class Symbols
{
    /// <summary>An inline drawing of 16 by 12 pixels.</summary>
    public static string Svg(string symbol, string color) => symbol.EndsWith("-open", StringComparison.Ordinal)
        ? Wrap($"<g transform=\"translate(0.8 0.6) scale(0.9)\">{Shape(symbol[..^5], "none").Replace("fill=\"none\"", $"fill=\"none\" stroke=\"{color}\" stroke-width=\"1.6\"", StringComparison.Ordinal)}</g>")
        : Wrap(Shape(symbol, color));

    private static string Shape(string symbol, string color) => symbol switch
    {
        "circle" => $"<circle cx=\"8\" cy=\"6\" r=\"4\" fill=\"{color}\"/>",
        "square" => $"<rect x=\"4\" y=\"2\" width=\"8\" height=\"8\" fill=\"{color}\"/>",
        "diamond" => $"<path d=\"M8 1l5 5-5 5-5-5z\" fill=\"{color}\"/>",
        "triangle-up" => $"<path d=\"M8 1l5 9H3z\" fill=\"{color}\"/>",
        "triangle-down" => $"<path d=\"M8 11L3 2h10z\" fill=\"{color}\"/>",
        "x" => $"<path d=\"M4 2l8 8M12 2l-8 8\" stroke=\"{color}\" stroke-width=\"3\"/>",
        "circle-open-dot" => $"<circle cx=\"8\" cy=\"6\" r=\"4\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/><circle cx=\"8\" cy=\"6\" r=\"1.3\" fill=\"{color}\"/>",
        "proved" => $"<path d=\"M8 0v12\" stroke=\"{color}\" stroke-width=\"3.5\"/><circle cx=\"8\" cy=\"6\" r=\"4\" fill=\"{color}\"/>",
        "star" => $"<path d=\"M8 0l1.6 4.2 4.4.2-3.5 2.8 1.2 4.3L8 9l-3.7 2.5 1.2-4.3L2 4.4l4.4-.2z\" fill=\"{color}\"/>",
        "cross" => $"<path d=\"M8 1v10M3 6h10\" stroke=\"{color}\" stroke-width=\"3\"/>",
        "dot" => $"<path d=\"M0 6h16\" stroke=\"{color}\" stroke-width=\"2\" stroke-dasharray=\"2 2\"/>",
        "bar" => $"<path d=\"M2 8h12\" stroke=\"{color}\" stroke-width=\"4\"/>",
        "level" => $"<path d=\"M3 6h10\" stroke=\"{color}\" stroke-width=\"2\"/>",
        "line" => $"<path d=\"M0 6h16\" stroke=\"{color}\" stroke-width=\"2\"/>",
        "dash" => $"<path d=\"M0 6h16\" stroke=\"{color}\" stroke-width=\"2\" stroke-dasharray=\"5 2\"/>",
        _ => $"<path d=\"M8 1l4.5 3.5-2 6h-5l-2-6z\" fill=\"{color}\"/>",
    };

    private static string Wrap(string shape) => $"<svg width=\"16\" height=\"12\" viewBox=\"0 0 16 12\" aria-hidden=\"true\">{shape}</svg>";
}
