using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using Xunit;

namespace UniversalFlows.Tests.Bijections;

/// <summary>The numerical inverse against functions chosen to break it.</summary>
public sealed class MonotoneRootTests
{
    private interface IFunction
    {
        T Value<T>(T x) where T : unmanaged, IScalar<T>;
    }

    /// <summary>A function with a given bracket; the derivative by dual numbers.</summary>
    private sealed class Bracketed(IFunction f, double lower, double upper) : IMonotone
    {
        public int Evaluations { get; private set; }

        public T Forward<T>(T x, ReadOnlySpan<T> p, out T logDerivative) where T : unmanaged, IScalar<T>
        {
            Evaluations++;
            Dual<T> y = f.Value(Dual<T>.Variable(x));
            logDerivative = T.Log(y.Tangent);
            return y.Value;
        }

        public void Bracket(Lanes y, ReadOnlySpan<Lanes> p, out Lanes lower_, out Lanes upper_) => (lower_, upper_) = (Lanes.Constant(lower), Lanes.Constant(upper));
    }

    private sealed class Cubic(double a, double b, double c, double d) : IFunction
    {
        public T Value<T>(T x) where T : unmanaged, IScalar<T> => (((((a * x) + b) * x) + c) * x) + d;
    }

    private sealed class Steep : IFunction
    {
        // slope 1e13 at 0.3, 1e-3 elsewhere
        public T Value<T>(T x) where T : unmanaged, IScalar<T> => (1e-3 * x) + T.Atan(1e13 * (x - 0.3));
    }

    private sealed class Flat : IFunction
    {
        public T Value<T>(T x) where T : unmanaged, IScalar<T> => x * x * x * x * x * x * x * x * x;
    }

    private sealed class Staircase : IFunction
    {
        public T Value<T>(T x) where T : unmanaged, IScalar<T> => x + (0.999999 * T.Sin(x));
    }

    private sealed class Exponential : IFunction
    {
        public T Value<T>(T x) where T : unmanaged, IScalar<T> => T.Exp(x);
    }

    private sealed class Sine : IFunction
    {
        public T Value<T>(T x) where T : unmanaged, IScalar<T> => T.Sin(x);
    }

    /// <summary>The planar flow along its own direction: α + c·tanh(α + b), increasing for c ≥ −1.</summary>
    private sealed class Planar(double c, double b) : IFunction
    {
        public T Value<T>(T x) where T : unmanaged, IScalar<T> => x + (c * T.Tanh(x + b));
    }

    /// <summary>x + ½|x| + 0.6·sgn(x − ½): a kink at 0, and a jump from 0.15 to 1.35 at ½.</summary>
    private sealed class Jump : IFunction
    {
        public T Value<T>(T x) where T : unmanaged, IScalar<T> =>
            x + (0.5 * T.SelectLess(x, T.Constant(0), -x, x)) + T.SelectLess(x, T.Constant(0.5), T.Constant(-0.6), T.Constant(0.6));
    }

    private sealed class Undefined : IFunction
    {
        public T Value<T>(T x) where T : unmanaged, IScalar<T> => T.Log(x - 1e9);
    }

    [Theory]
    [InlineData(3, 4, 5, 6, -10, 10, -1.2653280889628252)] // in 77 digits; MathNet's own test has two digits wrong
    [InlineData(2, 4, -50, 6, -7, -4, -6.1466562197069)]
    [InlineData(2, 4, -50, 6, 3, 5, 4.0254088477485)]
    [InlineData(-2, -4, 50, -6, 0, 1, 0.12124737195841)] // the root between them, where the negative increases
    public void Cubics_where_they_increase(double a, double b, double c, double d, double lower, double upper, double root)
    {
        (double x, InverseStatus status) = Solve(new Bracketed(new Cubic(a, b, c, d), lower, upper), 0);
        Assert.Equal(InverseStatus.Converged, status);
        Assert.Equal(root, x, 2e-13);
    }

    /// <summary>The inverse of a planar flow, α + c·tanh(α + b) = v, on the grid of Bijectors.jl: one root for c ≥ −1, in v ± 2|c|.</summary>
    [Fact]
    public void Planar_flows_are_inverted_on_the_whole_grid()
    {
        double[] values = [-20.3, -3, -1.5, 0, 5, 7.25, 12.3], factors = [-1, -0.5, -1e-20, 0, 1e-20, 3, 11.0 / 3, 17.2], shifts = [-1e8, -19.3, -8.0 / 3, -1, 0, 0.5, 3, 4.3];
        foreach ((double v, double c, double b) in from v in values from c in factors from b in shifts select (v, c, b))
        {
            (double x, InverseStatus status) = Solve(new Bracketed(new Planar(c, b), v - (2 * Math.Abs(c)), v + (2 * Math.Abs(c))), v);
            Assert.Equal(InverseStatus.Converged, status);
            Assert.Equal(v, x + (c * Math.Tanh(x + b)), 1e-12 * Math.Max(1, Math.Abs(v)));
            Assert.InRange(x - v, -Math.Abs(c) - (4e-15 * (1 + Math.Abs(c))), Math.Abs(c) + (4e-15 * (1 + Math.Abs(c))));
        }

        // b = −1e8: tanh is −1 there, and the root is v + c
        Assert.Equal(5 + 17.2, Solve(new Bracketed(new Planar(17.2, -1e8), 5 - 34.4, 5 + 34.4), 5).X, 1e-12);
    }

