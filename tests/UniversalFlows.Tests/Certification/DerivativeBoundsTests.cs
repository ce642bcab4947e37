using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using Xunit;

namespace UniversalFlows.Tests.Certification;

/// <summary>Certified C1 errors and Lipschitz constants: known ones, sampled ones, matrices.</summary>
public sealed class DerivativeBoundsTests(ITestOutputHelper output)
{
    /// <summary>Maps of K, sup‖Dg‖ and sup‖(Dg)⁻¹‖.</summary>
    public static TheoryData<string, string, double, double> Known => new()
    {
        { "2*x + y; y", "box(-1,1)", 2.2882456112707374, 1.1441228056353687 },   // σ² = 3 ± √5
        { "0.6*x - 0.8*y; 0.8*x + 0.6*y", "ball(1)", 1, 1 },                     // a rotation: both singular values are equal
        { "3*x; 2*y; 0.5*z", "box(-1,1)", 3, 2 },
        { "x + 0.25*x^2", "box(-1,1)", 1.5, 2 },
        { "x + 0.3*sin(x)", "box(-1,4)", 1.3, 1.0 / 0.7 },
        { "x; y + x^2", "box(-1,1)", 1 + Math.Sqrt(2), 1 + Math.Sqrt(2) },       // shears by 2x: σ = a ± √(1 + a²), a = |x|
        { "x + 0.5*abs(x - 0.1)", "box(-1,1)", 1.5, 2 },                         // a kink
    };

    [Theory, MemberData(nameof(Known))]
    public void A_known_constant_is_enclosed(string formula, string domainText, double norm, double inverse)
    {
        Target target = TargetParser.Parse(formula);
        Domain domain = Domain.Parse(domainText, target.Dimension);
        CertificateSettings settings = new() { Gap = 0.005, MaxBoxes = 50_000, Threads = 2 };
        SupremumCertificate l = DerivativeBounds.Lipschitz(target, domain, settings), back = DerivativeBounds.InverseLipschitz(target, domain, settings);
        output.WriteLine($"{l.Lower:R} {l.Upper:R} {l.Boxes}, {l.End}; {back.Lower:R} {back.Upper:R} {back.Boxes}, {back.End}");
        Assert.InRange(norm, l.Lower * (1 - 1e-14), l.Upper * (1 + 1e-14));
        Assert.InRange(inverse, back.Lower * (1 - 1e-14), back.Upper * (1 + 1e-14));
        Assert.Equal((CertificateEnd.Gap, CertificateEnd.Gap), (l.End, back.End));
    }

    [Theory]
    [InlineData("x + 0.1; y - 0.2", "box(-1,1)", 0)]
    [InlineData("1.5*x; y + 0.2*x", "box(-1,1)", 0.53851648071345037)]  // rank one: √0.29
    [InlineData("x; y + 0.1*x^2", "ball(1)", 0.2)]
    [InlineData("x + 0.1*sin(x + y); y", "box(-1,1)", 0.14142135623730951)]
    public void A_known_c1_distance_from_the_identity_is_enclosed(string formula, string domainText, double c1)
    {
        Target target = TargetParser.Parse(formula);
        SupremumCertificate c = DerivativeBounds.C1(new Composition(2, []), target, Domain.Parse(domainText, 2), new CertificateSettings { Gap = 0.005, MaxBoxes = 50_000, Threads = 2 });
        output.WriteLine($"{c.Lower:R} {c.Upper:R} {c.Boxes}, {c.End}");
        Assert.InRange(c1, c.Lower * (1 - 1e-14), c.Upper * (1 + 1e-14));
        Assert.Equal(c1 == 0 ? CertificateEnd.Resolution : CertificateEnd.Gap, c.End);
    }

