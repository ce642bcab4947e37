using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Testing.Foreign;
using UniversalFlows.Training;

namespace UniversalFlows.Testing.Laws;

/// <summary>The number of threads decides who computes, never what.</summary>
internal static class ThreadLaw
{
    // Two chunks of an evaluation (512 points each), three of a gradient (256 samples each).
    private const int Points = 600;

    /// <summary>
    /// f, f⁻¹ and log-dets of 600 points on two and on three threads have the bits of one thread; so has the gradient of the mean
    /// negative log-likelihood, where there is a tape.
    /// </summary>
    public static string? DoesNotDependOnThreads(Trial trial)
    {
        double[] x = trial.Points(Points, trial.Reach), y = trial.Values.Forward(x).Values;
        for (int threads = 2; threads <= 3; threads++)
        {
            BijectionValues other = new(trial.Flow, trial.Case.Name, threads);
            if (BatchLaws.Differ(trial, x, trial.Values.Forward(x), other.Forward(x), bits: true) is { } wrong) return $"forward on {threads} threads: {wrong}";
            if (BatchLaws.Differ(trial, y, trial.Values.Inverse(y), other.Inverse(y), bits: true) is { } bad) return $"inverse on {threads} threads: {bad}";
        }

        Dense[] layers = [.. trial.Flow.Parameters];
        if (!trial.Case.HasTape || layers.Length == 0 || layers.Distinct(ReferenceEqualityComparer.Instance).Count() != layers.Length) return null;
        double[] one = Gradient(trial, layers, x, 1), two = Gradient(trial, layers, x, 2);
        for (int k = 0; k < one.Length; k++)
            if (!Calculus.SameBits(one[k], two[k])) return $"entry {k} of the gradient is {one[k]:R} on one thread and {two[k]:R} on two";
        return null;
    }

    private static double[] Gradient(Trial trial, Dense[] layers, double[] points, int threads)
    {
        int d = trial.Dimension;
        Batch batch = new(Points, d);
        for (int n = 0; n < Points; n++)
            for (int i = 0; i < d; i++) batch.Column(i)[n] = points[(n * d) + i];
        batch.Pad();
        ParameterVector theta = new(layers);
        double[] gradient = new double[theta.Count + 1];
        using MeanGradient mean = new(new NegativeLogLikelihood(trial.Flow), theta, threads);
        gradient[^1] = mean.Evaluate(batch, gradient.AsSpan(0, theta.Count));
        return gradient;
    }
}
