using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Gradients through differential equations: L = ½|z(1) − c|² for z′ = f(z, θ), f a network of R³.</summary>
internal static class Adjoints
{
    private const int D = 3;

    private static readonly NeuralField s_field = new(D, 4);
    private static readonly double[] s_theta = s_field.Random(2, 1.2), s_start = [0.3, -0.8, 0.5], s_goal = [1, 0.5, -0.5];

    /// <summary>a′ = −aᵀ∂f/∂z from ∂L/∂z(1) gives ∂L/∂z(0), and −∫₁⁰ aᵀ∂f/∂θ gives ∂L/∂θ.</summary>
    public static Finding Signs() => Signs(-1, -1);

    /// <summary>The same with other signs of a′ and before the integral.</summary>
    internal static Finding Signs(double state, double integral)
    {
        const int Steps = 200;
        (double[] toStart, double[] toTheta) = Reference(Steps);
        Real[] theta = Reals(s_theta), z = Forward(Steps);
        Real[] augmented = [.. z, .. z.Zip(s_goal, (v, c) => new Real(v.Value - c))];
        List<double[]> integrand = [];
        RungeKutta.Solve<Real>(
            (_, y, velocity) =>
            {
                s_field.Evaluate<Real>(theta, y[..D], velocity[..D]);
                s_field.PullBack<Real>(theta, y[..D], y[D..], velocity[D..], new Real[theta.Length]);
                foreach (ref Real v in velocity[D..]) v = new(state * v.Value);
            },
            augmented, 1, 0, Steps,
            (_, y) =>
            {
                Real[] row = new Real[theta.Length];
                s_field.PullBack<Real>(theta, y.AsSpan(0, D), y.AsSpan(D), new Real[D], row);
                integrand.Add([.. row.Select(v => v.Value)]);
            });

        // Simpson's rule from 1 to 0: the step is negative
        Largest worst = default;
        for (int k = 0; k < D; k++) worst.Add(Math.Abs(augmented[D + k].Value - toStart[k]));
        for (int k = 0; k < theta.Length; k++)
        {
            double sum = 0;
            for (int i = 0; i <= Steps; i++) sum += integrand[i][k] * (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2);
            worst.Add(Math.Abs((integral * (-1.0 / Steps) * sum / 3) - toTheta[k]));
        }

        return Finding.AtPoints(worst.Value, 1e-8, $"the adjoint from 1 to 0 in {Steps} steps of order 4, the integral by Simpson's rule, against forward derivatives by dual numbers with respect to the start and to all {theta.Length} parameters")
            .With(("∂L/∂z(0), first", toStart[0]), ("∂L/∂θ, first", toTheta[0]), ("largest error", worst.Value));
    }

    /// <summary>One system of (z, a, ∂L/∂θ) backwards, the last part from zero.</summary>
    public static Finding Augmented() => Augmented(-1);

    /// <summary>The same with another sign of the last part.</summary>
    internal static Finding Augmented(double sign)
    {
        const int Steps = 200;
        (double[] toStart, double[] toTheta) = Reference(Steps);
        double[] back = Backward(Steps, sign);
        Largest worst = default;
        for (int k = 0; k < D; k++)
        {
            worst.Add(Math.Abs(back[k] - s_start[k]));
            worst.Add(Math.Abs(back[D + k] - toStart[k]));
        }

        for (int k = 0; k < toTheta.Length; k++) worst.Add(Math.Abs(back[(2 * D) + k] - toTheta[k]));
        return Finding.AtPoints(worst.Value, 1e-8, $"(z, a, g) from 1 to 0 in {Steps} steps of order 4 from (z(1), ∂L/∂z(1), 0) against the start, and against forward derivatives by dual numbers");
    }

    /// <summary>"∂z/∂θ = ∫∂f/∂θ ds", for f = θz, θ = z(0) = 1 at time 1; the correction adds ∂f/∂z·∂z/∂θ.</summary>
    public static Finding Sensitivity() => Sensitivity(0) with { Corrected = Sensitivity(1) };

