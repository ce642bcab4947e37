using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>f(z) = 1/z on a ring about 0; det Df = |z|⁻⁴. A diffeomorphism of its U, but U is not diffeomorphic to the plane.</summary>
/// <remarks>
/// 1/z turns the circle |z| = 1 the other way round: its winding number about 0 is −1. The image of that circle under an
/// orientation-preserving homeomorphism g of the plane with |g − 1/z| &lt; 1 on it would have the same winding number, but it has 1 or 0.
/// </remarks>
internal sealed class RingInversion() : Target(
    "ring-inversion", "1/z, z = x + i y", new Ring(0.6, 1.8), 1, Membership.Outside("U is a ring, not diffeomorphic to R^2"))
{
    public override string Remarks => "conformal; reverses the winding about 0, so no orientation-preserving map of the plane is within 1 of it on |z| = 1";

    public override void Map<T>(Span<T> z)
    {
        T scale = 1 / ((z[0] * z[0]) + (z[1] * z[1]));
        (z[0], z[1]) = (z[0] * scale, -(z[1] * scale));
    }

    public override void Inverse<T>(Span<T> w, ref InverseStatus status) => Map(w);
}

/// <summary>f(z) = z² on a ring about 0; det Df = 4|z|². Two points have the same image.</summary>
internal sealed class RingSquare() : Target(
    "ring-square", "z^2, z = x + i y", new Ring(0.6, 1.8), 1, Membership.Outside("not injective: z and -z have one image"))
{
    public override string Remarks => "a local diffeomorphism, two to one";

    public override void Map<T>(Span<T> z) => (z[0], z[1]) = ((z[0] - z[1]) * (z[0] + z[1]), 2 * z[0] * z[1]);

    public override void Inverse<T>(Span<T> w, ref InverseStatus status) => NotUnique(w, ref status);
}

/// <summary>f(x) = |x|: not injective.</summary>
internal sealed class Fold() : Target(
    "fold", "|x|", Domain.Cube(1, -1, 1), null, Membership.Outside("not injective: x and -x have one image"))
{
    public override string Remarks => "the best increasing approximation has the sup error 1/2";

    public override void Map<T>(Span<T> x) => x[0] = T.Abs(x[0]);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => NotUnique(y, ref status);
}

/// <summary>f(x) = x + 1 for x &lt; 0, x − 1 for x ≥ 0: the two halves of [−1, 1] change places. U = (−1, 0) ∪ (0, 1) is not connected.</summary>
internal sealed class IntervalSwap() : Target(
    "interval-swap", "x + 1 if x < 0, else x - 1", Domain.Cube(1, -1, 1), 1, Membership.Outside("U is two intervals, not connected"))
{
    public override string Remarks => "increasing on each half, but jumps from 1 to -1 between them: no continuous map has a sup error below 1";

    public override void Map<T>(Span<T> x) => x[0] = T.SelectLess(x[0], T.Constant(0), x[0] + 1, x[0] - 1);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => Map(y);
}

/// <summary>f(x) = x³: a homeomorphism whose inverse is not differentiable at 0. f′ = 3x².</summary>
internal sealed class Cube() : Target(
    "cube", "x^3", Domain.Cube(1, -1, 1), 1, Membership.Outside("the inverse is not C1 at 0"))
{
    public override string Remarks => "sup-approximable (x^3 + ex is in the class), but the inverse's error falls slowly";

    public override void Map<T>(Span<T> x) => x[0] *= x[0] * x[0];

    /// <summary>sgn(y)|y|^{1/3}, by logarithms and one Newton step r ← r − (r − |y|/r²)/3.</summary>
    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        // the floor keeps 0 apart from 0/0: its root is 10⁻¹⁰⁰, whose cube is 0 to 300 digits
        T size = T.Max(T.Abs(y[0]), T.Constant(1e-300));
        T root = T.Exp(T.Log(size) / 3);
        root -= (root - (size / (root * root))) / 3;
        y[0] = T.SelectLess(y[0], T.Constant(0), -root, root);
    }
}
