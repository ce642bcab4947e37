using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Tests.Measurement;

/// <summary>U- and V-statistic of MMD² from two samples of points of R^d.</summary>
internal delegate (double Unbiased, double Biased) Discrepancy(Kernel kernel, double[] x, double[] y, int d);

/// <summary>An optimal transport of two samples of n points of the plane.</summary>
internal delegate SampleTransport Transport(double[] x, double[] y);

/// <summary>W1 of two samples of the line.</summary>
internal delegate double LineDistance(double[] x, double[] y);

/// <summary>Wrong estimators of distances of laws, each with one bug that has been made somewhere, and the check that must see it.</summary>
internal static class PlantedEstimators
{
    public static IReadOnlyList<(string Check, string Bug, Discrepancy Broken)> Discrepancies { get; } =
    [
        ("unbiased", "U-statistic with the diagonal: a V-statistic", Statistics((s, k) => (V(s, k), V(s, k)))),
        ("unbiased", "U-statistic divided by m² instead of m(m − 1)", Statistics((s, k) => ((s.XX / (s.M * s.M)) + (s.YY / (s.N * s.N)) - (2 * s.XY / (s.M * s.N)), V(s, k)))),
        ("unbiased", "sizes of the samples exchanged", Statistics((s, k) => ((s.XX / (s.N * (s.N - 1))) + (s.YY / (s.M * (s.M - 1))) - (2 * s.XY / (s.M * s.N)), V(s, k)))),
        ("unbiased", "cross term without its 2 in the U-statistic", Statistics((s, k) => (U(s) + (s.XY / (s.M * s.N)), V(s, k)))),
        ("itself", "sign of the cross term", Statistics((s, k) => (U(s) + (4 * s.XY / (s.M * s.N)), V(s, k) + (4 * s.XY / (s.M * s.N))))),
        ("itself", "cross term without its 2", Statistics((s, k) => (U(s), V(s, k) + (s.XY / (s.M * s.N))))),
        ("itself", "V-statistic without the diagonal", Statistics((s, k) => (U(s), U(s)))),
        ("itself", "V-statistic divided by m(m − 1) instead of m²", Statistics((s, k) =>
            (U(s), ((s.XX + (s.M * k.AtZero)) / (s.M * (s.M - 1))) + ((s.YY + (s.N * k.AtZero)) / (s.N * (s.N - 1))) - (2 * s.XY / (s.M * s.N))))),
        ("itself", "each pair of one sample counted once", Statistics((s, k) => (U(s), V(s with { XX = s.XX / 2, YY = s.YY / 2 }, k)))),
        ("point masses", "bandwidth squared twice", (k, x, y, d) => Right(Width(k) is { } h ? Kernel.Gaussian(h * h) : k, x, y, d)),
        ("point masses", "bandwidth not squared", (k, x, y, d) => Right(Width(k) is { } h ? Kernel.Gaussian(Math.Sqrt(h)) : k, x, y, d)),
        ("point masses", "the ½ in the exponent forgotten", (k, x, y, d) => Right(Width(k) is { } h ? Kernel.Gaussian(h / Math.Sqrt(2)) : k, x, y, d)),
        ("point masses", "first coordinate alone", (k, x, y, d) => Right(k, [.. x.Where((_, i) => i % d == 0)], [.. y.Where((_, i) => i % d == 0)], 1)),
        ("point masses", "points read coordinate by coordinate", (k, x, y, d) => Right(k, Transposed(x, d), Transposed(y, d), d)),
    ];

    public static IReadOnlyList<(string Check, string Bug, Transport Broken)> Transports { get; } =
    [
        ("primal", "a column used twice", (x, y) => Solved(x, y, t => t with { Permutation = [.. t.Permutation.SkipLast(1), t.Permutation[0]] })),
        ("primal", "sum instead of mean", (x, y) => Solved(x, y, t => t with { Value = t.Value * t.U.Count, DualValue = t.DualValue * t.U.Count })),
        ("primal", "sum of the coordinates' distances", (x, y) => Solved(x, y, t => t with { Value = t.Permutation.Select((j, i) => Math.Abs(x[2 * i] - y[2 * j]) + Math.Abs(x[(2 * i) + 1] - y[(2 * j) + 1])).Average() })),
        ("primal", "the permutation of the columns to the rows", (x, y) => Solved(x, y, t => t with { Permutation = [.. Enumerable.Range(0, t.U.Count).Select(j => t.Permutation.ToList().IndexOf(j))] })),
        ("feasible", "a row's potential too large by 1e-9", (x, y) => Solved(x, y, t => t with { U = [.. t.U.Select((u, i) => i == 3 ? u + 1e-9 : u)] })),
        ("feasible", "potentials of rows and columns exchanged", (x, y) => Solved(x, y, t => t with { U = t.V, V = t.U })),
        ("feasible", "u of each row from its own column alone", (x, y) => Solved(x, y, t =>
        {
            double[] u = [.. t.Permutation.Select((j, i) => Cost(x, y, i, j))];
            return t with { U = u, V = new double[u.Length], DualValue = u.Average() };
        })),
        ("feasible", "no number among the potentials", (x, y) => Solved(x, y, t => t with { V = [.. t.V.Select((v, i) => i == 2 ? double.NaN : v)] })),
        ("gap", "greedy matching", Greedy),
        ("gap", "matching of the squared distances", (x, y) =>
        {
            int n = x.Length / 2;
            AssignmentSolution s = Assignment.Solve(n, (i, row) =>
            {
                for (int j = 0; j < n; j++) row[j] = Cost(x, y, i, j) * Cost(x, y, i, j);
            });
            return Solved(x, y, t => t with { Permutation = s.Columns, Value = s.Columns.Select((j, i) => Cost(x, y, i, j)).Average() });
        }),
        ("gap", "dual without the columns", (x, y) => Solved(x, y, t => t with { DualValue = t.U.Average() })),
        ("gap", "dual value of an older search", (x, y) => Solved(x, y, t => t with { U = [.. t.U.Select(u => u - 1e-6)], DualValue = t.DualValue - 1e-6 })),
    ];

