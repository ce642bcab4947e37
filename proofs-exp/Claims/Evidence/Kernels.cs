using UniversalFlows.Measurement;
using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>The maximum mean discrepancy.</summary>
internal static class Kernels
{
    private static readonly (double X, double Weight)[] s_p = [(0, 0.2), (1, 0.5), (2.5, 0.3)], s_q = [(0, 0.3), (1, 0.3), (3, 0.4)];

    /// <summary>MMD² = E k(x, x′) + E k(y, y′) − 2E k(x, y) for the Gaussian kernel, against the distance of characteristic functions and the mean of its estimator over all samples.</summary>
    public static Finding ThreeTerms() => ThreeTerms(-2);

    /// <summary>The same with another factor before the mixed term.</summary>
    internal static Finding ThreeTerms(double mixed)
    {
        double value = Terms(s_p, s_q, mixed), same = Terms(s_p, s_p, mixed), fourier = 0;
        (double[] nodes, double[] weights) = GaussLegendre.Composite(-9, 9, 6, 16);
        for (int i = 0; i < nodes.Length; i++)
        {
            // |φ_P − φ_Q|² under the kernel's spectral law N(0, 1)
            double cos = 0, sin = 0;
            foreach ((double x, double w) in s_p) (cos, sin) = (cos + (w * Reals.Cos(nodes[i] * x)), sin + (w * Reals.Sin(nodes[i] * x)));
            foreach ((double x, double w) in s_q) (cos, sin) = (cos - (w * Reals.Cos(nodes[i] * x)), sin - (w * Reals.Sin(nodes[i] * x)));
            fourier += weights[i] * Normal.Density(nodes[i]) * ((cos * cos) + (sin * sin));
        }

        // all samples of three points of P and three of Q
        double mean = 0;
        Kernel kernel = Kernel.Gaussian(1);
        for (int n = 0; n < 729; n++)
        {
            double probability = 1;
            double[] x = new double[3], y = new double[3];
            for (int k = 0, code = n; k < 6; k++, code /= 3)
            {
                (double point, double weight) = (k < 3 ? s_p : s_q)[code % 3];
                (k < 3 ? x : y)[k % 3] = point;
                probability *= weight;
            }

            mean += probability * MaximumMeanDiscrepancy.BetweenSamples(kernel, x, y, 1).Unbiased;
        }

        Largest worst = default;
        worst.Add(Math.Abs(value - fourier));
        worst.Add(Math.Abs(value - mean));
        worst.Add(Math.Abs(same));
        worst.Add(value > 0 ? 0 : 1);
        return Finding.AtPoints(worst.Value, 1e-12, "two laws of three atoms, Gaussian kernel: the three terms against the integral of |φ_P − φ_Q|² under the kernel's spectral law, and against the mean of the unbiased estimator over all 729 pairs of samples of three; 0 for equal laws, positive here")
            .With(("three terms", value), ("by characteristic functions", fourier), ("mean of the estimator", mean));
    }

    private static double Terms((double X, double Weight)[] p, (double X, double Weight)[] q, double mixed)
    {
        double Mean((double X, double Weight)[] a, (double X, double Weight)[] b) => a.Sum(s => b.Sum(t => s.Weight * t.Weight * Reals.Exp(-0.5 * (s.X - t.X) * (s.X - t.X))));
        return Mean(p, p) + Mean(q, q) + (mixed * Mean(p, q));
    }
}
