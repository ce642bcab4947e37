using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;
using Xunit;
using static UniversalFlows.Tests.Report.ReportSamples;
using Evaluation = UniversalFlows.Measurement.Evaluation;

namespace UniversalFlows.Tests.Report;

/// <summary>What the depth study says of its runs: who wins, how sure that is, what limits a point, where a curve ends.</summary>
public sealed class DepthStudyTests
{
    private static Cell Run(string family, int depth, ulong seed, double error, string method = MapSettings.Lm, double? refined = null)
    {
        Cell cell = Map(family, depth, seed, sup: error) with { Method = method };
        Errors errors = cell.Errors! with { Sup = error, Rmse = error / 3 };
        return cell with
        {
            Hash = $"{cell.Hash}{method}",
            Errors = errors,
            Refined = refined is { } r ? new Refined { Steps = 10, Kept = 5, Errors = errors with { Sup = r }, FlowFile = "x" } : null,
        };
    }

    [Theory]
    [InlineData(1.0, 1.1, 1.15, 1.05, "Approximation")]   // all within a fifth
    [InlineData(1.0, 1.1, 1.3, 1.05, "Optimisation")]     // the third seed is not
    [InlineData(1.0, 1.1, 1.15, 1.25, "Optimisation")]    // Adam is worse
    [InlineData(1.0, 1.1, 1.15, 0.9, "Optimisation")]     // Adam is better: the seeds missed it
    [InlineData(1.0, 1.1, double.NaN, 1.0, "Unknown")]    // two seeds are not enough
    public void A_point_belongs_to_the_architecture_when_optimisers_and_seeds_agree(double a, double b, double c, double adam, string limit)
    {
        Cell[] cells = [Run("acf", 2, 1, a), Run("acf", 2, 2, b), .. double.IsNaN(c) ? Array.Empty<Cell>() : [Run("acf", 2, 3, c)], Run("acf", 2, 1, adam, MapSettings.Adam)];
        Assert.Equal(limit, Limits.Of(cells).ToString());
        // a fourth seed that went astray is not one of the best three
        if (limit == "Approximation") Assert.Equal(Limit.Approximation, Limits.Of([.. cells, Run("acf", 2, 4, 50)]));
        Assert.Equal(Limit.Unknown, Limits.Of(cells[..^1]));
    }

    [Fact]
    public void The_winner_is_named_with_its_margin_and_how_sure_it_is()
    {
        Cell[] sure = [Run("acf", 2, 1, 0.4), Run("acf", 2, 2, 0.5), Run("acf", 2, 3, 0.6), Run("sos", 2, 1, 0.1), Run("sos", 2, 2, 0.1), Run("sos", 2, 3, 0.3)];
        string html = WinnersCard.Of(sure)!;
        Assert.Contains("in the plane <b>sos</b> 1. 1 of these verdicts hold for every single seed", html, StringComparison.Ordinal);
        Assert.Contains("● 5×", html, StringComparison.Ordinal);
        Assert.DoesNotContain("○ ", html[..html.IndexOf("</table>", StringComparison.Ordinal)], StringComparison.Ordinal);

        // one seed of the loser is closer than one of the winner
        Cell[] open = [.. sure[..5], Run("sos", 2, 3, 0.45)];
        Assert.Contains("○ 5×", WinnersCard.Of(open)!, StringComparison.Ordinal);
        // medians within a tenth
        Assert.Contains("= acf", WinnersCard.Of([Run("acf", 2, 1, 0.105), Run("sos", 2, 1, 0.1)])!, StringComparison.Ordinal);
        // the refined flow counts where there is one, and a diverged run is no winner
        Assert.Contains("<b>acf</b> 1", WinnersCard.Of([Run("acf", 2, 1, 0.4, refined: 0.01), Run("sos", 2, 1, 0.1)])!, StringComparison.Ordinal);
        Assert.Null(WinnersCard.Of([Run("acf", 2, 1, 0.4)]));
        // other optimisers take no part
        Assert.Null(WinnersCard.Of([Run("acf", 2, 1, 0.4), Run("sos", 2, 1, 0.1, MapSettings.Adam)]));
    }

