using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Autoregressive;

/// <summary>
/// A masked perceptron (MADE: Germain, Gregor, Murray and Larochelle 2015): from u_1, …, u_d to d blocks of raw numbers, block k (0 ≤ k &lt; d) a
/// function of u_1, …, u_k alone. Every hidden unit has a degree g, 1 ≤ g ≤ d − 1, and sees u_1, …, u_g: it is fed by the units of degree at most g
/// of the layer before (by u_1, …, u_g in the first layer). Block k is fed by the last layer's units of degree at most k.
/// </summary>
/// <remarks>
/// The mask is exact by construction: units stand sorted by degree, and the units of one layer and one degree are one <see cref="Dense"/>
/// layer whose inputs are a prefix of the layer before. Weights outside the mask don't exist, so nothing can train them, and the Gram
/// matrix of Levenberg–Marquardt counts what is free alone.
/// </remarks>
public sealed class MaskedNetwork
{
    private readonly int[][] _degrees, _counts;
    private readonly int[] _starts;
    private readonly Dense?[][] _blocks;

    /// <summary>A network with all parameters zero.</summary>
    /// <param name="activation">Between the layers.</param>
    /// <param name="dimension">d ≥ 1.</param>
    /// <param name="outputs">Raw numbers a block, ≥ 1.</param>
    /// <param name="degrees">The degrees of each hidden layer's units, ascending; a layer may be empty only if d = 1.</param>
    /// <exception cref="ArgumentException">A degree outside 1 … d − 1, or degrees that descend.</exception>
    public MaskedNetwork(Activation activation, int dimension, int outputs, IEnumerable<IReadOnlyList<int>> degrees)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentNullException.ThrowIfNull(degrees);
        (Activation, Dimension, Outputs) = (activation, dimension, outputs);
        _degrees = [.. degrees.Select(layer => layer.ToArray())];
        foreach (int[] layer in _degrees)
        {
            if (layer.Length == 0 && dimension > 1) throw new ArgumentException("a hidden layer has at least one unit", nameof(degrees));
            for (int h = 0; h < layer.Length; h++)
            {
                if (layer[h] < 1 || layer[h] >= dimension) throw new ArgumentException($"degree {layer[h]} is not one of 1 … {dimension - 1}", nameof(degrees));
                if (h > 0 && layer[h] < layer[h - 1]) throw new ArgumentException("degrees must not descend", nameof(degrees));
            }
        }

        int hidden = _degrees.Length;
        _counts = [.. _degrees.Select(layer => Enumerable.Range(0, dimension).Select(g => layer.Count(v => v <= g)).ToArray())];
        _starts = new int[hidden + 1];
        for (int l = 0; l < hidden; l++) _starts[l + 1] = _starts[l] + _degrees[l].Length;
        _blocks = new Dense?[hidden + 1][];
        for (int l = 0; l <= hidden; l++)
        {
            _blocks[l] = new Dense?[dimension];
            for (int g = 0; g < dimension; g++)
            {
                int rows = l == hidden ? outputs : g == 0 ? 0 : _counts[l][g] - _counts[l][g - 1];
                if (rows > 0) _blocks[l][g] = new Dense(Sees(l, g), rows);
            }
        }
    }

    /// <summary>φ.</summary>
    public Activation Activation { get; }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Raw numbers a block.</summary>
    public int Outputs { get; }

    /// <summary>The degrees of each hidden layer's units, ascending.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Degrees => _degrees;

    /// <summary>All hidden units: the room that <see cref="Advance"/> needs.</summary>
    public int Units => _starts[^1];

    /// <summary>The trainable layers: layer by layer, by degree; blocks of raw numbers last.</summary>
    public IEnumerable<Dense> Parameters => _blocks.SelectMany(layer => layer).OfType<Dense>();

    /// <summary>The units of degree <paramref name="degree"/> in a hidden layer, or (layer = number of hidden layers) the block of raw numbers; null if there are none.</summary>
    public Dense? Block(int layer, int degree) => _blocks[layer][degree];

    /// <summary>How many units of the layer before (coordinates for the first layer) the units of this degree see.</summary>
    public int Sees(int layer, int degree) => layer == 0 ? degree : _counts[layer - 1][degree];

    /// <summary>Degrees for a layer of the given width, spread evenly over 1 … d − 1; none if d = 1.</summary>
    public static int[] Spread(int width, int dimension) =>
        dimension == 1 ? [] : [.. Enumerable.Range(0, width).Select(h => 1 + (int)((long)h * (dimension - 1) / width))];

    /// <summary>All blocks at once: raw[k·<see cref="Outputs"/> …] is a function of u_1, …, u_k.</summary>
    public void Evaluate<T>(ReadOnlySpan<T> u, Span<T> raw) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(Units);
        Span<T> units = scratch.Take(Units);
        for (int l = 0; l < _degrees.Length; l++)
            for (int g = 1; g < Dimension; g++) Hidden(l, g, u, units);
        for (int k = 0; k < Dimension; k++) Output(k, u, units, raw.Slice(k * Outputs, Outputs));
    }

    /// <summary>The hidden units of degree g, from u_1, …, u_g and the units of smaller degree: the same sums as in <see cref="Evaluate"/>, one coordinate at a time.</summary>
    public void Advance<T>(int g, ReadOnlySpan<T> u, Span<T> units) where T : unmanaged, IScalar<T>
    {
        for (int l = 0; l < _degrees.Length; l++) Hidden(l, g, u, units);
    }

    /// <summary>Block k, from u_1, …, u_k and the units of degree at most k.</summary>
    public void Output<T>(int k, ReadOnlySpan<T> u, ReadOnlySpan<T> units, Span<T> raw) where T : unmanaged, IScalar<T> =>
        T.Affine(_blocks[^1][k]!, Below(_degrees.Length, k, u, units), raw);

    private void Hidden<T>(int l, int g, ReadOnlySpan<T> u, Span<T> units) where T : unmanaged, IScalar<T>
    {
        if (_blocks[l][g] is not { } block) return;
        Span<T> result = units.Slice(_starts[l] + _counts[l][g - 1], block.Outputs);
        T.Affine(block, Below(l, g, u, units), result);
        T.Activate(Activation, result);
    }

    private ReadOnlySpan<T> Below<T>(int l, int g, ReadOnlySpan<T> u, ReadOnlySpan<T> units) where T : unmanaged =>
        l == 0 ? u[..g] : units.Slice(_starts[l - 1], Sees(l, g));
}
