using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Measurement.Obstructions;

/// <summary>|f(x) − q|².</summary>
internal sealed class DistanceTo(IMap f, double[] q) : IBoundaryFunction
{
    public T Square<T>(ReadOnlySpan<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(x.Length);
        Span<T> y = scratch.Take(x.Length);
        x.CopyTo(y);
        f.Map(y);
        T sum = T.Constant(0);
        for (int i = 0; i < y.Length; i++)
        {
            T r = y[i] - q[i];
            sum += r * r;
        }

        return sum;
    }

    /// <summary>f at one point.</summary>
    public static double[] Value(IMap f, ReadOnlySpan<double> x)
    {
        double[] y = new double[x.Length];
        Evaluation.Map(f, x, y);
        return y;
    }

    /// <summary>The least and the greatest distance of f at the given points from q.</summary>
    public static (double Least, double Greatest) Sampled(ReadOnlySpan<double> values, ReadOnlySpan<double> q)
    {
        double least = double.PositiveInfinity, greatest = 0;
        for (int n = 0; n < values.Length; n += q.Length)
        {
            double sum = 0;
            for (int i = 0; i < q.Length; i++) sum += (values[n + i] - q[i]) * (values[n + i] - q[i]);
            (least, greatest) = (Math.Min(least, sum), Math.Max(greatest, sum));
        }

        return (Math.Sqrt(least), Math.Sqrt(greatest));
    }
}
