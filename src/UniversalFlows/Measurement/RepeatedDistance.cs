using UniversalFlows.Numerics;

namespace UniversalFlows.Measurement;

/// <summary>
/// What samples say about a distance D of two laws P and Q that is jointly convex and a metric (W1, the bounded-Lipschitz metric, energy distance …). With P_m, Q_n the laws of samples and P_m′, Q_n′ of second ones,
/// D(P, Q) ≤ E D(P_m, Q_n) by Jensen's inequality, and D(P, Q) ≥ E D(P_m, Q_n) − E D(P_m, P_m′) − E D(Q_n, Q_n′) by the triangle inequality and Jensen's again: the last two, the same-law baselines, are what
/// samples of one law are apart. All three means are estimated from R independent repetitions, with a bound of what such a mean deviates.
/// </summary>
public sealed class RepeatedDistance
{
    private readonly double[] _cross, _ofP, _ofQ;
    private readonly double? _range;

    /// <summary>From repetitions.</summary>
    /// <param name="cross">D(P_m, Q_n), R ≥ 1 numbers; R ≥ 2 if there is no range.</param>
    /// <param name="baselineP">D(P_m, P_m′), as many.</param>
    /// <param name="baselineQ">D(Q_n, Q_n′), as many.</param>
    /// <param name="m">m.</param>
    /// <param name="n">n.</param>
    /// <param name="range">B if replacing one point of m changes D by at most B/m: then the bounds are proved (McDiarmid). Null: Student's intervals, which hold approximately.</param>
    public RepeatedDistance(ReadOnlySpan<double> cross, ReadOnlySpan<double> baselineP, ReadOnlySpan<double> baselineQ, int m, int n, double? range)
    {
        if (cross.Length < (range is null ? 2 : 1)) throw new ArgumentException("at least two repetitions were expected", nameof(cross));
        if (baselineP.Length != cross.Length || baselineQ.Length != cross.Length) throw new ArgumentException($"{cross.Length} baselines were expected", nameof(baselineP));
        (_cross, _ofP, _ofQ, M, N, _range) = (cross.ToArray(), baselineP.ToArray(), baselineQ.ToArray(), m, n, range);
    }

    /// <summary>m.</summary>
    public int M { get; }

    /// <summary>n.</summary>
    public int N { get; }

    /// <summary>R.</summary>
    public int Repeats => _cross.Length;

    /// <summary>The mean of D(P_m, Q_n): above D(P, Q) in the mean.</summary>
    public double Mean => Average(_cross);

    /// <summary>The mean of D(P_m, P_m′): what samples of P are apart from one another.</summary>
    public double BaselineP => Average(_ofP);

    /// <summary>The mean of D(Q_n, Q_n′).</summary>
    public double BaselineQ => Average(_ofQ);

    /// <summary>Whether the bounds are proved; otherwise they hold approximately.</summary>
    public bool IsProved => _range is not null;

    /// <summary>With half the sum of the baselines taken off, not below 0: a guess of D(P, Q) with less bias, no bound.</summary>
    public double Debiased => Math.Max(0, Mean - (0.5 * (BaselineP + BaselineQ)));

    /// <summary>u(δ) with P(D(P, Q) > u) ≤ δ.</summary>
    public double Upper(double delta) => Mean + Deviation(_cross, M, N, delta);

    /// <summary>l(δ) with P(D(P, Q) &lt; l) ≤ δ, a third of it for each mean.</summary>
    public double Lower(double delta)
    {
        double third = delta / 3;
        return Math.Max(0, Mean - BaselineP - BaselineQ - Deviation(_cross, M, N, third) - Deviation(_ofP, M, M, third) - Deviation(_ofQ, N, N, third));
    }

    private double Deviation(double[] values, int m, int n, double delta) =>
        _range is { } range ? Concentration.BoundedDifferences(range, m, n, values.Length, delta) : Concentration.Student(values, delta);

    private static double Average(double[] values) => VectorMath.Sum(values) / values.Length;
}
