using System.Numerics;
using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Likelihoods of flows: as scores of anomalies, of discrete data, and their arithmetic.</summary>
internal static class Likelihoods
{
    /// <summary>
    /// "The exact likelihood is the best detector of outliers", tried with data N(0, I) and outliers N(0, I/ratio) of R^D, D even. For D = 2m the area under the curve of the score −log p is P(|Y|²/ratio > |X|²) = P(B &lt; 1/(1 + ratio)), B ~ Beta(m, m),
    /// a sum of binomial probabilities in whole numbers. The defect is by how much a coin is better.
    /// </summary>
    public static Finding OutOfDistribution(int dimension, int ratio) => OutOfDistribution(dimension, ratio, inverse: false) with { Corrected = Typicality(dimension, ratio, 0.5) };

    /// <summary>The same, with the score turned round if asked for.</summary>
    internal static Finding OutOfDistribution(int dimension, int ratio, bool inverse)
    {
        // P(Beta(m, m) < p) = P(Bin(2m − 1, p) ≥ m), p = 1/(1 + ratio)
        int m = dimension / 2, n = (2 * m) - 1;
        BigInteger choose = 1, sum = 0;
        for (int j = 0; j <= n; j++)
        {
            if (j >= m) sum += choose * BigInteger.Pow(ratio, n - j);
            choose = choose * (n - j) / (j + 1);
        }

        double area = (double)sum / (double)BigInteger.Pow(ratio + 1, n);
        if (inverse) area = 1 - area;
        return Finding.Exact(Math.Max(0, 0.5 - area), $"data N(0, I) and outliers N(0, I/{ratio}) of R^{dimension}, the exact log-density as score: the area under the curve (a coin has ½) as a binomial sum in whole numbers")
            .With(("area under the curve", area));
    }

    /// <summary>The score ||x|² − D|: a lower bound of its area under the curve against 0.99.</summary>
    internal static Finding Typicality(int dimension, int ratio, double band)
    {
        // if ||X|² − D| < band·D and |Y|²/ratio < (1 − band)·D the outlier has the larger score
        Interval inside = Survival(dimension, (1 - band) * dimension) - Survival(dimension, (1 + band) * dimension);
        Interval below = Interval.Constant(1) - Survival(dimension, (1 - band) * dimension * ratio), bound = inside * below;
        return Finding.Enclosed(
                Interval.Max(Interval.Constant(0), Interval.Constant(0.99) - bound),
                $"the score ||x|² − {dimension}|: both laws of |x|² in intervals that the score keeps apart, their probabilities by Poisson sums with outward rounding; a lower bound of the area under the curve against 0.99")
            .With(("area under the curve at least", bound.Lower[0]));
    }

    /// <summary>P(χ²_D > x) for even D: e^{−x/2} Σ_{k &lt; D/2} (x/2)^k/k!.</summary>
    private static Interval Survival(int dimension, double x)
    {
        Interval half = Interval.Constant(x / 2), term = Interval.Exp(-half), sum = term;
        for (int k = 1; k < dimension / 2; k++)
        {
            term = term * half / Interval.Constant(k);
            sum += term;
        }

        return sum;
    }

    /// <summary>−log p(f⁻¹(x)) − log|det ∂f⁻¹/∂x| against −log p in closed form, and by mass 1.</summary>
    public static Finding AnomalyScore() => AnomalyScore(1);

    /// <summary>The same with another sign of the log-determinant.</summary>
    internal static Finding AnomalyScore(double sign)
    {
        Largest worst = default;
        foreach (double x in Reals.Grid(0.1, 6, 60))
        {
            // f = exp: −log p = ½log²x + log x + ½log 2π
            double score = Score(Dual<Real>.Log(Dual<Real>.Variable(new(x)))), l = Reals.Log(x);
            worst.Add(Math.Abs(score - ((0.5 * l * l) + l + (0.5 * Functions.LogTwoPi))));

            // f = sinh: p = φ(asinh x)/√(1 + x²)
            double a = Functions.Asinh<Real>(new(x)).Value;
            worst.Add(Math.Abs(Score(Functions.Asinh(Dual<Real>.Variable(new(x)))) - ((0.5 * a * a) + (0.5 * Reals.Log(1 + (x * x))) + (0.5 * Functions.LogTwoPi))));
        }

        // a random flow of the plane: e^{−A} has mass 1
        Composition flow = new Architecture(FlowFamily.Acf, 2, 4, [8]).Initialise(3);
        (double[] nodes, double[] weights) = GaussLegendre.Composite(-9, 9, 12, 8);
        double mass = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            for (int j = 0; j < nodes.Length; j++)
            {
                double[] z = [nodes[i], nodes[j]];
                double logDet = Couplings.Forward(new Inversion(flow), z);
                mass += weights[i] * weights[j] * Reals.Exp((-0.5 * ((z[0] * z[0]) + (z[1] * z[1]))) - Functions.LogTwoPi + (sign * logDet));
            }
        }

