using UniversalFlows.Numerics;

namespace UniversalFlows.Construction;

/// <summary>
/// Step (b): f|_K = C_1∘g_N∘…∘g_1∘S_0 with g_k = S_{t_k}∘S_{t_{k−1}}⁻¹, t_k = k/N, exactly and without an ODE solver. For a C² map ‖Dg_k − I‖ ≤ e^{L₁/N} − 1 and
/// |g_k − id| ≤ L₀/N, with the constants of the isotopy's velocity; both are measured on K.
/// </summary>
public sealed class NearIdentityFactors
{
    // log(1 + ‖Dg − I‖) takes e^{L/M} − 1 back to L/M: what is left is the change of the speed within a step
    private const int MeasuringSteps = 48;

    private NearIdentityFactors(Isotopy isotopy, int count)
    {
        Isotopy = isotopy;
        Count = count;
        Frames = [.. Enumerable.Range(0, count + 1).Select(k => isotopy.At((double)k / count))];
    }

    /// <summary>S_t.</summary>
    public Isotopy Isotopy { get; }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>The frames at t_0 = 0, …, t_N = 1.</summary>
    public IReadOnlyList<Frame> Frames { get; }

    /// <summary>N factors of equal duration.</summary>
    public static NearIdentityFactors Uniform(Isotopy isotopy, int count)
    {
        ArgumentNullException.ThrowIfNull(isotopy);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new NearIdentityFactors(isotopy, count);
    }

    /// <summary>
    /// The largest speeds of the isotopy over the points: L₀ = sup |dS_t/dt| and L₁ = sup ‖d(DS_t)/dt·DS_t⁻¹‖, by differences over M = 48 steps: M·|g_k − id| and
    /// M·log(1 + ‖Dg_k − I‖). NaN or infinite where a frame or a Jacobian is singular.
    /// </summary>
    public static (double L0, double L1) Speeds(Isotopy isotopy, double[] points)
    {
        NearIdentityFactors fine = Uniform(isotopy, MeasuringSteps);
        double l0 = 0, l1 = 0;
        for (int k = 1; k <= MeasuringSteps; k++)
        {
            FactorSize size = fine.Measure(k, points);
            l0 = Math.Max(l0, MeasuringSteps * size.Displacement);
            l1 = Math.Max(l1, MeasuringSteps * Scalars.Real.Log1p(new(size.DerivativeDistance)).Value);
        }

        return (l0, l1);
    }

    /// <summary>sup |g_k − id| and sup ‖Dg_k − I‖ over the images of the points, k = 1 … N.</summary>
    public FactorSize Measure(int k, double[] points)
    {
        int d = Isotopy.Dimension;
        Moment before = new(Isotopy, Frames[k - 1]), after = new(Isotopy, Frames[k]);
        double[] y = PointSet.Map(before, points), z = PointSet.Map(after, points);
        double[] from = PointSet.Jacobians(before, points), to = PointSet.Jacobians(after, points);
        double[] inverse = new double[d * d], difference = new double[d * d];
        FactorSize worst = new(0, 0, double.PositiveInfinity);
        for (int n = 0; n < points.Length / d; n++)
        {
            double square = 0;
            for (int i = 0; i < d; i++) square += (z[(n * d) + i] - y[(n * d) + i]) * (z[(n * d) + i] - y[(n * d) + i]);
            Span<double> next = to.AsSpan(n * d * d, d * d);
            if (!SmallMatrix.Invert(from.AsSpan(n * d * d, d * d), d, inverse)) return new(double.NaN, double.NaN, double.NaN);
            SmallMatrix.Multiply(next, inverse, d, difference);
            double smallest = double.PositiveInfinity;
            for (int order = 1; order <= d; order++) smallest = Math.Min(smallest, LeadingMinor(difference, d, order)); // Math.Min hands NaN on
            for (int i = 0; i < d; i++) difference[(i * d) + i] -= 1;
            worst = new(
                Math.Max(worst.Displacement, Math.Sqrt(square)), Math.Max(worst.DerivativeDistance, SmallMatrix.OperatorNorm(difference, d)), Math.Min(worst.SmallestMinor, smallest));
        }

        return worst;
    }

    private static double LeadingMinor(double[] matrix, int d, int order)
    {
        double[] part = new double[order * order];
        for (int i = 0; i < order; i++) matrix.AsSpan(i * d, order).CopyTo(part.AsSpan(i * order));
        return SmallMatrix.Determinant(part, order);
    }
}

/// <summary>How far a factor is from the identity, over points of the tube.</summary>
/// <param name="Displacement">sup |g − id|.</param>
/// <param name="DerivativeDistance">sup ‖Dg − I‖; below 1 every leading principal minor is positive.</param>
/// <param name="SmallestMinor">The least leading principal minor M_1, …, M_d of Dg.</param>
public readonly record struct FactorSize(double Displacement, double DerivativeDistance, double SmallestMinor);
