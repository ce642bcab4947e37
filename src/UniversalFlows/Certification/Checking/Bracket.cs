using UniversalFlows.Scalars;

namespace UniversalFlows.Certification.Checking;

/// <summary>
/// The checker's intervals [L, H]: each result moved to the neighbouring double outside, an elementary function by the ulps that docs/elementary.md proves.
/// NaN: nothing is known. No code of the prover's enclosures.
/// </summary>
internal readonly record struct Bracket(double L, double H)
{
    public static readonly Bracket Unknown = new(double.NaN, double.NaN);

    public double Largest => Math.Max(Math.Abs(L), Math.Abs(H));

    public double Least => L > 0 ? L : H < 0 ? -H : double.IsNaN(L + H) ? double.NaN : 0;

    public static Bracket Of(double c) => new(c, c);

    public static Bracket operator +(Bracket a, Bracket b) => Out(a.L + b.L, a.H + b.H);

    public static Bracket operator -(Bracket a, Bracket b) => Out(a.L - b.H, a.H - b.L);

    public static Bracket operator -(Bracket a) => new(-a.H, -a.L);

    public static Bracket operator *(Bracket a, Bracket b)
    {
        (double p, double q, double r, double s) = (a.L * b.L, a.L * b.H, a.H * b.L, a.H * b.H);
        return Out(Math.Min(Math.Min(p, q), Math.Min(r, s)), Math.Max(Math.Max(p, q), Math.Max(r, s)));
    }

    public static Bracket operator /(Bracket a, double c) => c > 0 ? Out(a.L / c, a.H / c) : Unknown;

    /// <summary>1/x.</summary>
    public static Bracket Inverse(Bracket x) => x.L > 0 || x.H < 0 ? Out(1 / x.H, 1 / x.L) : Unknown;

    public static Bracket Sqrt(Bracket x) => x.L >= 0 ? new(Math.Max(0, Math.BitDecrement(Math.Sqrt(x.L))), Math.BitIncrement(Math.Sqrt(x.H))) : Unknown;

    public static Bracket Square(Bracket x) => Out(x.Least * x.Least, x.Largest * x.Largest);

    /// <summary>An increasing function whose computed values are within so many ulps, each at most 2⁻⁵² of the exact value or 2⁻¹⁰⁷⁴.</summary>
    public static Bracket Increasing(Func<Real, Real> f, double ulps, Bracket x, double least = double.NegativeInfinity, double most = double.PositiveInfinity)
    {
        (double l, double h) = (f(new(x.L)).Value, f(new(x.H)).Value);
        if (double.IsNaN(l) || double.IsNaN(h)) return Unknown;
        double share = (ulps + 0.1) * Math.ScaleB(1, -52), few = 8 * double.Epsilon;
        l = double.IsInfinity(l) ? Math.BitDecrement(l) : Math.BitDecrement(l - ((Math.Abs(l) * share) + few));
        h = double.IsInfinity(h) ? Math.BitIncrement(h) : Math.BitIncrement(h + ((Math.Abs(h) * share) + few));
        return new(Math.Max(l, least), Math.Min(h, most));
    }

    private static Bracket Out(double l, double h) => double.IsNaN(l) || double.IsNaN(h) ? Unknown : new(Math.BitDecrement(l), Math.BitIncrement(h));
}
