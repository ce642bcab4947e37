namespace UniversalFlows.Measurement;

/// <summary>What bounds say about the claim that a distance is below ε.</summary>
public enum DistanceVerdict
{
    /// <summary>Neither: the interval holds ε, or a bound is not a number.</summary>
    Inconclusive,

    /// <summary>The upper bound is below ε.</summary>
    Verified,

    /// <summary>The lower bound is above ε.</summary>
    Refuted,
}

/// <summary>Verdicts with error control. "Not refuted" is never "verified".</summary>
public static class Verdicts
{
    /// <summary>The verdict on "D &lt; ε" from bounds of D; NaN decides nothing.</summary>
    public static DistanceVerdict Judge(double lower, double upper, double epsilon) =>
        upper < epsilon && lower <= upper ? DistanceVerdict.Verified : lower > epsilon && lower <= upper ? DistanceVerdict.Refuted : DistanceVerdict.Inconclusive;

    /// <summary>
    /// The family of claims "D_k &lt; ε_k", with all wrong verdicts together at most of probability α: S. Holm's step-down procedure (1979) at α/2 for the verifications and at α/2 for the refutations. In each, of the claims
    /// that are left, j of them, one whose bound at the level α/2j decides is decided, until none is.
    /// </summary>
    /// <param name="lower">For each claim δ ↦ a bound with P(lower > D) ≤ δ, larger for larger δ.</param>
    /// <param name="upper">For each claim δ ↦ a bound with P(upper &lt; D) ≤ δ, smaller for larger δ.</param>
    /// <param name="epsilon">ε, one a claim.</param>
    /// <param name="alpha">α.</param>
    public static IReadOnlyList<DistanceVerdict> Holm(
        IReadOnlyList<Func<double, double>> lower, IReadOnlyList<Func<double, double>> upper, IReadOnlyList<double> epsilon, double alpha = 0.05)
    {
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        ArgumentNullException.ThrowIfNull(epsilon);
        if (!(alpha is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(alpha), alpha, "a probability between 0 and 1 was expected");
        if (lower.Count != epsilon.Count || upper.Count != epsilon.Count) throw new ArgumentException("one pair of bounds for each claim was expected", nameof(upper));
        bool[] verified = StepDown(epsilon.Count, 0.5 * alpha, (k, delta) => upper[k](delta) < epsilon[k]);
        bool[] refuted = StepDown(epsilon.Count, 0.5 * alpha, (k, delta) => lower[k](delta) > epsilon[k]);
        return [.. verified.Zip(refuted, (v, r) => v == r ? DistanceVerdict.Inconclusive : v ? DistanceVerdict.Verified : DistanceVerdict.Refuted)];
    }

    /// <summary>
    /// Holm's procedure on hypotheses given by tests at any level: which are rejected, with a probability of at most α that any true one is.
    /// </summary>
    /// <param name="count">How many.</param>
    /// <param name="alpha">α.</param>
    /// <param name="rejects">Whether hypothesis k is rejected at a level.</param>
    public static bool[] StepDown(int count, double alpha, Func<int, double, bool> rejects)
    {
        ArgumentNullException.ThrowIfNull(rejects);
        bool[] rejected = new bool[count];
        for (int left = count; left > 0; left--)
        {
            int found = Array.FindIndex(rejected, 0, count, r => !r);
            while (found >= 0 && !rejects(found, alpha / left)) found = found + 1 < count ? Array.FindIndex(rejected, found + 1, r => !r) : -1;
            if (found < 0) break;
            rejected[found] = true;
        }

        return rejected;
    }

    /// <summary>
    /// The sample size that would decide, if the excess of the bounds over the value fell like n^{−rate}: the smallest n·2^k, up to 2^40, at which value + (upper − value)·2^{−k·rate} is below ε or value − (value − lower)·2^{−k·rate}
    /// above it. Null: none, the value is too close to ε.
    /// </summary>
    /// <param name="value">The estimate that both bounds tend to.</param>
    /// <param name="lower">The lower bound at n.</param>
    /// <param name="upper">The upper bound at n.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="n">n.</param>
    /// <param name="rate">½ for means; 1/d for W1 of samples of R^d, d ≥ 3.</param>
    public static long? Deciding(double value, double lower, double upper, double epsilon, int n, double rate = 0.5)
    {
        double factor = 1, ratio = Scalars.Real.Exp(new(-rate * 0.6931471805599453)).Value;
        for (long size = n; size <= 1L << 40; size *= 2, factor *= ratio)
            if (Judge(value - ((value - lower) * factor), value + ((upper - value) * factor), epsilon) != DistanceVerdict.Inconclusive) return size;
        return null;
    }
}
