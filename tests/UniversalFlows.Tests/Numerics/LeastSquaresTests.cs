using MathNet.Numerics.LinearAlgebra;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public sealed class LeastSquaresTests
{
    private static (LeastSquares Equations, double[,] Matrix, double[] Right) Random(int rows, int unknowns, ulong seed)
    {
        Philox random = new(seed, "least squares");
        double[,] matrix = new double[rows, unknowns];
        double[] right = [.. Enumerable.Range(0, rows).Select(_ => random.NextNormal())];
        LeastSquares equations = new(rows, unknowns);
        for (int s = 0; s < rows; s++)
            for (int u = 0; u < unknowns; u++) matrix[s, u] = random.NextNormal();
        for (int g = 0; g * Lanes.Width < rows; g++)
        {
            for (int u = 0; u < unknowns; u++)
            {
                Lanes value = default;
                for (int lane = 0; lane < Lanes.Width && (g * Lanes.Width) + lane < rows; lane++) value = value.With(lane, matrix[(g * Lanes.Width) + lane, u]);
                equations.Set(g, u, value);
            }
        }

        return (equations, matrix, right);
    }

    /// <summary>One row group and many, one panel and many, a chunk's edge; against an orthogonal factorisation.</summary>
    [Theory]
    [InlineData(3, 1)]
    [InlineData(40, 31)]
    [InlineData(257, 33)]
    [InlineData(700, 100)]
    public void Agrees_with_an_orthogonal_factorisation(int rows, int unknowns)
    {
        (LeastSquares equations, double[,] matrix, double[] right) = Random(rows, unknowns, 3);
        using (equations)
        {
            double[] c = new double[unknowns], again = new double[unknowns];
            Assert.True(equations.Solve(right, 1e-14, c, refinements: 3));
            Vector<double> expected = Matrix<double>.Build.DenseOfArray(matrix).QR().Solve(Vector<double>.Build.Dense(right));
            for (int u = 0; u < unknowns; u++) Assert.Equal(expected[u], c[u], 1e-10);
            Assert.True(equations.Solve(right, 1e-14, again, refinements: 3, threads: 2)); // from the factor that is there
            Assert.Equal(c, again);
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        double[] Solution(int threads)
        {
            (LeastSquares equations, _, double[] right) = Random(700, 100, 4);
            using (equations)
            {
                double[] c = new double[100];
                Assert.True(equations.Solve(right, 1e-10, c, threads: threads));
                return c;
            }
        }

        Assert.Equal(Solution(1), Solution(2));
    }

    /// <summary>Without refinement c = (AᵀA + λτI)⁻¹Aᵀb, τ the mean of the diagonal; another λ is another factor.</summary>
    [Fact]
    public void The_regularisation_is_what_it_says()
    {
        (LeastSquares equations, double[,] array, double[] right) = Random(50, 5, 5);
        using (equations)
        {
            Matrix<double> a = Matrix<double>.Build.DenseOfArray(array), gram = a.TransposeThisAndMultiply(a);
            foreach (double lambda in (double[])[1, 0.1, 1])
            {
                double[] c = new double[5];
                Assert.True(equations.Solve(right, lambda, c, refinements: 0));
                Matrix<double> shifted = gram + (lambda * gram.Trace() / 5 * Matrix<double>.Build.DenseIdentity(5));
                Vector<double> expected = shifted.Solve(a.TransposeThisAndMultiply(Vector<double>.Build.Dense(right)));
                for (int u = 0; u < 5; u++) Assert.Equal(expected[u], c[u], 1e-12);
            }
        }
    }

    [Fact]
    public void A_changed_matrix_is_factored_anew_and_a_product_is_the_matrix_times_c()
    {
        (LeastSquares equations, double[,] matrix, double[] right) = Random(16, 2, 6);
        using (equations)
        {
            double[] before = new double[2], after = new double[2], sum = [.. right];
            Assert.True(equations.Solve(right, 1e-12, before));
            equations.AddProduct([2, -3], sum);
            for (int s = 0; s < 16; s++) Assert.Equal(right[s] + (2 * matrix[s, 0]) - (3 * matrix[s, 1]), sum[s], 1e-14);
            equations.Set(0, 0, Lanes.Constant(7));
            Assert.True(equations.Solve(right, 1e-12, after));
            Assert.True(Math.Abs(before[0] - after[0]) > 1e-3);
        }
    }

    [Fact]
    public void What_is_not_finite_or_zero_has_no_solution()
    {
        using LeastSquares zero = new(8, 2), infinite = new(8, 1);
        Assert.False(zero.Solve([1], 1e-10, new double[2]));
        infinite.Set(0, 0, Lanes.Constant(double.NaN));
        Assert.False(infinite.Solve([1], 1e-10, new double[1]));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        using LeastSquares equations = new(9, 2);
        Assert.Equal((16, 2), (equations.Rows, equations.Unknowns));
        equations.Set(0, 0, Lanes.Constant(1));
        equations.Set(1, 1, Lanes.Constant(1));
        Assert.Throws<ArgumentException>("b", () => equations.Solve(new double[17], 1e-10, new double[2]));
        Assert.Throws<ArgumentException>("c", () => equations.Solve(new double[9], 1e-10, new double[3]));
        Assert.Throws<ArgumentException>("b", () => equations.AddProduct([1, 1], new double[17]));
        Assert.Throws<ArgumentOutOfRangeException>("rows", () => new LeastSquares(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("unknowns", () => new LeastSquares(1, 0));
        Assert.False(equations.Solve([double.PositiveInfinity], 1e-10, new double[2]));
        Assert.False(equations.Solve([1], 0, new double[2]));
        Assert.False(equations.Solve([1], double.NaN, new double[2]));
        Assert.True(equations.Solve([1], 1e-10, new double[2]));
    }

    /// <summary>Missing right-hand sides are zeros in every refinement; what stood in c before does not matter.</summary>
    [Fact]
    public void A_short_right_hand_side_is_filled_with_zeros()
    {
        (LeastSquares equations, _, double[] right) = Random(16, 3, 7);
        using (equations)
        {
            double[] shorter = [8, -9, 10], whole = new double[3], zeros = [.. right.Take(9), .. new double[7]];
            Assert.True(equations.Solve(right.AsSpan(0, 9), 0.1, shorter, refinements: 2));
            Assert.True(equations.Solve(zeros, 0.1, whole, refinements: 2));
            Assert.Equal(whole, shorter);
        }
    }

    [Fact]
    public void Equal_columns_without_regularisation_are_refused()
    {
        using LeastSquares equations = new(8, 2);
        // four ones: the root of the first pivot is 2, and the second is 0 without any rounding
        Lanes column = Lanes.Load([1, 1, 1, 1, 0, 0, 0, 0]);
        equations.Set(0, 0, column);
        equations.Set(0, 1, column);
        Assert.False(equations.Solve([1], 1e-30, new double[2]));
        Assert.True(equations.Solve([1], 1e-10, new double[2]));
    }
}
