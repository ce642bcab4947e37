using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>T28: f(x) = sx, s ≠ 0; det Df = s^d. Few planar layers leave an error of |1 − s| on the unit ball, contractive residual layers one of s − (1 + κ)^M.</summary>
internal sealed class Scaling(double s, int dimension) : Target(
    Named("scaling", (s, 2), (dimension, 2)), $"{s:R} x", new Ball(1, dimension), s > 0 || dimension % 2 == 0 ? 1 : -1, Membership.Star)
{
    public override void Map<T>(Span<T> x)
    {
        foreach (ref T v in x) v *= s;
    }

    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        foreach (ref T v in y) v /= s;
    }
}

/// <summary>The reflection (x_1, …, x_{d−1}, −x_d); det Df = −1: the simplest map that no orientation-preserving flow approximates.</summary>
internal sealed class Reflection(int dimension) : Target(
    Named("reflection", (dimension, 2)), "(x_1, .., x_(d-1), -x_d)", Domain.Cube(dimension, -1, 1), -1, Membership.Star)
{
    public override string Remarks => "no orientation-preserving map comes closer than the half width of K";

    public override void Map<T>(Span<T> x) => x[^1] = -x[^1];

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => Map(y);
}

/// <summary>
/// T28: n shears of the plane one after the other, the odd ones x ← x + ay, the even ones y ← y + ax; det Df = 1. Three shears with
/// a = −tan(θ/2), sin θ, −tan(θ/2) would be a rotation; with one a, n affine couplings represent it exactly.
/// </summary>
internal sealed class ShearChain(int count, double a) : Target(
    Named("shear-chain", (count, 3), (a, 0.5)), $"{count} shears in turn: x <- x + {a:R} y, y <- y + {a:R} x", Domain.Cube(2, -1, 1), 1, Membership.Star)
{
    public override string Remarks => $"{count} affine couplings represent it exactly";

    public override void Map<T>(Span<T> x)
    {
        for (int k = 0; k < count; k++) x[k % 2] += a * x[(k + 1) % 2];
    }

    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        for (int k = count - 1; k >= 0; k--) y[k % 2] -= a * y[(k + 1) % 2];
    }
}

/// <summary>
/// T28: f(x) = Ax with a random A of either sign of the determinant: independent N(0, 1/d) entries, drawn again until the condition
/// number is at most 20·d; the sign is set by the first row's.
/// </summary>
internal sealed class RandomLinear : Target
{
    private readonly Linear _linear;

    public RandomLinear(int dimension, int seed, int sign) : base(
        Named("random-linear", (dimension, 2), (seed, 1), (sign, 1)), $"A x, A a random {dimension} x {dimension} matrix, det A {(sign > 0 ? ">" : "<")} 0",
        new Ball(1, dimension), sign, Membership.Star)
    {
        double[] matrix = new double[dimension * dimension], inverse = new double[matrix.Length];
        Philox random = new((ulong)seed, "random-linear");
        double norm = 1 / Math.Sqrt(dimension), condition;
        do
        {
            random.FillNormal(matrix);
            foreach (ref double v in matrix.AsSpan()) v *= norm;
            condition = SmallMatrix.Invert(matrix, dimension, inverse)
                ? SmallMatrix.OperatorNorm(matrix, dimension) * SmallMatrix.OperatorNorm(inverse, dimension)
                : double.PositiveInfinity;
        }
        while (!(condition <= 20 * dimension));
        SmallMatrix.LogAbsDeterminant(matrix, dimension, out int drawn);
        if (drawn != sign)
        {
            foreach (ref double v in matrix.AsSpan(0, dimension)) v = -v;
        }

        _linear = new Linear(matrix, new double[dimension]);
    }

    /// <summary>A, row by row.</summary>
    internal ReadOnlySpan<double> Matrix => _linear.Matrix;

    public override void Map<T>(Span<T> x) => _linear.Map(x);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => _linear.Inverse(y, ref status);
}
