using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Conditioners;

/// <summary>
/// A tensor Chebyshev polynomial: c(x) = Σ_j C_j Π_i T_{j_i}(u_i), 0 ≤ j_i ≤ n_i, u_i = (2x_i − a_i − b_i)/(b_i − a_i). The first
/// multi-index coordinate runs slowest. Valid everywhere, meant for x in the box Π [a_i, b_i].
/// </summary>
public sealed class ChebyshevConditioner : IConditioner
{
    private readonly int[] _degrees;
    private readonly double[] _lower, _upper;

    /// <summary>A polynomial with the given degrees, box and coefficients (one row of Π(n_i + 1) numbers an output).</summary>
    /// <exception cref="ArgumentException">Lengths that don't agree, or an interval that is empty or not finite.</exception>
    public ChebyshevConditioner(ReadOnlySpan<int> degrees, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, Dense coefficients)
    {
        ArgumentNullException.ThrowIfNull(coefficients);
        if (degrees.Length == 0 || degrees.Length != lower.Length || degrees.Length != upper.Length)
            throw new ArgumentException("one degree and one interval a coordinate", nameof(degrees));
        int features = 1;
        for (int i = 0; i < degrees.Length; i++)
        {
            if (degrees[i] < 0) throw new ArgumentException("a degree is negative", nameof(degrees));
            if (!(lower[i] < upper[i]) || !double.IsFinite(upper[i] - lower[i])) throw new ArgumentException("an interval is empty or not finite", nameof(lower));
            features = checked(features * (degrees[i] + 1));
        }

        if (coefficients.Inputs != features) throw new ArgumentException($"{features} coefficients an output are needed", nameof(coefficients));
        (_degrees, _lower, _upper, Coefficients) = (degrees.ToArray(), lower.ToArray(), upper.ToArray(), coefficients);
    }

    /// <summary>n_i.</summary>
    public IReadOnlyList<int> Degrees => _degrees;

    /// <summary>a_i.</summary>
    public IReadOnlyList<double> Lower => _lower;

    /// <summary>b_i.</summary>
    public IReadOnlyList<double> Upper => _upper;

    /// <summary>C; its bias is one more constant term.</summary>
    public Dense Coefficients { get; }

    /// <inheritdoc/>
    public int Inputs => _degrees.Length;

    /// <inheritdoc/>
    public int Outputs => Coefficients.Outputs;

    /// <inheritdoc/>
    public IEnumerable<Dense> Parameters => [Coefficients];

    /// <inheritdoc/>
    public void Evaluate<T>(ReadOnlySpan<T> x, Span<T> raw) where T : unmanaged, IScalar<T>
    {
        int most = 0;
        foreach (int n in _degrees) most = Math.Max(most, n);
        using Scratch<T> scratch = new(most + 1 + (2 * Coefficients.Inputs));
        Span<T> chebyshev = scratch.Take(most + 1), features = scratch.Take(Coefficients.Inputs), product = scratch.Take(Coefficients.Inputs);
        features[0] = T.Constant(1);
        int count = 1;
        for (int i = 0; i < _degrees.Length; i++)
        {
            int n = _degrees[i];
            double slope = 2 / (_upper[i] - _lower[i]), shift = -(_lower[i] + _upper[i]) / (_upper[i] - _lower[i]);
            T u = T.MultiplyAdd(T.Constant(slope), x[i], T.Constant(shift));
            ChebyshevGrid.Basis(u, chebyshev[..(n + 1)]);
            for (int j = 0; j < count; j++)
                for (int k = 0; k <= n; k++) product[(j * (n + 1)) + k] = features[j] * chebyshev[k];
            count *= n + 1;
            product[..count].CopyTo(features);
        }

        T.Affine(Coefficients, features, raw);
    }
}
