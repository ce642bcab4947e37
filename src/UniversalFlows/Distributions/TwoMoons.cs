using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>
/// Two moons: a point of one of two half circles, (cos t, sin t) or (1 − cos t, ½ − sin t), t uniform on [0, π], plus N(0, 0.1²I), then
/// x ↦ 2x + (−1, −0.2); the toy law of FFJORD (Grathwohl et al. 2019) with uniform angles. The density is the convolution,
/// integrated over t by composite Gauss–Legendre quadrature: log p is right to about 2e-6 where samples fall, and to 1e-8 on average.
/// </summary>
public sealed class TwoMoons : DensityLaw, ICoordinateLaws, IMoments, IConditionals
{
    private const double Noise = 0.1, Scale = 2, ShiftX = -1, ShiftY = -0.2;

    // 24 panels of 4 nodes: near the arc the integrand's width in t is the noise, 0.1, which then meets three nodes
    private const int Panels = 24, Nodes = 4;

    private static readonly (double X, double Y, double Weight)[] Arcs = MakeArcs();

    // the quadrature of the convolution is itself a mixture of Gaussians: its conditional laws are closed forms
    private static readonly Lazy<GaussianMixture> s_mixture = new(() => new GaussianMixture(
        "moons by quadrature", "Σ w N(arc, s²I)", [.. Arcs.Select(a => (a.Weight, (double[])[a.X, a.Y], (double[])[Noise * Scale * Noise * Scale, 0, 0, Noise * Scale * Noise * Scale]))]));

    private TwoMoons()
        : base("moons", "2·(arc(t) + N(0, 0.1²I)) − (1, 0.2), arc(t) = (cos t, sin t) or (1 − cos t, ½ − sin t), t uniform on [0, π]", new Box([-4.8, -3], [4.8, 3.8]))
    {
    }

    /// <summary>The law.</summary>
    public static TwoMoons Instance { get; } = new();

    /// <summary>The law of a coordinate, of the mixture that the quadrature is.</summary>
    public LineLaw Coordinate(int i) => s_mixture.Value.Coordinate(i);

    /// <inheritdoc/>
    public double Mean(int i) => s_mixture.Value.Mean(i);

    /// <inheritdoc/>
    public double Covariance(int i, int j) => s_mixture.Value.Covariance(i, j);

    /// <summary>The conditional law, of the mixture that the quadrature is.</summary>
    public LineLaw Given(ReadOnlySpan<double> before) => s_mixture.Value.Given(before);

    /// <summary>The law with N(0, s²I) added.</summary>
    public static GaussianMixture Mollified(double deviation) => s_mixture.Value.Mollified(deviation);

    /// <inheritdoc/>
    public override T LogDensity<T>(ReadOnlySpan<T> x)
    {
        // a deviation of Noise·Scale in the plane of x; the sum needs no shift where the density is above the smallest double
        double s = Noise * Scale;
        T nearest = T.Constant(double.NegativeInfinity);
        foreach ((double ax, double ay, _) in Arcs) nearest = T.Max(nearest, T.Freeze(Exponent(x, ax, ay, s)));
        T sum = T.Constant(0);
        foreach ((double ax, double ay, double weight) in Arcs) sum = T.MultiplyAdd(T.Constant(weight), T.Exp(Exponent(x, ax, ay, s) - nearest), sum);
        return nearest + T.Log(sum) - Real.Log(new Real(2 * Math.PI * s * s)).Value;
    }

    /// <inheritdoc/>
    public override void Sample(Philox random, Span<double> x)
    {
        ArgumentNullException.ThrowIfNull(random);
        bool lower = random.NextInt(2) == 1;
        (double ax, double ay) = Arc(lower, Math.PI * random.NextUniform());
        x[0] = ax + (Scale * Noise * random.NextNormal());
        x[1] = ay + (Scale * Noise * random.NextNormal());
    }

    private static T Exponent<T>(ReadOnlySpan<T> x, double ax, double ay, double s) where T : unmanaged, IScalar<T>
    {
        T a = (x[0] - ax) / s, b = (x[1] - ay) / s;
        return -0.5 * ((a * a) + (b * b));
    }

    private static (double X, double Y) Arc(bool lower, double t)
    {
        double c = Real.Cos(new Real(t)).Value, s = Real.Sin(new Real(t)).Value;
        (double x, double y) = lower ? (1 - c, 0.5 - s) : (c, s);
        return ((Scale * x) + ShiftX, (Scale * y) + ShiftY);
    }

    private static (double X, double Y, double Weight)[] MakeArcs()
    {
        (double[] t, double[] w) = GaussLegendre.Composite(0, Math.PI, Panels, Nodes);
        List<(double, double, double)> arcs = [];
        foreach (bool lower in (bool[])[false, true])
        {
            for (int i = 0; i < t.Length; i++)
            {
                (double x, double y) = Arc(lower, t[i]);
                arcs.Add((x, y, 0.5 * w[i] / Math.PI));
            }
        }

        return [.. arcs];
    }
}
