using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>One bin of a rational-quadratic spline: width w, height h, slopes d₀ and d₁ at its ends, y(0) = 0 at ξ = 0.</summary>
internal interface IBin
{
    /// <summary>y at ξ = x/w in [0, 1].</summary>
    static abstract T Value<T>(T xi, T w, T h, T d0, T d1) where T : unmanaged, IScalar<T>;

    /// <summary>The formula given for dy/dx.</summary>
    static abstract T Slope<T>(T xi, T w, T h, T d0, T d1) where T : unmanaged, IScalar<T>;
}

/// <summary>As printed in the lecture.</summary>
internal readonly struct PrintedBin : IBin
{
    public static T Value<T>(T xi, T w, T h, T d0, T d1) where T : unmanaged, IScalar<T>
    {
        T s = h / w;
        return w * ((s * xi * xi) + (d0 * xi * (1 - xi))) / ((s * xi) + (d1 * (1 - xi)));
    }

    public static T Slope<T>(T xi, T w, T h, T d0, T d1) where T : unmanaged, IScalar<T>
    {
        T s = h / w, below = (s * xi) + (d1 * (1 - xi));
        return s * s * ((d1 * xi * xi) + (2 * d0 * d1 * xi * (1 - xi)) + (d0 * (1 - xi) * (1 - xi))) / (below * below);
    }
}

/// <summary>Gregory and Delbourgo (1982), Durkan et al. (2019).</summary>
internal readonly struct CorrectBin : IBin
{
    public static T Value<T>(T xi, T w, T h, T d0, T d1) where T : unmanaged, IScalar<T>
    {
        T s = h / w;
        return h * ((s * xi * xi) + (d0 * xi * (1 - xi))) / Below(xi, s, d0, d1);
    }

    public static T Slope<T>(T xi, T w, T h, T d0, T d1) where T : unmanaged, IScalar<T>
    {
        T s = h / w, below = Below(xi, s, d0, d1);
        return s * s * ((d1 * xi * xi) + (2 * s * xi * (1 - xi)) + (d0 * (1 - xi) * (1 - xi))) / (below * below);
    }

    private static T Below<T>(T xi, T s, T d0, T d1) where T : unmanaged, IScalar<T> => s + ((d0 + d1 - (2 * s)) * xi * (1 - xi));
}

/// <summary>Rational-quadratic splines.</summary>
internal static class Splines
{
    /// <summary>The bin ends at its height and starts with its slope; w, h, d₀, d₁ given.</summary>
    public static Finding Ends(double w, double h, double d0, double d1) =>
        Ends<PrintedBin>(w, h, d0, d1) with { Corrected = Ends<CorrectBin>(w, h, d0, d1) };

    /// <summary>|y(1) − h| and |y′(0) − d₀|, enclosed.</summary>
    internal static Finding Ends<TBin>(double w, double h, double d0, double d1) where TBin : struct, IBin
    {
        Interval right = TBin.Value(Interval.Constant(1), Interval.Constant(w), Interval.Constant(h), Interval.Constant(d0), Interval.Constant(d1));
        Interval slope = Autodiff<TBin>(0, w, h, d0, d1);
        Interval defect = Interval.Max(Enclosure.Distance(right, h), Enclosure.Distance(slope, d0));
        return Finding.Enclosed(defect, "value at the right end and slope at the left end, by dual numbers over outward rounded intervals, against height and slope of the bin")
            .With(("value at the right end", Enclosure.Middle(right)), ("height of the bin", h), ("slope at the left end", Enclosure.Middle(slope)), ("slope that the bin should have", d0));
    }

    /// <summary>The formula for the derivative against the derivative of the formula.</summary>
    public static Finding Derivative(double w, double h, double d0, double d1) =>
        Derivative<PrintedBin>(w, h, d0, d1) with { Corrected = Derivative<CorrectBin>(w, h, d0, d1) };

    /// <summary>The largest |slope formula − dual number| at ξ = 0, ⅛, …, 1, enclosed.</summary>
    internal static Finding Derivative<TBin>(double w, double h, double d0, double d1) where TBin : struct, IBin
    {
        Interval worst = Interval.Constant(0), formulaAtHalf = default, trueAtHalf = default;
        for (int i = 0; i <= 8; i++)
        {
            double xi = i / 8.0;
            Interval formula = TBin.Slope(Interval.Constant(xi), Interval.Constant(w), Interval.Constant(h), Interval.Constant(d0), Interval.Constant(d1)), dual = Autodiff<TBin>(xi, w, h, d0, d1);
            worst = Interval.Max(worst, Interval.Abs(formula - dual));
            if (i == 4) (formulaAtHalf, trueAtHalf) = (formula, dual);
        }

        return Finding.Enclosed(worst, "the given derivative against dual numbers through the given value, both over outward rounded intervals, at nine points of the bin")
            .With(("formula at the middle", Enclosure.Middle(formulaAtHalf)), ("derivative of the value there", Enclosure.Middle(trueAtHalf)));
    }

