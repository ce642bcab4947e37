using UniversalFlows.Numerics;

namespace UniversalFlows.Testing.Laws;

/// <summary>What a coupling leaves alone, and that it increases.</summary>
internal static class StructureLaws
{
    /// <summary>y_j = x_j to the bit, in both directions, for every coordinate that is not active; J is the identity in those rows.</summary>
    public static string? PassesThrough(Trial trial)
    {
        CouplingStructure structure = trial.Case.Structure(trial.Flow)!;
        double[] x = trial.Point(), y = Calculus.Forward(trial.Flow, x, out _), back = Calculus.Inverse(trial.Flow, y, out _, out _);
        double[] jacobian = Calculus.Jacobian(trial.Flow, x);
        int d = trial.Dimension;
        for (int j = 0; j < d; j++)
        {
            if (structure.Active.Contains(j)) continue;
            if (!Calculus.SameBits(y[j], x[j])) return $"x = {Calculus.Show(x)}: coordinate {j} is not active, but f moves it to {y[j]:R}";
            if (!Calculus.SameBits(back[j], y[j])) return $"y = {Calculus.Show(y)}: coordinate {j} is not active, but f⁻¹ moves it to {back[j]:R}";
            for (int k = 0; k < d; k++)
                if (jacobian[(j * d) + k] != (j == k ? 1 : 0)) return $"x = {Calculus.Show(x)}: ∂y_{j}/∂x_{k} = {jacobian[(j * d) + k]:R}";
        }

        return null;
    }

    /// <summary>
    /// y_i depends on x_i and the passive coordinates alone: ∂y_i/∂x_j is exactly 0 for every other j, and changing such an x_j does
    /// not change a bit of y_i.
    /// </summary>
    public static string? IsTriangular(Trial trial)
    {
        if (trial.Case.Order(trial.Flow) is { } order) return OrderLaw.Holds(trial, order);
        CouplingStructure structure = trial.Case.Structure(trial.Flow)!;
        double[] x = trial.Point(), other = trial.Point(), y = Calculus.Forward(trial.Flow, x, out _), jacobian = Calculus.Jacobian(trial.Flow, x);
        int d = trial.Dimension;
        foreach (int i in structure.Active)
        {
            double[] moved = [.. x];
            for (int j = 0; j < d; j++)
            {
                if (j == i || structure.Passive.Contains(j)) continue;
                if (jacobian[(i * d) + j] != 0) return $"x = {Calculus.Show(x)}: ∂y_{i}/∂x_{j} = {jacobian[(i * d) + j]:R}, but x_{j} does not feed the conditioner";
                moved[j] = other[j];
            }

            double[] z = Calculus.Forward(trial.Flow, moved, out _), back = Calculus.Inverse(trial.Flow, z, out _, out _);
            if (!Calculus.SameBits(z[i], y[i])) return $"y_{i} is {y[i]:R} at {Calculus.Show(x)} and {z[i]:R} at {Calculus.Show(moved)}";
            double[] direct = Calculus.Inverse(trial.Flow, y, out _, out _);
            if (!Calculus.SameBits(back[i], direct[i])) return $"f⁻¹(y)_{i} is {direct[i]:R} at {Calculus.Show(y)} and {back[i]:R} at {Calculus.Show(z)}";
        }

        return null;
    }

    /// <summary>
    /// x_i ↦ y_i increases for each active i: at 64 sorted random points, a step of more than 1e-6·reach never lowers y_i and never
    /// leaves it where it is. (Below that, rounding may hide a slope of a spline's minimum.)
    /// </summary>
    public static string? IsMonotone(Trial trial)
    {
        double[] x = trial.Point();
        foreach (int i in trial.Case.Order(trial.Flow) ?? trial.Case.Structure(trial.Flow)!.Active)
        {
            double[] points = new double[64];
            foreach (ref double p in points.AsSpan()) p = 2 * trial.Case.Reach * trial.Random.NextUniform(-1, 1);
            Array.Sort(points);
            double previousPoint = double.NegativeInfinity, previous = double.NegativeInfinity;
            foreach (double p in points)
            {
                if (p - previousPoint <= 1e-6 * trial.Case.Reach) continue;
                x[i] = p;
                double value = Calculus.Forward(trial.Flow, x, out _)[i];
                if (!(value > previous)) return $"y_{i} goes from {previous:R} to {value:R} as x_{i} goes from {previousPoint:R} to {p:R}, the rest being {Calculus.Show(x)}";
                (previousPoint, previous) = (p, value);
            }
        }

        return null;
    }
}
