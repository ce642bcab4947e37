using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Tests.Oracles;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>The quadratic that a rational-quadratic spline solves for its inverse.</summary>
public sealed class QuadraticRootTests
{
    [Theory]
    [InlineData(-1, 4, -3, 1)]
    [InlineData(1, -4, 3, 3)]
    [InlineData(-1, 2, -1, 1)]
    [InlineData(1, -2, 1, 1)]
    [InlineData(0, 2, -1, 0.5)] // a line
    [InlineData(0, 0.5, 0, 0)]
    [InlineData(4, 0, -1, 0.5)] // b = 0: both forms hold
    public void Roots_are_the_known_ones(double a, double b, double c, double root)
    {
        Assert.Equal(root, Root(a, b, c));
        Lanes lanes = RationalQuadraticTransformer.Root(Lanes.Constant(a), Lanes.Constant(b), Lanes.Constant(c));
        for (int lane = 0; lane < Lanes.Width; lane++) Assert.Equal(root, lanes[lane]);
    }

    /// <summary>The same root in 77 digits, within a few roundings, where b² dwarfs 4ac; the textbook's form alone loses half of its digits or all of them.</summary>
    [Theory]
    [InlineData(1, 1e8, -1)]
    [InlineData(1e-9, 1e3, -3)]
    [InlineData(1, -1e8, 1)]
    [InlineData(3, -1e5, -1e-6)]
    [InlineData(-1e-12, 7, -1e-5)]
    public void Neither_sign_of_b_loses_digits(double a, double b, double c)
    {
        BigReal exact = Exact(a, b, c);
        Assert.Equal(1, Root(a, b, c) / (double)exact, 1e-15);
        // planted: one form for both signs
        double textbook = (-b + Math.Sqrt((b * b) - (4 * a * c))) / (2 * a), citardauq = 2 * c / (-b - Math.Sqrt((b * b) - (4 * a * c)));
        double bad = b < 0 ? citardauq : textbook;
        Assert.True(!(Math.Abs((bad / (double)exact) - 1) < 1e-9));
    }

    [Fact]
    public void Random_quadratics_have_their_77_digit_roots()
    {
        Philox random = new(1, "quadratics");
        for (int n = 0; n < 500; n++)
        {
            // b² ≥ 4ac with a wide margin: near a double root half of the digits are no function of the double coefficients
            double a = random.NextUniform(0.1, 3), b = random.NextUniform(-5, 5), c = -random.NextUniform(0, 4);
            Assert.Equal(1, Root(a, b, c) / (double)Exact(a, b, c), 2e-15);
        }
    }

    private static double Root(double a, double b, double c) => RationalQuadraticTransformer.Root(new Real(a), new Real(b), new Real(c)).Value;

    private static BigReal Exact(double a, double b, double c)
    {
        BigReal p = (BigReal)a, q = (BigReal)b, r = (BigReal)c;
        return (BigReal.Sqrt((q * q) - (4 * p * r)) - q) / (2 * p);
    }
}
