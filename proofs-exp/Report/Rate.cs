using UniversalFlows.Measurement;

namespace UniversalFlows.Proofs.Report;

/// <summary>A straight line through points by the method of Theil and Sen: the slope is the median of the slopes of all pairs, the height the median of what is left; one stray point does not move it.</summary>
/// <param name="Slope">The slope; NaN for fewer than two points.</param>
/// <param name="Height">The line's value at 0.</param>
internal readonly record struct Rate(double Slope, double Height)
{
    /// <summary>The line through points with different x.</summary>
    public static Rate Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double slope = Resampling.Slope([.. x], [[.. y]]);
        return new(slope, Offset(x, y, slope));
    }

    /// <summary>The height of the line of a given slope that has as many points above it as below.</summary>
    public static double Offset(IReadOnlyList<double> x, IReadOnlyList<double> y, double slope) => Selection.Median(x.Select((v, i) => y[i] - (slope * v)));
}
