using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Testing.Foreign;

namespace UniversalFlows.Testing;

/// <summary>One test of a law of values: a flow as plain numbers, and a source of random points. The same seed gives the same points.</summary>
public class ValueTrial
{
    /// <summary>2⁻⁵², the spacing of doubles at 1.</summary>
    public const double DoubleEpsilon = 2.220446049250313e-16;

    private readonly double _scale;

    /// <summary>The trial of a seed.</summary>
    /// <param name="values">The flow.</param>
    /// <param name="seed">Sets all points.</param>
    /// <param name="reach">Points are drawn from scale·[−reach, reach]^d.</param>
    /// <param name="count">How many points a law takes at once.</param>
    /// <param name="scale">0 &lt; scale ≤ 1; shrinking reduces it.</param>
    public ValueTrial(IForeignFlow values, ulong seed, double reach, int count, double scale = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        if (!(reach > 0 && double.IsFinite(reach))) throw new ArgumentOutOfRangeException(nameof(reach), reach, "expected a positive number");
        if (!(scale > 0 && scale <= 1)) throw new ArgumentOutOfRangeException(nameof(scale), scale, "expected in (0, 1]");
        (Values, Seed, Reach, Count, _scale) = (values, seed, reach, count, scale);
        Random = new Philox(seed, "trial");
    }

    /// <summary>The flow.</summary>
    public IForeignFlow Values { get; }

    /// <summary>The seed.</summary>
    public ulong Seed { get; }

    /// <summary>Where points are drawn from.</summary>
    public double Reach { get; }

    /// <summary>How many points a law takes at once.</summary>
    public int Count { get; }

    /// <summary>d.</summary>
    public int Dimension => Values.Dimension;

    /// <summary>The trial's random numbers.</summary>
    public Philox Random { get; }

    /// <summary>Why a law could not decide; null where it could. What a law of our own cases leaves undecided is a failure of theirs.</summary>
    public string? Undecided { get; private set; }

    /// <summary>A tolerance stated for doubles, in the precision of the flow.</summary>
    public double Digits(double tolerance) => tolerance * (Values.Epsilon / DoubleEpsilon);

    /// <summary>The next random point, uniform in scale·[−reach, reach]^d.</summary>
    public double[] Point() => Point(Reach);

    /// <summary>The next random point, uniform in scale·[−reach, reach]^d for another reach.</summary>
    public double[] Point(double reach) => Points(1, reach);

    /// <summary><see cref="Count"/> random points, one after the other.</summary>
    public double[] Points() => Points(Count, Reach);

    /// <summary>The next <paramref name="count"/> random points, one after the other.</summary>
    public double[] Points(int count, double reach)
    {
        double[] x = new double[count * Dimension];
        foreach (ref double v in x.AsSpan()) v = _scale * Random.NextUniform(-reach, reach);
        return x;
    }

    /// <summary>Point <paramref name="n"/> of a batch.</summary>
    public double[] Row(double[] points, int n) => points[(n * Dimension)..((n + 1) * Dimension)];

    /// <summary>Says that the law can't decide; returned by the law in place of a verdict.</summary>
    public virtual string? CannotDecide(string why)
    {
        Undecided = why;
        return null;
    }
}

/// <summary>One random test of a law of bijections: a bijection drawn from a case, and random points.</summary>
public sealed class Trial : ValueTrial
{
    /// <summary>Points a law of values takes at once: half a vector, so that a batch is never a whole one.</summary>
    private const int PointsATrial = 4;

    /// <summary>The trial of a seed.</summary>
    /// <param name="subject">The kind of bijection.</param>
    /// <param name="seed">Sets the parameters of the bijection and all points.</param>
    /// <param name="scale">Points are drawn from scale·[−reach, reach]^d, 0 &lt; scale ≤ 1; shrinking reduces it.</param>
    public Trial(BijectionCase subject, ulong seed, double scale = 1)
        : this(subject ?? throw new ArgumentNullException(nameof(subject)), subject.Draw(seed), seed, scale)
    {
    }

    private Trial(BijectionCase subject, IBijection flow, ulong seed, double scale)
        : base(new BijectionValues(flow, subject.Name), seed, subject.Reach, PointsATrial, scale) => (Case, Flow) = (subject, flow);

    /// <summary>The kind of bijection.</summary>
    public BijectionCase Case { get; }

    /// <summary>The bijection drawn.</summary>
    public IBijection Flow { get; }

    /// <inheritdoc/>
    public override string? CannotDecide(string why) => why;
}
