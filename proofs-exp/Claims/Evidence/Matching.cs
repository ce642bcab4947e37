using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Flow matching and score matching on normal laws, where everything has a closed form.</summary>
internal static class Matching
{
    private const double Mean = 1.5, Deviation = 0.4;

    /// <summary>The least squares fit of x₁ − x₀ from x_t = (1 − t)x₀ + tx₁ is E[x₁ − x₀ | x_t]; its flow takes N(0, 1) to N(m, s²).</summary>
    public static Finding Minimiser() => Minimiser((x0, x1) => x1 - x0);

    /// <summary>The same with another target.</summary>
    internal static Finding Minimiser(Func<double, double, double> target)
    {
        Largest worst = default;
        double slope = 0, formula = 0;
        foreach (double t in (double[])[0.1, 0.3, 0.5, 0.7, 0.9])
        {
            // normal equations for cubics in x_t, the law of (x₀, x₁) by Gauss–Legendre
            double[] gram = new double[16], right = new double[4], fit = new double[4];
            foreach ((double z0, double w0) in Gauss())
            {
                foreach ((double z1, double w1) in Gauss())
                {
                    double x1 = Mean + (Deviation * z1), x = ((1 - t) * z0) + (t * x1), w = w0 * w1;
                    double[] basis = [1, x, x * x, x * x * x];
                    for (int i = 0; i < 4; i++)
                    {
                        right[i] += w * basis[i] * target(z0, x1);
                        for (int j = 0; j < 4; j++) gram[(i * 4) + j] += w * basis[i] * basis[j];
                    }
                }
            }

            SmallMatrix.Solve(gram, right, fit);
            (double a, double b) = Field(t);
            (slope, formula) = (fit[1], b);
            worst.Add(Math.Max(Math.Max(Math.Abs(fit[0] - a), Math.Abs(fit[1] - b)), Math.Max(Math.Abs(fit[2]), Math.Abs(fit[3]))));
        }

        foreach (double start in Reals.Grid(-2, 2, 9))
        {
            Real[] z = [new(start)];
            RungeKutta.Solve<Real>((t, x, v) => v[0] = new(Field(t).A + (Field(t).B * x[0].Value)), z, 0, 1, 400);
            worst.Add(Math.Abs(z[0].Value - (Mean + (Deviation * start))));
        }

        return Finding.AtPoints(worst.Value, 1e-8, "cubics fitted to x₁ − x₀ by least squares under N(0, 1) × N(m, s²) at five times, by quadrature, against the conditional mean; its flow from 0 to 1 against x ↦ m + sx, at nine points")
            .With(("slope of the fit at t = 0.9", slope), ("formula", formula));
    }

    /// <summary>E[x₁ − x₀ | x_t = x] = a + bx.</summary>
    private static (double A, double B) Field(double t)
    {
        double variance = ((1 - t) * (1 - t)) + (t * t * Deviation * Deviation), b = ((t * Deviation * Deviation) - (1 - t)) / variance;
        return (Mean - (b * t * Mean), b);
    }

    /// <summary>
    /// "Flow matching is a continuous flow with the constraint of optimal transport", for N(0, Σ₀) and N(0, Σ₁) coupled independently: the excess of its cost over W₂², both in closed form; the correction: it transports.
    /// </summary>
    public static Finding Transport(double correlation) => Transport(correlation, optimal: true) with { Corrected = Transport(correlation, optimal: false) };

