using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>The rates of step (d) in whole compiled flows: first-order bounds at a fixed number of factors and fixed conditioners against the number of bins or sigmoids.</summary>
public sealed class CompiledRates
{
    private static double Bound(FlowFamily family, int size, bool? corrected = null)
    {
        Target f = TargetParser.Parse("generic");
        Chain chain = Assert.Single(FlowCompiler.Compile(f, f.DefaultDomain, new ConstructionSettings
        {
            Epsilon = 1e-7,
            Family = family,
            Order = AffineOrder.Moving,
            Factors = 2,
            Degree = 16,
            Size = size + (family == FlowFamily.Dsf ? 2 * DeepSigmoidalLayer.Reach(1) : 0),
            Corrected = corrected,
            Overlap = 1,
        }).Chains);
        Assert.All(chain.Layers, l => Assert.Equal(16, l.Degree));
        return chain.Bound;
    }

    [Theory]
    [InlineData(FlowFamily.Rqs, null, 4, 16, -4.3, -3.7)]
    [InlineData(FlowFamily.Dsf, false, 24, 72, -2.1, -1.9)]
    // −4 inside the interval, −3 near its ends, where P goes on as a C² map only; it was −2 and worse with a kink of P there and the tails on the outermost cells
    [InlineData(FlowFamily.Dsf, true, 24, 72, -4.1, -3.1)]
    public void The_layers_of_a_compiled_flow_have_their_rate(FlowFamily family, bool? corrected, int coarse, int fine, double least, double most) =>
        Assert.InRange(Math.Log(Bound(family, fine, corrected) / Bound(family, coarse, corrected)) / Math.Log((double)fine / coarse), least, most);

    [Fact]
    public void A_fixed_degree_is_kept()
    {
        Target f = TargetParser.Parse("generic");
        ConstructionSettings settings = new() { Epsilon = 1e-10, Family = FlowFamily.Sos, Order = AffineOrder.Last, Factors = 2, Degree = 5 };
        Chain low = Assert.Single(FlowCompiler.Compile(f, f.DefaultDomain, settings).Chains), high = Assert.Single(FlowCompiler.Compile(f, f.DefaultDomain, settings with { Degree = 9 }).Chains);
        Assert.All(low.Layers, l => Assert.Equal((5, 6), (l.Degree, l.Size)));
        Assert.All(high.Layers, l => Assert.Equal((9, 10), (l.Degree, l.Size)));
        Assert.True(high.Bound < 0.1 * low.Bound, $"{low.Bound} {high.Bound}");
        Assert.Equal([0, 0.5, 1], low.Frames.Select(c => c.Time));
    }
}
