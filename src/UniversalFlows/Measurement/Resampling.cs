using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>An estimate with an interval.</summary>
/// <param name="Value">The estimate.</param>
/// <param name="Lower">The interval's lower end.</param>
/// <param name="Upper">The interval's upper end.</param>
public readonly record struct Estimate(double Value, double Lower, double Upper);

/// <summary>
/// Statistics of a few runs that one stray run does not move, with intervals by resampling the runs (Efron 1979). Deterministic: the resamples are those of a Philox stream.
/// With three runs a bootstrap has ten different resamples, and an interval says little more than the range; figures show every run for that reason.
/// </summary>
public static class Resampling
{
    /// <summary>Resamples of an interval.</summary>
    public const int Resamples = 2000;

    /// <summary>The part of the resamples within an interval.</summary>
    public const double Level = 0.95;

    /// <summary>
    /// The mean of the middle half of the values, those at its ends with the part of them that is inside (Agarwal et al. 2021 recommend it for a few runs on a few tasks): +∞ counts as the
    /// largest value and matters only in the middle half. NaN if there are no values, or one is NaN.
    /// </summary>
    public static double InterquartileMean(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) return double.NaN;
        double[] sorted = values.ToArray();
        Array.Sort(sorted);   // NaN first
        if (double.IsNaN(sorted[0])) return double.NaN;
        double n = sorted.Length, from = n / 4, to = 3 * n / 4, sum = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            double inside = Math.Min(i + 1, to) - Math.Max(i, from);
            if (inside > 0) sum += inside * sorted[i];
        }

        return sum / (to - from);
    }

    /// <summary>The median; the mean of the middle two of an even number. NaN if there are no values, or one is NaN.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) return double.NaN;
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int m = sorted.Length / 2;
        return double.IsNaN(sorted[0]) ? double.NaN : sorted.Length % 2 == 1 ? sorted[m] : sorted[m - 1] == sorted[m] ? sorted[m] : 0.5 * (sorted[m - 1] + sorted[m]);
    }

    /// <summary>
    /// A statistic of several groups of runs (a group a target, say) with the interval of the stratified bootstrap: every resample draws from each group as many runs as it has, with
    /// replacement, and the interval holds the middle 95% of the statistic.
    /// </summary>
    /// <param name="strata">The groups; empty ones are passed over.</param>
    /// <param name="statistic">Of all values together.</param>
    /// <param name="seed">Of the resamples.</param>
    public static Estimate Stratified(IReadOnlyList<double[]> strata, Func<double[], double> statistic, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(strata);
        ArgumentNullException.ThrowIfNull(statistic);
        double[] all = [.. strata.SelectMany(s => s)];
        if (all.Length == 0) return new(double.NaN, double.NaN, double.NaN);
        Philox random = new(seed, "stratified bootstrap");
        double[] drawn = new double[all.Length], values = new double[Resamples];
        for (int r = 0; r < Resamples; r++)
        {
            int next = 0;
            foreach (double[] stratum in strata)
                for (int i = 0; i < stratum.Length; i++) drawn[next++] = stratum[random.NextInt(stratum.Length)];
            values[r] = statistic(drawn);
        }

        return Of(statistic(all), values);
    }

    /// <summary>
    /// The slope of y against x by Theil (1950) and Sen (1968), the median of the slopes of all pairs of points with different x, with the interval of the block bootstrap: a block is a whole
    /// curve (the runs of one seed at all depths), since the points of a curve are not independent.
    /// </summary>
    /// <param name="x">Common to all curves.</param>
    /// <param name="curves">y, a curve a block, of the length of x; NaN where a curve has no point.</param>
    /// <param name="seed">Of the resamples.</param>
    public static Estimate TheilSen(double[] x, IReadOnlyList<double[]> curves, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Any(c => c.Length != x.Length)) throw new ArgumentException("a curve has another length than x", nameof(curves));
        if (curves.Count == 0) return new(double.NaN, double.NaN, double.NaN);
        Philox random = new(seed, "block bootstrap");
        double[] values = new double[Resamples];
        double[][] drawn = new double[curves.Count][];
        for (int r = 0; r < Resamples; r++)
        {
            for (int i = 0; i < drawn.Length; i++) drawn[i] = curves[random.NextInt(curves.Count)];
            values[r] = Slope(x, drawn);
        }

        return Of(Slope(x, curves), values);
    }

    /// <summary>The slope of <see cref="TheilSen"/> without an interval; NaN if no two points have different x.</summary>
    public static double Slope(double[] x, IReadOnlyList<double[]> curves)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(curves);
        List<double> slopes = [];
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = i + 1; j < x.Length; j++)
            {
                if (x[i] == x[j]) continue;
                foreach (double[] a in curves)
                    foreach (double[] b in curves)
                        if (double.IsFinite(a[i]) && double.IsFinite(b[j])) slopes.Add((b[j] - a[i]) / (x[j] - x[i]));
            }
        }

        return Median(slopes.ToArray());
    }

    private static Estimate Of(double value, double[] resamples)
    {
        Array.Sort(resamples);
        int tail = (int)(0.5 * (1 - Level) * Resamples);
        return new(value, resamples[tail], resamples[Resamples - 1 - tail]);
    }
}
