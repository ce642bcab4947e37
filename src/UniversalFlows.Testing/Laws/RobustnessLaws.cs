using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing.Laws;

/// <summary>Far away, and where there is no number.</summary>
internal static class RobustnessLaws
{
    /// <summary>Value, log-det and inverse are finite at coordinates drawn from 0, ±1e3 and ±1e6.</summary>
    public static string? IsFiniteFarAway(ValueTrial trial)
    {
        double[] x = Drawn(trial, [-1e6, -1e3, 0, 1e3, 1e6]);
        FlowBatch image = trial.Values.Forward(x);
        for (int n = 0; n < image.Count; n++)
            if (!IsFinite(image, n)) return $"x = {Calculus.Show(trial.Row(x, n))}, f(x) = {Calculus.Show(image.Row(n))}, log-det {image.LogDets[n]:R}";
        if (!trial.Values.HasInverse) return null;
        FlowBatch back = trial.Values.Inverse(x);
        for (int n = 0; n < back.Count; n++)
        {
            if (!(IsFinite(back, n) && back.Status <= InverseStatus.Stalled))
                return $"y = {Calculus.Show(trial.Row(x, n))}, f⁻¹(y) = {Calculus.Show(back.Row(n))}, log-det {back.LogDets[n]:R}, status {back.Status}";
        }

        return null;
    }

    /// <summary>
    /// An inverse at coordinates of 0, ±1e3, ±1e6, ±1e100 and ±1e300 that says Converged has finite numbers; where a number is not finite it says so:
    /// overflow has a type and is never silent.
    /// </summary>
    public static string? OverflowIsTyped(Trial trial)
    {
        double[] sizes = [0, 1e3, -1e3, 1e6, -1e6, 1e100, -1e100, 1e300, -1e300], y = new double[trial.Dimension];
        foreach (ref double v in y.AsSpan()) v = sizes[trial.Random.NextInt(sizes.Length)];
        double[] x = Calculus.Inverse(trial.Flow, y, out double logDet, out InverseStatus status);
        bool finite = double.IsFinite(logDet) && x.All(double.IsFinite);
        return finite || status > InverseStatus.Stalled ? null : $"y = {Calculus.Show(y)}, f⁻¹(y) = {Calculus.Show(x)}, log-det {logDet:R}, but the status is {status}";
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

    /// <summary>For a flow of numbers alone: a row with a NaN gives a row with a NaN, and the rows beside it keep their numbers.</summary>
    public static string? NaNStaysInItsRow(ValueTrial trial)
    {
        int d = trial.Dimension, count = trial.Count + 1, row = trial.Random.NextInt(count);
        double[] x = trial.Points(count, trial.Reach), hurt = [.. x];
        hurt[(row * d) + trial.Random.NextInt(d)] = double.NaN;
        foreach ((string direction, Func<double[], FlowBatch> f, double[] _) in BatchLaws.Directions(trial, x))
        {
            FlowBatch good = f(x), bad = f(hurt);
            if (!bad.Row(row).Any(double.IsNaN)) return $"{direction}: {Calculus.Show(trial.Row(hurt, row))} goes to {Calculus.Show(bad.Row(row))}";
            good.Row(row).CopyTo(bad.Values, row * d);
            bad.LogDets[row] = good.LogDets[row];
            if (BatchLaws.Differ(trial, x, good, bad, trial.Values.PromisesBits) is { } wrong) return $"{direction}, with a NaN in row {row}: {wrong}";
        }

        return null;
    }

    /// <summary>At random points and corners of [−reach, reach]^d values and log-dets are finite, and so are those of the inverse at the images.</summary>
    public static string? IsFiniteInItsDomain(ValueTrial trial)
    {
        double[] x = trial.Points(2 * trial.Count, trial.Reach);
        for (int k = 0; k < x.Length / 2; k++) x[k] = trial.Random.NextInt(2) == 0 ? -trial.Reach : trial.Reach;
        foreach ((string direction, Func<double[], FlowBatch> f, double[] points) in BatchLaws.Directions(trial, x))
        {
            FlowBatch batch = f(points);
            for (int n = 0; n < batch.Count; n++)
                if (!IsFinite(batch, n)) return $"{direction}: {Calculus.Show(trial.Row(points, n))} goes to {Calculus.Show(batch.Row(n))} with log-det {batch.LogDets[n]:R}";
            if (batch.Status != InverseStatus.Converged) return $"{direction}: the status is {batch.Status}";
        }

        return null;
    }

    private static double[] Drawn(ValueTrial trial, double[] sizes)
    {
        double[] x = new double[trial.Count * trial.Dimension];
        foreach (ref double v in x.AsSpan()) v = sizes[trial.Random.NextInt(sizes.Length)];
        return x;
    }

    private static bool IsFinite(FlowBatch batch, int n) => double.IsFinite(batch.LogDets[n]) && batch.Row(n).All(double.IsFinite);
}
