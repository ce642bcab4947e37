using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>Lipschitz constants against gaps.</content>
public static partial class Controls
{
    /// <summary>
    /// N12: L-Lipschitz images of N(0, 1) against ½δ_{−1} + ½δ_1: the least W₁ is 2(Φ(1/L) − ½) − 2L(φ(0) − φ(1/L)) ≈ 0.3989/L, reached by x ↦ clip(Lx, −1, 1). Between the points where T is −1 and 1 it needs a length of 2/L, and the mass
    /// there pays its way.
    /// </summary>
    /// <param name="lipschitz">L.</param>
    /// <param name="seed">Of the training.</param>
    /// <param name="trainee">What is trained in place of the residual flow.</param>
    public static ControlResult N12(double lipschitz = 4, ulong seed = DefaultSeed, IBijection? trainee = null)
    {
        double l = lipschitz, end = 1 / l;
        FormulaTarget clip = new($"0.5*(abs({l:R}*x + 1) - abs({l:R}*x - 1))"), steep = new($"0.5*(abs({1000 * l:R}*x + 1) - abs({1000 * l:R}*x - 1))");
        double exact = (2 * Middle(end)) - (2 * l * (Gaussian(0) - Gaussian(end))), check = 0;
        (double[] nodes, double[] weights) = GaussLegendre.Composite(0, Math.Min(end, 12), 64, 8);
        for (int n = 0; n < nodes.Length; n++) check += 2 * weights[n] * (1 - (l * nodes[n])) * Gaussian(nodes[n]);

        IBijection flow = trainee ?? Normalised(clip, l, seed);
        double witness = TransportToTwoPoints(clip, end);
        return new ControlResult
        {
            Id = "N12",
            Setting = $"L = {l:R}",
            Class = $"increasing maps of R with Lipschitz constant {l:R}",
            Target = "½δ₋₁ + ½δ₁, from N(0, 1)",
            Why = "mass near 0 has to lie between the two points",
            Quantities =
            [
                new("W1", exact, "2(Φ(1/L) − ½) − 2L(φ(0) − φ(1/L)), Φ by its series", check, "E(1 − L|Z|)₊ by quadrature", 1e-8)
                {
                    CrossTolerance = 1e-12,
                    Trained = TransportToTwoPoints(flow, end),
                    TrainedBy = "Levenberg–Marquardt, two deep sigmoidal layers, x slowed down to the Lipschitz constant L",
                    WitnessLower = witness,
                    WitnessUpper = witness,
                    WitnessBy = "clip(Lx, −1, 1), quadrature",
                    Twin = TransportToTwoPoints(steep, end / 1000),
                    TwinAtMost = exact / 100,
                    TwinBy = "the same with a Lipschitz constant 1000 times as large",
                },
            ],
            Points = [new("clip(Lx, −1, 1)", l, exact, witness), new("trained", l, exact, TransportToTwoPoints(flow, end))],
        };
    }

    /// <summary>A deep sigmoidal flow fitted to the best map, behind the factor L/Λ, Λ the largest slope found: its Lipschitz constant is L (or a little more, which would only help it).</summary>
    private static Composition Normalised(FormulaTarget clip, double lipschitz, ulong seed)
    {
        const int Points = 8001;
        const double Reach = 2.5;
        Composition fitted = new Architecture(FlowFamily.Dsf, 1, 2, []).Initialise(seed);
        Train(fitted, clip, Domain.Cube(1, -Reach, Reach), 60, 256, seed);
        double steepest = 0;
        Dual<Real>[] x = new Dual<Real>[1];
        for (int i = 0; i < Points; i++)
        {
            x[0] = Dual<Real>.Variable(new((4 * Reach * i / (Points - 1)) - (2 * Reach)));
            fitted.Map<Dual<Real>>(x);
            steepest = Math.Max(steepest, x[0].Tangent.Value);
        }

        return new Composition(1, [new Linear([lipschitz / steepest], [0]), fitted]);
    }

    /// <summary>W₁(T_#N(0, 1), ½δ_{−1} + ½δ_1) = E|T(Z) − sgn Z| of an increasing T with T(0) near 0: quantiles are matched. Panels end at 0 and at ±<paramref name="kink"/>, where T bends.</summary>
    private static double TransportToTwoPoints(IMap map, double kink)
    {
        double sum = 0;
        Span<Real> x = stackalloc Real[1];
        double[] ends = [-12, -kink, 0, kink, 12];
        for (int k = 0; k + 1 < ends.Length; k++)
        {
            (double[] nodes, double[] weights) = GaussLegendre.Composite(ends[k], ends[k + 1], 256, 6);
            for (int n = 0; n < nodes.Length; n++)
            {
                x[0] = new(nodes[n]);
                map.Map(x);
                sum += weights[n] * Gaussian(nodes[n]) * Math.Abs(x[0].Value - (k < 2 ? -1 : 1));
            }
        }

        return sum;
    }

    /// <summary>φ(x).</summary>
    private static double Gaussian(double x) => Layers.Exp(-0.5 * ((x * x) + Functions.LogTwoPi));

    /// <summary>Φ(x) − ½ = φ(x)·Σ x^{2k+1}/(1·3·5⋯(2k+1)), x ≥ 0 not large.</summary>
    private static double Middle(double x)
    {
        double term = x, sum = 0;
        for (int k = 1; term > 1e-20 * sum; k++)
        {
            sum += term;
            term *= x * x / ((2 * k) + 1);
        }

        return Gaussian(x) * sum;
    }
}
