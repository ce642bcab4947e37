using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Linear maps as products of linear couplings: block unitriangular matrices, lower and upper by turns.</summary>
internal static class Factorizations
{
    /// <summary>Random matrices of determinant 1 as products of so many blocks, fitted by Levenberg and Marquardt's method: the largest entry of the difference, over matrices, of the best of several starts.</summary>
    public static Finding SpecialLinear(int half, int factors) => SpecialLinear(half, factors, 1);

    /// <summary>The same for matrices of another determinant.</summary>
    internal static Finding SpecialLinear(int half, int factors, double determinant)
    {
        const int Matrices = 4;
        double[] worst = new double[factors + 1];
        for (int k = 3; k <= factors; k++)
        {
            for (int n = 0; n < Matrices; n++)
            {
                double best = double.PositiveInfinity;
                for (int start = 0; start < 6 && !(best < 1e-12); start++) best = Math.Min(best, Fit(Matrix(half, n, determinant), half, k, start));
                worst[k] = Math.Max(worst[k], best);
            }
        }

        return Finding.Constructed(worst[factors], $"{Matrices} random {2 * half}×{2 * half} matrices of determinant {determinant} as products of 3 to {factors} block unitriangular factors, lower and upper by turns; the largest entry of the difference")
            .With([.. Enumerable.Range(3, factors - 2).Select(k => ($"error with {k} factors", worst[k]))]);
    }

    private static double[] Matrix(int half, int index, double determinant)
    {
        int n = 2 * half;
        double[] a = new double[n * n];
        new Philox(1, $"special linear {index}").FillNormal(a);
        double det = SmallMatrix.Determinant(a, n);
        if (det * determinant < 0)
            for (int j = 0; j < n; j++) (a[j], a[n + j]) = (a[n + j], a[j]);
        double scale = Reals.Power(Math.Abs(determinant / det), 1.0 / n);
        for (int i = 0; i < a.Length; i++) a[i] *= scale;
        return a;
    }

    private static double[] Product(double[] blocks, int half, int factors)
    {
        int n = 2 * half, size = half * half;
        double[] product = new double[n * n], factor = new double[n * n], next = new double[n * n];
        for (int i = 0; i < n; i++) product[(i * n) + i] = 1;
        for (int k = 0; k < factors; k++)
        {
            Array.Clear(factor);
            for (int i = 0; i < n; i++) factor[(i * n) + i] = 1;
            for (int i = 0; i < half; i++)
                for (int j = 0; j < half; j++) factor[k % 2 == 0 ? ((half + i) * n) + j : (i * n) + half + j] = blocks[(k * size) + (i * half) + j];
            SmallMatrix.Multiply(product, factor, n, next);
            (product, next) = (next, product);
        }

        return product;
    }

    private static double Fit(double[] goal, int half, int factors, int start)
    {
        int unknowns = factors * half * half, rows = goal.Length;
        double[] x = new double[unknowns];
        new Philox(2, $"factors {half} {factors} {start}").FillNormal(x);
        double[] r = Residual(x);
        double mu = 1, square = Square(r);
        for (int step = 0; step < 400 && square > 1e-28 && mu < 1e12; step++)
        {
            // the product is affine in each entry: differences of 1 are exact derivatives
            double[] j = new double[rows * unknowns];
            for (int u = 0; u < unknowns; u++)
            {
                double keep = x[u];
                x[u] = keep + 1;
                double[] moved = Residual(x);
                x[u] = keep;
                for (int i = 0; i < rows; i++) j[(i * unknowns) + u] = moved[i] - r[i];
            }

            // (JJᵀ + μI)z = r, step −Jᵀz
            double[] gram = new double[rows * rows], z = new double[rows];
            for (int a = 0; a < rows; a++)
            {
                for (int b = 0; b < rows; b++)
                    for (int u = 0; u < unknowns; u++) gram[(a * rows) + b] += j[(a * unknowns) + u] * j[(b * unknowns) + u];
                gram[(a * rows) + a] += mu;
            }

            if (!SmallMatrix.Solve(gram, r, z)) break;
            double[] next = [.. x];
            for (int u = 0; u < unknowns; u++)
                for (int a = 0; a < rows; a++) next[u] -= j[(a * unknowns) + u] * z[a];
            double[] there = Residual(next);
            double reached = Square(there);
            if (reached < square) (x, r, square, mu) = (next, there, reached, mu * 0.2);
            else mu *= 4;
        }

        return r.Max(Math.Abs);

        double[] Residual(double[] v) => [.. Product(v, half, factors).Zip(goal, (p, g) => p - g)];

        static double Square(double[] v) => v.Sum(e => e * e);
    }
}
