using UniversalFlows.Bijections;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What is measured of every constructed flow, on points that the construction did not use.</summary>
/// <param name="Norms">Grid, ascents and quadrature; with an exceptional set only the sup error, which is found anywhere.</param>
/// <param name="OffSet">The Lp errors off the exceptional set; null if there is none.</param>
/// <param name="Set">The exceptional set; null if there is none.</param>
/// <param name="Inverse">sup over points of K of |g⁻¹(g(x)) − x|; NaN if an inverse failed.</param>
public sealed record MeasuredFlow(ErrorNorms Norms, LpErrors? OffSet, ExceptionalSet? Set, double Inverse)
{
    /// <summary>Measures g against f on K.</summary>
    public static MeasuredFlow Of(Composition flow, Target target, Domain domain, ExceptionalSet? set, int threads)
    {
        double inverse = RoundTrip(flow, domain, threads);
        if (set is null) return new(MapErrors.Estimate(flow, target, domain, new MapErrorOptions { Threads = threads }), null, null, inverse);
        // derivatives say nothing of an Lp construction, and quadrature nodes might keep step with the cells
        ErrorNorms sup = MapErrors.Estimate(flow, target, domain, new MapErrorOptions { Threads = threads, Integrals = false, C1 = false, GridPerAxis = domain.Dimension == 2 ? 101 : 21, Ascents = 8 });
        return new(sup, LpErrors.Estimate(flow, target, domain, set, PointsPerShift(flow), threads), set, inverse);
    }

    /// <summary>8192 in the plane, 4096 in space; fewer of a flow with more than 10⁵ parameters, in proportion, at least 1024: the uncertainty is part of the error.</summary>
    private static int PointsPerShift(Composition flow)
    {
        int points = flow.Dimension == 2 ? 1 << 13 : 1 << 12;
        for (long size = flow.Parameters.Sum(p => (long)p.Count); size > 100_000 && points > 1024; size /= 2) points /= 2;
        return points;
    }

    /// <summary>The error in a norm: with an exceptional set the measured one off it, with its uncertainty, and the bound of the set's contribution.</summary>
    public double Error(double exponent) => OffSet is { } off && Set is { } set && double.IsFinite(exponent)
        ? (exponent == 1 ? off.L1 + off.L1Error : off.L2 + off.L2Error) + set.Contribution(exponent)
        : exponent switch { 1 => Norms.L1, 2 => Norms.L2, _ => Math.Max(Norms.Sup, Set?.Size ?? 0) };

    private static double RoundTrip(Composition flow, Domain domain, int threads)
    {
        const int Count = 2000;
        int d = flow.Dimension;
        double[] x = new double[Count * d], y = new double[x.Length], back = new double[x.Length], logDets = new double[Count];
        LowDiscrepancy sequence = new(d, 11, "round trip");
        for (int n = 0; n < Count; n++)
        {
            sequence.Point((uint)n, x.AsSpan(n * d, d));
            domain.FromUnitCube(x.AsSpan(n * d, d), x.AsSpan(n * d, d));
        }

        Evaluation.Forward(flow, x, y, logDets, threads);
        Evaluation.Inverse(flow, y, back, logDets, threads);
        double largest = 0;
        for (int n = 0; n < Count; n++)
        {
            double square = 0;
            for (int i = 0; i < d; i++) square += (back[(n * d) + i] - x[(n * d) + i]) * (back[(n * d) + i] - x[(n * d) + i]);
            if (!double.IsFinite(square)) return double.NaN;
            largest = Math.Max(largest, Math.Sqrt(square));
        }

        return largest;
    }
}
