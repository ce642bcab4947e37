using System.Globalization;
using System.Text.RegularExpressions;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Tests.Commands;
using UniversalFlows.Tests.Construction;
using Xunit;
using static UniversalFlows.Tests.Report.ReportSamples;

namespace UniversalFlows.Tests.Report;

/// <summary>The cards of the study <c>affine-constructions</c>: what they state and draw is what cells and flow files hold.</summary>
public sealed class AffineReportTests
{
    private static Cell[] Row(string figure, Func<AffineCase, double> error) => [.. AffineCases.All.Where(c => c.Row.Figure == figure).Select(c => AffineCell(c, error(c)))];

    /// <summary>3·n^theory with a ripple of two per cent; 0.3 where nothing is known.</summary>
    private static double Power(AffineCase c) => double.IsNaN(c.Row.Theory) ? 0.3 : 3 * Math.Pow(c.At, c.Row.Theory) * (c.At is 4 or 16 ? 1.02 : 1);

    [Theory]
    [InlineData(AffineCases.Splitting, "affine-splitting-error", 3)]
    [InlineData(AffineCases.Cells, "affine-cells-error", 2)]
    public void The_rates_stated_are_those_of_the_cells(string figure, string id, int rows)
    {
        Cell[] cells = Row(figure, Power);
        (string html, Dictionary<string, string> files) = Write(Data(cells));
        string note = Regex.Match(html, $"id=\"{id}\".*?<p class=\"note\">(.*?)</p>", RegexOptions.Singleline).Groups[1].Value;
        int stated = 0;
        foreach (var row in AffineCases.All.Where(c => c.Row.Figure == figure && double.IsFinite(c.Row.Theory)).GroupBy(c => c.Row))
        {
            // least squares over the cells, the second method
            AffineCase[] straight = [.. row.Where(c => c.At >= row.Key.FitFrom && c.At <= row.Key.FitTo)];
            double squares = ReferenceTable.Rate([.. straight.Select(c => (int)c.At)], [.. straight.Select(Power)]);
            Match match = Regex.Match(note, $"{Regex.Escape(row.Key.Words)}: rate −([0-9.]+), .*? theory −{Math.Abs(row.Key.Theory):F0}");
            Assert.Equal(squares, -double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), 0.03);
            stated++;
        }

