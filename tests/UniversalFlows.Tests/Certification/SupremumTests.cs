using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Certification;

/// <summary>Certified suprema: known ones, sampled ones, and what stops a search.</summary>
public sealed class SupremumTests(ITestOutputHelper output)
{
    /// <summary>Targets whose distance from the identity has a known maximum on K.</summary>
    public static TheoryData<string, string, double> Known => new()
    {
        { "x + 0.25*x^2", "box(-1,2)", 1 },
        { "x + 0.1*sin(40*x)", "box(-1,1)", 0.1 },                           // 25 maxima of the same height
        { "x + 0.5*abs(x - 0.1)", "box(-1,1)", 0.55 },                       // a kink
        { "x + 0.3*y; y + 0.4*x", "box(-1,1)", 0.5 },                        // at two corners, both components at once
        { "x + 0.3*y; y + 0.4*x", "ball(1)", 0.4 },                          // a principal axis
        { "x + 0.3*y; y + 0.4*x", "ball(0.5; 1,0)", 0.6 },
        { "x + cos(3*x)*cos(3*y); y + cos(3*x)*sin(3*y)", "box(-1,1)", 1 },  // |cos 3x|: a ridge of maxima
        { "x - y; y + x", "ball(2)", 2 },                                    // constant on circles
        { "x + 0.6*exp(-(x-0.2)^2*50)*exp(-(y+0.3)^2*50); y", "box(-1,1)", 0.6 }, // a narrow peak
        { "x; y + 0.3*x*z; z + 0.4*x*y", "box(-1,1)", 0.5 },
        { "x; y; z + tanh(x*y*z)", "ball(1)", 0.190108841744256 },            // tanh(3^−1.5)
        { "x + 1e-7*x*y; y", "box(-1,1)", 1e-7 },
    };

    [Theory, MemberData(nameof(Known))]
    public void A_known_supremum_is_enclosed(string formula, string domainText, double supremum)
    {
        Target target = TargetParser.Parse(formula);
        Domain domain = Domain.Parse(domainText, target.Dimension);
        double gap = domain is Ball { Dimension: 3 } ? 0.02 : 1e-3; // boxes around a sphere are many
        SupremumCertificate c = Supremum.Certify(new Composition(target.Dimension, []), target, domain, new CertificateSettings { Gap = gap, MaxBoxes = 200_000, Threads = 2 });
        output.WriteLine($"{c.Lower:R} {c.Upper:R} {c.Boxes} boxes, {c.Seconds:F3} s, {c.End}");
        Assert.InRange(supremum, c.Lower * (1 - 1e-14), c.Upper * (1 + 1e-14));
        Assert.Equal(CertificateEnd.Gap, c.End);
        Assert.InRange(c.Gap, 0, gap);
        Assert.True(domain.Contains([.. c.Witness]));
    }