    /// <summary>Pieces with slopes ½ and 3/2 have their closed inverses; a value in the jump has none, and none is claimed (chebfun's tests of inv).</summary>
    [Theory]
    [InlineData(-1.1, -1)]
    [InlineData(-0.6, 0)]
    [InlineData(-0.3, 0.2)]
    [InlineData(1.5, 0.6)]
    [InlineData(2.1, 1)]
    [InlineData(0.2, double.NaN)]
    [InlineData(1.3, double.NaN)]
    public void A_kink_is_crossed_and_a_jump_is_not(double y, double root)
    {
        (double x, InverseStatus status) = Solve(new Bracketed(new Jump(), -1, 1), y);
        if (double.IsNaN(root))
        {
            Assert.NotEqual(InverseStatus.Converged, status);
            Assert.True(double.IsNaN(x));
        }
        else
        {
            Assert.Equal(InverseStatus.Converged, status);
            Assert.Equal(root, x, 100 * 2.220446049250313e-16);
        }
    }

    /// <summary>The inverses of sin on [−1, 1] and of exp within a hundred roundings (chebfun's tests of inv).</summary>
    [Fact]
    public void The_inverses_of_sine_and_exponential_are_arc_sine_and_logarithm()
    {
        const double Tolerance = 100 * 2.220446049250313e-16;
        for (int k = -50; k <= 50; k++)
        {
            double y = Math.Sin(1) * k / 50;
            (double x, InverseStatus status) = Solve(new Bracketed(new Sine(), -1, 1), y);
            Assert.Equal(InverseStatus.Converged, status);
            Assert.Equal(Math.Asin(y), x, Tolerance);
            (x, status) = Solve(new Bracketed(new Exponential(), -1, 1), Math.Exp(k / 50.0));
            Assert.Equal(InverseStatus.Converged, status);
            Assert.Equal(k / 50.0, x, Tolerance);
        }
    }

    /// <summary>A limit of doubles: σ(80) is 1, and no logit leads back; σ(−80) has all its digits.</summary>
    [Fact]
    public void The_logistic_function_at_80_is_one()
    {
        Assert.Equal(1, Real.Logistic(new(80)).Value);
        Assert.Equal(1.8048513878454153e-35, Real.Logistic(new(-80)).Value, 1e-50);
    }

