using System.Runtime.Intrinsics;
using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Tests.Oracles;
using Xunit;

namespace UniversalFlows.Tests.Scalars;

/// <summary>
/// Taylor models enclose: at random points of random boxes, |f − polynomial| ≤ remainder, with f and the polynomial in 77 digits; coefficients against closed forms
/// of the derivatives; whole flows and targets against their values; and planted bugs.
/// </summary>
public sealed class TaylorModelTests(ITestOutputHelper output)
{
    private sealed record Case(string Name, Func<TaylorModel, TaylorModel> Model, Func<BigReal, BigReal> Exact, double Least, double Most);

    private static readonly Case[] s_functions =
    [
        new("Sqrt", TaylorModel.Sqrt, BigReal.Sqrt, 0.3, 30),
        new("Exp", TaylorModel.Exp, BigReal.Exp, -30, 30),
        new("Expm1", TaylorModel.Expm1, BigReal.Expm1, -3, 3),
        new("Log", TaylorModel.Log, BigReal.Log, 0.3, 30),
        new("Log1p", TaylorModel.Log1p, BigReal.Log1p, -0.7, 3),
        new("Tanh", TaylorModel.Tanh, BigReal.Tanh, -8, 8),
        new("Logistic", TaylorModel.Logistic, BigReal.Logistic, -40, 40),
        new("Softplus", TaylorModel.Softplus, BigReal.Softplus, -40, 40),
        new("Sin", TaylorModel.Sin, BigReal.Sin, -7, 7),
        new("Cos", TaylorModel.Cos, BigReal.Cos, -7, 7),
        new("Atan", TaylorModel.Atan, BigReal.Atan, -7, 7),
        new("Reciprocal", x => TaylorModel.Constant(1) / x, x => BigReal.One / x, 0.3, 30),
        new("Square", x => x * x, x => x * x, -3, 3),
        new("Cubic", x => (x * x * x) - (0.3 * x) + 0.7, x => (x * x * x) - (BigReal.FromDouble(0.3) * x) + BigReal.FromDouble(0.7), -3, 3),
        new("Quotient by a number", x => x / 3, x => x / 3, -3, 3),
        new("Abs", Abs, BigReal.Abs, -1, 1),
        new("Max", x => Max(x, x * x), x => x < x * x ? x * x : x, -1, 2),
        new("Chebyshev 9", x => Chebyshev(9, x), x => Chebyshev(9, x), -1.2, 1.2),
        new("Chebyshev 30", x => Chebyshev(30, x), x => Chebyshev(30, x), -1, 1),
        new("Chebyshev 9 of x + 1/1000, known to 1/1000", x => Chebyshev(9, Inflate(x, TaylorModel.Constant(1e-3))), x => Chebyshev(9, x + BigReal.FromDouble(1e-3)), -1.1, 1.1),
        new("Chebyshev 9 of x - 1/1000, known to 1/1000", x => Chebyshev(9, Inflate(x, TaylorModel.Constant(1e-3))), x => Chebyshev(9, x - BigReal.FromDouble(1e-3)), -1.1, 1.1),
        new("slope of Chebyshev 9", x => Chebyshev(9, Dual<TaylorModel>.Variable(x)).Tangent, x => Slope(9, x), -1.2, 1.2),
        new("slope of Chebyshev 8", x => Chebyshev(8, Dual<TaylorModel>.Variable(x)).Tangent, x => Slope(8, x), -1.2, 1.2),
        new("Self-difference", x => x - x, _ => BigReal.Zero, -3, 3),
    ];

