namespace UniversalFlows.Proofs.Report;

/// <summary>Colour, marker and full name of a family: told apart by colour-blind readers and on grey paper alike.</summary>
/// <param name="Color">From the palette of Okabe and Ito (2008).</param>
/// <param name="Symbol">Plotly's name of the marker.</param>
/// <param name="Name">The family's name in words.</param>
internal sealed record FamilyStyle(string Color, string Symbol, string Name);

/// <summary>The report's colours.</summary>
internal static class PlotColors
{
    public const string Ink = "#1a1d21";
    public const string Target = "#1a1d21";
    public const string Background = "#f6f7f9";
    public const string LinesOfConstantX1 = "#0072B2";
    public const string LinesOfConstantX2 = "#D55E00";
    public const string Error = "Cividis";
    public const string Density = "Viridis";
    public const string FontFamily = "system-ui, 'Segoe UI', 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif";

    /// <summary>Plotly writes powers of ten a quarter larger than other ticks: this evens them out.</summary>
    public static readonly Font LogTicks = new() { Size = 10 };

    private static readonly string[] SpareColors = ["#E69F00", "#56B4E9", "#7F7F7F"];
    private static readonly string[] SpareSymbols = ["triangle-down", "pentagon", "star"];

    /// <summary>The families of the suite in the order in which they are drawn.</summary>
    public static readonly IReadOnlyList<string> Families = ["acf", "sos", "dsf", "rqs"];

    /// <summary>The style of a family; one that this report does not know gets a spare style, by the letters of its name.</summary>
    public static FamilyStyle Of(string family) => family switch
    {
        "acf" => new("#0072B2", "circle", "affine coupling"),
        "sos" => new("#D55E00", "square", "sum of squares"),
        "dsf" => new("#009E73", "diamond", "deep sigmoidal"),
        "ddsf" => new("#56B4E9", "star", "deep dense sigmoidal"),
        "rqs" => new("#CC79A7", "triangle-up", "rational-quadratic spline"),
        "nice" => new("#7F7F7F", "cross", "additive (NICE), keeps volume"),
        "planar" => new("#E69F00", "triangle-down", "planar"),
        "sylvester" => new("#8C6D31", "pentagon", "Sylvester"),
        "residual" => new("#5D4A9C", "hexagon", "residual"),
        _ => new(SpareColors[family.Sum(c => c) % SpareColors.Length], SpareSymbols[family.Sum(c => c) % SpareSymbols.Length], family),
    };

    /// <summary>Families in drawing order: the known ones first, others by name.</summary>
    public static IOrderedEnumerable<string> Ordered(IEnumerable<string> families) =>
        families.Distinct(StringComparer.Ordinal)
            .OrderBy(f => Families.Contains(f) ? Families.ToList().IndexOf(f) : Families.Count)
            .ThenBy(f => f, StringComparer.Ordinal);
}
