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
    public void Zero_threads_are_refused() => Assert.Throws<ArgumentOutOfRangeException>("threads", () => Workers.For(1, 0, _ => { }));
}
