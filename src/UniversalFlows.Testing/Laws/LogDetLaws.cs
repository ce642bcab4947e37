using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing.Laws;

/// <summary>The log-determinant against everything that it must agree with.</summary>
internal static class LogDetLaws
{
    /// <summary>(2⁻⁵²)^⅓.</summary>
    private const double StepOfDoubles = 6.055454452393343e-6;

    /// <summary>
    /// |ld − log|det J|| ≤ 1e-10·(1 + |ld|) + 1e-13·κ(J), J by forward mode, κ = ‖J‖‖J⁻¹‖: elimination errs by d·eps·κ, and so does
    /// the logarithm of a derivative that is small by cancellation.
    /// </summary>
    public static string? IsThatOfTheJacobian(Trial trial)
    {
        double[] x = trial.Point();
        _ = Calculus.Forward(trial.Flow, x, out double logDet);
        double[] jacobian = Calculus.Jacobian(trial.Flow, x);
        double expected = SmallMatrix.LogAbsDeterminant(jacobian, trial.Dimension, out _);
        (double norm, double inverseNorm) = Calculus.Norms(jacobian, trial.Dimension);
        double tolerance = (1e-10 * (1 + Math.Abs(expected))) + (1e-13 * norm * inverseNorm);
        return Math.Abs(logDet - expected) <= tolerance && double.IsFinite(expected)
            ? null
            : $"x = {Calculus.Show(x)}, log-det {logDet:R}, of the Jacobian {expected:R}, tolerance {tolerance:g3}";
    }

    /// <summary>
    /// |ld − log|det J_h|| ≤ 10·|log|det J_h| − log|det J_{h/2}|| + 1e-7·(1 + κ(J)), J_h by central differences, h = 6e-6 = eps^⅓. The
    /// difference of the two steps is ¾ of the error h²f‴/6 where f is smooth and of the order of the error at a kink; rounding adds eps·κ/h ≈ 4e-11·κ.
    /// (In another precision 1e-7 is 2700·eps^⅔.)
    /// </summary>
    public static string? IsThatOfCentralDifferences(ValueTrial trial)
    {
        int d = trial.Dimension;
        double step = Calculus.Step(trial.Values.Epsilon), rounding = 1e-7 * (step / StepOfDoubles) * (step / StepOfDoubles);
        double[] points = trial.Points(), logDets = trial.Values.Forward(points).LogDets;
        double[] coarse = Calculus.DifferenceJacobians(trial.Values, points, step), fine = Calculus.DifferenceJacobians(trial.Values, points, step / 2);
        for (int n = 0; n < logDets.Length; n++)
        {
            double[] rough = coarse[(n * d * d)..((n + 1) * d * d)], good = fine[(n * d * d)..((n + 1) * d * d)];
            double first = SmallMatrix.LogAbsDeterminant(rough, d, out _), second = SmallMatrix.LogAbsDeterminant(good, d, out _);
            (double norm, double inverseNorm) = Calculus.Norms(good, d);
            double tolerance = (10 * Math.Abs(first - second)) + (rounding * (1 + (norm * inverseNorm)));
            if (!(Math.Abs(logDets[n] - second) <= tolerance && double.IsFinite(second)))
                return $"x = {Calculus.Show(trial.Row(points, n))}, log-det {logDets[n]:R}, of central differences {second:R}, tolerance {tolerance:g3}";
        }

        return null;
    }

    /// <summary>log|det Df⁻¹(f(x))| = −log|det Df(x)|, within 1e-10·(1 + |ld|) + 100 times the round trip's tolerance in x.</summary>
    public static string? OfTheInverseIsTheNegative(ValueTrial trial)
    {
        double[] points = trial.Points();
        FlowBatch image = trial.Values.Forward(points), back = trial.Values.Inverse(image.Values);
        double[] jacobians = Calculus.Jacobians(trial.Values, points);
        for (int n = 0; n < image.Count; n++)
        {
            double[] x = trial.Row(points, n);
            double forward = image.LogDets[n], inverse = back.LogDets[n];
            double tolerance = (trial.Digits(1e-10) * (1 + Math.Abs(forward))) + (100 * RoundTripLaws.Scales(trial, x, image.Row(n), jacobians, n).InX);
            if (!(Math.Abs(forward + inverse) <= tolerance)) return $"x = {Calculus.Show(x)}, log-det {forward:R}, of the inverse {inverse:R}, tolerance {tolerance:g3}";
        }

        return null;
    }

    /// <summary>(g ∘ f)(x) = g(f(x)) to the bit and ld_{g∘f}(x) = ld_f(x) + ld_g(f(x)) within 1e-15·(|ld_f| + |ld_g|); the inverse undoes g first.</summary>
    public static string? AddsInCompositions(Trial trial)
    {
        IBijection first = trial.Flow, second = trial.Case.Draw(trial.Seed ^ 0x5DEECE66D), both = trial.Case.Compose(first, second);
        double[] x = trial.Point(Math.Min(1, trial.Case.Reach));
        double[] middle = Calculus.Forward(first, x, out double ldFirst), y = Calculus.Forward(second, middle, out double ldSecond);
        double[] composed = Calculus.Forward(both, x, out double ld);
        if (Calculus.Distance(composed, y) is not 0) return $"x = {Calculus.Show(x)}, composed {Calculus.Show(composed)}, one after the other {Calculus.Show(y)}";
        if (!Close(ld, ldFirst, ldSecond)) return $"x = {Calculus.Show(x)}, log-det {ld:R}, the sum is {ldFirst + ldSecond:R}";

        double[] backMiddle = Calculus.Inverse(second, y, out double inverseSecond, out _), back = Calculus.Inverse(first, backMiddle, out double inverseFirst, out _);
        double[] composedBack = Calculus.Inverse(both, y, out double inverse, out _);
        if (Calculus.Distance(composedBack, back) is not 0) return $"y = {Calculus.Show(y)}, inverse {Calculus.Show(composedBack)}, one after the other {Calculus.Show(back)}";
        return Close(inverse, inverseSecond, inverseFirst) ? null : $"y = {Calculus.Show(y)}, log-det {inverse:R}, the sum is {inverseFirst + inverseSecond:R}";

        static bool Close(double sum, double a, double b) => Math.Abs(sum - (a + b)) <= 1e-15 * (Math.Abs(a) + Math.Abs(b));
    }
}
