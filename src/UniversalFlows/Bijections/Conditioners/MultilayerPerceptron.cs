using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Conditioners;

/// <summary>c(x) = W_n φ(… φ(W_1 x + b_1) …) + b_n.</summary>
public sealed class MultilayerPerceptron : IConditioner
{
    private readonly Dense[] _layers;

    /// <summary>A perceptron made of given layers.</summary>
    /// <exception cref="ArgumentException">No layer, or a layer whose inputs are not the outputs of the one before.</exception>
    public MultilayerPerceptron(Activation activation, IEnumerable<Dense> layers)
    {
        Activation = activation;
        _layers = [.. layers];
        if (_layers.Length == 0) throw new ArgumentException("a perceptron has at least one layer", nameof(layers));
        for (int i = 1; i < _layers.Length; i++)
        {
            if (_layers[i].Inputs != _layers[i - 1].Outputs)
                throw new ArgumentException($"layer {i} takes {_layers[i].Inputs} features, but the one before gives {_layers[i - 1].Outputs}", nameof(layers));
        }
    }

    /// <summary>φ.</summary>
    public Activation Activation { get; }

    /// <summary>The affine layers, first to last.</summary>
    public IReadOnlyList<Dense> Layers => _layers;

    /// <inheritdoc/>
    public int Inputs => _layers[0].Inputs;

    /// <inheritdoc/>
    public int Outputs => _layers[^1].Outputs;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => _layers;

    /// <inheritdoc/>
    public void Evaluate<T>(ReadOnlySpan<T> x, Span<T> raw) where T : unmanaged, IScalar<T>
    {
        int widest = 0;
        foreach (Dense layer in _layers) widest = Math.Max(widest, layer.Outputs);
        using Scratch<T> scratch = new(2 * widest);
        Span<T> from = scratch.Take(widest), to = scratch.Take(widest);
        ReadOnlySpan<T> h = x;
        for (int i = 0; i < _layers.Length - 1; i++)
        {
            Span<T> next = to[.._layers[i].Outputs];
            T.Affine(_layers[i], h, next);
            T.Activate(Activation, next);
            h = next;
            Span<T> swap = from;
            from = to;
            to = swap;
        }

        T.Affine(_layers[^1], h, raw);
    }
}
