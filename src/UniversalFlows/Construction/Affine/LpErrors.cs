using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>Lp errors of a flow off its exceptional set, sampled, with |·| Euclidean and integrals not normalised.</summary>
/// <param name="L1">∫ |f − g| over K without the set.</param>
/// <param name="L1Error">Twice the standard error of <paramref name="L1"/>.</param>
/// <param name="L2">(∫ |f − g|²)^½ over K without the set.</param>
/// <param name="L2Error">Twice the standard error of <paramref name="L2"/>.</param>
/// <param name="Sup">The largest |f − g| met off the set.</param>
/// <param name="Points">How many points were looked at.</param>
/// <param name="OnSet">How many of them were on the set and left out.</param>
public sealed record LpErrors(double L1, double L1Error, double L2, double L2Error, double Sup, int Points, int OnSet)
{
    private const int Shifts = 8, ChunkSize = 512;

    /// <summary>
    /// Low-discrepancy points with eight random shifts: their places have nothing to do with the cells', as the nodes of a product rule might. A value that is not finite makes
    /// the errors infinite.
    /// </summary>
    public static LpErrors Estimate(Composition flow, Target target, Domain domain, ExceptionalSet set, int pointsPerShift, int threads)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(set);
        int d = domain.Dimension, chunks = (pointsPerShift + ChunkSize - 1) / ChunkSize;
        (double First, double Second, double Sup, int On)[] parts = new (double, double, double, int)[Shifts * chunks];
        Workers.For(parts.Length, threads, item =>
        {
            LowDiscrepancy sequence = new(d, (ulong)(item / chunks), "off the set");
            int from = item % chunks * ChunkSize, count = Math.Min(ChunkSize, pointsPerShift - from);
            double[] points = new double[count * d];
            for (int n = 0; n < count; n++)
            {
                Span<double> x = points.AsSpan(n * d, d);
                sequence.Point((uint)(from + n), x);
                domain.FromUnitCube(x, x);
            }

            (bool[] on, double[] images) = set.Follow(flow, points);
            double[] errors = PointSet.Distances(images, PointSet.Map(target, points), d);
            (double first, double second, double sup, int left) = (0, 0, 0, 0);
            for (int n = 0; n < count; n++)
            {
                if (on[n])
                {
                    left++;
                    continue;
                }

                first += errors[n];
                second = Math.FusedMultiplyAdd(errors[n], errors[n], second);
                sup = Math.Max(sup, errors[n]);
            }

            parts[item] = (first, second, sup, left);
        });

        double scale = domain.Volume / pointsPerShift;
        double[] l1 = new double[Shifts], square = new double[Shifts];
        for (int item = 0; item < parts.Length; item++)
        {
            l1[item / chunks] += scale * parts[item].First;
            square[item / chunks] += scale * parts[item].Second;
        }

        (double mean1, double error1) = Mean(l1);
        (double mean2, double error2) = Mean(square);
        double l2 = Math.Sqrt(mean2);
        return new(mean1, error1, l2, l2 > 0 ? 0.5 * error2 / l2 : error2, parts.Max(p => p.Sup), Shifts * pointsPerShift, parts.Sum(p => p.On));
    }

    private static (double Mean, double Error) Mean(double[] samples)
    {
        double mean = samples.Sum() / Shifts;
        if (!double.IsFinite(mean)) return (double.PositiveInfinity, double.PositiveInfinity);
        double variance = samples.Sum(v => (v - mean) * (v - mean)) / (Shifts - 1);
        return (mean, 2 * Math.Sqrt(variance / Shifts));
    }
}
