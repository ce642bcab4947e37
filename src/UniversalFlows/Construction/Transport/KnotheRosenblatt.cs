using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// The Knothe–Rosenblatt map of N(0, I) to a law ν: T_k(z) = F_k⁻¹(Φ(z_k) | T_1(z), …, T_{k−1}(z)), triangular and increasing in z_k, T_# N(0, I) = ν (Rosenblatt 1952, Knothe 1957; Villani 2009, chapter 1). Where ν has a density p,
/// Σ_k log ∂T_k/∂z_k = log φ_d(z) − log p(T(z)).
/// </summary>
public sealed class KnotheRosenblatt
{
    private readonly IConditionals _law;

    /// <summary>The map to the law with these conditional laws.</summary>
    public KnotheRosenblatt(int dimension, IConditionals law)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        ArgumentNullException.ThrowIfNull(law);
        (Dimension, _law) = (dimension, law);
    }

    /// <summary>Where z_1 passes from one conditional law of x_2 to another, if there are only finitely many of them; otherwise none.</summary>
    internal double[] Breaks => (_law as IBreaks)?.Breaks ?? [];

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>The map to a law: from its own conditional laws, or by quadrature of its density for d ≤ 3.</summary>
    /// <exception cref="ArgumentException">It has neither: it must be mollified or quantised first.</exception>
    public static KnotheRosenblatt Of(Law law) => law switch
    {
        IConditionals known => new(law.Dimension, known),
        DensityLaw density when law.Dimension <= QuadratureConditionals.LargestDimension => new(law.Dimension, new QuadratureConditionals(density)),
        _ => throw new ArgumentException($"the conditional laws of {law?.Name} are not known, and it has no density to integrate", nameof(law)),
    };

    /// <summary>T(z).</summary>
    public void Map(ReadOnlySpan<double> z, Span<double> x)
    {
        for (int k = 0; k < Dimension; k++) x[k] = _law.Given(x[..k]).FromNormal(z[k]);
    }

    /// <summary>T⁻¹(x): z_k = Φ⁻¹(F_k(x_k | x_1, …, x_{k−1})), where the F_k are continuous.</summary>
    public void Inverse(ReadOnlySpan<double> x, Span<double> z)
    {
        for (int k = 0; k < Dimension; k++)
        {
            LineLaw line = _law.Given(x[..k]);
            z[k] = Normal.Quantile(line.Cdf(x[k]), line.Survival(x[k]));
        }
    }

    /// <summary>Row j of x ← T(before, z_j).</summary>
    internal void Line(ReadOnlySpan<double> before, ReadOnlySpan<double> z, Span<double> x)
    {
        int d = Dimension;
        for (int k = 0; k < d - 1; k++) x[k] = _law.Given(x[..k]).FromNormal(before[k]);
        LineLaw last = _law.Given(x[..(d - 1)]);
        for (int j = z.Length - 1; j >= 0; j--)
        {
            x[..(d - 1)].CopyTo(x[(j * d)..]);
            x[(j * d) + d - 1] = last.FromNormal(z[j]);
        }
    }

    /// <summary>The law of T_k(z) given z_1, …, z_{k−1}: its <see cref="LineLaw.FromNormal"/> is z_k ↦ T_k(z).</summary>
    public LineLaw Slice(ReadOnlySpan<double> before)
    {
        Span<double> x = stackalloc double[before.Length];
        for (int k = 0; k < x.Length; k++) x[k] = _law.Given(x[..k]).FromNormal(before[k]);
        return _law.Given(x);
    }
}
