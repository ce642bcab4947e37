using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>A probability law on R^d with a density, a sampler and an entropy. Immutable, thread safe.</summary>
public abstract class Law
{
    private readonly Lazy<double> _entropy;

    /// <summary>A law and its description.</summary>
    /// <param name="name">What a command line takes.</param>
    /// <param name="formula">How a paper would write it.</param>
    /// <param name="window">A box that holds all but a negligible part (below 1e-10) of the mass.</param>
    protected Law(string name, string formula, Box window)
    {
        (Name, Formula, Window) = (name, formula, window);
        _entropy = new Lazy<double>(IntegrateEntropy);
    }

    /// <summary>What a command line takes.</summary>
    public string Name { get; }

    /// <summary>How a paper would write it.</summary>
    public string Formula { get; }

    /// <summary>A box that holds all but a negligible part of the mass.</summary>
    public Box Window { get; }

    /// <summary>d.</summary>
    public int Dimension => Window.Dimension;

    /// <summary>The differential entropy −∫ p log p in nats: the floor of every negative log-likelihood.</summary>
    public double Entropy => _entropy.Value;

    /// <summary>log p(x).</summary>
    public abstract T LogDensity<T>(ReadOnlySpan<T> x) where T : unmanaged, IScalar<T>;

    /// <summary>One sample.</summary>
    public abstract void Sample(Philox random, Span<double> x);

    /// <summary>
    /// The trapezoidal rule on a fine grid of the window: exponentially accurate for a smooth density that vanishes at the border
    /// (Trefethen and Weideman 2014). Only for d = 2.
    /// </summary>
    private double IntegrateEntropy()
    {
        const int steps = 480;
        if (Dimension != 2) throw new NotSupportedException("the entropy integral is written for d = 2");
        ReadOnlySpan<double> lower = Window.Bounds.Lower, upper = Window.Bounds.Upper;
        double h0 = (upper[0] - lower[0]) / steps, h1 = (upper[1] - lower[1]) / steps, x0 = lower[0], y0 = lower[1];
        double[] rows = new double[steps];
        Workers.For(steps, 1, i =>
        {
            Span<Lanes> x = stackalloc Lanes[2];
            Lanes sum = default, index = new(System.Runtime.Intrinsics.Vector512.CreateSequence(0.0, 1.0));
            x[0] = Lanes.Constant(x0 + (i * h0));
            for (int j = 0; j < steps; j += Lanes.Width)
            {
                x[1] = y0 + ((index + j) * h1);
                Lanes log = LogDensity<Lanes>(x);
                sum -= Lanes.Exp(log) * Lanes.SelectLess(log, Lanes.Constant(-1e6), default, log);
            }

            rows[i] = VectorMath.Sum(sum.Value);
        });
        return VectorMath.Sum(rows) * h0 * h1;
    }
}
