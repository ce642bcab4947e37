using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Autoregressive;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.PlantedBugs;

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

/// <summary>Half of the digits: values pass through single precision.</summary>
internal sealed class SingleLeak(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        foreach (ref T v in x)
        {
            T big = v * 536870912.0; // Dekker's splitting at 2²⁹ keeps the 24 leading bits
            v = T.Freeze((v + big) - big - v) + v;
        }

        return logDet;
    }
}

/// <summary>A running mean that every call moves: the second call answers another question.</summary>
internal sealed class RunningMean(IBijection inner) : Broken(inner)
{
    private double _mean;

    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        foreach (ref T v in x)
        {
            _mean = (0.9 * _mean) + (0.1 * T.Primal(v, 0)[0]);
            v -= _mean;
        }

        return logDet;
    }
}

/// <summary>Whether a point is treated exactly depends on the worker that meets it: a workspace of the thread is not cleared.</summary>
internal sealed class StaleWorkspace(IBijection inner) : Broken(inner)
{
    [ThreadStatic]
    private static int s_used;

    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        s_used = (s_used + 1) & 1023;
        foreach (ref T v in x) v += 1e-9 * s_used;
        return logDet;
    }
}

/// <summary>The first of the eight rows is computed along another path, one rounding longer.</summary>
internal sealed class FirstRowDiffers(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        foreach (ref T v in x)
        {
            T factor = T.FromPrimal(Enumerable.Repeat(Lanes.Constant(1).With(0, Math.BitIncrement(1.0)), T.Groups).ToArray());
            v *= factor;
        }

        return logDet;
    }
}

/// <summary>A conditioner that stops gradients half-way: in every derivative, half of the log-det's is lost.</summary>
internal sealed class StoppedGradient(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x);
        return (0.5 * logDet) + (0.5 * T.Freeze(logDet));
    }
}

/// <summary>The inverse's derivative forgets the factor 1/f′: the root is right, its slope is that of the identity.</summary>
internal sealed class FrozenRoot(IBijection inner) : Broken(inner)
{
    public override T Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        Span<T> old = y.ToArray();
        T logDet = Inner.Inverse(y, ref status);
        for (int i = 0; i < y.Length; i++) y[i] = T.Freeze(y[i]) + (old[i] - T.Freeze(old[i]));
        return logDet;
    }
}

/// <summary>log |x| where log1p was meant: no number at 0 and wrong digits near it.</summary>
internal sealed class HoleAtZero(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        foreach (ref T v in x) v = v * v / v;
        return Inner.Forward(x);
    }
}

/// <summary>+0 and −0 go different ways: 1/x tells them apart.</summary>
internal sealed class SignedZero(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        foreach (ref T v in x) v += 1e-15 * T.Atan(1 / (v * 1e300));
        return Inner.Forward(x);
    }
}

/// <summary>A mirrored half: x ↦ |x| before the flow, so that two points share an image.</summary>
internal sealed class Mirrored(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        x[0] = T.Abs(x[0]);
        return Inner.Forward(x);
    }
}

/// <summary>A logit at the upper end of its interval: infinite in a corner of the domain.</summary>
internal sealed class OpenDomain(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        T logDet = Inner.Forward(x), room = T.Constant(1);
        foreach (T v in x) room = T.Min(room, 2 - v);
        return logDet + (0 * T.Log(room));
    }
}

/// <summary>The overflow of the inverse is called converged.</summary>
internal sealed class SilentOverflow(IBijection inner) : Broken(inner)
{
    public override T Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        InverseStatus ignored = default;
        return Inner.Inverse(y, ref ignored);
    }
}

/// <summary>A volume-preserving map whose log-det is a rounding error instead of 0.</summary>
internal sealed class AlmostZeroLogDet(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x) => Inner.Forward(x) + T.Constant(1e-17);
}

/// <summary>The move is 1% longer than the log-det thinks: the correction of a constraint is divided by the wrong number.</summary>
internal sealed class Rescaled(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        using Scratch<T> scratch = new(x.Length);
        Span<T> before = scratch.Take(x.Length);
        x.CopyTo(before);
        T logDet = Inner.Forward(x);
        for (int i = 0; i < x.Length; i++) x[i] = before[i] + (1.01 * (x[i] - before[i]));
        return logDet;
    }
}

/// <summary>log det(I + A) ≈ tr A, the first term of the series that residual flows are often trained with.</summary>
internal sealed class TraceForLogDet(IBijection inner) : Broken(inner)
{
    public override T Forward<T>(Span<T> x)
    {
        int d = x.Length;
        T trace = T.Constant(0);
        using Scratch<Dual<T>> scratch = new(d);
        Span<Dual<T>> y = scratch.Take(d);
        for (int j = 0; j < d; j++)
        {
            for (int i = 0; i < d; i++) y[i] = i == j ? Dual<T>.Variable(x[i]) : Dual<T>.Lift(x[i]);
            Inner.Map(y);
            trace += y[j].Tangent - 1;
        }

        Inner.Map(x);
        return trace;
    }
}

/// <summary>x ← y − g(x), five times, whatever the Lipschitz constant is.</summary>
internal sealed class FewContractions(IBijection inner) : Broken(inner)
{
    public override T Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        int d = y.Length;
        using Scratch<T> scratch = new(2 * d);
        Span<T> x = scratch.Take(d), image = scratch.Take(d);
        y.CopyTo(x);
        for (int n = 0; n < 5; n++)
        {
            x.CopyTo(image);
            Inner.Map(image);
            for (int i = 0; i < d; i++) x[i] += y[i] - image[i];
        }

        T logDet = Inner.Inverse(y, ref status);
        x.CopyTo(y);
        return logDet;
    }
}
