using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>
/// The deep dense sigmoidal flow (Huang, Krueger, Lacoste and Courville 2018, section 3.2): h⁰ = x, y = h^L and
/// h^l = σ⁻¹(W^l σ(a^l ⊙ (U^l h^{l−1}) + b^l)), the rows of W^l and U^l positive with sum 1, a^l &gt; 0. Layer l has m_l sigmoids; W^l is
/// m_l × m_l, but 1 × m_L in the last layer; U^l is m_l × m_{l−1}, a column of ones in the first. A smooth increasing bijection of R; one
/// layer is <see cref="DeepSigmoidalTransformer"/>. Raw numbers, layer by layer: U's rows (none in the first layer), W's rows, m_l slopes, m_l biases.
/// </summary>
/// <remarks>
/// With z = a ⊙ (U h) + b, the log-derivatives are log z_j′ = log a_j + log Σ_i U_ji h_i′ and
/// log h_i′ = log Σ_j W_ij z_j′ σ′(z_j) − log p_i − log(1 − p_i), p_i = Σ_j W_ij σ(z_j), all in the log domain (see <see cref="SigmoidMixture"/>;
/// the u_j and v_j there serve all rows of W).
/// </remarks>
public sealed record DeepDenseSigmoidalTransformer : ITransformer
{
    private readonly int[] _widths;

    /// <summary>A transformer with the given numbers of sigmoids.</summary>
    /// <param name="widths">m_1, …, m_L ≥ 1, at least one layer.</param>
    /// <param name="slope">raw ↦ a_j.</param>
    /// <param name="minimumWeight">μ with 0 ≤ n·μ &lt; 1 for every row length n: entries are μ + (1 − nμ)·softmax.</param>
    /// <exception cref="ArgumentException">No layer, a layer without sigmoids, more parameters than an array holds, or μ out of range.</exception>
    public DeepDenseSigmoidalTransformer(IReadOnlyList<int> widths, PositiveMap slope, double minimumWeight)
    {
        ArgumentNullException.ThrowIfNull(widths);
        ArgumentNullException.ThrowIfNull(slope);
        _widths = [.. widths];
        if (_widths.Length == 0 || _widths.Any(m => m < 1)) throw new ArgumentException("expected at least one layer, each of at least one sigmoid", nameof(widths));
        if (!(minimumWeight >= 0 && minimumWeight * _widths.Max() < 1))
            throw new ArgumentException($"{minimumWeight:R} is not in [0, 1/{_widths.Max()})", nameof(minimumWeight));
        (Slope, MinimumWeight) = (slope, minimumWeight);
        double count = 0; // of the parameters below, where whole numbers would wrap around
        for (int l = 0; l < Layers; l++)
        {
            double m = _widths[l];
            count += (l == 0 ? 0 : 2 * m * _widths[l - 1]) + (l == Layers - 1 ? m : m * m) + (3 * m);
        }

        if (count > Array.MaxLength) throw new ArgumentException($"{count:R} parameters are more than an array holds", nameof(widths));
        for (int l = 0; l < Layers; l++)
        {
            Shape s = At(l);
            RawCount += s.Links + s.Mixture + (2 * s.Sigmoids);
            ParameterCount += (2 * s.Links) + s.Mixture + (3 * s.Sigmoids);
        }
    }

    /// <summary>m_1, …, m_L.</summary>
    public IReadOnlyList<int> Widths => _widths;

    /// <summary>raw ↦ a_j.</summary>
    public PositiveMap Slope { get; }

    /// <summary>μ.</summary>
    public double MinimumWeight { get; }

    /// <inheritdoc/>
    public int RawCount { get; }

    /// <summary>Layer by layer: U, log U (both absent in the first), log W, a, log a, b.</summary>
    public int ParameterCount { get; }

    private int Layers => _widths.Length;

