using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction;

/// <summary>
/// Step (c): a factor g near the identity is T_d∘…∘T_1 with T_i = G_i∘G_{i−1}⁻¹, G_i(y) = (g_1(y), …, g_i(y), y_{i+1}, …, y_d): T_i changes coordinate i alone, and
/// ∂T_i/∂y_i = M_i/M_{i−1}, a quotient of leading principal minors of Dg, positive. For g = g_k every intermediate state is explicit in x ∈ K: the first i coordinates
/// of S_{t_k}(x), the others of S_{t_{k−1}}(x). So T_i is known on its tube, the image of K, without any inverse.
/// </summary>
public sealed class OneCoordinateMap
{
    private readonly IntermediateState _before, _after;

    /// <summary>T_i of the factor g_k.</summary>
    /// <param name="factors">g_1, …, g_N.</param>
    /// <param name="factor">k, from 1.</param>
    /// <param name="coordinate">i, from 0.</param>
    /// <param name="domain">K.</param>
    public OneCoordinateMap(NearIdentityFactors factors, int factor, int coordinate, Domain domain)
    {
        ArgumentNullException.ThrowIfNull(factors);
        (Factor, Coordinate) = (factor, coordinate);
        _before = new(factors.Isotopy, factors.Frames[factor - 1], factors.Frames[factor], coordinate, domain);
        _after = new(factors.Isotopy, factors.Frames[factor - 1], factors.Frames[factor], coordinate + 1, domain);
    }

    /// <summary>k.</summary>
    public int Factor { get; }

    /// <summary>i.</summary>
    public int Coordinate { get; }

    /// <summary>x ∈ K ↦ the state on which T acts.</summary>
    public IMap Before => _before;

    /// <summary>x ∈ K ↦ the state that T makes of it.</summary>
    public IMap After => _after;

    /// <summary>T at the images of points of K: states, values and derivatives ∂T/∂y_i = det D(after)/det D(before) = M_i/M_{i−1}.</summary>
    public Tube Sample(double[] points)
    {
        int d = _before.Dimension, count = points.Length / d;
        double[] values = new double[count], slopes = new double[count];
        double[] images = PointSet.Map(_after, points), from = PointSet.Jacobians(_before, points), to = PointSet.Jacobians(_after, points);
        for (int n = 0; n < count; n++)
        {
            values[n] = images[(n * d) + Coordinate];
            slopes[n] = SmallMatrix.Determinant(to.AsSpan(n * d * d, d * d), d) / SmallMatrix.Determinant(from.AsSpan(n * d * d, d * d), d);
        }

        return new Tube(d, Coordinate, PointSet.Map(_before, points), values, slopes);
    }

    /// <summary>
    /// sup over the points of |Df(x)·D(after)(x)⁻¹ e_i|: by how much an error of this layer is stretched on its way to the end, to first order.
    /// </summary>
    /// <param name="points">Points of K.</param>
    /// <param name="derivatives">Df at the points.</param>
    public double ErrorAmplification(double[] points, double[] derivatives)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(derivatives);
        int d = _after.Dimension;
        double[] jacobians = PointSet.Jacobians(_after, points), unit = new double[d], v = new double[d];
        unit[Coordinate] = 1;
        double largest = 0;
        for (int n = 0; n < points.Length / d; n++)
        {
            if (!SmallMatrix.Solve(jacobians.AsSpan(n * d * d, d * d), unit, v)) return double.NaN;
            double square = 0;
            for (int i = 0; i < d; i++)
            {
                double sum = 0;
                for (int j = 0; j < d; j++) sum = Math.FusedMultiplyAdd(derivatives[(((n * d) + i) * d) + j], v[j], sum);
                square = Math.FusedMultiplyAdd(sum, sum, square);
            }

            largest = Math.Max(largest, Math.Sqrt(square));
        }

        return largest;
    }

    /// <summary>sup ‖DT‖ over the images of the points, DT = D(after)·D(before)⁻¹.</summary>
    public double Lipschitz(double[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return PointSet.LargestQuotient(PointSet.Jacobians(_after, points), PointSet.Jacobians(_before, points), _after.Dimension);
    }

    /// <summary>
    /// y ← T(y) itself, by inverting the state before: x with before(x) = y from Newton's iteration, then the coordinate of after(x). NaN, and a lowered status, where y has
    /// no preimage.
    /// </summary>
    public void Map<T>(Span<T> y, ref InverseStatus status) where T : unmanaged, IScalar<T>
    {
        int d = _before.Dimension;
        using Scratch<T> scratch = new(d);
        Span<T> x = scratch.Take(d);
        y.CopyTo(x);
        _before.Inverse(x, ref status);
        _after.Map(x);
        y[Coordinate] = x[Coordinate];
    }

    /// <summary>x ↦ (the first i coordinates of S_{t_k}(x), the others of S_{t_{k−1}}(x)).</summary>
    private sealed class IntermediateState(Isotopy isotopy, Frame old, Frame next, int changed, Domain domain)
        : Target("state", "the first coordinates of the next moment, the others of the last one", domain, null)
    {
        // a state is near S_0, whose inverse is affine: for a strong isotopy Newton would otherwise find another preimage
        private protected override void Guess(Span<Lanes> y) => isotopy.InvertStart(y);

        public override void Map<T>(Span<T> x)
        {
            if (changed == 0)
            {
                isotopy.Map(old, x);
                return;
            }

            int d = Dimension;
            using Scratch<T> scratch = new(d);
            Span<T> later = scratch.Take(d);
            x.CopyTo(later);
            isotopy.Map(next, later);
            if (changed < d) isotopy.Map(old, x);
            later[..changed].CopyTo(x);
        }
    }
}

/// <summary>Points of the tube of a one-coordinate map y_i ↦ T(y), with values and derivatives.</summary>
/// <param name="Dimension">d.</param>
/// <param name="Coordinate">i.</param>
/// <param name="Points">The states y, row by row.</param>
/// <param name="Values">T(y).</param>
/// <param name="Slopes">∂T/∂y_i.</param>
public sealed record Tube(int Dimension, int Coordinate, double[] Points, double[] Values, double[] Slopes)
{
    /// <summary>The number of points.</summary>
    public int Count => Values.Length;

    /// <summary>The least derivative; NaN if one is NaN.</summary>
    public double SmallestSlope { get; } = Slopes.Aggregate(double.PositiveInfinity, Math.Min);

    /// <summary>The smallest interval of coordinate j that holds all points.</summary>
    public (double Lower, double Upper) Interval(int j)
    {
        double lower = double.PositiveInfinity, upper = double.NegativeInfinity;
        for (int n = 0; n < Count; n++)
        {
            lower = Math.Min(lower, Points[(n * Dimension) + j]);
            upper = Math.Max(upper, Points[(n * Dimension) + j]);
        }

        return (lower, upper);
    }

    /// <summary>sup over the points of |layer − T|; +∞ where it is not finite.</summary>
    public double ErrorOf(IMap layer)
    {
        double[] images = PointSet.Map(layer, Points);
        double largest = 0;
        for (int n = 0; n < Count; n++)
        {
            double error = Math.Abs(images[(n * Dimension) + Coordinate] - Values[n]);
            largest = error <= largest ? largest : double.IsFinite(error) ? error : double.PositiveInfinity;
        }

        return largest;
    }
}
