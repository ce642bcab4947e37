using MathNet.Numerics.LinearAlgebra;
using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

/// <summary>The library's own linear algebra against MathNet.Numerics, an independent implementation.</summary>
public sealed class AgainstMathNet
{
    [Theory]
    [InlineData(32, 1)]
    [InlineData(64, 2)]
    [InlineData(160, 1)]
    [InlineData(192, 3)]
    public unsafe void Cholesky_factors_and_solves(int n, int threads)
    {
        Philox random = new((ulong)n, "cholesky");
        Matrix<double> b = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextNormal()), a = (b * b.Transpose()) + (0.5 * Matrix<double>.Build.DenseIdentity(n));
        int stride = n + 8;
        using AlignedBuffer buffer = new((long)n * stride);
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) buffer.Start[(i * stride) + j] = a[i, j];
        Assert.True(Cholesky.Factor(buffer.Start, n, stride, threads));
        Matrix<double> expected = a.Cholesky().Factor;   // lower triangle
        for (int i = 0; i < n; i++)
            for (int j = i; j < n; j++) Assert.Equal(expected[j, i], buffer.Start[(i * stride) + j], 1e-10 * Math.Sqrt(a[j, j]));

        double[] right = [.. Enumerable.Range(0, n).Select(_ => random.NextNormal())], x = [.. right];
        Cholesky.Solve(buffer.Start, n, stride, x);
        Vector<double> residual = (a * Vector<double>.Build.Dense(x)) - Vector<double>.Build.Dense(right);
        Assert.True(residual.InfinityNorm() < 1e-12 * a.InfinityNorm() * x.Max(Math.Abs));
    }

    [Fact]
    public unsafe void Cholesky_refuses_what_is_not_positive_definite()
    {
        using AlignedBuffer buffer = new(32 * 40);
        for (int i = 0; i < 32; i++) buffer.Start[(i * 40) + i] = i == 17 ? -1e-9 : 1;
        Assert.False(Cholesky.Factor(buffer.Start, 32, 40));
        foreach (double wrong in (double[])[double.NaN, double.PositiveInfinity, 0])
        {
            foreach (int place in (int[])[0, 17, 31])
            {
                for (int i = 0; i < 32; i++) buffer.Start[(i * 40) + i] = i == place ? wrong : 1;
                Assert.False(Cholesky.Factor(buffer.Start, 32, 40));
            }
        }

        for (int i = 0; i < 32; i++) buffer.Start[(i * 40) + i] = 4;
        Assert.True(Cholesky.Factor(buffer.Start, 32, 40));
        Assert.Equal(2, buffer.Start[(31 * 40) + 31]);
        Assert.Throws<ArgumentException>("n", () => Cholesky.Factor(null, 33, 40));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Small_matrices_have_the_same_determinant_inverse_and_norm(int d)
    {
        Philox random = new((ulong)d, "small matrices");
        for (int trial = 0; trial < 50; trial++)
        {
            double[] a = [.. Enumerable.Range(0, d * d).Select(_ => random.NextNormal())], inverse = new double[d * d];
            Matrix<double> m = Matrix<double>.Build.Dense(d, d, (i, j) => a[(i * d) + j]);
            double condition = m.ConditionNumber(), norm = m.L2Norm();
            Assert.Equal(m.Determinant(), SmallMatrix.Determinant(a, d), 1e-12 * (1 + Math.Abs(m.Determinant())) * condition);
            Assert.Equal(norm, SmallMatrix.OperatorNorm(a, d), 1e-12 * norm);
            Assert.True(SmallMatrix.Invert(a, d, inverse));
            Matrix<double> other = m.Inverse();
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) Assert.Equal(other[i, j], inverse[(i * d) + j], 1e-13 * condition * other.L2Norm());
        }
    }
}
