using System.Text.Json;
using System.Text.Json.Serialization;

namespace UniversalFlows.Proofs.Report;

/// <summary>
/// A picture of the report: one or more Plotly figures of which one is shown at a time. It is written in Plotly's own JSON schema
/// (<c>{data, layout, config}</c>), so that any other producer of that schema can stand in.
/// </summary>
internal sealed record Figure
{
    private static readonly JsonSerializerOptions Options = new()
    {
        // Plotly's keys are lower case throughout: HoverTemplate is hovertemplate
        PropertyNamingPolicy = new LowerCase(),
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // the default encoder writes <, > and & as \u003C ...: no text can close the script element that holds the figure
        Converters = { new PlottedNumber() },
    };

    private static readonly PlotConfig Config = new();

    /// <summary>The element's id, unique on the page.</summary>
    public required string Id { get; init; }

    /// <summary>The heading over the picture.</summary>
    public required string Title { get; init; }

    /// <summary>What the picture shows, for those who do not see it.</summary>
    public required string Label { get; init; }

    /// <summary>Width over height.</summary>
    public double Aspect { get; init; } = 4.0 / 3;

    /// <summary>A key over the picture, where the card's other pictures have other markers: an inline drawing and plain text each.</summary>
    public IReadOnlyList<(string Svg, string Text)> Key { get; init; } = [];

    /// <summary>A sentence under the picture.</summary>
    public string? Note { get; init; }

    /// <summary>The pictures among which the card's buttons choose, in the buttons' order.</summary>
    public required IReadOnlyList<Plot> Plots { get; init; }

    /// <summary>The JSON array of Plotly figures.</summary>
    public string ToJson() =>
        JsonSerializer.Serialize(Plots.Select(p => new { Data = p.Traces.Cast<object>().ToArray(), p.Layout, Config }).ToArray(), Options);

    private sealed class LowerCase : JsonNamingPolicy
    {
        // the schema's keys are lower case by definition, not a normalisation of text
        public override string ConvertName(string name) => name.ToLowerInvariant();
    }

    private sealed record PlotConfig
    {
        public bool Responsive { get; } = true;

        public bool DisplayLogo { get; init; }

        [JsonPropertyName("modeBarButtonsToRemove")]
        public IReadOnlyList<string> Remove { get; } = ["select2d", "lasso2d", "autoScale2d"];

        [JsonPropertyName("toImageButtonOptions")]
        public object Image { get; } = new { Format = "svg" };
    }
}

/// <summary>One Plotly figure: traces over a layout.</summary>
internal sealed record Plot(IReadOnlyList<Trace> Traces, Layout Layout);

/// <summary>What all traces have. Text is Plotly's pseudo-HTML: names from data pass through <see cref="Html.Plot"/> first.</summary>
internal abstract record Trace
{
    public abstract string Type { get; }

    public string? Name { get; init; }

    public bool? ShowLegend { get; init; }

    public string? HoverTemplate { get; init; }

    public string? HoverInfo { get; init; }

    public required double[] X { get; init; }

    public required double[] Y { get; init; }
}

/// <summary>Points, lines, or both; NaN breaks a line.</summary>
internal sealed record Scatter : Trace
{
    public override string Type => "scatter";

    public required string Mode { get; init; }

    public Marker? Marker { get; init; }

    public Line? Line { get; init; }

    public IReadOnlyList<string>? Text { get; init; }

    public string? TextPosition { get; init; }

    public Font? TextFont { get; init; }

    public IReadOnlyList<string>? HoverText { get; init; }

    /// <summary>The ids of elements to go to when a point is clicked.</summary>
    public IReadOnlyList<string>? CustomData { get; init; }

    public bool? ClipOnAxis { get; init; }

    /// <summary><c>toself</c> for a closed line with its inside coloured.</summary>
    public string? Fill { get; init; }

    public string? FillColor { get; init; }

    [JsonPropertyName("error_y")]
    public ErrorBars? ErrorY { get; init; }
}

/// <summary>Z[j][i] at (X[i], Y[j]) as a colour; NaN is a hole.</summary>
internal sealed record Heatmap : Trace
{
    public override string Type => "heatmap";