    /// <summary>The excess cost, or |MΣ₀Mᵀ − Σ₁|, for M the flow's matrix at time 1 with its velocity multiplied.</summary>
    internal static Finding Transport(double correlation, bool optimal, double factor = 1)
    {
        double[] p = [1, 0, 0, 9], q = [4, 2 * correlation, 2 * correlation, 1];
        Real[] m = [new(1), new(0), new(0), new(1)];
        RungeKutta.Solve<Real>(
            (t, at, v) =>
            {
                // A_t = (tΣ₁ − (1 − t)Σ₀)((1 − t)²Σ₀ + t²Σ₁)⁻¹
                double[] above = new double[4], below = new double[4], inverse = new double[4], a = new double[4], product = new double[4];
                for (int i = 0; i < 4; i++) (above[i], below[i]) = ((t * q[i]) - ((1 - t) * p[i]), ((1 - t) * (1 - t) * p[i]) + (t * t * q[i]));
                SmallMatrix.Invert(below, 2, inverse);
                SmallMatrix.Multiply(above, inverse, 2, a);
                SmallMatrix.Multiply(a, [.. at.ToArray().Select(x => x.Value)], 2, product);
                for (int i = 0; i < 4; i++) v[i] = new(factor * product[i]);
            },
            m, 0, 1, 2000);
        double[] map = [.. m.Select(v => v.Value)], right = new double[4], image = new double[4], both = new double[4];
        SmallMatrix.Multiply(map, p, 2, right);
        SmallMatrix.Multiply(right, [map[0], map[2], map[1], map[3]], 2, image);
        SmallMatrix.Multiply(p, q, 2, both);
        // E|Mx − x|² and W₂²: tr √X = √(tr X + 2√det X) for 2×2 matrices
        double cost = image[0] + image[3] + p[0] + p[3] - (2 * (right[0] + right[3]));
        double least = p[0] + p[3] + q[0] + q[3] - (2 * Math.Sqrt(both[0] + both[3] + (2 * Math.Sqrt(SmallMatrix.Determinant(both, 2)))));
        double missed = image.Zip(q, (x, y) => Math.Abs(x - y)).Max();
        return Finding.AtPoints(optimal ? Math.Max(0, cost - least) : missed, 1e-7, optimal
            ? "two normal laws of the plane coupled independently: the linear flow of flow matching by 2000 steps of order 4, E|Mx − x|² against W₂² in closed form"
            : "the covariance at the end of the same flow against that of the second law").With(("E|Mx − x|²", cost), ("W₂²", least), ("asymmetry of M", Math.Abs(map[1] - map[2])), ("error of the covariance", missed));
    }

    /// <summary>
    /// "Score matching needs no trace", for s(x) = −ax and data N(0, σ²): the minimiser over a of E[½s²] alone, against 1/σ²; the correction adds E s′.
    /// </summary>
    public static Finding ScoreWithoutTrace(double variance) => ScoreWithoutTrace(variance, 0) with { Corrected = ScoreWithoutTrace(variance, 1) };

    /// <summary>The same with c·E s′.</summary>
    internal static Finding ScoreWithoutTrace(double variance, double c)
    {
        // the loss is quadratic in a: its derivative at 0 and 1, by dual numbers in a around dual numbers in x
        double At(double a)
        {
            double sum = 0;
            foreach ((double z, double w) in Gauss())
            {
                Dual<Dual<Real>> slope = Dual<Dual<Real>>.Lift(Dual<Real>.Variable(new(a))), x = Dual<Dual<Real>>.Variable(Dual<Real>.Constant(z * Math.Sqrt(variance)));
                Dual<Dual<Real>> score = -(slope * x);
                Dual<Real> loss = (0.5 * score.Value * score.Value) + (c * score.Tangent);
                sum += w * loss.Tangent.Value;
            }

            return sum;
        }

        double zero = At(0), one = At(1), minimiser = -zero / (one - zero), noised = 1 / (variance + 0.25);
        return Finding.AtPoints(Math.Abs(minimiser - (1 / variance)), 1e-10, $"data N(0, {variance:R}), scores −ax: E[½s² + {c:R}·s′] by quadrature, derivatives by dual numbers; its minimiser against 1/σ²")
            .With(("minimiser", minimiser), ("1/σ²", 1 / variance), ("denoising with noise of variance ¼ finds", noised));
    }

    /// <summary>Nodes and weights for the standard normal law.</summary>
    internal static IEnumerable<(double Node, double Weight)> Gauss()
    {
        (double[] nodes, double[] weights) = GaussLegendre.Composite(-9.5, 9.5, 4, 16);
        return nodes.Zip(weights, (x, w) => (x, w * Normal.Density(x)));
    }
}
