using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing.Laws;

/// <summary>The push-forward of N(0, I) is a probability density.</summary>
internal static class DensityLaw
{
    /// <summary>∫ N(f⁻¹(y); 0, I)·|det Df⁻¹(y)| dy = 1 for d ≤ 2.</summary>
    public static string? IntegratesToOne(ValueTrial trial) => trial.Dimension == 1 ? OnTheLine(trial) : InThePlane(trial);

    /// <summary>
    /// Gauss–Legendre with 8 nodes on 3600 panels [f(t), f(t + h)], h = 0.005, −9 ≤ t ≤ 9: the images of N's body, whatever f does to
    /// lengths (only values of f are used). Outside lies 2e-19. A spline's narrow bin acts as a jump of the density: it costs at most
    /// the rule's largest weight, 0.18·h·N(0) = 4e-4 of that panel's relative jump; measured over random splines, 2e-6. Tolerance 1e-5.
    /// </summary>
    private static string? OnTheLine(ValueTrial trial)
    {
        const int panels = 3600, nodes = 8;
        GaussLegendre rule = GaussLegendre.Rule(nodes);
        double[] ends = trial.Values.Forward([.. Enumerable.Range(0, panels + 1).Select(k => -9 + (18.0 * k / panels))]).Values;
        double[] y = new double[panels * nodes], weights = new double[panels * nodes];
        for (int k = 0; k < panels; k++)
        {
            double middle = 0.5 * (ends[k] + ends[k + 1]), half = 0.5 * (ends[k + 1] - ends[k]);
            for (int i = 0; i < nodes; i++)
            {
                y[(k * nodes) + i] = middle + (half * rule.Nodes[i]);
                weights[(k * nodes) + i] = Math.Abs(half) * rule.Weights[i];
            }
        }

        double[] density = Density(trial.Values, y);
        double sum = 0;
        for (int i = 0; i < density.Length; i++) sum += density[i] * weights[i];
        return Math.Abs(sum - 1) <= Math.Max(1e-5, trial.Digits(1e-12)) ? null : $"the density integrates to {sum:R}";
    }

    /// <summary>
    /// The trapezoidal rule in u with y_i = m_i + r_i·sinh(u_i)/sinh(3): exponentially accurate for smooth densities that vanish at the
    /// boundary, finer at the centre. The box holds the image of the ball of radius 6.5 (outside lies 7e-10). The rule with every second
    /// node must agree within 1e-2: a spline's narrow bin acts as a jump of the density, where halving the step at least halves the error
    /// in the mean; measured over random splines, the fine rule is then within 1e-3. Tolerance 3e-3.
    /// </summary>
    private static string? InThePlane(ValueTrial trial)
    {
        const int n = 320; // a multiple of 2
        const double bend = 3, radius = 6.5;
        (double[] low, double[] high) = Image(trial.Values, radius);
        double sinh = Functions.Sinh(new Real(bend)).Value, h = 2 * bend / n;
        double[][] nodes = new double[2][], weights = new double[2][];
        for (int axis = 0; axis < 2; axis++)
        {
            double middle = 0.5 * (low[axis] + high[axis]), reach = 0.55 * (high[axis] - low[axis]) / sinh;
            nodes[axis] = new double[n];
            weights[axis] = new double[n];
            for (int i = 0; i < n; i++)
            {
                Real u = new(-bend + (h * i));
                nodes[axis][i] = middle + (reach * Functions.Sinh(u).Value);
                weights[axis][i] = h * reach * Functions.Cosh(u).Value;
            }
        }

        double[] points = new double[2 * n * n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) (points[2 * ((i * n) + j)], points[(2 * ((i * n) + j)) + 1]) = (nodes[0][i], nodes[1][j]);
        double[] density = Density(trial.Values, points);
        double fine = 0, coarse = 0;
        for (int i = 0; i < n; i++)
        {
            double row = 0, coarseRow = 0;
            for (int j = 0; j < n; j++)
            {
                double term = density[(i * n) + j] * weights[1][j];
                row += term;
                if (j % 2 == 0) coarseRow += 2 * term;
            }

            fine += row * weights[0][i];
            if (i % 2 == 0) coarse += 2 * coarseRow * weights[0][i];
        }

        if (double.IsNaN(fine)) return "the density is not a number somewhere";
        if (!(Math.Abs(fine - coarse) <= 1e-2)) return trial.CannotDecide($"the density is not resolved: {fine:R} on a grid of {n}², {coarse:R} on a quarter of it");
        return Math.Abs(fine - 1) <= 3e-3 ? null : $"the density integrates to {fine:R}";
    }

    /// <summary>A box around the image of a ball: from 512 points of its boundary (a homeomorphism maps boundary to boundary).</summary>
    private static (double[] Low, double[] High) Image(IForeignFlow flow, double radius)
    {
        const int count = 512;
        double[] circle = new double[2 * count];
        for (int k = 0; k < count; k++)
        {
            Real angle = new(2 * Math.PI * k / count);
            (circle[2 * k], circle[(2 * k) + 1]) = (radius * Real.Cos(angle).Value, radius * Real.Sin(angle).Value);
        }

        double[] image = flow.Forward(circle).Values, low = [double.PositiveInfinity, double.PositiveInfinity], high = [double.NegativeInfinity, double.NegativeInfinity];
        for (int k = 0; k < image.Length; k++) (low[k % 2], high[k % 2]) = (Math.Min(low[k % 2], image[k]), Math.Max(high[k % 2], image[k]));
        return (low, high);
    }

    /// <summary>N(f⁻¹(y); 0, I)·|det Df⁻¹(y)|.</summary>
    private static double[] Density(IForeignFlow flow, double[] y)
    {
        FlowBatch back = flow.Inverse(y);
        int d = flow.Dimension;
        double[] density = new double[back.Count];
        for (int n = 0; n < density.Length; n++)
        {
            double log = back.LogDets[n];
            foreach (double v in back.Values.AsSpan(n * d, d)) log -= 0.5 * ((v * v) + Functions.LogTwoPi);
            density[n] = Real.Exp(new Real(log)).Value;
        }

        return density;
    }
}
