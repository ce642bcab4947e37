using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Targets;

public class ZooTests
{
    [Fact]
    public void Names_are_unique_and_read_back_as_themselves()
    {
        Assert.Equal(Zoo.All.Count, Zoo.All.Select(t => t.Name).Distinct().Count());
        Assert.Equal(Zoo.All.Count, Zoo.Signatures.Count);
        foreach (Target t in Zoo.All) Assert.Equal((t.Name, t.GetType()), (TargetParser.Parse(t.Name).Name, Zoo.Parse(t.Name).GetType()));
        foreach (string name in new[] { "twist(2.5)", "cyclic(3,0.25)", "cyclic(5)", "radial(0.5,3)" }) Assert.Equal(name, Zoo.Parse(name).Name);
        Assert.Equal("cyclic", Zoo.Parse(" cyclic( 4 , 0.5 ) ").Name);
    }

    [Fact]
    public void Defaults_are_those_of_the_tables()
    {
        Assert.Equal("box(-1,1)", Zoo.Parse("twist").DefaultDomain.ToString());
        Assert.Equal("box(-1,1)", Zoo.Parse("generic").DefaultDomain.ToString());
        Assert.Equal("box(-2,2)", Zoo.Parse("coupled-sines-3d").DefaultDomain.ToString());
        Assert.Equal(4, Zoo.Parse("cyclic").Dimension);
        Assert.Equal(6, Zoo.Parse("cyclic(6)").Dimension);
        Assert.Equal(-1, Zoo.Parse("henon").Orientation);
    }

    [Fact]
    public void Known_points_of_the_targets()
    {
        static double[] At(string name, params double[] x)
        {
            Real[] point = [.. x.Select(v => new Real(v))];
            Zoo.Parse(name).Map<Real>(point);
            return [.. point.Select(v => v.Value)];
        }

        Assert.Equal([-1.0, 0], At("two-cycle", 1, 0));
        Assert.Equal([1.0, 0], At("two-cycle", -1, 0));
        foreach (double t in new[] { -0.75, 0, 0.3 })
        {
            double[] p = At("square-to-disc", 1, t);
            Assert.Equal(1, Math.Sqrt((p[0] * p[0]) + (p[1] * p[1])), 1e-15);
        }

        Assert.Equal([1.0, 2], At("sqrt-complex", -3, 4));
        Assert.Equal([0.0, 0.5 * Math.PI], At("log-polar", 0, 1));
        Assert.Equal([0.5, -0.5], At("ring-inversion", 1, 1));
        Assert.Equal([-3.0, 4], At("ring-square", 1, 2));
        Assert.Equal([0.75], At("interval-swap", -0.25));
        Assert.Equal([-0.75], At("interval-swap", 0.25));
        Assert.Equal([(1 + (2 * 0.5)) + (0.5 * (2 + (0.5 * (1 + (2 * 0.5))))), 2 + (0.5 * (1 + (2 * 0.5)))], At("shear-chain", 1, 2));
    }

    [Fact]
    public void Outsiders_are_tagged_with_their_reasons()
    {
        Assert.Equal(["ring-inversion", "ring-square", "fold", "interval-swap", "cube"], Zoo.All.Where(t => t.Membership.InClass is false).Select(t => t.Name));
        Assert.Equal(["log-polar"], Zoo.All.Where(t => t.Membership is { InClass: true, StarShaped: false }).Select(t => t.Name));
        Assert.Equal([1.0, 0], Zoo.Parse("sqrt-complex").StarCentre);
        Assert.Null(Zoo.Parse("log-polar").StarCentre);
        Assert.Null(new FormulaTarget("x; y").Membership.InClass);
    }

    [Theory]
    [InlineData("random-linear(3,5,-1)", -1)]
    [InlineData("random-linear(3,5,1)", 1)]
    [InlineData("random-linear(1,5,-1)", -1)]
    [InlineData("random-linear(16,3,1)", 1)]
    public void Random_matrices_are_well_conditioned_and_of_the_sign_asked_for(string name, int sign)
    {
        RandomLinear f = (RandomLinear)Zoo.Parse(name);
        double[] a = f.Matrix.ToArray(), inverse = new double[a.Length];
        int d = f.Dimension;
        Assert.True(SmallMatrix.Invert(a, d, inverse));
        Assert.InRange(SmallMatrix.OperatorNorm(a, d) * SmallMatrix.OperatorNorm(inverse, d), 1, 20.0 * d);
        Assert.Equal(sign, Math.Sign(SmallMatrix.Determinant(a, d)));
        Assert.Equal(a, ((RandomLinear)Zoo.Parse(name)).Matrix.ToArray());
        Assert.NotEqual(a, ((RandomLinear)Zoo.Parse(name.Replace(d == 16 ? ",3," : ",5,", ",4,", StringComparison.Ordinal))).Matrix.ToArray());
    }

    [Theory]
    [InlineData("twsit", 1, "twist")]
    [InlineData("henno", 1, "henon")]
    [InlineData("coupled", 1, "coupled-sines-3d")]
    [InlineData("twist(1,2)", 9, "takes 1 parameter")]
    [InlineData("cyclic(2.5)", 8, "whole number")]
    [InlineData("cyclic(4,1.5)", 8, "|a| < 1")]
    [InlineData("sine(2,1)", 6, "|a b| < 1")]
    [InlineData("scaling(0)", 9, "s is not 0")]
    [InlineData("shear-chain(2.5)", 13, "n is a whole number")]
    [InlineData("random-linear(2,1,0)", 15, "sign is 1 or -1")]
    [InlineData("polar(7)", 7, "|middle| <= 2 pi")]
    [InlineData("twist(a)", 7, "finite number")]
    [InlineData("twist(1", 8, "')'")]
    public void Errors_say_where_and_what(string text, int column, string says)
    {
        InputException e = Assert.Throws<InputException>(() => TargetParser.Parse(text));
        Assert.Equal(column, e.Column);
        Assert.Contains($"at column {column}", e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal(text, e.Text);
    }

    [Fact]
    public void Names_that_mean_nothing_list_the_zoo() =>
        Assert.Contains("twist", Assert.Throws<InputException>(() => Zoo.Parse("qqqqqqqq")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("x")]
    [InlineData("sin(x)")]
    [InlineData("e + x")]
    [InlineData("x-1")]
    [InlineData("(x)")]
    public void Formulas_are_not_taken_for_names(string text) => Assert.IsType<FormulaTarget>(TargetParser.Parse(text));
}
