using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Targets;

/// <summary>The Lorenz map against solutions in closed form, other step counts and orders, and classical Runge–Kutta.</summary>
public class LorenzTests
{
    private static readonly double[][] s_points = [[-10, -10, 15], [10, -10, 35], [1, 2, 20], [10, 10, 15], [-3.5, 7.25, 31]];

    private static double[] Taylor(double[] x, double time = Lorenz.Time, int steps = Lorenz.Steps, int order = Lorenz.Order)
    {
        Real[] point = [.. x.Select(v => new Real(v))];
        Lorenz.Flow<Real>(point, time, steps, order);
        return [.. point.Select(v => v.Value)];
    }

    private static double Gap(double[] a, double[] b) => a.Zip(b, (p, q) => Math.Abs(p - q)).Max();

    [Fact]
    public void Thirty_two_steps_of_order_sixteen_are_enough()
    {
        foreach (double[] x in s_points)
        {
            double[] y = Taylor(x);
            Assert.InRange(Gap(y, Taylor(x, steps: 64)), 0, 2e-13);
            Assert.InRange(Gap(y, Taylor(x, order: 24)), 0, 2e-13);
            // and not by far too many: fewer steps of a lower order are seen
            Assert.InRange(Gap(y, Taylor(x, steps: 4, order: 8)), 1e-9, 1);
        }
    }

    /// <summary>Classical Runge–Kutta converges to it, with order 4.</summary>
    [Fact]
    public void Runge_Kutta_agrees()
    {
        foreach (double[] x in s_points)
        {
            double[] y = Taylor(x);
            double coarse = Gap(y, RungeKutta(x, 200)), fine = Gap(y, RungeKutta(x, 400));
            Assert.InRange(fine, 0, 1e-6);
            Assert.InRange(coarse / fine, 12, 20);
            Assert.InRange(Gap(y, RungeKutta(x, 8000)), 0, 1e-11);
        }
    }

    /// <summary>(0, 0, z) ↦ (0, 0, z e^{−8/15}); (√72, √72, 27) is at rest; (−x, −y, z) goes to the mirror image.</summary>
    [Fact]
    public void Solutions_that_are_known()
    {
        Assert.Equal(30 * Math.Exp(-8.0 / 15), Taylor([0, 0, 30])[2], 1e-14);
        double rest = Math.Sqrt(72);
        Assert.InRange(Gap(Taylor([rest, rest, 27]), [rest, rest, 27]), 0, 1e-12);
        double[] y = Taylor([1, 2, 20]), mirror = Taylor([-1, -2, 20]);
        Assert.Equal([-y[0], -y[1], y[2]], mirror);
    }

    /// <summary>A point that no point reaches in time 0.2: its backward solution blows up.</summary>
    [Fact]
    public void Outside_the_image_the_inverse_says_so()
    {
        Real[] y = [new(200), new(-300), new(-100)];
        InverseStatus status = InverseStatus.Converged;
        Zoo.Parse("lorenz").Inverse<Real>(y, ref status);
        Assert.Equal(InverseStatus.NotBracketed, status);
        Assert.True(double.IsNaN(y[0].Value));
    }

    private static double[] RungeKutta(double[] x, int steps)
    {
        double h = Lorenz.Time / steps;
        double[] y = [.. x];
        for (int n = 0; n < steps; n++)
        {
            double[] k1 = Field(y), k2 = Field(Plus(y, k1, h / 2)), k3 = Field(Plus(y, k2, h / 2)), k4 = Field(Plus(y, k3, h));
            for (int i = 0; i < 3; i++) y[i] += h / 6 * (k1[i] + (2 * k2[i]) + (2 * k3[i]) + k4[i]);
        }

        return y;

        static double[] Field(double[] v) => [10 * (v[1] - v[0]), (v[0] * (28 - v[2])) - v[1], (v[0] * v[1]) - (8.0 / 3 * v[2])];

        static double[] Plus(double[] a, double[] b, double s) => [.. a.Zip(b, (p, q) => p + (s * q))];
    }
}
