namespace UniversalFlows.Numerics;

/// <summary>Parallel work over fixed items.</summary>
public static class Workers
{
    /// <summary>
    /// Runs <paramref name="work"/>(0), …, <paramref name="work"/>(count − 1) on at most <paramref name="threads"/> threads, the calling
    /// one among them. Items are handed out dynamically, in order; each must write only its own slot, so that results do not depend on
    /// the number of threads.
    /// </summary>
    /// <remarks>
    /// If items throw, no new item starts, and the exception of the lowest item among them is thrown again. Items may call this method
    /// themselves. Allocates nothing once the threads that help exist; they stay, asleep, for the next call.
    /// </remarks>
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

        Crew.Run(count, Math.Min(threads, count) - 1, work);
    }
}
