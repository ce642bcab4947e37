using FsCheck.Fluent;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using Xunit;

namespace UniversalFlows.Tests.Measurement;

/// <summary>Exact W1 of samples: against all permutations, sorted samples, the certificate, and instances made to be hard.</summary>
public class AssignmentTests
{
    private static readonly string[] s_shapes = ["uniform", "lattice", "duplicates", "clusters", "collinear", "far", "apart", "same", "shuffled", "scales"];

    public static TheoryData<string> Shapes => [.. s_shapes];

    /// <summary>Two samples of n points of the plane.</summary>
    private static (double[] X, double[] Y) Instance(string shape, int n, ulong seed)
    {
        Philox r = new(seed, shape);
        double[] x = new double[2 * n], y = new double[2 * n];
        r.FillUniform(x);
        r.FillUniform(y);
        switch (shape)
        {
            case "lattice": // many ties
                Map(v => Math.Floor(6 * v));
                break;
            case "duplicates":
                for (int i = 2; i < 2 * n; i++) (x[i], y[i]) = (x[i % 6], y[i % 4]);
                break;
            case "clusters":
                for (int i = 0; i < n; i++)
                {
                    x[2 * i] = (1e-3 * x[2 * i]) + r.NextInt(3);
                    y[2 * i] = (1e-3 * y[2 * i]) + r.NextInt(3);
                }

                break;
            case "collinear":
                for (int i = 0; i < n; i++) (x[(2 * i) + 1], y[(2 * i) + 1]) = (3 * x[2 * i], 3 * y[2 * i]);
                break;
            case "far": // a large common offset
                Map(v => v + 1e9);
                break;
            case "apart":
                for (int i = 0; i < y.Length; i++) y[i] += 1e6;
                break;
            case "same":
                Map(_ => 0.25);
                break;
            case "shuffled":
                for (int i = 0; i < n; i++) (y[2 * i], y[(2 * i) + 1]) = (x[2 * (n - 1 - i)], x[(2 * (n - 1 - i)) + 1]);
                break;
            case "scales":
                for (int i = 0; i < n; i++)
                {
                    double s = Math.ScaleB(1, -r.NextInt(40));
                    (x[2 * i], x[(2 * i) + 1]) = (s * x[2 * i], s * x[(2 * i) + 1]);
                }

                break;
        }

        return (x, y);

        void Map(Func<double, double> f)
        {
            for (int i = 0; i < x.Length; i++) (x[i], y[i]) = (f(x[i]), f(y[i]));
        }
    }

    private static double Cost(double[] x, double[] y, int i, int j) =>
        Math.Sqrt(((x[2 * i] - y[2 * j]) * (x[2 * i] - y[2 * j])) + ((x[(2 * i) + 1] - y[(2 * j) + 1]) * (x[(2 * i) + 1] - y[(2 * j) + 1])));

    /// <summary>The least sum over all permutations, by recursion over the sets of columns.</summary>
    private static double BruteForce(double[] x, double[] y, int n)
    {
        double best = double.PositiveInfinity;
        int[] columns = [.. Enumerable.Range(0, n)];
        Permute(0, 0);
        return best / n;

        void Permute(int i, double sum)
        {
            if (i == n)
            {
                best = Math.Min(best, sum);
                return;
            }

            for (int k = i; k < n; k++)
            {
                (columns[i], columns[k]) = (columns[k], columns[i]);
                Permute(i + 1, sum + Cost(x, y, i, columns[i]));
                (columns[i], columns[k]) = (columns[k], columns[i]);
            }
        }
    }

