using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>A loss that is a mean over samples, recorded on the tape panel by panel.</summary>
public interface IObjective
{
    /// <summary>How many numbers a sample has.</summary>
    int Columns { get; }

    /// <summary>θ's layers.</summary>
    IEnumerable<Dense> Parameters { get; }

    /// <summary>The loss of each sample.</summary>
    Node Loss(ReadOnlySpan<Node> sample);
}

/// <summary>½|g(x) − f(x)|²; a sample is (x, f(x)).</summary>
public sealed class SquaredError(IBijection flow) : IObjective, ISampleOutputs
{
    /// <summary>The residuals g(x) − f(x).</summary>
    int ISampleOutputs.Outputs => flow.Dimension;

    void ISampleOutputs.Record(ReadOnlySpan<Node> sample, Span<Node> outputs)
    {
        sample[..flow.Dimension].CopyTo(outputs);
        flow.Map(outputs);
        for (int i = 0; i < outputs.Length; i++) outputs[i] -= sample[flow.Dimension + i];
    }

    /// <inheritdoc/>
    public int Columns => 2 * flow.Dimension;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => flow.Parameters;

    /// <inheritdoc/>
    public Node Loss(ReadOnlySpan<Node> sample)
    {
        int d = flow.Dimension;
        using Scratch<Node> scratch = new(d);
        Span<Node> y = scratch.Take(d);
        sample[..d].CopyTo(y);
        flow.Map(y);
        Node loss = Node.Constant(0);
        for (int i = 0; i < d; i++)
        {
            Node r = y[i] - sample[d + i];
            loss = Node.MultiplyAdd(r, r, loss);
        }

        return Node.Constant(0.5) * loss;
    }
}

/// <summary>
/// −log p(x) of the law whose image under <paramref name="normalising"/> (data to base) is N(0, I):
/// ½|z|² + ½d log 2π − log|det Dz(x)|, z = normalising(x). A sample is x.
/// </summary>
public sealed class NegativeLogLikelihood(IBijection normalising) : IObjective, ISampleOutputs
{
    int ISampleOutputs.Outputs => 1;

    void ISampleOutputs.Record(ReadOnlySpan<Node> sample, Span<Node> outputs) => outputs[0] = Loss(sample);

    /// <inheritdoc/>
    public int Columns => normalising.Dimension;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => normalising.Parameters;

    /// <inheritdoc/>
    public Node Loss(ReadOnlySpan<Node> sample) => Of(normalising, sample);

    /// <summary>−log p(x), in any reading.</summary>
    public static T Of<T>(IBijection normalising, ReadOnlySpan<T> x) where T : unmanaged, IScalar<T>
    {
        ArgumentNullException.ThrowIfNull(normalising);
        using Scratch<T> scratch = new(x.Length);
        Span<T> z = scratch.Take(x.Length);
        x.CopyTo(z);
        T loss = (x.Length * (0.5 * Functions.LogTwoPi)) - normalising.Forward(z);
        foreach (T v in z) loss = T.MultiplyAdd(0.5 * v, v, loss);
        return loss;
    }
}
