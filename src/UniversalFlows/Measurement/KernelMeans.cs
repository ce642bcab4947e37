using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Measurement;

/// <summary>E k(X, Y) for parts of mixtures, exactly, and MMD² from it.</summary>
internal static class KernelMeans
{
    private const double RootTwoPi = 2.5066282746310005024, RootPi = 1.7724538509055160273;

    /// <summary>
    /// MMD² = Σ_ij c_i c_j E k(X_i, X_j) over the parts of both laws, c positive for p and negative for q. Inverse multiquadric: (1 + r²/h²)^{−½} = π^{−½} ∫ t^{−½} e^{−t} e^{−t r²/h²} dt. Energy: −r = const + (2√π)⁻¹ ∫ u^{−3/2} e^{−u r²} du,
    /// where the constant, infinite as it is, drops out because Σ c_i = 0. Both are trapezoidal sums in log t: the integrand is analytic in a strip and decays at both ends, so they are exact to rounding (Trefethen and Weideman 2014).
    /// </summary>
    public static double Discrepancy(Kernel kernel, IReadOnlyList<MixturePart> p, IReadOnlyList<MixturePart> q)
    {
        const double step = 0.125;
        MixturePart[] parts = [.. p, .. q];
        double[] signs = [.. p.Select(c => c.Weight), .. q.Select(c => -c.Weight)];
        switch (kernel)
        {
            case Kernel.GaussianKernel gaussian:
                return Sum(gaussian.Width);
            case Kernel.InverseMultiquadricKernel multiquadric:
                List<double> terms = [];
                for (double v = -80; v < 4; v += step)
                {
                    double t = Exp(v);
                    terms.Add(Exp((0.5 * v) - t) * Sum(multiquadric.Width / Math.Sqrt(2 * t)));
                }

                return VectorMath.Sum(terms.ToArray()) * step / RootPi;
            case Kernel.EnergyKernel:
                // in units of the spread of the parts: below e^−80 the sum is of order u·spread², above e^80 it no longer changes
                double scale = Spread(parts);
                if (scale == 0) return 0;
                List<double> sums = [];
                for (double v = -80; v < 80; v += step)
                {
                    double u = Exp(v);
                    sums.Add(Exp(-0.5 * v) * Sum(scale / Math.Sqrt(2 * u)));
                }

                return VectorMath.Sum(sums.ToArray()) * step * scale / (2 * RootPi);
            default:
                throw new ArgumentException($"there is no closed form for {kernel}", nameof(kernel));
        }

        double Sum(double width)
        {
            double sum = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                sum += signs[i] * signs[i] * Minus1(parts[i], parts[i], width);
                for (int j = 0; j < i; j++) sum += 2 * signs[i] * signs[j] * Minus1(parts[i], parts[j], width);
            }

            return sum;
        }
    }

    /// <summary>E k − 1 for the Gaussian kernel: as Σ c_i = 0 the ones cancel, and without them wide kernels keep their digits.</summary>
    private static double Minus1(MixturePart a, MixturePart b, double h)
    {
        double q = (h * h) + (a.Deviation * a.Deviation) + (b.Deviation * b.Deviation), log = 0;
        for (int i = 0; i < a.Centre.Count; i++)
        {
            double m = a.Centre[i] - b.Centre[i];
            log -= 0.5 * Real.Log1p(new(((a.Deviation * a.Deviation) + (b.Deviation * b.Deviation)) / (h * h))).Value;
            log += LogMean(m, Math.Max(a.HalfWidths[i], b.HalfWidths[i]), Math.Min(a.HalfWidths[i], b.HalfWidths[i]), Math.Sqrt(q));
        }

        return Real.Expm1(new(Math.Max(log, -700))).Value;
    }

    /// <summary>log E exp(−(m + a u + b w)²/(2q)) for independent u, w uniform on [−1, 1], a ≥ b ≥ 0.</summary>
    private static double LogMean(double m, double a, double b, double root)
    {
        if (a == 0) return -0.5 * (m / root) * (m / root);
        // a short box is a smooth integrand; E − 1 by quadrature keeps the digits of wide kernels
        if (a < 2 * root) return Real.Log1p(new(Quadrature(m, a, b, root))).Value;
        double mean;
        if (b == 0) mean = RootTwoPi * root * Interval((m - a) / root, (m + a) / root) / (2 * a);
        else if (b < 2 * root)
        {
            // the short side by quadrature, the long one closed
            GaussLegendre rule = GaussLegendre.Rule(40);
            mean = 0;
            for (int k = 0; k < 40; k++) mean += 0.5 * rule.Weights[k] * RootTwoPi * root * Interval((m + (b * rule.Nodes[k]) - a) / root, (m + (b * rule.Nodes[k]) + a) / root) / (2 * a);
        }
        else mean = q4(m + a + b) - q4(m + a - b) - q4(m - a + b) + q4(m - a - b);
        return Real.Log(new(Math.Max(mean, 1e-300))).Value; // far apart: nothing, whatever the rounding

        // ψ″ = e^{−t²/2}
        double q4(double t) => root * root * RootTwoPi * ((t / root * Normal.Cdf(t / root)) + Normal.Density(t / root)) / (4 * a * b);
    }

    private static double Quadrature(double m, double a, double b, double root)
    {
        GaussLegendre rule = GaussLegendre.Rule(40);
        double sum = 0;
        for (int i = 0; i < 40; i++)
        {
            if (b == 0)
            {
                double t = (m + (a * rule.Nodes[i])) / root;
                sum += 0.5 * rule.Weights[i] * Real.Expm1(new(-0.5 * t * t)).Value;
                continue;
            }

            for (int j = 0; j < 40; j++)
            {
                double t = (m + (a * rule.Nodes[i]) + (b * rule.Nodes[j])) / root;
                sum += 0.25 * rule.Weights[i] * rule.Weights[j] * Real.Expm1(new(-0.5 * t * t)).Value;
            }
        }

        return sum;
    }

    /// <summary>Φ(y) − Φ(x) with the digits of the tail that it lies in.</summary>
    private static double Interval(double x, double y) => x > 0 ? Normal.Survival(x) - Normal.Survival(y) : Normal.Cdf(y) - Normal.Cdf(x);

    private static double Spread(MixturePart[] parts)
    {
        double most = 0;
        foreach (MixturePart p in parts)
        {
            most = Math.Max(most, p.Deviation);
            for (int i = 0; i < p.Centre.Count; i++) most = Math.Max(most, Math.Max(p.HalfWidths[i], Math.Abs(p.Centre[i] - parts[0].Centre[i])));
        }

        return most;
    }

    private static double Exp(double x) => Real.Exp(new(x)).Value;
}
