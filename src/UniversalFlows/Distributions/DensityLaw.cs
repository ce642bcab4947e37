using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>A law with a density p, and the differential entropy −∫ p log p.</summary>
public abstract class DensityLaw : Law
{
    private readonly Lazy<double> _entropy;

    /// <summary>A law and its description.</summary>
    /// <param name="name">What a command line takes.</param>
    /// <param name="formula">How a paper would write it.</param>
    /// <param name="window">A box that holds all but a negligible part of the mass.</param>
    /// <param name="entropy">The entropy in nats if it is known; otherwise it is integrated over the window, for d ≤ 2.</param>
    protected DensityLaw(string name, string formula, Box window, double? entropy = null)
        : base(name, formula, window) => _entropy = new Lazy<double>(entropy is { } known ? () => known : IntegrateEntropy);

    /// <summary>The differential entropy −∫ p log p in nats: the floor of every negative log-likelihood. NaN if it is neither known nor within reach of a quadrature.</summary>
    public double Entropy => _entropy.Value;

    /// <summary>log p(x); −∞ where p = 0.</summary>
    public abstract T LogDensity<T>(ReadOnlySpan<T> x) where T : unmanaged, IScalar<T>;

    /// <summary>
    /// The trapezoidal rule on a fine grid of the window: exponentially accurate for a smooth density that vanishes at the border
    /// (Trefethen and Weideman 2014). NaN where the same grid does not even integrate p to 1: then it is too coarse.
    /// </summary>
    private double IntegrateEntropy()
    {
        if (Dimension > 2) return double.NaN;
        int across = Dimension == 1 ? 1 : 480, along = Dimension == 1 ? 1 << 14 : 480, last = Dimension - 1;
        ReadOnlySpan<double> lower = Window.Lower, upper = Window.Upper;
        double h0 = Dimension == 1 ? 1 : (upper[0] - lower[0]) / across, h1 = (upper[last] - lower[last]) / along, x0 = lower[0], y0 = lower[last];
        double[] rows = new double[across], masses = new double[across];
        Span<Lanes> x = stackalloc Lanes[Dimension];
        for (int i = 0; i < across; i++)
        {
            Lanes sum = default, mass = default, index = new(System.Runtime.Intrinsics.Vector512.CreateSequence(0.0, 1.0));
            x[0] = Lanes.Constant(x0 + (i * h0));
            for (int j = 0; j < along; j += Lanes.Width)
            {
                x[last] = y0 + ((index + j) * h1);
                Lanes log = LogDensity<Lanes>(x), p = Lanes.Exp(log);
                mass += p;
                sum -= p * Lanes.SelectLess(log, Lanes.Constant(-1e6), default, log);
            }

            (rows[i], masses[i]) = (VectorMath.Sum(sum.Value), VectorMath.Sum(mass.Value));
        }

        double total = VectorMath.Sum(masses) * h0 * h1;
        return Math.Abs(total - 1) < 1e-6 ? VectorMath.Sum(rows) * h0 * h1 : double.NaN;
    }
}