    public static IReadOnlyList<(string Check, string Bug, LineDistance Broken)> LineDistances { get; } =
    [
        ("point masses", "squared distances", (x, y) => x.Order().Zip(y.Order(), (a, b) => (a - b) * (a - b)).Average()),
        ("point masses", "difference of the means", (x, y) => Math.Abs(x.Average() - y.Average())),
        ("order", "samples not sorted", (x, y) => x.Zip(y, (a, b) => Math.Abs(a - b)).Average()),
        ("sizes", "the longer sample cut off", (x, y) => Wasserstein.OnTheLine([.. x.Order().Take(Math.Min(x.Length, y.Length))], [.. y.Order().Take(Math.Min(x.Length, y.Length))])),
        ("sizes", "jumps of the other sample's height", (x, y) => Area(x, y, y.Length, x.Length)),
        ("sizes", "sup |F − G| instead of the area", (x, y) => x.Concat(y).Max(t => Math.Abs((x.Count(v => v <= t) / (double)x.Length) - (y.Count(v => v <= t) / (double)y.Length)))),
    ];

    /// <summary>What the checks say of an estimator of MMD²: null, or how it fails.</summary>
    public static string? Complaint(string check, Discrepancy estimate) => check switch
    {
        "unbiased" => Unbiased(estimate),
        "itself" => Itself(estimate),
        "point masses" => PointMasses(estimate),
        _ => throw new ArgumentOutOfRangeException(nameof(check)),
    };

    /// <summary>The certificate of a transport of 40 points.</summary>
    public static string? Complaint(string check, Transport transport)
    {
        double[] x = new double[80], y = new double[80];
        Philox random = new(1, "transport");
        random.FillUniform(x);
        random.FillUniform(y);
        SampleTransport t = transport(x, y);
        bool holds = check switch
        {
            "primal" => t.IsPrimal(x, y, 2),
            "feasible" => t.Violation(x, y, 2) <= 1e-15,
            "gap" => t.RelativeGap <= 1e-12 && Math.Abs(t.U.Average() + t.V.Average() - t.DualValue) <= 1e-14,
            _ => throw new ArgumentOutOfRangeException(nameof(check)),
        };
        return holds ? null : $"{check}: value {t.Value:R}, dual {t.DualValue:R}, violation {t.Violation(x, y, 2):R}";
    }

    /// <summary>Known distances on the line: two pairs of points, the same pairs in another order, and samples of two sizes.</summary>
    public static string? Complaint(string check, LineDistance distance)
    {
        (double found, double expected) = check switch
        {
            "point masses" => (distance([0, 4], [1, 2]), 1.5),
            "order" => (distance([4, 0], [1, 2]), 1.5),
            "sizes" => (distance([0, 1, 7], [0.5, 2]), (0.5 / 3) + (0.5 / 6) + (1 / 6.0) + (5 / 3.0)),
            _ => throw new ArgumentOutOfRangeException(nameof(check)),
        };
        return Math.Abs(found - expected) <= 1e-14 ? null : $"{check}: {found:R}, expected {expected:R}";
    }

    /// <summary>The mean of U over small samples of unequal sizes, N(0, 1) and N(0, 4), is MMD² within five standard errors.</summary>
    private static string? Unbiased(Discrepancy estimate)
    {
        const int Repeats = 600;
        Kernel kernel = Kernel.Gaussian(1.5);
        double exact = MaximumMeanDiscrepancy.Exact(kernel, [new(1, [0], 1)], [new(1, [0], 2)]), sum = 0, squares = 0;
        Philox random = new(1, "unbiased");
        double[] x = new double[3], y = new double[6];
        for (int r = 0; r < Repeats; r++)
        {
            random.FillNormal(x);
            random.FillNormal(y);
            double u = estimate(kernel, x, [.. y.Select(v => 2 * v)], 1).Unbiased;
            sum += u;
            squares += u * u;
        }

        double mean = sum / Repeats, error = Math.Sqrt(((squares / Repeats) - (mean * mean)) / Repeats);
        return Math.Abs(mean - exact) <= 5 * error ? null : $"the mean of U is {mean:R} ± {error:R}, MMD² is {exact:R}";
    }