        Assert.Equal(rows, stated);
        // every cell is a marker, and no marker is anything else; planted: one that is
        Assert.Empty(Strays(files["figures.csv"], id, cells));
        Assert.Equal(2, Strays(files["figures.csv"].Replace(Html.Exact(cells[1].Errors!.L2), Html.Exact(1.1 * cells[1].Errors!.L2), StringComparison.Ordinal), id, cells).Count);
    }

    [Fact]
    public void The_control_is_compared_with_the_same_number_of_cells()
    {
        string html = Write(Data(Row(AffineCases.Cells, Power))).Html;
        // order 2 at n = 32: 3/1024
        Assert.Contains($"at n = 32 it is {Html.Number(0.3 / (3.0 / 1024))} times the one with γ", html, StringComparison.Ordinal);
        Assert.Contains("meaningless unless the conditioner class is fixed", html, StringComparison.Ordinal);
    }

    /// <summary>A first layer (x, y) ↦ (x + y²/2, y) and ramps x = ±½ before the second: red are the parabolas x = ±½ − y²/2 within K.</summary>
    private static ReportData Bent(Cell cell, double bend) => Data(cell) with
    {
        Prefix = (_, parts, p) => [.. p.Select((v, i) => i % 2 == 0 && parts > 0 ? v + (0.5 * p[i + 1] * p[i + 1]) : v)],
        BackThrough = (_, parts, p) => [.. p.Select((v, i) => i % 2 == 0 && parts > 0 ? v - (bend * p[i + 1] * p[i + 1]) : v)],
    };

    [Fact]
    public void The_red_lines_are_the_points_that_come_to_a_ramp()
    {
        AffineCase fold = AffineCases.All.Single(c => c.Row.Name == $"{AffineCases.Maps}.fold");
        Cell cell = AffineCell(fold, 0.1);
        (string html, Dictionary<string, string> files) = Write(Bent(cell, 0.5));
        (double X, double Y)[] red = Red(files);
        Assert.True(red.Length > 400);
        Assert.All(red, p => Assert.Equal(0.5, Math.Abs(p.X + (0.5 * p.Y * p.Y)), 1e-12));
        Assert.All(red, p => Assert.InRange(Math.Max(Math.Abs(p.X), Math.Abs(p.Y)), 0, 1));
        // planted: lines that the first layer does not bring there
        Assert.Contains(Red(Write(Bent(cell, 0)).Files), p => Math.Abs(Math.Abs(p.X + (0.5 * p.Y * p.Y)) - 0.5) > 0.1);
        foreach (string words in (string[])["measure 3.00e-6", "width η = 1.00e-7", "error up to 2.50 on it", "at least ½ from this fold", "L² off the set 0.100"])
            Assert.Contains(words, html, StringComparison.Ordinal);
        // no flow file: no picture, and the rest of the page stands
        html = Write(Bent(cell, 0.5) with { Flow = (_, _) => null }).Html;
        Assert.DoesNotContain("exceptional-fold", html, StringComparison.Ordinal);
        Assert.Contains("runs-affine-constructions", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_costs_stand_side_by_side()
    {
        Cell[] cells = Row(AffineCases.Costs, c => 0.5 * c.At);
        (string html, Dictionary<string, string> files) = Write(Data(cells));
        string table = Regex.Match(html, "aria-label=\"Two routes to a small sup error\".*?</table>", RegexOptions.Singleline).Value;
        Assert.Equal(cells.Length, Regex.Count(table, "<td><a href="));
        foreach (Cell c in cells)
        {
            Assert.Contains($"{Html.Number(c.Construction!.Affine!.Constant("condition"))}</td>", table, StringComparison.Ordinal);
            Assert.Contains(files["figures.csv"].Split('\n'), l => l.StartsWith("affine-cost-", StringComparison.Ordinal) && l.Contains($",{Html.Exact(c.Construction.Epsilon)},{Html.Exact(c.Construction.Affine.Constant("largestWeight"))},", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("(not met)", table, StringComparison.Ordinal);
        Cell missed = cells[0] with { Construction = cells[0].Construction! with { Met = false } };
        Assert.Contains("(not met)", Write(Data(missed)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Cells_of_another_grid_are_in_the_table_alone()
    {
        Cell cell = AffineCell(AffineCases.All[0], 0.1);
        Cell other = cell with { Construction = cell.Construction! with { Sweep = new("another.row", 1) } };
        string html = Write(Data(other)).Html;
        Assert.DoesNotContain("id=\"affine\"", html, StringComparison.Ordinal);
        Assert.Contains("runs-affine-constructions", html, StringComparison.Ordinal);
    }

    /// <summary>The command in a cell makes the flow that the cell measured.</summary>
    [Theory]
    [InlineData("splitting.suzuki", 1)]
    [InlineData("cells.order-1", 4)]
    [InlineData("cells.no-margin", 8)]
    [InlineData("maps.reflection", 0.3)]
    public void A_cell_is_what_its_command_makes(string row, double at)
    {
        AffineTask task = new(AffineCases.All.Single(c => c.Row.Name == row && c.At == at));
        (Cell cell, _, _) = task.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Cell.Finished, cell.Status);
        string[] words = [.. Regex.Matches(cell.Command, "\"([^\"]*)\"|(\\S+)").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Groups[2].Value).Skip(1)];
        using Shell shell = new();
        shell.Uf([.. words[..^1], "@built"]);
        string json = File.ReadAllText(Path.Combine(shell["built"], "construction.json"));
        Assert.Contains($"\"error\": {Html.Exact(cell.Construction!.Affine!.Error)}", json, StringComparison.OrdinalIgnoreCase);
        // what is in the file is read back as it was
        Assert.Equal(cell.ToJson(), Cell.FromJson(cell.ToJson()).ToJson());
        Assert.Equal(AffineCases.All.Count, AffineCases.All.Select(c => new AffineTask(c).Hash).Distinct().Count());
    }

    private static (double X, double Y)[] Red(Dictionary<string, string> files) =>
    [
        .. files["figures.csv"].Split('\n').Where(l => l.StartsWith("exceptional-fold-set,0,1,", StringComparison.Ordinal)).Select(l => l.Split(',')).Where(f => f[3].Length > 0)
            .Select(f => (double.Parse(f[3], CultureInfo.InvariantCulture), double.Parse(f[4], CultureInfo.InvariantCulture))),
    ];

    private static List<string> Strays(string csv, string figure, Cell[] cells)
    {
        HashSet<string> held = [.. cells.Select(c => $"{Html.Exact(c.Construction!.Sweep!.At)},{Html.Exact(c.Errors!.L2)}")], drawn = [];
        foreach (var trace in csv.Split('\n').Where(l => l.StartsWith($"{figure},", StringComparison.Ordinal)).GroupBy(l => string.Join(',', l.Split(',')[..3])).Where(g => g.Count() > 2))
            foreach (string line in trace) drawn.Add(string.Join(',', line.Split(',')[3..5]));
        return [.. held.Except(drawn), .. drawn.Except(held)];
    }
}
