using UniversalFlows.Numerics;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing.Laws;

/// <summary>Around zero: both zeros, subnormal and tiny numbers.</summary>
internal static class ZeroLaws
{
    private static readonly double[] s_tiny = [0.0, -0.0, double.Epsilon, -double.Epsilon, 1e-310, -1e-310, 2.2250738585072014e-308, 1e-300, -1e-160, 1e-20];

    /// <summary>
    /// At coordinates drawn from ±0, subnormals and numbers below 1e-19, f and its log-det are those of the origin within
    /// 1e-12·(1 + |f(0)| + ‖J‖) resp. 1e-10·(1 + |ld|) (f is Lipschitz there, and the points are as good as the origin); +0 and −0 give equal
    /// numbers; the inverse converges and comes back within its tolerance.
    /// </summary>
    public static string? IsContinuous(ValueTrial trial)
    {
        int d = trial.Dimension, count = trial.Count + 2;
        double[] points = new double[count * d]; // the first stays at +0
        for (int k = d; k < points.Length; k++) points[k] = k < 2 * d ? -0.0 : s_tiny[trial.Random.NextInt(s_tiny.Length)];
        FlowBatch image = trial.Values.Forward(points);
        double[] origin = image.Row(0), jacobian = Calculus.Jacobians(trial.Values, new double[d]);
        double norm = SmallMatrix.OperatorNorm(jacobian, d), logDet = image.LogDets[0];
        double tolerance = trial.Digits(1e-12) * (1 + Calculus.Largest(origin) + norm), logTolerance = trial.Digits(1e-10) * (1 + Math.Abs(logDet));
        for (int n = 0; n < count; n++)
        {
            string what = $"x = {Calculus.Show(trial.Row(points, n))}: f(x) = {Calculus.Show(image.Row(n))}, log-det {image.LogDets[n]:R}; f(0) = {Calculus.Show(origin)}, log-det {logDet:R}";
            if (!(Calculus.Distance(image.Row(n), origin) <= tolerance && Math.Abs(image.LogDets[n] - logDet) <= logTolerance)) return what;
            if (n == 1 && !(Calculus.Distance(image.Row(n), origin) == 0 && image.LogDets[n] == logDet)) return $"+0 and −0 differ: {what}";
        }

        if (!trial.Values.HasInverse) return null;
        FlowBatch back = trial.Values.Inverse(image.Values);
        if (back.Status != InverseStatus.Converged) return $"the inverse of the image of a tiny point says {back.Status}";
        double reach = RoundTripLaws.Scales(trial, new double[d], origin, jacobian, 0).InX;
        for (int n = 0; n < count; n++)
        {
            if (!(Calculus.Largest(back.Row(n)) <= reach && double.IsFinite(back.LogDets[n])))
                return $"x = {Calculus.Show(trial.Row(points, n))}: f⁻¹(f(x)) = {Calculus.Show(back.Row(n))}, log-det {back.LogDets[n]:R}, tolerance {reach:g3}";
        }

        return null;
    }
}
