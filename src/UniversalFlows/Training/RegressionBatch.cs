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
        Evaluate(batch, target);
    }

    /// <summary>Writes the target's values at the points that are in the batch.</summary>
    internal static void Evaluate(Batch batch, IMap target)
    {
        int d = target.Dimension;
        Span<Lanes> y = stackalloc Lanes[d];
        for (int s = 0; s < batch.Panels * Tape.Panel; s += Lanes.Width)
        {
            for (int i = 0; i < d; i++) y[i] = Lanes.Load(batch.Column(i)[s..]);
            target.Map(y);
            for (int i = 0; i < d; i++) y[i].Store(batch.Column(d + i)[s..]);
        }
    }

    /// <summary>½ Σ |g(x) − f(x)|² over the batch's panels, panel by panel in order.</summary>
    internal static double HalfSquares(IMap flow, Batch batch, int threads)
    {
        double[] sums = new double[batch.Panels];
        Workers.For(batch.Panels, threads, panel =>
        {
            Lanes sum = default;
            for (int s = 0; s < Tape.Panel; s += Lanes.Width) sum += Squares(flow, batch, panel, s);
            sums[panel] = VectorMath.Sum(sum.Value);
        });
        double total = 0;
        foreach (double s in sums) total += s;
        return 0.5 * total;
    }

    /// <summary>|g(x) − f(x)| at every point of a batch of whole panels.</summary>
    internal static void Distances(IMap flow, Batch batch, double[] distances, int threads) =>
        Workers.For(batch.Panels, threads, panel =>
        {
            for (int s = 0; s < Tape.Panel; s += Lanes.Width) Lanes.Sqrt(Squares(flow, batch, panel, s)).Store(distances.AsSpan((panel * Tape.Panel) + s));
        });

    private static Lanes Squares(IMap flow, Batch batch, int panel, int s)
    {
        int d = flow.Dimension;
        using Scratch<Lanes> scratch = new(d);
        Span<Lanes> y = scratch.Take(d);
        for (int i = 0; i < d; i++) y[i] = Lanes.Load(batch.Panel(i, panel)[s..]);
        flow.Map(y);
        Lanes sum = default;
        for (int i = 0; i < d; i++)
        {
            Lanes r = y[i] - Lanes.Load(batch.Panel(d + i, panel)[s..]);
            sum = Lanes.MultiplyAdd(r, r, sum);
        }

        return sum;
    }
}
