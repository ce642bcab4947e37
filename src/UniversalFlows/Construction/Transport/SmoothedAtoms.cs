using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// Σ_j w_j N(a_j1, σ²) × … × N(a_{j,d−1}, σ²) × δ_{a_jd}: point masses with noise in all coordinates but the last. The conditional laws of the first ones are mixtures of normal laws, that of the last one is a law of point masses whose weights change smoothly: its quantile function has
/// steps, which is no obstacle where only the measure of errors counts, and the noise of the last coordinate is saved.
/// </summary>
internal sealed class SmoothedAtoms : IConditionals
{
    private readonly int _d, _count;
    private readonly double _deviation;
    private readonly double[] _points, _weights; // in the order of the last coordinate

    public SmoothedAtoms(AtomicLaw atoms, double deviation)
    {
        (_d, _count, _deviation) = (atoms.Dimension, atoms.Count, deviation);
        int[] order = [.. Enumerable.Range(0, _count).OrderBy(j => atoms.Point(j)[^1])];
        _points = [.. order.SelectMany(j => atoms.Point(j).ToArray())];
        _weights = [.. order.Select(atoms.Weight)];
    }

    /// <summary>E of the noise's length, σ E|Z| in R^{d−1}.</summary>
    public double Cost => _deviation * Mollified.MeanNorm(_d - 1);

    public LineLaw Given(ReadOnlySpan<double> before)
    {
        int k = before.Length;
        double[] exponents = new double[_count];
        double nearest = double.PositiveInfinity;
        for (int j = 0; j < _count; j++)
        {
            for (int i = 0; i < k; i++)
            {
                double u = (before[i] - _points[(j * _d) + i]) / _deviation;
                exponents[j] += 0.5 * u * u;
            }

            nearest = Math.Min(nearest, exponents[j]);
        }

        List<double> places = [], weights = [];
        for (int j = 0; j < _count; j++)
        {
            if (exponents[j] - nearest > 40) continue; // e⁻⁴⁰ of the nearest one's weight
            double place = _points[(j * _d) + k], w = _weights[j] * Real.Exp(new(nearest - exponents[j])).Value;
            if (k == _d - 1 && places.Count > 0 && places[^1] == place) weights[^1] += w;
            else
            {
                places.Add(place);
                weights.Add(w);
            }
        }

        if (k == _d - 1) return new AtomsLine([.. places], [.. weights]);
        double total = VectorMath.Sum(weights.ToArray());
        double[] deviations = new double[places.Count];
        Array.Fill(deviations, _deviation);
        return new NormalMixtureLine([.. weights.Select(w => w / total)], [.. places], deviations);
    }
}
