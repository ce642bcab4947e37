using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Construction;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>
/// The reference table F1: the twist with ω = π/2 on [−1, 1]², A first, N factors; each one-coordinate map T becomes one sum of squares with q the tensor Chebyshev interpolant of
/// √(∂T/∂y), degree r in both coordinates, on the bounding box (plus 0.02) of the exact states of the 81² grid, T on the box by exact inverses; the constant is the interpolant
/// of T at mid-interval. No fit: the library's layers do better, this is the recipe as it stands.
/// </summary>
public sealed class EndToEndTable
{
    private static readonly Target s_twist = TargetParser.Parse("twist");
    private static readonly Domain s_square = Domain.Parse("box(-1,1)", 2);

    /// <summary>P(x, y) = T(x, mid) + ∫_mid^y q².</summary>
    private sealed class Interpolant : IMap
    {
        private readonly int _active;
        private readonly double _middle;
        private readonly ChebyshevConditioner _conditioner;
        private readonly SumOfSquaresTransformer _transformer;

        /// <summary>Throws <see cref="InvalidOperationException"/> where T has no positive slope at a node.</summary>
        public Interpolant(OneCoordinateMap map, double[] grid, int degree)
        {
            _active = map.Coordinate;
            int passive = 1 - _active, n = degree + 1;
            Tube tube = map.Sample(grid);
            (double[] lower, double[] upper) = (new double[2], new double[2]);
            for (int i = 0; i < 2; i++)
            {
                (double a, double b) = tube.Interval(i);
                (lower[i], upper[i]) = (a - 0.02, b + 0.02);
            }

            double[] points = ChebyshevGrid.Points(degree, [lower[passive], lower[_active]], [upper[passive], upper[_active]]);
            double[] q = new double[n * n], centre = new double[n];
            _middle = 0.5 * (lower[_active] + upper[_active]);
            for (int k = 0; k < n * n; k++)
            {
                double slope = At(map, points[2 * k], points[(2 * k) + 1]).Slope;
                if (!(slope > 0)) throw new InvalidOperationException($"slope {slope:G3}");
                q[k] = Math.Sqrt(slope);
            }

            for (int k = 0; k < n; k++) centre[k] = At(map, points[2 * k * n], _middle).Value;
            ChebyshevGrid.ToCoefficients(q, degree, 2);
            ChebyshevGrid.ToCoefficients(centre, degree, 1);
            Dense rows = new(n, n + 1);
            for (int j = 0; j < n; j++)
            {
                rows.Weights[j] = centre[j];
                for (int l = 0; l < n; l++) rows.Weights[((l + 1) * n) + j] = q[(j * n) + l];
            }

            _conditioner = new ChebyshevConditioner([degree], [lower[passive]], [upper[passive]], rows);
            _transformer = new SumOfSquaresTransformer(1, degree, new PolynomialBasis(true, lower[_active], upper[_active]), 0);
        }

        public int Dimension => 2;

        public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
        {
            T[] raw = new T[_conditioner.Outputs];
            _conditioner.Evaluate<T>([x[1 - _active]], raw);
            x[_active] = _transformer.Value<T>(x[_active], raw) + raw[0] - _transformer.Value<T>(T.Constant(_middle), raw);
        }

        /// <summary>T and ∂T/∂y at a point of the box.</summary>
        private (double Value, double Slope) At(OneCoordinateMap map, double passive, double active)
        {
            Dual<Real>[] y = new Dual<Real>[2];
            y[1 - _active] = Dual<Real>.Lift(new(passive));
            y[_active] = Dual<Real>.Variable(new(active));
            InverseStatus status = default;
            map.Map<Dual<Real>>(y, ref status);
            return (y[_active].Value.Value, y[_active].Tangent.Value);
        }
    }

    private static double Sup(int count, int degree)
    {
        double[] grid = PointSet.Even(s_square, 81);
        Isotopy isotopy = new(s_twist, [0, 0], AffineOrder.First, grid);
        NearIdentityFactors factors = NearIdentityFactors.Uniform(isotopy, count);
        (Linear first, Linear last) = isotopy.AffineParts();
        double[] images = PointSet.Map(first, grid), expected = PointSet.Map(s_twist, grid);
        for (int k = 1; k <= count; k++)
            for (int i = 0; i < 2; i++) images = PointSet.Map(new Interpolant(new OneCoordinateMap(factors, k, i, s_square), grid, degree), images);
        images = PointSet.Map(last, images);
        double sup = 0;
        for (int n = 0; n < grid.Length; n += 2) sup = Math.Max(sup, Math.Sqrt(Math.Pow(images[n] - expected[n], 2) + Math.Pow(images[n + 1] - expected[n + 1], 2)));
        return sup;
    }

    [Theory]
    [InlineData(4, "6.8e-2", "1.3e-2", "4.7e-3", "1.6e-3", "4.0e-4")]
    [InlineData(8, "2.0e-2", "4.1e-4", "4.9e-5", "2.2e-6", "6.0e-8")]
    public void Twist_by_sums_of_squares(int count, params string[] printed)
    {
        double[] degrees = [6, 10, 14, 18, 24], errors = [.. degrees.Select(r => Sup(count, (int)r))];
        ReferenceTable.Matches(printed, errors);
    }

    [Fact]
    public void Two_factors_are_too_few() => Assert.Contains("slope", Assert.Throws<InvalidOperationException>(() => Sup(2, 6)).Message, StringComparison.Ordinal);
}
