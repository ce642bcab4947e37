using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>
/// Linear algebra of small dense d×d matrices, row by row in spans (A[i, j] at i·d + j). Plain elimination with partial pivoting:
/// meant for d up to a few dozen. Nothing allocates; the arguments are not changed.
/// </summary>
public static class SmallMatrix
{
    /// <summary>log|det A|; −∞ for a singular matrix, NaN if an entry is NaN.</summary>
    /// <param name="a">A, d² entries.</param>
    /// <param name="d">d ≥ 1.</param>
    /// <param name="sign">The sign of det A: 1, −1, or 0 for a singular or NaN matrix.</param>
    public static double LogAbsDeterminant(ReadOnlySpan<double> a, int d, out int sign)
    {
        Check(a, d);
        using Scratch<double> scratch = new(d * d);
        Span<double> lu = scratch.Take(d * d);
        a.CopyTo(lu);
        sign = Eliminate(lu, d, default, 0);
        double sum = 0;
        for (int i = 0; i < d; i++) sum += Real.Log(new(Math.Abs(lu[(i * d) + i]))).Value;
        if (double.IsNaN(sum)) sign = 0;
        return sum; // a pivot 0 has made it −∞
    }

    /// <summary>det A, as the product of the pivots.</summary>
    public static double Determinant(ReadOnlySpan<double> a, int d)
    {
        Check(a, d);
        using Scratch<double> scratch = new(d * d);
        Span<double> lu = scratch.Take(d * d);
        a.CopyTo(lu);
        double det = Eliminate(lu, d, default, 0);
        if (det == 0) return HasNaN(a) ? double.NaN : 0;
        for (int i = 0; i < d; i++) det *= Math.Abs(lu[(i * d) + i]); // the sign is in det already
        return det;
    }

    /// <summary>X ← A⁻¹; false (and X full of NaN) if A is singular or not finite.</summary>
    public static bool Invert(ReadOnlySpan<double> a, int d, Span<double> inverse)
    {
        Check(a, d);
        if (inverse.Length != d * d) throw new ArgumentException($"room for {d * d} numbers was expected", nameof(inverse));
        using Scratch<double> scratch = new(2 * d * d);
        Span<double> lu = scratch.Take(d * d), x = scratch.Take(d * d);
        a.CopyTo(lu);
        x.Clear();
        for (int i = 0; i < d; i++) x[(i * d) + i] = 1;
        bool regular = SolveInPlace(lu, d, x, d);
        x.CopyTo(inverse);
        return regular;
    }

    /// <summary>A ← A⁻¹ for a symmetric positive definite A, by Gauss and Jordan's elimination, which needs no pivoting there.</summary>
    internal static void InvertPositiveDefinite(Span<double> a, int d)
    {
        for (int k = 0; k < d; k++)
        {
            Span<double> pivot = a.Slice(k * d, d);
            double scale = 1 / pivot[k];
            pivot[k] = 1;
            foreach (ref double p in pivot) p *= scale;
            for (int i = 0; i < d; i++)
            {
                if (i == k) continue;
                Span<double> row = a.Slice(i * d, d);
                double factor = row[k];
                row[k] = 0;
                VectorMath.AddScaledTo(-factor, pivot, row);
            }
        }
    }

    /// <summary>x ← A⁻¹ b; false (and x full of NaN) if A is singular or not finite.</summary>
    public static bool Solve(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> x)
    {
        int d = b.Length;
        Check(a, d);
        if (x.Length != d) throw new ArgumentException($"room for {d} numbers was expected", nameof(x));
        using Scratch<double> scratch = new(d * d);
        Span<double> lu = scratch.Take(d * d);
        a.CopyTo(lu);
        b.CopyTo(x);
        return SolveInPlace(lu, d, x, 1);
    }

