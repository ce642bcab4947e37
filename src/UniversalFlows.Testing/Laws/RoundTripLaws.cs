using UniversalFlows.Numerics;

namespace UniversalFlows.Testing.Laws;

/// <summary>Both round trips, and the status of the inverse.</summary>
internal static class RoundTripLaws
{
    // A backward-stable evaluation errs by a few eps·(|y| + ‖J‖|x|) in y. 1e-12 leaves 4500 eps for the depth of a composition and
    // for intermediate values larger than both ends.
    private const double Tolerance = 1e-12;

    /// <summary>|f⁻¹(f(x)) − x| ≤ 1e-12·(1 + |x| + ‖J⁻¹‖(1 + |y| + ‖J‖|x|)): an error in y comes back multiplied by ‖J⁻¹‖.</summary>
    public static string? ForwardThenInverse(Trial trial)
    {
        double[] x = trial.Point(), y = Calculus.Forward(trial.Flow, x, out _);
        double[] back = Calculus.Inverse(trial.Flow, y, out _, out InverseStatus status);
        if (status != InverseStatus.Converged) return $"the inverse of f({Calculus.Show(x)}) says {status}";
        (double _, double tolerance) = Scales(trial, x, y);
        double error = Calculus.Distance(back, x);
        return error <= tolerance ? null : $"x = {Calculus.Show(x)}, f⁻¹(f(x)) − x = {error:g3}, tolerance {tolerance:g3}";
    }

    /// <summary>|f(f⁻¹(y)) − y| ≤ 1e-12·(1 + |y| + ‖J‖|x|), y in the image of the domain.</summary>
    public static string? InverseThenForward(Trial trial)
    {
        double[] y = Calculus.Forward(trial.Flow, trial.Point(), out _);
        double[] x = Calculus.Inverse(trial.Flow, y, out _, out InverseStatus status);
        if (status != InverseStatus.Converged) return $"the inverse of {Calculus.Show(y)} says {status}";
        double[] again = Calculus.Forward(trial.Flow, x, out _);
        (double tolerance, double _) = Scales(trial, x, y);
        double error = Calculus.Distance(again, y);
        return error <= tolerance ? null : $"y = {Calculus.Show(y)}, f(f⁻¹(y)) − y = {error:g3}, tolerance {tolerance:g3}";
    }

    /// <summary>The tolerances in y and in x.</summary>
    public static (double InY, double InX) Scales(Trial trial, double[] x, double[] y)
    {
        (double norm, double inverseNorm) = Calculus.Norms(Calculus.Jacobian(trial.Flow, x), trial.Dimension);
        double scale = 1 + Calculus.Largest(y) + (norm * Calculus.Largest(x));
        return (Tolerance * scale, Tolerance * (1 + Calculus.Largest(x) + (inverseNorm * scale)));
    }
}
