using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Measurement;

/// <summary>Maps at many points: eight side by side, in chunks of fixed size spread over threads.</summary>
public static class Evaluation
{
    /// <summary>The number of points that one thread takes at a time; a multiple of <see cref="Lanes.Width"/>.</summary>
    internal const int ChunkSize = 512;

    /// <summary>Row n of <paramref name="values"/> ← f(row n of <paramref name="points"/>).</summary>
    /// <param name="f">The map of R^d.</param>
    /// <param name="points">n points, d numbers each, one after the other.</param>
    /// <param name="values">Room for n·d numbers.</param>
    /// <param name="threads">How many threads to use; the result does not depend on it.</param>
    public static unsafe void Map(IMap f, ReadOnlySpan<double> points, Span<double> values, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(f);
        int d = f.Dimension, count = points.Length / d;
        if (count * d != points.Length) throw new ArgumentException($"{points.Length} numbers are not a whole number of points of R^{d}", nameof(points));
        if (values.Length != points.Length) throw new ArgumentException($"room for {points.Length} numbers was expected, not {values.Length}", nameof(values));
        fixed (double* source = points, target = values)
        {
            // a span cannot enter a lambda; both blocks stay pinned until the loop ends
            nint from = (nint)source, to = (nint)target;
            Workers.For((count + ChunkSize - 1) / ChunkSize, threads, chunk =>
            {
                int first = chunk * ChunkSize, n = Math.Min(ChunkSize, count - first);
                MapChunk(f, new ReadOnlySpan<double>((double*)from + ((long)first * d), n * d), new Span<double>((double*)to + ((long)first * d), n * d));
            });
        }
    }

    /// <summary>Row n of <paramref name="values"/> ← f(row n of <paramref name="points"/>), with log|det Df|, one number a point.</summary>
    public static void Forward(IBijection f, ReadOnlySpan<double> points, Span<double> values, Span<double> logDets, int threads = 1) =>
        Directed(f, points, values, logDets, threads, inverse: false);

    /// <summary>
    /// Row n of <paramref name="values"/> ← f⁻¹(row n of <paramref name="points"/>), with log|det Df⁻¹|; the worst status of all points.
    /// Failed points are NaN.
    /// </summary>
    public static InverseStatus Inverse(IBijection f, ReadOnlySpan<double> points, Span<double> values, Span<double> logDets, int threads = 1) =>
        Directed(f, points, values, logDets, threads, inverse: true);

    private static unsafe InverseStatus Directed(
        IBijection f, ReadOnlySpan<double> points, Span<double> values, Span<double> logDets, int threads, bool inverse)
    {
        ArgumentNullException.ThrowIfNull(f);
        int d = f.Dimension, count = points.Length / d;
        if (count * d != points.Length) throw new ArgumentException($"{points.Length} numbers are not a whole number of points of R^{d}", nameof(points));
        if (values.Length != points.Length) throw new ArgumentException($"room for {points.Length} numbers was expected, not {values.Length}", nameof(values));
        if (logDets.Length != count) throw new ArgumentException($"room for {count} numbers was expected, not {logDets.Length}", nameof(logDets));
        InverseStatus[] status = new InverseStatus[(count + ChunkSize - 1) / ChunkSize];
        fixed (double* source = points, target = values, logs = logDets)
        {
            nint from = (nint)source, to = (nint)target, dets = (nint)logs;
            Workers.For(status.Length, threads, chunk =>
            {
                int first = chunk * ChunkSize, n = Math.Min(ChunkSize, count - first);
                ReadOnlySpan<double> rows = new((double*)from + ((long)first * d), n * d);
                Span<double> results = new((double*)to + ((long)first * d), n * d), dets1 = new((double*)dets + first, n);
                using Scratch<Lanes> scratch = new(d);
                Span<Lanes> x = scratch.Take(d), one = stackalloc Lanes[1];
                for (int row = 0; row < n; row += Lanes.Width)
                {
                    Load(rows, d, row, n, x);
                    one[0] = inverse ? f.Inverse(x, ref status[chunk]) : f.Forward(x);
                    Store(x, d, row, n, results);
                    Store(one, 1, row, n, dets1);
                }
            });
        }

        return status.Length == 0 ? default : status.Max();
    }

    /// <summary>The same on the calling thread.</summary>
    internal static void MapChunk(IMap f, ReadOnlySpan<double> points, Span<double> values)
    {
        int d = f.Dimension, count = points.Length / d;
        using Scratch<Lanes> scratch = new(d);
        Span<Lanes> x = scratch.Take(d);
        for (int first = 0; first < count; first += Lanes.Width)
        {
            Load(points, d, first, count, x);
            f.Map(x);
            Store(x, d, first, count, values);
        }
    }

    /// <summary>Rows first … first + 7 side by side; rows beyond the last repeat it.</summary>
    internal static void Load(ReadOnlySpan<double> points, int d, int first, int count, Span<Lanes> x)
    {
        Span<double> lanes = stackalloc double[Lanes.Width];
        for (int i = 0; i < d; i++)
        {
            for (int lane = 0; lane < Lanes.Width; lane++) lanes[lane] = points[(Math.Min(first + lane, count - 1) * d) + i];
            x[i] = Lanes.Load(lanes);
        }
    }

    /// <summary>The inverse of <see cref="Load"/>: lanes beyond the last row are dropped.</summary>
    internal static void Store(ReadOnlySpan<Lanes> x, int d, int first, int count, Span<double> values)
    {
        Span<double> lanes = stackalloc double[Lanes.Width];
        int n = Math.Min(Lanes.Width, count - first);
        for (int i = 0; i < d; i++)
        {
            x[i].Store(lanes);
            for (int lane = 0; lane < n; lane++) values[((first + lane) * d) + i] = lanes[lane];
        }
    }
}
