using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Measurement;

public sealed class ResamplingTests
{
    [Fact]
    public void The_interquartile_mean_is_the_mean_of_the_middle_half()
    {
        Assert.Equal(2.5, Resampling.InterquartileMean([4, 1, 3, 2]), 15);
        // five values: three quarters of the second and the fourth, all of the third
        Assert.Equal(((0.75 * 2) + 3 + (0.75 * 40)) / 2.5, Resampling.InterquartileMean([1, 40, 3, 2, 1e9]), 12);
        Assert.Equal(7, Resampling.InterquartileMean([7]), 15);
        // a stray run outside the middle half moves nothing, one inside is not hidden
        Assert.Equal(2.5, Resampling.InterquartileMean([1, 2, 3, double.PositiveInfinity]), 15);
        Assert.Equal(double.PositiveInfinity, Resampling.InterquartileMean([1, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity]));
        Assert.True(double.IsNaN(Resampling.InterquartileMean([1, double.NaN, 2, 3])));
        Assert.True(double.IsNaN(Resampling.InterquartileMean([])));
    }

    [Fact]
    public void The_median_keeps_infinities_apart()
    {
        Assert.Equal(2, Resampling.Median([3, 1, 2]));
        Assert.Equal(2.5, Resampling.Median([3, 1, 2, 4]));
        Assert.Equal(double.PositiveInfinity, Resampling.Median([1, double.PositiveInfinity, double.PositiveInfinity]));
        Assert.Equal(double.PositiveInfinity, Resampling.Median([1, 2, double.PositiveInfinity, double.PositiveInfinity]));
        Assert.True(double.IsNaN(Resampling.Median([double.NaN, 1, 2])));
    }

    /// <summary>The mean of twenty normal numbers: the bootstrap's interval holds the truth about as often as it says. (For n = 20 the percentile interval falls short by two or three per cent.)</summary>
    [Fact]
    public void Intervals_of_a_mean_hold_the_truth_as_often_as_they_say()
    {
        Philox random = new(5, "coverage");
        int held = 0;
        const int Trials = 200;
        for (int t = 0; t < Trials; t++)
        {
            double[] a = new double[10], b = new double[10];
            random.FillNormal(a);
            random.FillNormal(b);
            // strata with different means: resampling within strata doesn't pay for their distance
            for (int i = 0; i < 10; i++) b[i] += 100;
            Estimate e = Resampling.Stratified([a, b], v => v.Sum() / v.Length, (ulong)t);
            Assert.True(e.Upper - e.Lower < 3, "the distance of the strata entered the interval");
            if (e.Lower <= 50 && 50 <= e.Upper) held++;
        }

        // 0.93 and 0.95 with four standard errors of 200 trials, below and (three) above
        Assert.InRange(held, 0.86 * Trials, 0.995 * Trials);
    }

    [Fact]
    public void The_slope_of_Theil_and_Sen_is_not_moved_by_a_stray_curve()
    {
        double[] x = [0, 0.3, 0.6, 0.9, 1.2];
        double[] Line(double height) => [.. x.Select(v => height - (2 * v))];
        Estimate exact = Resampling.TheilSen(x, [Line(1), Line(1), Line(1)]);
        Assert.Equal(-2, exact.Value, 12);
        Assert.Equal(-2, exact.Lower, 12);
        Assert.Equal(-2, exact.Upper, 12);
        double[] stray = Line(1);
        stray[4] = 50;
        Estimate robust = Resampling.TheilSen(x, [Line(1), Line(1.01), Line(0.99), Line(1), stray]);
        Assert.Equal(-2, robust.Value, 0.05);
        // least squares would be far off
        Assert.True(robust.Lower <= -2 + 0.05 && robust.Upper >= -2 - 0.05);
        Assert.True(double.IsNaN(Resampling.TheilSen(x, [[double.NaN, 1, double.NaN, double.NaN, double.NaN]]).Value));
        Assert.Throws<ArgumentException>(() => Resampling.TheilSen(x, [[1.0]]));
    }

    [Fact]
    public void The_same_numbers_give_the_same_interval() =>
        Assert.Equal(Resampling.Stratified([[1, 2, 3], [4, 5]], v => Resampling.Median(v)), Resampling.Stratified([[1, 2, 3], [4, 5]], v => Resampling.Median(v)));
}
