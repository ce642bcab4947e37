using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>T12: f(z) = z + cz² on |z| &lt; 1/(2|c|), z = x + iy; det Df = |1 + 2cz|².</summary>
internal sealed class QuadraticComplex(double c) : Target(
    Named("quadratic-complex", (c, 0.4)), $"z + {c:R} z^2, z = x + i y", new Ball(Math.Min(1, 0.45 / Math.Abs(c)), 2), 1, Membership.Star)
{
    public override string Remarks => "injective where |z| < 1/(2|c|)";

    public override void Map<T>(Span<T> z)
    {
        T x = z[0], y = z[1];
        z[0] = x + (c * ((x * x) - (y * y)));
        z[1] = y + (2 * c * x * y);
    }

    /// <summary>2w/(1 + √(1 + 4cw)), free of cancellation.</summary>
    public override void Inverse<T>(Span<T> w, ref InverseStatus status)
    {
        T a = 1 + (4 * c * w[0]), b = 4 * c * w[1];
        (T re, T im) = PrincipalRoot(a, b);
        re = 1 + re;
        T scale = 2 / ((re * re) + (im * im));
        (w[0], w[1]) = (scale * ((w[0] * re) + (w[1] * im)), scale * ((w[1] * re) - (w[0] * im)));
    }

    /// <summary>√(a + ib) with positive real part: the larger of the two parts first, the other from re·im = b/2.</summary>
    internal static (T Re, T Im) PrincipalRoot<T>(T a, T b) where T : unmanaged, IScalar<T>
    {
        T zero = T.Constant(0);
        T larger = T.Sqrt(0.5 * (T.Sqrt((a * a) + (b * b)) + T.Abs(a)));
        T smaller = 0.5 * b / larger;
        T signed = T.SelectLess(b, zero, -larger, larger);
        return (T.SelectLess(a, zero, T.Abs(smaller), larger), T.SelectLess(a, zero, signed, smaller));
    }
}

/// <summary>T13: f(z) = eᶻ − 1 on |Im z| &lt; π; det Df = e^{2x}.</summary>
internal sealed class ExpComplex() : Target(
    "exp-complex", "exp(z) - 1, z = x + i y", new Box([-1, -2], [1, 2]), 1, Membership.Star)
{
    public override string Remarks => "injective where |Im z| < pi";

    public override void Map<T>(Span<T> z)
    {
        // eˣ cos y − 1 = expm1 x − 2eˣ sin²(y/2)
        T r = T.Exp(z[0]), s = T.Sin(0.5 * z[1]);
        (z[0], z[1]) = (T.Expm1(z[0]) - (2 * r * s * s), r * T.Sin(z[1]));
    }

    /// <summary>log(1 + w): log|1+w|² = log1p(2u + u² + v²), and arg = 2 atan(v/(|1+w| + 1 + u)).</summary>
    public override void Inverse<T>(Span<T> w, ref InverseStatus status)
    {
        T u = w[0], v = w[1];
        T real = 1 + u, modulus = T.Sqrt((real * real) + (v * v));
        // v/(r + a) = (r − a)/v: the second where a < 0, as r + a cancels there
        T tangent = T.SelectLess(real, T.Constant(0), (modulus - real) / v, v / (modulus + real));
        w[0] = 0.5 * T.Log1p((u * (2 + u)) + (v * v));
        w[1] = 2 * T.Atan(tangent);
    }
}

/// <summary>T14: f(z) = √z on C ∖ (−∞, 0]; det Df = 1/(4|z|).</summary>
internal sealed class SqrtComplex() : Target(
    "sqrt-complex", "sqrt(z), z = x + i y", new Ball(0.8, [1, 0]), 1, Membership.Star)
{
    public override string Remarks => "defined on the plane without (-inf, 0], onto the right half plane";

    public override void Map<T>(Span<T> z) => (z[0], z[1]) = QuadraticComplex.PrincipalRoot(z[0], z[1]);

    public override void Inverse<T>(Span<T> w, ref InverseStatus status) => (w[0], w[1]) = ((w[0] - w[1]) * (w[0] + w[1]), 2 * w[0] * w[1]);
}

/// <summary>T15: f(z) = z/(1 − cz) on |z| &lt; 1/|c|; det Df = |1 − cz|⁻⁴.</summary>
internal sealed class Moebius(double c) : Target(
    Named("moebius", (c, 0.5)), $"z/(1 - {c:R} z), z = x + i y", new Ball(Math.Min(1, 0.9 / Math.Abs(c)), 2), 1, Membership.Star)
{
    public override string Remarks => "defined where |z| < 1/|c|";

    public override void Map<T>(Span<T> z) => Divide(z, -c);

    public override void Inverse<T>(Span<T> w, ref InverseStatus status) => Divide(w, c);

    /// <summary>z/(1 + kz) = (z + k|z|²)/|1 + kz|².</summary>
    private static void Divide<T>(Span<T> z, double k) where T : unmanaged, IScalar<T>
    {
        T square = (z[0] * z[0]) + (z[1] * z[1]);
        T re = 1 + (k * z[0]), im = k * z[1];
        T scale = 1 / ((re * re) + (im * im));
        (z[0], z[1]) = ((z[0] + (k * square)) * scale, z[1] * scale);
    }
}
