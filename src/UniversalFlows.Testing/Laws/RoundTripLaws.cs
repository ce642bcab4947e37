using UniversalFlows.Numerics;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing.Laws;

/// <summary>Both round trips, and the status of the inverse.</summary>
internal static class RoundTripLaws
{
    // A backward-stable evaluation errs by a few eps·(|y| + ‖J‖|x|) in y. 1e-12 leaves 4500 eps for the depth of a composition and
    // for intermediate values larger than both ends.
    private const double Tolerance = 1e-12;

    /// <summary>|f⁻¹(f(x)) − x| ≤ 1e-12·(1 + |x| + ‖J⁻¹‖(1 + |y| + ‖J‖|x|)): an error in y comes back multiplied by ‖J⁻¹‖.</summary>
    public static string? ForwardThenInverse(ValueTrial trial)
    {
        double[] points = trial.Points();
        FlowBatch image = trial.Values.Forward(points), back = trial.Values.Inverse(image.Values);
        if (back.Status != InverseStatus.Converged) return $"the inverse of the images of {Calculus.Show(trial.Row(points, 0))}, … says {back.Status}";
        double[] jacobians = Calculus.Jacobians(trial.Values, points);
        for (int n = 0; n < image.Count; n++)
        {
            double[] x = trial.Row(points, n);
            (double _, double tolerance) = Scales(trial, x, image.Row(n), jacobians, n);
            double error = Calculus.Distance(back.Row(n), x);
            if (!(error <= tolerance)) return $"x = {Calculus.Show(x)}, |f⁻¹(f(x)) − x| = {error:g3}, tolerance {tolerance:g3}";
        }

        return null;
    }

    /// <summary>|f(f⁻¹(y)) − y| ≤ 1e-12·(1 + |y| + ‖J‖|x|), y in the image of the domain.</summary>
    public static string? InverseThenForward(ValueTrial trial)
    {
        double[] targets = trial.Values.Forward(trial.Points()).Values;
        FlowBatch back = trial.Values.Inverse(targets);
        if (back.Status != InverseStatus.Converged) return $"the inverse of {Calculus.Show(trial.Row(targets, 0))}, … says {back.Status}";
        FlowBatch again = trial.Values.Forward(back.Values);
        double[] jacobians = Calculus.Jacobians(trial.Values, back.Values);
        for (int n = 0; n < back.Count; n++)
        {
            double[] y = trial.Row(targets, n);
            (double tolerance, double _) = Scales(trial, back.Row(n), y, jacobians, n);
            double error = Calculus.Distance(again.Row(n), y);
            if (!(error <= tolerance)) return $"y = {Calculus.Show(y)}, |f(f⁻¹(y)) − y| = {error:g3}, tolerance {tolerance:g3}";
        }

        return null;
    }

    /// <summary>The tolerances in y and in x at point n; NaN, which no error is within, where J is singular or not finite.</summary>
    public static (double InY, double InX) Scales(ValueTrial trial, double[] x, double[] y, double[] jacobians, int n)
    {
        int d = trial.Dimension;
        (double norm, double inverseNorm) = Calculus.Norms(jacobians[(n * d * d)..((n + 1) * d * d)], d);
        double scale = 1 + Calculus.Largest(y) + (norm * Calculus.Largest(x)), tolerance = trial.Digits(Tolerance);
        return (tolerance * scale, tolerance * (1 + Calculus.Largest(x) + (inverseNorm * scale)));
    }
}
