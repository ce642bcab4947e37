using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Autoregressive;

/// <summary>
/// An autoregressive bijection: with the coordinates in the order o_1, …, o_d, y_{o_k} = f(x_{o_k}; c_k(x_{o_1}, …, x_{o_{k−1}})), f an increasing
/// transformer and c a masked network. Its Jacobian is triangular in that order, log|det| the sum of the log-derivatives. Affine f is the layer
/// of masked autoregressive flows (Papamakarios, Pavlakou and Murray 2017), sigmoidal f that of neural autoregressive flows (Huang et al. 2018).
/// </summary>
/// <remarks>
/// Forward evaluates the network once. The inverse finds one coordinate after the other, in the order; since each hidden unit is computed as
/// soon as the coordinates it sees are known, it too evaluates every unit once. A density model stores it as data to base inside an
/// <see cref="Inversion"/> (MAF); fast sampling takes it as base to data (IAF).
/// </remarks>
public sealed class AutoregressiveFlow : IBijection
{
    private readonly int[] _order;

    /// <summary>An autoregressive bijection of R^d.</summary>
    /// <param name="order">o: a permutation of 0 … d − 1.</param>
    /// <param name="transformer">f.</param>
    /// <param name="network">c; its block k sets the parameters of coordinate o_{k+1}.</param>
    /// <exception cref="ArgumentException">The order is no permutation, the network has the wrong shape, or a parameter is not finite.</exception>
    public AutoregressiveFlow(ReadOnlySpan<int> order, ITransformer transformer, MaskedNetwork network)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(network);
        _order = order.ToArray();
        if (!_order.Order().SequenceEqual(Enumerable.Range(0, _order.Length)))
            throw new ArgumentException($"the order is not a permutation of 0 … {_order.Length - 1}: {string.Join(", ", _order)}", nameof(order));
        if (network.Dimension != _order.Length) throw new ArgumentException($"the network has {network.Dimension} coordinates, the order {_order.Length}", nameof(network));
        if (network.Outputs != transformer.RawCount)
            throw new ArgumentException($"the network gives {network.Outputs} numbers a coordinate, the transformer needs {transformer.RawCount}", nameof(network));
        foreach (Dense layer in network.Parameters)
            if (layer.All.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) throw new ArgumentException("a parameter of the network is not finite", nameof(network));
        (Transformer, Network) = (transformer, network);
    }

    /// <inheritdoc/>
    public int Dimension => _order.Length;

    /// <summary>o_1, …, o_d.</summary>
    public IReadOnlyList<int> Order => _order;

    /// <summary>f.</summary>
    public ITransformer Transformer { get; }

    /// <summary>c.</summary>
    public MaskedNetwork Network { get; }

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => Network.Parameters;

    /// <inheritdoc/>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(Dimension * Transformer.RawCount);
        ReadOnlySpan<T> raw = Raw(x, scratch.Take(Dimension), scratch.Take(Dimension * Transformer.RawCount));
        Span<T> p = scratch.Take(Transformer.ParameterCount);
        for (int k = 0; k < Dimension; k++)
        {
            Transformer.Parameters(raw.Slice(k * Transformer.RawCount, Transformer.RawCount), p);
            x[_order[k]] = Transformer.Value<T>(x[_order[k]], p);
        }
    }

    /// <inheritdoc/>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(Dimension * Transformer.RawCount);
        ReadOnlySpan<T> raw = Raw(x, scratch.Take(Dimension), scratch.Take(Dimension * Transformer.RawCount));
        Span<T> p = scratch.Take(Transformer.ParameterCount);
        T logDet = T.Constant(0);
        for (int k = 0; k < Dimension; k++)
        {
            Transformer.Parameters(raw.Slice(k * Transformer.RawCount, Transformer.RawCount), p);
            x[_order[k]] = Transformer.Forward(x[_order[k]], p, out T logDerivative);
            logDet += logDerivative;
        }

        return logDet;
    }

    /// <inheritdoc/>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = Workspace<T>(Network.Units + Transformer.RawCount);
        Span<T> x = scratch.Take(Dimension), units = scratch.Take(Network.Units), raw = scratch.Take(Transformer.RawCount), p = scratch.Take(Transformer.ParameterCount);
        T logDet = T.Constant(0);
        for (int k = 0; k < Dimension; k++)
        {
            Network.Output(k, x, units, raw);
            Transformer.Parameters<T>(raw, p);
            x[k] = y[_order[k]] = Transformer.Inverse(y[_order[k]], p, out T logDerivative, ref status);
            status = Finiteness.Lower(status, x[k]);
            status = Finiteness.Lower(status, logDerivative);
            logDet += logDerivative;
            if (k + 1 < Dimension) Network.Advance(k + 1, x, units);
        }

        return logDet;
    }

    private Scratch<T> Workspace<T>(int more) where T : unmanaged => new(Dimension + more + Transformer.ParameterCount);

    private Span<T> Raw<T>(ReadOnlySpan<T> x, Span<T> ordered, Span<T> raw) where T : unmanaged, IScalar<T>
    {
        for (int k = 0; k < _order.Length; k++) ordered[k] = x[_order[k]];
        Network.Evaluate<T>(ordered, raw);
        return raw;
    }
}
