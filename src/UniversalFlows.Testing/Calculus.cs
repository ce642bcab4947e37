using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing;

/// <summary>Values, Jacobians and norms of a bijection at one point of R^d.</summary>
internal static class Calculus
{
    /// <summary>f(x) and log|det Df(x)|.</summary>
    public static double[] Forward(IBijection flow, double[] x, out double logDet)
    {
        Real[] v = Array.ConvertAll(x, c => new Real(c));
        logDet = flow.Forward<Real>(v).Value;
        return Array.ConvertAll(v, c => c.Value);
    }

    /// <summary>f⁻¹(y) and log|det Df⁻¹(y)|.</summary>
    public static double[] Inverse(IBijection flow, double[] y, out double logDet, out InverseStatus status)
    {
        Real[] v = Array.ConvertAll(y, c => new Real(c));
        status = default;
        logDet = flow.Inverse<Real>(v, ref status).Value;
        return Array.ConvertAll(v, c => c.Value);
    }

    /// <summary>J[i, j] = ∂f_i/∂x_j by forward mode: eight directions a pass.</summary>
    public static double[] Jacobian(IBijection flow, double[] x)
    {
        int d = x.Length;
        double[] jacobian = new double[d * d];
        Dual<Lanes>[] v = new Dual<Lanes>[d];
        for (int first = 0; first < d; first += Lanes.Width)
        {
            int count = Math.Min(Lanes.Width, d - first);
            for (int j = 0; j < d; j++)
            {
                Lanes tangent = Lanes.Constant(0);
                if (j >= first && j < first + count) tangent = tangent.With(j - first, 1);
                v[j] = new(Lanes.Constant(x[j]), tangent);
            }

            _ = flow.Forward<Dual<Lanes>>(v);
            for (int i = 0; i < d; i++)
                for (int j = 0; j < count; j++) jacobian[(i * d) + first + j] = v[i].Tangent[j];
        }

        return jacobian;
    }

    /// <summary>J at each point: what the flow offers itself, central differences of step eps^⅓ otherwise.</summary>
    public static double[] Jacobians(IForeignFlow flow, double[] points) => flow.Jacobians(points) ?? DifferenceJacobians(flow, points, Step(flow.Epsilon));

    /// <summary>eps^⅓, where the errors h² of the formula and eps/h of rounding meet: 6e-6 for doubles, 4.9e-3 for singles.</summary>
    public static double Step(double epsilon) => Real.Exp(Real.Log(new Real(epsilon)) / 3).Value;

    /// <summary>J at each point by central differences of step h·max(1, |x_j|); one batch for all of them.</summary>
    public static double[] DifferenceJacobians(IForeignFlow flow, double[] points, double h)
    {
        int d = flow.Dimension, count = points.Length / d;
        double[] moved = new double[points.Length * 2 * d], widths = new double[points.Length];
        for (int n = 0; n < count; n++)
        {
            for (int j = 0; j < d; j++)
            {
                Span<double> right = moved.AsSpan(2 * ((n * d) + j) * d, d), left = moved.AsSpan((2 * ((n * d) + j) * d) + d, d);
                points.AsSpan(n * d, d).CopyTo(right);
                points.AsSpan(n * d, d).CopyTo(left);
                double step = h * Math.Max(1, Math.Abs(right[j]));
                right[j] += step;
                left[j] -= step;
                widths[(n * d) + j] = right[j] - left[j]; // exact: the step that was really taken
            }
        }

        double[] values = flow.Forward(moved).Values, jacobians = new double[points.Length * d];
        for (int n = 0; n < count; n++)
        {
            for (int j = 0; j < d; j++)
            {
                int right = 2 * ((n * d) + j) * d, left = right + d;
                for (int i = 0; i < d; i++) jacobians[(n * d * d) + (i * d) + j] = (values[right + i] - values[left + i]) / widths[(n * d) + j];
            }
        }

        return jacobians;
    }

    /// <summary>‖J‖ and ‖J⁻¹‖; (NaN, NaN) if J is singular or not finite: a tolerance made of them fails.</summary>
    public static (double Norm, double InverseNorm) Norms(double[] jacobian, int d)
    {
        double[] inverse = new double[d * d];
        if (!SmallMatrix.Invert(jacobian, d, inverse)) return (double.NaN, double.NaN);
        return (SmallMatrix.OperatorNorm(jacobian, d), SmallMatrix.OperatorNorm(inverse, d));
    }

    /// <summary>max_i |v_i|; NaN if an entry is.</summary>
    public static double Largest(double[] v)
    {
        double largest = 0;
        foreach (double c in v) largest = Math.Max(largest, Math.Abs(c)); // Math.Max hands NaN on
        return largest;
    }

    /// <summary>max_i |a_i − b_i|; NaN if an entry is.</summary>
    public static double Distance(double[] a, double[] b)
    {
        double largest = 0;
        for (int i = 0; i < a.Length; i++) largest = Math.Max(largest, Math.Abs(a[i] - b[i]));
        return largest;
    }

    /// <summary>The same 64 bits; any NaN equals any NaN (its payload is no result).</summary>
    public static bool SameBits(double a, double b) =>
        BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b) || (double.IsNaN(a) && double.IsNaN(b));

    /// <summary>A point as it appears in a message.</summary>
    public static string Show(double[] x) => $"({string.Join(", ", x.Select(v => v.ToString("R", System.Globalization.CultureInfo.InvariantCulture)))})";
}
