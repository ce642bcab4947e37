using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;

namespace UniversalFlows.Testing.Laws;

/// <summary>Far away, and where there is no number.</summary>
internal static class RobustnessLaws
{
    /// <summary>Value, log-det and inverse are finite at coordinates drawn from 0, ±1e3 and ±1e6, a pattern a trial.</summary>
    public static string? IsFiniteFarAway(Trial trial)
    {
        double[] sizes = [-1e6, -1e3, 0, 1e3, 1e6];
        double[] x = new double[trial.Dimension];
        foreach (ref double v in x.AsSpan()) v = sizes[trial.Random.NextInt(sizes.Length)];
        double[] y = Calculus.Forward(trial.Flow, x, out double logDet);
        if (!double.IsFinite(logDet) || !y.All(double.IsFinite)) return $"x = {Calculus.Show(x)}, f(x) = {Calculus.Show(y)}, log-det {logDet:R}";
        double[] back = Calculus.Inverse(trial.Flow, x, out double inverseLogDet, out InverseStatus status);
        return double.IsFinite(inverseLogDet) && back.All(double.IsFinite) && status <= InverseStatus.Stalled
            ? null
            : $"y = {Calculus.Show(x)}, f⁻¹(y) = {Calculus.Show(back)}, log-det {inverseLogDet:R}, status {status}";
    }

    /// <summary>
    /// A coordinate that is not a number makes an output that is not a number, in both directions. If it is passive in a coupling
    /// whose conditioner is not constant, every active output is NaN: no clip, table or ReLU turns it into a number. (Identity tails
    /// of a spline are exempt: what lies there does not depend on parameters.)
    /// </summary>
    public static string? HandsNaNOn(Trial trial)
    {
        double[] x = trial.Point();
        int place = trial.Random.NextInt(trial.Dimension);
        x[place] = double.NaN;
        double[] y = Calculus.Forward(trial.Flow, x, out _), back = Calculus.Inverse(trial.Flow, x, out _, out _);
        if (!y.Any(double.IsNaN)) return $"f({Calculus.Show(x)}) = {Calculus.Show(y)}";
        if (!back.Any(double.IsNaN)) return $"f⁻¹({Calculus.Show(x)}) = {Calculus.Show(back)}";
        if (trial.Flow is not Coupling { Conditioner: not ConstantConditioner, Transformer: not RationalQuadraticTransformer { FreeTails: false } } coupling) return null;
        if (!coupling.Passive.Contains(place)) return null;
        return coupling.Active.All(i => double.IsNaN(y[i]) && double.IsNaN(back[i]))
            ? null
            : $"the passive coordinate {place} of {Calculus.Show(x)} is NaN, f(x) = {Calculus.Show(y)}, f⁻¹(x) = {Calculus.Show(back)}";
    }
}
