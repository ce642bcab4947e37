using System.Globalization;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;
using UniversalFlows.Training;
using Xunit;
using static UniversalFlows.Tests.Report.ReportSamples;

namespace UniversalFlows.Tests.Report;

/// <summary>Proved and estimated values can be told apart: what is filled and has a bar is proved, what is proved is not mistaken for an estimate, and what cells call proved is true.</summary>
public sealed class EvidenceTests
{
    /// <summary>Two witnesses for U: the estimate of the cell, by a grid and ascents, and points of another sequence. The bits do not depend on the number of threads.</summary>
    [Theory]
    [InlineData("sine", FlowFamily.Sos, 2)]
    [InlineData("generic", FlowFamily.Acf, 4)]
    [InlineData("twist", FlowFamily.Dsf, 1)]
    [InlineData("coupled-sines-3d", FlowFamily.Acf, 1)]
    public void The_certificate_of_a_depth_cell_contains_its_own_estimate(string name, FlowFamily family, int depth)
    {
        Target target = TargetParser.Parse(name);
        MapTask task = new(new MapSettings { Target = target, Domain = target.DefaultDomain, Family = family, Depth = depth, Hidden = [8], Seed = 3, Steps = 10, Points = 64 });
        (Cell cell, Composition flow, _) = task.Run(TestContext.Current.CancellationToken);
        Assert.True(cell.Certificate is { Proved: true, Sharp: true }, cell.Certificate?.Reason ?? $"{cell.Certificate}");
        Assert.Empty(Contradictions(cell, flow, target));
        Assert.Equal(cell.ToJson(), task.Run(2, null, TestContext.Current.CancellationToken).Cell.ToJson());
        Assert.Equal(cell.Certificate, Cell.FromJson(cell.ToJson()).Certificate);

        // planted: the bounds of a smaller error, and of a larger one
        Certified genuine = cell.Certificate!;
        Assert.NotEmpty(Contradictions(cell with { Certificate = genuine with { Lower = 0.5 * genuine.Lower, Upper = 0.8 * genuine.Lower } }, flow, target));
        Assert.NotEmpty(Contradictions(cell with { Certificate = genuine with { Lower = 1.1 * genuine.Upper, Upper = 1.2 * genuine.Upper } }, flow, target));
    }

    [Fact]
    public void What_is_not_proved_is_said_and_has_no_bounds()
    {
        Target line = TargetParser.Parse("x"), sector = TargetParser.Parse("x + 0.1*y; y");
        Composition broken = new(1, [new Linear([1e200], [0]), new Linear([1e200], [0])]);
        Certified overflow = Certified.Of(broken, line, Domain.Parse("box(-1,1)", 1), 1);
        Certified elsewhere = Certified.Of(new Composition(2, []), sector, Domain.Parse("sector(0.6,1.8; -2.5,2.5)", 2), 1);
        foreach (Certified c in (Certified[])[overflow, elsewhere])
        {
            Assert.False(c.Proved || c.Sharp);
            Assert.True(double.IsNaN(c.Upper));
            Assert.NotNull(c.Reason);
        }

        foreach (Certified false_ in (Certified[])[Proof(0.1, double.NaN), Proof(double.NaN, 0.1), Proof(0.2, 0.1), Proof(-0.1, 0.1), Proof(0.1, 0.2) with { End = "time" }, Proof(0.1, 0.2) with { Reason = "made up" }])
            Assert.False(false_.Proved || false_.Sharp);
    }

