using UniversalFlows.Numerics;

namespace UniversalFlows.Testing.Laws;

/// <summary>det Df has one sign.</summary>
internal static class OrientationLaw
{
    /// <summary>
    /// A bijection with a continuous, non-vanishing Jacobian on a connected set keeps the sign of det Df: at random points of the domain it
    /// is the same. (Points where det Df is 0 or not a number break the law, too.)
    /// </summary>
    public static string? IsKept(ValueTrial trial)
    {
        int d = trial.Dimension, count = 4 * trial.Count;
        double[] points = trial.Points(count, trial.Reach), jacobians = Calculus.Jacobians(trial.Values, points);
        int first = 0;
        for (int n = 0; n < count; n++)
        {
            double log = SmallMatrix.LogAbsDeterminant(jacobians.AsSpan(n * d * d, d * d), d, out int sign);
            if (n == 0) first = sign;
            if (sign == 0 || !double.IsFinite(log)) return $"x = {Calculus.Show(trial.Row(points, n))}: the Jacobian is singular or not finite";
            if (sign != first) return $"det Df is {Word(first)} at {Calculus.Show(trial.Row(points, 0))} and {Word(sign)} at {Calculus.Show(trial.Row(points, n))}";
        }

        return null;

        static string Word(int sign) => sign > 0 ? "positive" : "negative";
    }
}