    private static readonly Dictionary<TaylorFunction, Func<BigReal, int, BigReal>> s_coefficients = new()
    {
        [TaylorFunction.Exp] = (x, n) => BigReal.Exp(x) / Factorial(n),
        [TaylorFunction.Expm1] = (x, n) => n == 0 ? BigReal.Expm1(x) : BigReal.Exp(x) / Factorial(n),
        [TaylorFunction.Log] = (x, n) => n == 0 ? BigReal.Log(x) : Sign(n - 1) / (Power(x, n) * BigReal.FromDouble(n)),
        [TaylorFunction.Log1p] = (x, n) => n == 0 ? BigReal.Log1p(x) : Sign(n - 1) / (Power(BigReal.One + x, n) * BigReal.FromDouble(n)),
        [TaylorFunction.Reciprocal] = (x, n) => Sign(n) / Power(x, n + 1),
        [TaylorFunction.Sqrt] = (x, n) => Binomial(n) * BigReal.Sqrt(x) / Power(x, n),
        [TaylorFunction.Sin] = (x, n) => BigReal.Sin(x + (BigReal.Pi * BigReal.Half * BigReal.FromDouble(n))) / Factorial(n),
        [TaylorFunction.Cos] = (x, n) => BigReal.Cos(x + (BigReal.Pi * BigReal.Half * BigReal.FromDouble(n))) / Factorial(n),
        // (n − 1)! cosⁿθ sin n(θ + π/2), θ = arctan x
        [TaylorFunction.Atan] = (x, n) => n == 0 ? BigReal.Atan(x)
            : Power(BigReal.Cos(BigReal.Atan(x)), n) * BigReal.Sin(BigReal.FromDouble(n) * (BigReal.Atan(x) + (BigReal.Pi * BigReal.Half))) / BigReal.FromDouble(n),
        [TaylorFunction.Tanh] = (x, n) => Derivative(n, BigReal.Tanh(x), 1, 0, -1) / Factorial(n),       // t′ = 1 − t²
        [TaylorFunction.Logistic] = (x, n) => Derivative(n, BigReal.Logistic(x), 0, 1, -1) / Factorial(n), // s′ = s − s²
        [TaylorFunction.Softplus] = (x, n) => n == 0 ? BigReal.Softplus(x) : Derivative(n - 1, BigReal.Logistic(x), 0, 1, -1) / Factorial(n),
    };

    private static T Chebyshev<T>(int k, T x) where T : unmanaged, IScalar<T>
    {
        T[] basis = new T[k + 1];
        T.Chebyshev(x, basis);
        return basis[k];
    }

    private static BigReal Chebyshev(int k, BigReal x)
    {
        (BigReal before, BigReal now) = (BigReal.One, x);
        for (int j = 2; j <= k; j++) (before, now) = (now, (x * now * 2) - before);
        return now;
    }

    /// <summary>T_k′ = Σ of 2k·T_j over j = k − 1, k − 3, …, of which T_0 counts half.</summary>
    private static BigReal Slope(int k, BigReal x)
    {
        BigReal sum = BigReal.Zero;
        for (int j = k - 1; j >= 1; j -= 2) sum += Chebyshev(j, x) * (2 * k);
        return k % 2 == 1 ? sum + BigReal.FromDouble(k) : sum;
    }

    /// <summary>An error of the argument is stretched by at most k², one of a step of the recurrence by at most k; the plain recurrence stretches them by 2.4^k.</summary>
    [Fact]
    public void Errors_run_through_the_recurrence_as_they_must_and_no_faster()
    {
        TaylorArena arena = TaylorArena.Current;
        arena.Begin(1, 4);
        TaylorModel x = Inflate(TaylorModel.Constant(0.99), TaylorModel.Constant(1e-9));
        TaylorModel[] sharp = new TaylorModel[41], plain = new TaylorModel[41];
        TaylorModel.Chebyshev(x, sharp);
        ChebyshevRecurrence.Run(x, plain);
        Assert.InRange(arena.Remainder(sharp[40])[0], 0, 1600 * 1.0001e-9);
        Assert.True(arena.Remainder(plain[40])[0] > 1);
        Interval[] ends = new Interval[41];
        Interval.Chebyshev(Interval.Between(0.99 - 1e-9, 0.99 + 1e-9), ends);
        Assert.InRange(ends[40].Upper[0] - ends[40].Lower[0], 0, 2 * 1600 * 1.0001e-9);
    }

