using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Conditioners;

/// <summary>c(clip(x)): each coordinate is first moved into [lower_i, upper_i].</summary>
public sealed class ClippedConditioner : IConditioner
{
    private readonly double[] _lower, _upper;

    /// <summary>Clips the arguments of <paramref name="inner"/>.</summary>
    /// <exception cref="ArgumentException">The box has another dimension, or is empty.</exception>
    public ClippedConditioner(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, IConditioner inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (lower.Length != inner.Inputs || upper.Length != inner.Inputs) throw new ArgumentException("one interval a coordinate", nameof(lower));
        for (int i = 0; i < lower.Length; i++)
            if (!(lower[i] < upper[i])) throw new ArgumentException("an interval is empty", nameof(lower));
        (_lower, _upper, Inner) = (lower.ToArray(), upper.ToArray(), inner);
    }

    /// <summary>The lower ends.</summary>
    public IReadOnlyList<double> Lower => _lower;

    /// <summary>The upper ends.</summary>
    public IReadOnlyList<double> Upper => _upper;

    /// <summary>c.</summary>
    public IConditioner Inner { get; }

    /// <inheritdoc/>
    public int Inputs => Inner.Inputs;

    /// <inheritdoc/>
    public int Outputs => Inner.Outputs;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => Inner.Parameters;

    /// <inheritdoc/>
    public void Evaluate<T>(ReadOnlySpan<T> x, Span<T> raw) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(x.Length);
        Span<T> clipped = scratch.Take(x.Length);
        for (int i = 0; i < x.Length; i++) clipped[i] = T.Max(T.Min(x[i], T.Constant(_upper[i])), T.Constant(_lower[i])); // in this order NaN stays NaN
        Inner.Evaluate<T>(clipped, raw);
    }
}
