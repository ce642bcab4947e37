#pragma warning disable CS1591
using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction;

public sealed record ConstructionOptions
{
    public double Epsilon { get; init; } = 1e-6;
    public AffineOrder? Order { get; init; }
    public int? Factors { get; init; }
    public int? Degree { get; init; }
    public int Threads { get; init; } = 1;
    public Action<string>? Log { get; init; }
}

public static class FlowCompiler
{
    public static Composition Compile(Target f, Domain domain, ConstructionOptions options)
    {
        int d = f.Dimension;
        Box bounds = domain.Bounds;
        double[] centre = new double[d];
        for (int i = 0; i < d; i++) centre[i] = 0.5 * (bounds.Lower[i] + bounds.Upper[i]);
        double[] coarse = PointSet.Even(domain, d switch { 1 => 101, 2 => 15, _ => 7 });
        double[] checkPoints = PointSet.Even(domain, d switch { 1 => 401, 2 => 41, _ => 13 });
        foreach (AffineOrder order in options.Order is { } one ? [one] : (AffineOrder[])[AffineOrder.First, AffineOrder.Last, AffineOrder.Moving])
        {
            Isotopy isotopy = new(f, centre, order, checkPoints);
            (double l0, double l1) = NearIdentityFactors.Speeds(isotopy, coarse);
            int n = options.Factors ?? (d == 1 ? 1 : (int)Math.Ceiling(2.5 * l1));
            options.Log?.Invoke($"{order}: L0 {l0:G3} L1 {l1:G3} N {n}");
            if (options.Order is null && options.Factors is null) continue;
            NearIdentityFactors factors = NearIdentityFactors.Uniform(isotopy, n);
            double[] derivatives = PointSet.Jacobians(f, coarse);
            SumOfSquaresFit?[] layers = new SumOfSquaresFit?[n * d];
            int[] ladder = options.Degree is { } deg ? [deg] : d switch { 1 => [8, 16, 32, 48, 64, 96, 128, 192, 255], 2 => [4, 6, 8, 11, 14, 18, 22, 27, 33, 40, 48], _ => [3, 4, 5, 6, 8, 10, 12, 14, 16] };
            Workers.For(d, options.Threads, i =>
            {
                int rung = 0, good = 0;
                for (int k = 1; k <= n; k++)
                {
                    System.Diagnostics.Stopwatch w = System.Diagnostics.Stopwatch.StartNew();
                    OneCoordinateMap map = new(factors, k, i, domain);
                    double amplification = map.ErrorAmplification(coarse, derivatives);
                    double allotted = 0.7 * options.Epsilon / (n * d * amplification);
                    Tube check = map.Sample(checkPoints);
                    rung = Math.Max(0, Math.Min(rung, good) - 2);
                    SumOfSquaresFit? best = null;
                    for (; ; rung++)
                    {
                        int unknowns = SumOfSquaresFit.Unknowns(d, ladder[rung]);
                        int perAxis = d == 1 ? (3 * unknowns) + 10 : (int)Math.Ceiling(d == 2 ? Math.Sqrt(2.5 * unknowns) : Math.Cbrt(2.5 * unknowns)) + 2;
                        Tube tube = map.Sample(PointSet.Chebyshev(domain, perAxis));
                        SumOfSquaresFit? fit = SumOfSquaresFit.Fit(tube, check, ladder[rung], allotted, best);
                        if (fit is not null && (best is null || fit.Error < best.Error)) best = fit;
                        if (best is not null && best.Error <= allotted) good = rung; if (best is not null && best.Error <= allotted || rung == ladder.Length - 1) break;
                    }

                    layers[((k - 1) * d) + i] = best;
                    options.Log?.Invoke($"  k{k} i{i} amp {amplification:G3} allot {allotted:G2} real {best?.Error:G2} deg {best?.Degree} slope {check.SmallestSlope:G2} {w.ElapsedMilliseconds} ms");
                }
            });
            (Linear first, Linear last) = isotopy.AffineParts();
            return new Composition(d, [first, .. layers.Select(l => l!.ToLayer()), last]);
        }

        throw new InvalidOperationException();
    }
}
