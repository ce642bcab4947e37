using System.Runtime.InteropServices;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims;

/// <summary>
/// A number that counts the operations made with it: the reading of a formula that gives its cost. Additions, multiplications, divisions, negations and elementary functions count one each,
/// constants nothing. <c>Dual&lt;Counted&gt;</c> counts what a derivative costs.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Counted(double Value) : IScalar<Counted>
{
    [ThreadStatic]
    private static long s_operations;

    /// <summary>The operations of some work.</summary>
    public static long Operations(Action work)
    {
        long before = s_operations;
        work();
        return s_operations - before;
    }

    public static Counted Constant(double c) => new(c);

    public static Counted operator +(Counted a, Counted b) => One(a.Value + b.Value);

    public static Counted operator -(Counted a, Counted b) => One(a.Value - b.Value);

    public static Counted operator *(Counted a, Counted b) => One(a.Value * b.Value);

    public static Counted operator /(Counted a, Counted b) => One(a.Value / b.Value);

    public static Counted operator -(Counted a) => One(-a.Value);

    public static Counted Sqrt(Counted x) => One(Math.Sqrt(x.Value));

    public static Counted Exp(Counted x) => One(Reals.Exp(x.Value));

    public static Counted Expm1(Counted x) => One(Reals.Expm1(x.Value));

    public static Counted Log(Counted x) => One(Reals.Log(x.Value));

    public static Counted Log1p(Counted x) => One(Reals.Log1p(x.Value));

    public static Counted Tanh(Counted x) => One(Reals.Tanh(x.Value));

    public static Counted Logistic(Counted x) => One(Reals.Logistic(x.Value));

    public static Counted Softplus(Counted x) => One(Real.Softplus(new(x.Value)).Value);

    public static Counted Sin(Counted x) => One(Reals.Sin(x.Value));

    public static Counted Cos(Counted x) => One(Reals.Cos(x.Value));

    public static Counted Atan(Counted x) => One(Reals.Atan(x.Value));

    public static Counted SelectLess(Counted a, Counted b, Counted then, Counted otherwise) => One(a.Value < b.Value ? then.Value : otherwise.Value);

    public static Counted Freeze(Counted x) => x;

    public static void Affine(Dense layer, ReadOnlySpan<Counted> x, Span<Counted> y, bool bias = true)
    {
        ReadOnlySpan<double> w = layer.Weights, b = layer.Bias;
        for (int n = 0; n < y.Length; n++)
        {
            Counted sum = new(bias ? b[n] : 0);
            for (int k = 0; k < x.Length; k++) sum += new Counted(w[(n * x.Length) + k]) * x[k];
            y[n] = sum;
        }
    }

    public static void Activate(Activation activation, Span<Counted> y)
    {
        foreach (ref Counted v in y)
        {
            v = activation switch
            {
                Activation.Tanh => Tanh(v),
                Activation.ReLU => SelectLess(v, default, default, v),
                Activation.SiLU => v * Logistic(v),
                _ => v,
            };
        }
    }

    public static int Groups => 1;

    public static int DerivativeOrder => 0;

    public static Lanes Primal(Counted x, int g) => Lanes.Constant(x.Value);

    public static Counted FromPrimal(ReadOnlySpan<Lanes> value) => new(value[0][0]);

    private static Counted One(double value)
    {
        s_operations++;
        return new(value);
    }
}
