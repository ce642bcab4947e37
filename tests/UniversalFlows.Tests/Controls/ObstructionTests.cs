using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Controls;

/// <summary>Lower bounds for classes of flows: known values, no flow of the class below them, and flows outside the class that are.</summary>
public sealed class ObstructionTests
{
    private const double HalfTurn = 1.5707963267948966;

    [Theory]
    [InlineData(FlowFamily.Acf, 1, "x + x^3", "box(-1,1)", 0.25, 1e-12)] // N1
    [InlineData(FlowFamily.Maf, 1, "x^2 + 3*x", "box(-1,1)", 0.5, 1e-12)] // T_2/2
    [InlineData(FlowFamily.Nice, 1, "2*x", "box(-1,3)", 2, 1e-12)] // half the range of f(x) − x
    [InlineData(FlowFamily.Acf, 4, "reflection(2)", "ball(1)", 1, 1e-5)] // N4
    [InlineData(FlowFamily.Planar, 9, "reflection(2)", "box(-1,1)", 1, 1e-6)]
    [InlineData(FlowFamily.Residual, 3, "reflection(3)", "ball(1)", 1, 1e-3)]
    [InlineData(FlowFamily.Sos, 2, "neg-sinh", "box(-2,2)", 3.626860407847019, 1e-9)] // half the range of a decreasing function
    [InlineData(FlowFamily.Nice, 4, "scaling(2)", "ball(1)", 1, 1e-5)] // N3
    [InlineData(FlowFamily.Nice, 4, "scaling(0.5)", "ball(1)", 0.5, 1e-5)]
    [InlineData(FlowFamily.Planar, 1, "scaling(2)", "ball(1)", 1, 1e-5)] // N7
    [InlineData(FlowFamily.Planar, 2, "scaling(0.5,3)", "ball(1)", 0.5, 2e-3)]
    [InlineData(FlowFamily.Maf, 1, "-y; x", "box(-1,1)", 1, 1e-12)] // N8
    [InlineData(FlowFamily.Residual, 1, "scaling(4)", "ball(1)", 2.1, 1e-9)] // N9: 4 − 1.9
    [InlineData(FlowFamily.Residual, 2, "scaling(0.001,2)", "ball(1)", 0.009, 1e-9)] // 0.1² − 0.001
    [InlineData(FlowFamily.Acf, 1, "banana", "box(-1,1)", 0, 1e-12)] // it moves the last coordinate only, as one coupling does
    [InlineData(FlowFamily.Acf, 1, "x + 0.5*y; y", "box(-1,1)", 0.5, 1e-9)]
    [InlineData(FlowFamily.Rqs, 0, "scaling(3)", "ball(1)", 2, 1e-9)]
    public void Bounds_have_their_exact_values(FlowFamily family, int depth, string target, string domain, double exact, double tolerance)
    {
        Target f = TargetParser.Parse(target);
        Obstruction? found = Obstruction.Of(new Architecture(family, f.Dimension, depth, [8]), f, Domain.Parse(domain, f.Dimension));
        Assert.Equal(exact, found?.Lower ?? 0, tolerance * (1 + exact));
        Assert.True((found?.Lower ?? 0) <= exact + 1e-9);
    }

    [Theory]
    [InlineData(FlowFamily.Acf, 2, "twist", "box(-1,1)")]
    [InlineData(FlowFamily.Planar, 2, "scaling(2)", "ball(1)")]
    [InlineData(FlowFamily.Maf, 2, "rotation(1)", "box(-1,1)")]
    [InlineData(FlowFamily.Residual, 3, "scaling(4)", "ball(1)")]
    [InlineData(FlowFamily.Sos, 1, "x + x^3", "box(-1,1)")]
    [InlineData(FlowFamily.Acf, 1, "2*x + 1", "box(-1,1)")]
    public void Where_nothing_forbids_there_is_no_bound(FlowFamily family, int depth, string target, string domain)
    {
        Target f = TargetParser.Parse(target);
        Assert.Null(Obstruction.Of(new Architecture(family, f.Dimension, depth, [8]), f, Domain.Parse(domain, f.Dimension)));
    }

    /// <summary>Random flows of every family, and the same followed by a reflection, which leaves the class and, as it should, some bounds behind.</summary>
    [Fact]
    public void No_flow_of_a_class_is_below_its_bound()
    {
        string[] targets = ["reflection(2)", "scaling(2)", "scaling(0.4)", "-y; x", "rotation(2)", "twist", "cubic", "neg-sinh", "sine"];
        int bounds = 0, outside = 0;
        foreach (string name in targets)
        {
            Target f = TargetParser.Parse(name);
            Domain domain = f.Dimension == 2 ? new Ball(1, 2) : f.DefaultDomain;
            foreach (FlowFamily family in Enum.GetValues<FlowFamily>())
            {
                for (int depth = 0; depth <= 2; depth++)
                {
                    Architecture architecture = new(family, f.Dimension, depth, [6]);
                    if (Obstruction.Of(architecture, f, domain) is not { } bound) continue;
                    bounds++;
                    for (ulong seed = 0; seed < 3; seed++)
                    {
                        Composition flow = architecture.Initialise(seed);
                        Philox random = new(seed, "obstruction");
                        foreach (Dense layer in flow.Parameters)
                            foreach (ref double p in layer.All) p += 0.5 * random.NextNormal();
                        Assert.True(Sup(flow, f, domain) >= bound.Lower * (1 - 1e-3), $"{family} {depth} on {name}: {Sup(flow, f, domain)} is below {bound}");
                    }

                    double[] matrix = new double[f.Dimension * f.Dimension];
                    for (int i = 0; i < f.Dimension; i++) matrix[(i * f.Dimension) + i] = i == f.Dimension - 1 ? -1 : 1;
                    if (Sup(new Linear(matrix, new double[f.Dimension]), f, domain) < bound.Lower * 0.9) outside++;
                }
            }
        }

        Assert.True(bounds > 60, $"{bounds}");
        Assert.True(outside > 10, $"{outside}"); // a bound that nothing can be below says nothing
    }

    [Fact]
    public void The_nearest_affine_function_has_three_alternating_errors()
    {
        BestAffine best = BestAffine.Of(Math.Exp, 0, 1);
        // slope e − 1; tangent point log(e − 1)
        double slope = Math.E - 1, at = Math.Log(slope), error = 0.5 * (1 - (slope - (slope * at)));
        Assert.Equal(slope, best.Slope, 1e-10);
        Assert.Equal(Math.Abs(error), best.Lower, 1e-12);
        Assert.Equal(best.Lower, best.Upper, 1e-12);
        Assert.Equal(at, best.Alternation[1], 1e-5);
        Assert.Throws<ArgumentException>(() => BestAffine.Of(Math.Exp, 1, 1));
        Assert.Throws<ArgumentException>(() => BestAffine.Of(Math.Log, -1, 1));
    }

    [Fact]
    public void A_quarter_turn_by_one_layer_is_a_rotation_of_the_domain() =>
        Assert.Equal(1, Obstruction.Of(new Architecture(FlowFamily.Naf, 2, 1, [4]), TargetParser.Parse($"rotation({HalfTurn:R})"), Domain.Cube(2, -1, 1))!.Lower, 1e-12);

    private static double Sup(IMap flow, IMap target, Domain domain) =>
        MapErrors.Estimate(flow, target, domain, MapErrorOptions.Default with { Integrals = false, C1 = false, GridPerAxis = domain.Dimension == 1 ? 201 : 33, Ascents = 2 }).Sup;
}
