using FsCheck.Fluent;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Targets;

public class DomainTests
{
    public static TheoryData<string, int> Samples => new()
    {
        { "box(-1,1)", 1 }, { "box(-1,1)", 3 }, { "box(-1,1; 0,2)", 2 }, { "box(-1,0.5)", 2 }, { "ball(1)", 1 }, { "ball(1)", 2 },
        { "ball(0.5; 1,0)", 2 }, { "ball(2)", 3 }, { "ball(1.5; 1,2,3,4)", 4 }, { "ball(1)", 7 },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Text_reads_back(string text, int dimension)
    {
        Domain k = Domain.Parse(text, dimension);
        Assert.Equal(text, k.ToString());
        Assert.Equal(dimension, k.Dimension);
        Assert.Equal(text, Domain.Parse($"  {text.Replace(",", " , ", StringComparison.Ordinal)} ", dimension).ToString());
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Points_of_the_cube_become_members_and_projections_are_nearest(string text, int d)
    {
        Domain k = Domain.Parse(text, d);
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(d), Properties.UnitPoint(d), (u, v) =>
        {
            double[] member = new double[d];
            k.FromUnitCube(u, member);
            double[] far = [.. v.Select(t => (6 * t) - 3)], near = [.. far];
            k.Project(near);
            // for convex K: (far − near)·(member − near) ≤ 0 for all members
            double dot = 0;
            for (int i = 0; i < d; i++) dot += (far[i] - near[i]) * (member[i] - near[i]);
            return k.Contains(member) && k.Bounds.Contains(member) && k.Contains(near) && dot <= 1e-12 && (!k.Contains(far) || far.Zip(near).All(p => Math.Abs(p.First - p.Second) < 1e-14));
        }), 500);
    }

    /// <summary>The Jacobian determinant of FromUnitCube is ±|K| everywhere.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void The_cube_map_keeps_measure(string text, int d)
    {
        Domain k = Domain.Parse(text, d);
        const double H = 1e-6;
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(d), t =>
        {
            double[] u = [.. t.Select(v => 0.05 + (0.9 * v))], jacobian = new double[d * d], plus = new double[d], minus = new double[d];
            for (int j = 0; j < d; j++)
            {
                double[] right = [.. u], left = [.. u];
                right[j] += H;
                left[j] -= H;
                k.FromUnitCube(right, plus);
                k.FromUnitCube(left, minus);
                for (int i = 0; i < d; i++) jacobian[(i * d) + j] = (plus[i] - minus[i]) / (2 * H);
            }

            double det = Math.Abs(UniversalFlows.Numerics.SmallMatrix.Determinant(jacobian, d));
            return Math.Abs(det - k.Volume) <= 1e-6 * k.Volume;
        }), 100);
    }

    [Fact]
    public void Volumes_are_known()
    {
        Assert.Equal(4, Domain.Parse("box(-1,1; 0,2)", 2).Volume);
        Assert.Equal(3, Domain.Parse("ball(1.5)", 1).Volume);
        Assert.Equal(Math.PI / 4, Domain.Parse("ball(0.5)", 2).Volume, 1e-15);
        Assert.Equal(4 * Math.PI / 3 * 8, Domain.Parse("ball(2)", 3).Volume, 1e-13);
        Assert.Equal(Math.PI * Math.PI / 2, Domain.Parse("ball(1)", 4).Volume, 1e-15);
        Assert.Equal(8 * Math.PI * Math.PI / 15, Domain.Parse("ball(1)", 5).Volume, 1e-14);
    }

    [Fact]
    public void NaN_is_not_a_member()
    {
        Assert.False(Domain.Parse("box(-1,1)", 2).Contains([0, double.NaN]));
        Assert.False(Domain.Parse("ball(1)", 2).Contains([0, double.NaN]));
        Assert.False(Domain.Parse("ball(1)", 2).Contains([0, 1.0000001]));
        Assert.True(Domain.Parse("ball(1)", 2).Contains([0, 1]));
    }

    [Theory]
    [InlineData("box(1,-1)", 2, 5, "empty")]
    [InlineData("box(1,1)", 2, 5, "empty")]
    [InlineData("box(-1,1; 2,1)", 2, 11, "empty")]
    [InlineData("box(1)", 2, 5, "two numbers")]
    [InlineData("box(1,2,3)", 2, 5, "two numbers")]
    [InlineData("box(0,1; 0,1; 0,1)", 2, 15, "target has 2")]
    [InlineData("box(0,1; 0,1)", 3, 10, "target has 3")]
    [InlineData("ball(0)", 2, 6, "positive")]
    [InlineData("ball(-1)", 2, 6, "positive")]
    [InlineData("ball(1; 0)", 2, 9, "1 coordinates")]
    [InlineData("ball(1,2)", 2, 8, "more numbers")]
    [InlineData("ball(1; 0,0; 1)", 2, 14, "more numbers")]
    [InlineData("ball", 2, 1, "needs numbers")]
    [InlineData("ball()", 2, 1, "needs numbers")]
    [InlineData("disc(1)", 2, 1, "unknown domain 'disc'")]
    [InlineData("box(-1,1", 2, 9, "')'")]
    [InlineData("box(-1,,1)", 2, 8, "a finite number")]
    [InlineData("box(nan,1)", 2, 5, "a finite number")]
    [InlineData("box(-1e999,1)", 2, 5, "a finite number")]
    [InlineData("box(-1,1) x", 2, 11, "the end")]
    [InlineData("", 2, 1, "a name")]
    public void Errors_say_where_and_what(string text, int dimension, int column, string says)
    {
        InputException e = Assert.Throws<InputException>(() => Domain.Parse(text, dimension));
        Assert.Equal(column, e.Column);
        Assert.Contains($"at column {column}", e.Message, StringComparison.Ordinal);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Constructors_refuse_empty_sets()
    {
        Assert.Throws<ArgumentException>("upper", () => new Box([0, 1], [1, 1]));
        Assert.Throws<ArgumentException>("upper", () => new Box([0], [double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>("radius", () => new Ball(double.NaN, 2));
    }
}
