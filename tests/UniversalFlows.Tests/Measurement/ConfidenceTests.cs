using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Measurement;

/// <summary>
/// Confidence statements against what they promise, by repetition: 200 times here, UF_CALIBRATION times if that is set (2000 is what docs/metrics.md reports). A statement at the level δ may fail with a frequency in
/// the binomial band around δ, or below it where it is a bound.
/// </summary>
public class ConfidenceTests(ITestOutputHelper output)
{
    private const double Delta = 0.1;

    private static readonly int s_repeats = int.TryParse(Environment.GetEnvironmentVariable("UF_CALIBRATION"), out int n) ? n : 200;

    /// <summary>Four standard deviations of a binomial frequency: 6e-5 for both sides.</summary>
    private static readonly double s_band = 4 * Math.Sqrt(Delta * (1 - Delta) / s_repeats);

    private double Frequency(string name, Func<ulong, bool> fails)
    {
        bool[] failed = new bool[s_repeats];
        Workers.For(s_repeats, 2, k => failed[k] = fails((ulong)k + 1));
        double frequency = failed.Count(f => f) / (double)s_repeats;
        output.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}: {frequency:F4} of {s_repeats}, band {Math.Max(0, Delta - s_band):F4} to {Delta + s_band:F4}"));
        return frequency;
    }

    private static double[] Normals(ulong seed, string name, int count)
    {
        double[] values = new double[count];
        new Philox(seed, name).FillNormal(values);
        return values;
    }

    [Fact]
    public void Kolmogorovs_band_is_missed_as_often_as_it_says()
    {
        double band = Concentration.Kolmogorov(400, Delta);
        bool Missed(ulong seed, double radius)
        {
            double[] x = [.. Normals(seed, "dkw", 400).Order()];
            double worst = 0;
            for (int i = 0; i < x.Length; i++) worst = Math.Max(worst, Math.Max(((i + 1) / 400.0) - Normal.Cdf(x[i]), Normal.Cdf(x[i]) - (i / 400.0)));
            return worst > radius;
        }

        Assert.InRange(Frequency("DKW", s => Missed(s, band)), Delta - s_band, Delta + s_band); // asymptotically sharp
        Assert.True(Frequency("planted: half the exponent", s => Missed(s, band / Math.Sqrt(2))) > Delta + s_band);
    }

    [Fact]
    public void Students_interval_of_a_mean_distance_is_missed_as_often_as_it_says()
    {
        // the truth is a mean over so many repetitions that its own error is small against the interval's
        double[] Distances(ulong seed, int repeats) => [.. Enumerable.Range(0, repeats).Select(r => Wasserstein.OnTheLine(Normals(seed, $"x{r}", 60), Normals(seed, $"y{r}", 60)))];
        double truth = Enumerable.Range(0, 10).SelectMany(k => Distances((ulong)k + 1_000_000, 600)).Average();
        bool Missed(ulong seed, double factor)
        {
            double[] d = Distances(seed, 12);
            return Math.Abs(d.Average() - truth) > factor * Concentration.Student(d, Delta / 2);
        }

        Assert.InRange(Frequency("Student", s => Missed(s, 1)), Delta - s_band, Delta + s_band + 0.02); // skewness adds a little
        Assert.True(Frequency("planted: no root of R", s => Missed(s, 1 / Math.Sqrt(12))) > Delta + s_band + 0.02);
        Assert.Equal(2.262157162740992, Concentration.StudentQuantile(9, 0.025), 1e-9);
        Assert.Equal(12.706204736432095, Concentration.StudentQuantile(1, 0.025), 1e-8);
        Assert.Equal(1.6972608865939594, Concentration.StudentQuantile(30, 0.05), 1e-9);
    }

    [Fact]
    public void A_permutation_test_rejects_equal_laws_as_often_as_it_says()
    {
        Func<double[], double[], double> w1 = (a, b) => Wasserstein.OnTheLine(a, b), energy = (a, b) => MaximumMeanDiscrepancy.BetweenSamples(Kernel.Energy, a, b, 2).Biased;
        double line = Frequency("permutations, W1 on the line", s => PermutationTest.PValue(Normals(s, "a", 20), Normals(s, "b", 25), 1, w1, new Philox(s, "split"), 99) <= Delta);
        Assert.InRange(line, Delta - s_band, Delta + s_band);
        double plane = Frequency("permutations, energy distance in the plane", s => PermutationTest.PValue(Normals(s, "a", 30), Normals(s, "b", 40), 2, energy, new Philox(s, "split"), 59) <= Delta);
        Assert.InRange(plane, Delta - s_band, Delta + s_band);
        // planted: every point twice, so that the pooled points are no sample
        double doubled = Frequency("planted: doubled points", s => PermutationTest.PValue(Twice(Normals(s, "a", 20)), Twice(Normals(s, "b", 20)), 1, w1, new Philox(s, "split"), 99) <= Delta);
        Assert.True(doubled > Delta + s_band);
        // and it sees what is there: N(0, 1) against N(1.5, 1)
        Assert.InRange(PermutationTest.PValue(Normals(1, "a", 40), [.. Normals(1, "b", 40).Select(v => v + 1.5)], 1, w1, new Philox(1, "split"), 99), 0.01, 0.01);

        static double[] Twice(double[] x) => [.. x, .. x];
    }

    [Fact]
    public void Bounds_of_the_mean_discrepancy_hold()
    {
        Kernel k = Kernel.Gaussian(1);
        foreach (double shift in (double[])[0, 1])
        {
            double exact = Math.Sqrt(Math.Max(0, MaximumMeanDiscrepancy.Exact(k, [new(1, [0], 1)], [new(1, [shift], 1)])));
            MmdEstimate Of(ulong s) => MaximumMeanDiscrepancy.BetweenSamples(k, Normals(s, "x", 80), [.. Normals(s, "y", 60).Select(v => v + shift)], 1);
            Assert.InRange(Frequency($"MMD upper, shift {shift}", s => Of(s).UpperBound(Delta) < exact), 0, Delta + s_band);
            Assert.InRange(Frequency($"MMD lower, shift {shift}", s => Of(s).LowerBound(Delta) > exact), 0, Delta + s_band);
            MmdEstimate one = Of(1);
            Assert.True(one.UpperBound(Delta / 2) < one.Interval(Delta).Upper); // sharper than the theorem it is compared with
            Assert.True(one.LowerBound(Delta / 2) >= one.Interval(Delta).Lower);
        }

        // planted: an upper bound that forgets its deviation, for laws that are far apart
        double far = Math.Sqrt(MaximumMeanDiscrepancy.Exact(k, [new(1, [0], 0.5)], [new(1, [3], 0.5)]));
        Assert.True(Frequency("planted: no deviation", s => MaximumMeanDiscrepancy.BetweenSamples(k, [.. Normals(s, "x", 80).Select(v => v / 2)], [.. Normals(s, "y", 60).Select(v => 3 + (v / 2))], 1).Distance < far) > Delta + s_band);
    }

    /// <summary>Two laws in the plane, equal or moved by 0.8, whose bounded-Lipschitz distance is then 0.8: the uniform square and its translate.</summary>
    [Fact]
    public void Bounds_from_repeated_samples_hold()
    {
        const int N = 24, R = 4;
        RepeatedDistance Of(ulong seed, double shift, double? range)
        {
            double[] cross = new double[R], p = new double[R], q = new double[R];
            for (int r = 0; r < R; r++)
            {
                double[] x = Uniform(seed, $"x{r}", 0), x2 = Uniform(seed, $"x'{r}", 0), y = Uniform(seed, $"y{r}", shift), y2 = Uniform(seed, $"y'{r}", shift);
                (cross[r], p[r], q[r]) = (BoundedLipschitz.BetweenSamples(x, y, 2).Value, BoundedLipschitz.BetweenSamples(x, x2, 2).Value, BoundedLipschitz.BetweenSamples(y, y2, 2).Value);
            }

            return new RepeatedDistance(cross, p, q, N, N, range);
        }

        foreach (double shift in (double[])[0, 0.8])
        {
            foreach (double? range in (double?[])[2, null])
            {
                Assert.InRange(Frequency($"bounded Lipschitz upper, shift {shift}, range {range}", s => Of(s, shift, range).Upper(Delta) < shift), 0, Delta + s_band);
                Assert.InRange(Frequency($"bounded Lipschitz lower, shift {shift}, range {range}", s => Of(s, shift, range).Lower(Delta) > shift), 0, Delta + s_band);
            }
        }

        // planted: the bare mean of sample distances as a lower bound refutes equality every time: the baselines are needed
        Assert.Equal(1, Frequency("planted: no baseline", s => Of(s, 0, 2).Mean > 0));
        RepeatedDistance one = Of(1, 0.8, 2);
        Assert.True(one.IsProved && one.Repeats == R && one.BaselineP > 0 && one.Debiased < one.Mean && one.Lower(0.05) <= one.Lower(0.2) && one.Upper(0.05) > one.Upper(0.2));
        Assert.Throws<ArgumentException>("cross", () => new RepeatedDistance([1], [1], [1], 3, 3, null));
        Assert.Throws<ArgumentException>("baselineP", () => new RepeatedDistance([1], [], [1], 3, 3, 2));

        static double[] Uniform(ulong seed, string name, double shift)
        {
            double[] x = new double[2 * N];
            new Philox(seed, name).FillUniform(x);
            for (int i = 0; i < x.Length; i += 2) x[i] += shift;
            return x;
        }
    }

    [Fact]
    public void Bounds_of_bounded_means_hold()
    {
        // U² on [0, 1]: mean 1/3
        double[] Values(ulong s)
        {
            double[] u = new double[60];
            new Philox(s, "u").FillUniform(u);
            return [.. u.Select(v => v * v)];
        }

        double Bernstein(double[] v) => Concentration.Bernstein(1, v.Select(x => Math.Pow(x - v.Average(), 2)).Sum() / (v.Length - 1), v.Length, Delta);
        Assert.InRange(Frequency("Hoeffding", s => Values(s).Average() + Concentration.Hoeffding(1, 60, Delta) < 1.0 / 3), 0, Delta + s_band);
        Assert.InRange(Frequency("empirical Bernstein", s => Values(s).Average() + Bernstein(Values(s)) < 1.0 / 3), 0, Delta + s_band);
        Assert.True(Frequency("planted: no deviation", s => Values(s).Average() < 1.0 / 3) > Delta + s_band);
        double[] still = [.. Enumerable.Range(0, 10_000).Select(i => 1e-4 * (i % 2))];
        Assert.True(Concentration.Bernstein(1, 2.5e-9, still.Length, 0.01) < 0.2 * Concentration.Hoeffding(1, still.Length, 0.01)); // where numbers scatter little
    }

    [Fact]
    public void Verdicts_are_what_bounds_say()
    {
        Assert.Equal(DistanceVerdict.Verified, Verdicts.Judge(0, 0.04, 0.05));
        Assert.Equal(DistanceVerdict.Refuted, Verdicts.Judge(0.06, 0.3, 0.05));
        Assert.Equal(DistanceVerdict.Inconclusive, Verdicts.Judge(0.01, 0.3, 0.05));
        Assert.Equal(DistanceVerdict.Inconclusive, Verdicts.Judge(0.01, 0.05, 0.05)); // below, not at
        foreach ((double lower, double upper, double epsilon) in new[] { (double.NaN, 0.01, 0.05), (0.0, double.NaN, 0.05), (0.1, 0.2, double.NaN), (0.2, 0.01, 0.05) })
            Assert.Equal(DistanceVerdict.Inconclusive, Verdicts.Judge(lower, upper, epsilon));
        // 0.02 + 0.1·2^{−k/2} < 0.05 first for k = 4: 0.02 + 0.025
        Assert.Equal(1600, Verdicts.Deciding(0.02, 0, 0.12, 0.05, 100));
        Assert.Equal(100, Verdicts.Deciding(0.02, 0, 0.03, 0.05, 100));
        Assert.Null(Verdicts.Deciding(0.05, 0, 0.12, 0.05, 100));
    }

    /// <summary>Holm by hand, and the family's error: five true claims, D = 0 &lt; ε = 0.3, tested where the bounds are as wrong as they may be.</summary>
    [Fact]
    public void A_family_of_claims_is_wrong_no_more_often_than_promised()
    {
        double[] p = [0.011, 0.02, 0.024, 0.9];
        Assert.Equal([true, false, false, false], Verdicts.StepDown(4, 0.05, (k, level) => p[k] <= level)); // 0.011 ≤ 0.0125, but 0.02 > 0.0167
        p = [0.03, 0.011, 0.016, 0.02];
        Assert.Equal([false, true, true, true], Verdicts.StepDown(4, 0.05, (k, level) => p[k] <= level && level < 0.03));
        Assert.Equal([true, true, true, true], Verdicts.StepDown(4, 0.05, (k, level) => p[k] <= level));

        // bounds that are exact: the mean of a normal number ± its quantile
        bool AnyWrong(ulong seed, bool family)
        {
            double[] z = Normals(seed, "family", 10);
            Func<double, double>[] lower = [.. z.Select(v => (Func<double, double>)(d => 1 + v - Normal.Quantile(1 - d, d)))], upper = [.. z.Select(v => (Func<double, double>)(d => 1 + v + Normal.Quantile(1 - d, d)))];
            double[] epsilon = [.. Enumerable.Range(0, 10).Select(k => k < 5 ? 1 - 1e-9 : 1 + 1e-9)]; // D = 1: the first five claims are false, the others true
            DistanceVerdict[] verdicts = family
                ? [.. Verdicts.Holm(lower, upper, epsilon, Delta)]
                : [.. z.Select((_, k) => Verdicts.Judge(lower[k](Delta / 2), upper[k](Delta / 2), epsilon[k]))];
            return verdicts.Select((v, k) => k < 5 ? v == DistanceVerdict.Verified : v == DistanceVerdict.Refuted).Any(w => w);
        }

        Assert.InRange(Frequency("Holm, ten claims", s => AnyWrong(s, true)), 0, Delta + s_band);
        Assert.True(Frequency("planted: no correction", s => AnyWrong(s, false)) > Delta + s_band);
    }
}
