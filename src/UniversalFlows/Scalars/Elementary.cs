using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Scalars;

/// <summary>Elementary functions on eight lanes (placeholder bodies while the real ones are written).</summary>
public static partial class Elementary
{
    private static Vector512<double> Map(Vector512<double> x, Func<double, double> f) =>
        Vector512.Create(f(x[0]), f(x[1]), f(x[2]), f(x[3]), f(x[4]), f(x[5]), f(x[6]), f(x[7]));

    /// <summary>eˣ.</summary>
    public static Vector512<double> Exp(Vector512<double> x) => Vector512.Exp(x);
    /// <summary>eˣ − 1.</summary>
    public static Vector512<double> Expm1(Vector512<double> x) => Map(x, v => { double u = Math.Exp(v); return u == 1 ? v : double.IsInfinity(u) ? u : u - 1 == -1 ? -1 : (u - 1) * v / Math.Log(u); });
    /// <summary>log x.</summary>
    public static Vector512<double> Log(Vector512<double> x) => Vector512.Log(x);
    /// <summary>log(1 + x).</summary>
    public static Vector512<double> Log1p(Vector512<double> x) => Map(x, v => { double u = 1 + v; return u == 1 ? v : double.IsInfinity(u) ? u : Math.Log(u) * v / (u - 1); });
    /// <summary>tanh x.</summary>
    public static Vector512<double> Tanh(Vector512<double> x) => Map(x, Math.Tanh);
    /// <summary>σ(x).</summary>
    public static Vector512<double> Logistic(Vector512<double> x) => Vector512<double>.One / (Vector512<double>.One + Vector512.Exp(-x));
    /// <summary>log(1 + eˣ).</summary>
    public static Vector512<double> Softplus(Vector512<double> x) => Vector512.Max(x, Vector512<double>.Zero) + Log1p(Vector512.Exp(-Vector512.Abs(x)));
    /// <summary>sin x.</summary>
    public static Vector512<double> Sin(Vector512<double> x) => Vector512.Sin(x);
    /// <summary>cos x.</summary>
    public static Vector512<double> Cos(Vector512<double> x) => Vector512.Cos(x);
    /// <summary>arctan x.</summary>
    public static Vector512<double> Atan(Vector512<double> x) => Map(x, Math.Atan);
}
