using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims;

/// <summary>Intervals of one number each. Write formulas generically, over T, and read them here with T = <see cref="Interval"/>.</summary>
internal static class Enclosure
{
    /// <summary>The number itself.</summary>
    public static Interval Of(double x) => Interval.Constant(x);

    /// <summary>|x − c|.</summary>
    public static Interval Distance(Interval x, double c) => Interval.Abs(x - Interval.Constant(c));

    /// <summary>Half way between the ends.</summary>
    public static double Middle(Interval x) => 0.5 * (x.Lower[0] + x.Upper[0]);

    /// <summary>π = 4·atan 1.</summary>
    public static T Pi<T>() where T : unmanaged, IScalar<T> => 4 * T.Atan(T.Constant(1));
}