    [Theory]
    [InlineData(FlowFamily.Acf)]
    [InlineData(FlowFamily.Sos)]
    [InlineData(FlowFamily.Dsf)]
    [InlineData(FlowFamily.Rqs)]
    [InlineData(FlowFamily.Ddsf)]
    [InlineData(FlowFamily.Maf)]
    [InlineData(FlowFamily.Planar)]
    [InlineData(FlowFamily.Sylvester)]
    [InlineData(FlowFamily.Residual)]
    public void No_sample_is_above_the_bound(FlowFamily family)
    {
        // more: UF_CERTIFY_CASES=1000 dotnet test --filter No_sample
        int cases = int.TryParse(Environment.GetEnvironmentVariable("UF_CERTIFY_CASES"), out int many) ? many : 3;
        string[] targets = ["twist", "generic", "banana", "henon", "square-slices", "radial", "quadratic-complex"];
        for (int n = 0; n < cases; n++)
        {
            Philox random = new((ulong)n, Philox.StreamKey(family.ToString()));
            int d = 1 + random.NextInt(2);
            Target target = TargetParser.Parse(d == 1 ? "sine" : targets[random.NextInt(targets.Length)]);
            Composition flow = new Architecture(family, d, 1 + random.NextInt(3), [5], random.NextInt(4) == 0 ? Activation.SiLU : Activation.Tanh).Initialise((ulong)n);
            foreach (Dense layer in flow.Parameters)
                foreach (ref double w in layer.All) w *= random.NextUniform(0.5, 2);
            Domain domain = d == 2 && random.NextInt(3) == 0 ? new Ball(0.8, 2) : target.DefaultDomain;
            SupremumCertificate c = Supremum.Certify(flow, target, domain, new CertificateSettings { Gap = 0.05, MaxBoxes = 4000, Threads = 2 });
            double sampled = MapErrors.Estimate(flow, target, domain, new MapErrorOptions { Integrals = false, C1 = false, Threads = 2 }).Sup;
            Assert.True(sampled <= c.Upper * (1 + 1e-11), $"{family} {n}: {target.Name} on {domain}: {sampled:R} is above {c.Upper:R}");
            Assert.True(c.Lower <= sampled * (1 + 1e-9), $"{family} {n}: the sampled {sampled:R} is below L = {c.Lower:R}");
            Assert.True(double.IsFinite(c.Upper) && c.Gap < 0.6, $"{family} {n}: {c}");
        }
    }

    [Fact]
    public void Threads_change_nothing()
    {
        Target target = TargetParser.Parse("twist");
        Composition flow = new Architecture(FlowFamily.Rqs, 2, 2, [6]).Initialise(3);
        foreach (int boxes in (int[])[37, 400, 100_000])
        {
            SupremumCertificate[] c = [.. ((int[])[1, 2, 3]).Select(t => Supremum.Certify(flow, target, target.DefaultDomain, new CertificateSettings { Threads = t, MaxBoxes = boxes, Gap = 0.02 }))];
            foreach (SupremumCertificate other in c[1..])
            {
                Assert.Equal((c[0].Lower, c[0].Upper, c[0].Boxes, c[0].End, c[0].Cover), (other.Lower, other.Upper, other.Boxes, other.End, other.Cover));
                Assert.Equal(c[0].Witness, other.Witness);
            }

            Assert.True(c[0].Boxes <= boxes);
        }
    }

    [Fact]
    public void A_search_that_stops_early_says_so_and_its_bounds_hold()
    {
        Target target = TargetParser.Parse("twist");
        Composition flow = new Architecture(FlowFamily.Acf, 2, 4, [16]).Initialise(1);
        SupremumCertificate full = Supremum.Certify(flow, target, target.DefaultDomain, new CertificateSettings { Gap = 1e-4 });
        Assert.Equal(CertificateEnd.Gap, full.End);
        double before = double.PositiveInfinity;
        foreach (int boxes in (int[])[1, 16, 50, 120])
        {
            SupremumCertificate c = Supremum.Certify(flow, target, target.DefaultDomain, new CertificateSettings { Gap = 1e-12, MaxBoxes = boxes });
            Assert.Equal(CertificateEnd.Boxes, c.End);
            Assert.True(full.Lower <= c.Upper && c.Lower <= full.Upper && c.Upper <= before);
            before = c.Upper;
        }

        Assert.Equal(CertificateEnd.Time, Supremum.Certify(flow, target, target.DefaultDomain, new CertificateSettings { Gap = 0, MaxTime = TimeSpan.Zero }).End);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Equal(CertificateEnd.Time, Supremum.Certify(flow, target, target.DefaultDomain, new CertificateSettings { Cancellation = stop.Token }).End);
    }

    [Fact]
    public void Equal_maps_end_at_the_rounding()
    {
        Composition flow = new Architecture(FlowFamily.Dsf, 2, 2, [4]).Initialise(2);
        SupremumCertificate c = Supremum.Certify(flow, flow, Domain.Cube(2, -1, 1));
        Assert.Equal(CertificateEnd.Resolution, c.End);
        Assert.InRange(c.Upper, 0, 1e-11);
        Assert.Equal(0, c.Lower);
    }

