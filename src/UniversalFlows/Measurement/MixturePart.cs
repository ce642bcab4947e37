using UniversalFlows.Distributions;

namespace UniversalFlows.Measurement;

/// <summary>A part of a mixture: weight w, and the law of c + s·n + (a_1 u_1, …, a_d u_d) with n ~ N(0, I) and u_i uniform on [−1, 1]. s = 0 and a = 0: a point mass; s = 0: uniform on a box.</summary>
/// <param name="Weight">w.</param>
/// <param name="Centre">c, d numbers.</param>
/// <param name="Deviation">s ≥ 0.</param>
/// <param name="HalfWidths">a, d numbers ≥ 0.</param>
public sealed record MixturePart(double Weight, IReadOnlyList<double> Centre, double Deviation, IReadOnlyList<double> HalfWidths)
{
    /// <summary>A Gaussian part.</summary>
    public static MixturePart Of(GaussianComponent c)
    {
        ArgumentNullException.ThrowIfNull(c);
        return new(c.Weight, c.Mean, c.Deviation, new double[c.Mean.Count]);
    }

    /// <summary>The parts of a law: mixtures of isotropic Gaussians, point masses, products of point masses on the line, uniform boxes. Null for all others.</summary>
    public static IReadOnlyList<MixturePart>? Parts(Law law)
    {
        ArgumentNullException.ThrowIfNull(law);
        switch (law)
        {
            case GaussianMixture mixture:
                try
                {
                    return [.. mixture.Components.Select(Of)];
                }
                catch (NotSupportedException)
                {
                    return null;
                }

            case AtomicLaw atoms:
                return [.. Enumerable.Range(0, atoms.Count).Select(j => new MixturePart(atoms.Weight(j), atoms.Point(j).ToArray(), 0, new double[atoms.Dimension]))];
            case ProductLaw product when product.Dimension == 1 && product.Coordinate(0) is AtomsLine line:
                return [.. line.Atoms.Select(a => new MixturePart(a.Weight, [a.Place], 0, [0]))];
            case ProductDensity product when Enumerable.Range(0, product.Dimension).All(i => product.Coordinate(i) is IntervalsLine { IsWhole: true }):
                (double Lower, double Upper)[] sides = [.. Enumerable.Range(0, product.Dimension).Select(i => product.Coordinate(i).Window)];
                return [new MixturePart(1, [.. sides.Select(s => 0.5 * (s.Lower + s.Upper))], 0, [.. sides.Select(s => 0.5 * (s.Upper - s.Lower))])];
            default:
                return null;
        }
    }
}
