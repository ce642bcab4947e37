using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>The theorems by witnesses: explicit flows that the proof constructs, without training.</summary>
internal static class Constructions
{
    private static readonly ProofBudget s_budget = new(6000);

    /// <summary>Flows of a family for several targets, each with sup error at most ε: the largest proved sup error over ε. Targets are joined by +.</summary>
    public static Finding Sup(string family, double epsilon, string targets) => Sup(family, epsilon, targets, flow => flow);

    /// <summary>The same of targets that take longer.</summary>
    [Slow]
    public static Finding SupOfMany(string family, double epsilon, string targets) => Sup(family, epsilon, targets, flow => flow);

    /// <summary>The same with the flow spoilt before it is measured.</summary>
    internal static Finding Sup(string family, double epsilon, string targets, Func<Composition, Composition> spoil)
    {
        double lower = 0, upper = 0, measured = 0;
        List<(string, double)> numbers = [];
        foreach (string name in targets.Split('+'))
        {
            Target target = TargetParser.Parse(name);
            ConstructedFlow built = ConstructedFlow.Run(new ConstructionTask(target, target.DefaultDomain, Names.Family(family), epsilon), 1, null);
            if (built.Flow is null) return Finding.Constructed(double.NaN, $"{name} was refused: {built.Refusal!.Reason}");
            Composition flow = spoil(built.Flow);
            Certified proof = Certified.Of(flow, target, target.DefaultDomain, 1, s_budget);
            double sup = MeasuredFlow.Of(flow, target, target.DefaultDomain, null, 1).Norms.Sup;
            lower = Math.Max(lower, proof.Lower / epsilon);
            upper = proof.Proved && upper <= double.MaxValue ? Math.Max(upper, proof.Upper / epsilon) : double.NaN;
            measured = Math.Max(measured, sup / epsilon);
            numbers.Add((proof.Proved ? $"proved upper bound of the sup error for {name}" : $"measured sup error for {name}", proof.Proved ? proof.Upper : sup));
        }

        Finding finding = double.IsFinite(upper)
            ? Finding.Proved(lower, upper, $"uf construct --family {family} --epsilon {epsilon} for {targets.Replace("+", ", ", StringComparison.Ordinal)}, on the default domains; the sup errors over ε, proved from both sides by Taylor models")
            : Finding.Constructed(measured, $"uf construct --family {family} --epsilon {epsilon} for {targets.Replace("+", ", ", StringComparison.Ordinal)}, on the default domains; the sup errors over ε, measured on a grid with local ascents");
        return finding.With([.. numbers]);
    }

    /// <summary>
    /// Affine couplings in Lp by cells: the L2 error, bound of the exceptional set included, over ε.
    /// </summary>
    public static Finding Cells(string target, double epsilon)
    {
        ConstructedFlow built = Lp(target, epsilon, AffineRoute.Cell);
        return Finding.Constructed(built.Error / epsilon, $"uf construct --family acf --norm l2 --route cell --epsilon {epsilon} for {target}: the L2 error off the exceptional set, with its uncertainty, and the bound of what is on it, over ε")
            .With(("L2 error", built.Error), ("largest error anywhere", Math.Max(built.Measured!.Norms.Sup, built.Measured.Set!.Size)), ("couplings", built.Flow!.Parts.Count(p => p is Coupling)));
    }

    /// <summary>The L2 errors off the exceptional set for 8, 16, 32 cells fall at least like 1/cells: how much the measured slope misses −1.</summary>
    public static Finding CellRate(string target)
    {
        int[] cells = [8, 16, 32];
        double[] errors = [.. cells.Select(n => Lp(target, 1e-4, AffineRoute.Cell, n).Measured!.OffSet!.L2)];
        double slope = Slope([.. cells.Select(n => (double)n)], errors);
        return Finding.Measured(Math.Max(0, slope + 1), $"affine couplings by cells for {target} with 8, 16, 32 cells: the slope of log L2 error off the exceptional set over log cells, by least squares").With(("slope", slope), ("error with 32 cells", errors[^1]));
    }

