using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Compositions, targets and norms.</summary>
internal static class Compositions
{
    /// <summary>Linear maps of both signs and layers of every family, composed, there and back.</summary>
    public static Finding RoundTrip(int points) => RoundTrip(points, parts => parts);

    /// <summary>The same with other parts on the way back.</summary>
    internal static Finding RoundTrip(int points, Func<IBijection[], IBijection[]> back)
    {
        Largest worst = default;
        FlowFamily[] families = [FlowFamily.Acf, FlowFamily.Nice, FlowFamily.Sos, FlowFamily.Dsf, FlowFamily.Ddsf, FlowFamily.Rqs, FlowFamily.Maf, FlowFamily.Naf];
        foreach (FlowFamily family in families)
        {
            Philox random = new(3, $"round trip {family}");
            List<IBijection> parts = [];
            foreach (IBijection layer in new Architecture(family, 2, 3, [8]).Initialise(3).Parts)
            {
                double angle = random.NextUniform(0, 6), sign = parts.Count % 4 == 0 ? -1 : 1, c = Reals.Cos(angle), s = Reals.Sin(angle);
                parts.Add(new Linear([c, -s * sign, s, c * sign], [0.1, -0.2]));
                parts.Add(layer);
            }

            IBijection[] forth = [.. parts];
            Composition flow = new(2, forth), returning = new(2, back(forth));
            for (int n = 0; n < points / families.Length; n++)
            {
                double[] x = [random.NextNormal(), random.NextNormal()];
                Real[] v = [new(x[0]), new(x[1])];
                flow.Map<Real>(v);
                InverseStatus status = default;
                returning.Inverse<Real>(v, ref status);
                worst.Add(status == InverseStatus.Converged ? Math.Max(Math.Abs(v[0].Value - x[0]), Math.Abs(v[1].Value - x[1])) : double.NaN);
            }
        }

        return Finding.AtPoints(worst.Value, 1e-13, $"three layers of each of {families.Length} families between linear maps of both orientations in the plane: inverse after forward at {points} normal points");
    }

    /// <summary>
    /// The class D² has maps that are no diffeomorphisms of R^d: √z on the slit plane is one, has an inverse there, and jumps by 2 at the slit. The defect is how far it is from that.
    /// </summary>
    public static Finding SlitPlane() => SlitPlane(2);

    /// <summary>The same with another jump at −1.</summary>
    internal static Finding SlitPlane(double jump)
    {
        Target root = TargetParser.Parse("sqrt-complex");
        Largest worst = default;
        LowDiscrepancy sequence = new(2, 1, "slit plane");
        double[] x = new double[2];
        for (uint n = 0; n < 500; n++)
        {
            sequence.Point(n, x);
            root.DefaultDomain.FromUnitCube(x, x);
            Real[] v = [new(x[0]), new(x[1])];
            root.Map<Real>(v);
            // the square of the root is the point: its inverse by arithmetic
            worst.Add(Math.Max(Math.Abs((v[0].Value * v[0].Value) - (v[1].Value * v[1].Value) - x[0]), Math.Abs((2 * v[0].Value * v[1].Value) - x[1])));
        }

        double Above(double side)
        {
            Real[] v = [new(-1), new(side)];
            root.Map<Real>(v);
            return v[1].Value;
        }

        double gap = Above(1e-14) - Above(-1e-14);
        worst.Add(Math.Max(0, Math.Abs(gap - jump) - 1e-7));
        return Finding.AtPoints(worst.Value, 1e-13, "√z at 500 points of a disc in the slit plane: its square is the point; its values beside the slit at −1 differ by 2, so that it extends to no continuous map of the plane, while the slit plane is diffeomorphic to it")
            .With(("jump at the slit", gap));
    }

    /// <summary>sup-approximation gives Lp-approximation: ‖f − g‖₂ ≤ |K|^½ sup|f − g|, both proved, on an example. The defect is how far it fails.</summary>
    public static Finding SupBoundsL2(string target) => SupBoundsL2(target, Math.Sqrt);

    /// <summary>The same with another factor of the volume.</summary>
    internal static Finding SupBoundsL2(string target, Func<double, double> factor)
    {
        Target f = TargetParser.Parse(target);
        CertificateSettings settings = new() { Threads = 1, Gap = 0.05, MaxBoxes = 20_000, MaxTime = TimeSpan.MaxValue };
        Identity identity = new(f.Dimension);
        SupremumCertificate sup = Supremum.Certify(f, identity, f.DefaultDomain, settings);
        IntegralCertificate l2 = ErrorIntegral.L2(f, identity, f.DefaultDomain, settings);
        double right = factor(f.DefaultDomain.Volume);
        Interval gap = Interval.Max(Interval.Between(l2.Lower, l2.Upper) - (Interval.Constant(right) * Interval.Between(sup.Lower, sup.Upper)), Interval.Constant(0));
        return Finding.Enclosed(gap, $"{target} against the identity on {f.DefaultDomain}: its L2 distance and its sup distance, both proved from both sides").With(("L2 at most", l2.Upper), ("sup at least", sup.Lower), ("√|K|", right));
    }

    /// <summary>The isotopy F_t(x) = f(tx)/t goes from the linear part to f, and its velocity stays bounded: the defect at t = 1 and the first-order rate at 0.</summary>
    public static Finding IsotopyOf(string target) => IsotopyOf(target, 1);

    /// <summary>The same with another power of t divided by.</summary>
    internal static Finding IsotopyOf(string target, int power)
    {
        Target f = TargetParser.Parse(target);
        int d = f.Dimension;
        double[] a = Couplings.Matrix(f, new double[d]), x = new double[d];
        LowDiscrepancy sequence = new(d, 1, "isotopy");
        Largest ends = default, quotient = default;
        for (uint n = 0; n < 200; n++)
        {
            sequence.Point(n, x);
            f.DefaultDomain.FromUnitCube(x, x);
            double[] whole = At(1), linear = [.. Enumerable.Range(0, d).Select(i => Enumerable.Range(0, d).Sum(j => a[(i * d) + j] * x[j]))];
            Real[] direct = [.. x.Select(c => new Real(c))];
            f.Map<Real>(direct);
            for (int i = 0; i < d; i++)
            {
                ends.Add(Math.Abs(whole[i] - direct[i].Value));
                // |F_t − A| ≤ C·t: halving t halves it, up to terms of second order
                quotient.Add(Math.Abs(At(1.0 / 1024)[i] - linear[i]) * 1024);
            }
        }

        return Finding.AtPoints(ends.Value + (quotient.Value < 100 ? 0 : double.PositiveInfinity), 1e-13, $"f(tx)/t for {target} at 200 points of its domain: at t = 1 it is f, and at t = 1/1024 it is within C/1024 of the linear part Df(0)x")
            .With(("C", quotient.Value));

        double[] At(double t)
        {
            Real[] v = [.. x.Select(c => new Real(t * c))], zero = new Real[d];
            f.Map<Real>(v);
            f.Map<Real>(zero);
            return [.. v.Zip(zero, (b, z) => (b.Value - z.Value) / Functions.Power(new Real(t), power).Value)];
        }
    }

    private sealed class Identity(int dimension) : IMap
    {
        public int Dimension => dimension;

        public void Map<T>(Span<T> x) where T : unmanaged, IScalar<T>
        {
        }
    }
}
