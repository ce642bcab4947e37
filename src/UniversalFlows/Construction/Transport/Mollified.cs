using UniversalFlows.Distributions;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// A law that has conditional laws one can work with, near ν: ν itself; ν cut into strips; or ν, or point masses near it, with noise of the width σ added: BL(ν, ν_σ) ≤ E min(2, σ|Z|) ≤ σ E|Z|, because X and X + σZ are a coupling.
/// </summary>
public sealed record Mollified
{
    /// <summary>The most point masses that are kept apart.</summary>
    public const int MostAtoms = 4000;

    private const double MollificationShare = 0.5, QuantisationShare = 0.1;

    /// <summary>T.</summary>
    public required KnotheRosenblatt Map { get; init; }

    /// <summary>σ; 0: ν is used as it is.</summary>
    public double Deviation { get; init; }

    /// <summary>σ E|Z|, Z normal in the coordinates that noise is added to.</summary>
    public double MollificationBound { get; init; }

    /// <summary>W₁ of ν and the point masses, or of ν and its strips.</summary>
    public double QuantisationBound { get; init; }

    /// <summary>How many point masses; 0: none.</summary>
    public int Atoms { get; init; }

    /// <summary>What was done, in words.</summary>
    public required string Words { get; init; }

    /// <summary>E|Z| for Z ~ N(0, I) in R^d: c_1 = √(2/π), c_2 = √(π/2), c_{d+2} = c_d(d + 1)/d.</summary>
    public static double MeanNorm(int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        double c = dimension % 2 == 1 ? Math.Sqrt(2 / Math.PI) : Math.Sqrt(Math.PI / 2);
        for (int d = dimension % 2 == 1 ? 1 : 2; d < dimension; d += 2) c *= (d + 1.0) / d;
        return c;
    }

    /// <summary>
    /// Conditional laws that are known exactly need no mollification, with or without densities; nor does a density for d ≤ 3, which is integrated. Point masses of the plane (whose conditional laws are known, but hop wildly) are cut into strips; point masses in R³ and laws known by quantisation alone
    /// are smoothed in all coordinates but the last.
    /// </summary>
    /// <param name="law">ν.</param>
    /// <param name="epsilon">The whole error wanted: half of it may be mollification or strips, a tenth quantisation.</param>
    /// <param name="deviation">σ by hand: N(0, σ²I) is added to a Gaussian mixture, to point masses, or to a quantisation; null: as above.</param>
    /// <exception cref="ArgumentException">There is no way to this law.</exception>
    public static Mollified Of(Law law, double epsilon, double? deviation = null)
    {
        ArgumentNullException.ThrowIfNull(law);
        int d = law.Dimension;
        if (deviation is { } sigma) return Mixture(law, epsilon, sigma);
        if (law is AtomicLaw atoms && d > 1)
        {
            (AtomicLaw few, double moved) = Fewer(atoms, QuantisationShare * epsilon);
            string said = few.Count < atoms.Count ? $"{atoms.Count} point masses moved to {few.Count} places" : $"{atoms.Count} point masses";
            if (d > 2) return Smooth(few, moved, said);
            StripLaw strips = StripLaw.Of(few, MollificationShare * epsilon);
            return new Mollified { Map = new(d, strips), QuantisationBound = moved + strips.Cost, Atoms = few.Count, Words = $"{said} in {strips.Count} strip{(strips.Count == 1 ? "" : "s")}, within which the coordinates are independent" };
        }

        if (law is IConditionals) return new Mollified { Map = KnotheRosenblatt.Of(law), Words = "conditional laws in closed form" };
        if (law is DensityLaw && d <= QuadratureConditionals.LargestDimension) return new Mollified { Map = KnotheRosenblatt.Of(law), Words = "conditional laws by quadrature of the density" };
        if (law is not IQuantised) throw new ArgumentException($"there is no construction for {law.Name}: neither conditional laws, nor a density for d <= {QuadratureConditionals.LargestDimension}, nor point masses near it are known", nameof(law));
        AtomicLaw points = Quantised(law, epsilon, out double bound);
        return Smooth(points, bound, $"{points.Count} point masses");

        Mollified Smooth(AtomicLaw points, double moved, string words)
        {
            double s = MollificationShare * epsilon / MeanNorm(d - 1);
            return new Mollified { Map = new(d, new SmoothedAtoms(points, s)), Deviation = s, MollificationBound = s * MeanNorm(d - 1), QuantisationBound = moved, Atoms = points.Count, Words = $"{words} with N(0, s^2 I) added in all coordinates but the last" };
        }
    }

