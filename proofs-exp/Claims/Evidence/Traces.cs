using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Traces, their estimators, and what they cost.</summary>
internal static class Traces
{
    /// <summary>log det(I + hA) − h·tr A = −½h²·tr A² + O(h³): of second order.</summary>
    public static Finding LogDetOrder(int dimension) => LogDetOrder(dimension, (a, i, j) => i == j ? a : 0);

    /// <summary>The same with another weight of the entries in the place of the trace.</summary>
    internal static Finding LogDetOrder(int dimension, Func<double, int, int, double> part)
    {
        Largest worst = default;
        double slope = 0;
        for (int n = 0; n < 8; n++)
        {
            double[] a = new double[dimension * dimension], square = new double[dimension * dimension];
            new Philox(1, $"log det {n}").FillNormal(a);
            SmallMatrix.Multiply(a, a, dimension, square);
            double linear = 0, quadratic = 0;
            for (int i = 0; i < dimension * dimension; i++) linear += part(a[i], i / dimension, i % dimension);
            for (int i = 0; i < dimension; i++) quadratic -= 0.5 * square[i * (dimension + 1)];

            double At(double h)
            {
                double[] m = [.. a.Select((v, i) => (i % (dimension + 1) == 0 ? 1 : 0) + (h * v))];
                return SmallMatrix.LogAbsDeterminant(m, dimension, out _) - (h * linear);
            }

            const double H = 1.0 / 512;
            double coarse = At(H) / (H * H), fine = 4 * At(H / 2) / (H * H), extrapolated = (2 * fine) - coarse;
            slope = Reals.Log(Math.Abs(At(H) / At(H / 2))) / Reals.Log(2);
            worst.Add(Math.Abs(extrapolated - quadratic));
        }

        return Finding.AtPoints(worst.Value, 1e-3, $"eight random {dimension}×{dimension} matrices: (log det(I + hA) − h·tr A)/h², extrapolated from h = 1/512 and 1/1024, against −½tr A²; the third order that is left is below 1e-3")
            .With(("order in h of the last one", slope));
    }

    /// <summary>E εᵀAε = tr A for Rademacher and normal ε and any square A, with the variances, in whole numbers.</summary>
    public static Finding Hutchinson(int dimension) => Hutchinson(dimension, 1, 3);

    /// <summary>The same with other second and fourth moments of a normal number.</summary>
    internal static Finding Hutchinson(int dimension, long second, long fourth)
    {
        long defect = 0, rademacher = 0, gaussian = 0;
        for (int n = 0; n < 5; n++)
        {
            long[,] a = Whole(dimension, $"hutchinson {n}");
            long trace = 0, square = 0, diagonal = 0;
            for (int i = 0; i < dimension; i++)
            {
                trace += a[i, i];
                diagonal += 4 * a[i, i] * a[i, i];
                for (int j = 0; j < dimension; j++) square += (a[i, j] + a[j, i]) * (a[i, j] + a[j, i]);
            }

            // all signs: sums of q and q² over 2^d vectors
            long sum = 0, squares = 0;
            for (int bits = 0; bits < 1 << dimension; bits++)
            {
                long q = 0;
                for (int i = 0; i < dimension; i++)
                    for (int j = 0; j < dimension; j++) q += ((bits >> i) & 1) == ((bits >> j) & 1) ? a[i, j] : -a[i, j];
                sum += q;
                squares += q * q;
            }

            long count = 1L << dimension;
            rademacher = (squares / count) - (trace * trace);
            defect += Math.Abs(sum - (count * trace)) + Math.Abs((2 * rademacher) - (square - diagonal)) + (squares % count);

            // normal ε: E of products of coordinates by their moments
            long mean = 0, moment = 0;
            for (int i = 0; i < dimension; i++)
                for (int j = 0; j < dimension; j++)
                {
                    mean += a[i, j] * Moment([i, j]);
                    for (int k = 0; k < dimension; k++)
                        for (int l = 0; l < dimension; l++) moment += a[i, j] * a[k, l] * Moment([i, j, k, l]);
                }

            gaussian = moment - (mean * mean);
            defect += Math.Abs(mean - trace) + Math.Abs((2 * gaussian) - square);
        }

        return Finding.Exact(defect, $"five {dimension}×{dimension} matrices of whole numbers, not symmetric: mean and second moment of εᵀAε over all 2^{dimension} signs, and by the moments of a normal vector, against tr A, 2(‖S‖² − ΣS_ii²) and 2‖S‖², S = (A + Aᵀ)/2")
            .With(("variance with signs, last matrix", rademacher), ("variance with normal numbers", gaussian));

        long Moment(int[] indices)
        {
            long product = 1;
            foreach (IGrouping<int, int> g in indices.GroupBy(i => i)) product *= g.Count() switch { 2 => second, 4 => fourth, _ => 0 };
            return product;
        }
    }

