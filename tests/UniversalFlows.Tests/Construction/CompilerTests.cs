using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>The compiler on formulas: what it promises is measured on other points; what it can't do is refused with the step.</summary>
public sealed class CompilerTests
{
    private static ConstructionResult Compile(string target, string domain, FlowFamily family, double epsilon, int threads = 1)
    {
        Target f = TargetParser.Parse(target);
        return FlowCompiler.Compile(f, Domain.Parse(domain, f.Dimension), new ConstructionSettings { Epsilon = epsilon, Family = family, Threads = threads });
    }

    [Theory]
    [InlineData("x + 0.2*sin(2*x)", "box(-1,1)", FlowFamily.Sos, 1e-8, 1)]
    [InlineData("-sinh(x)", "box(-1,1)", FlowFamily.Sos, 1e-8, -1)]
    [InlineData("x + 0.1*sin(y); y + 0.1*x^2", "box(1,2; -1,1)", FlowFamily.Sos, 1e-5, 1)]
    [InlineData("x + 0.1*sin(y); 0.1*x^2 - y", "ball(0.8)", FlowFamily.Sos, 1e-5, -1)]
    [InlineData("x + 0.1*y^2; y + 0.1*sin(x)", "box(-1,1)", FlowFamily.Rqs, 1e-3, 1)]
    [InlineData("x + 0.1*y^2; y + 0.1*sin(x)", "box(-1,1)", FlowFamily.Dsf, 1e-2, 1)]
    [InlineData("x + tanh(20*x)", "box(-1,1)", FlowFamily.Sos, 1e-6, 1)]                                            // steep
    [InlineData("x + 0.1*sin(y); y + 0.1*sin(x)", "box(-12,12)", FlowFamily.Dsf, 0.1, 1)]                            // logistic functions of x itself would saturate
    [InlineData("x; 1e-8*y", "box(-1,1)", FlowFamily.Sos, 1e-6, 1)]                                                 // a coordinate of another size
    [InlineData("x + 0.2*y^2 - x^3/(3*1.69); y + 0.1*x^2", "box(-1,1)", FlowFamily.Sos, 1e-4, 1)]                   // folds at 1.3 K
    [InlineData("x + 0.1*sin(y + z); y + 0.1*sin(z + x); z + 0.1*x*y", "box(-1,1)", FlowFamily.Sos, 1e-3, 1)]
    public void The_measured_error_is_within_epsilon(string target, string domain, FlowFamily family, double epsilon, int orientation)
    {
        ConstructionResult result = Compile(target, domain, family, epsilon);
        Assert.Null(result.Refusal);
        Target f = TargetParser.Parse(target);
        Domain k = Domain.Parse(domain, f.Dimension);
        Chain chain = Assert.Single(result.Chains);
        Assert.Equal(orientation, chain.Orientation);
        Assert.True(chain.ClosingError <= 1e-12 && chain.ClosingFailures == 0, $"closing error {chain.ClosingError:G3}, {chain.ClosingFailures} failures");
        ErrorNorms errors = MapErrors.Estimate(result.Flow!, f, k, new MapErrorOptions { C1 = false, Integrals = false, GridPerAxis = f.Dimension == 1 ? 501 : 61 });
        Assert.True(errors.Sup <= epsilon, $"{errors.Sup:G3} > {epsilon:G3}");

        Philox random = new(5, "round trip");
        for (int n = 0; n < 50; n++)
        {
            double[] x = [.. Enumerable.Range(0, f.Dimension).Select(_ => random.NextUniform())];
            k.FromUnitCube(x, x);
            Real[] y = [.. x.Select(v => new Real(v))];
            InverseStatus status = default;
            result.Flow!.Map<Real>(y);
            result.Flow.Inverse<Real>(y, ref status);
            Assert.Equal(InverseStatus.Converged, status);
            for (int i = 0; i < x.Length; i++) Assert.Equal(x[i], y[i].Value, 1e-10);
        }
    }

    [Fact]
    public void A_sector_goes_through_its_chart()
    {
        Target f = TargetParser.Parse("x + 0.1*y^2; y");
        Domain k = Domain.Parse("sector(0.8,1.4; -1,1)", 2);
        ConstructionResult result = Compile("x + 0.1*y^2; y", "sector(0.8,1.4; -1,1)", FlowFamily.Sos, 1e-3);
        Assert.Equal(2, result.Chains.Count);
        ErrorNorms errors = MapErrors.Estimate(result.Flow!, f, k, new MapErrorOptions { C1 = false, Integrals = false, GridPerAxis = 61 });
        Assert.True(errors.Sup <= 1e-3, $"{errors.Sup:G3}");
    }

