using System.Runtime.CompilerServices;

namespace UniversalFlows.Scalars;

/// <summary>
/// A value with one directional derivative, v + ε·v̇ with ε² = 0 (forward mode). Nests: <c>Dual&lt;Dual&lt;T&gt;&gt;</c> carries
/// second derivatives.
/// </summary>
/// <param name="Value">v.</param>
/// <param name="Tangent">v̇.</param>
public readonly record struct Dual<T>(T Value, T Tangent) : IScalar<Dual<T>> where T : unmanaged, IScalar<T>
{
    /// <summary>The independent variable: tangent 1.</summary>
    public static Dual<T> Variable(T x) => new(x, T.Constant(1));

    /// <summary>A constant of the differentiation: tangent 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> Lift(T x) => new(x, T.Constant(0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> Constant(double c) => new(T.Constant(c), T.Constant(0));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator +(Dual<T> a, Dual<T> b) => new(a.Value + b.Value, a.Tangent + b.Tangent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator -(Dual<T> a, Dual<T> b) => new(a.Value - b.Value, a.Tangent - b.Tangent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator *(Dual<T> a, Dual<T> b) =>
        new(a.Value * b.Value, T.MultiplyAdd(a.Tangent, b.Value, a.Value * b.Tangent));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator /(Dual<T> a, Dual<T> b)
    {
        T q = a.Value / b.Value;
        return new(q, (a.Tangent - (q * b.Tangent)) / b.Value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> operator -(Dual<T> a) => new(-a.Value, -a.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator +(double c, Dual<T> a) => new(c + a.Value, a.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator +(Dual<T> a, double c) => new(a.Value + c, a.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator -(double c, Dual<T> a) => new(c - a.Value, -a.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator -(Dual<T> a, double c) => new(a.Value - c, a.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator *(double c, Dual<T> a) => new(c * a.Value, c * a.Tangent);

    /// <inheritdoc/>
    public static Dual<T> operator *(Dual<T> a, double c) => new(a.Value * c, a.Tangent * c);

    /// <inheritdoc/>
    public static Dual<T> operator /(Dual<T> a, double c) => new(a.Value / c, a.Tangent / c);

    /// <inheritdoc/>
    public static Dual<T> MultiplyAdd(Dual<T> a, Dual<T> b, Dual<T> c) =>
        new(T.MultiplyAdd(a.Value, b.Value, c.Value), T.MultiplyAdd(a.Tangent, b.Value, T.MultiplyAdd(a.Value, b.Tangent, c.Tangent)));

    /// <inheritdoc/>
    public static Dual<T> Sqrt(Dual<T> x)
    {
        T y = T.Sqrt(x.Value);
        return new(y, 0.5 * x.Tangent / y);
    }

    /// <inheritdoc/>
    public static Dual<T> Exp(Dual<T> x)
    {
        T y = T.Exp(x.Value);
        return new(y, y * x.Tangent);
    }

    /// <inheritdoc/>
    public static Dual<T> Expm1(Dual<T> x) => new(T.Expm1(x.Value), T.Exp(x.Value) * x.Tangent);

    /// <inheritdoc/>
    public static Dual<T> Log(Dual<T> x) => new(T.Log(x.Value), x.Tangent / x.Value);

    /// <inheritdoc/>
    public static Dual<T> Log1p(Dual<T> x) => new(T.Log1p(x.Value), x.Tangent / (1 + x.Value));

    /// <inheritdoc/>
    public static Dual<T> Tanh(Dual<T> x)
    {
        T y = T.Tanh(x.Value);
        return new(y, (1 - (y * y)) * x.Tangent);
    }

    /// <inheritdoc/>
    public static Dual<T> Logistic(Dual<T> x)
    {
        T y = T.Logistic(x.Value);
        return new(y, y * T.Logistic(-x.Value) * x.Tangent);
    }

    /// <inheritdoc/>
    public static Dual<T> Softplus(Dual<T> x) => new(T.Softplus(x.Value), T.Logistic(x.Value) * x.Tangent);

    /// <inheritdoc/>
    public static Dual<T> Sin(Dual<T> x) => new(T.Sin(x.Value), T.Cos(x.Value) * x.Tangent);

    /// <inheritdoc/>
    public static Dual<T> Cos(Dual<T> x) => new(T.Cos(x.Value), -(T.Sin(x.Value) * x.Tangent));

    /// <inheritdoc/>
    public static Dual<T> Atan(Dual<T> x) => new(T.Atan(x.Value), x.Tangent / (1 + (x.Value * x.Value)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dual<T> SelectLess(Dual<T> a, Dual<T> b, Dual<T> then, Dual<T> otherwise) =>
        new(T.SelectLess(a.Value, b.Value, then.Value, otherwise.Value), T.SelectLess(a.Value, b.Value, then.Tangent, otherwise.Tangent));

    /// <inheritdoc/>
    public static Dual<T> Freeze(Dual<T> x) => new(T.Freeze(x.Value), T.Constant(0));

    /// <inheritdoc/>
    public static bool Encloses => T.Encloses;

    /// <summary>Tangents by T_k′ = k·U_{k−1}, U_m = 2T_m + U_{m−2}, in a reading that encloses; by the recurrence elsewhere.</summary>
    public static void Chebyshev(Dual<T> u, Span<Dual<T>> basis)
    {
        if (!T.Encloses)
        {
            ChebyshevRecurrence.Run(u, basis);
            return;
        }

        using Scratch<T> scratch = new(basis.Length);
        Span<T> values = scratch.Take(basis.Length);
        T.Chebyshev(u.Value, values);
        basis[0] = Lift(values[0]);
        T before = T.Constant(0), last = T.Constant(1); // U_{k − 2}, U_{k − 1}
        for (int k = 1; k < basis.Length; k++)
        {
            basis[k] = new(values[k], (double)k * u.Tangent * last);
            (before, last) = (last, (2 * values[k]) + before);
        }
    }

    /// <inheritdoc/>
    public static Dual<T> Nominal(Dual<T> x) => new(T.Nominal(x.Value), T.Nominal(x.Tangent));

    /// <inheritdoc/>
    public static Dual<T> Inflate(Dual<T> x, Dual<T> by) => new(T.Inflate(x.Value, by.Value), T.Inflate(x.Tangent, by.Tangent));

    /// <summary>(W v + b, W v̇ + Ẇ v + ḃ), where (Ẇ, ḃ) is <see cref="Dense.Direction"/>.</summary>
    public static void Affine(Dense layer, ReadOnlySpan<Dual<T>> x, Span<Dual<T>> y, bool bias = true)
    {
        using Scratch<T> scratch = new(2 * (x.Length + y.Length));
        Span<T> v = scratch.Take(x.Length), t = scratch.Take(x.Length), wv = scratch.Take(y.Length), wt = scratch.Take(y.Length);
        for (int k = 0; k < x.Length; k++) (v[k], t[k]) = (x[k].Value, x[k].Tangent);
        T.Affine(layer, v, wv, bias);
        T.Affine(layer, t, wt, bias: false);
        for (int n = 0; n < y.Length; n++) y[n] = new(wv[n], wt[n]);
        if (layer.Direction is not { } direction) return;
        T.Affine(direction, v, wt, bias);
        for (int n = 0; n < y.Length; n++) y[n] = new(y[n].Value, y[n].Tangent + wt[n]);
    }

    /// <inheritdoc/>
    public static void Activate(Activation activation, Span<Dual<T>> y)
    {
        foreach (ref Dual<T> v in y)
        {
            v = activation switch
            {
                Activation.Tanh => Tanh(v),
                Activation.ReLU => SelectLess(default, v, v, SelectLess(v, default, Constant(0), Freeze(v))), // NaN stays NaN, φ′(0) = 0
                Activation.SiLU => v * Logistic(v),
                _ => v,
            };
        }
    }

    /// <inheritdoc/>
    public static int Groups => T.Groups;

    /// <inheritdoc/>
    public static int DerivativeOrder => T.DerivativeOrder + 1;

    /// <inheritdoc/>
    public static Lanes Primal(Dual<T> x, int g) => T.Primal(x.Value, g);

    /// <inheritdoc/>
    public static Dual<T> FromPrimal(ReadOnlySpan<Lanes> value) => Lift(T.FromPrimal(value));
}
