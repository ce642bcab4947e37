using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Tests.Oracles;
using Xunit;

namespace UniversalFlows.Tests.Numerics;

/// <summary>Composed functions against 77 digits, and elimination lane by lane.</summary>
public sealed class FunctionsTests
{
    private static readonly double[] s_arguments = [0, 1e-300, 1e-9, 0.01, 0.3, 1, 2.5, 17, 300];

    [Fact]
    public void Hyperbolic_functions_and_tangent_have_their_77_digit_values()
    {
        foreach (double t in s_arguments)
        {
            foreach (double x in (double[])[t, -t])
            {
                BigReal e = BigReal.Expm1((BigReal)x), f = BigReal.Expm1((BigReal)(-x));
                Close(BigReal.ScaleB(e - f, -1), Functions.Sinh(new Real(x)), 4);
                Close(BigReal.ScaleB(e + f + 2, -1), Functions.Cosh(new Real(x)), 4);
                Close(BigReal.Sin((BigReal)x) / BigReal.Cos((BigReal)x), Functions.Tan(new Real(x)), 4);
                BigReal square = (BigReal)x * (BigReal)x, inverse = BigReal.Log1p((BigReal)t + (square / (1 + BigReal.Sqrt(1 + square))));
                Close(x < 0 ? -inverse : inverse, Functions.Asinh(new Real(x)), 6);
            }
        }

        Assert.Equal(double.NegativeInfinity, Functions.Sinh(new Real(-800)).Value);
        Assert.Equal(double.PositiveInfinity, Functions.Cosh(new Real(-800)).Value);
        Assert.Equal(Functions.LogTwoPi, Math.Log(2 * Math.PI), 1e-15);
    }

    [Fact]
    public void Powers_are_repeated_products()
    {
        foreach (double x in (double[])[1.5, -2, 0.75, -1])
        {
            double product = 1;
            for (int n = 0; n <= 20; n++, product *= x)
            {
                Assert.Equal(1, Functions.Power(new Real(x), n).Value / product, 1e-14);
                Assert.Equal(1, Functions.Power(new Real(x), -n).Value * product, 1e-14);
            }
        }

        Assert.Equal(1, Functions.Power(new Real(0), 0).Value);
        Assert.Equal(double.PositiveInfinity, Functions.Power(new Real(2), 2048).Value);
        Assert.Equal(0, Functions.Power(new Real(2), int.MinValue).Value);
        Assert.Equal(-8, Functions.Power(new Real(-2), 3).Value);
    }

    /// <summary>Eight matrices at once, each a permutation and noise, so that each lane has its own order of pivots.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Every_lane_takes_its_own_pivots(int d)
    {
        Philox random = new((ulong)d, "lanes");
        Lanes[] a = new Lanes[d * d], b = new Lanes[d];
        for (int i = 0; i < d * d; i++)
            for (int lane = 0; lane < Lanes.Width; lane++) a[i] = a[i].With(lane, 1e-12 * random.NextNormal());
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            for (int i = 0; i < d; i++)
            {
                int at = (i * d) + ((i + lane) % d);
                a[at] = a[at].With(lane, a[at][lane] + (i % 2 == 0 ? 1.25 : -0.75));
                b[i] = b[i].With(lane, random.NextNormal());
            }
        }

        AssertSolved(a, b, 1e-14);
        // without an order, and filled: every step of the elimination counts
        for (int i = 0; i < d * d; i++)
            for (int lane = 0; lane < Lanes.Width; lane++) a[i] = a[i].With(lane, random.NextNormal());
        AssertSolved(a, b, 1e-11);
        Assert.Throws<ArgumentException>("a", () => Functions.Solve<Real>(new Real[3], new Real[2]));
    }

    private static void AssertSolved(Lanes[] a, Lanes[] b, double tolerance)
    {
        int d = b.Length;
        Lanes[] left = [.. a], x = [.. b];
        Functions.Solve<Lanes>(left, x);
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            for (int i = 0; i < d; i++)
            {
                double product = 0;
                for (int j = 0; j < d; j++) product += a[(i * d) + j][lane] * x[j][lane];
                Assert.Equal(b[i][lane], product, tolerance);
            }
        }
    }

    private static void Close(BigReal exact, Real found, double ulps) =>
        Assert.True(exact.Sign == 0 ? found.Value == 0 : BigReal.Ulps(found.Value, exact) <= ulps, $"{found.Value:R}, expected {exact}");
}