    /// <summary>Positive slopes at the knots make the bin increasing.</summary>
    public static Finding Monotone(double w, double h, double d0, double d1) =>
        Monotone<PrintedBin>(w, h, d0, d1) with { Corrected = Monotone<CorrectBin>(w, h, d0, d1) };

    /// <summary>By how much the smallest slope is below 0 at ξ = 0, 1/64, …, 1, enclosed.</summary>
    internal static Finding Monotone<TBin>(double w, double h, double d0, double d1) where TBin : struct, IBin
    {
        Interval worst = Interval.Constant(0), end = default;
        for (int i = 0; i <= 64; i++)
        {
            end = Autodiff<TBin>(i / 64.0, w, h, d0, d1);
            worst = Interval.Max(worst, -end);
        }

        return Finding.Enclosed(worst, "the smallest slope at 65 points of the bin, by dual numbers over outward rounded intervals; the defect is how far it is below 0").With(("slope at the right end", Enclosure.Middle(end)));
    }

    /// <summary>(az² + bz + c)/(dz² + ez + 1): its derivative by the quotient rule.</summary>
    public static Finding QuotientRule() => QuotientRule(-1);

    /// <summary>The same with another sign between the two products.</summary>
    internal static Finding QuotientRule(double sign)
    {
        Interval worst = Interval.Constant(0);
        foreach (double z in Reals.Grid(-1, 1, 17))
        {
            Dual<Interval> f = Rational(Dual<Interval>.Variable(Interval.Constant(z)));
            worst = Interval.Max(worst, Interval.Abs(f.Tangent - Rule(Interval.Constant(z), sign)));
        }

        return Finding.Enclosed(worst, "(0.7z² + 1.1z − 0.4)/(0.3z² − 0.2z + 1) at 17 points: the quotient rule against dual numbers, both over outward rounded intervals");
    }

    private static T Rational<T>(T z) where T : unmanaged, IScalar<T> => ((0.7 * z * z) + (1.1 * z) - 0.4) / ((0.3 * z * z) - (0.2 * z) + 1);

    private static T Rule<T>(T z, double sign) where T : unmanaged, IScalar<T>
    {
        T above = (0.7 * z * z) + (1.1 * z) - 0.4, below = (0.3 * z * z) - (0.2 * z) + 1;
        return ((((1.4 * z) + 1.1) * below) + (sign * above * ((0.6 * z) - 0.2))) / (below * below);
    }

    /// <summary>"Such a bin is a cubic": the largest fourth difference of its values at 0, ¼, …, 1, enclosed, which is 0 for cubics. Corrected: a quotient of quadratics.</summary>
    public static Finding IsCubic(double w, double h, double d0, double d1)
    {
        Interval[] y = [.. Enumerable.Range(0, 5).Select(i => CorrectBin.Value(Interval.Constant(i / 4.0), Interval.Constant(w), Interval.Constant(h), Interval.Constant(d0), Interval.Constant(d1)))];
        Interval difference = y[0] - (Interval.Constant(4) * y[1]) + (Interval.Constant(6) * y[2]) - (Interval.Constant(4) * y[3]) + y[4];
        // y·Δ is a quadratic: its third differences are 0
        double s = h / w;
        Interval[] product = [.. Enumerable.Range(0, 5).Select(i => y[i] * (Interval.Constant(s) + (Interval.Constant((d0 + d1 - (2 * s)) * (i / 4.0) * (1 - (i / 4.0))))))];
        Interval third = product[3] - (Interval.Constant(3) * product[2]) + (Interval.Constant(3) * product[1]) - product[0];
        return Finding.Enclosed(Interval.Abs(difference), "the fourth difference of five values of a rational-quadratic bin, by outward rounded intervals; it vanishes for cubics").With(("fourth difference", Enclosure.Middle(difference))) with
        {
            Corrected = Finding.Enclosed(Interval.Abs(third), "the third difference of the values times the denominator, which vanishes for quadratics"),
        };
    }

    private static Interval Autodiff<TBin>(double xi, double w, double h, double d0, double d1) where TBin : struct, IBin
    {
        // dy/dx = (dy/dξ)/w
        Dual<Interval> y = TBin.Value(Dual<Interval>.Variable(Interval.Constant(xi)), Dual<Interval>.Constant(w), Dual<Interval>.Constant(h), Dual<Interval>.Constant(d0), Dual<Interval>.Constant(d1));
        return y.Tangent / Interval.Constant(w);
    }
}
