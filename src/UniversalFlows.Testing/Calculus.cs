using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

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

    /// <summary>J by central differences of step h·max(1, |x_j|).</summary>
    public static double[] DifferenceJacobian(IBijection flow, double[] x, double h)
    {
        int d = x.Length;
        double[] jacobian = new double[d * d];
        for (int j = 0; j < d; j++)
        {
            double[] right = [.. x], left = [.. x];
            double step = h * Math.Max(1, Math.Abs(x[j]));
            right[j] += step;
            left[j] -= step;
            double width = right[j] - left[j]; // exact: the step that was really taken
            double[] fr = Forward(flow, right, out _), fl = Forward(flow, left, out _);
            for (int i = 0; i < d; i++) jacobian[(i * d) + j] = (fr[i] - fl[i]) / width;
        }

        return jacobian;
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
