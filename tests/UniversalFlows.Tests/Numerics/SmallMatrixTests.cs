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

    /// <summary>det of the Householder reflection I − 2vvᵀ/|v|² is −1, of diag(1, …, d) it is d!.</summary>
    [Fact]
    public void Determinants_of_twelve_rows()
    {
        const int D = 12;
        double[] v = Random(D, 9)[..D], reflection = new double[D * D], diagonal = new double[D * D];
        double square = v.Sum(t => t * t);
        for (int i = 0; i < D; i++)
        {
            for (int j = 0; j < D; j++) reflection[(i * D) + j] = (i == j ? 1 : 0) - (2 * v[i] * v[j] / square);
            diagonal[(i * D) + i] = i + 1;
        }

        Assert.Equal(-1, SmallMatrix.Determinant(reflection, D), 1e-13);
        Assert.Equal(0, SmallMatrix.LogAbsDeterminant(reflection, D, out int sign), 1e-13);
        Assert.Equal(-1, sign);
        Assert.Equal(479001600, SmallMatrix.Determinant(diagonal, D), 1e-7);
        Assert.Equal(Math.Log(479001600), SmallMatrix.LogAbsDeterminant(diagonal, D, out sign), 1e-14);
        Assert.Equal(1, sign);
    }

    /// <summary>Pivots of 1e-12 stand where the ones are not: elimination that takes them loses twelve digits.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public void Elimination_takes_the_largest_pivot(int d)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            // a permutation matrix and noise
            double[] a = [.. Random(d, seed).Select(t => 1e-12 * t)], b = Random(d, seed + 40)[..d], x = new double[d], inverse = new double[d * d];
            int[] order = [.. Enumerable.Range(0, d)];
            Philox random = new(seed, "orders");
            for (int i = d - 1; i > 0; i--)
            {
                int k = random.NextInt(i + 1);
                (order[i], order[k]) = (order[k], order[i]);
            }

            for (int i = 0; i < d; i++) a[(i * d) + order[i]] += 1 + (0.1 * i);
            Assert.True(SmallMatrix.Solve(a, b, x));
            Assert.True(SmallMatrix.Invert(a, d, inverse));
            for (int i = 0; i < d; i++)
            {
                double product = 0, entry = 0;
                for (int j = 0; j < d; j++) (product, entry) = (product + (a[(i * d) + j] * x[j]), entry + (a[(i * d) + j] * inverse[(j * d) + i]));
                Assert.Equal(b[i], product, 1e-14);
                Assert.Equal(1, entry, 1e-14);
            }
        }
    }

    [Fact]
    public void Products_are_row_times_column()
    {
        double[] c = new double[9];
        SmallMatrix.Multiply([1, 2, 3, 4, 5, 6, 7, 8, 10], [2, 0, -1, 1, 3, 5, -2, 4, 1], 3, c);
        Assert.Equal([-2, 18, 12, 1, 39, 27, 2, 64, 43], c);
    }

    [Fact]
    public void Norms_of_zero_infinite_and_diagonal_matrices()
    {
        Assert.Equal(0, SmallMatrix.OperatorNorm(new double[9], 3));
        Assert.Equal(0, SmallMatrix.OperatorNorm(new double[4], 2));
        Assert.Equal(double.PositiveInfinity, SmallMatrix.OperatorNorm([1, 0, double.NegativeInfinity, 1], 2));
        Assert.Equal(double.PositiveInfinity, SmallMatrix.OperatorNorm([1, 0, 0, 0, 1, 0, 0, double.PositiveInfinity, 1], 3));
        Assert.Equal(2.5, SmallMatrix.OperatorNorm([-2.5], 1));
        // equal entries without a rotation between them, and a block that needs a rotation by 45°
        Assert.Equal(3, SmallMatrix.OperatorNorm([1, 0, 0, 0, 1, 0, 0, 0, -3], 3), 1e-15);
        Assert.Equal(8, SmallMatrix.OperatorNorm([5, 0, 0, 0, 0, 3, 4, 0, 0, 4, 3, 0, 0, 0, 0, 8], 4), 1e-14);
        Assert.Equal(3, SmallMatrix.OperatorNorm([2, 1, 0, 1, 2, 0, 0, 0, 1], 3), 1e-15);
        Assert.Equal(1, SmallMatrix.OperatorNorm([1, 1e-170, 0, 0, 0.5, 0, 0, 0, 0.25], 3), 1e-15);
    }

    [Fact]
    public void A_regular_matrix_whose_solution_overflows_is_refused()
    {
        double[] x = [0, 0], inverse = new double[4];
        Assert.False(SmallMatrix.Solve([1, 0, 0, 1e-300], [1, 1e300], x));
        Assert.All(x, v => Assert.True(double.IsNaN(v)));
        Assert.False(SmallMatrix.Invert([1, 0, 0, 1e-310], 2, inverse));
        Assert.All(inverse, v => Assert.True(double.IsNaN(v)));
        Assert.False(SmallMatrix.Invert([1e-310, 0, 0, 1], 2, inverse));
    }

    [Fact]
    public void Wrong_sizes_are_refused()
    {
        double[] four = [1, 2, 3, 5], three = [1, 2, 3];
        Assert.Throws<ArgumentException>("a", () => SmallMatrix.Determinant(three, 2));
        Assert.Throws<ArgumentException>("a", () => SmallMatrix.LogAbsDeterminant(three, 2, out _));
        Assert.Throws<ArgumentException>("a", () => SmallMatrix.OperatorNorm(three, 2));
        Assert.Throws<ArgumentException>("a", () => SmallMatrix.Invert(three, 2, new double[4]));
        Assert.Throws<ArgumentException>("inverse", () => SmallMatrix.Invert(four, 2, new double[3]));
        Assert.Throws<ArgumentException>("a", () => SmallMatrix.Solve(three, [1, 2], new double[2]));
        Assert.Throws<ArgumentException>("x", () => SmallMatrix.Solve(four, [1, 2], new double[3]));
        Assert.Throws<ArgumentException>("a", () => SmallMatrix.Multiply(three, four, 2, new double[4]));
        Assert.Throws<ArgumentException>("a", () => SmallMatrix.Multiply(four, three, 2, new double[4]));
        Assert.Throws<ArgumentException>("product", () => SmallMatrix.Multiply(four, four, 2, new double[5]));
        Assert.Throws<ArgumentOutOfRangeException>("d", () => SmallMatrix.Determinant([], 0));
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
        Assert.True(double.IsNaN(SmallMatrix.LogAbsDeterminant([1, double.NaN, 2, 4], 2, out sign)));
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
