using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Measurement;

/// <summary>Distances of finitely many point masses: against the suprema and infima of their definitions, by another road each time.</summary>
public class DiscreteMetricTests
{
    /// <summary>A law of random atoms and weights in the plane.</summary>
    internal static AtomicLaw Random(int count, ulong seed, string name, double size = 2)
    {
        Philox r = new(seed, name);
        double[] points = new double[2 * count], weights = new double[count];
        for (int i = 0; i < points.Length; i++) points[i] = size * r.NextUniform();
        for (int i = 0; i < count; i++) weights[i] = 0.05 + r.NextUniform();
        return new AtomicLaw(name, name, points, 2, weights);
    }

    private static double Distance(ReadOnlySpan<double> x, ReadOnlySpan<double> y) => Math.Sqrt(((x[0] - y[0]) * (x[0] - y[0])) + ((x[1] - y[1]) * (x[1] - y[1])));

    /// <summary>sup Σ φ(z)(p − q)(z) over |φ| ≤ M, Lip φ ≤ L on the atoms (McShane extends φ to the plane), as a linear programme in g = φ + M ≥ 0.</summary>
    private static double ByFunctions(AtomicLaw p, AtomicLaw q, double lipschitz, double bound)
    {
        int n = p.Count + q.Count;
        List<double[]> rows = [];
        List<double> limits = [];
        for (int i = 0; i < n; i++)
        {
            rows.Add(Row(n, (i, 1)));
            limits.Add(2 * bound);
            for (int j = 0; j < n; j++)
            {
                if (i == j) continue;
                rows.Add(Row(n, (i, 1), (j, -1)));
                limits.Add(lipschitz * Distance(At(p, q, i), At(p, q, j)));
            }
        }

        return SmallLinearProgram.Maximum([.. Signed(p, q)], [.. rows], [.. limits]);
    }

    /// <summary>The same with ‖φ‖∞ ≤ 1 − s and Lip φ ≤ s, s one more variable: g = φ + 1 − s.</summary>
    private static double SumNormByFunctions(AtomicLaw p, AtomicLaw q)
    {
        int n = p.Count + q.Count;
        List<double[]> rows = [Row(n + 1, (n, 1))];
        List<double> limits = [1];
        for (int i = 0; i < n; i++)
        {
            rows.Add(Row(n + 1, (i, 1), (n, 2)));
            limits.Add(2);
            for (int j = 0; j < n; j++)
            {
                if (i == j) continue;
                rows.Add(Row(n + 1, (i, 1), (j, -1), (n, -Distance(At(p, q, i), At(p, q, j)))));
                limits.Add(0);
            }
        }

        return SmallLinearProgram.Maximum([.. Signed(p, q), 0], [.. rows], [.. limits]);
    }

    private static ReadOnlySpan<double> At(AtomicLaw p, AtomicLaw q, int i) => i < p.Count ? p.Point(i) : q.Point(i - p.Count);

    private static IEnumerable<double> Signed(AtomicLaw p, AtomicLaw q) => Enumerable.Range(0, p.Count).Select(p.Weight).Concat(Enumerable.Range(0, q.Count).Select(j => -q.Weight(j)));

    private static double[] Row(int n, params (int Index, double Value)[] entries)
    {
        double[] row = new double[n];
        foreach ((int i, double v) in entries) row[i] = v;
        return row;
    }

