using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections;

/// <summary>y_i = x_{π(i)}; log|det| = 0.</summary>
public sealed class Permutation : IBijection
{
    private readonly int[] _order, _inverse;

    /// <summary>The permutation with π(i) = <paramref name="order"/>[i].</summary>
    /// <exception cref="ArgumentException">Not a permutation of 0 … d − 1.</exception>
    public Permutation(ReadOnlySpan<int> order)
    {
        _order = order.ToArray();
        _inverse = new int[order.Length];
        Array.Fill(_inverse, -1);
        for (int i = 0; i < order.Length; i++)
        {
            if (order[i] < 0 || order[i] >= order.Length || _inverse[order[i]] >= 0)
                throw new ArgumentException($"the order is not a permutation of 0 … {order.Length - 1}: entry {i} is {order[i]}", nameof(order));
            _inverse[order[i]] = i;
        }
    }

    /// <inheritdoc/>
    public int Dimension => _order.Length;

    /// <summary>π.</summary>
    public IReadOnlyList<int> Order => _order;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => [];

    /// <inheritdoc/>
    public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T> => Apply(x, _order);

    /// <inheritdoc/>
    public T Forward<T>(Span<T> x) where T : unmanaged, IScalar<T>
    {
        Apply(x, _order);
        return T.Constant(0);
    }

    /// <inheritdoc/>
    public T Inverse<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        Apply(y, _inverse);
        return T.Constant(0);
    }

    private static void Apply<T>(Span<T> x, int[] order) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(x.Length);
        Span<T> old = scratch.Take(x.Length);
        x.CopyTo(old);
        for (int i = 0; i < x.Length; i++) x[i] = old[order[i]];
    }
}
