using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>
/// Chebyshev polynomials, and interpolation by them at the zeros of T_{n+1}, u_k = cos(π(k + ½)/(n + 1)), k = 0 … n, in one or several coordinates. The coefficients of the
/// interpolant follow from the discrete orthogonality of the cosines.
/// </summary>
public static class ChebyshevGrid
{
    /// <summary>u_0 &gt; u_1 &gt; … &gt; u_n in (−1, 1), symmetric about 0 to the bit.</summary>
    public static double[] Nodes(int degree)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(degree);
        int n = degree + 1;
        double[] nodes = new double[n];
        for (int k = 0; k < n / 2; k++)
        {
            nodes[k] = Real.Cos(new(Math.PI * (k + 0.5) / n)).Value;
            nodes[n - 1 - k] = -nodes[k];
        }

        return nodes;
    }

    /// <summary>T_0(u), T_1(u), …, as many as there is room for.</summary>
    public static void Basis<T>(T u, Span<T> basis) where T : unmanaged, IScalar<T> => T.Chebyshev(u, basis);

    /// <summary>The grid of (degree + 1)^d nodes in a box, row by row, the last coordinate fastest; one empty row for d = 0.</summary>
    public static double[] Points(int degree, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        int d = lower.Length, n = degree + 1, count = Count(degree, d);
        double[] nodes = Nodes(degree), points = new double[count * d];
        for (int row = 0; row < count; row++)
        {
            int index = row;
            for (int i = d - 1; i >= 0; i--, index /= n)
                points[(row * d) + i] = (0.5 * (lower[i] + upper[i])) + (0.5 * (upper[i] - lower[i]) * nodes[index % n]);
        }

        return points;
    }

    /// <summary>(degree + 1)^d.</summary>
    public static int Count(int degree, int dimension)
    {
        int count = 1;
        for (int i = 0; i < dimension; i++) count = checked(count * (degree + 1));
        return count;
    }

    /// <summary>
    /// The values of a function at <see cref="Points"/> become the coefficients of its interpolant Σ_j C_j Π_i T_{j_i}, in the same order of indices. In place.
    /// </summary>
    public static void ToCoefficients(Span<double> values, int degree, int dimension)
    {
        int n = degree + 1;
        if (values.Length != Count(degree, dimension)) throw new ArgumentException($"{Count(degree, dimension)} values were expected, not {values.Length}", nameof(values));
        double[] line = new double[n], cosines = new double[n * n];
        for (int j = 0; j < n; j++)
            for (int k = 0; k < n; k++) cosines[(j * n) + k] = (j == 0 ? 1.0 : 2.0) / n * Real.Cos(new(Math.PI * (j * (2 * k + 1) % (4 * n)) / (2.0 * n))).Value;
        int stride = 1;
        for (int axis = dimension - 1; axis >= 0; axis--, stride *= n)
        {
            for (int start = 0; start < values.Length; start++)
            {
                if (start / stride % n != 0) continue;
                for (int k = 0; k < n; k++) line[k] = values[start + (k * stride)];
                for (int j = 0; j < n; j++)
                {
                    double sum = 0;
                    for (int k = 0; k < n; k++) sum = Math.FusedMultiplyAdd(cosines[(j * n) + k], line[k], sum);
                    values[start + (j * stride)] = sum;
                }
            }
        }
    }
}
