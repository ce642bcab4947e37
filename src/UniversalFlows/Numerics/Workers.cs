using System.Runtime.ExceptionServices;

namespace UniversalFlows.Numerics;

/// <summary>Parallel work over fixed items.</summary>
public static class Workers
{
    /// <summary>
    /// Runs <paramref name="work"/>(0), …, <paramref name="work"/>(count − 1) on at most <paramref name="threads"/> threads, the calling
    /// one among them. Items are handed out dynamically, in order; each must write only its own slot, so that results do not depend on
    /// the number of threads.
    /// </summary>
    /// <remarks>If items throw, no new item starts, and the exception of the lowest item among them is thrown again.</remarks>
    public static void For(int count, int threads, Action<int> work)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentNullException.ThrowIfNull(work);
        if (threads == 1 || count <= 1)
        {
            for (int i = 0; i < count; i++) work(i);
            return;
        }

        Run run = new(count, work);
        Task[] helpers = new Task[Math.Min(threads, count) - 1];
        for (int t = 0; t < helpers.Length; t++) helpers[t] = Task.Run(run.Loop);
        run.Loop();
        Task.WaitAll(helpers);
        run.Failure?.Throw();
    }

    private sealed class Run(int count, Action<int> work)
    {
        private readonly Lock _gate = new();
        private int _next;
        private int _failedItem = int.MaxValue;

        public ExceptionDispatchInfo? Failure { get; private set; }

        public void Loop()
        {
            while (true)
            {
                int item = Interlocked.Increment(ref _next) - 1;
                if (item < 0 || item >= count) return;
                try
                {
                    work(item);
                }
#pragma warning disable CA1031 // every exception is thrown again on the calling thread
                catch (Exception e)
#pragma warning restore CA1031
                {
                    lock (_gate)
                    {
                        if (item < _failedItem) (_failedItem, Failure) = (item, ExceptionDispatchInfo.Capture(e));
                    }

                    Interlocked.Exchange(ref _next, count);
                }
            }
        }
    }
}
