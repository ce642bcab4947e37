using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>
/// d + 1 affine couplings for any continuous map of [0, 1]^d, κ = 1/(2n), ζ = 1/(4n³), ε̃ = 1/(16n³), η = 10⁻⁵/n; the reference is the L2 norm of the larger component of the error.
/// </summary>
public sealed class SpeckTables
{
    private static readonly Box s_square = Domain.Cube(2, 0, 1);

    private static double[] Points(int d, int count)
    {
        double[] points = new double[d * count];
        new Philox(5, "specks").FillUniform(points);
        return points;
    }

    private static ThreeCompiler.Speckled Build(string map, int n, Activation activation) =>
        ThreeCompiler.Build(TargetParser.Parse(map), s_square, n, 1e-5 / n, _ => 0, activation, 1.0 / (2 * n));

    private static double LargerComponent(IMap flow, string map, double[] points)
    {
        double[] images = PointSet.Map(flow, points), exact = PointSet.Map(TargetParser.Parse(map), points);
        double sum = 0;
        for (int n = 0; n < points.Length; n += 2) sum += Math.Pow(Math.Max(Math.Abs(images[n] - exact[n]), Math.Abs(images[n + 1] - exact[n + 1])), 2);
        return Math.Sqrt(sum * 2 / points.Length);
    }

    [Theory]
    [InlineData("x; 1-y", "0.38")]
    [InlineData("1-y; x", "0.38")]
    [InlineData("abs(2*x-1); y", "0.61")]
    [InlineData("0*x+0.5; 0*y+0.5", "0.14")]
    public void Any_continuous_map_by_three_couplings(string map, string printed)
    {
        double[] points = Points(2, 20_000);
        foreach (int n in (int[])[8, 16, 32])
        {
            ThreeCompiler.Speckled tanh = Build(map, n, Activation.Tanh), relu = Build(map, n, Activation.ReLU);
            Assert.Equal(3, tanh.Flow.Parts.Count);
            Assert.All(tanh.Flow.Parts, part => Assert.IsType<AffineTransformer>(((Coupling)part).Transformer));
            ReferenceTable.Matches([printed], [n * LargerComponent(tanh.Flow, map, points)]);
            ReferenceTable.Matches([printed], [n * LargerComponent(relu.Flow, map, points)]);
            // ζ, ε̃ and all scales positive: log det DF̂ = d log ε̃
            Assert.Equal((1.0 / (4.0 * n * n * n), 1.0 / (16.0 * n * n * n)), (tanh.Code, tanh.Contraction));
            Real[] x = [new(0.3), new(0.6)];
            Assert.Equal(2 * Math.Log(tanh.Contraction), tanh.Flow.Forward<Real>(x).Value, 1e-9);
        }
    }

    /// <summary>A code that is not added, or read with the wrong sign, sends cells elsewhere.</summary>
    [Fact]
    public void The_code_is_needed()
    {
        double[] points = Points(2, 4000);
        Composition flow = Build("0*x+0.5; y", 16, Activation.Tanh).Flow;
        Assert.InRange(LargerComponent(flow, "0*x+0.5; y", points), 0, 0.03);
        Coupling second = (Coupling)flow.Parts[1], third = (Coupling)flow.Parts[2];
        foreach (Coupling layer in (Coupling[])[second, third])
        {
            Dense output = layer.Parameters.Last();
            double[] kept = output.All.ToArray();
            foreach (ref double w in output.Weights.Slice(output.Inputs, output.Inputs)) w = -w;
            Assert.True(LargerComponent(flow, "0*x+0.5; y", points) > 0.2);
            kept.CopyTo(output.All);
        }
    }