    [Fact]
    public void Transport_with_truncated_cost_is_the_supremum_over_bounded_Lipschitz_functions()
    {
        foreach ((int n, int m, ulong seed) in new[] { (1, 1, 1UL), (2, 3, 2UL), (4, 4, 3UL), (5, 3, 4UL), (6, 6, 5UL) })
        {
            AtomicLaw p = Random(n, seed, "p", 3), q = Random(m, seed, "q", 3);
            foreach ((double lipschitz, double bound) in new[] { (1.0, 1.0), (2.0, 0.5), (0.5, 3.0) })
            {
                DiscretePlan plan = BoundedLipschitz.Between(p, q, lipschitz, bound);
                Func<double, double> cost = BoundedLipschitz.Cost(lipschitz, bound);
                Assert.Equal(ByFunctions(p, q, lipschitz, bound), plan.Value, 1e-12);
                Assert.InRange(Math.Abs(plan.Gap), 0, 1e-14);
                Assert.InRange(plan.Violation(p, q, cost), double.NegativeInfinity, 1e-15);
                Assert.InRange(plan.Imbalance(p, q), 0, 1e-15);
            }

            // without a bound it is W1
            Assert.Equal(ByFunctions(p, q, 1, 100), DiscreteTransport.Between(p, q).Value, 1e-11);
            (double value, double at, double upper) = BoundedLipschitz.SumNorm(p, q);
            Assert.Equal(SumNormByFunctions(p, q), value, 1e-12);
            Assert.InRange(at, 0, 1);
            Assert.InRange(upper, value, value + 1e-12);
            // planted: the cost truncated at M, not at 2M, is another number
            if (n > 1) Assert.True(DiscreteTransport.Between(p, q, t => Math.Min(2 * t, 0.5)).Value < ByFunctions(p, q, 2, 0.5) - 1e-3);
        }
    }

    [Fact]
    public void Two_point_masses_have_the_distances_of_the_formulas()
    {
        foreach (double a in (double[])[0.1, 0.9, 1.7, 2.5, 40])
        {
            AtomicLaw p = new("p", "d_0", [0, 0], 2), q = new("q", "d_a", [0.6 * a, 0.8 * a], 2);
            Assert.Equal(Math.Min(a, 2), BoundedLipschitz.Between(p, q).Value, 1e-14);
            Assert.Equal(2 * a / (a + 2), BoundedLipschitz.SumNorm(p, q).Value, 1e-14); // s a = 2(1 − s)
            Assert.Equal(Math.Min(a, 1), LevyProkhorov.Between(p, q), 1e-14);
            Assert.Equal(a, DiscreteTransport.Between(p, q).Value, 1e-13);
        }
    }

    [Fact]
    public void Unequal_weights_agree_with_assignments_of_repeated_points()
    {
        Philox r = new(5, "repeated");
        for (int trial = 0; trial < 20; trial++)
        {
            // weights k/12 as points that are there k times
            int[] a = Parts(r), b = Parts(r);
            double[] x = new double[2 * a.Length], y = new double[2 * b.Length];
            r.FillUniform(x);
            r.FillUniform(y);
            AtomicLaw p = new("p", "p", x, 2, [.. a.Select(k => k / 12.0)]), q = new("q", "q", y, 2, [.. b.Select(k => k / 12.0)]);
            double[] manyX = Repeat(x, a), manyY = Repeat(y, b);
            Assert.Equal(Wasserstein.BetweenSamples(manyX, manyY, 2).Value, DiscreteTransport.Between(p, q).Value, 1e-14);
            Assert.Equal(Wasserstein.SquaredBetweenSamples(manyX, manyY, 2).Value, DiscreteTransport.Between(p, q, t => t * t).Value, 1e-14);
            Assert.Equal(BoundedLipschitz.BetweenSamples(manyX, manyY, 2, 3, 0.5).Value, BoundedLipschitz.Between(p, q, 3, 0.5).Value, 1e-14);
        }

        static int[] Parts(Philox r)
        {
            List<int> parts = [];
            for (int left = 12; left > 0; left -= parts[^1]) parts.Add(1 + r.NextInt(Math.Min(left, 5)));
            return [.. parts];
        }

        static double[] Repeat(double[] points, int[] times) => [.. times.SelectMany((k, i) => Enumerable.Repeat((double[])[points[2 * i], points[(2 * i) + 1]], k)).SelectMany(v => v)];
    }

