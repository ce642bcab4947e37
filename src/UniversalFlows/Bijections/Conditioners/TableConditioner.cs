using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Conditioners;

/// <summary>
/// A piecewise linear function of one coordinate, c(x) = Σ_k C_k Λ_k(x) with the hat functions Λ_k of the knots x_0 &lt; … &lt; x_n;
/// constant beyond the outer knots.
/// </summary>
public sealed class TableConditioner : IConditioner
{
    private readonly double[] _knots;

    /// <summary>A table: one column of values a knot.</summary>
    /// <exception cref="ArgumentException">Fewer than two knots, knots that don't increase, or a number of values that doesn't match.</exception>
    public TableConditioner(ReadOnlySpan<double> knots, Dense values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (knots.Length < 2) throw new ArgumentException("a table has at least two knots", nameof(knots));
        for (int k = 1; k < knots.Length; k++)
        {
            if (!(knots[k - 1] < knots[k])) throw new ArgumentException($"knot {k} is not larger than the one before", nameof(knots));
            if (!double.IsFinite(knots[k] - knots[k - 1])) throw new ArgumentException($"the step to knot {k} is wider than a double can say", nameof(knots));
        }

        if (values.Inputs != knots.Length) throw new ArgumentException($"{knots.Length} values an output are needed", nameof(values));
        (_knots, Values) = (knots.ToArray(), values);
    }

    /// <summary>x_k.</summary>
    public IReadOnlyList<double> Knots => _knots;

    /// <summary>C; its bias is added everywhere.</summary>
    public Dense Values { get; }

    /// <inheritdoc/>
    public int Inputs => 1;

    /// <inheritdoc/>
    public int Outputs => Values.Outputs;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => [Values];

    /// <inheritdoc/>
    public void Evaluate<T>(ReadOnlySpan<T> x, Span<T> raw) where T : unmanaged, IScalar<T>
    {
        int n = _knots.Length;
        using Scratch<T> scratch = new(n);
        Span<T> hats = scratch.Take(n);
        T zero = T.Constant(0), one = T.Constant(1);
        for (int k = 0; k < n; k++)
        {
            T rise = k == 0 ? one : (x[0] - _knots[k - 1]) / (_knots[k] - _knots[k - 1]);
            T fall = k == n - 1 ? one : (_knots[k + 1] - x[0]) / (_knots[k + 1] - _knots[k]);
            hats[k] = T.Max(T.Min(k == 0 ? fall : T.Min(rise, fall), one), zero); // in this order NaN stays NaN
        }

        T.Affine(Values, hats, raw);
    }
}
