using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>
/// Are two samples from one law? Under that hypothesis every split of the pooled points into samples of the same sizes is as likely as the one at hand, so the rank of its statistic among N random splits is uniform: P(p ≤ α) ≤ α
/// exactly, for any statistic and any law (R. A. Fisher 1935; B. Phipson and G. K. Smyth 2010 for the one that is added). A small p refutes equality; a large one verifies nothing.
/// </summary>
public static class PermutationTest
{
    /// <summary>p = (1 + the number of splits with a statistic at least as large)/(1 + N).</summary>
    /// <param name="x">m points of R^d.</param>
    /// <param name="y">n points of R^d.</param>
    /// <param name="dimension">d.</param>
    /// <param name="statistic">Larger for samples that are further apart.</param>
    /// <param name="random">Draws the splits.</param>
    /// <param name="splits">N.</param>
    public static double PValue(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int dimension, Func<double[], double[], double> statistic, Philox random, int splits = 199)
    {
        ArgumentNullException.ThrowIfNull(statistic);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(splits, 1);
        if (x.IsEmpty || y.IsEmpty || x.Length % dimension != 0 || y.Length % dimension != 0) throw new ArgumentException($"two samples of points of R^{dimension} were expected", nameof(x));
        double[] pooled = [.. x, .. y], a = x.ToArray(), b = y.ToArray();
        int total = pooled.Length / dimension, larger = 1;
        double observed = statistic(a, b);
        int[] order = [.. Enumerable.Range(0, total)];
        for (int split = 0; split < splits; split++)
        {
            for (int i = total - 1; i > 0; i--)
            {
                int j = random.NextInt(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }

            for (int k = 0; k < total; k++)
            {
                Span<double> place = k * dimension < a.Length ? a.AsSpan(k * dimension, dimension) : b.AsSpan((k * dimension) - a.Length, dimension);
                pooled.AsSpan(order[k] * dimension, dimension).CopyTo(place);
            }

            if (!(statistic(a, b) < observed)) larger++;
        }

        return larger / (1.0 + splits);
    }
}
