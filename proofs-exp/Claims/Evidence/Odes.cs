using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Flows of differential equations and densities that they carry.</summary>
internal static class Odes
{
    /// <summary>
    /// "∂ log p/∂t = −∂f/∂z" at a fixed place, for f = −z and p₀ = N(0, 1): enclosed at (t, z). Corrected: the total derivative along a trajectory.
    /// </summary>
    public static Finding ChangeOfVariables(double t, double z) => ChangeOfVariables(t, z, 1) with { Corrected = AlongTrajectory(t, z, 1) };

    /// <summary>The same with another divergence, at a fixed place.</summary>
    internal static Finding ChangeOfVariables(double t, double z, double divergence)
    {
        Dual<Interval> time = Dual<Interval>.Variable(Enclosure.Of(t)), place = Dual<Interval>.Constant(z);
        Interval rate = LogDensity(time, place).Tangent;
        return Finding.Enclosed(Enclosure.Distance(rate, divergence), "f = −z, p₀ = N(0, 1), p_t(z) = eᵗp₀(eᵗz): the derivative of log p_t in t at a fixed z, by dual numbers over outward rounded intervals, against −f′ = 1")
            .With(("∂ log p/∂t", Enclosure.Middle(rate)), ("−f′", divergence));
    }

    /// <summary>The total derivative along z(t) = z₀e⁻ᵗ.</summary>
    internal static Finding AlongTrajectory(double t, double z, double divergence)
    {
        Dual<Interval> time = Dual<Interval>.Variable(Enclosure.Of(t)), start = Dual<Interval>.Constant(z);
        Interval rate = LogDensity(time, start * Dual<Interval>.Exp(-time)).Tangent;
        return Finding.Enclosed(Enclosure.Distance(rate, divergence), "the same along the trajectory z₀e⁻ᵗ").With(("d log p/dt along the trajectory", Enclosure.Middle(rate)));
    }

    /// <summary>
    /// "∂ρ/∂t = −ρ∇·f" for f = −z: enclosed at (t, z). Corrected: ∂ρ/∂t = −∇·(ρf).
    /// </summary>
    public static Finding Continuity(double t, double z) => Continuity(t, z, 0) with { Corrected = Continuity(t, z, 1) };

    /// <summary>The same with the part f·∇ρ taken so many times.</summary>
    internal static Finding Continuity(double t, double z, double gradients)
    {
        Dual<Interval> time = Dual<Interval>.Variable(Enclosure.Of(t)), place = Dual<Interval>.Constant(z);
        Dual<Interval> inTime = Dual<Interval>.Exp(LogDensity(time, place)), inPlace = Dual<Interval>.Exp(LogDensity(Dual<Interval>.Constant(t), Dual<Interval>.Variable(Enclosure.Of(z))));
        // −ρ∇·f − f·∇ρ with f = −z, ∇·f = −1
        Interval right = inTime.Value + (Enclosure.Of(gradients * z) * inPlace.Tangent);
        return Finding.Enclosed(Interval.Abs(inTime.Tangent - right), "f = −z, ρ the density e ᵗρ₀(eᵗz): ∂ρ/∂t by dual numbers over outward rounded intervals against −ρ∇·f − c·f·∇ρ, c = 0 as printed, c = 1 as it should be")
            .With(("∂ρ/∂t", Enclosure.Middle(inTime.Tangent)), ("right-hand side", Enclosure.Middle(right)));
    }

    /// <summary>A tanh network's equation solved there and back by Runge and Kutta's method: the error shrinks with the steps; the defect is that of the finest.</summary>
    public static Finding ReverseSolve(int steps) => ReverseSolve(steps, -1);

    /// <summary>The same with another direction on the way back.</summary>
    internal static Finding ReverseSolve(int steps, double back)
    {
        double coarse = Trip(steps / 4, back), fine = Trip(steps, back);
        return Finding.AtPoints(fine, 0, $"z′ = W₂ tanh(W₁z + b) in R³ for time 1 by {steps / 4} and {steps} steps of order 4, then back with the sign changed: the distance from the start")
            .With(("error with a quarter of the steps", coarse), ("error", fine), ("quotient, 256 for order 4", coarse / fine), ("time at which z′ = z² from 1 is infinite", 1));
    }

    private static double Trip(int steps, double back)
    {
        Philox random = new(1, "ode network");
        double[] first = new double[5 * 3], bias = new double[5], second = new double[3 * 5];
        random.FillNormal(first);
        random.FillNormal(bias);
        random.FillNormal(second);
        double[] start = [0.3, -0.4, 0.9];
        double[] end = Solve(Field, start, 1, steps), again = Solve(Field, end, back, steps);
        return again.Zip(start, (a, b) => Math.Abs(a - b)).Max();

        double[] Field(double[] z)
        {
            double[] hidden = [.. Enumerable.Range(0, 5).Select(i => Reals.Tanh(bias[i] + Enumerable.Range(0, 3).Sum(j => first[(i * 3) + j] * z[j])))];
            return [.. Enumerable.Range(0, 3).Select(i => Enumerable.Range(0, 5).Sum(j => second[(i * 5) + j] * hidden[j]))];
        }
    }

    /// <summary>Runge and Kutta's method of order 4 for an autonomous field.</summary>
    public static double[] Solve(Func<double[], double[]> field, double[] start, double time, int steps)
    {
        double[] z = [.. start];
        double h = time / steps;
        for (int n = 0; n < steps; n++)
        {
            double[] a = field(z), b = field(Step(z, a, h / 2)), c = field(Step(z, b, h / 2)), d = field(Step(z, c, h));
            for (int i = 0; i < z.Length; i++) z[i] += h / 6 * (a[i] + (2 * b[i]) + (2 * c[i]) + d[i]);
        }

        return z;

        static double[] Step(double[] z, double[] v, double h) => [.. z.Zip(v, (a, b) => a + (h * b))];
    }

    /// <summary>log p_t(z) = t + log φ(eᵗz): the law that f = −z carries.</summary>
    private static T LogDensity<T>(T t, T z) where T : unmanaged, IScalar<T>
    {
        T y = T.Exp(t) * z;
        return t - (0.5 * y * y) - (0.5 * T.Log(2 * Enclosure.Pi<T>()));
    }
}
