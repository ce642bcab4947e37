using System.Globalization;
using System.Text.RegularExpressions;
using UniversalFlows.Bijections;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;
using UniversalFlows.Tests.Commands;
using UniversalFlows.Tests.Construction;
using Xunit;
using static UniversalFlows.Tests.Report.ReportSamples;

namespace UniversalFlows.Tests.Report;

/// <summary>The chain of pictures from A to f, and the rates of the construction: what is drawn is what cells and flow files hold.</summary>
public sealed class ConstructionFiguresTests
{
    /// <summary>f(x, y) = (1 + x + y²/2, 2y): A = diag(1, 2), F_t(x, y) = (x + ty²/2, 2y).</summary>
    private static double[] Target(double[] p, double t = 1, double shift = 1) => [.. Enumerable.Range(0, p.Length).Select(i => i % 2 == 0 ? shift + p[i] + (0.5 * t * p[i + 1] * p[i + 1]) : 2 * p[i])];

    /// <summary>S_t = A⁻¹F_t, and one hundredth too much of the first coordinate in the last factor.</summary>
    private static double[] Layers(double t, double[] p) => [.. Enumerable.Range(0, p.Length).Select(i => i % 2 == 0 ? p[i] + (0.5 * t * p[i + 1] * p[i + 1]) + (t == 1 ? 0.01 : 0) : p[i])];

    private static Cell Chain()
    {
        Cell cell = Constructed();
        ChainSummary chain = cell.Construction!.Chains[0];
        return cell with
        {
            Construction = cell.Construction with
            {
                Chains =
                [
                    chain with
                    {
                        Factors = 2,
                        Layers = [.. new[] { 1, 1, 2, 2 }.Select((k, i) => chain.Layers[i % 2] with { Factor = k })],
                        Moments = [new(0, [1, 0, 0, 2], [0, 0], 0, 0), new(0.5, [1, 0, 0, 2], [0, 0], 0.25, 0.5), new(1, [1, 0, 0, 2], [0, 0], 0.25, 0.5)],
                    },
                ],
            },
        };
    }

    private static ReportData ChainData(Func<int, double> time) => Data(Chain()) with
    {
        Target = (_, x) => new(Target(x), new double[x.Length / 2]),
        Prefix = (_, parts, x) => Layers(time(parts), x),
    };

