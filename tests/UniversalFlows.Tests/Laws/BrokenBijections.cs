using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Tests.Laws;

/// <summary>A bijection with one planted bug; everything else is the inner one's.</summary>
internal abstract class Broken(IBijection inner) : IBijection
{
    public IBijection Inner { get; } = inner;

    public int Dimension => Inner.Dimension;

    public IEnumerable<Dense> Parameters => Inner.Parameters;

    public virtual void Map<T>(Span<T> x) where T : unmanaged, IScalar<T> => Forward(x);

    public virtual T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T> => Inner.Forward(x);

    public virtual T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T> => Inner.Inverse(y, ref status);
}

/// <summary>The log-det of the other direction.</summary>
internal sealed class WrongSign(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x) => -Inner.Forward(x);

    public override T Inverse<T>(Span<T> y, ref InverseStatus status) => -Inner.Inverse(y, ref status);
}

/// <summary>The sign is forgotten in the inverse only.</summary>
internal sealed class WrongInverseSign(IBijection inner) : Broken(inner)
{
    public override T Inverse<T>(Span<T> y, ref InverseStatus status) => -Inner.Inverse(y, ref status);
}

/// <summary>One of the log-derivatives is not added up.</summary>
internal sealed class MissingTerm(Composition inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T first = ((Composition)Inner).Parts[0].Forward(x), rest = T.Constant(0);
        foreach (IBijection part in ((Composition)Inner).Parts.Skip(1)) rest += part.Forward(x);
        _ = first;
        return rest;
    }

    public override T Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        T last = T.Constant(0), rest = T.Constant(0);
        foreach (IBijection part in ((Composition)Inner).Parts.Reverse())
        {
            rest += last;
            last = part.Inverse(y, ref status);
        }

        return rest;
    }
}

/// <summary>An iteration that ends when r² ≤ 1e-16 instead of |r| ≤ 1e-16.</summary>
internal sealed class SquaredStopTest(IBijection inner) : Broken(inner)
{
    public override T Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        T logDet = Inner.Inverse(y, ref status);
        foreach (ref T x in y) x += 1e-8;
        return logDet;
    }
}

/// <summary>Says Converged without having solved anything.</summary>
internal sealed class WrongStatus(IBijection inner) : Broken(inner)
{
    public override T Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        T logDet = Inner.Inverse(y, ref status);
        status = InverseStatus.NotBracketed;
        return logDet;
    }
}

/// <summary>Data to base is tanh, bounded: the "density" is that of a piece of N alone.</summary>
internal sealed class BoundedInverse() : Broken(new Composition(1, []))
{
    public override T Forward<T>(Span<T> x)
    {
        T slope = 1 - (x[0] * x[0]);
        x[0] = 0.5 * (T.Log1p(x[0]) - T.Log1p(-x[0]));
        return -T.Log(slope);
    }

    public override T Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        y[0] = T.Tanh(y[0]);
        return T.Log(1 - (y[0] * y[0]));
    }
}

/// <summary>All coordinates move by one unit in the last place.</summary>
internal sealed class MovesPassive(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        foreach (ref T v in x) v *= Math.BitIncrement(1.0);
        return logDet;
    }
}

/// <summary>An off-by-one mask: the conditioner of coordinate <paramref name="i"/> also sees the active coordinate <paramref name="j"/>.</summary>
internal sealed class LeakyMask(IBijection inner, int i, int j) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T leak = 1e-3 * T.Sin(x[j]), logDet = Inner.Forward(x);
        x[i] += leak;
        return logDet;
    }
}

/// <summary>An autoregressive layer whose masks let every block see some coordinates too many: its own, then the next.</summary>
internal sealed class WideMask(AutoregressiveFlow inner, int extra) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        AutoregressiveFlow flow = (AutoregressiveFlow)Inner;
        int d = flow.Dimension, count = flow.Network.Outputs;
        T[] shifted = new T[d], raw = new T[d * count], p = new T[flow.Transformer.ParameterCount];
        for (int k = 0; k < d; k++) shifted[k] = x[flow.Order[(k + extra) % d]];
        flow.Network.Evaluate<T>(shifted, raw);
        T logDet = T.Constant(0);
        for (int k = 0; k < d; k++)
        {
            flow.Transformer.Parameters<T>(raw.AsSpan(k * count, count), p);
            x[flow.Order[k]] = flow.Transformer.Forward(x[flow.Order[k]], p, out T logDerivative);
            logDet += logDerivative;
        }

        return logDet;
    }
}

/// <summary>A "transformer" with a fold: y + 2 sin 3y.</summary>
internal sealed class Folded(IBijection inner, int active) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x), y = x[active];
        x[active] = y + (2 * T.Sin(3 * y));
        return logDet + T.Log(T.Abs(1 + (6 * T.Cos(3 * y))));
    }
}

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

/// <summary>Subtracts the mean of the batch: a point's image depends on its neighbours.</summary>
internal sealed class BatchStatistic(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        foreach (ref T v in x)
        {
            Lanes group = T.Primal(v, 0);
            double mean = 0;
            for (int lane = 0; lane < Lanes.Width; lane++) mean += group[lane] / Lanes.Width;
            v -= mean;
        }

        return logDet;
    }
}

/// <summary>Map takes another path than Forward and rounds once more.</summary>
internal sealed class OtherMap(IBijection inner) : Broken(inner)
{
    public override void Map<T>(Span<T> x)
    {
        Inner.Forward(x);
        foreach (ref T v in x) v = (v / 3) * 3;
    }
}

/// <summary>The values change by rounding when derivatives are asked for.</summary>
internal sealed class DerivativesMoveValues(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        if (T.DerivativeOrder > 0)
            foreach (ref T v in x) v *= Math.BitIncrement(1.0);
        return logDet;
    }
}

/// <summary>The tape forgets part of a derivative that dual numbers have.</summary>
internal sealed class ForgottenGradient(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        if (T.Groups > 1) x[0] = (0.5 * x[0]) + (0.5 * T.Freeze(x[0]));
        return Inner.Forward(x);
    }
}

/// <summary>y = log eˣ, through the overflow.</summary>
internal sealed class Overflows(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        foreach (ref T v in x) v = T.Log(T.Exp(v));
        return logDet;
    }
}

/// <summary>A clip that turns NaN into a number.</summary>
internal sealed class SwallowsNaN(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        foreach (ref T v in x) v = T.Max(T.Constant(-1e300), v);
        return logDet;
    }
}
