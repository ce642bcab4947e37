using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>
/// The deep sigmoidal flow (Huang, Krueger, Lacoste and Courville 2018, equation 8): y = σ⁻¹(Σ_j w_j σ(a_j x + b_j)) with w_j &gt; 0,
/// Σ w_j = 1, a_j &gt; 0; log-derivative log Σ_j w_j a_j σ′(z_j) − log p − log(1 − p), p = Σ w_j σ(z_j), z_j = a_j x + b_j. A smooth
/// increasing bijection of R. Raw numbers: m weights, m slopes, m biases.
/// </summary>
/// <remarks>No cancellation and no overflow, see <see cref="SigmoidMixture"/>.</remarks>
/// <param name="Sigmoids">m ≥ 1.</param>
/// <param name="Slope">raw ↦ a_j.</param>
/// <param name="MinimumWeight">μ with 0 ≤ m·μ &lt; 1: w_j = μ + (1 − mμ)·softmax_j.</param>
/// <exception cref="ArgumentOutOfRangeException">No sigmoid, or a minimum weight that is too large for their number.</exception>
public sealed record DeepSigmoidalTransformer(int Sigmoids, PositiveMap Slope, double MinimumWeight) : ITransformer
{
    /// <summary>m ≥ 1.</summary>
    public int Sigmoids { get; } = Sigmoids >= 1 ? Sigmoids : throw new ArgumentOutOfRangeException(nameof(Sigmoids), Sigmoids, "expected at least one sigmoid");

    /// <summary>μ with 0 ≤ m·μ &lt; 1.</summary>
    public double MinimumWeight { get; } =
        MinimumWeight >= 0 && Sigmoids * MinimumWeight < 1 ? MinimumWeight : throw new ArgumentOutOfRangeException(nameof(MinimumWeight), MinimumWeight, $"expected a number in [0, 1/{Sigmoids})");

    /// <inheritdoc/>
    public int RawCount => 3 * Sigmoids;

    /// <summary>log w, a, log a, b, w.</summary>
    public int ParameterCount => 5 * Sigmoids;

    /// <inheritdoc/>
    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T>
    {
        int m = Sigmoids;
        Normalised.LogSoftmax(raw[..m], p[..m], MinimumWeight);
        for (int j = 0; j < m; j++)
        {
            p[m + j] = Slope.Value(raw[m + j]);
            p[(2 * m) + j] = Slope.Log(raw[m + j]);
            p[(3 * m) + j] = raw[(2 * m) + j];
            p[(4 * m) + j] = T.Exp(p[j]);
        }
    }

    /// <inheritdoc/>
    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T>
    {
        using Scratch<T> scratch = new(Sigmoids);
        Logits(x, p, scratch.Take(Sigmoids), out T a, out T b, out T logU, out T logV);
        return a + b + (logU - logV);
    }

    /// <inheritdoc/>
    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>
    {
        int m = Sigmoids;
        using Scratch<T> scratch = new(m);
        Span<T> z = scratch.Take(m);
        Logits(x, p, z, out T a, out T b, out T logU, out T logV);
        for (int j = 0; j < m; j++) z[j] = p[j] + p[(2 * m) + j] + SigmoidMixture.LogSlope(z[j], a, b);
        logDerivative = Normalised.LogSumExp<T>(z) - logU - logV;
        return a + b + (logU - logV);
    }

    /// <summary>
    /// With σ(z_j) = e^A u_j and 1 − σ(z_j) = e^−B v_j: f′ = Σ_j w_j a_j u_j v_j / (Σ w_j u_j · Σ w_j v_j), where the pivots cancel. It underflows
    /// to 0 where the logarithm of <see cref="Forward"/> does not.
    /// </summary>
    public Lanes ValueAndSlope(Lanes x, ReadOnlySpan<Lanes> p, out Lanes slope)
    {
        int m = Sigmoids;
        using Scratch<Lanes> scratch = new(m);
        Span<Lanes> z = scratch.Take(m);
        Lanes sumU = default, sumV = default, sum = default;
        for (int j = 0; j < m; j++) z[j] = Lanes.MultiplyAdd(p[m + j], x, p[(3 * m) + j]);
        SigmoidMixture.Pivots<Lanes>(z, out Lanes a, out Lanes b);
        for (int j = 0; j < m; j++)
        {
            Lanes denominator = SigmoidMixture.Denominator(z[j]), weight = p[(4 * m) + j] / denominator;
            Lanes below = SigmoidMixture.Below(z[j], a), above = SigmoidMixture.Above(z[j], b);
            sumU = Lanes.MultiplyAdd(weight, below, sumU);
            sumV = Lanes.MultiplyAdd(weight, above, sumV);
            sum = Lanes.MultiplyAdd(weight * p[m + j], below * above / denominator, sum);
        }

        slope = sum / (sumU * sumV);
        return a + b + (Lanes.Log(sumU) - Lanes.Log(sumV));
    }

    /// <summary>σ⁻¹ of a weighted mean lies between the smallest and the largest z_j, so x between the smallest and largest (y − b_j)/a_j.</summary>
    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper)
    {
        int m = Sigmoids;
        lower = upper = (y - p[3 * m]) / p[m];
        for (int j = 1; j < m; j++)
        {
            Lanes x = (y - p[(3 * m) + j]) / p[m + j];
            lower = Lanes.SelectLess(x, lower, x, lower);
            upper = Lanes.SelectLess(upper, x, x, upper);
        }
    }

    /// <summary>Equal weights, all slopes 1 and biases 0: y = x. Training starts from it plus noise, or the sigmoids would move as one.</summary>
    public void IdentityRaw(Span<double> raw)
    {
        raw.Clear();
        raw.Slice(Sigmoids, Sigmoids).Fill(Slope.Raw(1));
    }

    /// <summary>z_j = a_j x + b_j, A, B, and the logarithms of Σ w_j u_j and Σ w_j v_j.</summary>
    private void Logits<T>(T x, ReadOnlySpan<T> p, Span<T> z, out T a, out T b, out T logU, out T logV) where T : unmanaged, IScalar<T>
    {
        int m = Sigmoids;
        T zero = T.Constant(0);
        for (int j = 0; j < m; j++) z[j] = T.MultiplyAdd(p[m + j], x, p[(3 * m) + j]);
        SigmoidMixture.Pivots<T>(z, out a, out b);
        T sumU = zero, sumV = zero;
        for (int j = 0; j < m; j++)
        {
            T weight = p[(4 * m) + j] / SigmoidMixture.Denominator(z[j]);
            sumU = T.MultiplyAdd(weight, SigmoidMixture.Below(z[j], a), sumU);
            sumV = T.MultiplyAdd(weight, SigmoidMixture.Above(z[j], b), sumV);
        }

        (logU, logV) = (T.Log(sumU), T.Log(sumV));
    }
}
