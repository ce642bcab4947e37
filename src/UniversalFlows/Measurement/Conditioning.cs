using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Measurement;

/// <summary>How a map g stretches K, from its derivative at finitely many points: estimates from below of three suprema.</summary>
/// <param name="Lipschitz">max σ₁(Dg), on a convex K at most the Lipschitz constant of g.</param>
/// <param name="InverseLipschitz">max 1/σ_d(Dg), the same of g⁻¹ at the images of the points.</param>
/// <param name="Condition">max σ₁/σ_d at one point.</param>
/// <param name="Points">How many points were looked at.</param>
public sealed record Conditioning(double Lipschitz, double InverseLipschitz, double Condition, int Points)
{
    /// <summary>Measures at quasi-random points of K; NaN where a derivative is singular or not finite.</summary>
    /// <param name="map">g.</param>
    /// <param name="domain">K.</param>
    /// <param name="points">How many, a multiple of 8.</param>
    /// <param name="threads">No bit depends on them.</param>
    public static Conditioning Estimate(IMap map, Domain domain, int points = 2048, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(domain);
        if (points < Lanes.Width || points % Lanes.Width != 0) throw new ArgumentException($"a positive multiple of {Lanes.Width} was expected, not {points}", nameof(points));
        int d = domain.Dimension;
        double[] largest = new double[points], inverse = new double[points];
        Workers.For(points / Lanes.Width, threads, group =>
        {
            LowDiscrepancy sequence = new(d, seed: 0, "conditioning");
            using Scratch<Lanes> scratch = new((2 * d) + (d * d));
            Span<Lanes> x = scratch.Take(d), value = scratch.Take(d), derivative = scratch.Take(d * d);
            using Scratch<double> numbers = new((2 * d * d) + d);
            Span<double> point = numbers.Take(d), matrix = numbers.Take(d * d), inverted = numbers.Take(d * d);
            for (int lane = 0; lane < Lanes.Width; lane++)
            {
                sequence.Point((uint)((group * Lanes.Width) + lane), point);
                domain.FromUnitCube(point, point);
                for (int i = 0; i < d; i++) x[i] = x[i].With(lane, point[i]);
            }

            Jacobian.Evaluate<Lanes>(map, x, value, derivative);
            for (int lane = 0; lane < Lanes.Width; lane++)
            {
                for (int i = 0; i < d * d; i++) matrix[i] = derivative[i][lane];
                int n = (group * Lanes.Width) + lane;
                largest[n] = SmallMatrix.OperatorNorm(matrix, d);
                inverse[n] = SmallMatrix.Invert(matrix, d, inverted) ? SmallMatrix.OperatorNorm(inverted, d) : double.NaN;
            }
        });
        double lipschitz = 0, inverseLipschitz = 0, condition = 0;
        for (int n = 0; n < points; n++)
        {
            lipschitz = Math.Max(lipschitz, largest[n]);   // Math.Max keeps NaN
            inverseLipschitz = Math.Max(inverseLipschitz, inverse[n]);
            condition = Math.Max(condition, largest[n] * inverse[n]);
        }

        return new Conditioning(lipschitz, inverseLipschitz, condition, points);
    }
}