    [Theory]
    [InlineData("abs(x)", "box(-1,1)", "(a)")]
    [InlineData("x^3", "box(-1,1)", "(a)")]
    [InlineData("x^3", "box(-1,1.1)", "singular")]                                                                  // 0 is no point of the grid
    [InlineData("x + y; y^3 + x", "box(-1,1.1)", "changes its sign")]
    [InlineData("x - 0.0002*tanh(10000*(x - 0.12345))", "box(-1,1)", "folds")]                                      // narrower than the mesh
    [InlineData("x - 0.002*tanh(1000*(x - 0.12345)) + 0.1*y; y", "box(-1,1)", "folds")]
    [InlineData("x^2; y", "box(-1,1)", "(a)")]
    [InlineData("log(x); y", "box(-1,1)", "not finite")]
    [InlineData("exp(x)*cos(y); exp(x)*sin(y)", "box(-0.5,0.5; -4,4)", "not injective")]
    [InlineData("x; y", "ring(0.6,1.8)", "neither convex")]
    public void What_is_no_embedding_is_refused_with_the_step(string target, string domain, string words)
    {
        ConstructionResult result = Compile(target, domain, FlowFamily.Sos, 1e-3);
        Assert.Null(result.Flow);
        Assert.False(result.WithinBudget);
        Assert.Equal("(a)", result.Refusal!.Step);
        Assert.Contains(words, $"{result.Refusal.Step} {result.Refusal.Reason}", StringComparison.Ordinal);
    }

    /// <summary>4f(x/4) on 4K is f on K in other units: the layers between the affine parts are the same, to the last bit, since 4 is a power of two.</summary>
    [Fact]
    public void A_stretched_domain_changes_no_layer()
    {
        static double[][] Layers(string target, string domain, double epsilon)
        {
            ConstructionSettings settings = new() { Epsilon = epsilon, Family = FlowFamily.Sos, Order = AffineOrder.Last };
            Chain chain = Assert.Single(FlowCompiler.Compile(TargetParser.Parse(target), Domain.Parse(domain, 2), settings).Chains);
            return [.. chain.Flow.Parts.Skip(1).SkipLast(1).SelectMany(l => l.Parameters).Select(p => p.All.ToArray())];
        }

        double[][] layers = Layers("x + 0.2*sin(y + 0.3); 0.4*x - y + 0.1*x^2", "box(-1,1)", 1e-4);
        Assert.NotEmpty(layers);
        Assert.Equal(layers, Layers("4*(x/4 + 0.2*sin(y/4 + 0.3)); 4*(0.4*(x/4) - y/4 + 0.1*(x/4)^2)", "box(-4,4)", 4e-4));
        Assert.NotEqual(layers, Layers("x + 0.2*sin(y + 0.3); 0.4*x - y + 0.1*x^2", "box(-0.5,0.5)", 1e-4)); // another map of the square
    }

    /// <summary>The first-order bound holds for the measured error. The planted bug: a budget that forgets how later layers stretch an error is kept and missed.</summary>
    [Fact]
    public void The_first_order_bound_is_above_the_measured_error()
    {
        const string Formula = "x + 0.2*sin(y); 50*(y + 0.1*x^2)";
        ConstructionResult result = Compile(Formula, "box(-1,1)", FlowFamily.Sos, 1e-4);
        Chain chain = Assert.Single(result.Chains);
        double measured = MapErrors.Estimate(
            result.Flow!, TargetParser.Parse(Formula), Domain.Parse("box(-1,1)", 2), new MapErrorOptions { C1 = false, Integrals = false, GridPerAxis = 61 }).Sup;
        Assert.InRange(measured, 0.02 * chain.Bound, 1.05 * chain.Bound);
        Assert.True(measured > 3 * chain.Layers.Sum(l => l.Realised), $"{measured:G3}");
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        double[][] Parameters(int threads) => [.. Compile("x + 0.1*sin(y); y + 0.1*x^2", "box(-1,1)", FlowFamily.Sos, 1e-4, threads).Flow!.Parameters.Select(p => p.All.ToArray())];
        Assert.Equal(Parameters(1), Parameters(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Epsilon_is_positive_and_finite(double epsilon) => Assert.Throws<ArgumentException>(() => Compile("x", "box(-1,1)", FlowFamily.Sos, epsilon));
}
