using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <summary>One double. Elementary functions go through lane 0 of <see cref="Lanes"/>' code: the same bits.</summary>
public readonly record struct Real(double Value) : IScalar<Real>
{
    /// <inheritdoc/>
    public static Real Constant(double c) => new(c);

    /// <inheritdoc/>
    public static Real operator +(Real a, Real b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    public static Real operator -(Real a, Real b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    public static Real operator *(Real a, Real b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    public static Real operator /(Real a, Real b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    public static Real operator -(Real a) => new(-a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real operator +(Real a, double c) => new(a.Value + c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real operator +(double c, Real a) => new(c + a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real operator -(Real a, double c) => new(a.Value - c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real operator -(double c, Real a) => new(c - a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real operator *(Real a, double c) => new(a.Value * c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real operator *(double c, Real a) => new(c * a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real operator /(Real a, double c) => new(a.Value / c);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Real operator /(double c, Real a) => new(c / a.Value);

    /// <inheritdoc/>
    public static Real MultiplyAdd(Real a, Real b, Real c) => new(Math.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    /// <inheritdoc/>
    public static Real Sqrt(Real x) => new(Math.Sqrt(x.Value));

    /// <inheritdoc/>
    public static Real Exp(Real x) => Low(Elementary.Exp(Wide(x)));

    /// <inheritdoc/>
    public static Real Expm1(Real x) => Low(Elementary.Expm1(Wide(x)));

    /// <inheritdoc/>
    public static Real Log(Real x) => Low(Elementary.Log(Wide(x)));

    /// <inheritdoc/>
    public static Real Log1p(Real x) => Low(Elementary.Log1p(Wide(x)));

    /// <inheritdoc/>
    public static Real Tanh(Real x) => Low(Elementary.Tanh(Wide(x)));

    /// <inheritdoc/>
    public static Real Logistic(Real x) => Low(Elementary.Logistic(Wide(x)));

    /// <inheritdoc/>
    public static Real Softplus(Real x) => Low(Elementary.Softplus(Wide(x)));

    /// <inheritdoc/>
    public static Real Sin(Real x) => Low(Elementary.Sin(Wide(x)));

    /// <inheritdoc/>
    public static Real Cos(Real x) => Low(Elementary.Cos(Wide(x)));

    /// <inheritdoc/>
    public static Real Atan(Real x) => Low(Elementary.Atan(Wide(x)));

    /// <inheritdoc/>
    public static Real Abs(Real x) => new(Math.Abs(x.Value));

    /// <inheritdoc/>
    public static Real SelectLess(Real a, Real b, Real then, Real otherwise) => a.Value < b.Value ? then : otherwise;

    /// <inheritdoc/>
    public static Real Freeze(Real x) => x;

    /// <inheritdoc/>
    public static void Affine(Dense layer, ReadOnlySpan<Real> x, Span<Real> y, bool bias = true)
    {
        ReadOnlySpan<double> w = layer.Weights, b = layer.Bias;
        for (int n = 0; n < y.Length; n++)
        {
            double sum = bias ? b[n] : 0;
            for (int k = 0; k < x.Length; k++) sum = Math.FusedMultiplyAdd(w[(n * x.Length) + k], x[k].Value, sum);
            y[n] = new(sum);
        }
    }

    /// <inheritdoc/>
    public static void Activate(Activation activation, Span<Real> y)
    {
        foreach (ref Real v in y)
        {
            v = activation switch
            {
                Activation.Tanh => Tanh(v),
                Activation.ReLU => v.Value < 0 ? default : v,
                Activation.SiLU => v * Logistic(v),
                _ => v,
            };
        }
    }

    /// <inheritdoc/>
    public static int Groups => 1;

    /// <inheritdoc/>
    public static int DerivativeOrder => 0;

    /// <inheritdoc/>
    public static Lanes Primal(Real x, int g) => Lanes.Constant(x.Value);

    /// <inheritdoc/>
    public static Real FromPrimal(ReadOnlySpan<Lanes> value) => new(value[0][0]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Wide(Real x) => Vector512.Create(x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Real Low(Vector512<double> v) => new(v.ToScalar());
}