    /// <summary>
    /// d + 1 couplings for any continuous map: L2 error over ε for a map that no flow can approximate in the sup norm; its sup error is at least 1 there.
    /// </summary>
    public static Finding AnyContinuousMap(string target, double epsilon, string domain)
    {
        ConstructedFlow built = Lp(target, epsilon, AffineRoute.Three, domain: domain);
        double sup = Math.Max(built.Measured!.Norms.Sup, built.Measured.Set!.Size);
        return Finding.Constructed(sup >= 0.5 ? built.Error / epsilon : double.NaN, $"uf construct --family acf --norm l2 --route three --epsilon {epsilon} for {target}: L2 error over ε; the sup error stays above ½, as it must")
            .With(("L2 error", built.Error), ("largest error anywhere", sup), ("couplings", built.Flow!.Parts.Count(p => p is Coupling)));
    }

    /// <summary>
    /// "Enough couplings approximate every smooth bijection": false in one dimension, where a composition of affine couplings is affine. Corrected, in the plane: the proved sup error of a constructed
    /// flow.
    /// </summary>
    public static Finding EverySmoothBijection(string plane, double epsilon)
    {
        Finding sup = Sup("acf", epsilon, plane);
        return Obstructions.AffineInOneCoordinate() with { Corrected = sup with { Value = sup.Value * epsilon, Lower = sup.Lower * epsilon, Upper = sup.Upper * epsilon } };
    }

    /// <summary>
    /// "Couplings with D − 1 passive coordinates have little expressiveness", read as: no more than affine maps have. The helix, the plane turned by z, is at least |e₁ + e₂|(1 − cos 1)/2 from every affine map
    /// on [−1, 1]³; a flow of such couplings is proved to be nearer. The defect is by how much.
    /// </summary>
    public static Finding SingleCoordinate(double epsilon) => SingleCoordinate(epsilon, flow => flow);

    /// <summary>The same with the flow spoilt before it is measured.</summary>
    internal static Finding SingleCoordinate(double epsilon, Func<Composition, Composition> spoil)
    {
        // an affine g has g(p, 1) + g(p, −1) − 2g(p, 0) = 0; for the helix it is 2(cos 1 − 1)p, and |p| = √2 at a corner; each value may err by e: 4e ≥ 2√2(1 − cos 1)
        Interval affine = Interval.Constant(0.5) * Interval.Sqrt(Interval.Constant(2)) * (Interval.Constant(1) - Interval.Cos(Interval.Constant(1)));
        Target helix = TargetParser.Parse("helix");
        Composition flow = spoil(ConstructedFlow.Run(new ConstructionTask(helix, helix.DefaultDomain, FlowFamily.Acf, epsilon), 1, null).Flow!);
        bool single = flow.Parts.OfType<Coupling>().All(c => c.Passive.Count == 2);
        Certification.SupremumCertificate proof = Certification.Supremum.Certify(flow, helix, helix.DefaultDomain, new() { Gap = 0.5, MaxBoxes = 40_000, MaxTime = TimeSpan.MaxValue, Threads = 1 });
        Interval gain = affine - Interval.Between(proof.Lower, proof.Upper);
        return Finding.Enclosed(single ? Interval.Max(gain, Interval.Constant(0)) : Interval.Between(0, double.PositiveInfinity), "a lower bound of the sup error of affine maps from the helix on [−1, 1]³, by three values, less the proved upper bound of a flow of couplings with two passive coordinates of three")
            .With(("every affine map errs by at least", affine.Lower[0]), ("the flow errs by at most", proof.Upper), ("couplings", flow.Parts.Count(p => p is Coupling)));
    }

