namespace UniversalFlows.Scalars;

/// <summary>
/// The parameters of one affine map R^K → R^N, x ↦ W x + b: N·K weights row by row, then N biases, at <see cref="Offset"/> of a
/// store that a <see cref="ParameterVector"/> may share among many layers.
/// </summary>
/// <remarks>Reading is thread safe; writing parameters while others read is not.</remarks>
public sealed class Dense
{
    private double[] _store;

    /// <summary>A layer with all parameters zero.</summary>
    /// <param name="inputs">K ≥ 0.</param>
    /// <param name="outputs">N ≥ 1.</param>
    public Dense(int inputs, int outputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        Inputs = inputs;
        Outputs = outputs;
        _store = new double[checked(outputs * (inputs + 1))];
    }

    /// <summary>K, the number of features.</summary>
    public int Inputs { get; }

    /// <summary>N, the number of outputs.</summary>
    public int Outputs { get; }

    /// <summary>N·(K + 1).</summary>
    public int Count => Outputs * (Inputs + 1);

    /// <summary>Where this layer's parameters begin in the shared store, which is also where its gradient begins.</summary>
    public int Offset { get; private set; }

    /// <summary>The position of this layer in its <see cref="ParameterVector"/>; 0 before it has one.</summary>
    public int Index { get; private set; }

    /// <summary>W row by row: W[n, k] at n·K + k.</summary>
    public Span<double> Weights => _store.AsSpan(Offset, Outputs * Inputs);

    /// <summary>b.</summary>
    public Span<double> Bias => _store.AsSpan(Offset + (Outputs * Inputs), Outputs);

    /// <summary>All parameters: weights, then biases.</summary>
    public Span<double> All => _store.AsSpan(Offset, Count);

    /// <summary>Constants of the architecture (a fixed linear map): no gradient is collected for them.</summary>
    public bool Frozen { get; init; }

    /// <summary>
    /// A direction in parameter space (laid out as <see cref="All"/>) along which <see cref="Dual{T}"/> differentiates;
    /// null: the parameters are constants.
    /// </summary>
    public Dense? Direction { get; set; }

    internal void MoveTo(double[] store, int offset, int index)
    {
        All.CopyTo(store.AsSpan(offset, Count));
        _store = store;
        Offset = offset;
        Index = index;
    }
}