    [Fact]
    public void No_root_in_the_bracket_is_never_converged()
    {
        // x² + 4 has no root: no sign change anywhere
        (double x, InverseStatus status) = Solve(new Bracketed(new Cubic(0, 1, 0, 4), -10, 10), 0);
        Assert.NotEqual(InverseStatus.Converged, status);
        Assert.True(double.IsNaN(x) || Math.Abs(x) <= 11);
        (_, status) = Solve(new Bracketed(new Exponential(), -10, 10), -1);
        Assert.NotEqual(InverseStatus.Converged, status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1.2)]
    [InlineData(1.57)]
    public void Steep_functions_are_solved_to_the_last_bit_or_say_so(double y)
    {
        Bracketed f = new(new Steep(), -1e5, 1e5);
        (double x, InverseStatus status) = Solve(f, y);
        // between two neighbouring doubles at 0.3 the function moves by 1e13·5.6e-17 = 5.6e-4: the best x is within one of them
        double below = Value(Math.BitDecrement(x)), above = Value(Math.BitIncrement(x));
        Assert.InRange(y, below, above);
        if (status == InverseStatus.Converged) Assert.True(Math.Abs(Value(x) - y) <= 1e-12 * Math.Max(1, Math.Abs(x) * 1e13));
        else Assert.Equal(InverseStatus.Stalled, status);
        Assert.InRange(f.Evaluations, 1, 400);

        double Value(double t) => f.Forward(new Real(t), [], out _).Value;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-100)]
    [InlineData(-1e-300)]
    [InlineData(1e9)]
    [InlineData(-512)]
    public void Flat_functions_meet_the_residual(double y)
    {
        Bracketed f = new(new Flat(), -100, 100);
        (double x, InverseStatus status) = Solve(f, y);
        Assert.Equal(InverseStatus.Converged, status);
        Assert.True(Math.Abs(f.Forward(new Real(x), [], out _).Value - y) <= 1e-12 * Math.Max(1, Math.Abs(y)));
    }

    [Fact]
    public void A_staircase_does_not_trap_newton()
    {
        Bracketed f = new(new Staircase(), -1e6, 1e6);
        for (double y = -40; y <= 40; y += 0.37)
        {
            (double x, InverseStatus status) = Solve(f, y);
            Assert.Equal(InverseStatus.Converged, status);
            Assert.True(Math.Abs(x + (0.999999 * Math.Sin(x)) - y) <= 1e-12 * Math.Max(1, Math.Abs(y)), $"y = {y}");
        }

        Assert.InRange(f.Evaluations, 1, 217 * 120);
    }

    [Fact]
    public void Far_roots_are_found_inside_a_huge_bracket()
    {
        (double x, InverseStatus status) = Solve(new Bracketed(new Exponential(), -1e308, 1e308), 1e-300);
        // |f − y| ≤ 1e-12 there for every x below −27.6: the tolerance is absolute below 1, as documented
        Assert.Equal(InverseStatus.Converged, status);
        Assert.True(Math.Exp(x) <= 1e-12);
        (x, status) = Solve(new Bracketed(new Cubic(1, 0, 1, 0), -1e300, 1e300), 1e297);
        Assert.Equal(InverseStatus.Converged, status);
        Assert.Equal(1e99, x, 1e87);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Arguments_that_are_no_numbers_never_converge(double y)
    {
        (double x, InverseStatus status) = Solve(new Bracketed(new Exponential(), -10, 10), y);
        Assert.Equal(InverseStatus.NotFinite, status);
        Assert.True(double.IsNaN(x));
    }

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, double.PositiveInfinity)]
    public void Brackets_that_are_no_numbers_are_not_brackets(double lower, double upper)
    {
        (double x, InverseStatus status) = Solve(new Bracketed(new Exponential(), lower, upper), 1);
        Assert.Equal(InverseStatus.NotBracketed, status);
        Assert.True(double.IsNaN(x));
    }

    [Fact]
    public void A_function_that_is_nowhere_defined_is_not_finite()
    {
        (double x, InverseStatus status) = Solve(new Bracketed(new Undefined(), -1, 1), 0);
        Assert.Equal(InverseStatus.NotFinite, status);
        Assert.True(double.IsNaN(x));
    }

    [Fact]
    public void One_bad_lane_does_not_spoil_the_others()
    {
        Bracketed f = new(new Cubic(1, 0, 1, 0), -100, 100);
        Lanes y = Lanes.Load([2, double.NaN, 0, 10, -10, double.PositiveInfinity, 30, 1]);
        InverseStatus status = default;
        Lanes x = MonotoneRoot.Solve(f, y, [], ref status);
        Assert.Equal(InverseStatus.NotFinite, status);
        for (int lane = 0; lane < Lanes.Width; lane++)
        {
            if (lane is 1 or 5) Assert.True(double.IsNaN(x[lane]));
            else Assert.Equal(Solve(f, y[lane]).X, x[lane]); // the bits of the point alone
        }

        Assert.Equal((1, 0, 2, -2, 3), (Math.Round(x[0], 12), Math.Round(x[2], 12), Math.Round(x[3], 12), Math.Round(x[4], 12), Math.Round(x[6], 12)));
    }

    [Fact]
    public void A_status_only_gets_worse()
    {
        InverseStatus status = InverseStatus.NotBracketed;
        _ = MonotoneRoot.Solve(new Bracketed(new Exponential(), -10, 10), new Real(1), [], ref status);
        Assert.Equal(InverseStatus.NotBracketed, status);
    }

    /// <summary>A polynomial without odd leading part is bounded below on one side: nothing there maps to y.</summary>
    [Fact]
    public void A_constant_sum_of_squares_has_no_inverse()
    {
        ITransformer f = new SumOfSquaresTransformer(1, 1, new PolynomialBasis(false, 0, 1), 0);
        InverseStatus status = default;
        Real x = f.Inverse(new Real(1), [new(0), new(0), new(0)], out _, ref status);
        Assert.Equal(InverseStatus.NotBracketed, status);
        Assert.True(double.IsNaN(x.Value));
    }

    /// <summary>P′ has a double zero: Newton's slope vanishes there.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1e-9)]
    [InlineData(-5)]
    public void A_horizontal_tangent_is_no_obstacle(double y)
    {
        ITransformer f = new SumOfSquaresTransformer(1, 1, new PolynomialBasis(false, 0, 1), 0); // y = x³/3
        InverseStatus status = default;
        Real x = f.Inverse(new Real(y), [new(0), new(0), new(1)], out _, ref status);
        Assert.Equal(InverseStatus.Converged, status);
        Assert.Equal(y, x.Value * x.Value * x.Value / 3, 1e-12);
    }

    private static (double X, InverseStatus Status) Solve(IMonotone f, double y)
    {
        InverseStatus status = default;
        return (MonotoneRoot.Solve(f, new Real(y), [], ref status).Value, status);
    }
}