    [Fact]
    public void A_plateau_begins_where_nothing_deeper_is_30_per_cent_lower()
    {
        Assert.Equal(-1, AggregateCards.Plateau([1, 0.5, 0.2]));
        Assert.Equal(1, AggregateCards.Plateau([1, 0.1, 0.09, 0.11]));
        Assert.Equal(0, AggregateCards.Plateau([0.25, 0.25, 0.2]));
        // a late fall: no plateau before it
        Assert.Equal(-1, AggregateCards.Plateau([1, 1, 0.1]));
        Assert.Equal(1, AggregateCards.Plateau([1, 0.1, double.PositiveInfinity]));
    }

    [Fact]
    public void Curves_are_dotted_where_the_optimiser_limits_them()
    {
        List<Cell> cells = [];
        foreach (int depth in (int[])[1, 2, 4, 8])
        {
            for (ulong seed = 1; seed <= 3; seed++) cells.Add(Run("acf", depth, seed, 1.0 / depth));
            cells.Add(Run("acf", depth, 1, depth < 4 ? 1.0 / depth : 3.0 / depth, MapSettings.Adam));
        }

        IReadOnlyList<TargetGroup> groups = Selection.Groups(cells, "map");
        Measure sup = new("sup", "sup", true, Selection.Sup);
        Figure figure = DepthFigures.Panels(groups, cells, [sup], "Errors").Single();
        Scatter[] lines = [.. figure.Plots[0].Traces.OfType<Scatter>().Where(t => t.Mode == "lines")];
        Assert.Equal(["acf, median", "acf, median, optimisation-limited"], lines.Select(l => l.Name!));
        // from 1 to 2 solid; from 2 to 4 and from 4 to 8 dotted
        Assert.Equal(3, lines[0].X.Length);
        Assert.Equal(6, lines[1].X.Length);
        Assert.Equal("dot", lines[1].Line!.Dash);
        Assert.All(figure.Plots[0].Traces.OfType<Scatter>().Where(t => t.Mode == "markers"), t => Assert.DoesNotContain("adam", string.Join(' ', t.HoverText ?? []), StringComparison.Ordinal));
    }

    [Fact]
    public void The_aggregate_cards_count_what_was_reached()
    {
        List<Cell> cells = [];
        foreach (string family in (string[])["acf", "rqs"])
            foreach (int depth in (int[])[1, 2, 4])
                for (ulong seed = 1; seed <= 3; seed++) cells.Add(Run(family, depth, seed, (family == "acf" ? 0.5 : 0.05) / depth));
        Card[] cards = [.. AggregateCards.All(cells, new Dictionary<string, Timing>())];
        Assert.Equal(3, cards.Length);
        string needs = cards[2].ToHtml();
        // 0.1 is reached by rqs at depth 1 with every seed; acf gets to 0.125 and no further
        Assert.Contains("0 of 3", needs, StringComparison.Ordinal);
        Assert.Contains("3 of 3", needs, StringComparison.Ordinal);
        // rates: both families fall like 1/L exactly
        Assert.Contains("−1.00", cards[1].ToHtml(), StringComparison.Ordinal);
        Assert.Contains("−1.00 … −1.00", cards[1].ToHtml(), StringComparison.Ordinal);
    }

    /// <summary>Stars of a formula stand in the panel of a name: both must be the same map.</summary>
    [Fact]
    public void Formulas_that_the_zoo_has_under_a_name_are_the_same_maps()
    {
        foreach ((string formula, string name) in AffineCases.Names)
        {
            Target a = TargetParser.Parse(formula), b = TargetParser.Parse(name);
            Assert.Equal(a.DefaultDomain.ToString(), b.DefaultDomain.ToString());
            double[] x = new double[200 * a.Dimension], y = new double[x.Length], z = new double[x.Length];
            new Philox(1, "same map").FillNormal(x);
            Evaluation.Map(a, x, y);
            Evaluation.Map(b, x, z);
            for (int i = 0; i < x.Length; i++) Assert.Equal(y[i], z[i], 1e-12 * (1 + Math.Abs(z[i])));
        }
    }
}