    /// <summary>
    /// Without the margin γ around cells points are decoded wrongly: the L2 error at 32 cells is larger by more than a factor of 3. With too few factors a slice derivative of the twist is negative: step (c)
    /// needs maps near the identity. The defect is the number of the two that do not fail as they must.
    /// </summary>
    public static Finding WithoutMarginOrFactors(double omega, int factors)
    {
        (double distance, double slope, _, _) = Twist(omega, factors, order => order);
        double[] errors = [.. ((string[])["order-2", "no-margin"]).Select(name =>
        {
            AffineCase found = AffineCases.All.Single(c => c.Row.Name == $"{AffineCases.Cells}.{name}" && c.At == 32);
            return ConstructedFlow.Run(found.Task, 1, null).Measured!.OffSet!.L2;
        })];
        return Finding.Measured(
                (errors[1] > 3 * errors[0] ? 0 : 1) + (slope < 0 ? 0 : 1),
                $"affine couplings by 32 cells with and without the margin γ: L2 errors off the ramps; the smallest slope of a one-coordinate map of the twist by {omega} with {factors} factors. The defect counts which of the two does not fail")
            .With(("L2 error with γ", errors[0]), ("L2 error without γ", errors[1]), ("largest |Dg − I|", distance), ("smallest slope", slope));
    }

    /// <summary>Splittings of the velocity into shears and overshears: the slope of log error over log N is at most the scheme's.</summary>
    public static Finding SplittingRate(string scheme, double slope)
    {
        AffineCase[] cases = [.. AffineCases.All.Where(c => c.Row.Name == $"{AffineCases.Splitting}.{scheme}" && c.At >= 2)];
        double[] errors = [.. cases.Select(c => ConstructedFlow.Run(c.Task, 1, null).Error)];
        double measured = Slope([.. cases.Select(c => c.At)], errors);
        return Finding.Measured(Math.Max(0, measured - slope), $"the time-1 map of −xy²∂_y by {scheme} steps of exact affine couplings, N = {string.Join(", ", cases.Select(c => c.At))}: the slope of log sup error over log N; the defect is how far it is above {slope}")
            .With(("slope", measured), ("smallest error", errors[^1]));
    }

    /// <summary>Steps (a) to (c) on the twist with N factors: |T_2N∘…∘T_1∘A − f| on a grid of the disc.</summary>
    public static Finding Steps(double omega, int factors) => Steps(omega, factors, order => order);

    /// <summary>The same with the one-coordinate maps in another order.</summary>
    internal static Finding Steps(double omega, int factors, Func<List<OneCoordinateMap>, IEnumerable<OneCoordinateMap>> order)
    {
        (double distance, double slope, double error, int failures) = Twist(omega, factors, order);
        return Finding.AtPoints(failures > 0 ? double.NaN : error, 1e-14, $"the twist by {omega} on the unit disc as one-coordinate maps of {factors} near-identity factors after its affine part, composed at the points of a 41² grid, against the twist itself")
            .With(("largest |Dg − I|", distance), ("smallest slope of a one-coordinate map", slope), ("one-coordinate maps", 2 * factors));
    }

    /// <summary>Step (d) for one family on one target: the errors of layers of growing size fall at least as fast as told.</summary>
    [Slow]
    public static Finding Rate(string sweep, double slope)
    {
        Sweep found = Sweep.All.Single(s => s.Name == sweep);
        int[] values = [.. found.Values.Where(v => v >= found.FitFrom && v <= found.FitTo)];
        double[] errors = [.. values.Select(v => found.Task(v).Run(1, null, CancellationToken.None).Cell.Errors!.Sup)];
        // geometric decay: the slope of log₁₀ error over the degree itself
        double measured = found.Geometric
            ? Slope([.. values.Select(v => Reals.Exp(v))], errors) / Reals.Log(10)
            : Slope([.. values.Select(v => (double)v)], errors);
        return Finding.Measured(Math.Max(0, measured - slope), $"flows of the sweep {found.Name} for {found.Target} with {found.Variable} = {string.Join(", ", values)}: the slope of the {(found.Geometric ? "decimal logarithm of the sup error over the degree" : "sup error in log-log")}, by least squares; the defect is how far it is above {slope}")
            .With(("slope", measured), ("largest error", errors[0]), ("smallest error", errors[^1]));
    }

