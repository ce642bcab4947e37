using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Certification;

/// <summary>Certified L1 and L2 errors: exact integrals, quadrature, threads, and what would be caught.</summary>
public sealed class ErrorIntegralTests(ITestOutputHelper output)
{
    /// <summary>Target, K, ∫|e| and ∫|e|² against the identity.</summary>
    public static TheoryData<string, string, double, double> Known => new()
    {
        { "x + 0.3; y - 0.4", "box(-1,1; 0,3)", 3, 1.5 },                              // a constant vector of length 1/2
        { "x + 0.3; y - 0.4", "ball(2)", 2 * Math.PI, Math.PI },
        { "x + 0.3*x", "box(-1,1)", 0.3, 0.06 },                                       // |e| has a kink
        { "x + x^2", "box(0,2)", 8.0 / 3, 6.4 },
        { "x + 0.1*(x^3 - x)", "box(-1,1)", 0.05, 0.01 * 16 / 105 },
        { "x + 0.3*sin(x)", "box(0,3)", 0.3 * 1.98999249660044546, 0.09 * (1.5 - (-0.27941549819892587 / 4)) },
        { "x + 0.5*y; y + 0.5*x", "ball(1)", Math.PI / 3, Math.PI / 8 },               // |e| = r/2
        { "x; y + 0.5*x*y; z", "box(0,1)", 0.125, 0.25 / 9 },
        { "x + 0.2*abs(x - 0.3)", "box(-1,1)", 0.2 * 1.09, 0.04 * (2.197 + 0.343) / 3 },
    };

    [Theory, MemberData(nameof(Known))]
    public void A_known_integral_is_enclosed(string formula, string domainText, double first, double second)
    {
        Target target = TargetParser.Parse(formula);
        Domain domain = Domain.Parse(domainText, target.Dimension);
        CertificateSettings settings = new() { Gap = domain is Ball ? 0.02 : 1e-3, MaxBoxes = 200_000, Threads = 2 };
        IntegralCertificate l1 = ErrorIntegral.L1(new Composition(target.Dimension, []), target, domain, settings), l2 = ErrorIntegral.L2(new Composition(target.Dimension, []), target, domain, settings);
        output.WriteLine($"{l1.Lower:R} {l1.Upper:R} {l1.Boxes} boxes, {l1.End}; {l2.Lower:R} {l2.Upper:R} {l2.Boxes} boxes, {l2.End}");
        Assert.InRange(first, l1.Lower * (1 - 1e-14), l1.Upper * (1 + 1e-14));
        Assert.InRange(Math.Sqrt(second), l2.Lower * (1 - 1e-14), l2.Upper * (1 + 1e-14));
        Assert.Equal((CertificateEnd.Gap, CertificateEnd.Gap), (l1.End, l2.End));
        Assert.InRange(Math.Max(l1.Gap, l2.Gap), 0, settings.Gap);
    }

    /// <summary>Quadrature with 8 points a side in a small box is exact to many digits; its rounding is far below the boxes' remainders, which the enclosure must not forget.</summary>
    [Theory]
    [InlineData(FlowFamily.Acf)]
    [InlineData(FlowFamily.Sos)]
    [InlineData(FlowFamily.Dsf)]
    [InlineData(FlowFamily.Rqs)]
    [InlineData(FlowFamily.Ddsf)]
    [InlineData(FlowFamily.Maf)]
    public void The_truth_is_never_outside(FlowFamily family)
    {
        string[] targets = ["twist", "generic", "banana", "henon"];
        for (int n = 0; n < 3; n++)
        {
            Philox random = new((ulong)n, Philox.StreamKey($"integral {family}"));
            int d = 1 + (n % 2);
            Target target = TargetParser.Parse(d == 1 ? "sine" : targets[random.NextInt(targets.Length)]);
            Composition flow = new Architecture(family, d, 2, [5]).Initialise((ulong)n);
            foreach (Dense layer in flow.Parameters)
                foreach (ref double w in layer.All) w *= random.NextUniform(0.5, 2);
            Domain domain = d == 2 && n == 1 ? new Ball(0.8, 2) : Domain.Cube(d, -1, 1);
            CertificateSettings settings = new() { Gap = 0.05, MaxBoxes = 4000, Threads = 2 };
            IntegralCertificate l1 = ErrorIntegral.L1(flow, target, domain, settings), l2 = ErrorIntegral.L2(flow, target, domain, settings);
            ErrorNorms e = MapErrors.Estimate(flow, target, domain, new MapErrorOptions { C1 = false, Threads = 2 });
            double near = (3 * e.L1Error) + (1e-10 * e.L1), near2 = (3 * e.L2Error) + (1e-10 * e.L2);
            Assert.InRange(e.L1, l1.Lower - near, l1.Upper + near);
            Assert.InRange(e.L2, l2.Lower - near2, l2.Upper + near2);
            Assert.True(l1.Gap < 0.1 && l2.Gap < 0.1, $"{family} {n}: {l1} {l2}");
            // Cauchy and Schwarz, on the certified ends
            Assert.True(l1.Lower <= l2.Upper * Math.Sqrt(domain.Volume) * (1 + 1e-12));
        }
    }