    /// <summary>The residual of w′ = ∂f/∂θ + c·∂f/∂z·w, integrated from 0 to 1, for w = ∂z/∂θ, enclosed.</summary>
    internal static Finding Sensitivity(double c)
    {
        // z(t, θ) = e^{θt}; w = ∂z/∂θ by a dual number; ∫₀¹ z ds = e − 1 and ∫₀¹ w ds = ∫ s eˢ ds = 1
        Interval one = Interval.Constant(1);
        Interval w = Interval.Exp(one) * Dual<Interval>.Variable(one).Tangent, z = Dual<Interval>.Exp(Dual<Interval>.Variable(one)).Tangent;
        Interval integral = Interval.Expm1(one) + (Interval.Constant(c) * one);
        return Finding.Enclosed(Interval.Abs(z - integral), "∂z(1)/∂θ by dual numbers over outward rounded intervals against the integral of the right side, in closed form: ∫z ds = e − 1, ∫θ·∂z/∂θ ds = ∫s·eˢ ds = 1")
            .With(("∂z/∂θ", Enclosure.Middle(w)), ("right side", Enclosure.Middle(integral)));
    }

    /// <summary>The adjoint keeps numbers independent of the steps; what is lost: it is not the gradient of the discretised solution, and it cannot go back along a contraction.</summary>
    public static Finding Memory() => Memory(store: false);

    /// <summary>The same, keeping the states.</summary>
    internal static Finding Memory(bool store)
    {
        int few = Kept(20), many = Kept(400);
        double Gap(int steps)
        {
            double[] back = Backward(steps, -1), discrete = Reference(steps).Theta;
            return Enumerable.Range(0, discrete.Length).Max(k => Math.Abs(back[(2 * D) + k] - discrete[k]));
        }

        double coarse = Gap(4), fine = Gap(8);
        Real[] z = [new(1)];
        RungeKutta.Solve<Real>((_, y, f) => f[0] = -20 * y[0], z, 0, 1, 400);
        z[0] = new(z[0].Value + 1e-12);
        RungeKutta.Solve<Real>((_, y, f) => f[0] = -20 * y[0], z, 1, 0, 400);
        return Finding.Measured((double)(many - few) / few, "numbers kept from the way there for the way back, for 20 and 400 steps: their relative growth")
            .With(("numbers kept", few), ("numbers that all states would take, 400 steps", 401 * D), ("gap to the gradient of the discretised solution, 4 steps", coarse), ("gap, 8 steps", fine),
                ("z′ = −20z: what an error of 1e-12 at 1 has become at 0", Math.Abs(z[0].Value - 1)));

        int Kept(int steps)
        {
            List<Real[]> kept = [];
            Real[] theta = Reals(s_theta), state = Reals(s_start);
            RungeKutta.Solve<Real>((_, y, f) => s_field.Evaluate<Real>(theta, y, f), state, 0, 1, steps, (_, y) =>
            {
                if (store) kept.Add(y);
                else kept = [y];
            });
            return kept.Sum(y => y.Length);
        }
    }

    /// <summary>In a linear-quadratic problem the adjoint along the optimal trajectory is the gradient of the value function.</summary>
    public static Finding Regulator() => Regulator(-1);

