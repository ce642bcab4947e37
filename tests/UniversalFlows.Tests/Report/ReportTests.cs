using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using Xunit;
using static UniversalFlows.Tests.Report.ReportSamples;

namespace UniversalFlows.Tests.Report;

public sealed partial class ReportTests
{
    private const string Hostile = "</script><img src=x onerror=alert(1)>\"'&%{x}<!--";

    [Fact]
    public void Every_figure_is_JSON_in_Plotlys_form_with_finite_numbers_only()
    {
        (string html, _) = Write(Data(All()));
        List<JsonDocument> figures = FiguresOf(html);
        Assert.True(figures.Count > 15, $"only {figures.Count} figures");
        Assert.Equal(figures.Count, PlotDivs().Count(html));
        foreach (JsonDocument figure in figures)
        {
            Assert.NotEqual(0, figure.RootElement.GetArrayLength());
            foreach (JsonElement plot in figure.RootElement.EnumerateArray())
            {
                Assert.Equal(JsonValueKind.Array, plot.GetProperty("data").ValueKind);
                Assert.True(plot.GetProperty("layout").GetProperty("xaxis").GetProperty("title").GetProperty("text").GetString()!.Length > 0);
                Assert.True(plot.GetProperty("layout").GetProperty("yaxis").GetProperty("title").GetProperty("text").GetString()!.Length > 0);
                Assert.Equal(JsonValueKind.Object, plot.GetProperty("config").ValueKind);
            }
        }
    }

    [Fact]
    public void What_is_not_finite_becomes_null_in_figures_and_nothing_in_CSV()
    {
        Figure figure = new()
        {
            Id = "f",
            Title = "t",
            Label = "l",
            Plots = [new([new Scatter { Mode = "lines", X = [1, 2, 3], Y = [double.NaN, double.PositiveInfinity, 1.0 / 3] }], new() { XAxis = new(), YAxis = new() })],
        };
        JsonElement y = JsonDocument.Parse(figure.ToJson()).RootElement[0].GetProperty("data")[0].GetProperty("y");
        Assert.Equal([JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Number], y.EnumerateArray().Select(e => e.ValueKind));
        Assert.Equal(0.333333, y[2].GetDouble());
        Assert.Equal(["f,0,0,1,,", "f,0,0,2,,", "f,0,0,3,0.3333333333333333,"], Csv.Figures([figure]).Split('\n')[1..4]);
    }

