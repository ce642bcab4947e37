using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims;

/// <summary>The library's elementary functions of one double: the same bits on every machine.</summary>
internal static class Reals
{
    public static double Exp(double x) => Real.Exp(new(x)).Value;

    public static double Expm1(double x) => Real.Expm1(new(x)).Value;

    public static double Log(double x) => Real.Log(new(x)).Value;

    public static double Log1p(double x) => Real.Log1p(new(x)).Value;

    public static double Sin(double x) => Real.Sin(new(x)).Value;

    public static double Cos(double x) => Real.Cos(new(x)).Value;

    public static double Tanh(double x) => Real.Tanh(new(x)).Value;

    public static double Atan(double x) => Real.Atan(new(x)).Value;

    public static double Logistic(double x) => Real.Logistic(new(x)).Value;

    /// <summary>xʸ for x > 0.</summary>
    public static double Power(double x, double y) => Exp(y * Log(x));

    /// <summary>The derivative of a formula at x, by dual numbers.</summary>
    public static double Derivative(Func<Dual<Real>, Dual<Real>> f, double x) => f(Dual<Real>.Variable(new(x))).Tangent.Value;

    /// <summary>n points from a to b, both included.</summary>
    public static IEnumerable<double> Grid(double a, double b, int n) => Enumerable.Range(0, n).Select(i => a + ((b - a) * i / (n - 1)));
}

/// <summary>The largest of many numbers; NaN stays NaN, so that it never passes for small.</summary>
internal struct Largest
{
    public double Value { get; private set; }

    public void Add(double x)
    {
        if (!(x <= Value)) Value = double.IsNaN(Value) ? Value : x;
    }
}