    [Fact]
    public void Three_hundred_atoms_prove_themselves()
    {
        AtomicLaw p = Random(300, 1, "p"), q = Random(280, 2, "q");
        DiscretePlan plan = DiscreteTransport.Between(p, q);
        Assert.InRange(plan.Gap / plan.Value, -1e-12, 1e-12);
        Assert.InRange(plan.Violation(p, q), double.NegativeInfinity, 1e-15);
        Assert.InRange(plan.Imbalance(p, q), 0, 1e-15);
        // planted: the plan that ignores where things are costs more, and a dual raised somewhere is seen
        double independent = 0;
        for (int i = 0; i < p.Count; i++)
            for (int j = 0; j < q.Count; j++) independent += p.Weight(i) * q.Weight(j) * Distance(p.Point(i), q.Point(j));
        Assert.True(plan.Value < 0.5 * independent);
        Assert.True((plan with { U = [.. plan.U.Select((u, i) => i == 7 ? u + 1e-6 : u)] }).Violation(p, q) > 5e-7);
        Assert.True((plan with { Plan = [.. plan.Plan.Skip(1)] }).Imbalance(p, q) > 1e-6);
    }

    /// <summary>ρ by its definition: the smallest ε with P(A) ≤ Q(A^ε) + ε for all sets A of atoms of P, by bisection.</summary>
    private static double ProkhorovBySets(AtomicLaw p, AtomicLaw q)
    {
        double low = 0, high = 1;
        for (int step = 0; step < 60; step++)
        {
            double e = 0.5 * (low + high);
            bool holds = true;
            for (int set = 1; set < 1 << p.Count && holds; set++)
            {
                double mass = 0, near = 0;
                for (int i = 0; i < p.Count; i++)
                    if ((set >> i & 1) != 0) mass += p.Weight(i);
                for (int j = 0; j < q.Count; j++)
                {
                    for (int i = 0; i < p.Count; i++)
                    {
                        if ((set >> i & 1) == 0 || Distance(p.Point(i), q.Point(j)) > e) continue;
                        near += q.Weight(j);
                        break;
                    }
                }

                holds = mass <= near + e + 1e-15;
            }

            if (holds) high = e;
            else low = e;
        }

        return high;
    }

    [Fact]
    public void Levy_Prokhorov_is_the_infimum_over_sets()
    {
        for (ulong seed = 1; seed <= 12; seed++)
        {
            foreach (double size in (double[])[0.3, 1, 4])
            {
                AtomicLaw p = Random(1 + (int)(seed % 6), seed, "p", size), q = Random(1 + (int)(seed % 5), seed, "q", size);
                double rho = LevyProkhorov.Between(p, q);
                Assert.Equal(ProkhorovBySets(p, q), rho, 1e-12);
                Assert.Equal(rho, LevyProkhorov.Between(q, p), 1e-14); // Strassen: symmetric
                // ⅔ρ² ≤ β ≤ 2ρ for the sum norm (Dudley 2002, corollary 11.6.5 and its exercise)
                double beta = BoundedLipschitz.SumNorm(p, q).Value;
                Assert.InRange(beta, (2.0 / 3 * rho * rho) - 1e-12, (2 * rho) + 1e-12);
            }
        }
    }

