using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Densities and their change under maps.</summary>
internal static class Densities
{
    /// <summary>log N(x; m, s²) against a printed number.</summary>
    public static Finding NormalAt(double x, double mean, double deviation, double printed) => NormalAt(x, mean, deviation, printed, -0.5) with
    {
        Corrected = NormalAt(x, mean, deviation, -2.517551, -0.5),
    };

    /// <summary>The same with another factor before log 2π + z², so that a test can plant a wrong one.</summary>
    internal static Finding NormalAt(double x, double mean, double deviation, double printed, double factor)
    {
        Interval log = LogNormal<Interval>(x, mean, deviation, factor);
        return Finding.Enclosed(Enclosure.Distance(log, printed), "the log-density by outward rounded intervals against the printed number").With(("printed", printed), ("log-density", Enclosure.Middle(log)));
    }

    private static T LogNormal<T>(double x, double mean, double deviation, double factor) where T : unmanaged, IScalar<T>
    {
        T z = (T.Constant(x) - mean) / deviation;
        return (factor * (T.Log(2 * Enclosure.Pi<T>()) + (z * z))) - T.Log(T.Constant(deviation));
    }

    /// <summary>The density of the standard normal law in polar coordinates integrates to 1 with the factor rᵖ, p = 1.</summary>
    public static Finding Polar(int power) => Polar(power, 0.5);

    /// <summary>The same with another constant in the exponent.</summary>
    internal static Finding Polar(int power, double half)
    {
        (double[] nodes, double[] weights) = GaussLegendre.Composite(0, 12, 24, 16);
        double mass = 0;
        for (int i = 0; i < nodes.Length; i++) mass += weights[i] * Functions.Power(new Real(nodes[i]), power).Value * Reals.Exp(-half * nodes[i] * nodes[i]);
        return Finding.AtPoints(Math.Abs(mass - 1), 1e-13, "∫∫ over r < 12 and all angles of r·exp(−r²/2)/2π by composite Gauss–Legendre; beyond 12 there is less than 1e-31").With(("mass", mass));
    }

    /// <summary>x ↦ tanh x sends a normal law to a density on (−1, 1) of mass 1.</summary>
    public static Finding TanhImage() => TanhImage(y => 1 - (y * y));

    /// <summary>The same with another derivative of tanh in terms of its value.</summary>
    internal static Finding TanhImage(Func<double, double> slope)
    {
        // in y = sin u the ends of (−1, 1) are reached slowly enough for Gauss–Legendre
        (double[] nodes, double[] weights) = GaussLegendre.Composite(-Math.PI / 2, Math.PI / 2, 64, 16);
        double mass = 0, furthest = 0;
        for (int i = 0; i < nodes.Length; i++)
        {
            double y = Reals.Sin(nodes[i]), x = 0.5 * (Reals.Log1p(y) - Reals.Log1p(-y));
            furthest = Math.Max(furthest, Math.Abs(Reals.Tanh(x)));
            mass += weights[i] * Reals.Cos(nodes[i]) * Reals.Exp((-0.5 * x * x) - (0.5 * Functions.LogTwoPi)) / slope(y);
        }

        return Finding.AtPoints(Math.Max(Math.Abs(mass - 1), Math.Max(0, furthest - 1)), 1e-10, "∫ over (−1, 1) of p(artanh y)/(1 − y²) by composite Gauss–Legendre in y = sin u; no image leaves (−1, 1)")
            .With(("mass on (−1, 1)", mass), ("largest image", furthest));
    }
}
