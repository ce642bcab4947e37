using UniversalFlows.Bijections;
using UniversalFlows.Scalars;

namespace UniversalFlows.Certification;

/// <summary>A function K → [0, ∞) whose supremum can be proved: bounds from above over boxes, from below at points.</summary>
internal interface IQuantity
{
    /// <summary>Upper bounds over eight boxes, +∞ where there is none; <paramref name="centre"/> is near the values at their centres, as a guide only.</summary>
    Lanes OverBoxes(int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper, out Lanes centre);

    /// <summary>Lower bounds at eight points; 0 where nothing is proved.</summary>
    Lanes AtPoints(ReadOnlySpan<Lanes> points);

    /// <summary>The values at eight points in ordinary arithmetic; NaN where there is none.</summary>
    Lanes Near(ReadOnlySpan<Lanes> points);
}

/// <summary>|f − g|.</summary>
internal sealed class DifferenceNorm(IMap f, IMap g) : IQuantity
{
    public Lanes OverBoxes(int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper, out Lanes centre) => DifferenceBound.OverBoxes(f, g, degree, lower, upper, out centre);

    public Lanes AtPoints(ReadOnlySpan<Lanes> points) => DifferenceBound.AtPoints(f, g, points);

    public Lanes Near(ReadOnlySpan<Lanes> points)
    {
        int d = points.Length;
        Span<Lanes> x = stackalloc Lanes[d], y = stackalloc Lanes[d];
        points.CopyTo(x);
        points.CopyTo(y);
        f.Map(x);
        g.Map(y);
        Lanes sum = default;
        for (int i = 0; i < d; i++) sum += (x[i] - y[i]) * (x[i] - y[i]);
        return Lanes.Sqrt(sum);
    }
}
