using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Distributions;

/// <summary>A probability law on the line by its distribution function F and its quantile function; with or without a density. Immutable, thread safe.</summary>
public abstract class LineLaw
{
    /// <summary>E X; NaN if there is none.</summary>
    public abstract double Mean { get; }

    /// <summary>Var X; +∞ or NaN if there is none.</summary>
    public abstract double Variance { get; }

    /// <summary>An interval, not empty, with all but a negligible part of the mass (for heavy tails all but a few per cent).</summary>
    public abstract (double Lower, double Upper) Window { get; }

    /// <summary>F(x) = P(X ≤ x).</summary>
    public abstract double Cdf(double x);

    /// <summary>1 − F(x), with the digits of the upper tail where it matters.</summary>
    public virtual double Survival(double x) => 1 - Cdf(x);

    /// <summary>inf {x : F(x) ≥ p}, 0 &lt; p &lt; 1.</summary>
    /// <param name="p">p.</param>
    /// <param name="q">1 − p: in the upper tail it has the digits.</param>
    public abstract double Quantile(double p, double q);

    /// <summary>F⁻¹(Φ(z)): the increasing map that sends N(0, 1) to this law.</summary>
    public virtual double FromNormal(double z) => Quantile(Normal.Cdf(z), Normal.Survival(z));

    /// <summary>A sample; always the same number of draws, unless the law is sampled by rejection.</summary>
    public virtual double Sample(Philox random)
    {
        ArgumentNullException.ThrowIfNull(random);
        double u = random.NextUniform();
        return Quantile(u, 1 - u);
    }
}

/// <summary>A law on the line with a density.</summary>
public abstract class LineDensity : LineLaw
{
    /// <summary>−∫ p log p in nats; NaN if it isn't known.</summary>
    public abstract double Entropy { get; }

    /// <summary>log p(x); −∞ where p = 0.</summary>
    public abstract T LogDensity<T>(T x) where T : unmanaged, IScalar<T>;

    /// <summary>log c for a constant c &gt; 0.</summary>
    private protected static double Log(double c) => Real.Log(new(c)).Value;
}
