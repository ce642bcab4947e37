using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace UniversalFlows.Numerics;

/// <summary>
/// Threads that help one caller at a time. Between two runs a helper watches for the next one for a fifth of a millisecond, and then
/// sleeps: what a fit does between two parallel parts is shorter, so its steps do not wait for a thread to wake.
/// </summary>
/// <remarks>
/// A run waits only for helpers that have begun: where the other cores are taken by somebody else, the caller does all items itself and
/// goes on, and the helper that comes late finds no place. Crews are handed from caller to caller, so there are as many as there were
/// simultaneous callers at most.
/// </remarks>
internal sealed class Crew
{
    private static readonly Lock s_lock = new();
    private static readonly Stack<Crew> s_idle = new();
    private static readonly long s_watchTicks = Stopwatch.Frequency / 5_000;

    // the monitor guards everything below but _next; it is also what sleepers wait for
    private readonly object _gate = new();
    private Action<int>? _work;
    private ExceptionDispatchInfo? _failure;
    private int _count, _next, _failedItem, _round, _places, _inside, _asleep, _helpers;

    /// <summary>Items 0 … count − 1 by the calling thread and up to <paramref name="helpers"/> more.</summary>
    public static void Run(int count, int helpers, Action<int> work)
    {
        Crew? crew;
        lock (s_lock)
        {
            if (!s_idle.TryPop(out crew)) crew = new Crew();
        }

        ExceptionDispatchInfo? failure;
        try
        {
            failure = crew.Lead(count, helpers, work);
        }
        finally
        {
            lock (s_lock) s_idle.Push(crew);
        }

        failure?.Throw();
    }

    private ExceptionDispatchInfo? Lead(int count, int helpers, Action<int> work)
    {
        lock (_gate)
        {
            (_work, _count, _next, _failedItem, _failure) = (work, count, 0, int.MaxValue, null);
            for (; _helpers < helpers; _helpers++) new Thread(Help) { IsBackground = true, Name = "Workers" }.UnsafeStart();
            _places = helpers;
            Volatile.Write(ref _round, _round + 1);
            if (_asleep > 0) Monitor.PulseAll(_gate);
        }

        Work();
        lock (_gate) _places = 0;
        long start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _inside) > 0 && Stopwatch.GetTimestamp() - start < s_watchTicks) Thread.SpinWait(8);
        lock (_gate)
        {
            while (_inside > 0) Monitor.Wait(_gate);
            _work = null;
            return _failure;
        }
    }

    private void Help()
    {
        int seen = 0;
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref _round) == seen && Stopwatch.GetTimestamp() - start < s_watchTicks) Thread.SpinWait(8);
            lock (_gate)
            {
                for (; _round == seen; _asleep--)
                {
                    _asleep++;
                    Monitor.Wait(_gate);
                }

                seen = _round;
                if (_places == 0) continue;
                _places--;
                _inside++;
            }

            Work();
            lock (_gate)
            {
                if (--_inside == 0) Monitor.PulseAll(_gate);
            }
        }
    }

    private void Work()
    {
        while (true)
        {
            int item = Interlocked.Increment(ref _next) - 1;
            if (item < 0 || item >= _count) return;
            try
            {
                _work!(item);
            }
#pragma warning disable CA1031 // every exception is thrown again on the calling thread
            catch (Exception e)
#pragma warning restore CA1031
            {
                lock (_gate)
                {
                    if (item < _failedItem) (_failedItem, _failure) = (item, ExceptionDispatchInfo.Capture(e));
                }

                Interlocked.Exchange(ref _next, _count);
            }
        }
    }
}
