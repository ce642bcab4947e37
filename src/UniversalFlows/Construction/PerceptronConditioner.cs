using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction;

/// <summary>
/// A conditioner as a perceptron with one hidden layer: c(x) ≈ Σ_k w_k tanh(α(λ_k·u − β_k)) + b on the box, u the scaled coordinates. The ridge directions λ_k and the offsets β_k
/// are fixed and evenly spread, the outer weights come from least squares: the theorem's conditioner class, without training.
/// </summary>
internal static class PerceptronConditioner
{
    /// <summary>The coupling with its Chebyshev conditioner replaced.</summary>
    public static Coupling Replace(Coupling layer)
    {
        ClippedConditioner clipped = (ClippedConditioner)layer.Conditioner;
        ChebyshevConditioner polynomial = (ChebyshevConditioner)clipped.Inner;
        int p = polynomial.Inputs, degree = polynomial.Degrees.Max();
        (double[] lower, double[] upper) = ([.. clipped.Lower], [.. clipped.Upper]);
        double[][] units = Units(p, degree);
        Dense hidden = new(p, units.Length), output = new(units.Length, polynomial.Outputs);
        for (int k = 0; k < units.Length; k++)
        {
            // α(λ·u − β) with u = (2x − lower − upper)/(upper − lower)
            double bias = -units[k][p];
            for (int i = 0; i < p; i++)
            {
                double width = upper[i] - lower[i];
                hidden.Weights[(k * p) + i] = 2 * units[k][i] / width;
                bias -= units[k][i] * (lower[i] + upper[i]) / width;
            }

            hidden.Bias[k] = bias;
        }

        FitOutput(polynomial, lower, upper, hidden, output);
        int[] passive = [.. layer.Passive], active = [.. layer.Active];
        return new Coupling(
            layer.Dimension, passive, active, layer.Transformer,
            new ClippedConditioner(lower, upper, new MultilayerPerceptron(Activation.Tanh, [hidden, output])));
    }

    private static void FitOutput(ChebyshevConditioner polynomial, double[] lower, double[] upper, Dense hidden, Dense output)
    {
        int p = lower.Length, units = hidden.Outputs, perAxis = p == 1 ? 4 * units : 3 * (int)Math.Ceiling(Math.Sqrt(units));
        double[] points = PointSet.Chebyshev(new Targets.Box(lower, upper), perAxis);
        int count = points.Length / p, groups = (count + Lanes.Width - 1) / Lanes.Width;
        using LeastSquares equations = new(count, units + 1);
        double[] values = new double[groups * Lanes.Width * polynomial.Outputs];
        using Scratch<Lanes> scratch = new(p + units + polynomial.Outputs);
        Span<Lanes> x = scratch.Take(p), h = scratch.Take(units), raw = scratch.Take(polynomial.Outputs);
        for (int g = 0; g < groups; g++)
        {
            PointSet.Load(points, p, g * Lanes.Width, x);
            Lanes.Affine(hidden, x, h);
            Lanes.Activate(Activation.Tanh, h);
            polynomial.Evaluate<Lanes>(x, raw);
            for (int k = 0; k < units; k++) equations.Set(g, k, h[k]);
            equations.Set(g, units, Lanes.Constant(1));
            for (int o = 0; o < raw.Length; o++)
                for (int lane = 0; lane < Lanes.Width; lane++) values[(o * groups * Lanes.Width) + (g * Lanes.Width) + lane] = raw[o][lane];
        }

        double[] c = new double[units + 1];
        for (int o = 0; o < polynomial.Outputs; o++)
        {
            if (!equations.Solve(values.AsSpan(o * groups * Lanes.Width, Math.Min(equations.Rows, groups * Lanes.Width)), 3e-15, c, refinements: 40)) continue;
            c.AsSpan(0, units).CopyTo(output.Weights.Slice(o * units, units));
            output.Bias[o] = c[units];
        }
    }

    /// <summary>αλ and αβ of every unit: one direction for p = 1, evenly spread ones for p = 2; offsets even across the projection of the cube.</summary>
    private static double[][] Units(int p, int degree)
    {
        if (p == 1)
        {
            int n = (2 * degree) + 12;
            return [.. Enumerable.Range(0, n).Select(k => (double[])[0.35 * n / 4, 0.35 * n / 4 * (-1.2 + (2.4 * k / (n - 1)))])];
        }

        int directions = degree + 3, offsets = degree + 6;
        List<double[]> units = [];
        double[] direction = new double[p];
        for (int m = 0; m < directions; m++)
        {
            double angle = Math.PI * m / directions;
            (direction[0], direction[1]) = (Real.Cos(new(angle)).Value, Real.Sin(new(angle)).Value);
            double reach = direction.Sum(Math.Abs), slope = 0.35 * offsets / 4 / reach;
            for (int k = 0; k < offsets; k++) units.Add([.. direction.Select(v => slope * v), slope * reach * 1.2 * (-1 + (2.0 * k / (offsets - 1)))]);
        }

        return [.. units];
    }
}
