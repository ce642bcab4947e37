using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// ∫ min(2, |g − T|) dN(0, I), which bounds the bounded-Lipschitz distance of g_# N(0, I) and T_# N(0, I): the midpoint rule on [−6.5, 6.5]^d, d ≤ 3, T tabulated once. Its error is estimated by the midpoint rule of cells three times as wide, whose points are among them; outside of the box the integral is at most 4dΦ(−6.5).
/// </summary>
internal sealed class CouplingError
{
    private const double Half = 6.5;

    private readonly int _d, _steps, _threads;
    private readonly double[] _nodes, _weights, _values;

    /// <summary>T along a line: row j of x ← T(before, z_j).</summary>
    public delegate void LineMap(ReadOnlySpan<double> before, ReadOnlySpan<double> z, Span<double> x);

    /// <summary>Tabulates T.</summary>
    public CouplingError(int dimension, LineMap map, int steps, int threads)
    {
        (_d, _steps, _threads) = (dimension, (steps + 2) / 3 * 3, threads);
        double h = 2 * Half / _steps;
        _nodes = [.. Enumerable.Range(0, _steps).Select(i => -Half + ((i + 0.5) * h))];
        _weights = [.. _nodes.Select(z => h * Normal.Density(z))];
        int lines = Lines;
        _values = new double[lines * _steps * _d];
        Workers.For(lines, threads, line => map(Before(line), _nodes, _values.AsSpan(line * _steps * _d, _steps * _d)));
    }

    /// <summary>How fine the rule is for a dimension, where a map costs so much.</summary>
    public static int Steps(int dimension, bool costly = false) => dimension switch { 1 => 33_333, 2 => costly ? 360 : 513, 3 => 63, _ => throw new ArgumentOutOfRangeException(nameof(dimension)) };

    /// <summary>What is left out: 2·P(some |z_i| &gt; 6.5).</summary>
    public double Tail => 4 * _d * Normal.Survival(Half);

    private int Lines => _d == 1 ? 1 : _d == 2 ? _steps : _steps * _steps;

    /// <summary>The integral, and the estimate of the rule's error.</summary>
    public (double Value, double Error) Of(IBijection flow)
    {
        int lines = Lines;
        double[] all = new double[lines], third = new double[lines];
        Workers.For(lines, _threads, line =>
        {
            double[] before = Before(line);
            double weight = 1, coarse = 1;
            for (int i = 0, rest = line; i < _d - 1; i++, rest /= _steps)
            {
                weight *= _weights[rest % _steps];
                coarse *= rest % _steps % 3 == 1 ? 3 : 0;
            }

            Span<Lanes> x = stackalloc Lanes[_d];
            double sum = 0, sumThird = 0;
            for (int j = 0; j < _steps; j += Lanes.Width)
            {
                for (int i = 0; i < _d - 1; i++) x[i] = Lanes.Constant(before[i]);
                Lanes z = default;
                for (int lane = 0; lane < Lanes.Width; lane++) z = z.With(lane, _nodes[Math.Min(j + lane, _steps - 1)]);
                x[_d - 1] = z;
                flow.Map(x);
                for (int lane = 0; lane < Lanes.Width && j + lane < _steps; lane++)
                {
                    double square = 0;
                    for (int i = 0; i < _d; i++)
                    {
                        double e = x[i][lane] - _values[(((line * _steps) + j + lane) * _d) + i];
                        square += e * e;
                    }

                    double error = Math.Sqrt(square), cost = _weights[j + lane] * (error < 2 ? error : 2);
                    sum += cost;
                    if ((j + lane) % 3 == 1) sumThird += 3 * cost;
                }
            }

            (all[line], third[line]) = (weight * sum, weight * coarse * sumThird);
        });
        double value = VectorMath.Sum(all);
        return (value, Math.Abs(value - VectorMath.Sum(third)));
    }

    /// <summary>z_1, …, z_{d−1} of a line.</summary>
    private double[] Before(int line)
    {
        double[] before = new double[_d - 1];
        for (int i = 0; i < before.Length; i++, line /= _steps) before[i] = _nodes[line % _steps];
        return before;
    }
}