    [Fact]
    public void Filled_with_a_bar_is_proved_and_hollow_is_estimated()
    {
        Cell[] cells =
        [
            Map("acf", 1, 1) with { Certificate = Proof(0.12, 0.13) }, Map("acf", 2, 1), Map("acf", 2, 2) with { Certificate = Proof(0.12, 0.5) },
            Map("sos", 2, 1) with { Certificate = Proof(0.12, double.NaN) with { Reason = "made up" } }, Map("sos", 2, 2, status: Cell.Cut) with { Certificate = Proof(0.12, 0.13) },
            Map("rqs", 4, 1, d: 1) with { Certificate = Proof(0.1249, 0.1251) }, Constructed() with { Certificate = Proof(1.9e-4, 2.1e-4) }, Constructed(1e-5),
            .. AffineCases.All.Select(c => AffineCell(c, 1 / c.At)).Select((c, i) => c.Construction!.Sweep!.Sweep.StartsWith("costs", StringComparison.Ordinal) && i % 2 == 0 ? c with { Certificate = Proof(0.9 * c.Errors!.Sup, c.Errors.Sup) } : c),
            .. Sweep.All.SelectMany(s => s.Values.Select(v => RateCell(s, v, 1.0 / v))), Law("acf", 2, 1), Law("rqs", 4, 1),
        ];
        (string html, Dictionary<string, string> files) = Write(Data(cells));
        Assert.Empty(Confusions(html, cells, out int proved, out int estimated));
        Assert.True(proved >= 4 && estimated > 40, $"{proved} proved, {estimated} estimated");
        Assert.Contains("hollow: estimated from points", html, StringComparison.Ordinal);
        Assert.Contains("sup: proved, 0.124 … 0.126", html.Replace("\\u2026", "…", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(",0.12,0.5,", files["maps.csv"], StringComparison.Ordinal);

        // planted: an estimate that is filled, a proved value that is hollow, a bar of another length, a proof taken out of the cell
        Assert.NotEmpty(Confusions(html.Replace("\"symbol\":\"circle-open\"", "\"symbol\":\"circle\"", StringComparison.Ordinal), cells, out _, out _));
        Assert.NotEmpty(Confusions(html.Replace("\"symbol\":\"circle\"", "\"symbol\":\"circle-open\"", StringComparison.Ordinal), cells, out _, out _));
        cells[0] = cells[0] with { Certificate = Proof(0.12, 0.131) };
        Assert.NotEmpty(Confusions(html, cells, out _, out _));
        cells[0] = cells[0] with { Certificate = null };
        Assert.NotEmpty(Confusions(html, cells, out _, out _));
    }

    [Fact]
    public void A_witness_is_proved_to_be_within_what_was_asked()
    {
        Cell met = Constructed(1e-3) with { Certificate = Proof(1.9e-4, 2.1e-4) }, wide = Constructed(1e-4, 5e-5) with { Hash = "wide", Certificate = Proof(4.9e-5, 1.2e-4) };
        Cell open = Constructed(1e-2, 5e-5) with { Hash = "open", Certificate = Proof(4.9e-5, double.NaN) with { Reason = "made up" } };
        Assert.True(WitnessCards.IsWitness(met));
        Assert.False(WitnessCards.IsWitness(wide) || WitnessCards.IsWitness(open) || WitnessCards.IsWitness(met with { Certificate = null }));
        string html = Write(Data(met, wide, open)).Html;
        Assert.Contains("1 of 3 constructed flows have a proof", html, StringComparison.Ordinal);
        Assert.DoesNotContain("witness-card", Write(Data(Constructed())).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void Printed_bounds_are_rounded_outwards()
    {
        Philox random = new(5, "rounded");
        for (int n = 0; n < 20_000; n++)
        {
            double v = (1 + (9 * random.NextUniform())) * Math.Pow(10, Math.Floor(12 * random.NextUniform()) - 9);
            if (n % 5 == 0) v = double.Parse(v.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (n % 7 == 0) v = 9.999999 * Math.Pow(10, -(n % 9));
            double low = double.Parse(Html.Rounded(v, 3, -1), CultureInfo.InvariantCulture), high = double.Parse(Html.Rounded(v, 3, 1), CultureInfo.InvariantCulture);
            Assert.True(low <= v && v <= high && high - low <= 0.0201 * v, $"{v:R}: {low:R} … {high:R}");
        }

        Assert.Equal("0.124 … 0.126", Html.Bounds(Proof(0.1249, 0.1251)));
        Assert.Equal("9.99e-4 … 1.00e-3", Html.Bounds(Proof(9.995e-4, 9.995e-4 * 1.0001)));
    }

    private static Certified Proof(double lower, double upper) => new() { Lower = lower, Upper = upper, End = "gap", Boxes = 16, GapAsked = 0.1, MaxBoxes = 4096 };

    private static List<string> Contradictions(Cell cell, Composition flow, Target target)
    {
        List<string> found = [];
        (double lower, double upper, double sup) = (cell.Certificate!.Lower, cell.Certificate.Upper, cell.Errors!.Sup);
        if (!(sup <= upper * (1 + 1e-12))) found.Add($"estimate {sup:R} above {upper:R}");
        if (!(sup >= 0.99 * lower)) found.Add($"estimate {sup:R} below {lower:R}, although |f - g| is as large as that");
        int d = target.Dimension;
        double[] x = new double[4000 * d], y = new double[x.Length], z = new double[x.Length];
        LowDiscrepancy sequence = new(d, 77, "evidence");
        for (int n = 0; n < 4000; n++)
        {
            sequence.Point((uint)n, x.AsSpan(n * d, d));
            target.DefaultDomain.FromUnitCube(x.AsSpan(n * d, d), x.AsSpan(n * d, d));
        }

        UniversalFlows.Measurement.Evaluation.Map(target, x, y);
        UniversalFlows.Measurement.Evaluation.Map(flow, x, z);
        for (int n = 0; n < 4000; n++)
            if (!(Elements.Distance(y, z, n, d) <= upper * (1 + 1e-12))) found.Add($"|f - g| above {upper:R} at point {n}");
        return found;
    }

    /// <summary>Markers of runs that are drawn as what they are not; markers at an edge stand for no value.</summary>
    private static List<string> Confusions(string html, Cell[] cells, out int proved, out int estimated)
    {
        Dictionary<string, Cell> rows = cells.ToDictionary(RunTables.RowId);
        List<string> found = [];
        (proved, estimated) = (0, 0);
        foreach (System.Text.RegularExpressions.Match m in System.Text.RegularExpressions.Regex.Matches(html, "<script[^>]*id=\"data-([^\"]*)\"[^>]*>(.*?)</script>", System.Text.RegularExpressions.RegexOptions.Singleline))
        {
            string id = m.Groups[1].Value;
            // costs are weights and constants, traces are losses: no errors
            if (id.StartsWith("affine-cost", StringComparison.Ordinal) || id.StartsWith(TraceFigures.Prefix, StringComparison.Ordinal)) continue;
            int plot = 0;
            foreach (JsonElement figure in JsonDocument.Parse(m.Groups[2].Value).RootElement.EnumerateArray())
            {
                foreach (JsonElement trace in figure.GetProperty("data").EnumerateArray())
                {
                    if (!trace.TryGetProperty("customdata", out JsonElement ids) || !trace.TryGetProperty("marker", out JsonElement marker)) continue;
                    string symbol = marker.GetProperty("symbol").GetString()!;
                    if (symbol is "x" or "triangle-down-open") continue;
                    for (int i = 0; i < ids.GetArrayLength(); i++)
                    {
                        Cell c = rows[ids[i].GetString()!];
                        bool sup = plot == 0 && (id.StartsWith("depth-map", StringComparison.Ordinal) || id.StartsWith("witnesses", StringComparison.Ordinal));
                        Certified? due = sup && c.Status == Cell.Finished && c.Certificate is { Sharp: true } p ? p : null;
                        bool filled = !symbol.Contains("-open", StringComparison.Ordinal);
                        if (filled) proved++; else estimated++;
                        if (filled != (due is not null)) found.Add($"{id}, plot {plot}, {symbol}: {c.Hash}");
                        if (!filled || due is null) continue;
                        double y = trace.GetProperty("y")[i].GetDouble();
                        double up = trace.GetProperty("error_y").GetProperty("array")[i].GetDouble(), down = trace.GetProperty("error_y").GetProperty("arrayminus")[i].GetDouble();
                        // plotted numbers have six digits
                        if (!(Math.Abs(y + up - due.Upper) <= 1e-5 * due.Upper && Math.Abs(y - down - due.Lower) <= 1e-5 * due.Upper)) found.Add($"{id}: the bar of {c.Hash} is not [L, U]");
                    }
                }

                plot++;
            }
        }

        return found;
    }
}
