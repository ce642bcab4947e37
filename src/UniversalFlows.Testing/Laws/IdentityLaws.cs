using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.Laws;

/// <summary>Where a flow promises exact numbers, and where it promises to be the identity.</summary>
internal static class IdentityLaws
{
    /// <summary>Where an <see cref="ExactPromise"/> holds: the promised values to the bit, a log-det equal to the promised one, both back by the inverse.</summary>
    public static string? IsExact(Trial trial)
    {
        ExactPromise promise = trial.Case.Exact(trial.Flow)!;
        double[] x = trial.Point();
        if (promise.Move is { } move) x = move(x, trial.Random);
        double[] y = Calculus.Forward(trial.Flow, x, out double logDet), back = Calculus.Inverse(trial.Flow, y, out double inverseLogDet, out _);
        if (logDet != promise.LogDet || inverseLogDet != -promise.LogDet) return $"{promise.Why}: at x = {Calculus.Show(x)} the log-det is {logDet:R}, of the inverse {inverseLogDet:R}";
        if (promise.Value is not { } value) return null;
        double[] expected = value(x);
        for (int i = 0; i < x.Length; i++)
        {
            if (!Calculus.SameBits(y[i], expected[i])) return $"{promise.Why}: x = {Calculus.Show(x)} goes to {Calculus.Show(y)}";
            if (!Calculus.SameBits(back[i], x[i])) return $"{promise.Why}: y = {Calculus.Show(y)} comes back as {Calculus.Show(back)}";
        }

        return null;
    }

    /// <summary>
    /// With the transformer's own identity parameters in place of the conditioner's, f(x) = x and log-det = 0 within 1e-12·(1 + |x|): what
    /// training starts from. (A positive map that never is 1 has no identity.)
    /// </summary>
    public static string? StartsThere(Trial trial)
    {
        Coupling coupling = trial.Case.Coupling(trial.Flow)!;
        int raw = coupling.Transformer.RawCount;
        Dense parameters = new(0, coupling.Active.Count * raw);
        try
        {
            for (int j = 0; j < coupling.Active.Count; j++) coupling.Transformer.IdentityRaw(parameters.Bias.Slice(j * raw, raw));
        }
        catch (ArgumentOutOfRangeException)
        {
            return null;
        }

        Coupling identity = new(coupling.Dimension, [.. coupling.Passive], [.. coupling.Active], coupling.Transformer, new ConstantConditioner(coupling.Passive.Count, parameters));
        double[] x = trial.Point(), y = Calculus.Forward(identity, x, out double logDet);
        double tolerance = 1e-12 * (1 + Calculus.Largest(x));
        return Calculus.Distance(x, y) <= tolerance && Math.Abs(logDet) <= tolerance ? null : $"x = {Calculus.Show(x)} goes to {Calculus.Show(y)} with log-det {logDet:R}";
    }
}