    /// <summary>Bures' distance: for matrices that commute the difference of the roots; for translations the translation; by samples of one normal sample mapped affinely.</summary>
    [Fact]
    public void W2_of_Gaussians_is_Bures_distance()
    {
        Assert.Equal(Math.Sqrt(25 + 1 + 4), Wasserstein.Bures([0, 0], [1, 0, 0, 4], [3, 4], [4, 0, 0, 16]), 1e-14);
        Assert.Equal(Math.Sqrt(4 + 9), Wasserstein.Bures([1], [1], [3], [16]), 1e-14);
        // Σ₂ = AΣ₁A with A symmetric positive: W2² = tr((I − A)Σ₁(I − A))
        double[] one = [2, 0.5, 0.5, 1], a = [1.5, 0.3, 0.3, 0.8], b = [0.5, 0.3, 0.3, -0.2], two = new double[4], left = new double[4], moved = new double[4];
        SmallMatrix.Multiply(a, one, 2, left);
        SmallMatrix.Multiply(left, a, 2, two);
        SmallMatrix.Multiply(b, one, 2, left);
        SmallMatrix.Multiply(left, b, 2, moved);
        Assert.Equal(Math.Sqrt(moved[0] + moved[3]), Wasserstein.Bures([0, 0], one, [0, 0], two), 1e-9);
        // Brenier: the gradient of a convex function is optimal, on samples as well
        double[] x = new double[400], y = new double[400];
        new Philox(1, "brenier").FillNormal(x);
        double cost = 0;
        for (int i = 0; i < 200; i++)
        {
            (y[2 * i], y[(2 * i) + 1]) = ((a[0] * x[2 * i]) + (a[1] * x[(2 * i) + 1]) + 3, (a[2] * x[2 * i]) + (a[3] * x[(2 * i) + 1]) - 1);
            cost += Math.Pow(y[2 * i] - x[2 * i], 2) + Math.Pow(y[(2 * i) + 1] - x[(2 * i) + 1], 2);
        }

        SampleTransport t = Wasserstein.SquaredBetweenSamples(x, y, 2);
        Assert.Equal(cost / 200, t.Value, 1e-12);
        Assert.InRange(t.RelativeGap, 0, 1e-12);
        // planted: a rotation is no gradient
        for (int i = 0; i < 200; i++) (y[2 * i], y[(2 * i) + 1]) = (-x[(2 * i) + 1], x[2 * i]);
        double turned = Enumerable.Range(0, 400).Sum(i => Math.Pow(y[i] - x[i], 2)) / 200;
        Assert.True(Wasserstein.SquaredBetweenSamples(x, y, 2).Value < 0.5 * turned);
    }

    /// <summary>All permutations of up to eight points: W2² and the bounded-Lipschitz metric, to 1e-12 relative.</summary>
    [Fact]
    public void Assignments_with_other_costs_agree_with_brute_force()
    {
        Philox r = new(3, "brute");
        for (int n = 1; n <= 8; n++)
        {
            double[] x = new double[2 * n], y = new double[2 * n];
            r.FillUniform(x);
            r.FillUniform(y);
            for (int i = 0; i < y.Length; i++) y[i] *= 4;
            double square = Least(n, (i, j) => Math.Pow(Distance(x.AsSpan(2 * i, 2), y.AsSpan(2 * j, 2)), 2)), truncated = Least(n, (i, j) => Math.Min(Distance(x.AsSpan(2 * i, 2), y.AsSpan(2 * j, 2)), 2));
            Assert.InRange(Math.Abs(Wasserstein.SquaredBetweenSamples(x, y, 2).Value - square), 0, 1e-12 * square);
            Assert.InRange(Math.Abs(BoundedLipschitz.BetweenSamples(x, y, 2).Value - truncated), 0, 1e-12 * truncated);
        }

        static double Least(int n, Func<int, int, double> cost)
        {
            double best = double.PositiveInfinity;
            Permute(0, 0, 0);
            return best / n;

            void Permute(int i, int used, double sum)
            {
                if (i == n) best = Math.Min(best, sum);
                for (int j = 0; j < n; j++)
                    if ((used >> j & 1) == 0) Permute(i + 1, used | (1 << j), sum + cost(i, j));
            }
        }
    }

