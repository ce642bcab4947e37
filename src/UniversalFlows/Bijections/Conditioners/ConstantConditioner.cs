using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Conditioners;

/// <summary>c(x) = b: the same raw parameters everywhere.</summary>
public sealed class ConstantConditioner(int inputs, Dense values) : IConditioner
{
    /// <summary>A conditioner with the given raw parameters.</summary>
    public ConstantConditioner(int inputs, ReadOnlySpan<double> values)
        : this(inputs, new Dense(0, values.Length)) => values.CopyTo(Values.Bias);

    /// <summary>b, as an affine layer without features.</summary>
    public Dense Values { get; } = values;

    /// <inheritdoc/>
    public int Inputs { get; } = inputs;

    /// <inheritdoc/>
    public int Outputs => Values.Outputs;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => [Values];

    /// <inheritdoc/>
    public void Evaluate<T>(ReadOnlySpan<T> x, Span<T> raw) where T : unmanaged, IScalar<T> => T.Affine(Values, [], raw);
}