    private static ConstructedFlow Lp(string target, double epsilon, AffineRoute route, int? cells = null, string? domain = null)
    {
        Target map = TargetParser.Parse(target.Replace('|', ';'));
        Domain k = domain is null ? map.DefaultDomain : Domain.Parse(domain, map.Dimension);
        AffineSettings? settings = cells is { } n ? new() { Epsilon = 1, Route = route, Cells = n, Pieces = 2 * n } : null;
        return ConstructedFlow.Run(new ConstructionTask(map, k, FlowFamily.Acf, epsilon, "l2") { Route = route, Fixed = settings }, 1, null);
    }

    private static double Slope(double[] x, double[] y)
    {
        double[] a = [.. x.Select(Reals.Log)], b = [.. y.Select(Reals.Log)];
        double ma = a.Average(), mb = b.Average();
        return a.Zip(b, (u, v) => (u - ma) * (v - mb)).Sum() / a.Sum(u => (u - ma) * (u - ma));
    }

    /// <summary>The twist on the disc by count near-identity factors, each two one-coordinate maps composed in the order given: max ‖Dg − I‖, the least slope of the first coordinates, the largest error, failed inverses.</summary>
    internal static (double Distance, double Slope, double Error, int Failures) Twist(double omega, int count, Func<List<OneCoordinateMap>, IEnumerable<OneCoordinateMap>> order)
    {
        Target twist = TargetParser.Parse($"twist({omega:R})");
        Domain disc = Domain.Parse("ball(1)", 2);
        List<double> grid = [];
        for (int a = -20; a <= 20; a++)
            for (int b = -20; b <= 20; b++)
                if ((a * a) + (b * b) <= 400) grid.AddRange([a / 20.0, b / 20.0]);
        double[] points = [.. grid], values = PointSet.Map(twist, points);
        Isotopy isotopy = new(twist, [0, 0], AffineOrder.First, points);
        NearIdentityFactors factors = NearIdentityFactors.Uniform(isotopy, count);
        double distance = 0, slope = double.PositiveInfinity, error = 0;
        List<OneCoordinateMap> maps = [];
        for (int k = 1; k <= count; k++)
        {
            distance = Math.Max(distance, factors.Measure(k, points).DerivativeDistance);
            for (int i = 0; i < 2; i++) maps.Add(new OneCoordinateMap(factors, k, i, disc));
        }

        // the table's least slope is that of the first coordinates, M_1: where M_1 changes its sign M_2/M_1 has no bound
        foreach (OneCoordinateMap map in maps.Where(m => m.Coordinate == 0)) slope = Math.Min(slope, map.Sample(points).SmallestSlope);
        (Linear first, Linear last) = isotopy.AffineParts();
        OneCoordinateMap[] ordered = [.. order(maps)];
        Span<Lanes> x = stackalloc Lanes[2];
        int failures = 0;
        for (int start = 0; start < points.Length / 2; start += Lanes.Width)
        {
            PointSet.Load(points, 2, start, x);
            first.Map(x);
            InverseStatus status = default;
            foreach (OneCoordinateMap map in ordered) map.Map(x, ref status);
            last.Map(x);
            for (int lane = 0; lane < Math.Min(Lanes.Width, (points.Length / 2) - start); lane++)
            {
                int n = 2 * (start + lane);
                double off = Math.Max(Math.Abs(x[0][lane] - values[n]), Math.Abs(x[1][lane] - values[n + 1]));
                if (double.IsFinite(off)) error = Math.Max(error, off);
                else failures++;
            }
        }

        return (distance, slope, error, failures);
    }
}