    private static TaylorModel Inflate(TaylorModel x, TaylorModel by) => TaylorModel.Inflate(x, by);

    public static TheoryData<string> Functions => [.. s_functions.Select(f => f.Name)];

    [Theory, MemberData(nameof(Functions))]
    public void The_polynomial_is_within_the_remainder(string name)
    {
        Case c = Array.Find(s_functions, f => f.Name == name)!;
        (int violations, double worst) = Violations(c.Model, c.Exact, c.Least, c.Most, scale: 1);
        output.WriteLine($"{name}: largest error in remainders {worst:G4}");
        Assert.Equal(0, violations);
    }

    [Fact]
    public void A_remainder_without_rounding_or_truncation_is_caught()
    {
        // the same battery with remainders that lack one thing each
        Assert.True(Violations(x => 0.3 * x, x => BigReal.FromDouble(0.3) * x, -3, 3, scale: 0).Count > 0);                   // rounding dropped
        Assert.True(Violations(TaylorModel.Nominal, x => x * x, -3, 3, scale: 1).Count > 0);                                   // another function
        Assert.True(Violations(x => TaylorModel.Nominal(TaylorModel.Tanh(x)), BigReal.Tanh, -3, 3, scale: 1).Count > 0);       // remainder dropped
        Assert.True(Violations(x => TaylorModel.SelectLess(x, TaylorModel.Constant(0), x, -x), BigReal.Abs, 0.1, 1, 1).Count > 0); // branches exchanged
        Assert.True(Violations(x => Chebyshev(9, Inflate(x, TaylorModel.Constant(1e-4))), x => Chebyshev(9, x + BigReal.FromDouble(1e-3)), -1.1, 1.1, scale: 1).Count > 0); // an argument known ten times too well
        Assert.True(Violations(TaylorModel.Tanh, BigReal.Tanh, -3, 3, scale: 1e-3).Count > 0);                                 // a bound a thousand times too small
    }

    [Fact]
    public void Taylor_coefficients_are_the_derivatives()
    {
        Assert.Equal(Enum.GetValues<TaylorFunction>().Length, s_coefficients.Count);
        foreach (TaylorFunction f in Enum.GetValues<TaylorFunction>())
            Assert.Null(WrongCoefficient(f, (x, s) => TaylorSeries.Coefficients(f, x, s)));
    }

    [Fact]
    public void A_wrong_derivative_is_caught()
    {
        // tanh′ = 1 + tanh² for tanh′ = 1 − tanh², and the sign of λ
        Assert.NotNull(WrongCoefficient(TaylorFunction.Tanh, (x, s) =>
        {
            TaylorSeries.Coefficients(TaylorFunction.Tanh, x, s);
            s[1] = Disc.Number(1) + (s[0] * s[0]);
        }));
        Assert.NotNull(WrongCoefficient(TaylorFunction.Tanh, (x, s) =>
        {
            TaylorSeries.Coefficients(TaylorFunction.Tanh, x, s);
            s[2] = -s[2];
        }));
        Assert.NotNull(WrongCoefficient(TaylorFunction.Exp, (x, s) =>
        {
            TaylorSeries.Coefficients(TaylorFunction.Exp, x, s);
            for (int k = 0; k < s.Length; k++) s[k] = s[k] with { Radius = Vector512<double>.Zero };
        }));
    }