    /// <inheritdoc/>
    public void Parameters<T>(ReadOnlySpan<T> raw, Span<T> p) where T : unmanaged, IScalar<T>
    {
        for (int l = 0; l < Layers; l++)
        {
            Shape s = At(l);
            for (int j = 0; s.Links > 0 && j < s.Sigmoids; j++)
            {
                Span<T> link = p.Slice(j * s.Inputs, s.Inputs), logLink = p.Slice(s.Links + (j * s.Inputs), s.Inputs);
                Normalised.LogSoftmax(raw.Slice(j * s.Inputs, s.Inputs), logLink, MinimumWeight);
                for (int i = 0; i < s.Inputs; i++) link[i] = T.Exp(logLink[i]);
            }

            raw = raw[s.Links..];
            p = p[(2 * s.Links)..];
            for (int i = 0; i < s.Outputs; i++)
                Normalised.LogSoftmax(raw.Slice(i * s.Sigmoids, s.Sigmoids), p.Slice(i * s.Sigmoids, s.Sigmoids), MinimumWeight);
            raw = raw[s.Mixture..];
            p = p[s.Mixture..];
            int m = s.Sigmoids;
            for (int j = 0; j < m; j++)
            {
                p[j] = Slope.Value(raw[j]);
                p[m + j] = Slope.Log(raw[j]);
                p[(2 * m) + j] = raw[m + j];
            }

            raw = raw[(2 * m)..];
            p = p[(3 * m)..];
        }
    }

    /// <inheritdoc/>
    public T Value<T>(T x, ReadOnlySpan<T> p) where T : unmanaged, IScalar<T> => Evaluate(x, p, derivative: false, out _);

    /// <inheritdoc/>
    public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T> =>
        Evaluate(x, p, derivative: true, out logDerivative);

