using System.Runtime.Intrinsics;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Distributions;

/// <summary>Σ_j w_j N(m_j, s_j²) on the line, w_j &gt; 0, Σ w_j = 1, s_j &gt; 0: conditional laws of Gaussian mixtures are of this kind.</summary>
internal sealed class NormalMixtureLine(double[] weights, double[] means, double[] deviations) : LineDensity
{
    private const double InverseRootTwoPi = 0.39894228040143267794;

    public override double Mean => VectorMath.Dot(weights, means);

    public override double Variance
    {
        get
        {
            double mean = Mean, sum = 0;
            for (int j = 0; j < weights.Length; j++) sum += weights[j] * ((deviations[j] * deviations[j]) + ((means[j] - mean) * (means[j] - mean)));
            return sum;
        }
    }

    public override double Entropy => double.NaN;

    public override (double Lower, double Upper) Window =>
        (Enumerable.Range(0, weights.Length).Min(j => means[j] - (8 * deviations[j])), Enumerable.Range(0, weights.Length).Max(j => means[j] + (8 * deviations[j])));

    public override double Cdf(double x)
    {
        double sum = 0;
        for (int j = 0; j < weights.Length; j++) sum += weights[j] * Normal.Cdf((x - means[j]) / deviations[j]);
        return sum;
    }

    public override double Survival(double x)
    {
        double sum = 0;
        for (int j = 0; j < weights.Length; j++) sum += weights[j] * Normal.Survival((x - means[j]) / deviations[j]);
        return sum;
    }

    public override double Quantile(double p, double q) => Solve(Normal.Quantile(p, q), p, q);

    public override double FromNormal(double z) => Solve(z, Normal.Cdf(z), Normal.Survival(z));

    public override double Sample(Philox random)
    {
        double u = random.NextUniform(), z = random.NextNormal();
        int j = 0;
        for (double sum = weights[0]; j < weights.Length - 1 && u > sum; sum += weights[j]) j++;
        return means[j] + (deviations[j] * z);
    }

    public override T LogDensity<T>(T x)
    {
        using Scratch<T> scratch = new(weights.Length);
        Span<T> e = scratch.Take(weights.Length);
        T top = T.Constant(double.NegativeInfinity), sum = T.Constant(0);
        for (int j = 0; j < e.Length; j++)
        {
            T u = (x - means[j]) / deviations[j];
            e[j] = (-0.5 * (u * u)) + Log(weights[j] / deviations[j]);
            top = T.Max(top, T.Freeze(e[j]));
        }

        foreach (T v in e) sum += T.Exp(v - top);
        return top + T.Log(sum) - (0.5 * Functions.LogTwoPi);
    }

    /// <summary>
    /// Bracket: at min_j (m_j + s_j z) every part has at most the mass Φ(z) below it, at max_j (m_j + s_j z) at least that. The smaller tail is matched, so that no digits are lost in 1 − F.
    /// </summary>
    private double Solve(double z, double p, double q)
    {
        double lower = double.PositiveInfinity, upper = double.NegativeInfinity;
        for (int j = 0; j < weights.Length; j++)
        {
            double x = means[j] + (deviations[j] * z);
            (lower, upper) = (Math.Min(lower, x), Math.Max(upper, x));
        }

        if (!(lower < upper)) return lower;
        double sign = p <= q ? 1 : -1, goal = p <= q ? p : q;
        return IncreasingRoot.Solve(x =>
        {
            Lanes tail = default, slope = default;
            for (int j = 0; j < weights.Length; j += Lanes.Width)
            {
                Lanes scale = 1 / Padded(deviations, j, 1), w = Padded(weights, j, 0), u = sign * ((x - Padded(means, j, 0)) * scale);
                u = new(Vector512.Max(Vector512.Min(u.Value, Vector512.Create(37.0)), Vector512.Create(-37.0))); // beyond, tails are below 1e-299
                tail += w * Normal.Cdf(u);
                slope += w * scale * Lanes.Exp(-0.5 * (u * u));
            }

            return (sign * (VectorMath.Sum(tail.Value) - goal), VectorMath.Sum(slope.Value) * InverseRootTwoPi);
        }, lower, upper);
    }

    /// <summary>Eight numbers from j on; beyond the end a number that does no harm.</summary>
    private static Lanes Padded(double[] values, int j, double filler)
    {
        if (j + Lanes.Width <= values.Length) return Lanes.Load(values.AsSpan(j));
        Lanes v = Lanes.Constant(filler);
        for (int lane = 0; j + lane < values.Length; lane++) v = v.With(lane, values[j + lane]);
        return v;
    }
}