    /// <summary>A difference of Jacobians one of which is transposed, or has a column missing, is seen on known distances.</summary>
    [Fact]
    public void Planted_bugs_are_caught()
    {
        (string F, string G, double Distance)[] known = [("x + 0.5*y; y", "x + 0.2*y; y", 0.3), ("x; y + 0.4*x", "x; y + 0.4*x + 0.1*y", 0.1), ("0.8*x - 0.6*y; 0.6*x + 0.8*y", "x; y", Math.Sqrt(0.4))];
        Assert.False(Caught((i, j) => (i, j)));
        Assert.True(Caught((i, j) => (j, i)));
        Assert.True(Caught((i, _) => (i, 0)));

        bool Caught(Func<int, int, (int Row, int Column)> entry)
        {
            foreach ((string f, string g, double distance) in known)
            {
                SupremumCertificate c = Supremum.Of(new Planted(TargetParser.Parse(f), TargetParser.Parse(g), entry), Domain.Cube(2, -1, 1), new CertificateSettings { Gap = 0.01, MaxBoxes = 100 }, 1);
                if (!(c.Lower <= distance * (1 + 1e-12) && distance <= c.Upper * (1 + 1e-12))) return true;
                SupremumCertificate genuine = DerivativeBounds.C1(TargetParser.Parse(f), TargetParser.Parse(g), Domain.Cube(2, -1, 1));
                Assert.InRange(distance, genuine.Lower * (1 - 1e-12), genuine.Upper * (1 + 1e-12));
            }

            return false;
        }
    }

    /// <summary>‖Df − Dg‖ by intervals, the entries of Dg taken from other places.</summary>
    private sealed class Planted(IMap f, IMap g, Func<int, int, (int Row, int Column)> entry) : IQuantity
    {
        public Lanes OverBoxes(int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper, out Lanes centre)
        {
            Interval[] x = [Interval.Between(lower[0], upper[0]), Interval.Between(lower[1], upper[1])];
            centre = default;
            return MatrixBounds.NormAtMost(Difference(x), 2);
        }

        public Lanes AtPoints(ReadOnlySpan<Lanes> points) => MatrixBounds.NormAtLeast(Difference([Interval.Point(points[0]), Interval.Point(points[1])]), 2);

        public Lanes Near(ReadOnlySpan<Lanes> points) => AtPoints(points);

        private Interval[] Difference(Interval[] x)
        {
            Interval[] a = new Interval[4], b = new Interval[4];
            Jacobian.Evaluate<Interval>(f, x, new Interval[2], a);
            Jacobian.Evaluate<Interval>(g, x, new Interval[2], b);
            for (int i = 0; i < 2; i++)
            {
                for (int j = 0; j < 2; j++)
                {
                    (int row, int column) = entry(i, j);
                    a[(i * 2) + j] -= b[(row * 2) + column];
                }
            }

            return a;
        }
    }