    /// <summary>ν ∗ N(0, σ²I) as a Gaussian mixture.</summary>
    private static Mollified Mixture(Law law, double epsilon, double sigma)
    {
        double bound = 0;
        AtomicLaw? points = null;
        GaussianMixture mixture;
        if (law is GaussianMixture given) mixture = given.Mollified(sigma);
        else if (law is TwoMoons) mixture = TwoMoons.Mollified(sigma);
        else
        {
            if (law is AtomicLaw atoms) (points, bound) = Fewer(atoms, QuantisationShare * epsilon);
            else if (law is IQuantised) points = Quantised(law, epsilon, out bound);
            else throw new ArgumentException($"{law.Name} is not mollified: its conditional laws are used as they are", nameof(sigma));
            mixture = GaussianMixture.Mollified(points, sigma);
        }

        int d = law.Dimension;
        return new Mollified { Map = KnotheRosenblatt.Of(mixture), Deviation = sigma, MollificationBound = sigma * MeanNorm(d), QuantisationBound = bound, Atoms = points?.Count ?? 0, Words = $"{(points is null ? "the law" : $"{points.Count} point masses")} with N(0, s^2 I) added" };
    }

    private static AtomicLaw Quantised(Law law, double epsilon, out double bound)
    {
        int count = 200;
        AtomicLaw points = ((IQuantised)law).Quantise(count, out bound);
        while (bound > QuantisationShare * epsilon && count < MostAtoms) points = ((IQuantised)law).Quantise(count = Math.Min(2 * count, MostAtoms), out bound);
        return points;
    }

    internal static (AtomicLaw Atoms, double Moved) Fewer(AtomicLaw atoms, double most)
    {
        if (atoms.Count <= MostAtoms) return (atoms, 0);
        AtomicLaw few = Snapped(atoms, most, out double moved);
        return (few, moved);
    }

    /// <summary>The masses moved to the centres of gravity of a grid's cells, as coarse as the mean distance allows.</summary>
    private static AtomicLaw Snapped(AtomicLaw atoms, double most, out double moved)
    {
        int d = atoms.Dimension;
        for (double pitch = 4 * most; ; pitch /= 2)
        {
            SortedDictionary<string, (double Weight, double[] Sum)> cells = new(StringComparer.Ordinal);
            string[] keys = new string[atoms.Count];
            for (int j = 0; j < atoms.Count; j++)
            {
                double[] p = atoms.Point(j).ToArray();
                string key = keys[j] = string.Join(',', p.Select(v => Math.Floor(v / pitch).ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
                (double weight, double[] sum) = cells.TryGetValue(key, out var cell) ? cell : (0, new double[d]);
                for (int i = 0; i < d; i++) sum[i] += atoms.Weight(j) * p[i];
                cells[key] = (weight + atoms.Weight(j), sum);
            }

            moved = 0;
            for (int j = 0; j < atoms.Count; j++)
            {
                (double weight, double[] sum) = cells[keys[j]];
                double square = 0;
                for (int i = 0; i < d; i++) square += ((sum[i] / weight) - atoms.Point(j)[i]) * ((sum[i] / weight) - atoms.Point(j)[i]);
                moved += atoms.Weight(j) * Math.Sqrt(square);
            }

            if (moved <= most) return new AtomicLaw(atoms.Name, atoms.Formula, [.. cells.Values.SelectMany(c => c.Sum.Select(s => s / c.Weight))], d, [.. cells.Values.Select(c => c.Weight)]);
        }
    }
}
