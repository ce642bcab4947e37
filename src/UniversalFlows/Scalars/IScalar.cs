namespace UniversalFlows.Scalars;

/// <summary>
/// An abstract real number. Every formula of this library is written once over <typeparamref name="T"/> and read in several
/// ways: the value (<see cref="Real"/>), eight points side by side (<see cref="Lanes"/>), value and derivative
/// (<see cref="Dual{T}"/>), a panel of samples on a reverse-mode tape (<c>Node</c>), all points of a box (<see cref="Interval"/>, <see cref="TaylorModel"/>).
/// </summary>
/// <remarks>
/// All implementations are structs, so the JIT specialises each formula completely. Elementary functions are the library's own
/// (<see cref="Elementary"/>): the same bits on every machine. Branches are selections (<see cref="SelectLess"/>): nothing in a
/// formula may test the type <typeparamref name="T"/>.
/// </remarks>
/// <typeparam name="T">The implementing type itself.</typeparam>
public interface IScalar<T> where T : unmanaged, IScalar<T>
{
    /// <summary>The constant <paramref name="c"/>; its derivatives are zero.</summary>
    static abstract T Constant(double c);

    /// <summary>a + b.</summary>
    static abstract T operator +(T a, T b);

    /// <summary>a − b.</summary>
    static abstract T operator -(T a, T b);

    /// <summary>a·b.</summary>
    static abstract T operator *(T a, T b);

    /// <summary>a/b.</summary>
    static abstract T operator /(T a, T b);

    /// <summary>−a.</summary>
    static abstract T operator -(T a);

    /// <summary>c + a for a number c.</summary>
    static virtual T operator +(double c, T a) => T.Constant(c) + a;

    /// <summary>a + c for a number c.</summary>
    static virtual T operator +(T a, double c) => a + T.Constant(c);

    /// <summary>c − a for a number c.</summary>
    static virtual T operator -(double c, T a) => T.Constant(c) - a;

    /// <summary>a − c for a number c.</summary>
    static virtual T operator -(T a, double c) => a - T.Constant(c);

    /// <summary>c·a for a number c.</summary>
    static virtual T operator *(double c, T a) => T.Constant(c) * a;

    /// <summary>a·c for a number c.</summary>
    static virtual T operator *(T a, double c) => a * T.Constant(c);

    /// <summary>c/a for a number c.</summary>
    static virtual T operator /(double c, T a) => T.Constant(c) / a;

    /// <summary>a/c for a number c.</summary>
    static virtual T operator /(T a, double c) => a / T.Constant(c);

    /// <summary>a·b + c, rounded once where the reading has a rounding.</summary>
    static virtual T MultiplyAdd(T a, T b, T c) => (a * b) + c;

    /// <summary>√x for x ≥ 0; NaN below.</summary>
    static abstract T Sqrt(T x);

    /// <summary>eˣ.</summary>
    static abstract T Exp(T x);

    /// <summary>eˣ − 1, accurate near 0.</summary>
    static abstract T Expm1(T x);

    /// <summary>The natural logarithm; −∞ at 0, NaN below.</summary>
    static abstract T Log(T x);

    /// <summary>log(1 + x), accurate near 0.</summary>
    static abstract T Log1p(T x);

    /// <summary>tanh x.</summary>
    static abstract T Tanh(T x);

    /// <summary>The logistic function σ(x) = 1/(1 + e⁻ˣ).</summary>
    static abstract T Logistic(T x);

    /// <summary>softplus(x) = log(1 + eˣ), without overflow.</summary>
    static abstract T Softplus(T x);

    /// <summary>sin x.</summary>
    static abstract T Sin(T x);

    /// <summary>cos x.</summary>
    static abstract T Cos(T x);

    /// <summary>arctan x.</summary>
    static abstract T Atan(T x);

    /// <summary>|x|.</summary>
    static virtual T Abs(T x) => T.SelectLess(x, T.Constant(0), -x, x);

    /// <summary>The larger of a and b.</summary>
    static virtual T Max(T a, T b) => T.SelectLess(a, b, b, a);

    /// <summary>The smaller of a and b.</summary>
    static virtual T Min(T a, T b) => T.SelectLess(b, a, b, a);

    /// <summary><paramref name="then"/> where a &lt; b, <paramref name="otherwise"/> elsewhere (NaN compares as not less).</summary>
    static abstract T SelectLess(T a, T b, T then, T otherwise);

    /// <summary>
    /// The same value with all derivatives dropped: a shift, a pivot, an iterate. In a reading that <see cref="Encloses"/>, some number near the value, no
    /// enclosure of it: a formula may use it only where it cancels.
    /// </summary>
    static abstract T Freeze(T x);

    /// <summary>
    /// Whether a value stands for all points of a box at once. A formula may then prefer a form without branches, whose cost is an enclosure of both, and must
    /// not take <see cref="Primal"/> for the value.
    /// </summary>
    static virtual bool Encloses => false;

    /// <summary>The value without its uncertainty where the reading <see cref="Encloses"/> (not an enclosure: an iterate), the value itself elsewhere.</summary>
    static virtual T Nominal(T x) => x;

    /// <summary>
    /// T_0(u), T_1(u), …, as many as there is room for, by the three-term recurrence T_k = 2u·T_{k−1} − T_{k−2}. A reading that <see cref="Encloses"/> does better than
    /// to send its errors through it, where they would grow like (|u| + √(1 + u²))^k: they are known to grow like k².
    /// </summary>
    static virtual void Chebyshev(T u, Span<T> basis) => ChebyshevRecurrence.Run(u, basis);

    /// <summary>An enclosure of x + t for all |t| ≤ sup |<paramref name="by"/>| where the reading <see cref="Encloses"/>; x elsewhere.</summary>
    static virtual T Inflate(T x, T by) => x;

    /// <summary>
    /// y = W x + b (without b if <paramref name="bias"/> is false): the primitive through which every trainable parameter enters.
    /// <paramref name="y"/> must not overlap <paramref name="x"/>.
    /// </summary>
    static abstract void Affine(Dense layer, ReadOnlySpan<T> x, Span<T> y, bool bias = true);

    /// <summary>y ← φ(y), component by component; <paramref name="y"/> is what <see cref="Affine"/> has just written.</summary>
    static abstract void Activate(Activation activation, Span<T> y);

    /// <summary>How many groups of eight lanes hold the value.</summary>
    static abstract int Groups { get; }

    /// <summary>The highest derivative that the reading carries (0 for plain values).</summary>
    static abstract int DerivativeOrder { get; }

    /// <summary>Group <paramref name="g"/> of the value, 0 ≤ g &lt; <see cref="Groups"/>.</summary>
    static abstract Lanes Primal(T x, int g);

    /// <summary>The constant with the given value, one entry a group.</summary>
    static abstract T FromPrimal(ReadOnlySpan<Lanes> value);
}
