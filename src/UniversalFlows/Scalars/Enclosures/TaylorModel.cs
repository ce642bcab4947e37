using System.Runtime.CompilerServices;

namespace UniversalFlows.Scalars;

/// <summary>
/// A function on eight boxes at once, enclosed: |f(x) − Σ_{|α| ≤ D} a_α t^α| ≤ r for all t ∈ [−1, 1]^d, where x_i = c_i + h_i t_i runs through the box. A handle
/// into the calling thread's <see cref="TaylorArena"/>, or a number. Polynomials keep the cancellation that intervals lose; whatever is truncated,
/// rounded or beyond degree D goes to the remainder r.
/// </summary>
/// <remarks>
/// Valid until the arena begins anew; the default value is the number 0. A remainder that is NaN or infinite means "not proved". A comparison that a box leaves
/// open gives the mean of both branches and half the range of their difference. Elementary functions: Taylor polynomial at the centre, Lagrange remainder; where
/// the plain range is narrower than the remainder, the plain range.
/// Source: Makino and Berz, Taylor models and other validated functional inclusion methods, 2003.
/// </remarks>
public readonly record struct TaylorModel : IScalar<TaylorModel>
{
    private readonly int _row;   // row + 1; 0: a number
    private readonly double _number;

    internal TaylorModel(int row) => _row = row + 1;

    private TaylorModel(double number) => _number = number;

    internal bool IsNumber => _row == 0;

    internal int Row => _row - 1;

    internal double Number => _number;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TaylorModel Constant(double c) => new(c);

    /// <inheritdoc/>
    public static TaylorModel operator +(TaylorModel a, TaylorModel b) => TaylorArena.Current.Add(a, b);

    /// <inheritdoc/>
    public static TaylorModel operator -(TaylorModel a, TaylorModel b) => TaylorArena.Current.Subtract(a, b);

    /// <inheritdoc/>
    public static TaylorModel operator *(TaylorModel a, TaylorModel b) => TaylorArena.Current.Multiply(a, b);

    /// <inheritdoc/>
    public static TaylorModel operator /(TaylorModel a, TaylorModel b) => TaylorArena.Current.Divide(a, b);

    /// <inheritdoc/>
    public static TaylorModel operator -(TaylorModel a) => TaylorArena.Current.Negate(a);

    /// <inheritdoc/>
    public static TaylorModel operator +(double c, TaylorModel a) => Constant(c) + a;

    /// <inheritdoc/>
    public static TaylorModel operator +(TaylorModel a, double c) => a + Constant(c);

    /// <inheritdoc/>
    public static TaylorModel operator -(double c, TaylorModel a) => Constant(c) - a;

    /// <inheritdoc/>
    public static TaylorModel operator -(TaylorModel a, double c) => a - Constant(c);

    /// <inheritdoc/>
    public static TaylorModel operator *(double c, TaylorModel a) => Constant(c) * a;

    /// <inheritdoc/>
    public static TaylorModel operator *(TaylorModel a, double c) => a * Constant(c);

    /// <inheritdoc/>
    public static TaylorModel operator /(double c, TaylorModel a) => Constant(c) / a;

    /// <inheritdoc/>
    public static TaylorModel operator /(TaylorModel a, double c) => a / Constant(c);

    /// <inheritdoc/>
    public static TaylorModel Sqrt(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Sqrt, x);

    /// <inheritdoc/>
    public static TaylorModel Exp(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Exp, x);

    /// <inheritdoc/>
    public static TaylorModel Expm1(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Expm1, x);

    /// <inheritdoc/>
    public static TaylorModel Log(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Log, x);

    /// <inheritdoc/>
    public static TaylorModel Log1p(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Log1p, x);

    /// <inheritdoc/>
    public static TaylorModel Tanh(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Tanh, x);

    /// <inheritdoc/>
    public static TaylorModel Logistic(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Logistic, x);

    /// <inheritdoc/>
    public static TaylorModel Softplus(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Softplus, x);

    /// <inheritdoc/>
    public static TaylorModel Sin(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Sin, x);

    /// <inheritdoc/>
    public static TaylorModel Cos(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Cos, x);

    /// <inheritdoc/>
    public static TaylorModel Atan(TaylorModel x) => TaylorArena.Current.Apply(TaylorFunction.Atan, x);

    /// <inheritdoc/>
    public static TaylorModel SelectLess(TaylorModel a, TaylorModel b, TaylorModel then, TaylorModel otherwise) =>
        TaylorArena.Current.SelectLess(a, b, then, otherwise);

    /// <summary>The value at the centres of the boxes, a number a lane: no enclosure (see <see cref="IScalar{T}.Freeze"/>).</summary>
    public static TaylorModel Freeze(TaylorModel x) => TaylorArena.Current.Freeze(x);

    /// <inheritdoc/>
    public static bool Encloses => true;

    /// <summary>The polynomial alone.</summary>
    public static TaylorModel Nominal(TaylorModel x) => TaylorArena.Current.Nominal(x);

    /// <inheritdoc/>
    public static TaylorModel Inflate(TaylorModel x, TaylorModel by) => TaylorArena.Current.Inflate(x, by);

    /// <inheritdoc/>
    public static void Chebyshev(TaylorModel u, Span<TaylorModel> basis) => TaylorArena.Current.Chebyshev(u, basis);

    /// <inheritdoc/>
    public static void Affine(Dense layer, ReadOnlySpan<TaylorModel> x, Span<TaylorModel> y, bool bias = true) =>
        TaylorArena.Current.Affine(layer, x, y, bias);

    /// <inheritdoc/>
    public static void Activate(Activation activation, Span<TaylorModel> y) => TaylorArena.Current.Activate(activation, y);

    /// <inheritdoc/>
    public static int Groups => 1;

    /// <inheritdoc/>
    public static int DerivativeOrder => 0;

    /// <summary>The values of the polynomial at the centres of the boxes: numbers near the value, not an enclosure.</summary>
    public static Lanes Primal(TaylorModel x, int g) => TaylorArena.Current.Centre(x);

    /// <inheritdoc/>
    public static TaylorModel FromPrimal(ReadOnlySpan<Lanes> value) => TaylorArena.Current.Numbers(value[0]);
}
