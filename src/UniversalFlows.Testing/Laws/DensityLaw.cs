using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.Laws;

/// <summary>The push-forward of N(0, I) is a probability density.</summary>
internal static class DensityLaw
{
    private const double LogTwoPi = 1.8378770664093454836;

    /// <summary>∫ N(f⁻¹(y); 0, I)·|det Df⁻¹(y)| dy = 1 for d ≤ 2.</summary>
    public static string? IntegratesToOne(Trial trial) => trial.Dimension == 1 ? OnTheLine(trial.Flow) : InThePlane(trial.Flow);

    /// <summary>
    /// Gauss–Legendre with 8 nodes on 3600 panels [f(t), f(t + h)], h = 0.005, −9 ≤ t ≤ 9: the images of N's body, whatever f does to
    /// lengths (only values of f are used). Outside lies 2e-19. A spline's narrow bin acts as a jump of the density: it costs at most
    /// the rule's largest weight, 0.18·h·N(0) = 4e-4 of that panel's relative jump; measured over random splines, 2e-6. Tolerance 1e-5.
    /// </summary>
    private static string? OnTheLine(IBijection flow)
    {
        const int panels = 3600, nodes = 8;
        GaussLegendre rule = GaussLegendre.Rule(nodes);
        double sum = 0, left = Value(-9);
        for (int k = 1; k <= panels; k++)
        {
            double right = Value(-9 + (18.0 * k / panels)), middle = 0.5 * (left + right), half = 0.5 * (right - left);
            Lanes y = default, weight = default;
            for (int i = 0; i < nodes; i++)
            {
                y = y.With(i, middle + (half * rule.Nodes[i]));
                weight = weight.With(i, Math.Abs(half) * rule.Weights[i]);
            }

            Lanes density = Density(flow, [y]) * weight;
            for (int i = 0; i < nodes; i++) sum += density[i];
            left = right;
        }

        return Math.Abs(sum - 1) <= 1e-5 ? null : $"the density integrates to {sum:R}";

        double Value(double t) => Calculus.Forward(flow, [t], out _)[0];
    }

    /// <summary>
    /// The trapezoidal rule in u with y_i = m_i + r_i·sinh(u_i)/sinh(3): exponentially accurate for smooth densities that vanish at the
    /// boundary, finer at the centre. The box holds the image of the ball of radius 6.5 (outside lies 7e-10). The rule with every second
    /// node must agree within 1e-2: a spline's narrow bin acts as a jump of the density, where halving the step at least halves the error
    /// in the mean; measured over random splines, the fine rule is then within 1e-3. Tolerance 3e-3.
    /// </summary>
    private static string? InThePlane(IBijection flow)
    {
        const int n = 320; // a multiple of 2·8
        const double bend = 3, radius = 6.5;
        (double[] low, double[] high) = Image(flow, radius);
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

        double fine = 0, coarse = 0;
        Lanes[] y = new Lanes[2];
        for (int i = 0; i < n; i++)
        {
            double row = 0, coarseRow = 0;
            for (int j = 0; j < n; j += Lanes.Width)
            {
                y[0] = Lanes.Constant(nodes[0][i]);
                y[1] = Lanes.Load(nodes[1].AsSpan(j));
                Lanes density = Density(flow, y) * Lanes.Load(weights[1].AsSpan(j));
                for (int lane = 0; lane < Lanes.Width; lane++)
                {
                    row += density[lane];
                    if (lane % 2 == 0) coarseRow += 2 * density[lane];
                }
            }

            fine += row * weights[0][i];
            if (i % 2 == 0) coarse += 2 * coarseRow * weights[0][i];
        }

        if (!(Math.Abs(fine - coarse) <= 1e-2)) return $"the density is not resolved: {fine:R} on a grid of {n}², {coarse:R} on a quarter of it";
        return Math.Abs(fine - 1) <= 3e-3 ? null : $"the density integrates to {fine:R}";
    }

    /// <summary>A box around the image of a ball: from 512 points of its boundary (a homeomorphism maps boundary to boundary).</summary>
    private static (double[] Low, double[] High) Image(IBijection flow, double radius)
    {
        double[] low = [double.PositiveInfinity, double.PositiveInfinity], high = [double.NegativeInfinity, double.NegativeInfinity];
        for (int k = 0; k < 512; k++)
        {
            Real angle = new(2 * Math.PI * k / 512);
            double[] y = Calculus.Forward(flow, [radius * Real.Cos(angle).Value, radius * Real.Sin(angle).Value], out _);
            for (int i = 0; i < 2; i++) (low[i], high[i]) = (Math.Min(low[i], y[i]), Math.Max(high[i], y[i]));
        }

        return (low, high);
    }

    private static Lanes Density(IBijection flow, Lanes[] y)
    {
        Lanes[] x = [.. y];
        InverseStatus status = default;
        Lanes log = flow.Inverse<Lanes>(x, ref status);
        foreach (Lanes v in x) log -= 0.5 * ((v * v) + LogTwoPi);
        return Lanes.Exp(log);
    }
}
