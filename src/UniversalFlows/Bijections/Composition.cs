using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>f = f_n ∘ … ∘ f_1: the first bijection of the list acts first; log-determinants add.</summary>
public sealed class Composition : IBijection
{
    private readonly IBijection[] _parts;

    /// <summary>The composition of the given bijections; an empty list is the identity.</summary>
    /// <exception cref="ArgumentException">A part has another dimension.</exception>
    public Composition(int dimension, IEnumerable<IBijection> parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        Dimension = dimension;
        _parts = [.. parts];
        for (int i = 0; i < _parts.Length; i++)
        {
            if (_parts[i].Dimension != dimension)
                throw new ArgumentException($"part {i} acts on R^{_parts[i].Dimension}, not on R^{dimension}", nameof(parts));
        }
    }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <summary>f_1, …, f_n.</summary>
    public IReadOnlyList<IBijection> Parts => _parts;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => _parts.SelectMany(p => p.Parameters);

    /// <inheritdoc/>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        foreach (IBijection part in _parts) part.Map(x);
    }

    /// <inheritdoc/>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        T logDet = T.Constant(0);
        foreach (IBijection part in _parts) logDet += part.Forward(x);
        return logDet;
    }

    /// <inheritdoc/>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        T logDet = T.Constant(0);
        for (int i = _parts.Length - 1; i >= 0; i--) logDet += _parts[i].Inverse(y, ref status);
        return logDet;
    }
}
