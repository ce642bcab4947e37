using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Targets;

/// <summary>The plane in polar coordinates: z = x + iy and log z.</summary>
internal static class PolarCoordinates
{
    /// <summary>arg z in (−π, π): 2 atan(y/(|z| + x)), or 2 atan((|z| − x)/y) where x &lt; 0, as |z| + x cancels there.</summary>
    public static T Argument<T>(T x, T y) where T : unmanaged, IScalar<T>
    {
        T modulus = T.Sqrt((x * x) + (y * y));
        return 2 * T.Atan(T.SelectLess(x, T.Constant(0), (modulus - x) / y, y / (modulus + x)));
    }

    /// <summary>z ← log z = (log |z|, arg z), with arg z in (m − π, m + π).</summary>
    public static void Log<T>(Span<T> z, double middle) where T : unmanaged, IScalar<T>
    {
        T x = z[0], y = z[1];
        z[0] = 0.5 * T.Log((x * x) + (y * y));
        if (middle == 0)
        {
            z[1] = Argument(x, y);
            return;
        }

        double c = Real.Cos(new(middle)).Value, s = Real.Sin(new(middle)).Value;
        z[1] = middle + Argument((c * x) + (s * y), (c * y) - (s * x));
    }

    /// <summary>z ← e^z.</summary>
    public static void Exp<T>(Span<T> z) where T : unmanaged, IScalar<T>
    {
        T r = T.Exp(z[0]);
        (z[0], z[1]) = (r * T.Cos(z[1]), r * T.Sin(z[1]));
    }
}

/// <summary>(ρ, θ) ↦ e^ρ(cos θ, sin θ), injective where |θ − m| &lt; π; det Df = e^{2ρ}. The chart of a <see cref="Sector"/>.</summary>
internal sealed class Polar(double middle, Box box) : Target(
    Named("polar", (middle, 0)), "exp(x) (cos y, sin y)", box, 1, Membership.Star)
{
    /// <summary>With the K of the zoo, [−½, 0.6] × [m − 2.5, m + 2.5].</summary>
    public Polar(double middle) : this(middle, new Box([-0.5, middle - 2.5], [0.6, middle + 2.5]))
    {
    }

    public override string Remarks => $"injective where |y - {middle:R}| < pi; the chart of sectors";

    public override void Map<T>(Span<T> z) => PolarCoordinates.Exp(z);

    public override void Inverse<T>(Span<T> w, ref InverseStatus status) => PolarCoordinates.Log(w, middle);
}

/// <summary>T16: f(x, y) = (log r, θ) on ½ &lt; r &lt; 2, |θ| &lt; 3; det Df = 1/r².</summary>
internal sealed class LogPolar() : Target(
    "log-polar", "(log |z|, arg z), z = x + i y", new Sector(0.6, 1.8, -2.5, 2.5), 1, Membership.NotStar)
{
    public override string Remarks => "on 1/2 < r < 2, |arg z| < 3, which is not star-shaped (the slit plane, where the formula still holds, is, about 1)";

    public override void Map<T>(Span<T> z) => PolarCoordinates.Log(z, 0);

    public override void Inverse<T>(Span<T> w, ref InverseStatus status) => PolarCoordinates.Exp(w);
}
