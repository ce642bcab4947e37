using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>
/// A probability law on R^d with a sampler. What else is known exactly is in its type: a density (<see cref="DensityLaw"/>), distribution functions of the coordinates (<see cref="ICoordinateLaws"/>), moments
/// (<see cref="IMoments"/>), conditional laws (<see cref="IConditionals"/>). Immutable, thread safe.
/// </summary>
public abstract class Law
{
    /// <summary>A law and its description.</summary>
    /// <param name="name">What a command line takes.</param>
    /// <param name="formula">How a paper would write it.</param>
    /// <param name="window">A box that holds all but a negligible part (below 1e-10) of the mass; for heavy tails all but a few per cent.</param>
    protected Law(string name, string formula, Box window) => (Name, Formula, Window) = (name, formula, window);

    /// <summary>What a command line takes.</summary>
    public string Name { get; }

    /// <summary>How a paper would write it.</summary>
    public string Formula { get; }

    /// <summary>A box that holds all but a negligible part of the mass (for heavy tails all but a few per cent): where figures look.</summary>
    public Box Window { get; }

    /// <summary>d.</summary>
    public int Dimension => Window.Dimension;

    /// <summary>One sample, d numbers, from the generator alone.</summary>
    public abstract void Sample(Philox random, Span<double> x);

    /// <summary>n samples, d numbers each, row after row.</summary>
    public double[] Samples(Philox random, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double[] points = new double[count * Dimension];
        for (int n = 0; n < count; n++) Sample(random, points.AsSpan(n * Dimension, Dimension));
        return points;
    }
}
