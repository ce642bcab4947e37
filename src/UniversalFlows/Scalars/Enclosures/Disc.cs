using System.Runtime.CompilerServices;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <summary>
/// Eight discs m ± r: the arithmetic in which Taylor coefficients of elementary functions are found, at a point (r from rounding) or over a range. Radii are
/// right up to the factor <see cref="Rounding.Safe"/>, which whoever uses them multiplies in once.
/// </summary>
internal readonly record struct Disc(Vec Middle, Vec Radius)
{
    /// <summary>The number c.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Disc Number(double c) => new(Create(c), Vec.Zero);

    /// <summary>A computed value that is within so many ulps of the exact one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Disc Computed(Vec value, double ulps) => new(value, Rounding.Radius(value, ulps));

    /// <summary>The disc of an interval; NaN where nothing is proved.</summary>
    public static Disc Of(Interval x)
    {
        Vec m = Interval.Primal(x, 0).Value;
        return new(m, Max(x.Upper.Value - m, m - x.Lower.Value) + (Abs(m) * Create(2 * Rounding.Unit)));
    }

    /// <summary>An upper bound of |x|.</summary>
    public Vec Magnitude
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (Abs(Middle) + Radius) * Create(Rounding.Safe);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Disc operator +(Disc a, Disc b) => Rounded(a.Middle + b.Middle, a.Radius + b.Radius);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Disc operator -(Disc a, Disc b) => Rounded(a.Middle - b.Middle, a.Radius + b.Radius);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Disc operator -(Disc a) => new(-a.Middle, a.Radius);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Disc operator *(Disc a, Disc b) =>
        Rounded(a.Middle * b.Middle, FusedMultiplyAdd(Abs(a.Middle), b.Radius, FusedMultiplyAdd(a.Radius, Abs(b.Middle) + b.Radius, Create(Rounding.Tiny))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Disc operator *(Disc a, double c) =>
        Rounded(a.Middle * Create(c), FusedMultiplyAdd(a.Radius, Create(Math.Abs(c)), Create(Rounding.Tiny)));

    /// <summary>a/n for a whole number n, as a product with 1/n: two roundings.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Disc Over(Disc a, int n)
    {
        double inverse = 1.0 / n;
        Disc product = a * inverse;
        return product with { Radius = FusedMultiplyAdd(Abs(product.Middle), Create(1.01 * Rounding.Unit), product.Radius) };
    }

    /// <summary>1/x = 1/m ± r/(|m|(|m| − r)); NaN where 0 may be in x.</summary>
    public static Disc Inverse(Disc x)
    {
        Vec size = Abs(x.Middle), rest = size - (x.Radius * Create(Rounding.Safe)), inverse = Create(1.0) / x.Middle;
        Vec radius = (x.Radius / (size * rest)) + Create(Rounding.Tiny);
        return Rounded(inverse, ConditionalSelect(GreaterThan(rest, Vec.Zero), radius * Create(Rounding.Safe), Create(double.NaN)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Disc Rounded(Vec middle, Vec radius) => new(middle, FusedMultiplyAdd(Abs(middle), Create(Rounding.Unit), radius));
}
