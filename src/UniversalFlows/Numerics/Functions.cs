using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>Functions composed of a scalar's own, for every reading.</summary>
public static class Functions
{
    /// <summary>log 2π.</summary>
    public const double LogTwoPi = 1.8378770664093454836;

    /// <summary>sinh x = ½(expm1 x − expm1(−x)): no cancellation near 0, exactly odd, ±∞ beyond the range of doubles.</summary>
    public static T Sinh<T>(T x) where T : unmanaged, IScalar<T> => 0.5 * (T.Expm1(x) - T.Expm1(-x));

    /// <summary>cosh x = ½(eˣ + e⁻ˣ).</summary>
    public static T Cosh<T>(T x) where T : unmanaged, IScalar<T> => 0.5 * (T.Exp(x) + T.Exp(-x));

    /// <summary>tan x = sin x / cos x.</summary>
    public static T Tan<T>(T x) where T : unmanaged, IScalar<T> => T.Sin(x) / T.Cos(x);

    /// <summary>asinh x = sgn(x)·log1p(|x| + x²/(1 + √(1 + x²))), accurate near 0; |x| below 1e154.</summary>
    public static T Asinh<T>(T x) where T : unmanaged, IScalar<T>
    {
        T square = x * x;
        T positive = T.Log1p(T.Abs(x) + (square / (1 + T.Sqrt(1 + square))));
        return T.SelectLess(x, T.Constant(0), -positive, positive);
    }

    /// <summary>xⁿ by repeated squaring; 1/x⁻ⁿ for negative n; 1 for n = 0.</summary>
    public static T Power<T>(T x, int n) where T : unmanaged, IScalar<T>
    {
        if (n == 0) return T.Constant(1);
        uint k = (uint)Math.Abs((long)n);
        T square = x;
        while ((k & 1) == 0)
        {
            square *= square;
            k >>= 1;
        }

        T result = square;
        for (k >>= 1; k != 0; k >>= 1)
        {
            square *= square;
            if ((k & 1) != 0) result *= square;
        }

        return n < 0 ? 1 / result : result;
    }

    /// <summary>
    /// Solves A x = b by elimination with partial pivoting, lane by lane: the pivot is chosen by selections, so that every lane has its
    /// own. A singular lane becomes infinite or NaN.
    /// </summary>
    /// <param name="a">A, d² entries row by row; overwritten.</param>
    /// <param name="b">b, d entries; overwritten by x.</param>
    public static void Solve<T>(Span<T> a, Span<T> b) where T : unmanaged, IScalar<T>
    {
        int d = b.Length;
        if (a.Length != d * d) throw new ArgumentException($"a {d}×{d} matrix has {d * d} entries, not {a.Length}", nameof(a));
        for (int k = 0; k < d; k++)
        {
            for (int i = k + 1; i < d; i++)
            {
                T size = T.Abs(a[(k * d) + k]), other = T.Abs(a[(i * d) + k]);
                for (int j = k; j < d; j++)
                {
                    T upper = a[(k * d) + j], lower = a[(i * d) + j];
                    a[(k * d) + j] = T.SelectLess(size, other, lower, upper);
                    a[(i * d) + j] = T.SelectLess(size, other, upper, lower);
                }

                (T above, T below) = (b[k], b[i]);
                b[k] = T.SelectLess(size, other, below, above);
                b[i] = T.SelectLess(size, other, above, below);
            }

            for (int i = k + 1; i < d; i++)
            {
                T factor = -(a[(i * d) + k] / a[(k * d) + k]);
                for (int j = k + 1; j < d; j++) a[(i * d) + j] = T.MultiplyAdd(factor, a[(k * d) + j], a[(i * d) + j]);
                b[i] = T.MultiplyAdd(factor, b[k], b[i]);
            }
        }

        for (int i = d - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < d; k++) b[i] = T.MultiplyAdd(-a[(i * d) + k], b[k], b[i]);
            b[i] /= a[(i * d) + i];
        }
    }
}
