using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// How layers of a family draw an increasing curve z ↦ t(z) for z ~ N(0, 1): a fixed map of z before (or none), a transformer whose raw numbers depend on the curve, an affine map after. Errors are in measure: ∫ min(2, |error|) φ dz.
/// </summary>
internal abstract class CoordinateShape
{
    /// <summary>Curves are drawn on [−Reach, Reach], and go on somehow beyond, where N(0, 1) has mass 6e-7.</summary>
    public const double Reach = 5;

    /// <summary>The points where curves are compared: equal masses of N(0, 1).</summary>
    public static readonly double[] Probes = [.. Enumerable.Range(0, 256).Select(i => Normal.Quantile((i + 0.5) / 256, 1 - ((i + 0.5) / 256)))];

    /// <summary>What depends on the conditioner.</summary>
    public abstract ITransformer Transformer { get; }

    /// <summary>In words and numbers.</summary>
    public abstract string Words { get; }

    /// <summary>Layers of coordinate k before.</summary>
    public virtual IEnumerable<IBijection> Before(int dimension, int k) => [];

    /// <summary>y ↦ scale·y + shift after the transformer.</summary>
    public virtual (double Scale, double Shift) After => (1, 0);

    /// <summary>What the transformer is given for z.</summary>
    protected virtual double Input(double z) => z;

    /// <summary>The raw numbers for the curve t.</summary>
    public abstract double[] Raw(Func<double, double> t);

    /// <summary>The drawn curve at the probes.</summary>
    public double[] Values(double[] raw)
    {
        double[] values = new double[Probes.Length];
        Lanes[] lanes = [.. raw.Select(Lanes.Constant)], p = new Lanes[Transformer.ParameterCount];
        Transformer.Parameters<Lanes>(lanes, p);
        for (int n = 0; n < values.Length; n += Lanes.Width)
        {
            Lanes x = default;
            for (int lane = 0; lane < Lanes.Width; lane++) x = x.With(lane, Input(Probes[n + lane]));
            ((After.Scale * Transformer.Value<Lanes>(x, p)) + After.Shift).Store(values.AsSpan(n));
        }

        return values;
    }

    /// <summary>∫ min(2, |a − b|) φ over the probes.</summary>
    public static double Distance(double[] a, double[] b)
    {
        double sum = 0;
        for (int n = 0; n < a.Length; n++) sum += Math.Abs(a[n] - b[n]) is var e && e < 2 ? e : 2;
        return sum / a.Length;
    }

    /// <summary>A coupling of coordinate k without passive coordinates.</summary>
    protected static Coupling Alone(int dimension, int k, ITransformer transformer, double[] raw) => new(dimension, [], [k], transformer, new ConstantConditioner(0, raw));
}
