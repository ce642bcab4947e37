namespace UniversalFlows.Testing.Laws;

/// <summary>An autoregressive layer is triangular in its order.</summary>
internal static class OrderLaw
{
    /// <summary>
    /// y at place k of the order depends on the coordinates at the places up to k alone: the derivatives in all later ones are exactly 0, and
    /// changing them changes no bit, forward and inverse.
    /// </summary>
    public static string? Holds(Trial trial, IReadOnlyList<int> order)
    {
        int d = trial.Dimension;
        double[] x = trial.Point(), other = trial.Point(), y = Calculus.Forward(trial.Flow, x, out _), jacobian = Calculus.Jacobian(trial.Flow, x);
        double[] direct = Calculus.Inverse(trial.Flow, y, out _, out _), z = Calculus.Forward(trial.Flow, other, out _);
        for (int k = 0; k < d; k++)
        {
            int i = order[k];
            for (int later = k + 1; later < d; later++)
            {
                int j = order[later];
                if (jacobian[(i * d) + j] != 0) return $"x = {Calculus.Show(x)}: ∂y_{i}/∂x_{j} = {jacobian[(i * d) + j]:R}, but {j} comes after {i} in the order";
            }

            double[] moved = [.. x], image = [.. y];
            for (int later = k + 1; later < d; later++) (moved[order[later]], image[order[later]]) = (other[order[later]], z[order[later]]);
            double forward = Calculus.Forward(trial.Flow, moved, out _)[i], back = Calculus.Inverse(trial.Flow, image, out _, out _)[i];
            if (!Calculus.SameBits(forward, y[i])) return $"y_{i} is {y[i]:R} at {Calculus.Show(x)} and {forward:R} at {Calculus.Show(moved)}";
            if (!Calculus.SameBits(back, direct[i])) return $"f⁻¹(y)_{i} is {direct[i]:R} at {Calculus.Show(y)} and {back:R} at {Calculus.Show(image)}";
        }

        return null;
    }
}