    [Fact]
    public void Lagrange_bounds_hold_over_ranges()
    {
        Philox random = new(4, Philox.StreamKey("beyond"));
        foreach (TaylorFunction f in Enum.GetValues<TaylorFunction>())
        {
            for (int round = 0; round < 60; round++)
            {
                int n = 2 + random.NextInt(8);
                (double least, double most) = f is TaylorFunction.Log or TaylorFunction.Sqrt or TaylorFunction.Reciprocal ? (0.1, 5) : f is TaylorFunction.Log1p ? (-0.9, 4) : (-6.0, 6);
                (double low, double high) = IntervalTests.Ends(random, least, most);
                double bound = TaylorSeries.Beyond(f, Interval.Between(low, high), n)[0];
                for (int k = 0; k < 5; k++)
                {
                    double x = k == 0 ? low : k == 1 ? high : IntervalTests.Inside(random, low, high);
                    Assert.True(BigReal.Abs(s_coefficients[f](BigReal.FromDouble(x), n)) <= BigReal.FromDouble(bound), $"{f}, n = {n}, at {x:R} of {low:R} … {high:R}: {bound:R}");
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 6)]
    [InlineData(3, 4)]
    public void Products_and_layers_are_within_the_remainder(int dimension, int degree)
    {
        Philox random = new(6, Philox.StreamKey("layers"));
        Monomials table = Monomials.Of(dimension, degree);
        TaylorArena arena = TaylorArena.Current;
        for (int round = 0; round < 6; round++)
        {
            const int Inputs = 7, Outputs = 5;
            Dense layer = new(Inputs, Outputs);
            foreach (ref double w in layer.All) w = random.NextNormal();
            arena.Begin(dimension, degree);
            TaylorModel[] v = new TaylorModel[dimension], x = new TaylorModel[Inputs], y = new TaylorModel[Outputs];
            Lanes[] low = new Lanes[dimension], high = new Lanes[dimension];
            for (int i = 0; i < dimension; i++)
            {
                low[i] = Lanes.Constant(random.NextUniform(-1, 1));
                high[i] = low[i] + 0.1;
            }

            arena.Variables(low, high, v);
            for (int k = 0; k < Inputs; k++) x[k] = k == 0 ? TaylorModel.Constant(0.1) : TaylorModel.Sin(v[k % dimension] + (0.3 * v[(k + 1) % dimension] * k)) * v[0];
            TaylorModel.Affine(layer, x, y);
            TaylorModel.Activate(Activation.Tanh, y.AsSpan()[..2]);
            for (int trial = 0; trial < 10; trial++)
            {
                double[] point = [.. Enumerable.Range(0, dimension).Select(i => IntervalTests.Inside(random, low[i][0], high[i][0]))];
                BigReal[] p = [.. point.Select(BigReal.FromDouble)];
                BigReal[] features = [.. Enumerable.Range(0, Inputs).Select(k => k == 0 ? BigReal.FromDouble(0.1)
                    : BigReal.Sin(p[k % dimension] + (BigReal.FromDouble(0.3) * p[(k + 1) % dimension] * BigReal.FromDouble(k))) * p[0])];
                for (int n = 0; n < Outputs; n++)
                {
                    BigReal exact = BigReal.FromDouble(layer.Bias[n]);
                    for (int k = 0; k < Inputs; k++) exact += BigReal.FromDouble(layer.Weights[(n * Inputs) + k]) * features[k];
                    if (n < 2) exact = BigReal.Tanh(exact);
                    BigReal error = BigReal.Abs(exact - Polynomial(arena, table, y[n], v, point));
                    Assert.True(error <= BigReal.FromDouble(arena.Remainder(y[n])[0]));
                    Assert.True(arena.Remainder(y[n])[0] < 0.3);
                }
            }
        }
    }

    [Theory]
    [InlineData(FlowFamily.Acf)]
    [InlineData(FlowFamily.Sos)]
    [InlineData(FlowFamily.Dsf)]
    [InlineData(FlowFamily.Ddsf)]
    [InlineData(FlowFamily.Rqs)]
    [InlineData(FlowFamily.Nice)]
    [InlineData(FlowFamily.Maf)]
    [InlineData(FlowFamily.Naf)]
    [InlineData(FlowFamily.Planar)]
    [InlineData(FlowFamily.Sylvester)]
    [InlineData(FlowFamily.Residual)]
    public void Flows_and_their_inverses_are_enclosed(FlowFamily family)
    {
        for (int dimension = 1; dimension <= 3; dimension++)
        {
            Composition flow = new Architecture(family, dimension, 3, [6]).Initialise((ulong)dimension);
            foreach (Dense layer in flow.Parameters)
                foreach (ref double w in layer.All) w *= 1.5;
            Encloses(flow, Domain.Cube(dimension, -2, 2), $"{family}, d = {dimension}");
            Encloses(new Inversion(flow), Domain.Cube(dimension, -1, 1), $"inverse of {family}, d = {dimension}");
        }
    }

    public static TheoryData<string> Targets => [.. Zoo.All.Where(t => t.Dimension <= 3).Select(t => t.Name)];

    [Theory, MemberData(nameof(Targets))]
    public void Targets_are_enclosed(string name)
    {
        Target target = TargetParser.Parse(name);
        Encloses(target, target.DefaultDomain.Bounds, name);
    }

    [Fact]
    public void Models_from_another_width_are_as_good_as_unproved()
    {
        TaylorArena arena = TaylorArena.Current;
        arena.Begin(2, 3);
        TaylorModel[] x = new TaylorModel[2];
        arena.Variables([Lanes.Constant(-1), Lanes.Constant(0)], [Lanes.Constant(1), Lanes.Constant(0)], x);
        foreach (TaylorModel y in (TaylorModel[])[TaylorModel.Log(x[0]), 1 / x[0], TaylorModel.Sqrt(x[0]), TaylorModel.Constant(double.NaN) + x[0], x[0] * double.NaN, TaylorModel.Log(x[0]) * 0, x[0] / 0, TaylorModel.Exp(1000 * (x[0] + 1))])
        {
            Assert.False(double.IsFinite(arena.Range(y).Upper[0]));
            Assert.False(arena.Range(TaylorModel.Sin(y)).IsProved(0) && !double.IsInfinity(arena.Range(y).Upper[0]));
            Assert.False(arena.Range((y * 0) + x[1]).IsProved(0) && double.IsNaN(arena.Range(y).Lower[0]));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Begin(9, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Begin(2, 99));
        arena.Begin(1, 2);
        arena.Keep([]);
        Assert.Equal(0, arena.Rows);
    }

    /// <summary>Ranges over random small boxes hold the values at their points; intervals hold them too, and both prove something.</summary>
    private static void Encloses(IMap map, Box box, string what)
    {
        int d = map.Dimension, proved = 0;
        Philox random = new(8, Philox.StreamKey(what));
        TaylorArena arena = TaylorArena.Current;
        for (int round = 0; round < 12; round++)
        {
            double size = Math.ScaleB(0.25, -random.NextInt(8));
            Lanes[] low = new Lanes[d], high = new Lanes[d];
            for (int i = 0; i < d; i++)
            {
                for (int lane = 0; lane < Lanes.Width; lane++)
                {
                    double a = random.NextUniform(box.Lower[i], box.Upper[i]);
                    low[i] = low[i].With(lane, a);
                    high[i] = high[i].With(lane, Math.Min(box.Upper[i], a + size));
                }
            }

            arena.Begin(d, d == 3 ? 3 : 5);
            TaylorModel[] model = new TaylorModel[d];
            arena.Variables(low, high, model);
            map.Map<TaylorModel>(model);
            Interval[] range = [.. model.Select(arena.Range)], interval = new Interval[d];
            for (int i = 0; i < d; i++) interval[i] = Interval.Between(low[i], high[i]);
            map.Map<Interval>(interval);
            for (int trial = 0; trial < 8; trial++)
            {
                Lanes[] x = new Lanes[d];
                for (int i = 0; i < d; i++)
                    for (int lane = 0; lane < Lanes.Width; lane++) x[i] = x[i].With(lane, trial == 0 ? low[i][lane] : IntervalTests.Inside(random, low[i][lane], high[i][lane]));
                map.Map<Lanes>(x);
                for (int i = 0; i < d; i++)
                {
                    for (int lane = 0; lane < Lanes.Width; lane++)
                    {
                        double slack = 1e-11 * (1 + Math.Abs(x[i][lane])); // of the value, which is itself rounded
                        if (range[i].IsProved(lane))
                        {
                            proved++;
                            Assert.True(range[i].Lower[lane] - slack <= x[i][lane] && x[i][lane] <= range[i].Upper[lane] + slack, $"{what}: {x[i][lane]:R} is outside {range[i].Lower[lane]:R} … {range[i].Upper[lane]:R}");
                        }

                        if (interval[i].IsProved(lane))
                            Assert.True(interval[i].Lower[lane] - slack <= x[i][lane] && x[i][lane] <= interval[i].Upper[lane] + slack, $"{what}: {x[i][lane]:R} is outside the interval");
                    }
                }
            }
        }

        Assert.True(proved > 12 * 64 * d / 3, $"{what}: only {proved} of {12 * 64 * d} ranges proved anything");
    }

    private static (int Count, double Worst) Violations(Func<TaylorModel, TaylorModel> model, Func<BigReal, BigReal> exact, double least, double most, double scale)
    {
        Philox random = new(3, Philox.StreamKey("functions"));
        TaylorArena arena = TaylorArena.Current;
        int count = 0, degree = 0;
        double worst = 0;
        for (int round = 0; round < 40; round++)
        {
            degree = (degree % 7) + 1;
            Monomials table = Monomials.Of(2, degree);
            arena.Begin(2, degree);
            TaylorModel[] v = new TaylorModel[2];
            // the argument m + a(1.5 s + s t): a curved function of two variables within [least, most]
            double middle = random.NextUniform(least, most), room = Math.Min(middle - least, most - middle) / 2.6, a = room * Math.ScaleB(1, -random.NextInt(12));
            arena.Variables([Lanes.Constant(-1), Lanes.Constant(-1)], [Lanes.Constant(1), Lanes.Constant(1)], v);
            TaylorModel y = model(middle + (a * ((1.5 * v[0]) + (v[0] * v[1]))));
            double r = arena.Remainder(y)[0] * scale;
            if (!double.IsFinite(r)) count += 100;
            for (int trial = 0; trial < 6 && double.IsFinite(r); trial++)
            {
                double s = random.NextUniform(-1, 1), t = trial == 0 ? 1 : random.NextUniform(-1, 1);
                if (trial == 1) s = -1;
                BigReal argument = BigReal.FromDouble(middle) + (BigReal.FromDouble(a) * ((BigReal.FromDouble(1.5) * BigReal.FromDouble(s)) + (BigReal.FromDouble(s) * BigReal.FromDouble(t))));
                BigReal error = BigReal.Abs(exact(argument) - Polynomial(arena, table, y, v, [s, t]));
                if (error > BigReal.FromDouble(r)) count++;
                if (r > 0) worst = Math.Max(worst, (error / BigReal.FromDouble(r)).ToDouble());
            }
        }

        return (count, worst);
    }

    /// <summary>The polynomial of a model at a point of the box, exactly: t_i = (x_i − c_i)/h_i with the centre and half-width of the variables.</summary>
    private static BigReal Polynomial(TaylorArena arena, Monomials table, TaylorModel y, TaylorModel[] variables, double[] point)
    {
        BigReal[] t = new BigReal[point.Length];
        for (int i = 0; i < point.Length; i++)
        {
            BigReal h = BigReal.FromDouble(arena.Coefficient(variables[i], 1 + i)[0]);
            t[i] = (BigReal.FromDouble(point[i]) - BigReal.FromDouble(arena.Coefficient(variables[i], 0)[0])) / h;
        }

        BigReal sum = BigReal.Zero;
        for (int k = 0; k < table.Count; k++)
        {
            double a = arena.Coefficient(y, k)[0];
            if (a == 0) continue;
            BigReal term = BigReal.FromDouble(a);
            for (int i = 0; i < point.Length; i++) term *= Power(t[i], table.Exponents[k][i]);
            sum += term;
        }

        return sum;
    }

    private delegate void Series(Vector512<double> x, Span<Disc> s);

    private static string? WrongCoefficient(TaylorFunction f, Series series)
    {
        Philox random = new(9, Philox.StreamKey("coefficients"));
        (double least, double most) = f is TaylorFunction.Log or TaylorFunction.Sqrt or TaylorFunction.Reciprocal ? (0.05, 30) : f is TaylorFunction.Log1p ? (-0.95, 30) : (-30.0, 30);
        Span<Disc> s = new Disc[9];
        for (int round = 0; round < 60; round++)
        {
            double x = round switch { 0 when least < 0 => 0, 1 => 1, 2 => 0.05, _ => random.NextUniform(least, most) };
            series(Vector512.Create(x), s);
            for (int n = 0; n < s.Length; n++)
            {
                BigReal exact = s_coefficients[f](BigReal.FromDouble(x), n), error = BigReal.Abs(exact - BigReal.FromDouble(s[n].Middle[0]));
                double radius = s[n].Radius[0] * Rounding.Safe;
                if (!(error <= BigReal.FromDouble(radius + 1e-70))) return $"{f}: coefficient {n} at {x:R} is off by {error.ToDouble():G3}, radius {radius:G3}";
                if (radius > 1e-12 * (1 + Math.Abs(s[0].Middle[0]) + Math.Abs(s[n].Middle[0]))) return $"{f}: coefficient {n} at {x:R} has the radius {radius:G3}";
            }
        }

        return null;
    }

    /// <summary>The n-th derivative of y with y′ = a + b y + c y²: P_0 = y, P_{k+1}(y) = P_k′(y)(a + b y + c y²), whole coefficients.</summary>
    private static BigReal Derivative(int n, BigReal y, int a, int b, int c)
    {
        double[] p = [0, 1];
        for (int k = 0; k < n; k++)
        {
            double[] next = new double[p.Length + 1];
            for (int i = 1; i < p.Length; i++)
            {
                next[i - 1] += i * p[i] * a;
                next[i] += i * p[i] * b;
                next[i + 1] += i * p[i] * c;
            }

            p = next;
        }

        BigReal sum = BigReal.Zero;
        for (int i = p.Length - 1; i >= 0; i--) sum = (sum * y) + BigReal.FromDouble(p[i]);
        return sum;
    }

    private static TaylorModel Abs(TaylorModel x) => AbsOf(x);

    private static T AbsOf<T>(T x) where T : unmanaged, IScalar<T> => T.Abs(x);

    private static TaylorModel Max(TaylorModel a, TaylorModel b) => MaxOf(a, b);

    private static T MaxOf<T>(T a, T b) where T : unmanaged, IScalar<T> => T.Max(a, b);

    private static BigReal Sign(int n) => n % 2 == 0 ? BigReal.One : -BigReal.One;

    private static BigReal Power(BigReal x, int n)
    {
        BigReal p = BigReal.One;
        for (int i = 0; i < n; i++) p *= x;
        return p;
    }

    private static BigReal Factorial(int n)
    {
        BigReal p = BigReal.One;
        for (int i = 2; i <= n; i++) p *= BigReal.FromDouble(i);
        return p;
    }

    private static BigReal Binomial(int n)
    {
        BigReal p = BigReal.One;
        for (int k = 1; k <= n; k++) p *= (BigReal.FromDouble(1.5) - BigReal.FromDouble(k)) / BigReal.FromDouble(k);
        return p;
    }
}