    [JsonConverter(typeof(ColouredNumbers))]
    public required double[][] Z { get; init; }

    public string ColorScale { get; init; } = "Cividis";

    public double? ZMin { get; init; }

    public double? ZMax { get; init; }

    public ColorBar? ColorBar { get; init; }

    public bool? HoverOnGaps { get; } = false;
}

internal sealed record Marker
{
    public string? Symbol { get; init; }

    public string? Color { get; init; }

    public double? Size { get; init; }

    public double? Opacity { get; init; }

    public Line? Line { get; init; }
}

internal sealed record Line
{
    public string? Color { get; init; }

    public double? Width { get; init; }

    public string? Dash { get; init; }
}

internal sealed record ErrorBars
{
    public string Type { get; } = "data";

    public required double[] Array { get; init; }

    public double[]? ArrayMinus { get; init; }

    public bool? Symmetric => ArrayMinus is null;

    public double? Thickness { get; init; }

    public double? Width { get; init; }
}

internal sealed record ColorBar
{
    public Title? Title { get; init; }

    public double? Thickness { get; init; }

    public double[]? TickVals { get; init; }

    public IReadOnlyList<string>? TickText { get; init; }

    public double? OutlineWidth { get; } = 0;
}

internal sealed record Title(string Text)
{
    public string? Side { get; init; }

    public double? Standoff { get; init; }
}

internal sealed record Font
{
    public string? Family { get; init; }

    public double? Size { get; init; }

    public string? Color { get; init; }
}

internal sealed record Axis
{
    public Title? Title { get; init; }

    public string? Type { get; init; }

    public double[]? Range { get; init; }

    public double[]? TickVals { get; init; }

    public IReadOnlyList<string>? TickText { get; init; }

    public double? DTick { get; init; }

    public int? NTicks { get; init; }

    public string? ExponentFormat { get; init; }

    public string? ScaleAnchor { get; init; }

    public string? Constrain { get; init; }

    public bool? ZeroLine { get; init; }

    public string? ZeroLineColor => ZeroLine == true ? "#c3cad3" : null;

    public Font? TickFont { get; init; }

    public bool? ShowGrid { get; init; }

    public string? GridColor { get; init; } = "#e6eaef";

    public string? LineColor { get; init; } = "#8a94a3";

    public bool? Mirror { get; init; } = true;

    public bool? AutoMargin { get; init; } = true;

    public string? Ticks { get; init; } = "outside";
}

internal sealed record Margin
{
    public required double L { get; init; }

    public required double R { get; init; }

    public required double T { get; init; }

    public required double B { get; init; }
}

internal sealed record Annotation
{
    public required string Text { get; init; }

    public required double X { get; init; }

    public required double Y { get; init; }

    public double? Ax { get; init; }

    public double? Ay { get; init; }

    public bool? ShowArrow { get; init; }

    public string? BgColor { get; init; }

    public double? BorderPad { get; init; }

    public Font? Font { get; init; }
}

internal sealed record Legend
{
    public string? Orientation { get; init; }

    public double? X { get; init; }

    public double? Y { get; init; }

    public string? XAnchor { get; init; }

    public string? YAnchor { get; init; }

    public string? BgColor { get; init; } = "rgba(255,255,255,0.75)";
}

internal sealed record ModeBar
{
    public string BgColor { get; } = "rgba(255,255,255,0.7)";
}

internal sealed record Layout
{
    public required Axis XAxis { get; init; }

    public required Axis YAxis { get; init; }

    public Margin Margin { get; init; } = new() { L = 60, R = 14, T = 12, B = 48 };

    public Font Font { get; init; } = new() { Family = PlotColors.FontFamily, Size = 12, Color = PlotColors.Ink };

    public bool? ShowLegend { get; init; } = false;

    public Legend? Legend { get; init; }

    public string? HoverMode { get; init; } = "closest";

    public IReadOnlyList<Annotation>? Annotations { get; init; }

    public ModeBar ModeBar { get; init; } = new();

    [JsonPropertyName("paper_bgcolor")]
    public string PaperColor { get; } = "rgba(0,0,0,0)";

    [JsonPropertyName("plot_bgcolor")]
    public string PlotColor { get; init; } = "#ffffff";
}
