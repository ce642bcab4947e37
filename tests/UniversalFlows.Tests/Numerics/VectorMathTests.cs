using System.Runtime.Intrinsics;
using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

/// <summary>Long sums at every length from 0 to 100: whole numbers, so that every order of summation gives the same bits.</summary>
public sealed class VectorMathTests
{
    [Fact]
    public void Sums_and_products_at_every_length()
    {
        for (int n = 0; n <= 100; n++)
        {
            double[] x = [.. Enumerable.Range(1, n).Select(i => (double)(i * i))], y = [.. Enumerable.Range(1, n).Select(i => i % 2 == 0 ? 3.0 : i)];
            Assert.Equal(x.Sum(), VectorMath.Sum(x));
            // what stands behind the end is not read either
            double[] more = [.. x, .. Enumerable.Repeat(1e3, 64)], other = [.. y, .. Enumerable.Repeat(1e3, 64)];
            Assert.Equal(x.Sum(), VectorMath.Sum(more.AsSpan(0, n)));
            Assert.Equal(x.Zip(y, (a, b) => a * b).Sum(), VectorMath.Dot(more.AsSpan(0, n), other));
            // what stands behind x's length is left alone
            double[] sum = [.. y, 7], product = [.. y, 8];
            VectorMath.AddTo(x, sum);
            VectorMath.AddProductTo(x, y, product);
            Assert.Equal([.. x.Zip(y, (a, b) => a + b), 7], sum);
            Assert.Equal([.. x.Zip(y, (a, b) => (a * b) + b), 8], product);
        }

        Assert.Equal(36, VectorMath.Sum(Vector512.Create(1.0, 2, 3, 4, 5, 6, 7, 8)));
    }

    /// <summary>The order of summation is fixed: eight lanes, added by halves. One after the other they have another sum.</summary>
    [Fact]
    public void The_order_of_summation_is_that_of_the_halves()
    {
        double[] x = [1e16, 1, 1, 1, -1e16, 1, 1, 1];
        Assert.Equal(6, VectorMath.Sum(x));
        Assert.Equal(6, VectorMath.Dot(x, [1, 1, 1, 1, 1, 1, 1, 1]));
        Assert.Equal(3, x.Sum());
        // four chains of eight from 32 numbers on, added in pairs: (10¹⁶ + 1) + (−10¹⁶ + 1) is 0, one chain has 1
        double[] long32 = new double[32], ones = [.. Enumerable.Repeat(1.0, 32)];
        (long32[0], long32[8], long32[16], long32[24]) = (1e16, 1, -1e16, 1);
        Assert.Equal(0, VectorMath.Dot(long32, ones));
        Assert.Equal(1, VectorMath.Dot([.. long32.Where((v, i) => i % 8 == 0)], ones.AsSpan(0, 4)));
    }

    [Fact]
    public void Shorter_partners_are_refused()
    {
        Assert.ThrowsAny<ArgumentException>(() => VectorMath.Dot(new double[9], new double[8]));
        Assert.ThrowsAny<ArgumentException>(() => VectorMath.AddTo(new double[9], new double[8]));
    }
}
