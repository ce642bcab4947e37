using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

public sealed class ChebyshevGridTests
{
    /// <summary>Coefficients of random polynomials come back from their values, in one to three coordinates.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(9, 1)]
    [InlineData(6, 2)]
    [InlineData(3, 3)]
    public void Polynomials_are_interpolated_exactly(int degree, int dimension)
    {
        int count = ChebyshevGrid.Count(degree, dimension);
        Philox random = new(2, "polynomial");
        double[] coefficients = [.. Enumerable.Range(0, count).Select(_ => random.NextNormal())];
        double[] lower = [.. Enumerable.Range(0, dimension).Select(i => -1.0 - i)], upper = [.. Enumerable.Range(0, dimension).Select(i => 4.0 + (2 * i))];
        double[] points = ChebyshevGrid.Points(degree, lower, upper), values = new double[count];
        for (int n = 0; n < count; n++)
        {
            for (int j = 0; j < count; j++)
            {
                double term = coefficients[j];
                for (int i = dimension - 1, index = j; i >= 0; i--, index /= degree + 1)
                {
                    double u = ((2 * points[(n * dimension) + i]) - lower[i] - upper[i]) / (upper[i] - lower[i]);
                    term *= Math.Cos(index % (degree + 1) * Math.Acos(Math.Clamp(u, -1, 1)));
                }

                values[n] += term;
            }
        }

        ChebyshevGrid.ToCoefficients(values, degree, dimension);
        for (int j = 0; j < count; j++) Assert.Equal(coefficients[j], values[j], 1e-13 * count);
    }

    [Fact]
    public void The_basis_is_the_cosine_of_multiples()
    {
        Real[] basis = new Real[12], constant = new Real[1];
        ChebyshevGrid.Basis(new Real(0.3), constant);
        Assert.Equal(1, constant[0].Value);
        ChebyshevGrid.Basis(new Real(0.3), basis);
        for (int k = 0; k < 12; k++) Assert.Equal(Math.Cos(k * Math.Acos(0.3)), basis[k].Value, 1e-14);
    }

    [Fact]
    public void Nodes_are_the_zeros_of_the_next_polynomial()
    {
        double[] nodes = ChebyshevGrid.Nodes(6);
        for (int k = 0; k < 7; k++)
        {
            Real[] basis = new Real[8];
            ChebyshevGrid.Basis(new Real(nodes[k]), basis);
            Assert.Equal(0, basis[7].Value, 1e-14);
            Assert.Equal(-nodes[6 - k], nodes[k]);
        }
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("degree", () => ChebyshevGrid.Nodes(-1));
        Assert.Throws<ArgumentException>("values", () => ChebyshevGrid.ToCoefficients(new double[8], 2, 2));
        Assert.Throws<OverflowException>(() => ChebyshevGrid.Count(99, 5));
        Assert.Equal((1, 7, 49), (ChebyshevGrid.Count(6, 0), ChebyshevGrid.Count(6, 1), ChebyshevGrid.Count(6, 2)));
    }
}