    /// <summary>x += M j(y); y += (n − 1 − 2j(x))/n; x −= M(n − 1 − j(y)): the reflection y ↦ 1 − y with L2 error 1/(√3 n), volume preserved.</summary>
    [Fact]
    public void Three_additive_couplings_reflect()
    {
        double[] points = Points(2, 100_000);
        foreach (int n in (int[])[4, 8, 16])
        {
            Composition flow = Reflection(n, 1);
            Real[] x = [new(0.3), new(0.6)];
            Assert.Equal(0, flow.Forward<Real>(x).Value); // log det
            double[] images = PointSet.Map(flow, points);
            double sum = 0;
            for (int k = 0; k < points.Length; k += 2) sum += Math.Pow(images[k] - points[k], 2) + Math.Pow(images[k + 1] - (1 - points[k + 1]), 2);
            Assert.Equal(1 / (Math.Sqrt(3) * n), Math.Sqrt(sum * 2 / points.Length), 0.01 / n);
            // the planted bug: x is not brought back
            Assert.True(PointSet.Map(Reflection(n, -1), points).Max() > 2);
        }
    }

    private static Composition Reflection(int n, double sign)
    {
        const double M = 2, Ramp = 1e-8;
        Staircase cells = Staircase.Cover(0, 1, n), blocks = Staircase.Cover(-0.5, (M * n) - 0.5, n);
        Coupling Add(int passive, Staircase stairs, double ramp, double jump, double constant)
        {
            PerceptronBuilder builder = new(Activation.Tanh, 1, 1);
            builder.AddConstant([constant]);
            stairs.AddTo(builder, 0, jump, ramp);
            return new Coupling(2, [passive], [1 - passive], new AffineTransformer(null), builder.Build());
        }

        return new Composition(2, [Add(1, cells, Ramp, M, 0), Add(0, blocks, 0.5, -2.0 / n, (n - 1.0) / n), Add(1, cells, Ramp, sign * M, -sign * M * (n - 1))]);
    }

    /// <summary>
    /// Small in L2, never in sup: an orientation-preserving homeomorphism is at least 1 from the reflection of the unit ball (degree), and at least ½ from the fold, which reverses the
    /// orientation of a half of the square (a disc of radius ½ whose image has inner radius ½). Both are found on the ramps.
    /// </summary>
    [Theory]
    [InlineData("x; -y", "ball(1)", 1.0)]
    [InlineData("abs(2*x)-1; y", "box(-1,1)", 0.5)]
    public void The_sup_error_stays_at_its_obstruction(string map, string domain, double obstruction)
    {
        Target target = TargetParser.Parse(map);
        Domain k = Domain.Parse(domain, 2);
        AffineWitness witness = AffineCompiler.Compile(target, k, new AffineSettings { Epsilon = 0.1, Exponent = 2, Route = AffineRoute.Three, Threads = 2 });
        Composition flow = witness.Flow!;
        ExceptionalSet set = witness.Exceptional!;
        LpErrors off = LpErrors.Estimate(flow, target, k, set, 2048, 2);
        Assert.True(off.L2 + off.L2Error + set.Contribution(2) <= 0.1);
        double[] ramps = set.Sample(flow, k, 4000), errors = new double[ramps.Length / 2];
        Assert.All(set.Contains(flow, ramps), Assert.True);
        MapErrors.Distances(flow, target, ramps, errors);
        Assert.InRange(errors.Max(), obstruction, set.Size);
    }

    [Fact]
    public void Three_dimensions_need_four_couplings()
    {
        Target target = TargetParser.Parse("y; z; abs(x)");
        Domain k = Domain.Cube(3, -1, 1);
        AffineWitness witness = AffineCompiler.Compile(target, k, new AffineSettings { Epsilon = 0.3, Exponent = 1, Route = AffineRoute.Three, Cells = 12, Ramp = 1e-9 });
        Assert.Equal(4, witness.Flow!.Parts.Count);
        LpErrors off = LpErrors.Estimate(witness.Flow, target, k, witness.Exceptional!, 512, 2);
        Assert.InRange(off.Sup, 0, 0.16); // half the diagonal of a cell and the rounding
    }
}
