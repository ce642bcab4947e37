using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>T7: the rotation of the plane by θ.</summary>
internal sealed class Rotation(double theta) : Target(
    Named("rotation", (theta, 1)), $"R({theta:R}) x, a rotation of the plane", new Ball(1, 2), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x) => Rotate(x, T.Constant(theta));

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => Rotate(y, T.Constant(-theta));

    /// <summary>(x_1, x_2) ← R(angle)(x_1, x_2).</summary>
    public static void Rotate<T>(Span<T> x, T angle) where T : unmanaged, IScalar<T>
    {
        T c = T.Cos(angle), s = T.Sin(angle);
        (x[0], x[1]) = ((c * x[0]) - (s * x[1]), (s * x[0]) + (c * x[1]));
    }
}

/// <summary>T8: f(x) = −x.</summary>
internal sealed class MinusIdentity(int dimension) : Target(
    Named("minus-identity", (dimension, 2)), "-x", Domain.Cube(dimension, -1, 1), dimension % 2 == 0 ? 1 : -1, Membership.Star)
{
    public override void Map<T>(Span<T> x)
    {
        foreach (ref T v in x) v = -v;
    }

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => Map(y);
}

/// <summary>T23: the plane (x, y) turned by αz, a helix.</summary>
internal sealed class Helix(double alpha) : Target(
    Named("helix", (alpha, 1)), $"(R({alpha:R} z)(x, y), z)", Domain.Cube(3, -1, 1), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x) => Rotation.Rotate(x, alpha * x[2]);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => Rotation.Rotate(y, -alpha * y[2]);
}
