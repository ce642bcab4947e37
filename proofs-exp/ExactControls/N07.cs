using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Residuals;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>Few hidden units.</content>
public static partial class Controls
{
    /// <summary>
    /// N7: fewer than d hidden units in planar or Sylvester layers against x ↦ sx on the unit ball: exactly |1 − s|, reached by the identity. A unit vector v orthogonal to everything the layers see
    /// has g(v) − g(−v) = 2v, while f(v) − f(−v) = 2sv.
    /// </summary>
    public static ControlResult N7(FlowFamily family = FlowFamily.Planar, int layers = 1, int dimension = 2, double scale = 2, ulong seed = DefaultSeed, IBijection? trainee = null)
    {
        int d = dimension, units = layers * 1;
        Target target = TargetParser.Parse($"scaling({scale:R},{d})");
        Ball domain = new(1, d);
        Architecture architecture = new(family, d, layers, []) { Rank = 1 };
        double proved = Obstruction.Of(architecture, target, domain)?.Lower ?? double.NaN;

        Composition flow = trainee is null ? architecture.Initialise(seed) : new Composition(d, [trainee]);
        int steps = family == FlowFamily.Sylvester ? 25 : 60; // the best is a limit of ever larger weights: longer runs of Sylvester layers overflow
        Train(flow, target, domain, steps, d == 2 ? 128 : 64, seed);
        double[] v = Untouched(flow, d);
        double moved = Drift(flow, v);

        double[] w = [1, .. new double[d - 1]];
        Composition identity = new(d, Enumerable.Range(0, layers).Select(_ => (IBijection)Layers.Planar(new double[d], w, 0)));
        (double lower, double upper) = Prove(identity, target, domain, 1e-6);
        const double Eta = 1e-3;
        Composition twin = new(d, Enumerable.Range(0, d).Select(i => Layers.PlanarScale(d, i, scale, Eta)));
        return new ControlResult
        {
            Id = "N7",
            Setting = $"{Count(layers, family == FlowFamily.Planar ? "planar layer" : "Sylvester layer of rank 1")}, d = {d}, s = {scale:R}",
            Class = $"{Count(units, "hidden unit")} in R{Up(d)}, {family.ToString().ToLowerInvariant()}",
            Target = $"{scale:R}x on the unit ball",
            Why = "the layers leave a direction v alone: g(x + v) = g(x) + v",
            Quantities =
            [
                new("sup", Math.Abs(1 - scale), "|1 − s|", proved, "least half-distance of chords of the ball, over all directions, by intervals", d == 3 ? 1e-4 : 1e-5)
                {
                    CrossTolerance = d == 3 ? 2e-3 : 1e-5,
                    Trained = Sup(flow, target, domain),
                    TrainedBy = $"Levenberg–Marquardt, {steps} steps",
                    WitnessLower = lower,
                    WitnessUpper = upper,
                    WitnessBy = "the identity as planar layers with û = 0, proved",
                    Twin = Prove(twin, target, domain, 0.1, polar: false).Upper,
                    TwinAtMost = 1e-5,
                    TwinBy = $"{d} planar layers, proved",
                },
            ],
            Points = [new("|g(v) − g(−v) − 2v| of the trained flow, v orthogonal to its directions", layers, 0, moved)],
            PointsHold = moved <= 1e-10,
        };
    }

    /// <summary>A unit vector orthogonal to the directions of all planar and Sylvester layers, as far as there are fewer than d; the last coordinate if there are none.</summary>
    private static double[] Untouched(Composition flow, int d)
    {
        List<double[]> basis = [];
        foreach (IBijection layer in flow.Parts)
        {
            double[]? w = layer switch
            {
                PlanarFlow p => p.W.ToArray(),
                SylvesterFlow { Rank: 1 } s => Image(s),
                _ => null,
            };
            if (w is not null && Reduced(w, basis) is { } direction) basis.Add(direction);
        }

        for (int i = d - 1; i >= 0; i--)
        {
            double[] e = new double[d];
            e[i] = 1;
            if (Reduced(e, basis) is { } free) return free;
        }

        return [.. new double[d - 1], 1];

        // the first column of the reflection I − 2vvᵀ/|v|²
        static double[] Image(SylvesterFlow s)
        {
            ReadOnlySpan<double> v = s.Reflections;
            double square = 0;
            foreach (double x in v) square += x * x;
            double[] q = new double[v.Length];
            for (int i = 0; i < q.Length; i++) q[i] = (i == 0 ? 1 : 0) - (2 * v[0] * v[i] / square);
            return q;
        }
    }

    /// <summary>What is left of a vector outside a span, normalised; null if next to nothing is.</summary>
    private static double[]? Reduced(double[] w, List<double[]> basis)
    {
        double[] rest = [.. w];
        double size = Math.Sqrt(w.Sum(x => x * x));
        for (int round = 0; round < 2; round++)
        {
            foreach (double[] b in basis)
            {
                double product = 0;
                for (int i = 0; i < rest.Length; i++) product += b[i] * rest[i];
                for (int i = 0; i < rest.Length; i++) rest[i] -= product * b[i];
            }
        }

        double left = Math.Sqrt(rest.Sum(x => x * x));
        return left <= 1e-9 * size ? null : [.. rest.Select(x => x / left)];
    }

    private static double Drift(IBijection flow, double[] v)
    {
        double[] points = [.. v, .. v.Select(x => -x)], values = new double[points.Length];
        Evaluation.Map(flow, points, values);
        double sum = 0;
        for (int i = 0; i < v.Length; i++)
        {
            double r = values[i] - values[v.Length + i] - (2 * v[i]);
            sum += r * r;
        }

        return Math.Sqrt(sum);
    }
}
