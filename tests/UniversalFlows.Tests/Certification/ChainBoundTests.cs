using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Certification;
using UniversalFlows.Certification.Checking;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Certification;

/// <summary>Deep compositions over boxes: the enclosure holds, does not wrap, and would be seen not to hold.</summary>
public sealed class ChainBoundTests
{
    /// <summary>Rotations by small angles with affine couplings between, as the affine witnesses have them; for d = 3 random orthogonal matrices near the identity.</summary>
    private static Composition Chain(int dimension, int length, double strength, Philox random)
    {
        List<IBijection> parts = [];
        for (int n = 0; n < length; n++)
        {
            double[] matrix = new double[dimension * dimension];
            for (int i = 0; i < dimension; i++) matrix[(i * dimension) + i] = 1;
            for (int i = 0; i + 1 < dimension; i++)
            {
                double angle = random.NextUniform(0.05, 0.3), c = Math.Cos(angle), s = Math.Sin(angle);
                for (int j = 0; j < dimension; j++)
                {
                    (double p, double q) = (matrix[(i * dimension) + j], matrix[((i + 1) * dimension) + j]);
                    (matrix[(i * dimension) + j], matrix[((i + 1) * dimension) + j]) = ((c * p) - (s * q), (s * p) + (c * q));
                }
            }

            parts.Add(new Linear(matrix, new double[dimension]));
            Dense table = new(dimension == 2 ? 8 : 16, 2);
            for (int k = 0; k < table.Weights.Length; k++) table.Weights[k] = strength * random.NextUniform(-1, 1) / (1 + (k % table.Inputs));
            int[] degrees = dimension == 2 ? [7] : [3, 3];
            double[] lower = [.. degrees.Select(_ => -4.0)], upper = [.. degrees.Select(_ => 4.0)];
            parts.Add(new Coupling(
                dimension, [.. Enumerable.Range(0, dimension - 1)], [dimension - 1], new AffineTransformer(new PositiveMap(PositiveKind.Exp), ShiftForm.Product),
                new ClippedConditioner(lower, upper, new ChebyshevConditioner(degrees, lower, upper, table))));
        }

        return new Composition(dimension, parts);
    }

