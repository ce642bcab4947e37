using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>
/// A = UᵀU for a symmetric positive definite A of order n (a multiple of 32), upper triangle stored row by row; blocks of 32 rows,
/// the products by the dense kernels. The result does not depend on the number of threads.
/// </summary>
public static unsafe class Cholesky
{
    /// <summary>The order of the blocks; n must be a multiple of it.</summary>
    public const int Block = 32;

    /// <summary>
    /// Replaces the upper triangle by U. False if a pivot is not positive (A is not positive definite, or not finite); A is then
    /// partly overwritten.
    /// </summary>
    /// <param name="a">A, entry (i, j) at i·stride + j, 64-byte aligned, stride a multiple of 8.</param>
    /// <param name="n">The order.</param>
    /// <param name="stride">≥ n. A power of two is slow: rows then share cache sets.</param>
    /// <param name="threads">Threads to use.</param>
    public static bool Factor(double* a, int n, int stride, int threads = 1)
    {
        if (n % Block != 0) throw new ArgumentException($"the order must be a multiple of {Block}", nameof(n));
        using AlignedBuffer pack = new((long)n * Block);
        double* negated = pack.Start;
        int blocks = n / Block;
        for (int b = 0; b < blocks; b++)
        {
            int row = b * Block;
            // A[row …, c] −= Σ_{k < row} U[k, row …]·U[k, c]; the factor's columns are packed with their sign
            for (int k = 0; k < row; k++)
                for (int i = 0; i < Block; i++) negated[(k * Block) + i] = -a[(k * (long)stride) + row + i];
            double* target = a + (row * (long)stride), factor = a;
            Workers.For(blocks - b, threads, c =>
            {
                int column = row + (c * Block);
                Kernels.Product(target + column, stride, false, negated, 1, Block, factor + column, stride, row, target + column, stride, Block, 1);
            });
            if (!FactorRows(target + row, stride)) return false;
            Workers.For(blocks - b - 1, threads, c => SolveRows(target + row, target + row + ((c + 1) * Block), stride));
        }

        return true;
    }

    /// <summary>Solves UᵀU x = b in place.</summary>
    public static void Solve(double* u, int n, int stride, Span<double> b)
    {
        for (int i = 0; i < n; i++)
        {
            double* row = u + (i * (long)stride);
            double z = b[i] /= row[i];
            for (int j = i + 1; j < n; j++) b[j] = Math.FusedMultiplyAdd(-row[j], z, b[j]);
        }

        for (int i = n - 1; i >= 0; i--)
        {
            double* row = u + (i * (long)stride);
            double sum = b[i];
            for (int j = i + 1; j < n; j++) sum = Math.FusedMultiplyAdd(-row[j], b[j], sum);
            b[i] = sum / row[i];
        }
    }

    /// <summary>The diagonal block.</summary>
    private static bool FactorRows(double* a, int stride)
    {
        for (int i = 0; i < Block; i++)
        {
            double* row = a + (i * (long)stride);
            if (!(row[i] > 0) || !double.IsFinite(row[i])) return false;
            double pivot = Math.Sqrt(row[i]);
            for (int j = i; j < Block; j++) row[j] /= pivot;
            for (int k = i + 1; k < Block; k++)
            {
                double* below = a + (k * (long)stride);
                for (int j = k; j < Block; j++) below[j] = Math.FusedMultiplyAdd(-row[k], row[j], below[j]);
            }
        }

        return true;
    }

    /// <summary>U_diagonalᵀ X = A for one block of 32 columns, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SolveRows(double* diagonal, double* x, int stride)
    {
        for (int i = 0; i < Block; i++)
        {
            double* row = x + (i * (long)stride);
            Vector512<double> r0 = Vector512.Load(row), r1 = Vector512.Load(row + 8), r2 = Vector512.Load(row + 16), r3 = Vector512.Load(row + 24);
            for (int k = 0; k < i; k++)
            {
                Vector512<double> f = Vector512.Create(-diagonal[(k * (long)stride) + i]);
                double* above = x + (k * (long)stride);
                r0 = Vector512.FusedMultiplyAdd(f, Vector512.Load(above), r0);
                r1 = Vector512.FusedMultiplyAdd(f, Vector512.Load(above + 8), r1);
                r2 = Vector512.FusedMultiplyAdd(f, Vector512.Load(above + 16), r2);
                r3 = Vector512.FusedMultiplyAdd(f, Vector512.Load(above + 24), r3);
            }

            Vector512<double> pivot = Vector512.Create(diagonal[(i * (long)stride) + i]);
            (r0 / pivot).Store(row);
            (r1 / pivot).Store(row + 8);
            (r2 / pivot).Store(row + 16);
            (r3 / pivot).Store(row + 24);
        }
    }
}
