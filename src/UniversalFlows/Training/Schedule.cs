using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>Learning rates over a run.</summary>
internal static class Schedule
{
    /// <summary>The rate of step k of n: a linear warm-up, then a cosine from the largest rate down to its hundredth.</summary>
    public static double WarmCosine(double largest, int k, int steps, int warmUp)
    {
        if (k < warmUp) return largest * (k + 1) / warmUp;
        double progress = (k - warmUp) / (double)Math.Max(1, steps - warmUp);
        double cosine = Real.Cos(new Real(Math.PI * progress)).Value;
        return largest * (0.01 + (0.99 * 0.5 * (1 + cosine)));
    }
}
