using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <summary>Eight real numbers side by side: eight points evaluated at once. The width is fixed, whatever the machine has.</summary>
/// <param name="Value">The eight numbers.</param>
public readonly record struct Lanes(Vector512<double> Value) : IScalar<Lanes>
{
    /// <summary>The number of lanes, 8.</summary>
    public const int Width = 8;

    /// <summary>Lane <paramref name="i"/>.</summary>
    public double this[int i] => Value.GetElement(i);

    /// <summary>The first eight numbers of a span.</summary>
    public static Lanes Load(ReadOnlySpan<double> source) => new(Vector512.Create(source));

    /// <summary>Writes the eight numbers to a span.</summary>
    public void Store(Span<double> target) => Value.CopyTo(target);

    /// <summary>This, with lane <paramref name="i"/> replaced.</summary>
    public Lanes With(int i, double c) => new(Value.WithElement(i, c));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Constant(double c) => new(Vector512.Create(c));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator +(Lanes a, Lanes b) => new(a.Value + b.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator -(Lanes a, Lanes b) => new(a.Value - b.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator *(Lanes a, Lanes b) => new(a.Value * b.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator /(Lanes a, Lanes b) => new(a.Value / b.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator -(Lanes a) => new(-a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator +(Lanes a, double c) => new(a.Value + Vector512.Create(c));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator +(double c, Lanes a) => new(Vector512.Create(c) + a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator -(Lanes a, double c) => new(a.Value - Vector512.Create(c));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator -(double c, Lanes a) => new(Vector512.Create(c) - a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator *(Lanes a, double c) => new(a.Value * Vector512.Create(c));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator *(double c, Lanes a) => new(Vector512.Create(c) * a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator /(Lanes a, double c) => new(a.Value / Vector512.Create(c));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes operator /(double c, Lanes a) => new(Vector512.Create(c) / a.Value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes MultiplyAdd(Lanes a, Lanes b, Lanes c) => new(Vector512.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Sqrt(Lanes x) => new(Vector512.Sqrt(x.Value));

    /// <inheritdoc/>
    public static Lanes Exp(Lanes x) => new(Elementary.Exp(x.Value));

    /// <inheritdoc/>
    public static Lanes Expm1(Lanes x) => new(Elementary.Expm1(x.Value));

    /// <inheritdoc/>
    public static Lanes Log(Lanes x) => new(Elementary.Log(x.Value));

    /// <inheritdoc/>
    public static Lanes Log1p(Lanes x) => new(Elementary.Log1p(x.Value));

    /// <inheritdoc/>
    public static Lanes Tanh(Lanes x) => new(Elementary.Tanh(x.Value));

    /// <inheritdoc/>
    public static Lanes Logistic(Lanes x) => new(Elementary.Logistic(x.Value));

    /// <inheritdoc/>
    public static Lanes Softplus(Lanes x) => new(Elementary.Softplus(x.Value));

    /// <inheritdoc/>
    public static Lanes Sin(Lanes x) => new(Elementary.Sin(x.Value));

    /// <inheritdoc/>
    public static Lanes Cos(Lanes x) => new(Elementary.Cos(x.Value));

    /// <inheritdoc/>
    public static Lanes Atan(Lanes x) => new(Elementary.Atan(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes Abs(Lanes x) => new(Vector512.Abs(x.Value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes SelectLess(Lanes a, Lanes b, Lanes then, Lanes otherwise) =>
        new(Vector512.ConditionalSelect(Vector512.LessThan(a.Value, b.Value), then.Value, otherwise.Value));

    /// <inheritdoc/>
    public static Lanes Freeze(Lanes x) => x;

    /// <inheritdoc/>
    public static void Affine(Dense layer, ReadOnlySpan<Lanes> x, Span<Lanes> y, bool bias = true) => Kernels.Affine(layer, x, y, bias);

    /// <inheritdoc/>
    public static void Activate(Activation activation, Span<Lanes> y)
    {
        switch (activation)
        {
            case Activation.Tanh:
                unsafe
                {
                    fixed (Lanes* p = y) Kernels.TanhInPlace((Vector512<double>*)p, y.Length);
                }

                break;
            case Activation.ReLU:
                foreach (ref Lanes v in y) v = SelectLess(v, default, default, v);
                break;
            case Activation.SiLU:
                foreach (ref Lanes v in y) v *= Logistic(v);
                break;
        }
    }

    /// <inheritdoc/>
    public static int Groups => 1;

    /// <inheritdoc/>
    public static int DerivativeOrder => 0;

    /// <inheritdoc/>
    public static Lanes Primal(Lanes x, int g) => x;

    /// <inheritdoc/>
    public static Lanes FromPrimal(ReadOnlySpan<Lanes> value) => value[0];

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();
}
