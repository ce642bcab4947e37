using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement;

/// <summary>
/// Distances of densities by quadrature over a box, d ≤ 2: total variation ½∫|p − q|, Kullback and Leibler's ∫p log(p/q), Hellinger's (½∫(√p − √q)²)^½. All are strictly stronger than weak convergence: mass that moves by 1/n keeps TV = 1.
/// </summary>
/// <param name="TotalVariation">½∫|p − q| over the box.</param>
/// <param name="KullbackLeibler">∫p log(p/q) over the box, +∞ where q = 0 &lt; p.</param>
/// <param name="Hellinger">(½∫(√p − √q)²)^½ over the box.</param>
/// <param name="MassP">∫p over the box: how much of p was seen.</param>
/// <param name="MassQ">∫q over the box.</param>
/// <param name="Error">The largest change of a finite value from half as many nodes, plus the mass of p and of q that was not seen.</param>
public sealed record Divergences(double TotalVariation, double KullbackLeibler, double Hellinger, double MassP, double MassQ, double Error)
{
    /// <summary>log p at points, d numbers each; −∞ where p = 0.</summary>
    public delegate void LogDensities(ReadOnlySpan<double> points, Span<double> values);

    /// <summary>Both densities on the box, by a composite Gauss–Legendre rule: 4096 nodes for d = 1, 512² for d = 2, and a quarter of the panels for the error.</summary>
    /// <param name="p">log p.</param>
    /// <param name="q">log q.</param>
    /// <param name="box">Where to integrate.</param>
    /// <param name="threads">How many threads to use; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">d is above 2.</exception>
    public static Divergences Between(LogDensities p, LogDensities q, Box box, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        ArgumentNullException.ThrowIfNull(box);
        if (box.Dimension > 2) throw new ArgumentException($"a quadrature was expected in one or two dimensions, not in {box.Dimension}", nameof(box));
        Divergences fine = Rule(p, q, box, box.Dimension == 1 ? 512 : 64, threads), coarse = Rule(p, q, box, box.Dimension == 1 ? 256 : 32, threads);
        double change = Math.Max(Math.Abs(fine.TotalVariation - coarse.TotalVariation), Math.Abs(fine.Hellinger - coarse.Hellinger));
        if (double.IsFinite(fine.KullbackLeibler)) change = Math.Max(change, Math.Abs(fine.KullbackLeibler - coarse.KullbackLeibler));
        return fine with { Error = change + Math.Abs(1 - fine.MassP) + Math.Abs(1 - fine.MassQ) };
    }

    /// <summary>Two laws with densities, over the smallest box around both windows.</summary>
    public static Divergences Between(DensityLaw p, DensityLaw q)
    {
        ArgumentNullException.ThrowIfNull(p);
        ArgumentNullException.ThrowIfNull(q);
        return Between(Of(p), Of(q), Hull(p.Window, q.Window));
    }

    /// <summary>The log-density of a law.</summary>
    public static LogDensities Of(DensityLaw law)
    {
        ArgumentNullException.ThrowIfNull(law);
        return (points, values) =>
        {
            int d = law.Dimension, count = points.Length / d;
            using Scratch<Lanes> scratch = new(d);
            Span<Lanes> x = scratch.Take(d), one = stackalloc Lanes[1];
            for (int first = 0; first < count; first += Lanes.Width)
            {
                Evaluation.Load(points, d, first, count, x);
                one[0] = law.LogDensity<Lanes>(x);
                Evaluation.Store(one, 1, first, count, values);
            }
        };
    }

    /// <summary>The log-density of the push-forward of N(0, I) by a flow: log q(y) = −½|z|² − ½d log 2π + log|det Dg⁻¹(y)|, z = g⁻¹(y). Where the inverse fails, −∞.</summary>
    public static LogDensities OfFlow(IBijection flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return (points, values) =>
        {
            int d = flow.Dimension;
            double[] z = new double[points.Length];
            _ = Evaluation.Inverse(flow, points, z, values);
            for (int n = 0; n < values.Length; n++)
            {
                double square = 0;
                for (int i = 0; i < d; i++) square += z[(n * d) + i] * z[(n * d) + i];
                values[n] -= 0.5 * (square + (d * Functions.LogTwoPi));
                if (double.IsNaN(values[n])) values[n] = double.NegativeInfinity;
            }
        };
    }

    /// <summary>The smallest box around two boxes.</summary>
    public static Box Hull(Box a, Box b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        return new Box(Enumerable.Range(0, a.Dimension).Select(i => Math.Min(a.Lower[i], b.Lower[i])), Enumerable.Range(0, a.Dimension).Select(i => Math.Max(a.Upper[i], b.Upper[i])));
    }

    private static Divergences Rule(LogDensities p, LogDensities q, Box box, int panels, int threads)
    {
        int d = box.Dimension;
        (double[] along, double[] weights) = GaussLegendre.Composite(box.Lower[d - 1], box.Upper[d - 1], panels, 8);
        (double[] across, double[] rows) = d == 1 ? ([0], [1]) : GaussLegendre.Composite(box.Lower[0], box.Upper[0], panels, 8);
        double[] tv = new double[rows.Length], kl = new double[rows.Length], hellinger = new double[rows.Length], massP = new double[rows.Length], massQ = new double[rows.Length];
        Workers.For(rows.Length, threads, r =>
        {
            double[] points = new double[along.Length * d], logP = new double[along.Length], logQ = new double[along.Length];
            for (int k = 0; k < along.Length; k++)
            {
                points[(k * d) + d - 1] = along[k];
                if (d == 2) points[2 * k] = across[r];
            }

            p(points, logP);
            q(points, logQ);
            for (int k = 0; k < along.Length; k++)
            {
                double w = rows[r] * weights[k], a = Real.Exp(new(logP[k])).Value, b = Real.Exp(new(logQ[k])).Value, root = Math.Sqrt(a) - Math.Sqrt(b);
                massP[r] += w * a;
                massQ[r] += w * b;
                tv[r] += 0.5 * w * Math.Abs(a - b);
                hellinger[r] += 0.5 * w * root * root;
                if (a > 0) kl[r] += w * a * (logP[k] - logQ[k]);
            }
        });

        return new Divergences(VectorMath.Sum(tv), VectorMath.Sum(kl), Math.Sqrt(VectorMath.Sum(hellinger)), VectorMath.Sum(massP), VectorMath.Sum(massQ), double.NaN);
    }
}