    [Fact]
    public void A_map_is_no_distance_from_itself()
    {
        Composition flow = new Architecture(FlowFamily.Acf, 2, 2, [4]).Initialise(2);
        Assert.InRange(DerivativeBounds.C1(flow, flow, Domain.Cube(2, -1, 1)).Upper, 0, 1e-9);
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
    public void No_sample_is_above_the_bounds(FlowFamily family)
    {
        for (int n = 0; n < 2; n++)
        {
            Philox random = new((ulong)n, Philox.StreamKey($"derivative {family}"));
            int d = 2 - n;
            Target target = TargetParser.Parse(d == 1 ? "sine" : "twist");
            Composition flow = new Architecture(family, d, 2, [5]).Initialise((ulong)n);
            foreach (Dense layer in flow.Parameters)
                foreach (ref double w in layer.All) w *= random.NextUniform(0.5, 1.5);
            Domain domain = Domain.Cube(d, -1, 1);
            CertificateSettings settings = new() { Gap = 0.2, MaxBoxes = 800, Threads = 2 };
            SupremumCertificate c1 = DerivativeBounds.C1(flow, target, domain, settings), l = DerivativeBounds.Lipschitz(flow, domain, settings), back = DerivativeBounds.InverseLipschitz(flow, domain, settings);
            double sampled = MapErrors.Estimate(flow, target, domain, new MapErrorOptions { Integrals = false, Threads = 2 }).C1!.Value;
            Assert.True(sampled <= c1.Upper * (1 + 1e-10), $"{family} {n}: {sampled:R} is above {c1}");
            Assert.True(c1.Lower <= sampled * (1 + 1e-6), $"{family} {n}: {sampled:R} is below {c1}");
            Assert.True(c1.Gap < 0.7 && l.Gap < 0.7 && back.Gap < 0.7, $"{family} {n}: {c1} {l} {back}");
            // quotients of differences: a witness without derivatives
            Real[] x = new Real[d], y = new Real[d];
            for (int trial = 0; trial < 300; trial++)
            {
                double distance = 0, image = 0;
                double scale = trial % 2 == 0 ? 1 : 1e-3;
                for (int i = 0; i < d; i++)
                {
                    double a = random.NextUniform(-1, 1), b = Math.Clamp(a + (scale * random.NextUniform(-1, 1)), -1, 1);
                    (x[i], y[i], distance) = (new(a), new(b), distance + ((a - b) * (a - b)));
                }

                flow.Map<Real>(x);
                flow.Map<Real>(y);
                for (int i = 0; i < d; i++) image += (x[i].Value - y[i].Value) * (x[i].Value - y[i].Value);
                (distance, image) = (Math.Sqrt(distance), Math.Sqrt(image));
                Assert.True(image <= l.Upper * distance * (1 + 1e-9), $"{family} {n}: {image / distance:R} is above {l.Upper:R}");
                if (scale < 1 || d == 1) Assert.True(distance <= back.Upper * image * (1 + 1e-9), $"{family} {n}: {distance / image:R} is above {back.Upper:R}");
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Matrix_bounds_hold_and_are_close(int d)
    {
        Philox random = new((ulong)d, "matrices");
        for (int round = 0; round < 100; round++)
        {
            double[] centre = [.. Enumerable.Range(0, d * d).Select(k => random.NextUniform(-1, 1) + (k % (d + 1) == 0 ? 2 : 0))], inverse = new double[d * d], point = new double[d * d];
            double r = round % 2 == 0 ? 0 : 0.02;
            Interval[] a = [.. centre.Select(c => Interval.Between(c - r, c + r))];
            double most = MatrixBounds.NormAtMost(a, d)[0], least = MatrixBounds.NormAtLeast(a, d)[0], mostBack = MatrixBounds.InverseAtMost(a, d)[0], leastBack = MatrixBounds.InverseAtLeast(a, d)[0];
            for (int trial = 0; trial < 20; trial++)
            {
                for (int k = 0; k < point.Length; k++) point[k] = centre[k] + (r * (trial < 10 ? random.NextUniform(-1, 1) : (2 * random.NextInt(2)) - 1));
                double norm = SmallMatrix.OperatorNorm(point, d);
                Assert.InRange(norm, least * (1 - 1e-12), most * (1 + 1e-12));
                if (!SmallMatrix.Invert(point, d, inverse)) continue;
                Assert.InRange(SmallMatrix.OperatorNorm(inverse, d), leastBack * (1 - 1e-11), mostBack * (1 + 1e-11));
            }

            if (r > 0) continue;
            Assert.InRange(most / least, 1, 1.01);
            Assert.True(SmallMatrix.Invert(centre, d, inverse));
            if (SmallMatrix.OperatorNorm(inverse, d) < 1e4) Assert.InRange(mostBack / leastBack, 1, 1.01);
        }

        Interval[] singular = [.. Enumerable.Repeat(Interval.Constant(1), d * d)];
        if (d > 1) Assert.Equal(double.PositiveInfinity, MatrixBounds.InverseAtMost(singular, d)[0]);
    }

    [Fact]
    public void Threads_change_nothing()
    {
        Composition flow = new Architecture(FlowFamily.Sos, 2, 2, [6]).Initialise(3);
        Target target = TargetParser.Parse("twist");
        SupremumCertificate[] c = [.. ((int[])[1, 2, 3]).Select(t => DerivativeBounds.C1(flow, target, target.DefaultDomain, new CertificateSettings { Threads = t, MaxBoxes = 600, Gap = 0.01 }))];
        foreach (SupremumCertificate other in c[1..]) Assert.Equal((c[0].Lower, c[0].Upper, c[0].Boxes, c[0].End, c[0].Cover), (other.Lower, other.Upper, other.Boxes, other.End, other.Cover));
    }
}
