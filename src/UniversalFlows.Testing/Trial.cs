using UniversalFlows.Bijections;
using UniversalFlows.Numerics;

namespace UniversalFlows.Testing;

/// <summary>One random test of a law: a bijection drawn from a case and a source of random points. The same seed gives the same trial.</summary>
public sealed class Trial
{
    private readonly Philox _random;
    private readonly double _scale;

    /// <summary>The trial of a seed.</summary>
    /// <param name="subject">The kind of bijection.</param>
    /// <param name="seed">Sets the parameters of the bijection and all points.</param>
    /// <param name="scale">Points are drawn from scale·[−reach, reach]^d, 0 &lt; scale ≤ 1; shrinking reduces it.</param>
    public Trial(BijectionCase subject, ulong seed, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (!(scale > 0 && scale <= 1)) throw new ArgumentOutOfRangeException(nameof(scale), scale, "expected in (0, 1]");
        (Case, Seed, _scale) = (subject, seed, scale);
        Flow = subject.Draw(seed);
        _random = new Philox(seed, "trial");
    }

    /// <summary>The kind of bijection.</summary>
    public BijectionCase Case { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>The bijection drawn.</summary>
    public IBijection Flow { get; }

    /// <summary>d.</summary>
    public int Dimension => Flow.Dimension;

    /// <summary>The trial's random numbers.</summary>
    public Philox Random => _random;

    /// <summary>The next random point, uniform in scale·[−reach, reach]^d.</summary>
    public double[] Point() => Point(Case.Reach);

    /// <summary>The next random point, uniform in scale·[−reach, reach]^d for another reach.</summary>
    public double[] Point(double reach)
    {
        double[] x = new double[Dimension];
        foreach (ref double v in x.AsSpan()) v = _scale * _random.NextUniform(-reach, reach);
        return x;
    }
}