    private static readonly (string Name, Func<AtomicLaw, AtomicLaw, double> Of)[] s_metrics =
    [
        ("W1", (p, q) => DiscreteTransport.Between(p, q).Value),
        ("W2", (p, q) => Math.Sqrt(DiscreteTransport.Between(p, q, t => t * t).Value)),
        ("bounded-Lipschitz", (p, q) => BoundedLipschitz.Between(p, q).Value),
        ("sum norm", (p, q) => BoundedLipschitz.SumNorm(p, q).Value),
        ("Prokhorov", LevyProkhorov.Between),
        ("MMD gaussian", (p, q) => Math.Sqrt(Math.Max(0, MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(0.5), p, q)!.Value))),
        ("MMD energy", (p, q) => Math.Sqrt(Math.Max(0, MaximumMeanDiscrepancy.Exact(Kernel.Energy, p, q)!.Value))),
    ];

    /// <summary>What is wrong with a distance on a triple of laws; null: nothing.</summary>
    private static string? Fault(Func<AtomicLaw, AtomicLaw, double> d, AtomicLaw p, AtomicLaw q, AtomicLaw r)
    {
        double pq = d(p, q), qr = d(q, r), pr = d(p, r);
        if (!(d(p, p) <= 1e-7)) return "identity"; // a root of rounding
        if (!(pq > 1e-3)) return "separation";
        if (!(Math.Abs(pq - d(q, p)) <= 1e-10)) return "symmetry";
        return pr <= pq + qr + 1e-10 ? null : "triangle";
    }

    [Fact]
    public void Metric_axioms_hold_on_random_laws()
    {
        foreach ((string name, Func<AtomicLaw, AtomicLaw, double> of) in s_metrics)
            for (ulong seed = 1; seed <= 5; seed++) Assert.Equal((name, null), (name, Fault(of, Random(4, seed, "p"), Random(5, seed, "q"), Random(3, seed, "r"))));
        // planted, each found on three point masses or on random laws
        AtomicLaw zero = new("0", "0", [0, 0], 2), one = new("1", "1", [1, 0], 2), two = new("2", "2", [2, 0], 2);
        Assert.Equal("triangle", Fault((p, q) => DiscreteTransport.Between(p, q, t => t * t).Value, zero, one, two)); // W2 without the root
        Assert.Equal("triangle", Fault((p, q) => MaximumMeanDiscrepancy.Exact(Kernel.Gaussian(1), p, q)!.Value, zero, new("h", "h", [0.5, 0], 2), one)); // MMD²
        Assert.Equal("identity", Fault((p, q) => DiscreteTransport.Between(p, q, t => Math.Max(t, 0.1)).Value, zero, one, two));
        Assert.Equal("separation", Fault((p, q) => Math.Abs(((ICoordinateLaws)p).Coordinate(1).Mean - ((ICoordinateLaws)q).Coordinate(1).Mean), zero, one, two)); // one coordinate only
        Assert.Equal("symmetry", Fault((p, q) => Enumerable.Range(0, p.Count).Max(i => Enumerable.Range(0, q.Count).Min(j => Distance(p.Point(i), q.Point(j)))), new("01", "01", [0, 0, 1, 0], 2), two, one)); // a one-sided Hausdorff distance
    }

    /// <summary>Distances do not see isometries applied to both laws, and scaling scales W1.</summary>
    [Fact]
    public void Isometries_of_both_laws_change_nothing()
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            AtomicLaw p = Random(5, seed, "p"), q = Random(6, seed, "q"), pm = Moved(p, 1), qm = Moved(q, 1);
            foreach ((string name, Func<AtomicLaw, AtomicLaw, double> of) in s_metrics) Assert.True(Math.Abs(of(p, q) - of(pm, qm)) <= 1e-9, name);
            Assert.Equal(3 * DiscreteTransport.Between(p, q).Value, DiscreteTransport.Between(Moved(p, 3), Moved(q, 3)).Value, 1e-12);
            // planted: a map that is no isometry, and a metric that has axes of its own
            Assert.True(Math.Abs(BoundedLipschitz.Between(p, q).Value - BoundedLipschitz.Between(Moved(p, 1.2), Moved(q, 1.2)).Value) > 1e-3);
            Assert.True(Math.Abs(FirstAxis(p, q) - FirstAxis(pm, qm)) > 1e-3);
        }

        static double FirstAxis(AtomicLaw p, AtomicLaw q) => LineMetrics.Wasserstein(p.Coordinate(0), q.Coordinate(0)).Value;

        // a turn by the angle of the triangle 5, 12, 13, a reflection and a shift
        static AtomicLaw Moved(AtomicLaw law, double scale) => new(
            law.Name, law.Formula,
            [.. Enumerable.Range(0, law.Count).SelectMany(j => (double[])[scale * (((5 * law.Point(j)[0]) + (12 * law.Point(j)[1])) / 13) + 7, scale * (((12 * law.Point(j)[0]) - (5 * law.Point(j)[1])) / 13) - 2])],
            2, [.. Enumerable.Range(0, law.Count).Select(law.Weight)]);
    }
}
