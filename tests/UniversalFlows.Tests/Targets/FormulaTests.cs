using UniversalFlows.Bijections;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Targets;

public class FormulaTests
{
    private static double[] Evaluate(string formula, params double[] x)
    {
        Real[] point = [.. x.Select(v => new Real(v))];
        new FormulaTarget(formula).Map<Real>(point);
        return [.. point.Select(v => v.Value)];
    }

    [Theory]
    [InlineData("1 + 2*3", 7)]
    [InlineData("2*3^2", 18)]
    [InlineData("-2^2", -4)]
    [InlineData("(-2)^2", 4)]
    [InlineData("2^3^2", 512)]
    [InlineData("2^-1", 0.5)]
    [InlineData("2^-2^2", 0.0625)]
    [InlineData("8/4/2", 1)]
    [InlineData("8-4-2", 2)]
    [InlineData("8-(4-2)", 6)]
    [InlineData("--3", 3)]
    [InlineData("-+3", -3)]
    [InlineData("2*-3", -6)]
    [InlineData("1e-3 + .5 + 2.", 2.501)]
    [InlineData("0^0", 1)]
    [InlineData("pi", Math.PI)]
    [InlineData("e", Math.E)]
    public void Constants_have_the_usual_precedence(string formula, double value)
    {
        Assert.Equal(value, Evaluate(formula, 0.3)[0], 1e-15);
        // the same with every number hidden from the folding
        string hidden = System.Text.RegularExpressions.Regex.Replace(formula, @"(?<![\w.^-])(\d+\.?\d*|\.\d+)(?![\w.])", "($1+0*x)");
        Assert.Equal(value, Evaluate(hidden, 0.3)[0], 1e-14 * Math.Abs(value) + 1e-14);
    }

    [Fact]
    public void Values_are_those_of_the_hand_written_formula()
    {
        foreach ((double x, double y) in new[] { (0.3, -0.7), (-1.1, 0.4), (0.0, 2.0), (1e-9, 1e-9) })
        {
            double[] v = Evaluate("x1 + 0.3*sin(1.5*x2) + 0.1*x1^3; x2 + 0.25*x1^2", x, y);
            Assert.Equal(x + (0.3 * Math.Sin(1.5 * y)) + (0.1 * x * x * x), v[0], 1e-15);
            Assert.Equal(y + (0.25 * x * x), v[1], 1e-15);

            v = Evaluate("tan(x)/(1+exp(-y)) - sqrt(x*x+y^2); log(1+x^2)*atan(y) + abs(x) - cosh(y)/tanh(2-y)*cos(x)", x, y);
            Assert.Equal((Math.Tan(x) / (1 + Math.Exp(-y))) - Math.Sqrt((x * x) + (y * y)), v[0], 1e-14);
            if (y != 2) Assert.Equal((Math.Log(1 + (x * x)) * Math.Atan(y)) + Math.Abs(x) - (Math.Cosh(y) / Math.Tanh(2 - y) * Math.Cos(x)), v[1], 1e-13);
        }

        Assert.Equal(Math.Pow(2.5, 1.7), Evaluate("x^y; y", 2.5, 1.7)[0], 1e-14);
        Assert.Equal(Math.Pow(2.5, -7), Evaluate("x^-7", 2.5)[0], 1e-17);
        Assert.Equal(-243, Evaluate("x^5", -3)[0]);
        Assert.Equal(100, Evaluate("1E+2", 0)[0]);
        Assert.Equal([3.0, 1, 2], Evaluate("z; x; y", 1, 2, 3));
        Assert.Equal([4.0, 3, 2, 1], Evaluate("x4; x3; x2; x1", 1, 2, 3, 4));
    }

    [Theory]
    [InlineData("sinh(x)")]
    [InlineData("tan(x)")]
    [InlineData("tanh(x)")]
    public void Odd_functions_are_accurate_near_zero(string formula)
    {
        foreach (double x in new[] { 1e-12, 1e-8, -3e-6 }) Assert.InRange(Evaluate(formula, x)[0] / x, 1 - 1e-11, 1 + 1e-11);
        Assert.Equal(1e-12, Evaluate(formula, 1e-12)[0], 1e-27);
    }

    [Fact]
    public void Derivatives_are_right()
    {
        Real[] value = new Real[2], jacobian = new Real[4];
        double x = 0.6, y = 1.3;
        Jacobian.Evaluate<Real>(new FormulaTarget("x^3*y - y/x; x^y + 2*sinh(x) - 3/y"), [new(x), new(y)], value, jacobian);
        double[] expected =
        [
            (3 * x * x * y) + (y / (x * x)), (x * x * x) - (1 / x),
            (y * Math.Pow(x, y - 1)) + (2 * Math.Cosh(x)), (Math.Pow(x, y) * Math.Log(x)) + (3 / (y * y)),
        ];
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], jacobian[i].Value, 1e-13);
    }

    [Theory]
    [InlineData("", 1, "a number, a variable")]
    [InlineData("x +", 4, "a number, a variable")]
    [InlineData("x + * y; y", 5, "a number, a variable")]
    [InlineData("2x", 2, "operator")]
    [InlineData("2(x)", 2, "operator")]
    [InlineData("x y; y", 3, "an operator")]
    [InlineData("(x", 3, "')'")]
    [InlineData("x)", 2, "an operator, ';' or the end")]
    [InlineData("sin x", 5, "'(' after sin")]
    [InlineData("sni(x)", 1, "sin")]
    [InlineData("x + foo; y", 5, "unknown name 'foo'")]
    [InlineData("x + z; y", 5, "only 2 components")]
    [InlineData("x + x12; y", 5, "coordinate 12")]
    [InlineData("x0", 1, "unknown name 'x0'")]
    [InlineData("x;;y", 3, "a number, a variable")]
    [InlineData("x; y;", 6, "a number, a variable")]
    [InlineData("1.2.3*x", 1, "not a finite number")]
    [InlineData("1e999*x", 1, "not a finite number")]
    [InlineData("x # y", 3, "an operator")]
    [InlineData("x = y", 3, "an operator")]
    public void Errors_have_their_column_and_what_was_expected(string formula, int column, string says)
    {
        InputException e = Assert.Throws<InputException>(() => new FormulaTarget(formula));
        Assert.Equal(column, e.Column);
        Assert.Contains($"at column {column}", e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Depth_is_limited_and_length_is_not()
    {
        foreach (string open in new[] { "(", "-", "2^", "sin(" })
        {
            string deep = string.Concat(Enumerable.Repeat(open, 200_000)) + "x";
            Assert.Contains("too deeply", Assert.Throws<InputException>(() => new FormulaTarget(deep)).Message, StringComparison.Ordinal);
        }

        string nested = string.Concat(Enumerable.Repeat("(", 90)) + "x" + new string(')', 90);
        Assert.Equal(0.5, Evaluate(nested, 0.5)[0]);
        Assert.Equal(5000, Evaluate(string.Join("+", Enumerable.Repeat("x", 10_000)), 0.5)[0]);
    }

    /// <summary>A target's name is its text: it must read back as the same map.</summary>
    [Fact]
    public void Names_read_back()
    {
        Target f = TargetParser.Parse(" x*2 ; y ");
        Assert.Equal("x*2 ; y", f.Name);
        Assert.Equal(f.Name, TargetParser.Parse(f.Name).Name);
        Assert.Equal("box(-1,1)", f.DefaultDomain.ToString());
    }
}