    /// <summary>Means over one box of models of low degree, against Gauss–Legendre with many nodes: the remainder counts, and the battery sees it forgotten.</summary>
    [Fact]
    public void Means_of_models_hold_and_a_forgotten_remainder_is_caught()
    {
        (double[] nodes, double[] weights) = GaussLegendre.Composite(-1, 1, 4, 10);
        bool caught = false;
        Philox random = new(3, "means");
        for (int round = 0; round < 40; round++)
        {
            double c = random.NextUniform(-1, 1), h = random.NextUniform(0.1, 0.5), shift = random.NextUniform(-1, 1);
            TaylorArena arena = TaylorArena.Current;
            arena.Begin(1, 2);
            TaylorModel[] x = new TaylorModel[1];
            arena.Variables([Lanes.Constant(c - h)], [Lanes.Constant(c + h)], x);
            TaylorModel e = TaylorModel.Sin(3 * x[0]) + shift;
            double mean = 0, square = 0;
            for (int k = 0; k < nodes.Length; k++)
            {
                double v = Math.Sin(3 * (c + (h * nodes[k]))) + shift;
                (mean, square) = (mean + (0.5 * weights[k] * v), square + (0.5 * weights[k] * v * v));
            }

            Interval first = IntegralBound.Mean(e, 2, default), second = IntegralBound.MeanSquare(e, 2, default);
            Assert.InRange(mean, first.Lower[0] - 1e-14, first.Upper[0] + 1e-14);
            Assert.InRange(square, second.Lower[0] - 1e-14, second.Upper[0] + 1e-14);
            TaylorModel bare = TaylorModel.Nominal(e);
            caught |= square > IntegralBound.MeanSquare(bare, 2, default).Upper[0] + 1e-12 || mean > IntegralBound.Mean(bare, 2, default).Upper[0] + 1e-12;
        }

        Assert.True(caught);
    }

    /// <summary>Planted bugs, in the enclosure over boxes: each must put some known integral outside.</summary>
    [Fact]
    public void Planted_bugs_are_caught()
    {
        Assert.False(Caught((_, integral) => integral));
        Assert.True(Caught((d, integral) => integral * Interval.Constant(1.0 / (1 << d))));                   // half-widths in place of widths
        Assert.True(Caught((_, integral) => Interval.Point(integral.Lower)));                               // upper ends forgotten
        Assert.True(Caught((_, integral) => Interval.Point(integral.Upper)));

        static bool Caught(Func<int, Interval, Interval> bug)
        {
            foreach ((string formula, string domainText, double first, double second) in Known.Select(row => row.Data))
            {
                Target target = TargetParser.Parse(formula);
                int d = target.Dimension;
                Domain domain = Domain.Parse(domainText, d);
                if (domain is Ball) continue;
                for (int power = 1; power <= 2; power++)
                {
                    int p = power;
                    IntegralCertificate c = ErrorIntegral.Of(
                        (degree, lower, upper) => bug(d, IntegralBound.OverBoxes(new Composition(d, []), target, p, degree, lower, upper)), p, domain, new CertificateSettings { Gap = 0.01, MaxBoxes = 500 }, 2);
                    double truth = p == 1 ? first : Math.Sqrt(second);
                    if (truth < c.Lower * (1 - 1e-13) || truth > c.Upper * (1 + 1e-13)) return true;
                }
            }

            return false;
        }
    }

    [Fact]
    public void Threads_change_nothing()
    {
        Target target = TargetParser.Parse("twist");
        Composition flow = new Architecture(FlowFamily.Rqs, 2, 2, [6]).Initialise(3);
        foreach (int boxes in (int[])[37, 400, 100_000])
        {
            foreach (bool first in (bool[])[true, false])
            {
                IntegralCertificate[] c = [.. ((int[])[1, 2, 3]).Select(t => (first ? (Func<IMap, IMap, Domain, CertificateSettings, IntegralCertificate>)ErrorIntegral.L1 : ErrorIntegral.L2)(
                    flow, target, new Ball(1, 2), new CertificateSettings { Threads = t, MaxBoxes = boxes, Gap = 0.05 }))];
                foreach (IntegralCertificate other in c[1..]) Assert.Equal(c[0] with { Seconds = 0 }, other with { Seconds = 0 });
            }
        }
    }

    [Fact]
    public void Ends_are_honest()
    {
        Composition flow = new Architecture(FlowFamily.Dsf, 2, 2, [4]).Initialise(2);
        IntegralCertificate same = ErrorIntegral.L1(flow, flow, Domain.Cube(2, -1, 1));
        Assert.Equal((CertificateEnd.Resolution, 0.0), (same.End, same.Lower));
        Assert.InRange(same.Upper, 0, 1e-11);
        Target target = TargetParser.Parse("twist");
        Assert.Equal(CertificateEnd.Boxes, ErrorIntegral.L2(flow, target, target.DefaultDomain, new CertificateSettings { Gap = 1e-9, MaxBoxes = 50 }).End);
        IntegralCertificate none = ErrorIntegral.L1(flow, target, target.DefaultDomain, new CertificateSettings { MaxTime = TimeSpan.Zero });
        Assert.Equal((CertificateEnd.Time, 0.0, double.PositiveInfinity), (none.End, none.Lower, none.Upper));
        IntegralCertificate pole = ErrorIntegral.L1(new Composition(1, []), TargetParser.Parse("1/x"), Domain.Cube(1, -1, 1), new CertificateSettings { MaxBoxes = 2000 });
        Assert.True(double.IsPositiveInfinity(pole.Upper) && pole.End != CertificateEnd.Gap && pole.Gap == 1);
        Assert.Throws<ArgumentException>(() => ErrorIntegral.L1(flow, target, Domain.Parse("ring(0.6,1.8)", 2)));
    }
}