    /// <summary>vᵀAv is unbiased for every A exactly if E vvᵀ = I.</summary>
    public static Finding Unbiased() => Unbiased((m, i, j) => m == (i == j ? 1 : 0));

    /// <summary>The same with another condition on the entries of E vvᵀ.</summary>
    internal static Finding Unbiased(Func<double, int, int, bool> condition)
    {
        // laws of R³ by vvᵀ, whole numbers, and weights
        double[] Outer(double x, double y, double z) => [x * x, x * y, x * z, y * x, y * y, y * z, z * x, z * y, z * z];
        double[] Axis(int i, double size) => [.. Enumerable.Range(0, 9).Select(k => k == 4 * i ? size : 0.0)];
        int[] signs = [-1, 1];
        (string Name, double[][] Atoms)[] laws =
        [
            ("independent signs", [.. from a in signs from b in signs from c in signs select Outer(a, b, c)]),
            ("signs, the third the product of the others", [.. from a in signs from b in signs select Outer(a, b, a * b)]),
            ("an axis at random, length √3", [Axis(0, 3), Axis(1, 3), Axis(2, 3)]),
            ("two equal signs", [.. from a in signs from b in signs select Outer(a, a, b)]),
            ("variances 2, 1, 0", [.. from a in signs from b in signs select Outer(0, b, 0).Zip(Axis(0, 2), (p, q) => p + q).ToArray()]),
        ];
        int wrong = 0, unbiasedLaws = 0;
        foreach ((_, double[][] atoms) in laws)
        {
            double[] mean = [.. Enumerable.Range(0, 9).Select(k => atoms.Sum(a => a[k]) / atoms.Length)];
            bool holds = Enumerable.Range(0, 9).All(k => condition(mean[k], k / 3, k % 3)), unbiased = true;
            for (int n = 0; n < 29; n++)
            {
                // the nine unit matrices, then random ones
                double[] a = n < 9 ? [.. Enumerable.Range(0, 9).Select(k => k == n ? 1.0 : 0)] : [.. Whole(3, $"unbiased {n}").Cast<long>().Select(v => (double)v)];
                double expected = atoms.Sum(v => v.Zip(a, (x, y) => x * y).Sum()) / atoms.Length;
                unbiased &= expected == a[0] + a[4] + a[8];
            }

            if (unbiased) unbiasedLaws++;
            if (unbiased != holds) wrong++;
        }

        return Finding.Exact(wrong, "five laws of R³ with finitely many values, the nine unit matrices and twenty matrices of whole numbers: laws for which \"unbiased for all of them\" and \"E vvᵀ = I\" differ")
            .With(("unbiased laws", unbiasedLaws), ("laws", laws.Length));
    }

    /// <summary>A regulariser of neural ODEs: the printed second term against the squared Frobenius norm of ∂f/∂z on an autonomous rotation.</summary>
    public static Finding Regulariser(int speed) => Regulariser(speed, printed: true) with { Corrected = Regulariser(speed, printed: false) };

    /// <summary>The printed term, or the mean of |εᵀ∂f/∂z|² over all signs, against ‖∂f/∂z‖².</summary>
    internal static Finding Regulariser(int speed, bool printed, int sign = 1)
    {
        // f(z, t) = ω(−z₂, z₁): ∂f/∂t = 0, ∂f/∂z = ω[[0, −1], [1, 0]]
        long[,] j = { { 0, -speed }, { speed, 0 } };
        long frobenius = 0, mean = 0;
        foreach (long v in j) frobenius += v * v;
        foreach (int a in (int[])[-1, 1])
            foreach (int b in (int[])[-1, 1])
                for (int k = 0; k < 2; k++)
                {
                    long product = (a * j[0, k]) + (sign * b * j[1, k]);
                    mean += product * product;
                }

        long term = printed ? 0 : mean / 4;
        return Finding.Exact(Math.Abs(term - frobenius), printed
            ? "a rotation with constant speed: ∂f/∂t is 0, and so is the printed term; the squared Frobenius norm of ∂f/∂z is not"
            : "the mean of |εᵀ∂f/∂z|² over all signs ε, as the paper computes it, against the squared Frobenius norm of ∂f/∂z").With(("‖∂f/∂z‖²", frobenius), ("term", term));
    }

    private static long[,] Whole(int dimension, string task)
    {
        Philox random = new(1, task);
        long[,] a = new long[dimension, dimension];
        for (int i = 0; i < dimension; i++)
            for (int j = 0; j < dimension; j++) a[i, j] = random.NextInt(7) - 3;
        return a;
    }
}
