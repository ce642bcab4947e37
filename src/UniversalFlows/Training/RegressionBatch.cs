using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Training;

/// <summary>Samples (x, f(x)) of a regression on K.</summary>
public static class RegressionBatch
{
    /// <summary>Points number <paramref name="first"/>, … of the sequence, mapped to K, and the target's values there.</summary>
    public static void Fill(Batch batch, IMap target, Domain domain, LowDiscrepancy points, uint first)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(points);
        int d = domain.Dimension;
        Span<double> u = stackalloc double[d], x = stackalloc double[d];
        for (int s = 0; s < batch.Count; s++)
        {
            points.Point(first + (uint)s, u);
            domain.FromUnitCube(u, x);
            for (int i = 0; i < d; i++) batch.Column(i)[s] = x[i];
        }

        batch.Pad();
        Span<Lanes> y = stackalloc Lanes[d];
        for (int s = 0; s < batch.Panels * Tape.Panel; s += Lanes.Width)
        {
            for (int i = 0; i < d; i++) y[i] = Lanes.Load(batch.Column(i)[s..]);
            target.Map(y);
            for (int i = 0; i < d; i++) y[i].Store(batch.Column(d + i)[s..]);
        }
    }
}