    /// <summary>How far the flow at points of a box of half-width h is from the models' polynomials, in remainders; the largest.</summary>
    private static double Worst(Composition flow, double h, int degree, Philox random, ChainBound.SlopeBound? slopes = null)
    {
        int d = flow.Dimension;
        TaylorArena arena = TaylorArena.Current;
        arena.Begin(d, degree);
        double[] centre = [.. Enumerable.Range(0, d).Select(_ => random.NextUniform(-0.8, 0.8))];
        Lanes[] lower = [.. centre.Select(c => Lanes.Constant(c - h))], upper = [.. centre.Select(c => Lanes.Constant(c + h))];
        TaylorModel[] x = new TaylorModel[d];
        arena.Variables(lower, upper, x);
        if (slopes is null) ChainBound.Map(flow, x);
        else ChainBound.Map(flow, x, slopes);
        double worst = 0;
        Monomials table = Monomials.Of(d, degree);
        for (int trial = 0; trial < 60; trial++)
        {
            double[] t = [.. Enumerable.Range(0, d).Select(_ => trial < 20 ? (random.NextUniform(0, 1) < 0.5 ? -1.0 : 1.0) : random.NextUniform(-1, 1))];
            Real[] y = [.. Enumerable.Range(0, d).Select(i => new Real(centre[i] + (h * t[i])))];
            flow.Map<Real>(y);
            for (int i = 0; i < d; i++)
            {
                double value = 0;
                for (int k = 0; k < table.Count; k++)
                {
                    double term = arena.Coefficient(x[i], k)[0];
                    for (int j = 0; j < d; j++) term *= Math.Pow(t[j], table.Exponents[k][j]);
                    value += term;
                }

                // 1e-12: the rounding of this program
                worst = Math.Max(worst, (Math.Abs(y[i].Value - value) - 1e-12) / arena.Remainder(x[i])[0]);
            }
        }

        return worst;
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_deep_chain_is_enclosed(int dimension)
    {
        Philox random = new(7, Philox.StreamKey("chain"));
        double worst = 0;
        for (int round = 0; round < 6; round++)
        {
            Composition flow = Chain(dimension, 20, 0.2, random);
            worst = Math.Max(worst, Worst(flow, 0.05, dimension == 2 ? 4 : 3, random));
        }

        Assert.InRange(worst, 1e-4, 1); // not vacuous, not violated
    }

    [Fact]
    public void Errors_that_are_not_carried_on_are_caught()
    {
        Philox random = new(8, Philox.StreamKey("chain"));
        double worst = 0;
        for (int round = 0; round < 6; round++)
        {
            // what a coupling truncates is stretched by 3 in every linear part that follows
            List<IBijection> parts = [.. Chain(2, 4, 0.4, random).Parts];
            for (int n = 0; n < 4; n++) parts.Add(new Linear([3, 0, 0, 3], [0, 0]));
            worst = Math.Max(worst, Worst(new Composition(2, parts), 0.3, 2, random, (_, _, _) => Lanes.Constant(1)));
        }

        Assert.True(worst > 1, $"{worst:G3}");
    }

    [Fact]
    public void Rotations_do_not_wrap()
    {
        Philox random = new(9, Philox.StreamKey("chain"));
        Composition flow = Chain(2, 100, 0.02, random);
        Assert.True(ChainBound.Suits(flow));
        TaylorArena arena = TaylorArena.Current;
        double Remainder(Action<TaylorModel[]> map)
        {
            arena.Begin(2, 6);
            TaylorModel[] x = new TaylorModel[2];
            arena.Variables([Lanes.Constant(0.3), Lanes.Constant(-0.5)], [Lanes.Constant(0.31), Lanes.Constant(-0.49)], x);
            map(x);
            return arena.Remainder(x[0])[0];
        }

        double round = Remainder(x => ChainBound.Map(flow, x)), square = Remainder(x => flow.Map<TaylorModel>(x));
        Assert.InRange(round, 1e-15, 1e-11);
        Assert.True(square > 1e3 * round, $"{square:G3} and {round:G3}");
    }

    /// <summary>A known supremum: the flow against itself followed by a shift of length 1/1000.</summary>
    [Fact]
    public void A_deep_flow_and_its_shift_differ_by_the_shift()
    {
        Composition flow = Chain(2, 30, 0.05, new Philox(11, Philox.StreamKey("chain")));
        Composition shifted = new(2, [.. flow.Parts, new Linear([1, 0, 0, 1], [0.6e-3, 0.8e-3])]);
        SupremumCertificate c = Supremum.Certify(flow, shifted, Domain.Cube(2, -1, 1), new CertificateSettings { Gap = 0.01 });
        Assert.Equal(CertificateEnd.Gap, c.End);
        Assert.InRange(1e-3, c.Lower, c.Upper);
    }

    /// <summary>An affine witness of the constructions: prover and checker agree; the same bounds for a flow that is a little off are refused.</summary>
    [Fact]
    public void A_constructed_chain_is_proved_and_proved_again()
    {
        Target target = TargetParser.Parse("x + 0.1*sin(y); y + 0.1*x^2");
        Domain domain = Domain.Cube(2, -0.25, 0.25);
        Composition flow = AffineCompiler.Compile(target, domain, new AffineSettings { Epsilon = 1e-3, Route = AffineRoute.Overshear, Directions = 7, Degree = 7, Steps = 2 }).Flow!;
        Assert.True(ChainBound.Suits(flow));
        SupremumCertificate c = Supremum.Certify(flow, target, domain, new CertificateSettings { Gap = 0.3 });
        Assert.Equal(CertificateEnd.Gap, c.End);
        Assert.InRange(c.Upper, 1e-9, 1e-3);
        CertificateFile file = CertificateFile.Parse(CertificateFile.Of(flow, target, domain, c, 0.4).ToBytes(), out string? refusal);
        Assert.Null(refusal);
        Assert.Null(CertificateChecker.Check(file, 2).Refusal);
        Composition off = new(2, [.. flow.Parts, new Linear([1, 0, 0, 1], [2 * c.Upper, 0])]);
        Assert.NotNull(CertificateChecker.Check(file with { Flow = off }, 2).Refusal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_spectral_norm_is_bounded(int d)
    {
        Philox random = new(10, Philox.StreamKey("norm"));
        for (int round = 0; round < 200; round++)
        {
            double[] matrix = [.. Enumerable.Range(0, d * d).Select(k => random.NextUniform(-1, 1) + (k % (d + 1) == 0 ? 1 : 0))];
            double bound = MatrixBounds.QuickNormAtMost([.. matrix.Select(m => Interval.Constant(m))], d)[0], norm = SmallMatrix.OperatorNorm(matrix, d);
            Assert.InRange(bound, norm * (1 - 1e-12), norm * (d == 3 ? 1.8 : 1 + 1e-12));
        }

        double[] turn = [0.6, -0.8, 0.8, 0.6];
        Assert.InRange(MatrixBounds.QuickNormAtMost([.. turn.Select(m => Interval.Constant(m))], 2)[0], 1, 1 + 1e-14);
    }
}