    private static void AssertProved(SampleTransport t, double[] x, double[] y, double size)
    {
        Assert.True(t.IsPrimal(x, y, 2));
        Assert.InRange(t.Violation(x, y, 2), double.NegativeInfinity, 1e-15 * size);
        Assert.InRange(t.Gap, -1e-14 * size, (1e-12 * t.Value) + (1e-15 * size));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Small_samples_have_the_least_cost_of_all_permutations(string shape)
    {
        for (int n = 1; n <= 7; n++)
        {
            for (ulong seed = 0; seed < 6; seed++)
            {
                (double[] x, double[] y) = Instance(shape, n, seed);
                SampleTransport t = Wasserstein.BetweenSamples(x, y, 2);
                double expected = BruteForce(x, y, n);
                Assert.Equal(expected, t.Value, 1e-14 * (1 + expected));
                AssertProved(t, x, y, 1 + Math.Abs(y[0]));
            }
        }

        (double[] a, double[] b) = Instance(shape, 8, 1);
        double eight = BruteForce(a, b, 8);
        Assert.Equal(eight, Wasserstein.BetweenSamples(a, b, 2).Value, 1e-14 * (1 + eight));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Larger_samples_prove_themselves(string shape)
    {
        foreach (int n in new[] { 63, 64, 65, 300 })
        {
            (double[] x, double[] y) = Instance(shape, n, 3);
            SampleTransport t = Wasserstein.BetweenSamples(x, y, 2);
            AssertProved(t, x, y, 1 + Math.Abs(y[0]));
            if (shape is "same" or "shuffled") Assert.Equal(0, t.Value);
            else Assert.InRange(t.RelativeGap, 0, 1e-12);
        }
    }

    /// <summary>On a line every optimal matching costs as much as that of the sorted samples, also inside the plane.</summary>
    [Fact]
    public void Points_of_a_line_cost_what_the_sorted_samples_do()
    {
        Properties.Holds(Prop.ForAll(Properties.UnitPoint(40), Properties.UnitPoint(40), (a, b) =>
        {
            double line = Wasserstein.OnTheLine(a, b);
            double sorted = a.Order().Zip(b.Order(), (p, q) => Math.Abs(p - q)).Sum() / 40;
            double[] x = [.. a.SelectMany(v => (double[])[0.6 * v, 0.8 * v])], y = [.. b.SelectMany(v => (double[])[0.6 * v, 0.8 * v])];
            return Math.Abs(line - sorted) <= 1e-15 && Math.Abs(Wasserstein.BetweenSamples(a, b, 1).Value - line) <= 1e-14
                && Math.Abs(Wasserstein.BetweenSamples(x, y, 2).Value - line) <= 1e-14;
        }), 100);
    }

    /// <summary>W1 of a sample and its translate is the length of the translation: φ(z) = z·v/|v| is 1-Lipschitz.</summary>
    [Fact]
    public void A_translate_is_as_far_as_it_was_moved()
    {
        (double[] x, double[] y) = Instance("uniform", 200, 5);
        for (int i = 0; i < y.Length; i++) y[i] = x[(i + 100) % x.Length] + (i % 2 == 0 ? 3 : -4);
        SampleTransport t = Wasserstein.BetweenSamples(x, y, 2);
        Assert.Equal(5, t.Value, 1e-13);
        Assert.Equal(5, t.DualValue, 1e-13);
    }

    /// <summary>Planted: a greedy matching, a row used twice, a dual that asks too much. The certificate sees each.</summary>
    [Fact]
    public void Wrong_solutions_do_not_prove_themselves()
    {
        (double[] x, double[] y) = Instance("uniform", 100, 1);
        SampleTransport right = Wasserstein.BetweenSamples(x, y, 2);
        int[] greedy = new int[100];
        HashSet<int> used = [];
        for (int i = 0; i < 100; i++)
        {
            greedy[i] = Enumerable.Range(0, 100).Where(j => !used.Contains(j)).MinBy(j => Cost(x, y, i, j));
            used.Add(greedy[i]);
        }

        SampleTransport wrong = right with { Permutation = greedy, Value = Enumerable.Range(0, 100).Average(i => Cost(x, y, i, greedy[i])) };
        Assert.True(wrong.IsPrimal(x, y, 2));
        Assert.InRange(wrong.RelativeGap, 0.01, 10);
        Assert.False((right with { Permutation = [.. right.Permutation.Take(99), right.Permutation[0]] }).IsPrimal(x, y, 2));
        foreach (int outside in (int[])[-1, 100]) Assert.False((right with { Permutation = [.. right.Permutation.Take(99), outside] }).IsPrimal(x, y, 2));
        Assert.False((right with { Value = right.Value * 0.99 }).IsPrimal(x, y, 2));
        Assert.False((right with { Value = double.NaN }).IsPrimal(x, y, 2));
        SampleTransport asking = right with { U = [.. right.U.Select((u, i) => i == 17 ? u + 1e-9 : u)] };
        Assert.InRange(asking.Violation(x, y, 2), 0.9e-9, 1.1e-9);
        Assert.True(double.IsNaN((right with { V = [.. right.V.Select((v, i) => i == 3 ? double.NaN : v)] }).Violation(x, y, 2)));
    }

    /// <summary>General costs, negative ones too: adding numbers to rows and columns changes the value by their sum and nothing else.</summary>
    [Fact]
    public void Shifts_of_rows_and_columns_shift_the_value()
    {
        const int N = 50;
        double[] costs = new double[N * N];
        new Philox(1, "costs").FillUniform(costs);
        AssignmentSolution plain = Assignment.Solve(N, (i, row) => costs.AsSpan(i * N, N).CopyTo(row));
        AssignmentSolution shifted = Assignment.Solve(N, (i, row) =>
        {
            for (int j = 0; j < N; j++) row[j] = costs[(i * N) + j] + (i * 0.5) - j;
        });
        Assert.Equal(plain.Columns, shifted.Columns);
        Assert.Equal(plain.Value + (0.25 * N * (N - 1)) - (0.5 * N * (N - 1)), shifted.Value, 1e-11);
        Assert.Equal(plain.Value, plain.DualValue, 1e-13);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>("y", () => Wasserstein.BetweenSamples(new double[4], new double[6], 2));
        Assert.Throws<ArgumentException>("x", () => Wasserstein.BetweenSamples(new double[3], new double[3], 2));
        Assert.Throws<ArgumentException>("x", () => Wasserstein.BetweenSamples([], [], 2));
        Assert.Throws<ArgumentOutOfRangeException>("dimension", () => Wasserstein.BetweenSamples([1], [1], 0));
        SampleTransport two = Wasserstein.BetweenSamples([0, 1], [1, 3], 1);
        Assert.Equal((1.5, 1.5), (two.Value, two.DualValue));
        Assert.Throws<ArgumentException>("x", () => two.Violation([0, 1, 2], [1, 3, 4], 1));
        Assert.Throws<ArgumentException>("x", () => two.Violation([0, 1], [1, 3, 4], 1));
        Assert.Equal((0, 0.25), ((two with { Value = 0, DualValue = -1 }).RelativeGap, (two with { Value = 4, DualValue = 5 }).RelativeGap));
        Assert.Equal(-1, (two with { Value = 4, DualValue = 5 }).Gap);
        Assert.Throws<ArgumentException>("fillRow", () => Wasserstein.BetweenSamples([double.NaN, 0], [0, 0], 1));
        Assert.Throws<ArgumentException>("fillRow", () => Wasserstein.BetweenSamples([1e300], [-1e300], 1));
        Assert.Throws<ArgumentOutOfRangeException>("n", () => Assignment.Solve(0, (_, _) => { }));
        Assert.Throws<ArgumentOutOfRangeException>("n", () => Assignment.Solve(Assignment.MaxSize + 1, (_, _) => { }));
        Assert.Throws<ArgumentNullException>("fillRow", () => Assignment.Solve(2, null!));
        Assert.Throws<ArgumentException>("x", () => Wasserstein.OnTheLine([], [1]));
        Assert.Throws<ArgumentException>("y", () => Wasserstein.OnTheLine([1], [double.NaN]));
    }
}