    /// <summary>C ← A B; <paramref name="product"/> is neither A nor B.</summary>
    public static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int d, Span<double> product)
    {
        Check(a, d);
        Check(b, d);
        if (product.Length != d * d) throw new ArgumentException($"room for {d * d} numbers was expected", nameof(product));
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double sum = 0;
                for (int k = 0; k < d; k++) sum = Math.FusedMultiplyAdd(a[(i * d) + k], b[(k * d) + j], sum);
                product[(i * d) + j] = sum;
            }
        }
    }

    /// <summary>
    /// ‖A‖₂ = max |Ax|/|x|, the largest singular value: a closed form for d ≤ 2, else Jacobi's eigenvalue iteration on AᵀA (scaled,
    /// so that nothing overflows). NaN if an entry is NaN, +∞ if one is infinite.
    /// </summary>
    public static double OperatorNorm(ReadOnlySpan<double> a, int d)
    {
        Check(a, d);
        double largest = 0;
        foreach (double v in a)
        {
            if (double.IsNaN(v)) return double.NaN;
            largest = Math.Max(largest, Math.Abs(v));
        }

        if (largest == 0 || double.IsInfinity(largest) || d == 1) return largest;
        if (d == 2)
        {
            // A = conformal + anticonformal part: the singular values are the sum and the difference of their moduli
            double p = a[0] / largest, q = a[1] / largest, r = a[2] / largest, s = a[3] / largest;
            double conformal = Math.Sqrt(((p + s) * (p + s)) + ((r - q) * (r - q)));
            double anticonformal = Math.Sqrt(((p - s) * (p - s)) + ((r + q) * (r + q)));
            return 0.5 * largest * (conformal + anticonformal);
        }

        using Scratch<double> scratch = new(d * d);
        Span<double> gram = scratch.Take(d * d);
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int k = 0; k < d; k++) sum = Math.FusedMultiplyAdd(a[(k * d) + i] / largest, a[(k * d) + j] / largest, sum);
                gram[(i * d) + j] = gram[(j * d) + i] = sum;
            }
        }

        return largest * Math.Sqrt(Math.Max(0, LargestEigenvalue(gram, d)));
    }

    private static double LargestEigenvalue(Span<double> s, int d)
    {
        Diagonalise(s, d, default);
        double largest = s[0];
        for (int i = 1; i < d; i++) largest = Math.Max(largest, s[(i * d) + i]);
        return largest;
    }

    /// <summary>
    /// Jacobi's cyclic iteration on a symmetric matrix: its eigenvalues come to stand on the diagonal, and the columns of <paramref name="basis"/> (empty: not wanted), orthonormal before, are
    /// turned along; from the unit matrix they become the eigenvectors.
    /// </summary>
    internal static void Diagonalise(Span<double> s, int d, Span<double> basis)
    {
        const int MaxSweeps = 30; // convergence is quadratic: 6 to 8 sweeps are usual
        for (int sweep = 0; sweep < MaxSweeps; sweep++)
        {
            double off = 0, diagonal = 0;
            for (int i = 0; i < d; i++)
            {
                diagonal = Math.Max(diagonal, Math.Abs(s[(i * d) + i]));
                for (int j = 0; j < i; j++) off = Math.Max(off, Math.Abs(s[(i * d) + j]));
            }

            // what is left changes an eigenvalue by at most (d·off)²/gap or d·off: below rounding either way
            if (off <= 1e-17 * diagonal) break;
            for (int p = 0; p < d; p++)
            {
                for (int q = p + 1; q < d; q++) Rotate(s, d, p, q, basis);
            }
        }
    }

    private static void Rotate(Span<double> s, int d, int p, int q, Span<double> basis)
    {
        double apq = s[(p * d) + q];
        if (apq == 0) return;
        double theta = (s[(q * d) + q] - s[(p * d) + p]) / (2 * apq);
        double t = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1)); // 0 if θ² overflows: nothing to rotate
        double c = 1 / Math.Sqrt((t * t) + 1), sn = t * c;
        for (int k = 0; k < d; k++)
        {
            double kp = s[(k * d) + p], kq = s[(k * d) + q];
            s[(k * d) + p] = (c * kp) - (sn * kq);
            s[(k * d) + q] = (sn * kp) + (c * kq);
        }

        for (int k = 0; k < d; k++)
        {
            double pk = s[(p * d) + k], qk = s[(q * d) + k];
            s[(p * d) + k] = (c * pk) - (sn * qk);
            s[(q * d) + k] = (sn * pk) + (c * qk);
        }

        s[(p * d) + q] = s[(q * d) + p] = 0;
        for (int k = 0; k < d && !basis.IsEmpty; k++)
        {
            double kp = basis[(k * d) + p], kq = basis[(k * d) + q];
            basis[(k * d) + p] = (c * kp) - (sn * kq);
            basis[(k * d) + q] = (sn * kp) + (c * kq);
        }
    }

    private static bool SolveInPlace(Span<double> lu, int d, Span<double> x, int columns)
    {
        bool regular = Eliminate(lu, d, x, columns) != 0;
        for (int i = d - 1; regular && i >= 0; i--)
        {
            for (int c = 0; c < columns; c++)
            {
                double sum = x[(i * columns) + c];
                for (int k = i + 1; k < d; k++) sum = Math.FusedMultiplyAdd(-lu[(i * d) + k], x[(k * columns) + c], sum);
                x[(i * columns) + c] = sum / lu[(i * d) + i];
                regular &= double.IsFinite(x[(i * columns) + c]);
            }
        }

        if (!regular) x.Fill(double.NaN);
        return regular;
    }

    /// <summary>Upper triangular form of A, the same row operations applied to x; the sign of det A, 0 if a pivot is 0 or NaN.</summary>
    private static int Eliminate(Span<double> a, int d, Span<double> x, int columns)
    {
        int sign = 1;
        for (int k = 0; k < d; k++)
        {
            int pivot = k;
            for (int i = k + 1; i < d; i++)
            {
                if (Math.Abs(a[(i * d) + k]) > Math.Abs(a[(pivot * d) + k])) pivot = i;
            }

            double p = a[(pivot * d) + k];
            if (!(Math.Abs(p) > 0)) return 0; // zero or NaN
            if (pivot != k)
            {
                for (int j = 0; j < d; j++) (a[(k * d) + j], a[(pivot * d) + j]) = (a[(pivot * d) + j], a[(k * d) + j]);
                for (int c = 0; c < columns; c++) (x[(k * columns) + c], x[(pivot * columns) + c]) = (x[(pivot * columns) + c], x[(k * columns) + c]);
                sign = -sign;
            }

            if (p < 0) sign = -sign;
            for (int i = k + 1; i < d; i++)
            {
                double factor = a[(i * d) + k] / p;
                a[(i * d) + k] = 0;
                for (int j = k + 1; j < d; j++) a[(i * d) + j] = Math.FusedMultiplyAdd(-factor, a[(k * d) + j], a[(i * d) + j]);
                for (int c = 0; c < columns; c++) x[(i * columns) + c] = Math.FusedMultiplyAdd(-factor, x[(k * columns) + c], x[(i * columns) + c]);
            }
        }

        return sign;
    }

    private static bool HasNaN(ReadOnlySpan<double> a)
    {
        foreach (double v in a)
        {
            if (double.IsNaN(v)) return true;
        }

        return false;
    }

    private static void Check(ReadOnlySpan<double> a, int d)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(d);
        if (a.Length != d * d) throw new ArgumentException($"a {d}×{d} matrix has {d * d} entries, not {a.Length}", nameof(a));
    }
}
