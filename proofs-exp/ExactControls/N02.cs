using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>Constant volume.</content>
public static partial class Controls
{
    private const double NoScale = 2 * Math.PI;

    /// <summary>
    /// N2: additive couplings and linear maps (constant |det|) from N(0, I) of R² to the uniform law of the unit square. The density of the image has the decreasing rearrangement e^{−v/a}/a, a = 2π|det|, and rearranging brings two
    /// densities nearer: TV ≥ ½∫|p* − q*|, which is 1 + a log a − a + e^{−1/a} for a &lt; 1 and e^{−1/a} above (p* &lt; 1 there), least at a = 0.59011, and KL ≥ 1/(2a) + log a, least at a = ½; without a scale a = 2π.
    /// </summary>
    public static ControlResult N2(bool freeScale = true, ulong seed = DefaultSeed, IBijection? trainee = null)
    {
        double tvAt = freeScale ? Newton(a => Layers.Log(a) + (Layers.Exp(-1 / a) / (a * a)), 0.6) : NoScale, klAt = freeScale ? 0.5 : NoScale;
        double tvCheck = freeScale ? Least(Rearranged) : Rearranged(NoScale), klCheck = freeScale ? Least(RearrangedKl) : RearrangedKl(NoScale);

        Composition flow = trainee is null ? Normalising(FlowFamily.Nice, freeScale, seed) : new Composition(2, [trainee]);
        (double tv, double kl) = FitSquare(flow);
        (_, double twin) = FitSquare(Normalising(FlowFamily.Acf, freeScale, seed));
        double klExact = freeScale ? 1 - Layers.Log(2) : Layers.Log(NoScale) + (1 / (4 * Math.PI));
        return new ControlResult
        {
            Id = "N2",
            Setting = freeScale ? "free global scale" : "no scale",
            Class = freeScale ? "additive couplings and Aff" : "additive couplings, det 1",
            Target = "uniform law of the unit square, from N(0, I)",
            Why = "the volume changes by one constant factor, so level sets keep their relative sizes",
            Quantities =
            [
                new("TV", tvAt < 1 ? 1 + (tvAt * Layers.Log(tvAt)) - tvAt + Layers.Exp(-1 / tvAt) : Layers.Exp(-1 / tvAt), freeScale ? "1 + a log a − a + e^{−1/a} at its least a, by Newton" : "e^{−1/2π}", tvCheck, "½∫|p* − q*| by quadrature, golden section", 1e-6)
                {
                    CrossTolerance = 1e-6,
                    Trained = tv,
                    TrainedBy = "maximum likelihood, quadrature over the square",
                    Twin = FarGaussians(),
                    TwinAtMost = 1e-3,
                    TwinBy = "the same bound for two far Gaussians of equal covariance: they are rearranged like one",
                },
                new("KL", klExact, freeScale ? "1 − log 2, at a = ½" : "log 2π + 1/4π", klCheck, "∫ log(q*/p*) by quadrature, golden section", 1e-6)
                {
                    CrossTolerance = 1e-6,
                    Trained = kl,
                    TrainedBy = "the same flow",
                    Twin = twin,
                    TwinAtMost = klExact - 0.05,
                    TwinBy = "affine couplings of the same size, trained likewise",
                },
            ],
        };
    }

    /// <summary>½∫|e^{−v/a}/a − 1_{v ≤ 1}| dv, split where the densities cross.</summary>
    private static double Rearranged(double a)
    {
        double crossing = Math.Clamp(-a * Layers.Log(a), 0, 1);
        return 0.5 * (Integral(0, crossing) + Integral(crossing, 1) + Integral(1, 1 + (40 * a)));

        double Integral(double from, double to)
        {
            if (!(to > from)) return 0;
            double sum = 0;
            (double[] nodes, double[] weights) = GaussLegendre.Composite(from, to, 64, 8);
            for (int n = 0; n < nodes.Length; n++) sum += weights[n] * Math.Abs((Layers.Exp(-nodes[n] / a) / a) - (from < 1 ? 1 : 0));
            return sum;
        }
    }

    /// <summary>∫₀¹ −log(e^{−v/a}/a) dv.</summary>
    private static double RearrangedKl(double a)
    {
        double sum = 0;
        (double[] nodes, double[] weights) = GaussLegendre.Composite(0, 1, 8, 8);
        for (int n = 0; n < nodes.Length; n++) sum -= weights[n] * Layers.Log(Layers.Exp(-nodes[n] / a) / a);
        return sum;
    }

