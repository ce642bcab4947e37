using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.PlantedBugs;

/// <summary>A spline whose second and third ordinate are exchanged.</summary>
internal sealed record SwappedKnots(RationalQuadraticTransformer Inner) : ITransformer
{
    public int RawCount => Inner.RawCount;

    public int ParameterCount => Inner.ParameterCount;

    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T>
    {
        Inner.Parameters(raw, p);
        int heights = Inner.Bins + 1;
        (p[heights + 1], p[heights + 2]) = (p[heights + 2], p[heights + 1]);
    }

    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T> => Inner.Value(x, p);

    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T> => Inner.Forward(x, p, out logDerivative);

    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper) => Inner.Bracket(y, p, out lower, out upper);

    public void IdentityRaw(Span<double> raw) => Inner.IdentityRaw(raw);
}

/// <summary>Clips its arguments such that NaN becomes a bound.</summary>
internal sealed class DeafConditioner(IConditioner inner) : IConditioner
{
    public int Inputs => inner.Inputs;

    public int Outputs => inner.Outputs;

    public IEnumerable<Dense> Parameters => inner.Parameters;

    public void Evaluate<T>(ReadOnlySpan<T> x, Span<T> raw) where T : unmanaged, IScalar<T>
    {
        T[] clipped = x.ToArray();
        foreach (ref T v in clipped.AsSpan()) v = T.Max(T.Constant(-3), T.Min(T.Constant(3), v));
        inner.Evaluate<T>(clipped, raw);
    }
}

/// <summary>A deep sigmoidal flow without the positivity of its slopes: one of them may be negative, and the map folds.</summary>
internal sealed record NegativeSlope(DeepSigmoidalTransformer Inner) : ITransformer
{
    public int RawCount => Inner.RawCount;

    public int ParameterCount => Inner.ParameterCount;

    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T>
    {
        Inner.Parameters(raw, p);
        p[Inner.Sigmoids] = -p[Inner.Sigmoids];
    }

    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T> => Inner.Value(x, p);

    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T> => Inner.Forward(x, p, out logDerivative);

    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper) => Inner.Bracket(y, p, out lower, out upper);

    public void IdentityRaw(Span<double> raw) => Inner.IdentityRaw(raw);
}

/// <summary>A transformer whose "identity" parameters are another map's: a softplus start of ln 2 instead of 1.</summary>
internal sealed record WrongStart(ITransformer Inner) : ITransformer
{
    public int RawCount => Inner.RawCount;

    public int ParameterCount => Inner.ParameterCount;

    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T> => Inner.Parameters(raw, p);

    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T> => Inner.Value(x, p);

    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T> => Inner.Forward(x, p, out logDerivative);

    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper) => Inner.Bracket(y, p, out lower, out upper);

    public void IdentityRaw(Span<double> raw) => raw.Clear();
}

/// <summary>Closed at the wrong end: at a knot the value is that of the bin on the other side with its ordinate left away.</summary>
internal sealed record OpenKnot(RationalQuadraticTransformer Inner) : ITransformer
{
    public int RawCount => Inner.RawCount;

    public int ParameterCount => Inner.ParameterCount;

    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T> => Inner.Parameters(raw, p);

    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T> => Forward(x, p, out _);

    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>
    {
        T y = Inner.Forward(x, p, out logDerivative), zero = T.Constant(0);
        // neither x < knot nor knot < x: both bins think that the other one has it
        T outside = T.SelectLess(x, p[1], T.Constant(1), T.SelectLess(p[1], x, T.Constant(1), zero));
        return T.SelectLess(zero, outside, y, zero);
    }

    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper) => Inner.Bracket(y, p, out lower, out upper);

    public void IdentityRaw(Span<double> raw) => Inner.IdentityRaw(raw);
}
