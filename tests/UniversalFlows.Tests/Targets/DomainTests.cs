using FsCheck.Fluent;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Targets;

public class DomainTests
{
    public static TheoryData<string, int> Samples => new()
    {
        { "box(-1,1)", 1 }, { "box(-1,1)", 3 }, { "box(-1,1; 0,2)", 2 }, { "box(-1,0.5)", 2 }, { "ball(1)", 1 }, { "ball(1)", 2 },
        { "ball(0.5; 1,0)", 2 }, { "ball(2)", 3 }, { "ball(1.5; 1,2,3,4)", 4 }, { "ball(1)", 7 },
        { "sector(0.6,1.8; -2.5,2.5)", 2 }, { "sector(1,2; 0,0.5)", 2 }, { "sector(0.1,3; -6.2,0)", 2 }, { "sector(2,2.25; 1,4)", 2 }, { "ring(0.6,1.8)", 2 },
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
            if (!(Distance(far, near) <= Distance(far, member) + 1e-14)) return false;
            // for convex K: (far − near)·(member − near) ≤ 0 for all members
            double dot = 0;
            for (int i = 0; i < d; i++) dot += (far[i] - near[i]) * (member[i] - near[i]);
            return k.Contains(member) && k.Bounds.Contains(member) && k.Contains(near) && (!k.IsConvex || dot <= 1e-12) && (!k.Contains(far) || far.Zip(near).All(p => Math.Abs(p.First - p.Second) < 1e-14));
        }), 500);
    }

    private static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (p, q) => (p - q) * (p - q)).Sum());

    /// <summary>φ sends the box onto K, edges to the boundary; convex sets need none.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public void A_chart_sends_its_box_onto_the_domain(string text, int d)
    {
        Domain k = Domain.Parse(text, d);
        Assert.Equal(text.StartsWith("sector", StringComparison.Ordinal), k.Chart is not null);
        if (k.Chart is not { } chart) return;
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(d), Properties.UnitPoint(d), (u, v) =>
        {
            double[] inBox = new double[d], member = new double[d];
            chart.Box.FromUnitCube(u, inBox);
            k.FromUnitCube(v, member);
            double[] image = Apply(chart.Map, inBox), back = Back(chart.Map, member), nearest = [.. back];
            chart.Box.Project(nearest);
            if (!k.Contains(image) || Distance(Back(chart.Map, image), inBox) > 1e-13) return false;
            if (Distance(back, nearest) > 1e-13 || Distance(Apply(chart.Map, back), member) > 1e-13) return false;

            // beyond an edge of the box is outside of K
            int axis = v[0] < 0.5 ? 0 : 1;
            double outside = 1e-9 + (0.01 * u[1]);
            inBox[axis] = v[1] < 0.5 ? chart.Box.Lower[axis] - outside : chart.Box.Upper[axis] + outside;
            return !k.Contains(Apply(chart.Map, inBox));
        }), 500);

        static double[] Apply(Target map, double[] x)
        {
            Real[] point = [.. x.Select(v => new Real(v))];
            map.Map<Real>(point);
            return [.. point.Select(v => v.Value)];
        }

        static double[] Back(Target map, double[] x)
        {
            Real[] point = [.. x.Select(v => new Real(v))];
            InverseStatus status = InverseStatus.Converged;
            map.Inverse<Real>(point, ref status);
            return [.. point.Select(v => v.Value)];
        }
    }

    /// <summary>No smaller box holds the sector: each side of the box is touched.</summary>
    [Theory]
    [InlineData("sector(0.6,1.8; -2.5,2.5)", -1.4420585079844807, 1.8, -1.8, 1.8)]
    [InlineData("sector(1,2; 0,0.5)", 0.8775825618903728, 2, 0, 0.958851077208406)]
    [InlineData("sector(1,2; 3.5,4)", -1.8729133745815928, -0.6536436208636119, -1.5136049906158563, -0.35078322768961984)]
    public void Bounds_of_a_sector_are_tight(string text, double left, double right, double bottom, double top)
    {
        Box bounds = Domain.Parse(text, 2).Bounds;
        double[] found = [bounds.Lower[0], bounds.Upper[0], bounds.Lower[1], bounds.Upper[1]];
        foreach ((double a, double b) in found.Zip((double[])[left, right, bottom, top])) Assert.Equal(b, a, 4e-15);
    }

    /// <summary>The nearest points of a sector where it is not convex, by hand.</summary>
    [Fact]
    public void A_sector_projects_to_its_arcs_and_edges()
    {
        Domain k = Domain.Parse("sector(1,2; -2,2)", 2);
        double c = Math.Cos(2), s = Math.Sin(2);
        foreach ((double[] from, double[] to) in ((double[], double[])[])
            [([0.5, 0], [1, 0]), ([0, -0.1], [0, -1]), ([3e200, 4e200], [1.2, 1.6]), ([1.5 * c - (0.1 * s), 1.5 * s + (0.1 * c)], [1.5 * c, 1.5 * s]),
             ([-5, -0.01], [-5 * c * c, 5 * c * s]), ([-0.5, 0.01], [c, s]), ([-1, 0], [c, s]), ([0, 0], [c, s]), ([1.5, 0.25], [1.5, 0.25])])
        {
            double[] x = [.. from];
            k.Project(x);
            // (−5, −0.01) projects to 5|c| along the lower edge, but no further than 2
            double[] goal = Math.Sqrt((to[0] * to[0]) + (to[1] * to[1])) > 2 ? [2 * c, -2 * s] : to;
            Assert.Equal(goal[0], x[0], 1e-15);
            Assert.Equal(goal[1], x[1], 1e-15);
        }

        double[] nan = [double.NaN, 1];
        k.Project(nan);
        Assert.True(double.IsNaN(nan[0]));
        Assert.False(k.Contains([double.NaN, 1]));
        Assert.False(k.Contains([-1.5, 0]));
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
        Assert.Equal(7.2, Domain.Parse("sector(0.6,1.8; -2.5,2.5)", 2).Volume, 1e-15);
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
    [InlineData("sector(1,2; 0,1)", 3, 1, "dimension 3")]
    [InlineData("sector(1,2)", 2, 8, "two radii and two angles")]
    [InlineData("sector(1; 0,1)", 2, 8, "two radii and two angles")]
    [InlineData("sector(1,2; 0,1,2)", 2, 13, "two radii and two angles")]
    [InlineData("sector(1,2; 0,1; 2)", 2, 18, "two radii and two angles")]
    [InlineData("sector(0,2; 0,1)", 2, 8, "positive")]
    [InlineData("sector(2,1; 0,1)", 2, 8, "empty")]
    [InlineData("sector(1,2; 1,1)", 2, 13, "empty")]
    [InlineData("sector(1,2; -3.2,3.2)", 2, 13, "close the ring")]
    [InlineData("sector(1,2; 7,8)", 2, 13, "radians")]
    [InlineData("sector(1,1e200; 0,1)", 2, 8, "too large or too small")]
    [InlineData("ring(1,2)", 1, 1, "dimension 1")]
    [InlineData("ring(1)", 2, 6, "two radii")]
    [InlineData("ring(1,2; 3)", 2, 11, "two radii")]
    [InlineData("ring(2,1)", 2, 6, "ring at column 6 is empty")]
    [InlineData("sector", 2, 1, "needs numbers")]
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
        Assert.Throws<ArgumentOutOfRangeException>("innerRadius", () => new Sector(double.NaN, 1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("outerRadius", () => new Sector(1, 1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("innerRadius", () => new Ring(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("outerRadius", () => new Ring(1, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>("fromAngle", () => new Sector(1, 2, double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>("toAngle", () => new Sector(1, 2, 0, 2 * Math.PI));
    }
}
