using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>The first singular vectors of a small rectangular matrix.</summary>
public static class SingularPair
{
    /// <summary>
    /// Unit vectors u, v with uᵀAv = ‖A‖₂, by Jacobi's rotations of the smaller one of AᵀA and AAᵀ: deterministic, and as uᵀAv is stationary there, the norm is right to
    /// rounding. Any unit vectors if A = 0; NaN if an entry is not finite.
    /// </summary>
    /// <param name="a">A, row by row.</param>
    /// <param name="u">Room for as many numbers as A has rows.</param>
    /// <param name="v">Room for as many numbers as A has columns.</param>
    /// <returns>‖A‖₂.</returns>
    public static double First(ReadOnlySpan<double> a, Span<double> u, Span<double> v)
    {
        int rows = u.Length, columns = v.Length;
        if (a.Length != rows * columns) throw new ArgumentException($"a {rows}×{columns} matrix has {rows * columns} entries, not {a.Length}", nameof(a));
        double largest = 0;
        foreach (double entry in a) largest = Math.Max(largest, Math.Abs(entry)); // hands NaN on
        u.Clear();
        v.Clear();
        if (!double.IsFinite(largest))
        {
            u.Fill(double.NaN);
            v.Fill(double.NaN);
            return double.NaN;
        }

        if (largest == 0)
        {
            u[0] = v[0] = 1;
            return 0;
        }

        using Scratch<double> scratch = new(a.Length);
        Span<double> scaled = scratch.Take(a.Length);
        for (int i = 0; i < a.Length; i++) scaled[i] = a[i] / largest;
        return largest * (columns <= rows ? Right(scaled, rows, u, v) : Left(scaled, columns, u, v));
    }

    private static double Right(ReadOnlySpan<double> a, int rows, Span<double> u, Span<double> v)
    {
        int d = v.Length;
        using Scratch<double> scratch = new(d * d);
        Span<double> gram = scratch.Take(d * d);
        gram.Clear();
        for (int k = 0; k < rows; k++)
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) gram[(i * d) + j] = Math.FusedMultiplyAdd(a[(k * d) + i], a[(k * d) + j], gram[(i * d) + j]);
        Dominant(gram, v);
        for (int k = 0; k < rows; k++)
            for (int j = 0; j < d; j++) u[k] = Math.FusedMultiplyAdd(a[(k * d) + j], v[j], u[k]);
        return Normalise(u);
    }

    private static double Left(ReadOnlySpan<double> a, int columns, Span<double> u, Span<double> v)
    {
        int d = u.Length;
        using Scratch<double> scratch = new(d * d);
        Span<double> gram = scratch.Take(d * d);
        gram.Clear();
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                for (int k = 0; k < columns; k++) gram[(i * d) + j] = Math.FusedMultiplyAdd(a[(i * columns) + k], a[(j * columns) + k], gram[(i * d) + j]);
        Dominant(gram, u);
        for (int i = 0; i < d; i++)
            for (int k = 0; k < columns; k++) v[k] = Math.FusedMultiplyAdd(a[(i * columns) + k], u[i], v[k]);
        return Normalise(v);
    }

    /// <summary>The unit eigenvector of the largest eigenvalue of a symmetric positive semidefinite matrix, which is overwritten.</summary>
    private static void Dominant(Span<double> s, Span<double> v)
    {
        int d = v.Length;
        using Scratch<double> scratch = new(d * d);
        Span<double> basis = scratch.Take(d * d);
        basis.Clear();
        for (int i = 0; i < d; i++) basis[(i * d) + i] = 1;
        SmallMatrix.Diagonalise(s, d, basis);
        int best = 0;
        for (int i = 1; i < d; i++)
            if (s[(i * d) + i] > s[(best * d) + best]) best = i;
        for (int i = 0; i < d; i++) v[i] = basis[(i * d) + best];
        _ = Normalise(v);
    }

    private static double Normalise(Span<double> v)
    {
        double sum = 0;
        foreach (double x in v) sum = Math.FusedMultiplyAdd(x, x, sum);
        double length = Math.Sqrt(sum);
        foreach (ref double x in v) x /= length;
        return length;
    }
}
