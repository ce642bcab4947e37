using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Residuals;

/// <summary>
/// The planar layer f(x) = x + û·tanh(w·x + b) of R^d (Rezende and Mohamed 2015), log-det log(1 + w·û·(1 − tanh²)). For any u, w ≠ 0 the vector
/// û = u + (softplus(w·u) − 1 − w·u)·w/|w|² has w·û = softplus(w·u) − 1 &gt; −1, so f is a bijection: in the direction of w it is the increasing
/// function α + w·û·tanh(α + b) of α = w·x, and across it a shift.
/// </summary>
/// <remarks>
/// f moves every point along û: with fewer than d such layers there is a direction v in which f(x + v) = f(x) + v (control N7). The inverse solves one
/// equation in one unknown, with the root within |w·û| of w·y.
/// </remarks>
public sealed class PlanarFlow : IBijection
{
    private readonly Dense _parameters;

    /// <summary>A planar layer of R^d.</summary>
    /// <exception cref="ArgumentException">u and w have different lengths or none, w = 0, or a number is not finite.</exception>
    public PlanarFlow(ReadOnlySpan<double> u, ReadOnlySpan<double> w, double b)
    {
        int d = u.Length;
        if (d == 0 || w.Length != d) throw new ArgumentException($"u has {d} numbers and w {w.Length}: both have d ≥ 1", nameof(w));
        if (!w.ContainsAnyExcept(0.0)) throw new ArgumentException("w is 0: the layer has no direction", nameof(w));
        _parameters = new Dense(0, (2 * d) + 1);
        u.CopyTo(_parameters.Bias);
        w.CopyTo(_parameters.Bias[d..]);
        _parameters.Bias[2 * d] = b;
        if (_parameters.Bias.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new ArgumentException("a parameter is not finite", nameof(u));
        Dimension = d;
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>u.</summary>
    public ReadOnlySpan<double> U => _parameters.Bias[..Dimension];

    /// <summary>w.</summary>
    public ReadOnlySpan<double> W => _parameters.Bias.Slice(Dimension, Dimension);

    /// <summary>b.</summary>
    public double B => _parameters.Bias[2 * Dimension];

    /// <summary>One layer without features: u, w, b.</summary>
    public IEnumerable<Dense> Parameters => [_parameters];

    /// <inheritdoc/>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T> => Move(x, out _, out _);

    /// <inheritdoc/>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        Move(x, out T delta, out T h);
        return TanhRamp.LogSlope(delta, h);
    }

    /// <inheritdoc/>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(out Span<T> p, out Span<T> shift);
        Span<T> ramp = stackalloc T[TanhRamp.ParameterCount];
        ramp[0] = Constrain(p, shift);
        (ramp[1], ramp[2], ramp[3]) = (ramp[0] - 1, T.Constant(1), p[2 * Dimension]);
        T alpha = MonotoneRoot.Solve(TanhRamp.Instance, Along(p, y), ramp, ref status), h = T.Tanh(alpha + ramp[3]);
        for (int i = 0; i < Dimension; i++)
        {
            y[i] -= shift[i] * h;
            status = Finiteness.Lower(status, y[i]);
        }

        return -TanhRamp.LogSlope(ramp[0], h);
    }

    private void Move<T>(Span<T> x, out T delta, out T h) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(out Span<T> p, out Span<T> shift);
        delta = Constrain(p, shift);
        h = T.Tanh(Along(p, x) + p[2 * Dimension]);
        for (int i = 0; i < Dimension; i++) x[i] = T.MultiplyAdd(shift[i], h, x[i]);
    }

    private Scratch<T> Workspace<T>(out Span<T> p, out Span<T> shift) where T : unmanaged, IScalar<T>
    {
        Scratch<T> scratch = new((3 * Dimension) + 1);
        p = scratch.Take((2 * Dimension) + 1);
        shift = scratch.Take(Dimension);
        T.Affine(_parameters, [], p);
        return scratch;
    }

    /// <summary>û into <paramref name="shift"/>; returns 1 + w·û = softplus(w·u). The correction is softplus(−w·u) − 1, as softplus(a) − a = softplus(−a).</summary>
    private T Constrain<T>(ReadOnlySpan<T> p, Span<T> shift) where T : unmanaged, IScalar<T>
    {
        ReadOnlySpan<T> u = p[..Dimension], w = p.Slice(Dimension, Dimension);
        T product = T.Constant(0), square = T.Constant(0);
        for (int i = 0; i < Dimension; i++)
        {
            product = T.MultiplyAdd(w[i], u[i], product);
            square = T.MultiplyAdd(w[i], w[i], square);
        }

        T correction = (T.Softplus(-product) - 1) / square;
        for (int i = 0; i < Dimension; i++) shift[i] = T.MultiplyAdd(correction, w[i], u[i]);
        return T.Softplus(product);
    }

    private T Along<T>(ReadOnlySpan<T> p, ReadOnlySpan<T> x) where T : unmanaged, IScalar<T>
    {
        T alpha = T.Constant(0);
        for (int i = 0; i < Dimension; i++) alpha = T.MultiplyAdd(p[Dimension + i], x[i], alpha);
        return alpha;
    }
}
