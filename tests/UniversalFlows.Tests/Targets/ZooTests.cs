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

    [Theory]
    [InlineData("twsit", 1, "twist")]
    [InlineData("henno", 1, "henon")]
    [InlineData("coupled", 1, "coupled-sines-3d")]
    [InlineData("twist(1,2)", 9, "takes 1 parameters")]
    [InlineData("cyclic(2.5)", 8, "whole number")]
    [InlineData("cyclic(4,1.5)", 8, "|a| < 1")]
    [InlineData("sine(2,1)", 6, "|a b| < 1")]
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
