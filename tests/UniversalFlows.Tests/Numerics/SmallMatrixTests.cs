using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public class SmallMatrixTests
{
    private static double[] Random(int d, ulong seed)
    {
        double[] a = new double[d * d];
        new Philox(seed, "matrices").FillNormal(a);
        return a;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(12)]
    public void Inverse_and_solve_undo_multiplication(int d)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            double[] a = Random(d, seed), inverse = new double[d * d], b = Random(d, seed + 100)[..d], x = new double[d];
            Assert.True(SmallMatrix.Invert(a, d, inverse));
            Assert.True(SmallMatrix.Solve(a, b, x));
            double condition = SmallMatrix.OperatorNorm(a, d) * SmallMatrix.OperatorNorm(inverse, d);
            for (int i = 0; i < d; i++)
            {
                double product = 0;
                for (int j = 0; j < d; j++)
                {
                    product += a[(i * d) + j] * x[j];
                    double entry = 0;
                    for (int k = 0; k < d; k++) entry += a[(i * d) + k] * inverse[(k * d) + j];
                    Assert.Equal(i == j ? 1 : 0, entry, 1e-14 * d * condition);
                }

                Assert.Equal(b[i], product, 1e-14 * d * condition);
            }
        }
    }

    [Fact]
    public void Determinants_are_multiplicative_and_have_the_sign_of_the_permutation()
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            double[] a = Random(4, seed), b = Random(4, seed + 50), c = new double[16];
            for (int i = 0; i < 16; i++)
            {
                for (int k = 0; k < 4; k++) c[i] += a[(i / 4 * 4) + k] * b[(k * 4) + (i % 4)];
            }

            double product = SmallMatrix.Determinant(a, 4) * SmallMatrix.Determinant(b, 4);
            Assert.Equal(product, SmallMatrix.Determinant(c, 4), 1e-11);
            Assert.Equal(Math.Log(Math.Abs(product)), SmallMatrix.LogAbsDeterminant(c, 4, out int sign), 1e-10);
            Assert.Equal(Math.Sign(product), sign);
        }

        Assert.Equal(-6, SmallMatrix.Determinant([0, 2, 3, 0], 2));
        Assert.Equal(5, SmallMatrix.Determinant([-1, 0, 0, -5], 2));
        Assert.Equal(1, SmallMatrix.Determinant([0, 1, 0, 0, 0, 1, 1, 0, 0], 3));
    }

    [Fact]
    public void Singular_and_NaN_matrices_are_reported()
    {
        double[] x = new double[4];
        Assert.False(SmallMatrix.Invert([1, 2, 2, 4], 2, x));
        Assert.All(x, v => Assert.True(double.IsNaN(v)));
        Assert.False(SmallMatrix.Invert([1, double.NaN, 2, 4], 2, x));
        Assert.Equal(0, SmallMatrix.Determinant([1, 2, 2, 4], 2));
        Assert.True(double.IsNaN(SmallMatrix.Determinant([double.NaN, 2, 2, 4], 2)));
        Assert.Equal(double.NegativeInfinity, SmallMatrix.LogAbsDeterminant([1, 2, 2, 4], 2, out int sign));
        Assert.Equal(0, sign);
        Assert.True(double.IsNaN(SmallMatrix.OperatorNorm([1, 2, double.NaN, 4], 2)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Operator_norm_of_an_orthogonal_times_diagonal_times_orthogonal_matrix(int d)
    {
        // Householder reflections I − 2vvᵀ/|v|² from both sides of diag(7, 1, …) keep the singular values
        double[] a = new double[d * d];
        for (int i = 0; i < d; i++) a[(i * d) + i] = i == d - 1 ? -7 : 1.0 / (i + 1);
        for (int side = 0; side < 2; side++)
        {
            double[] v = Random(d, (ulong)side)[..d];
            double square = v.Sum(t => t * t);
            for (int j = 0; j < d; j++)
            {
                int At(int i) => side == 0 ? (i * d) + j : (j * d) + i;
                double dot = 0;
                for (int i = 0; i < d; i++) dot += v[i] * a[At(i)];
                for (int i = 0; i < d; i++) a[At(i)] -= 2 * v[i] * dot / square;
            }
        }

        Assert.Equal(7, SmallMatrix.OperatorNorm(a, d), 1e-14);
        Assert.Equal(7e200, SmallMatrix.OperatorNorm([.. a.Select(t => t * 1e200)], d), 1e187);
    }

    [Fact]
    public void Lane_wise_elimination_pivots_lane_by_lane()
    {
        // lane 0 has a zero first pivot, lane 1 is diagonal
        Lanes[] a = [Lanes.Constant(0).With(1, 2), Lanes.Constant(3).With(1, 0), Lanes.Constant(4).With(1, 0), Lanes.Constant(5)];
        Lanes[] b = [Lanes.Constant(6), Lanes.Constant(13)];
        Functions.Solve<Lanes>(a, b);
        Assert.Equal((0.75, 2.0), (b[0][0], b[1][0]));
        Assert.Equal((3.0, 2.6), (b[0][1], b[1][1]));
    }
}
