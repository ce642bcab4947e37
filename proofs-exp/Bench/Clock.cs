using System.Diagnostics;

namespace UniversalFlows.Proofs.Bench;

/// <summary>Timings of a workload after warm-up, in milliseconds.</summary>
public sealed record Timings(double Median, double Minimum, double P90, int Repetitions, long AllocatedBytes);

/// <summary>Times in this process: no child, no report, done in a second or two.</summary>
public static class Clock
{
    private const int LeastRepetitions = 20, MostRepetitions = 1000;

    // the runtime compiles hot methods a second time after about 30 calls and a pause: half a second of warm-up sees both
    private const double WarmUpSeconds = 0.7, TimedSeconds = 2, MostSeconds = 30;

    /// <summary>Warms up, then repeats for about two seconds.</summary>
    public static Timings Run(Workload workload)
    {
        ArgumentNullException.ThrowIfNull(workload);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 40 || Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds; i++)
        {
            workload.Step();
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > 5 * WarmUpSeconds) break;
        }

        List<double> times = new(MostRepetitions);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        start = Stopwatch.GetTimestamp();
        while (times.Count < MostRepetitions && (times.Count < LeastRepetitions || Stopwatch.GetElapsedTime(start).TotalSeconds < TimedSeconds))
        {
            long step = Stopwatch.GetTimestamp();
            workload.Step();
            times.Add(Stopwatch.GetElapsedTime(step).TotalMilliseconds);
            if (times.Count >= 3 && Stopwatch.GetElapsedTime(start).TotalSeconds > MostSeconds) break;
        }

        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        times.Sort();
        return new Timings(times[times.Count / 2], times[0], times[times.Count * 9 / 10], times.Count, allocated / times.Count);
    }

    /// <summary>The machine's peak of fused multiply-adds on one thread, in operations a second: the best of ten runs.</summary>
    public static double PeakOperationsPerSecond()
    {
        const long steps = 1_000_000;
        double best = double.PositiveInfinity;
        DenseProducts.Peak(steps);
        for (int i = 0; i < 10; i++)
        {
            long start = Stopwatch.GetTimestamp();
            DenseProducts.Peak(steps);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 16 * 8 * 2 * steps / best;
    }
}
