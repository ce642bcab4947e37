using UniversalFlows.Scalars;

namespace UniversalFlows.Certification.Checking;

/// <summary>A <see cref="Polynomial"/> as a scalar, so that the checker reads the same formulas as everybody; a number of the thread's list.</summary>
internal readonly record struct CheckedModel : IScalar<CheckedModel>
{
    [ThreadStatic]
    private static List<Polynomial>? t_all;

    private readonly int _id; // 0: the number 0

    private CheckedModel(Polynomial p)
    {
        _id = t_all!.Count;
        t_all.Add(p);
    }

    public Polynomial Value => t_all![_id];

    private static Grid Grid => t_all![0].Grid;

    /// <summary>Forgets all models; x[i] becomes the coordinate i of the box.</summary>
    public static void Begin(Grid grid, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, Span<CheckedModel> x)
    {
        t_all ??= [];
        t_all.Clear();
        t_all.Add(new Polynomial(grid));
        Variables(lower, upper, x);
    }

    public static void Variables(ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, Span<CheckedModel> x)
    {
        for (int i = 0; i < x.Length; i++)
        {
            Polynomial p = new(Grid) { Degree = 1 };
            double c = p.C[0] = (0.5 * lower[i]) + (0.5 * upper[i]);
            p.C[1 + i] = lower[i] == upper[i] ? 0 : Math.BitIncrement(Math.Max(upper[i] - c, c - lower[i]));
            x[i] = new(p);
        }
    }

    public static CheckedModel Constant(double c) => c == 0 ? default : new(Polynomial.Constant(Grid, Bracket.Of(c)));

    public static CheckedModel operator +(CheckedModel a, CheckedModel b) => new(Polynomial.Sum(a.Value, 1, b.Value));

    public static CheckedModel operator -(CheckedModel a, CheckedModel b) => new(Polynomial.Sum(a.Value, -1, b.Value));

    public static CheckedModel operator *(CheckedModel a, CheckedModel b) => new(Polynomial.Product(a.Value, b.Value, Grid.Degree));

    public static CheckedModel operator /(CheckedModel a, CheckedModel b) => a * Apply(Function.Inverse, b);

    public static CheckedModel operator -(CheckedModel a) => default(CheckedModel) - a;

    public static CheckedModel Sqrt(CheckedModel x) => Apply(Function.Sqrt, x);

    public static CheckedModel Exp(CheckedModel x) => Apply(Function.Exp, x);

    public static CheckedModel Expm1(CheckedModel x) => Apply(Function.Expm1, x);

    public static CheckedModel Log(CheckedModel x) => Apply(Function.Log, x);

    public static CheckedModel Log1p(CheckedModel x) => Apply(Function.Log1p, x);

    public static CheckedModel Tanh(CheckedModel x) => Apply(Function.Tanh, x);

    public static CheckedModel Logistic(CheckedModel x) => Apply(Function.Logistic, x);

    public static CheckedModel Softplus(CheckedModel x) => Apply(Function.Softplus, x);

    public static CheckedModel Sin(CheckedModel x) => Apply(Function.Sin, x);

    public static CheckedModel Cos(CheckedModel x) => Apply(Function.Cos, x);

    public static CheckedModel Atan(CheckedModel x) => Apply(Function.Atan, x);

    /// <summary>One branch if the comparison is decided; else their mean, half of what they differ by added.</summary>
    public static CheckedModel SelectLess(CheckedModel a, CheckedModel b, CheckedModel then, CheckedModel otherwise)
    {
        Bracket difference = Polynomial.Sum(a.Value, -1, b.Value).Range();
        bool exact = a.Value is { Degree: 0, R: 0 } && b.Value is { Degree: 0, R: 0 };
        if (exact) return a.Value.C[0] < b.Value.C[0] ? then : otherwise;
        if (difference.H < 0) return then;
        if (difference.L >= 0) return otherwise;
        Polynomial half = Polynomial.Constant(Grid, Bracket.Of(0.5));
        Polynomial mean = Polynomial.Product(half, Polynomial.Sum(then.Value, 1, otherwise.Value), Grid.Degree), rest = Polynomial.Product(half, Polynomial.Sum(then.Value, -1, otherwise.Value), Grid.Degree);
        mean.R = Polynomial.Rounded(mean.R + rest.Range().Largest);
        return new(mean);
    }

    /// <summary>T_2k = 2T_k² − 1, T_{2k+1} = 2T_k T_{k+1} − u: lg k steps, each of which stretches an error by 4, k² in all.</summary>
    public static void Chebyshev(CheckedModel u, Span<CheckedModel> basis)
    {
        basis[0] = Constant(1);
        if (basis.Length > 1) basis[1] = u;
        CheckedModel two = Constant(2);
        for (int k = 2; k < basis.Length; k++)
        {
            CheckedModel product = two * basis[k / 2] * basis[(k + 1) / 2];
            basis[k] = k % 2 == 0 ? product - basis[0] : product - u;
        }
    }

    public static CheckedModel Freeze(CheckedModel x) => Constant(x.Value.C[0]);

    public static bool Encloses => true;

    public static CheckedModel Nominal(CheckedModel x)
    {
        Polynomial p = new(Grid) { Degree = x.Value.Degree, R = double.IsFinite(x.Value.R) ? 0 : double.NaN };
        x.Value.C.CopyTo(p.C, 0);
        return new(p);
    }

    public static CheckedModel Inflate(CheckedModel x, CheckedModel by)
    {
        CheckedModel y = Nominal(x);
        y.Value.R = Polynomial.Rounded(x.Value.R + by.Value.Range().Largest);
        return y;
    }

    public static void Affine(Dense layer, ReadOnlySpan<CheckedModel> x, Span<CheckedModel> y, bool bias = true)
    {
        Polynomial[] inputs = new Polynomial[x.Length];
        double[] sizes = new double[x.Length];
        for (int k = 0; k < x.Length; k++) sizes[k] = (inputs[k] = x[k].Value).Size();
        for (int n = 0; n < y.Length; n++)
            y[n] = new(Polynomial.Affine(Grid, layer.Weights.Slice(n * x.Length, x.Length), inputs, sizes, bias ? layer.Bias[n] : 0));
    }

    public static void Activate(Activation activation, Span<CheckedModel> y)
    {
        foreach (ref CheckedModel v in y)
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

    public static Lanes Primal(CheckedModel x, int g) => Lanes.Constant(x.Value.C[0]);

    public static CheckedModel FromPrimal(ReadOnlySpan<Lanes> value) => Constant(value[0][0]);

    private static CheckedModel Apply(Function f, CheckedModel x) => new(Polynomial.Apply(f, x.Value));
}
