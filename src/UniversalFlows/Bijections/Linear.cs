using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>
/// y = A x + b with a fixed invertible A, either sign of det A (the group Aff of the universality theorem); log|det| = log|det A|.
/// The inverse multiplies by A⁻¹ from an LU factorisation and refines once with the residual.
/// </summary>
public sealed class Linear : IBijection
{
    private readonly Dense _forward, _backward;
    private const double LnTwo = 0.6931471805599453;

    private readonly double _logDet;

    /// <summary>The map x ↦ A x + b.</summary>
    /// <param name="matrix">A, row by row, d² numbers.</param>
    /// <param name="shift">b, d numbers.</param>
    /// <exception cref="ArgumentException">A is singular or not finite, or the lengths don't agree.</exception>
    public Linear(ReadOnlySpan<double> matrix, ReadOnlySpan<double> shift)
    {
        int d = Dimension = shift.Length;
        if (d == 0 || matrix.Length != d * d) throw new ArgumentException($"a matrix of R^{d} has {d * d} entries, not {matrix.Length}", nameof(matrix));
        _forward = new Dense(d, d) { Frozen = true };
        _backward = new Dense(d, d) { Frozen = true };
        matrix.CopyTo(_forward.Weights);
        shift.CopyTo(_forward.Bias);
        // scaled by a power of two, which is exact, so that elimination meets neither overflow nor underflow
        double largest = 0;
        foreach (double a in matrix) largest = Math.Max(largest, Math.Abs(a));   // Math.Max hands NaN on
        if (!double.IsFinite(largest)) throw new ArgumentException("the matrix is not finite", nameof(matrix));
        if (largest == 0) throw new ArgumentException("the matrix is singular", nameof(matrix));
        int exponent = Math.ILogB(largest);
        double[] scaled = new double[d * d];
        for (int i = 0; i < scaled.Length; i++) scaled[i] = Math.ScaleB(matrix[i], -exponent);
        _logDet = SmallMatrix.LogAbsDeterminant(scaled, d, out int sign) + (d * (exponent * LnTwo));
        if (!double.IsFinite(_logDet) || sign == 0 || !SmallMatrix.Invert(scaled, d, _backward.Weights) || Residual(scaled, _backward.Weights, d) > 1e-6)
            throw new ArgumentException("the matrix is singular, or as good as singular in double precision", nameof(matrix));
        foreach (ref double w in _backward.Weights) w = Math.ScaleB(w, -exponent);
        if (_backward.Weights.ContainsAnyExceptInRange(double.MinValue, double.MaxValue))
            throw new ArgumentException("the inverse of the matrix is too large for doubles", nameof(matrix));
        foreach (double v in shift)
            if (!double.IsFinite(v)) throw new ArgumentException("the shift is not finite", nameof(shift));
        Sign = sign;
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>The sign of det A.</summary>
    public int Sign { get; }

    /// <summary>A, row by row.</summary>
    public ReadOnlySpan<double> Matrix => _forward.Weights;

    /// <summary>b.</summary>
    public ReadOnlySpan<double> Shift => _forward.Bias;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => [];

    /// <inheritdoc/>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(Dimension);
        Span<T> y = scratch.Take(Dimension);
        T.Affine(_forward, x, y);
        y.CopyTo(x);
    }

    /// <inheritdoc/>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        Map(x);
        return T.Constant(_logDet);
    }

    /// <inheritdoc/>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        int d = Dimension;
        using Scratch<T> scratch = new(3 * d);
        Span<T> rest = scratch.Take(d), x = scratch.Take(d), correction = scratch.Take(d);
        for (int i = 0; i < d; i++) rest[i] = y[i] - Shift[i];
        T.Affine(_backward, rest, x);
        T.Affine(_forward, x, rest);
        for (int i = 0; i < d; i++) rest[i] = y[i] - rest[i];
        T.Affine(_backward, rest, correction);
        for (int i = 0; i < d; i++)
        {
            y[i] = x[i] + correction[i];
            status = Finiteness.Lower(status, y[i]);
        }

        return T.Constant(-_logDet);
    }

    /// <summary>max |A X − I|: above 1e-6, elimination has lost more than half of the digits.</summary>
    private static double Residual(ReadOnlySpan<double> a, ReadOnlySpan<double> x, int d)
    {
        double largest = 0;
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                double sum = i == j ? -1 : 0;
                for (int k = 0; k < d; k++) sum = Math.FusedMultiplyAdd(a[(i * d) + k], x[(k * d) + j], sum);
                largest = Math.Max(largest, Math.Abs(sum));
            }
        }

        return double.IsNaN(largest) ? double.PositiveInfinity : largest;
    }
}