        worst.Add(Math.Abs(mass - 1));
        return Finding.AtPoints(worst.Value, 1e-7, "exp and sinh of a normal number at 60 points each, derivatives of the inverse by dual numbers, against closed forms; the mass of e^{−A} for a random flow of the plane by Gauss–Legendre").With(("mass of e^{−A}", mass));

        double Score(Dual<Real> inverse) => (0.5 * inverse.Value.Value * inverse.Value.Value) + (0.5 * Functions.LogTwoPi) - (sign * Reals.Log(Math.Abs(inverse.Tangent.Value)));
    }

    /// <summary>
    /// "On discrete data the log-likelihood of a density is −∞": normal spikes of width σ on 0, 1, 2, 3 with the data's weights. The defect is by how much the mean log-likelihood grows from σ to σ/1000; the correction: it grows by log 1000, without end.
    /// </summary>
    public static Finding Spikes(double sigma) => Spikes(sigma, 0) with { Corrected = Spikes(sigma, 1000) };

    /// <summary>The same against the logarithm of a factor; 0: against no growth.</summary>
    internal static Finding Spikes(double sigma, double factor)
    {
        Interval wide = MeanLogLikelihood(sigma), narrow = MeanLogLikelihood(sigma / 1000), growth = narrow - wide;
        Interval defect = factor == 0 ? Interval.Max(Interval.Constant(0), growth) : Interval.Abs(growth - Interval.Log(Interval.Constant(factor)));
        return Finding.Enclosed(defect, $"data on 0, 1, 2, 3 with probabilities 0.1 to 0.4 and normal spikes there: the mean log-likelihood for σ = {sigma:R} and a thousandth of it, by outward rounded intervals")
            .With(("mean log-likelihood", Enclosure.Middle(wide)), ("for a thousandth of the width", Enclosure.Middle(narrow)));
    }

    private static Interval MeanLogLikelihood(double sigma)
    {
        double[] p = [0.1, 0.2, 0.3, 0.4];
        Interval mean = Interval.Constant(0), s = Interval.Constant(sigma), root = Interval.Sqrt(Interval.Constant(2) * Enclosure.Pi<Interval>());
        for (int k = 0; k < 4; k++)
        {
            Interval density = Interval.Constant(0);
            for (int j = 0; j < 4; j++)
            {
                Interval u = Interval.Constant(k - j) / s;
                density += Interval.Constant(p[j]) * Interval.Exp(Interval.Constant(-0.5) * u * u) / (s * root);
            }

            mean += Interval.Constant(p[k]) * Interval.Log(density);
        }

        return mean;
    }

    /// <summary>log P(k) ≥ E_q[log p(k + u) − log q(u)], with equality for q ∝ p on the cell.</summary>
    public static Finding Dequantisation() => Dequantisation(1);

    /// <summary>The same with another sign of log q.</summary>
    internal static Finding Dequantisation(double sign)
    {
        (double[] nodes, double[] weights) = GaussLegendre.Composite(0, 1, 32, 16);
        Largest worst = default;
        double exact = 0, uniform = 0, outside = 0;
        for (int k = -2; k <= 3; k++)
        {
            double cell = Mass(k, k + 1), log = Reals.Log(cell);
            double Bound(Func<double, double> q) => nodes.Zip(weights, (u, w) => w * q(u) * (Reals.Log(Density(k + u)) - (sign * Reals.Log(q(u))))).Sum();
            double flat = Bound(_ => 1), best = Bound(u => Density(k + u) / cell);
            foreach (double bound in (double[])[flat, Bound(u => 2 * u), Bound(u => 6 * u * (1 - u)), best]) worst.Add(Math.Max(0, bound - log));
            worst.Add(Math.Abs(best - log));

            // noise that leaves the cell: the "bound" may pass log P(k)
            double wide = nodes.Zip(weights, (u, w) => w * (Reals.Log(Density(k + (2 * u))) + Reals.Log(2))).Sum();
            if (k == 0) (exact, uniform) = (log, flat);
            outside = Math.Max(outside, wide - log);
        }

        return Finding.AtPoints(worst.Value, 1e-10, "a mixture of two normal densities on six cells: four noises against the probability of the cell; by how much a bound is passed, and the gap of the best one")
            .With(("log P(0)", exact), ("bound with uniform noise", uniform), ("noise on [0, 2) passes log P by", outside));

        static double Density(double x) => (0.4 * Normal.Density((x + 0.3) / 0.6) / 0.6) + (0.6 * Normal.Density((x - 1.2) / 0.5) / 0.5);
        static double Mass(double a, double b) => (0.4 * (Normal.Cdf((b + 0.3) / 0.6) - Normal.Cdf((a + 0.3) / 0.6))) + (0.6 * (Normal.Cdf((b - 1.2) / 0.5) - Normal.Cdf((a - 1.2) / 0.5)));
    }

    /// <summary>exp(s) at s = 800 overflows, with s squashed it goes there and back; the product of 2000 scales overflows, the sum of logarithms does not; a test there and back sees a lost digit.</summary>
    public static Finding Stability(double scale) => Stability(scale, 5);

    /// <summary>The same with another bound of the squashed s.</summary>
    internal static Finding Stability(double scale, double bound)
    {
        double raw = Reals.Exp(scale), squashed = bound * Reals.Tanh(scale / bound);
        Largest worst = default;
        foreach (double y in Reals.Grid(-2, 2, 41))
        {
            double image = (y * Reals.Exp(squashed)) + 0.3, back = (image - 0.3) * Reals.Exp(-squashed);
            worst.Add(Math.Abs(back - y));
        }

        double product = 1, logs = 0;
        for (int l = 0; l < 2000; l++)
        {
            product *= Reals.Exp(0.5);
            logs += 0.5;
        }

        // t = 1e18 swallows y: the test there and back must see it
        double lost = Math.Abs(((0.7 + 1e18) - 1e18) - 0.7);
        worst.Add(Math.Abs(logs - 1000));
        if (!double.IsPositiveInfinity(raw) || !double.IsPositiveInfinity(product) || lost < 1e-5) worst.Add(1);
        return Finding.AtPoints(worst.Value, 1e-12, $"s = {scale:R}: e^s, and there and back with s squashed to ±{bound:R}; 2000 factors e^½ as a product and as a sum of logarithms; a shift that swallows its argument")
            .With(("s", scale), ("s squashed", squashed), ("sum of 2000 logarithms of scales", logs), ("error there and back that the test sees", lost));
    }

    /// <summary>An affine coupling flow trained on the two moons: there and back, and the log-determinant against the Jacobian.</summary>
    public static Finding TwoMoons(int steps) => TwoMoons(steps, 1);

    /// <summary>The same with a factor before the log-determinant.</summary>
    internal static Finding TwoMoons(int steps, double factor)
    {
        Law moons = UniversalFlows.Distributions.TwoMoons.Instance;
        (Composition flow, _) = LawFit.Run(new LawSettings { Law = moons, Family = FlowFamily.Acf, Depth = 8, Hidden = [16, 16], Steps = steps });
        double[] points = moons.Samples(new Philox(1, "moons there and back"), 500);
        Largest trip = default, logDets = default;
        double logLikelihood = 0;
        for (int n = 0; n < 500; n++)
        {
            double[] x = [points[2 * n], points[(2 * n) + 1]], z = [.. x];
            double back = Couplings.Forward(new Inversion(flow), z);
            logLikelihood += (-0.5 * ((z[0] * z[0]) + (z[1] * z[1]))) - Functions.LogTwoPi + back;
            double[] there = [.. z];
            double forward = Couplings.Forward(flow, there);
            trip.Add(Math.Max(Math.Abs(there[0] - x[0]), Math.Abs(there[1] - x[1])));
            logDets.Add(Math.Abs(SmallMatrix.LogAbsDeterminant(Couplings.Matrix(flow, z), 2, out _) - (factor * forward)));
            logDets.Add(Math.Abs(forward + back));
        }

        // what the log-determinant adds to the operations of a coupling of halves: equal steps in D
        long[] share = [.. new[] { 8, 16, 24 }.Select(Costs.LogDetShare)];
        logDets.Add(Math.Abs(share[2] - (2 * share[1]) + share[0]));
        return Finding.AtPoints(Math.Max(trip.Value, logDets.Value), 1e-11, $"eight affine couplings trained by {steps} steps of maximum likelihood, 500 fresh points: there and back, and the log-determinant against that of the Jacobian by dual numbers; the operations that it takes, by counting, are linear in D")
            .With(("operations of the log-determinant, D = 8", share[0]), ("D = 24", share[2]), ("largest error there and back", trip.Value), ("largest error of the log-determinant", logDets.Value), ("mean log-likelihood", logLikelihood / 500));
    }
}