    [Fact]
    public void The_chain_shows_the_flow_after_each_factor_with_its_frame_put_back()
    {
        (string html, Dictionary<string, string> files) = Write(ChainData(parts => (parts - 1) / 4.0));
        Assert.Contains("From A to f: shear", html, StringComparison.Ordinal);
        for (int k = 0; k <= 2; k++)
        {
            double t = k / 2.0;
            // line x₁ = −1, 33 points: the second last traces of each plot, after the grey net and the shaded quarter
            (double X, double Y)[] framed = Trace(files, $"chain-shear-{k}", 0, k == 0 ? 1 : 2), own = Trace(files, $"chain-shear-{k}", 1, 1);
            for (int n = 0; n < 33; n++)
            {
                double y = -1 + (n / 16.0), error = k == 2 ? 0.01 : 0;
                Assert.Equal((0.5 * t * y * y) + error, framed[n].X, 1e-12);
                Assert.Equal(2 * y, framed[n].Y, 1e-12);
                Assert.Equal(-1 + (0.5 * t * y * y) + error, own[n].X, 1e-12);
                Assert.Equal(y, own[n].Y, 1e-12);
            }
        }

        // grey: f itself, without the layers' error
        Assert.All(Trace(files, "chain-shear-2", 0, 0)[..33], p => Assert.Equal(0.5 * (p.Y / 2) * (p.Y / 2), p.X, 1e-12));
        List<double> distances = Distances(html);
        Assert.InRange(distances[0], 0, 1e-12);
        Assert.Equal(0.01, distances[1]);
        Assert.Contains("|g₁ − id| up to 0.250, ‖Dg₁ − I‖ up to 0.500", html, StringComparison.Ordinal);
        Assert.Contains("t = 1/2: after g₁", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_that_skips_a_factor_or_a_frame_is_seen()
    {
        // planted: every picture is the whole flow; then the identity for a frame
        (string html, _) = Write(ChainData(_ => 1));
        Assert.True(Distances(html)[0] > 0.2);
        ReportData frameless = ChainData(parts => (parts - 1) / 4.0);
        Cell cell = frameless.Cells[0];
        ChainSummary chain = cell.Construction!.Chains[0];
        cell = cell with { Construction = cell.Construction with { Chains = [chain with { Moments = [.. chain.Moments.Select(m => m with { Matrix = [1, 0, 0, 1] })] }] } };
        Assert.True(Distances(Write(frameless with { Cells = [cell] }).Html)[1] > 0.9);
        // no flow file: no picture, and the rest of the page stands
        (html, _) = Write(ChainData(_ => 1) with { Prefix = (_, _, _) => null });
        Assert.DoesNotContain("From A to f", html, StringComparison.Ordinal);
        Assert.Contains("Constructed flows", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chain_of_a_compiled_flow_follows_its_isotopy()
    {
        string folder = Directory.CreateTempSubdirectory("uf-chain-").FullName;
        try
        {
            Assert.True(new ConstructTask(TargetParser.Parse("generic"), FlowFamily.Sos, 1e-2).Compute(folder, TestContext.Current.CancellationToken));
            ReportData data = Results.Load(folder, "uf report");
            Cell cell = Assert.Single(data.Cells);
            ChainSummary chain = cell.Construction!.Chains[0];
            Assert.Equal(chain.Factors + 1, chain.Moments.Count);
            (string html, Dictionary<string, string> files) = Write(data);
            Assert.Equal(chain.Factors, Distances(html).Count);
            // an error made in a layer is at most stretched by the rest: before it, the states are as near to F_t as the layers so far let them
            Assert.All(Distances(html), d => Assert.InRange(d, 1e-9, 2 * chain.Bound));
            // the last picture is the flow itself: the frame C_1 that the cell holds is the flow's own last part
            double[] corner = [-1, -1];
            (double x, double y) = Trace(files, $"chain-generic-{chain.Factors}", 0, 2)[0];
            Assert.Equal(data.Flow(cell, corner)!.Values[0], x, 1e-12);
            Assert.Equal(data.Flow(cell, corner)!.Values[1], y, 1e-12);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Cell[] RateCells() =>
    [
        .. Sweep.All.SelectMany(s => s.Values.Select((v, i) => RateCell(
            s, v, s.Geometric ? Math.Pow(0.5, v) : 3 * Math.Pow(v, double.IsFinite(s.Theory) ? s.Theory : -0.5) * (1 + (0.02 * (i % 2)))))),
    ];

    [Fact]
    public void The_rates_drawn_are_those_of_the_cells()
    {
        Cell[] cells = RateCells();
        (string html, Dictionary<string, string> files) = Write(Data(cells));
        Assert.Contains($"n = {cells.Length} constructions", html, StringComparison.Ordinal);
        Assert.Contains("by a factor of 0.500 a degree", html, StringComparison.Ordinal);
        // the printed rates by a second method: least squares over the cells
        foreach (Sweep s in Sweep.All.Where(s => double.IsFinite(s.Theory)))
        {
            Cell[] straight = [.. cells.Where(c => c.Construction!.Sweep!.Sweep == s.Name && c.Construction.Sweep.At >= s.FitFrom && c.Construction.Sweep.At <= s.FitTo)];
            double squares = ReferenceTable.Rate([.. straight.Select(c => (int)c.Construction!.Sweep!.At)], [.. straight.Select(Selection.Sup)]);
            string figure = s.Name.StartsWith("dsf", StringComparison.Ordinal) ? "rate-dsf-plain" : $"rate-{s.Name}";
            string note = Regex.Match(html, $"id=\"{figure}\".*?<p class=\"note\">(.*?)</p>", RegexOptions.Singleline).Groups[1].Value;
            string name = s.Name.StartsWith("dsf", StringComparison.Ordinal) ? $"{char.ToUpperInvariant(s.Words[0])}{s.Words[1..]}: rate " : "Rate ";
            double printed = -double.Parse(Regex.Match(note, $"{Regex.Escape(name)}−([0-9.]+),").Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.Equal(squares, printed, 0.03);
        }

        Assert.Empty(Strays(files["figures.csv"], cells));
        // planted: a marker that no cell holds, and a cell whose number is not drawn
        string wrong = files["figures.csv"].Replace(Html.Exact(Selection.Sup(cells[3])), Html.Exact(1.1 * Selection.Sup(cells[3])), StringComparison.Ordinal);
        Assert.Equal(2, Strays(wrong, cells).Count);
    }

    [Fact]
    public void Without_cells_of_a_known_sweep_there_are_no_rates()
    {
        Assert.DoesNotContain("rates-card", Write(Data(Constructed())).Html, StringComparison.Ordinal);
        Cell unknown = RateCell(Sweep.All[0], 6, 1e-3) with { Hash = "unknown" };
        unknown = unknown with { Construction = unknown.Construction! with { Sweep = new("another", 6) } };
        Assert.DoesNotContain("rates-card", Write(Data(unknown)).Html, StringComparison.Ordinal);
        // one cell is a marker, and no rate
        string html = Write(Data(RateCell(Sweep.All[0], 6, 1e-3))).Html;
        Assert.Contains("Too few points for a rate.", html, StringComparison.Ordinal);
        Assert.DoesNotContain("by a factor of", html, StringComparison.Ordinal);
    }

    [Fact]
    public void One_stray_point_does_not_move_the_fitted_rate()
    {
        double[] x = [0, 1, 2, 3, 4, 5, 6], y = [.. x.Select(v => 3 - (4 * v))];
        Rate rate = Rate.Of(x, y);
        Assert.Equal(-4, rate.Slope, 1e-12);
        Assert.Equal(3, rate.Height, 1e-12);
        y[6] = 50;
        Assert.Equal(-4, Rate.Of(x, y).Slope, 1e-12);
        Assert.True(ReferenceTable.Slope(x, y) > 0); // least squares follow it
    }

    [Fact]
    public void A_point_of_a_sweep_is_what_its_command_makes()
    {
        RateTask task = Sweep.All.Single(s => s.Name == "rqs-size").Task(4);
        (Cell cell, _, _) = task.Run(TestContext.Current.CancellationToken);
        string[] words = [.. Regex.Matches(cell.Command, "\"([^\"]*)\"|(\\S+)").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value).Skip(1)];
        using Shell shell = new();
        shell.Uf([.. words[..^1], "@built"]);
        string json = File.ReadAllText(Path.Combine(shell["built"], "construction.json"));
        Assert.Contains($"\"sup\": {Html.Exact(cell.Errors!.Sup)}", json, StringComparison.OrdinalIgnoreCase);
        Assert.All(cell.Construction!.Chains[0].Layers, l => Assert.Equal((16, 4), (l.Degree, l.Size)));
    }

    /// <summary>The distances that the notes under the chain state, from F_t and f.</summary>
    private static List<double> Distances(string html) =>
        [.. Regex.Matches(html.Replace('\u2011', '-'), "the net ([0-9.e+-]*[0-9]) from").Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];

    /// <summary>A trace of figures.csv.</summary>
    private static (double X, double Y)[] Trace(Dictionary<string, string> files, string figure, int plot, int trace) =>
    [
        .. files["figures.csv"].Split('\n').Where(l => l.StartsWith($"{figure},{plot},{trace},", StringComparison.Ordinal)).Select(l => l.Split(',')).Select(f => (Number(f[3]), Number(f[4]))),
    ];

    /// <summary>Markers of the rate figures that no cell holds, and cells without a marker. Fitted lines have two points and follow their markers.</summary>
    private static List<string> Strays(string csv, Cell[] cells)
    {
        HashSet<string> held = [.. cells.Select(c => $"{Html.Exact(c.Construction!.Sweep!.At)},{Html.Exact(Selection.Sup(c))}")], drawn = [];
        foreach (var trace in csv.Split('\n').Where(l => l.StartsWith("rate-", StringComparison.Ordinal)).GroupBy(l => string.Join(',', l.Split(',')[..3])).Where(g => g.Count() > 2))
            foreach (string line in trace) drawn.Add(string.Join(',', line.Split(',')[3..5]));
        return [.. held.Except(drawn), .. drawn.Except(held)];
    }

    private static double Number(string s) => s.Length == 0 ? double.NaN : double.Parse(s, CultureInfo.InvariantCulture);
}
