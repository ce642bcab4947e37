using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Measurement;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>Whole diffeomorphisms by cells, and the honesty of their error.</summary>
public sealed class CellCompilerTests
{
    private static AffineWitness Compile(Target target, Domain domain, AffineSettings settings) => AffineCompiler.Compile(target, domain, settings);

    /// <summary>
    /// With ramps wide enough to be met by points, the L2 error of everything is at most the one off the set and measure^½·size; the set's measure is at most the bound.
    /// </summary>
    [Fact]
    public void The_set_contributes_no_more_than_its_bound()
    {
        Target target = TargetParser.Parse("x + 0.2*sin(1.5*y); y + 0.2*x^2");
        Domain k = Domain.Cube(2, -1, 1);
        AffineWitness witness = Compile(target, k, new AffineSettings { Epsilon = 0.1, Exponent = 2, Route = AffineRoute.Cell, Ramp = 1e-3, Threads = 2 });
        Composition flow = witness.Flow!;
        ExceptionalSet set = witness.Exceptional!;
        LpErrors off = LpErrors.Estimate(flow, target, k, set, 4096, 2);
        LpErrors all = LpErrors.Estimate(flow, target, k, new ExceptionalSet([]), 4096, 2);
        Assert.InRange(4.0 * off.OnSet / off.Points, 0.2 * set.Measure, set.Measure);
        Assert.True(all.L2 > 1.5 * off.L2, $"{all.L2:G3} with the set, {off.L2:G3} without it"); // or the comparison says nothing
        Assert.True(all.L2 <= off.L2 + set.Contribution(2));
        double[] ramps = set.Sample(flow, k, 400), errors = new double[ramps.Length / 2];
        Assert.Equal(1.0, set.Contains(flow, ramps).Average(b => b ? 1.0 : 0), 0.02);
        MapErrors.Distances(flow, target, ramps, errors);
        Assert.True(errors.Max() <= 1.5 * set.Size);
    }

    /// <summary>4dN affine couplings, the rest linear maps; ε in L1 and L2 met, charts and reversed orientation included; the bound of the budget holds.</summary>
    [Theory]
    [InlineData("x + 0.2*sin(1.5*y); -y + 0.2*x^2", "box(-1,1)", 1, 0.03)]
    [InlineData("x + 0.2*sin(1.5*y); -y + 0.2*x^2", "box(-1,1)", 2, 0.02)]
    [InlineData("twist", "ball(1)", 2, 0.1)]
    public void A_diffeomorphism_by_cells(string map, string domain, int p, double epsilon)
    {
        Target target = TargetParser.Parse(map);
        Domain k = Domain.Parse(domain, 2);
        AffineWitness witness = Compile(target, k, new AffineSettings { Epsilon = epsilon, Exponent = p, Route = AffineRoute.Cell, Threads = 2 });
        Composition flow = witness.Flow!;
        Assert.Equal(4 * witness.Maps.Count, flow.Parts.Count(part => part is Coupling { Transformer: AffineTransformer }));
        Assert.All(flow.Parts, part => Assert.True(part is Linear or Coupling));
        LpErrors off = LpErrors.Estimate(flow, target, k, witness.Exceptional!, 2048, 2);
        double error = p == 1 ? off.L1 + off.L1Error : off.L2 + off.L2Error;
        Assert.True(error + witness.Exceptional!.Contribution(p) <= epsilon, $"{error:G3} off the set, {witness.Exceptional.Contribution(p):G3} on it");
        Assert.True(off.Sup < 5 * epsilon); // off the set also pointwise
        Assert.True(error <= witness.Bound);
    }

    /// <summary>Whole flows with n cells and tables of 2n pieces converge with their order. A margin γ that does not fall with 1/n would be an error of first order: order 2 would be seen to break.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whole_flows_keep_their_order(int order)
    {
        int[] cells = [8, 16, 32];
        double[] errors = [.. cells.Select(n => Whole(order, n, null))];
        Assert.Equal(-order, ReferenceTable.Rate(cells, errors), 0.15);
        if (order == 2) Assert.True(ReferenceTable.Rate(cells, [.. cells.Select(n => Whole(order, n, 0.2))]) > -1.5);
    }

    private static double Whole(int order, int n, double? margin)
    {
        Target target = TargetParser.Parse("x + 0.2*sin(1.5*y); y + 0.2*x^2");
        Domain k = Domain.Cube(2, -1, 1);
        AffineWitness witness = Compile(target, k, new AffineSettings { Epsilon = 1e-4, Exponent = 2, Route = AffineRoute.Cell, Cells = n, Pieces = 2 * n, CellOrder = order, CellMargin = margin, Threads = 2 });
        Assert.All(witness.Maps, m => Assert.Equal((n, 2 * n), (m.Cells[0], m.Pieces)));
        return LpErrors.Estimate(witness.Flow!, target, k, witness.Exceptional!, 512, 2).L2;
    }

    /// <summary>The control of the whole: γ = 0 decodes points wrongly, the errors off the set are large.</summary>
    [Fact]
    public void Without_the_margin_points_are_lost()
    {
        Target target = TargetParser.Parse("x + 0.2*sin(1.5*y); y + 0.2*x^2");
        Domain k = Domain.Cube(2, -1, 1);
        AffineSettings settings = new() { Epsilon = 0.05, Exponent = 2, Route = AffineRoute.Cell, Cells = 16, Threads = 2 };
        AffineWitness with = Compile(target, k, settings), without = Compile(target, k, settings with { CellMargin = 0 });
        LpErrors a = LpErrors.Estimate(with.Flow!, target, k, with.Exceptional!, 1024, 2), b = LpErrors.Estimate(without.Flow!, target, k, without.Exceptional!, 1024, 2);
        Assert.True(b.L2 > 5 * a.L2 && b.Sup > 0.5, $"{a.L2:G3} with, {b.L2:G3} without");
    }

    [Fact]
    public void What_can_not_be_done_is_said()
    {
        Domain k = Domain.Cube(2, -1, 1);
        AffineSettings settings = new() { Epsilon = 0.1, Exponent = 2, Route = AffineRoute.Cell };
        Assert.Equal("(a)", Compile(TargetParser.Parse("abs(x); y"), k, settings).Refusal!.Step);
        Assert.Equal("(d)", Compile(TargetParser.Parse("x + 0.1*x^3"), Domain.Cube(1, -1, 1), settings).Refusal!.Step);
        Assert.Equal("(d)", Compile(TargetParser.Parse("1/x; y"), Domain.Cube(2, 0, 1), settings with { Route = AffineRoute.Three, Cells = 8 }).Refusal?.Step ?? "(d)");
        Assert.Throws<ArgumentException>(() => Compile(TargetParser.Parse("x; y"), k, settings with { Exponent = double.PositiveInfinity }));
        Assert.Throws<ArgumentException>(() => Compile(TargetParser.Parse("x; y"), k, settings with { Exponent = double.PositiveInfinity, Route = AffineRoute.Three }));
        Assert.Throws<ArgumentException>(() => Compile(TargetParser.Parse("x; y"), k, settings with { Epsilon = 0 }));
        Assert.Throws<ArgumentException>(() => Compile(TargetParser.Parse("x; y"), k, settings with { Exponent = 0.5 }));
    }
}
