using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>T9: Hénon's map (1 + y − ax², bx); det Df = −b.</summary>
internal sealed class Henon(double a, double b) : Target(
    Named("henon", (a, 1.4), (b, 0.3)), $"(1 + y - {a:R} x^2, {b:R} x)", Domain.Cube(2, -1, 1), b > 0 ? -1 : 1, Membership.Star)
{
    public override void Map<T>(Span<T> x) => (x[0], x[1]) = (1 + x[1] - (a * x[0] * x[0]), b * x[0]);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        T x = y[1] / b;
        (y[0], y[1]) = (x, y[0] - 1 + (a * x * x));
    }
}

/// <summary>T10: (x, y + x²); det Df = 1; one additive coupling.</summary>
internal sealed class Banana() : Target("banana", "(x, y + x^2)", Domain.Cube(2, -1, 1), 1, Membership.Star)
{
    public override string Remarks => "one affine coupling represents it exactly";

    public override void Map<T>(Span<T> x) => x[1] += x[0] * x[0];

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => y[1] -= y[0] * y[0];
}

/// <summary>T11: the twist R(ω e^{−|x|²}) x; det Df = 1, and |f(x)| = |x|.</summary>
internal sealed class Twist(double omega) : Target(
    Named("twist", (omega, 0.5 * Math.PI)), $"R({omega:R} exp(-|x|^2)) x", Domain.Cube(2, -1, 1), 1, Membership.Star)
{
    public override string Remarks => "area preserving; not triangular in any coordinates";

    public override void Map<T>(Span<T> x) => Turn(x, omega);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => Turn(y, -omega);

    private static void Turn<T>(Span<T> x, double omega) where T : unmanaged, IScalar<T> =>
        Rotation.Rotate(x, omega * T.Exp(-((x[0] * x[0]) + (x[1] * x[1]))));
}

/// <summary>T18: (x + 0.3 sin(1.5y) + 0.1x³, y + 0.25x²); det Df = 1 + 0.3x² − 0.225 x cos 1.5y ≥ 0.957 everywhere.</summary>
internal sealed class Generic() : Target(
    "generic", "(x + 0.3 sin(1.5 y) + 0.1 x^3, y + 0.25 x^2)", Domain.Cube(2, -1, 1), 1, Membership.Star)
{
    public override string Remarks => "det Df = 1 + 0.3 x^2 - 0.225 x cos(1.5 y) > 0.95 on all of R^2";

    public override void Map<T>(Span<T> x)
    {
        T a = x[0], b = x[1];
        x[0] = a + (0.3 * T.Sin(1.5 * b)) + (0.1 * a * a * a);
        x[1] = b + (0.25 * a * a);
    }
}

/// <summary>T19: (x, y + 0.1 sin(2πx)·16y²(1 − y)²) on the unit square, which it keeps.</summary>
internal sealed class SquareSlices() : Target(
    "square-slices", "(x, y + 0.1 sin(2 pi x) 16 y^2 (1-y)^2)", Domain.Cube(2, 0, 1), 1, Membership.Star)
{
    public override void Map<T>(Span<T> x)
    {
        T bump = x[1] * (1 - x[1]);
        x[1] += 1.6 * T.Sin(2 * Math.PI * x[0]) * bump * bump;
    }
}

/// <summary>T20: (x, y/(1 + xy)) for xy &gt; −1; det Df = (1 + xy)⁻².</summary>
internal sealed class SkewProjective() : Target("skew-projective", "(x, y/(1 + x y))", Domain.Cube(2, -0.5, 0.5), 1, Membership.Star)
{
    public override string Remarks => "defined where xy > -1";

    public override void Map<T>(Span<T> x) => x[1] /= 1 + (x[0] * x[1]);

    public override void Inverse<T>(Span<T> y, ref InverseStatus status) => y[1] /= 1 - (y[0] * y[1]);
}

/// <summary>
/// T21: (x√(1 − y²/2), y√(1 − x²/2)), the open square (−1, 1)² onto the unit disc; with a, b the two roots det Df = ab − x²y²/(4ab) =
/// (1 − (x² + y²)/2)/(ab).
/// </summary>
internal sealed class SquareToDisc() : Target(
    "square-to-disc", "(x sqrt(1 - y^2/2), y sqrt(1 - x^2/2))", Domain.Cube(2, -0.9, 0.9), 1, Membership.Star)
{
    public override string Remarks => "the open square (-1,1)^2 onto the unit disc; the derivative is singular at the corners";

    public override void Map<T>(Span<T> x)
    {
        T a = T.Sqrt(1 - (0.5 * x[1] * x[1])), b = T.Sqrt(1 - (0.5 * x[0] * x[0]));
        (x[0], x[1]) = (x[0] * a, x[1] * b);
    }

    /// <summary>
    /// x = ½(√((√2 + u)² − v²) − √((√2 − u)² − v²)) = 2√2 u/(the sum of the two roots), y the same with u and v exchanged.
    /// </summary>
    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        (T u, T v) = (y[0], y[1]);
        (y[0], y[1]) = (Coordinate(u, v), Coordinate(v, u));

        static T Coordinate(T u, T v)
        {
            double root = Math.Sqrt(2);
            T sum = T.Sqrt((root + u - v) * (root + u + v)) + T.Sqrt((root - u - v) * (root - u + v));
            return 2 * root * u / sum;
        }
    }
}

/// <summary>
/// T30: (−h(x), −y/2) with h(x) = 1.25x − 0.25x³ on |x| &lt; √(5/3); det Df = h′(x)/2 = (1.25 − 0.75x²)/2. It exchanges (1, 0) and (−1, 0), an isolated
/// 2-cycle, so it is no limit of time-1 maps of autonomous equations.
/// </summary>
internal sealed class TwoCycle() : Target(
    "two-cycle", "(-1.25 x + 0.25 x^3, -y/2)", new Box([-1.2, -1], [1.2, 1]), 1, Membership.Star)
{
    public override string Remarks => "defined where |x| < sqrt(5/3); (1,0) and (-1,0) are an isolated 2-cycle";

    public override void Map<T>(Span<T> x) => (x[0], x[1]) = (x[0] * ((0.25 * x[0] * x[0]) - 1.25), -0.5 * x[1]);

    /// <summary>With x = r sin θ, r = 2√(5/3), it is h = (5r/12) sin 3θ.</summary>
    public override void Inverse<T>(Span<T> y, ref InverseStatus status)
    {
        double r = 2 * Math.Sqrt(5.0 / 3);
        T sine = -y[0] / (5 * r / 12);
        T angle = T.Atan(sine / T.Sqrt((1 - sine) * (1 + sine))) / 3;
        (y[0], y[1]) = (r * T.Sin(angle), -2 * y[1]);
    }
}
