using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Distributions;

/// <summary>The Cauchy law, p = 1/(π(1 + x²)); F⁻¹(p) = −cot πp. No mean.</summary>
internal sealed class CauchyLine : LineDensity
{
    public override double Mean => double.NaN;

    public override double Variance => double.NaN;

    public override double Entropy => Log(4 * Math.PI);

    public override (double Lower, double Upper) Window => (-20, 20);

    public override double Cdf(double x) => x < 0 ? Real.Atan(new(-1 / x)).Value / Math.PI : 0.5 + (Real.Atan(new(x)).Value / Math.PI);

    public override double Survival(double x) => Cdf(-x);

    public override double Quantile(double p, double q) => p <= q ? -Cotangent(p) : Cotangent(q);

    public override T LogDensity<T>(T x) => -T.Log1p(x * x) - Log(Math.PI);

    private static double Cotangent(double p) => Real.Cos(new(Math.PI * p)).Value / Real.Sin(new(Math.PI * p)).Value;
}

/// <summary>
/// Student's law with ν = 3 or 4 degrees of freedom times a scale. ν = 3: F = ½ + (u/(1 + u²) + atan u)/π, u = t/√3; p = 2/(π√3(1 + t²/3)²). ν = 4: F = ½ + ⅜ v(1 − v²/12), v = t/√(1 + t²/4); p = ⅜(1 + t²/4)^{−5/2}.
/// </summary>
internal sealed class StudentLine(int freedom, double scale = 1) : LineDensity
{
    private const double Third = 1.0 / 3, RootThree = 1.7320508075688772935;

    public override double Mean => 0;

    public override double Variance => scale * scale * freedom / (freedom - 2);

    /// <summary>ν = 3: 2(2 ln 2 − 1) + ln(½π√3); ν = 4: not needed.</summary>
    public override double Entropy => freedom == 3 ? (2 * ((2 * Log(2)) - 1)) + Log(0.5 * Math.PI * RootThree) + Log(scale) : double.NaN;

    public override (double Lower, double Upper) Window => (-15 * scale, 15 * scale);

    public override double Cdf(double x) => x < 0 ? Tail(-x / scale) : 1 - Tail(x / scale);

    public override double Survival(double x) => Cdf(-x);

    public override double Quantile(double p, double q) => p <= q ? -Upper(p) : Upper(q);

    public override T LogDensity<T>(T x)
    {
        T t = x / scale;
        return freedom == 3
            ? (-2 * T.Log1p(Third * (t * t))) + Log(2 / (Math.PI * RootThree * scale))
            : (-2.5 * T.Log1p(0.25 * (t * t))) + Log(0.375 / scale);
    }

    /// <summary>A normal number over the root of a mean square of ν others.</summary>
    public override double Sample(Philox random)
    {
        double z = random.NextNormal(), sum = 0;
        for (int i = 0; i < freedom; i++)
        {
            double n = random.NextNormal();
            sum += n * n;
        }

        return scale * z / Math.Sqrt(sum / freedom);
    }

    /// <summary>P(t &gt; x) for x ≥ 0, without cancellation.</summary>
    private double Tail(double x)
    {
        if (freedom == 4)
        {
            // with w = 1 − v/2, v = x/√(1 + x²/4) = 2 − 2w: ½ − ⅜v(1 − v²/12) = ½ − ¼(1 − w)(3 − (1 − w)²) = ¼w²(3 − w), w = (1/(1 + x²/4))/(1 + v/2)
            double square = 1 + (0.25 * x * x), w = 1 / square / (1 + (0.5 * x / Math.Sqrt(square)));
            return 0.25 * w * w * (3 - w);
        }

        double u = x / RootThree;
        if (u < 8) return (0.5 * Math.PI - (u / (1 + (u * u))) - Real.Atan(new(u)).Value) / Math.PI;
        // atan(1/u) − (1/u)/(1 + 1/u²) = Σ_{k ≥ 1} (−1)^{k+1} (2k/(2k + 1)) u^{−2k−1}
        double r = 1 / u, power = r, sum = 0;
        for (int k = 1; k < 20; k++)
        {
            power *= r * r;
            sum += (k % 2 == 1 ? 1 : -1) * (2.0 * k / ((2 * k) + 1)) * power;
        }

        return sum / Math.PI;
    }

    /// <summary>
    /// x ≥ 0 with P(t &gt; x) = q ≤ ½. Bracket: p ≤ (18/(π√3))t⁻⁴ for ν = 3, hence q ≤ 1.103 x⁻³; for ν = 4, p ≤ 12 t⁻⁵ and q ≤ 3x⁻⁴.
    /// </summary>
    private double Upper(double q)
    {
        double reach = Real.Exp(Real.Log(new((freedom == 3 ? 1.103 : 3.0) / q)) / freedom).Value;
        // in log x the function is nearly linear far out: Newton's steps then are few
        return scale * IncreasingRoot.Solve(
            x => (q - Tail(x), Real.Exp(new StudentLine(freedom).LogDensity(new Real(x))).Value), 0, Math.Max(reach, 1e-3));
    }
}