    /// <summary>
    /// Each h_i^l lies between the smallest and the largest z_j^l, and z_j^l between a_j·min h^{l−1} + b_j and a_j·max h^{l−1} + b_j. So
    /// max h^{l−1} ≤ min_j (t − b_j)/a_j implies max h^l ≤ t: from t = y down to the first layer this is the lower end; with min and max
    /// exchanged, the upper.
    /// </summary>
    public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower, out Lanes upper)
    {
        lower = upper = y;
        int end = ParameterCount;
        for (int l = Layers - 1; l >= 0; l--)
        {
            Shape s = At(l);
            int m = s.Sigmoids, start = end - (3 * m);
            (Lanes below, Lanes above) = (lower, upper);
            for (int j = 0; j < m; j++)
            {
                Lanes a = p[start + j], b = p[start + (2 * m) + j], low = (below - b) / a, high = (above - b) / a;
                lower = j == 0 ? low : Lanes.SelectLess(low, lower, low, lower);
                upper = j == 0 ? high : Lanes.SelectLess(upper, high, high, upper);
            }

            end = start - s.Mixture - (2 * s.Links);
        }
    }

    /// <summary>Equal weights, all slopes 1 and biases 0: y = x. Training starts from it plus noise, or the sigmoids would move as one.</summary>
    public void IdentityRaw(Span<double> raw)
    {
        raw.Clear();
        for (int l = 0; l < Layers; l++)
        {
            Shape s = At(l);
            raw = raw[(s.Links + s.Mixture)..];
            raw[..s.Sigmoids].Fill(Slope.Raw(1));
            raw = raw[(2 * s.Sigmoids)..];
        }
    }

    /// <inheritdoc/>
    public bool Equals(DeepDenseSigmoidalTransformer? other) =>
        other is not null && _widths.AsSpan().SequenceEqual(other._widths) && Slope == other.Slope && MinimumWeight.Equals(other.MinimumWeight);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_widths.Length, _widths[0], Slope, MinimumWeight);

    private T Evaluate<T>(T x, ReadOnlySpan<T> p, bool derivative, out T logDerivative) where T : unmanaged, IScalar<T>
    {
        int widest = _widths.Max();
        using Scratch<T> scratch = new(6 * widest);
        Span<T> h = scratch.Take(widest), logH = scratch.Take(widest), z = scratch.Take(widest), u = scratch.Take(widest), v = scratch.Take(widest), term = scratch.Take(widest);
        (h[0], logH[0]) = (x, T.Constant(0));
        for (int l = 0; l < Layers; l++)
        {
            Shape s = At(l);
            int m = s.Sigmoids;
            ReadOnlySpan<T> link = p[..s.Links], logLink = p.Slice(s.Links, s.Links), logW = p.Slice(2 * s.Links, s.Mixture), affine = p[((2 * s.Links) + s.Mixture)..];
            p = affine[(3 * m)..];
            for (int j = 0; j < m; j++)
            {
                T mean = s.Links == 0 ? x : Mean(link.Slice(j * s.Inputs, s.Inputs), h);
                z[j] = T.MultiplyAdd(affine[j], mean, affine[(2 * m) + j]);
            }

            SigmoidMixture.Pivots<T>(z[..m], out T a, out T b);
            for (int j = 0; j < m; j++)
            {
                T denominator = SigmoidMixture.Denominator(z[j]);
                (u[j], v[j]) = (SigmoidMixture.Below(z[j], a) / denominator, SigmoidMixture.Above(z[j], b) / denominator);
            }

            if (derivative)
            {
                // log z_j′ + log σ′(z_j) − A + B, in z's place
                for (int j = 0; j < m; j++)
                {
                    T inner = s.Links == 0 ? logH[0] : LogMean(logLink.Slice(j * s.Inputs, s.Inputs), logH, term);
                    z[j] = inner + affine[m + j] + SigmoidMixture.LogSlope(z[j], a, b);
                }
            }

            for (int i = 0; i < s.Outputs; i++)
            {
                ReadOnlySpan<T> row = logW.Slice(i * m, m);
                T sumU = T.Constant(0), sumV = sumU;
                for (int j = 0; j < m; j++)
                {
                    T weight = T.Exp(row[j]);
                    sumU = T.MultiplyAdd(weight, u[j], sumU);
                    sumV = T.MultiplyAdd(weight, v[j], sumV);
                }

                (T logU, T logV) = (T.Log(sumU), T.Log(sumV));
                h[i] = a + b + (logU - logV);
                if (derivative) logH[i] = LogMean(row, z, term) - logU - logV;
            }
        }

        logDerivative = logH[0];
        return h[0];
    }

    /// <summary>Σ_i w_i h_i.</summary>
    private static T Mean<T>(ReadOnlySpan<T> weights, ReadOnlySpan<T> h) where T : unmanaged, IScalar<T>
    {
        T sum = weights[0] * h[0];
        for (int i = 1; i < weights.Length; i++) sum = T.MultiplyAdd(weights[i], h[i], sum);
        return sum;
    }

    /// <summary>log Σ_i e^{logWeight_i + logH_i}.</summary>
    private static T LogMean<T>(ReadOnlySpan<T> logWeights, ReadOnlySpan<T> logH, Span<T> term) where T : unmanaged, IScalar<T>
    {
        term = term[..logWeights.Length];
        for (int i = 0; i < term.Length; i++) term[i] = logWeights[i] + logH[i];
        return Normalised.LogSumExp<T>(term);
    }

    private Shape At(int l) => new(l == 0 ? 1 : _widths[l - 1], _widths[l], l == Layers - 1 ? 1 : _widths[l], l > 0);

    /// <summary>The sizes of one layer.</summary>
    private readonly record struct Shape(int Inputs, int Sigmoids, int Outputs, bool Linked)
    {
        /// <summary>Entries of U that have numbers of their own.</summary>
        public int Links => Linked ? Sigmoids * Inputs : 0;

        /// <summary>Entries of W.</summary>
        public int Mixture => Outputs * Sigmoids;
    }
}