    [Fact]
    public void Constructed_flows_have_a_table_a_budget_and_stars_beside_the_trained_curves()
    {
        (string html, _) = Write(Data(Map("acf", 1, 1), Constructed(), Constructed(1e-5)));
        Assert.Contains("1 of 2 constructions kept within the error", html, StringComparison.Ordinal);
        string[] figures = [.. FiguresOf(html).Select(f => f.RootElement.ToString())];
        Assert.Contains(figures, f => f.Contains("sos, constructed", StringComparison.Ordinal) && f.Contains("\"star-open\"", StringComparison.Ordinal));
        // granted 2·1e-4; taken 2·5e-5 and 2·1e-4
        string budget = Assert.Single(figures, f => f.Contains("layer, in the order of application", StringComparison.Ordinal));
        Assert.Contains("[0.0002,0.0002]", budget, StringComparison.Ordinal);
        Assert.Contains("[0.0001,0.0002]", budget, StringComparison.Ordinal);
        (string without, _) = Write(Data(Map("acf", 1, 1)));
        Assert.DoesNotContain("constructed", without, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_names_stay_text()
    {
        Cell cell = Map("acf", 2, 1) with
        {
            Target = Hostile,
            Formula = Hostile,
            Domain = Hostile,
            Family = Hostile,
            Hidden = Hostile,
            Activation = Hostile,
            Method = Hostile,
            Command = Hostile,
            FlowFile = Hostile,
            CodeVersion = Hostile,
            Hash = Hostile,
            Reason = Hostile,
        };
        Cell law = Law("acf", 2, 1) with { Target = Hostile, Family = Hostile, Hash = Hostile + "2", Reason = Hostile };
        (string clean, _) = Write(Data(Map("acf", 2, 1), Law("acf", 2, 1)));
        (string html, _) = Write(Data(cell, law, cell with { Seed = 2, Hash = Hostile + "3", Status = Cell.Diverged, Errors = null }) with { Command = Hostile });
        // as many script elements as figures plus two, and no element that the page does not write itself
        Assert.Equal(FiguresOf(html).Count + 2, Regex.Count(html, "</script>"));
        Assert.Equal(Regex.Count(clean, "<img"), Regex.Count(html, "<img"));
        Assert.Equal(Regex.Count(clean, "<!--"), Regex.Count(html, "<!--"));
        // Plotly reads tags and %{placeholders} in text: neither may come from data
        foreach (JsonDocument figure in FiguresOf(html))
            Assert.DoesNotContain(Strings(figure.RootElement), s => s.Contains("<img", StringComparison.Ordinal) || s.Contains("&%{x}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_same_results_give_the_same_bytes_in_any_order()
    {
        Cell[] cells = All();
        (_, Dictionary<string, string> once) = Write(Data(cells));
        (_, Dictionary<string, string> again) = Write(Data([.. cells.Reverse()]));
        Assert.Equal(once.Keys.Order(), again.Keys.Order());
        foreach (string file in once.Keys)
            Assert.True(once[file] == again[file], $"{file} differs");
    }

    [Fact]
    public void Every_run_is_in_the_table_and_in_the_CSV_with_all_digits()
    {
        Cell[] cells = [.. All(), Map("dsf", 2, 3, sup: 0.1 + 0.2)];
        (string html, Dictionary<string, string> files) = Write(Data(cells));
        foreach (Cell c in cells)
        {
            Assert.Contains($"<tr id=\"{RunTables.RowId(c)}\"", html, StringComparison.Ordinal);
            Assert.Contains(WebUtility.HtmlEncode(c.Command), html, StringComparison.Ordinal);
            string[] lines = files[$"{c.Study}.csv"].Split('\n');
            Assert.Single(lines, l => l.Split(',').Contains(c.Hash));
        }

        Assert.Contains("0.30000000000000004", files["maps.csv"], StringComparison.Ordinal);
        Assert.Contains("18446744073709551615", files["maps.csv"], StringComparison.Ordinal);
        Assert.Equal(1 + cells.Sum(c => c.Trace.Count), files["traces.csv"].TrimEnd('\n').Split('\n').Length);
        foreach (Match link in Regex.Matches(html, "href=\"#([^\"]*)\""))
            Assert.Contains($"id=\"{link.Groups[1].Value}\"", html, StringComparison.Ordinal);
        string[] ids = [.. Regex.Matches(BodyOf(html), " id=\"([^\"]*)\"").Select(m => m.Groups[1].Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void Diverged_runs_are_drawn_at_the_top_edge_and_counted()
    {
        (string html, _) = Write(Data(Map("acf", 1, 1), Map("sos", 2, 1, status: Cell.Diverged), Map("sos", 2, 2, status: Cell.Diverged)));
        Assert.Contains("<b>2</b> diverged", html, StringComparison.Ordinal);
        Assert.Contains("2 of 3 runs diverged (× at the top edge)", html, StringComparison.Ordinal);
        JsonElement plot = FigureNamed(html, "depth-map-shear").RootElement[0];
        JsonElement mark = plot.GetProperty("data").EnumerateArray()
            .Single(t => t.TryGetProperty("marker", out JsonElement m) && m.GetProperty("symbol").GetString() == "x");
        double y = Math.Log10(mark.GetProperty("y")[0].GetDouble());
        double[] range = [.. plot.GetProperty("layout").GetProperty("yaxis").GetProperty("range").EnumerateArray().Select(e => e.GetDouble())];
        Assert.InRange((y - range[0]) / (range[1] - range[0]), 0.95, 0.999);
        Assert.Contains("2 of 2 runs", mark.GetProperty("hovertext")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_median_counts_a_diverged_run_as_infinite()
    {
        Assert.Equal(2, Selection.Median([3, 1, 2]));
        Assert.Equal(3, Selection.Median([1, double.NaN, 3]));
        Assert.True(double.IsNaN(Selection.Median([1, double.NaN])));
        Assert.True(double.IsNaN(Selection.Median([])));
    }

    [Fact]
    public void The_page_loads_nothing_and_runs_its_own_two_scripts_only()
    {
        (string html, _) = Write(Data(All()));
        string policy = WebUtility.HtmlDecode(Regex.Match(html, "http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"").Groups[1].Value);
        Assert.StartsWith("default-src 'none'; script-src 'sha256-", policy, StringComparison.Ordinal);
        string[] scripts = [.. Regex.Matches(html, "<script>(.*?)</script>", RegexOptions.Singleline).Select(m => m.Groups[1].Value)];
        Assert.Equal(2, scripts.Length);
        foreach (string script in scripts)
            Assert.Contains(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script))), policy, StringComparison.Ordinal);
        foreach (Match m in Regex.Matches(BodyOf(html), "(?:src|href|action|srcset|data|poster)=\"([^\"]*)\""))
            Assert.Matches("^(#|data:)", m.Groups[1].Value);
        Assert.DoesNotContain("\r", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_errors_drawn_are_the_distance_of_flow_and_target()
    {
        (string html, _) = Write(Data(Map("acf", 2, 1)));
        JsonElement z = FigureNamed(html, "map-shear-error").RootElement[0].GetProperty("data")[0].GetProperty("z");
        double expected = Math.Log10(Shift * Math.Sqrt(2));
        Assert.All(z.EnumerateArray().SelectMany(r => r.EnumerateArray()), e => Assert.Equal(expected, e.GetDouble(), 3));
        double trip = double.Parse(Regex.Match(html, "round-trip error [^ ]+ − x\\| ([0-9.e+-]+[0-9])").Groups[1].Value, CultureInfo.InvariantCulture);
        // two additions, each rounded by at most half a unit in the last place of 1.125, in two coordinates
        Assert.InRange(trip, 0, Math.Sqrt(2) * 2 * (Math.BitIncrement(1.0) - 1));
    }

    [Fact]
    public void The_density_drawn_is_that_of_the_flow_and_has_mass_one()
    {
        // the inverse doubles, so the flow's law is normal with standard deviation ½: its peak is 4/2π
        ReportData data = Data(Law("acf", 2, 1)) with
        {
            Inverse = (c, x) => new([.. x.Select(v => 2 * v)], [.. Enumerable.Repeat(c.Dimension * Math.Log(2), x.Length / c.Dimension)]),
        };
        JsonElement map = FigureNamed(Write(data).Html, "law-normal2-acf").RootElement[0].GetProperty("data")[0];
        double[] x = [.. map.GetProperty("x").EnumerateArray().Select(e => e.GetDouble())], y = [.. map.GetProperty("y").EnumerateArray().Select(e => e.GetDouble())];
        double mass = map.GetProperty("z").EnumerateArray().SelectMany(r => r.EnumerateArray()).Sum(e => e.GetDouble()) * (x[1] - x[0]) * (y[1] - y[0]);
        Assert.Equal(1, mass, 2);
        Assert.Equal(4 / (2 * Math.PI), map.GetProperty("z").EnumerateArray().SelectMany(r => r.EnumerateArray()).Max(e => e.GetDouble()), 2);
    }

    [Fact]
    public void A_divergence_far_below_zero_is_called_out()
    {
        const string Warning = "Chance does not do that";
        Assert.DoesNotContain(Warning, Write(Data(Law("acf", 2, 1, kl: -0.004))).Html, StringComparison.Ordinal);
        Assert.Contains(Warning, Write(Data(Law("acf", 2, 1, kl: -0.1))).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_to_report_is_said()
    {
        (string html, Dictionary<string, string> files) = Write(Data());
        Assert.Contains("There are no runs to report", html, StringComparison.Ordinal);
        Assert.Single(files);
        (html, _) = Write(Data(Map("acf", 1, 1, status: Cell.Diverged), Law("acf", 1, 1, status: Cell.Diverged)));
        Assert.Contains("no run against this target has a finite error", html, StringComparison.Ordinal);
        Assert.Contains("No run against this law has a finite divergence", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flow_or_law_that_cannot_be_evaluated_is_named()
    {
        ReportData data = Data(Map("acf", 2, 1), Law("acf", 2, 1)) with { Flow = (_, _) => null, Inverse = (_, _) => null };
        string html = Write(data).Html;
        Assert.Contains("The flow file shear-acf.flow.json cannot be read", html, StringComparison.Ordinal);
        Assert.Contains("The flow file normal2-acf.flow.json (acf) cannot be read", html, StringComparison.Ordinal);
        html = Write(Data(Law("acf", 2, 1)) with { LawLogDensity = (_, _) => null }).Html;
        Assert.Contains("histogram of its points", html, StringComparison.Ordinal);
        html = Write(Data(Law("acf", 2, 1)) with { LawSamples = (_, _) => null }).Html;
        Assert.Contains("The law cannot be sampled", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Timings_may_be_missing()
    {
        Cell a = Map("acf", 1, 1), b = Map("acf", 2, 1);
        Timing timing = new() { Seconds = 90, Host = "h", PeakMemoryMb = 12 };
        string html = Write(Data(a, b) with { Timings = new Dictionary<string, Timing> { [a.Hash] = timing } }).Html;
        Assert.Contains("<b>90 s</b> of computing (of 1 run", html, StringComparison.Ordinal);
        Assert.DoesNotContain("of computing", Write(Data(a, b)).Html, StringComparison.Ordinal);
        Assert.Equal(timing, Timing.FromJson(timing.ToJson()));
    }

    [Fact]
    public void A_cell_survives_its_file()
    {
        Cell cell = Map("acf", 1, ulong.MaxValue, sup: 0.1 + 0.2);
        string json = cell.ToJson();
        Cell back = Cell.FromJson(json);
        Assert.Equal(json, back.ToJson());
        Assert.Equal(0.1 + 0.2, back.Errors!.Sup);
        Assert.True(double.IsNaN(back.Errors.C1));
        Assert.Equal(ulong.MaxValue, back.Seed);
        Assert.Contains("\"codeVersion\": \"c0de\"", json, StringComparison.Ordinal);
        Assert.True(double.IsNaN(Cell.FromJson(Map("sos", 2, 1, status: Cell.Diverged).ToJson()).Trace[1].Loss));
        Assert.Throws<JsonException>(() => Cell.FromJson(json.Replace("\"schema\": 1", "\"schema\": 2", StringComparison.Ordinal)));
        Assert.Throws<JsonException>(() => Cell.FromJson("{}"));
    }

    [Theory]
    [InlineData(0.0821234, 0.004, "0.0821 ± 0.0040")]
    [InlineData(-0.5, 0.25, "-0.50 ± 0.25")]
    [InlineData(double.NaN, 0.25, "not finite ± 0.250")]
    public void A_value_is_shown_to_its_errors_second_digit(double v, double error, string expected) => Assert.Equal(expected, Html.PlusMinus(v, error));

    [Fact]
    public void Exact_numbers_read_back_as_the_same_double()
    {
        foreach (double v in new[] { 1.0 / 3, double.Epsilon, double.MaxValue, -0.1, 1e-5, 123456789.123 })
            Assert.Equal(v, double.Parse(Html.Exact(v), CultureInfo.InvariantCulture));
        Assert.Equal("", Html.Exact(double.NaN));
        Assert.Equal("", Html.Exact(null));
    }

    private static List<JsonDocument> FiguresOf(string html) =>
        [.. FigureScripts().Matches(html).Select(m => JsonDocument.Parse(m.Groups[2].Value))];

    private static JsonDocument FigureNamed(string html, string id) =>
        JsonDocument.Parse(FigureScripts().Matches(html).Single(m => m.Groups[1].Value == $"data-{id}").Groups[2].Value);

    /// <summary>The page without plotly.js, whose text is not ours.</summary>
    private static string BodyOf(string html) => Regex.Replace(html, "<script>.*?</script>", "", RegexOptions.Singleline);

    private static IEnumerable<string> Strings(JsonElement e) => e.ValueKind switch
    {
        JsonValueKind.String => [e.GetString()!],
        JsonValueKind.Array => e.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => e.EnumerateObject().SelectMany(p => Strings(p.Value)),
        _ => [],
    };

    [GeneratedRegex("<script type=\"application/json\" id=\"([^\"]*)\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex FigureScripts();

    [GeneratedRegex("<div class=\"plot\"")]
    private static partial Regex PlotDivs();
}
