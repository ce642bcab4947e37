using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Costs, counted.</summary>
internal static class Operations
{
    /// <summary>The multiplications and additions of an elimination grow like D³: how much the quotient at doubled D misses 8.</summary>
    public static Finding EliminationGrowth(int size) => EliminationGrowth(size, 3);

    /// <summary>The same with another exponent.</summary>
    internal static Finding EliminationGrowth(int size, int exponent)
    {
        long once = Elimination(size, out double determinant), twice = Elimination(2 * size, out _);
        double check = Math.Abs(determinant - LogDet(size));
        double slope = Reals.Log((double)twice / once) / Reals.Log(2);
        return Finding.AtPoints(Math.Max(check, Math.Abs(slope - exponent)), 1e-9, $"an elimination with pivots that counts its operations on floating-point numbers, at D = {size} and {2 * size}; its determinant against the library's")
            .With(("operations", once), ("operations at 2D", twice), ("slope in log-log", slope), ("operations over D³", once / ((double)size * size * size)));
    }

    /// <summary>
    /// "A dense log-determinant is impractical at D = 1024": one is computed. The defect is 1 if it took less than the seconds told, the best of three runs.
    /// </summary>
    [Slow]
    public static Finding EliminationAtSize(int size, double seconds)
    {
        double best = double.PositiveInfinity;
        for (int run = 0; run < 3 && best > seconds; run++)
        {
            System.Diagnostics.Stopwatch clock = System.Diagnostics.Stopwatch.StartNew();
            Elimination(size, out _);
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        // what is kept is whether it was fast enough, not how fast: the same on every machine that is
        return Finding.Exact(best < seconds ? 1 : 0, $"a dense elimination at D = {size} on one thread took less than {seconds} s: an instance of what is said to be impractical")
            .With(("D", size), ("seconds allowed", seconds));
    }

    /// <summary>The exact trace of a Jacobian takes D evaluations of the network with one derivative each: counted for several D.</summary>
    public static Finding TraceEvaluations(int largest)
    {
        double worst = 0;
        for (int d = 1; d <= largest; d *= 2)
        {
            Counting f = new(d);
            Real[] x = new Real[d], value = new Real[d], jacobian = new Real[d * d];
            Jacobian.Evaluate<Real>(f, x, value, jacobian);
            double trace = Enumerable.Range(0, d).Sum(i => jacobian[(i * d) + i].Value);
            worst = Math.Max(worst, Math.Abs(f.Calls - d) + Math.Abs(trace - d));
        }

        return Finding.Exact(worst, $"a network of D = 1, 2, …, {largest} coordinates that counts its evaluations while its Jacobian is taken by dual numbers: D of them, and the right trace").With(("evaluations at the largest D", largest));
    }

    /// <summary>Hutchinson's estimate takes one evaluation with one derivative for each probe, whatever D; but a probe and a state have D numbers.</summary>
    public static Finding ProbeEvaluations(int largest)
    {
        double worst = 0;
        for (int d = 1; d <= largest; d *= 2)
        {
            Counting f = new(d);
            Dual<Real>[] x = [.. Enumerable.Range(0, d).Select(i => new Dual<Real>(new Real(0), new Real(i % 2 == 0 ? 1 : -1)))];
            f.Map<Dual<Real>>(x);
            double estimate = x.Select((v, i) => v.Tangent.Value * (i % 2 == 0 ? 1 : -1)).Sum();
            // the Jacobian at 0 is I plus ones above the diagonal: a probe of alternating signs gives D − (D − 1)
            worst = Math.Max(worst, Math.Abs(f.Calls - 1) + Math.Abs(estimate - 1));
        }

        return Finding.Exact(worst, $"one probe of signs through a network of D = 1, 2, …, {largest} coordinates: one evaluation each, and the estimate that the Jacobian gives").With(("numbers held by one probe at the largest D", largest));
    }

    /// <summary>The number of log-scales that a coupling adds: D − k for k passive coordinates, at k = 1, D/2, D − 1.</summary>
    public static Finding CouplingCosts(int dimension)
    {
        int[] passive = [1, dimension / 2, dimension - 1], told = [dimension - 1, dimension / 2, 1];
        int wrong = 0;
        for (int i = 0; i < 3; i++)
        {
            // the rank of D − I on the active block: scales that can differ from 1
            int active = Enumerable.Range(0, dimension).Count(c => c >= passive[i]);
            wrong += Math.Abs(active - told[i]);
        }

        return Finding.Exact(wrong, $"the active coordinates of couplings of R^{dimension} with 1, {dimension / 2} and {dimension - 1} passive ones, counted").With(("k = 1", told[0]), ("k = D/2", told[1]), ("k = D − 1", told[2]));
    }

    private static double LogDet(int size) => SmallMatrix.LogAbsDeterminant(Matrix(size), size, out _);

    private static double[] Matrix(int size)
    {
        double[] a = new double[size * size];
        new Philox(1, "elimination").FillUniform(a);
        for (int i = 0; i < size; i++) a[(i * size) + i] += size / 4.0;
        return a;
    }

    /// <summary>Elimination with pivots of a fixed random matrix; the number of operations.</summary>
    private static long Elimination(int n, out double logDet)
    {
        double[] a = Matrix(n);
        long count = 0;
        logDet = 0;
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < n; i++)
                if (Math.Abs(a[(i * n) + k]) > Math.Abs(a[(pivot * n) + k])) pivot = i;
            Span<double> row = a.AsSpan(k * n, n), other = a.AsSpan(pivot * n, n);
            if (pivot != k)
                for (int j = 0; j < n; j++) (row[j], other[j]) = (other[j], row[j]);
            logDet += Reals.Log(Math.Abs(row[k]));
            int tail = n - k - 1;
            ReadOnlySpan<double> from = row[(k + 1)..];
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[(i * n) + k] / row[k];
                Subtract(a.AsSpan((i * n) + k + 1, tail), from, factor);
                count += (2 * tail) + 1;
            }
        }

        return count;
    }

    private static void Subtract(Span<double> row, ReadOnlySpan<double> from, double factor)
    {
        int j = 0;
        for (; j + Lanes.Width <= row.Length; j += Lanes.Width)
            Lanes.MultiplyAdd(Lanes.Constant(-factor), Lanes.Load(from.Slice(j, Lanes.Width)), Lanes.Load(row.Slice(j, Lanes.Width))).Store(row.Slice(j, Lanes.Width));
        for (; j < row.Length; j++) row[j] = Math.FusedMultiplyAdd(-factor, from[j], row[j]);
    }

    /// <summary>x_i + sin x_{i+1}, which counts how often it is evaluated.</summary>
    private sealed class Counting(int dimension) : IMap
    {
        public int Dimension => dimension;

        public int Calls { get; private set; }

        public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
        {
            Calls++;
            for (int i = 0; i < x.Length - 1; i++) x[i] += T.Sin(x[i + 1]);
        }
    }
}