    /// <summary>The same with another sign in the adjoint's equation.</summary>
    internal static Finding Regulator(double sign)
    {
        // min ∫½(|x|² + u²) + ½|x(2)|², x₁′ = x₂, x₂′ = −x₁ + ½x₂ + u; V = ½xᵀPx, u = −(Px)₂. Backward: (P₁₁, P₁₂, P₂₂, x, a, cost to go)
        double[,] a = { { 0, 1 }, { -1, 0.5 } };
        Real[] y = [new(1), new(0), new(1), new(0.4), new(-0.3), new(0.4), new(-0.3), new(0.5 * 0.25)];
        Largest worst = default;
        double value = 0, cost = 0;
        RungeKutta.Solve<Real>(
            (_, s, f) =>
            {
                double p = s[0].Value, q = s[1].Value, r = s[2].Value, x1 = s[3].Value, x2 = s[4].Value, u = -((q * x1) + (r * x2));
                // −P′ = AᵀP + PA − P b bᵀ P + I
                f[0] = new(-((2 * a[1, 0] * q) + 1 - (q * q)));
                f[1] = new(-((a[1, 0] * r) + p + (a[1, 1] * q) - (q * r)));
                f[2] = new(-((2 * q) + (2 * a[1, 1] * r) + 1 - (r * r)));
                f[3] = new(x2);
                f[4] = new((a[1, 0] * x1) + (a[1, 1] * x2) + u);
                // a′ = −∂H/∂x, H = aᵀ(Ax + bu) + ½(|x|² + u²)
                f[5] = new(sign * ((a[1, 0] * s[6].Value) + x1));
                f[6] = new(sign * (s[5].Value + (a[1, 1] * s[6].Value) + x2));
                f[7] = new(-0.5 * ((x1 * x1) + (x2 * x2) + (u * u)));
            },
            y, 2, 0, 400,
            (_, s) =>
            {
                double v1 = (s[0].Value * s[3].Value) + (s[1].Value * s[4].Value), v2 = (s[1].Value * s[3].Value) + (s[2].Value * s[4].Value);
                (value, cost) = (0.5 * ((s[3].Value * v1) + (s[4].Value * v2)), s[7].Value);
                worst.Add(Math.Abs(s[5].Value - v1));
                worst.Add(Math.Abs(s[6].Value - v2));
                worst.Add(Math.Abs(value - cost));
            });
        return Finding.AtPoints(worst.Value, 1e-9, "a plane with one control: Riccati's equation, the optimal trajectory, the adjoint and the cost to go from 2 to 0 in 400 steps of order 4; the adjoint against ∇V = Px, V against the cost, at all steps")
            .With(("V at time 0", value), ("cost to go", cost));
    }

    /// <summary>The gradients of the discretised problem, by dual numbers through all steps.</summary>
    private static (double[] Start, double[] Theta) Reference(int steps)
    {
        double Along(int start, int parameter)
        {
            Dual<Real>[] theta = [.. s_theta.Select((v, i) => new Dual<Real>(new(v), new(i == parameter ? 1 : 0)))], z = [.. s_start.Select((v, i) => new Dual<Real>(new(v), new(i == start ? 1 : 0)))];
            RungeKutta.Solve<Dual<Real>>((_, y, f) => s_field.Evaluate<Dual<Real>>(theta, y, f), z, 0, 1, steps);
            return z.Zip(s_goal, (v, c) => (v.Value.Value - c) * v.Tangent.Value).Sum();
        }

        return ([.. Enumerable.Range(0, D).Select(k => Along(k, -1))], [.. Enumerable.Range(0, s_theta.Length).Select(k => Along(-1, k))]);
    }

    private static Real[] Forward(int steps)
    {
        Real[] theta = Reals(s_theta), z = Reals(s_start);
        RungeKutta.Solve<Real>((_, y, f) => s_field.Evaluate<Real>(theta, y, f), z, 0, 1, steps);
        return z;
    }

    /// <summary>(z, a, g) at 0.</summary>
    private static double[] Backward(int steps, double sign)
    {
        Real[] theta = Reals(s_theta), z = Forward(steps), y = [.. z, .. z.Zip(s_goal, (v, c) => new Real(v.Value - c)), .. new Real[theta.Length]];
        RungeKutta.Solve<Real>(
            (_, s, f) =>
            {
                s_field.Evaluate<Real>(theta, s[..D], f[..D]);
                s_field.PullBack<Real>(theta, s[..D], s[D..(2 * D)], f[D..(2 * D)], f[(2 * D)..]);
                foreach (ref Real v in f[D..(2 * D)]) v = -v;
                foreach (ref Real v in f[(2 * D)..]) v = new(sign * v.Value);
            },
            y, 1, 0, steps);
        return [.. y.Select(v => v.Value)];
    }

    private static Real[] Reals(double[] x) => [.. x.Select(v => new Real(v))];
}
