using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public class WorkersTests
{
    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(1000, 1)]
    [InlineData(1000, 2)]
    [InlineData(1000, 7)]
    public void Every_item_runs_once(int count, int threads)
    {
        int[] runs = new int[count];
        Workers.For(count, threads, i => Interlocked.Increment(ref runs[i]));
        Assert.All(runs, r => Assert.Equal(1, r));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_exception_is_thrown_again_and_stops_the_rest(int threads)
    {
        int started = 0;
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Workers.For(1_000_000, threads, i =>
        {
            Interlocked.Increment(ref started);
            if (i == 10) throw new InvalidOperationException("item 10");
        }));
        Assert.Equal("item 10", e.Message);
        Assert.InRange(started, 11, 999_999);
    }

    [Fact]
    public void Items_may_call_it_themselves()
    {
        int[] sums = new int[3];
        Workers.For(3, 3, caller =>
        {
            for (int round = 0; round < 200; round++)
            {
                int[] inner = new int[10];
                Workers.For(10, 2, i => inner[i] = i);
                sums[caller] += inner.Sum();
            }
        });
        Assert.All(sums, s => Assert.Equal(200 * 45, s));
    }

    [Fact]
    public void Callers_do_not_wait_for_each_other()
    {
        // another caller's run is held up in its items: ours must finish all the same
        using ManualResetEventSlim release = new();
        Thread held = new(() => Workers.For(2, 2, _ => release.Wait(TestContext.Current.CancellationToken)));
        held.Start();
        int done = 0;
        Workers.For(100, 2, _ => Interlocked.Increment(ref done));
        release.Set();
        Assert.True(held.Join(TimeSpan.FromSeconds(30)));
        Assert.Equal(100, done);
    }

    [Fact]
    public void After_an_exception_the_next_run_is_whole()
    {
        for (int round = 0; round < 50; round++)
        {
            Assert.Throws<InvalidOperationException>(() => Workers.For(100, 3, i => throw new InvalidOperationException($"{i}")));
            int[] runs = new int[100];
            Workers.For(100, 3, i => Interlocked.Increment(ref runs[i]));
            Assert.All(runs, r => Assert.Equal(1, r));
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_the_threads_exist()
    {
        int[] runs = new int[64];
        Action<int> work = i => runs[i]++;
        for (int round = 0; round < 50; round++) Workers.For(64, 2, work);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 200; round++) Workers.For(64, 2, work);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.All(runs, r => Assert.Equal(250, r));
    }

    [Fact]
    public void Zero_threads_are_refused() => Assert.Throws<ArgumentOutOfRangeException>("threads", () => Workers.For(1, 0, _ => { }));
}