    [Theory]
    [InlineData("log(x)")]
    [InlineData("1/x")]
    [InlineData("sqrt(x)")]
    [InlineData("x + abs(x)^0.5")]
    public void Where_the_target_is_not_defined_there_is_no_upper_bound(string formula)
    {
        SupremumCertificate c = Supremum.Certify(new Composition(1, []), TargetParser.Parse(formula), Domain.Cube(1, -1, 1), new CertificateSettings { MaxBoxes = 2000 });
        Assert.Equal(double.PositiveInfinity, c.Upper);
        Assert.NotEqual(CertificateEnd.Gap, c.End);
        Assert.Equal(1, c.Gap);
    }

    [Fact]
    public void A_tree_of_boxes_covers_the_domain()
    {
        foreach (Domain domain in (Domain[])[new Box([-1, 0.1], [0.3, 7]), new Ball(0.7, [0.1, 0.2, -3]), new Ball(2, 1)])
        {
            int d = domain.Dimension;
            BoxTree tree = new(domain);
            List<int> level = [0];
            Philox random = new(1, "tree");
            for (int round = 0; round < 5; round++)
            {
                List<int> next = [];
                foreach (int box in level.Where(_ => round < 2 || random.NextInt(3) == 0)) Assert.True(tree.Split(box, next));
                level = next;
            }

            // every point of K is in a box that is not outside, found by going down the text as a reader does
            string text = tree.ToString();
            double[] x = new double[d], lower = new double[d], upper = new double[d];
            for (int n = 0; n < 2000; n++)
            {
                for (int i = 0; i < d; i++) x[i] = random.NextUniform();
                domain.FromUnitCube(x, x);
                Assert.True(domain is Box || domain.Contains(x));
                tree.Lower(0).CopyTo(lower);
                tree.Upper(0).CopyTo(upper);
                bool found = false;
                int at = 0;
                Visit(true);
                Assert.True(found);
                Assert.Equal(text.Length, at);

                void Visit(bool inside)
                {
                    char sign = text[at++];
                    if (sign != '+')
                    {
                        if (inside && sign == '.') found = true;
                        Assert.Contains(sign, ".o");
                        return;
                    }

                    (double[] l, double[] u) = ([.. lower], [.. upper]);
                    for (int half = 0; half < 1 << d; half++)
                    {
                        bool here = inside;
                        for (int i = 0; i < d; i++)
                        {
                            double middle = (0.5 * l[i]) + (0.5 * u[i]);
                            bool high = ((half >> (d - 1 - i)) & 1) != 0;
                            (lower[i], upper[i]) = high ? (middle, u[i]) : (l[i], middle);
                            here &= lower[i] <= x[i] && x[i] <= upper[i];
                        }

                        Visit(here);
                    }

                    l.CopyTo(lower, 0);
                    u.CopyTo(upper, 0);
                }
            }
        }
    }

    [Fact]
    public void Misuse_is_refused()
    {
        Target target = TargetParser.Parse("twist");
        Composition flow = new(2, []);
        Assert.Throws<ArgumentException>(() => Supremum.Certify(new Composition(1, []), target, target.DefaultDomain));
        Assert.Throws<ArgumentException>(() => Supremum.Certify(flow, target, Domain.Parse("ring(0.6,1.8)", 2)));
        Assert.Throws<ArgumentException>(() => Supremum.Certify(flow, target, target.DefaultDomain, new CertificateSettings { Gap = 1 }));
        Assert.Throws<ArgumentException>(() => Supremum.Certify(flow, target, target.DefaultDomain, new CertificateSettings { Gap = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Supremum.Certify(flow, target, target.DefaultDomain, new CertificateSettings { Degree = 99 }));
        Assert.Throws<ArgumentException>(() => Supremum.Certify(new Composition(5, []), new Composition(5, []), Domain.Cube(5, 0, 1)));
    }
}
