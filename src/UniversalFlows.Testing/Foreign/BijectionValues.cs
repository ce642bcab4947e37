using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;

namespace UniversalFlows.Testing.Foreign;

/// <summary>An <see cref="IBijection"/> seen from outside: its values in the plain reading, eight points side by side.</summary>
public sealed class BijectionValues(IBijection flow, string name, int threads = 1) : IForeignFlow
{
    /// <inheritdoc/>
    public string Name { get; } = name;

    /// <summary>The bijection.</summary>
    public IBijection Flow { get; } = flow;

    /// <inheritdoc/>
    public int Dimension => Flow.Dimension;

    /// <inheritdoc/>
    public bool HasInverse => true;

    /// <inheritdoc/>
    public bool PromisesBits => true;

    /// <inheritdoc/>
    public double Epsilon => ValueTrial.DoubleEpsilon;

    /// <inheritdoc/>
    public FlowBatch Forward(double[] points)
    {
        double[] values = new double[points.Length], logDets = new double[points.Length / Dimension];
        Evaluation.Forward(Flow, points, values, logDets, threads);
        return new FlowBatch(values, logDets);
    }

    /// <inheritdoc/>
    public FlowBatch Inverse(double[] points)
    {
        double[] values = new double[points.Length], logDets = new double[points.Length / Dimension];
        InverseStatus status = Evaluation.Inverse(Flow, points, values, logDets, threads);
        return new FlowBatch(values, logDets, status);
    }

    /// <inheritdoc/>
    public double[] Jacobians(double[] points)
    {
        int d = Dimension;
        double[] all = new double[points.Length * d];
        for (int n = 0; n < points.Length / d; n++) Calculus.Jacobian(Flow, points[(n * d)..((n + 1) * d)]).CopyTo(all, n * d * d);
        return all;
    }
}