    /// <summary>V of a sample and itself is 0, for each kernel.</summary>
    private static string? Itself(Discrepancy estimate)
    {
        double[] x = new double[60];
        new Philox(2, "itself").FillNormal(x);
        foreach (Kernel kernel in (Kernel[])[Kernel.Gaussian(1.5), Kernel.InverseMultiquadric(0.7), Kernel.Energy])
        {
            double v = estimate(kernel, x, x, 2).Biased;
            if (!(Math.Abs(v) <= 1e-13)) return $"V of a sample and itself is {v:R} ({kernel})";
        }

        return null;
    }

    /// <summary>V of two pairs of points (0, 0), (0, 2) and (3, 4), (3, 6), by hand, for a Gaussian kernel of width 2.</summary>
    private static string? PointMasses(Discrepancy estimate)
    {
        static double K(double square) => Math.Exp(-square / 8);
        double expected = (2 * 0.5 * (K(0) + K(4))) - (0.5 * (K(25) + K(25) + K(45) + K(13)));
        double v = estimate(Kernel.Gaussian(2), [0, 0, 0, 2], [3, 4, 3, 6], 2).Biased;
        return Math.Abs(v - expected) <= 1e-14 ? null : $"V of point masses is {v:R}, expected {expected:R}";
    }

    /// <summary>Sums of kernel values: over pairs i ≠ j of each sample, and over all pairs of both.</summary>
    private sealed record Sums(double M, double N, double XX, double YY, double XY);

    private static Discrepancy Statistics(Func<Sums, Kernel, (double, double)> formula) => (kernel, x, y, d) =>
    {
        int m = x.Length / d, n = y.Length / d;
        return formula(new Sums(m, n, Between(x, x, m, m) - (m * kernel.AtZero), Between(y, y, n, n) - (n * kernel.AtZero), Between(x, y, m, n)), kernel);

        double Between(double[] p, double[] q, int rows, int columns)
        {
            double sum = 0;
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                {
                    double square = 0;
                    for (int k = 0; k < d; k++) square += (p[(i * d) + k] - q[(j * d) + k]) * (p[(i * d) + k] - q[(j * d) + k]);
                    sum += kernel.Value(Lanes.Constant(square))[0];
                }
            }

            return sum;
        }
    };

    private static double U(Sums s) => (s.XX / (s.M * (s.M - 1))) + (s.YY / (s.N * (s.N - 1))) - (2 * s.XY / (s.M * s.N));

    private static double V(Sums s, Kernel k) =>
        ((s.XX + (s.M * k.AtZero)) / (s.M * s.M)) + ((s.YY + (s.N * k.AtZero)) / (s.N * s.N)) - (2 * s.XY / (s.M * s.N));

    private static (double, double) Right(Kernel kernel, double[] x, double[] y, int d)
    {
        MmdEstimate e = MaximumMeanDiscrepancy.BetweenSamples(kernel, x, y, d);
        return (e.Unbiased, e.Biased);
    }

    private static double? Width(Kernel kernel) => kernel is Kernel.GaussianKernel { Width: double width } ? width : null;

    private static double[] Transposed(double[] x, int d) => [.. Enumerable.Range(0, x.Length).Select(i => x[((i % (x.Length / d)) * d) + (i / (x.Length / d))])];

    private static SampleTransport Solved(double[] x, double[] y, Func<SampleTransport, SampleTransport> bug) => bug(Wasserstein.BetweenSamples(x, y, 2));

    private static SampleTransport Greedy(double[] x, double[] y)
    {
        HashSet<int> used = [];
        int[] columns = [.. Enumerable.Range(0, x.Length / 2).Select(i =>
        {
            int nearest = Enumerable.Range(0, x.Length / 2).Where(j => !used.Contains(j)).MinBy(j => Cost(x, y, i, j));
            used.Add(nearest);
            return nearest;
        })];
        return Solved(x, y, t => t with { Permutation = columns, Value = columns.Select((j, i) => Cost(x, y, i, j)).Average() });
    }

    private static double Cost(double[] x, double[] y, int i, int j) => Math.Sqrt(Math.Pow(x[2 * i] - y[2 * j], 2) + Math.Pow(x[(2 * i) + 1] - y[(2 * j) + 1], 2));

    /// <summary>∫|F − G| with jumps 1/m and 1/n.</summary>
    private static double Area(double[] x, double[] y, int m, int n)
    {
        double[] all = [.. x.Concat(y).Order()];
        double area = 0;
        for (int k = 0; k + 1 < all.Length; k++)
            area += (all[k + 1] - all[k]) * Math.Abs((x.Count(v => v <= all[k]) / (double)m) - (y.Count(v => v <= all[k]) / (double)n));
        return area;
    }
}