    /// <summary>The least value over a in [0.1, 3], by golden section.</summary>
    private static double Least(Func<double, double> f)
    {
        double ratio = 0.5 * (Math.Sqrt(5) - 1), lower = 0.1, upper = 3;
        for (int n = 0; n < 60; n++)
        {
            double left = upper - (ratio * (upper - lower)), right = lower + (ratio * (upper - lower));
            if (f(left) < f(right)) upper = right;
            else lower = left;
        }

        return f(0.5 * (lower + upper));
    }

    /// <summary>A root near a guess; the derivative by central differences, which costs digits of the steps and none of the root.</summary>
    private static double Newton(Func<double, double> f, double x)
    {
        const double H = 1e-6;
        for (int n = 0; n < 40; n++) x -= f(x) * 2 * H / (f(x + H) - f(x - H));
        return x;
    }

    /// <summary>The bound for ½N(−m, I) + ½N(m, I), |m| = 6, on a grid: sorted values are the rearrangement; against the best e^{−v/a}/a.</summary>
    private static double FarGaussians()
    {
        const int Wide = 960, High = 480;
        const double Half = 12, Centre = 6, Rim = 6, Cell = 2 * Half / Wide * (2 * Rim / High);
        double[] values = new double[Wide * High];
        for (int i = 0; i < Wide; i++)
        {
            double x = -Half + (2 * Half * (i + 0.5) / Wide), column = Layers.Exp(-0.5 * (x - Centre) * (x - Centre)) + Layers.Exp(-0.5 * (x + Centre) * (x + Centre));
            for (int j = 0; j < High; j++)
            {
                double y = -Rim + (2 * Rim * (j + 0.5) / High);
                values[(i * High) + j] = column * Layers.Exp(-0.5 * y * y) / (4 * Math.PI);
            }
        }

        Array.Sort(values);
        Array.Reverse(values);
        double Distance(double a)
        {
            // e^{−v/a}/a by its geometric progression along the equal cells
            double sum = 0, p = Layers.Exp(-0.5 * Cell / a) / a, ratio = Layers.Exp(-Cell / a);
            foreach (double v in values)
            {
                sum += Math.Abs(v - p);
                p *= ratio;
            }

            return 0.5 * Cell * sum;
        }

        return Distance(4 * Math.PI);
    }

    /// <summary>Data to base: a shift to the middle, a diagonal scale if it is free, four couplings.</summary>
    private static Composition Normalising(FlowFamily family, bool freeScale, ulong seed)
    {
        List<IBijection> layers = [new Linear([1, 0, 0, 1], [-0.5, -0.5])];
        double scale = 0.5 * Layers.Log(12);
        if (freeScale || family != FlowFamily.Nice) layers.Add(new Coupling(2, [], [0, 1], new AffineTransformer(new PositiveMap(PositiveKind.Exp)), new ConstantConditioner(0, [scale, 0, scale, 0])));
        layers.AddRange(new Architecture(family, 2, 4, [12], Reach: 4).Initialise(seed).Parts);
        return new Composition(2, layers);
    }

    /// <summary>Maximum likelihood on quasi-random points of the square; TV and KL of the result by the midpoint rule, where both densities are smooth.</summary>
    private static (double Tv, double Kl) FitSquare(Composition normalising)
    {
        const int Points = 1024, PerAxis = 128;
        Batch batch = new(Points, 2);
        LowDiscrepancy sequence = new(2, seed: 7, "square");
        double[] u = new double[2];
        for (int n = 0; n < Points; n++)
        {
            sequence.Point((uint)n, u);
            for (int i = 0; i < 2; i++) batch.Column(i)[n] = u[i];
        }

        LbfgsFit.Fit(new NegativeLogLikelihood(normalising), batch, new LbfgsOptions(60));
        double tv = 0, kl = 0;
        double[] x = new double[Lanes.Width];
        for (int i = 0; i < PerAxis; i++)
        {
            for (int j = 0; j < PerAxis; j += Lanes.Width)
            {
                for (int lane = 0; lane < Lanes.Width; lane++) x[lane] = (j + lane + 0.5) / PerAxis;
                Lanes loss = NegativeLogLikelihood.Of<Lanes>(normalising, [Lanes.Constant((i + 0.5) / PerAxis), Lanes.Load(x)]);
                Lanes density = Lanes.Exp(-loss);
                for (int lane = 0; lane < Lanes.Width; lane++)
                {
                    kl += loss[lane];
                    tv += Math.Max(0, 1 - density[lane]);
                }
            }
        }

        return (tv / (PerAxis * PerAxis), kl / (PerAxis * PerAxis));
    }
}
