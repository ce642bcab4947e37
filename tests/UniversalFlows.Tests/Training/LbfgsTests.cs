using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;
using Xunit;

namespace UniversalFlows.Tests.Training;

/// <summary>L-BFGS on functions whose minimum is known, its two-loop recursion against the matrix it stands for, and its fits.</summary>
public sealed class LbfgsTests
{
    /// <summary>½xᵀDx − bᵀx with D from 1 to 100: n steps with exact line searches and full memory (then it is the conjugate gradient method).</summary>
    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void A_quadratic_takes_n_steps_with_exact_searches(int n)
    {
        double[] x = new double[n];
        FitResult result = Lbfgs.Minimise(Quadratic, x, new LbfgsOptions(200, Memory: 50) { LineSearch = new(1e-4, 1e-6), GradientTolerance = 1e-7 });
        Assert.Equal(FitStatus.Finished, result.Status);
        Assert.InRange(result.Steps, n - 1, n + 1);
        for (int i = 0; i < n; i++) Assert.Equal(1 / D(i), x[i], 1e-8);

        // with the searches that fits use
        x = new double[n];
        result = Lbfgs.Minimise(Quadratic, x, new LbfgsOptions(200) { GradientTolerance = 1e-9 });
        Assert.InRange(result.Steps, 1, 4 * n);
        for (int i = 0; i < n; i++) Assert.Equal(1 / D(i), x[i], 1e-9);
        Assert.InRange(result.Evaluations!.Value, result.Steps + 1, 3 * result.Steps);

        double D(int i) => 1 + (99.0 * i / (n - 1));

        double Quadratic(ReadOnlySpan<double> at, Span<double> gradient)
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
            {
                gradient[i] = (D(i) * at[i]) - 1;
                sum += ((0.5 * D(i) * at[i]) - 1) * at[i];
            }

            return sum;
        }
    }

    [Fact]
    public void The_banana_of_Rosenbrock_has_its_minimum_at_1_1()
    {
        double[] x = [-1.2, 1];
        FitResult result = Lbfgs.Minimise(Rosenbrock, x, new LbfgsOptions(100));
        Assert.Equal(FitStatus.Finished, result.Status);
        Assert.Null(result.Reason);
        Assert.InRange(result.Steps, 10, 60);
        Assert.Equal(1, x[0], 1e-10);
        Assert.Equal(1, x[1], 1e-10);
        // the trace goes down from f(−1.2, 1) = 24.2
        Assert.Equal(24.2, result.Trace[0].Loss, 1e-12);
        for (int i = 1; i < result.Trace.Count; i++) Assert.True(result.Trace[i].Loss <= result.Trace[i - 1].Loss * (1 + 1e-13));
    }

    /// <summary>Points that the search hands over meet the strong Wolfe conditions.</summary>
    [Theory]
    [InlineData(0.9)]
    [InlineData(0.1)]
    [InlineData(1e-3)]
    public void Steps_meet_the_Wolfe_conditions(double curvature)
    {
        WolfeLineSearch search = new(1e-4, curvature);
        foreach (double first in (double[])[1e-6, 0.1, 1, 30, 1e6])
        {
            // φ = −α/(α² + 2), and φ with a wall: not a number beyond 5
            foreach (bool wall in (bool[])[false, true])
            {
                LineSearchResult r = search.Search(a => wall && a > 5 ? new(a, double.NaN, double.NaN) : Phi(a), Phi(0), first);
                Assert.True(r.Found);
                Assert.True(r.Point.Value <= 1e-4 * r.Point.Step * -0.5);
                Assert.True(Math.Abs(r.Point.Slope) <= curvature * 0.5);
                Assert.Equal(Phi(r.Point.Step), r.Point);
                Assert.InRange(r.Evaluations, 1, 30);
            }
        }

        static LinePoint Phi(double a) => new(a, -a / ((a * a) + 2), ((a * a) - 2) / (((a * a) + 2) * ((a * a) + 2)));
    }

    [Fact]
    public void The_two_loop_recursion_is_the_product_with_the_matrix()
    {
        Assert.True(ErrorOfProducts((_, pairs, v) =>
        {
            LbfgsMemory memory = new(v.Length, 5);
            foreach ((double[] s, double[] y) in pairs) Assert.True(memory.Add(s, y));
            memory.Multiply(v);
        }) < 1e-13);
    }

    /// <summary>The planted bug: β added instead of subtracted, and the first loop's sign. The comparison must see either.</summary>
    [Theory]
    [InlineData(+1, +1, true)]
    [InlineData(-1, +1, false)]
    [InlineData(+1, -1, false)]
    public void A_wrong_sign_in_the_recursion_is_seen(int first, int second, bool right)
    {
        double error = ErrorOfProducts((gamma, pairs, v) =>
        {
            double[] alpha = new double[pairs.Count];
            for (int i = pairs.Count - 1; i >= 0; i--)
            {
                (double[] s, double[] y) = pairs[i];
                alpha[i] = Dot(s, v) / Dot(s, y);
                for (int j = 0; j < v.Length; j++) v[j] -= first * alpha[i] * y[j];
            }

            for (int j = 0; j < v.Length; j++) v[j] *= gamma;
            for (int i = 0; i < pairs.Count; i++)
            {
                (double[] s, double[] y) = pairs[i];
                double beta = Dot(y, v) / Dot(s, y);
                for (int j = 0; j < v.Length; j++) v[j] += (alpha[i] - (second * beta)) * s[j];
            }
        });
        Assert.Equal(right, error < 1e-13);
    }

    [Fact]
    public void Only_pairs_of_positive_curvature_are_kept_and_the_oldest_leave_first()
    {
        LbfgsMemory memory = new(2, 2);
        Assert.False(memory.Add([1, 0], [-1, 0]));
        Assert.False(memory.Add([1, 0], [0, 1]));
        Assert.False(memory.Add([double.NaN, 0], [1, 1]));
        Assert.Equal(0, memory.Count);
        Assert.True(memory.Add([1, 0], [5, 0]));
        Assert.True(memory.Add([1, 0], [2, 0]));
        Assert.True(memory.Add([0, 1], [0, 4]));
        Assert.Equal(2, memory.Count);
        double[] v = [1, 1];
        memory.Multiply(v);
        Assert.Equal([0.5, 0.25], v);   // the secant equations H y = s of the two pairs kept
    }

    [Fact]
    public void Failures_are_values()
    {
        double[] x = [1];
        FitResult nan = Lbfgs.Minimise((_, _) => double.NaN, x, new LbfgsOptions(10));
        Assert.Equal(FitStatus.Diverged, nan.Status);
        Assert.NotNull(nan.Reason);
        // finite at the start alone
        int calls = 0;
        FitResult wall = Lbfgs.Minimise((_, g) =>
        {
            g[0] = 1;
            return calls++ == 0 ? 0 : double.PositiveInfinity;
        }, x, new LbfgsOptions(10));
        Assert.Equal(FitStatus.Diverged, wall.Status);
        Assert.Equal(1, x[0]);
        // a gradient that lies: no step helps
        FitResult liar = Lbfgs.Minimise((at, g) =>
        {
            g[0] = -1;
            return at[0] * at[0];
        }, x, new LbfgsOptions(10));
        Assert.Equal(FitStatus.Finished, liar.Status);
        Assert.Equal(0, liar.Steps);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        Assert.Equal(FitStatus.Cut, Lbfgs.Minimise(Rosenbrock, new double[2], new LbfgsOptions(10) { Cancellation = stop.Token }).Status);
    }

    /// <summary>In one dimension an affine coupling is an affine map, so the fit is linear regression: both optimisers find the same.</summary>
    [Fact]
    public void The_fit_agrees_with_Levenberg_Marquardt_where_the_minimum_is_unique()
    {
        Target target = TargetParser.Parse("sine");
        (double rmse, double[] theta) = Fit(target, FlowFamily.Acf, 1, 30, out FitResult result);
        Composition other = new Architecture(FlowFamily.Acf, 1, 1, []).Initialise(1);
        LevenbergMarquardt.Fit(other, target, target.DefaultDomain, new LevenbergMarquardtOptions(30, 1024));
        double[] lm = [.. other.Parameters.SelectMany(p => p.All.ToArray())];
        Assert.Equal(FitStatus.Finished, result.Status);
        // x + ½ sin x ≈ a·x with a = 1 + ½·∫x sin x/∫x² = 1 + 3/(2π²); LM sees other points in its last steps
        Assert.Equal(1 + (3 / (2 * Math.PI * Math.PI)), Math.Exp(5 * Math.Tanh(theta[0] / 5)), 2e-3);
        for (int i = 0; i < lm.Length; i++) Assert.Equal(theta[i], lm[i], 3e-3);
        Assert.InRange(rmse, 0.2, 0.3);
    }

    [Fact]
    public void A_small_flow_is_fitted_as_well_as_by_Levenberg_Marquardt()
    {
        Target target = TargetParser.Parse("banana");
        (double rmse, _) = Fit(target, FlowFamily.Acf, 2, 400, out _);
        Composition other = new Architecture(FlowFamily.Acf, 2, 2, [8]).Initialise(1);
        FitResult lm = LevenbergMarquardt.Fit(other, target, target.DefaultDomain, new LevenbergMarquardtOptions(60, 128));
        Assert.InRange(rmse, 0, 3e-3);
        Assert.InRange(lm.Trace[^1].Loss, 0, 3e-3);
    }

    [Fact]
    public void No_bit_depends_on_the_threads()
    {
        Target target = TargetParser.Parse("banana");
        Assert.Equal(Fit(target, FlowFamily.Acf, 2, 10, out _, 1).Theta, Fit(target, FlowFamily.Acf, 2, 10, out _, 2).Theta);
    }

    private static (double Rmse, double[] Theta) Fit(Target target, FlowFamily family, int depth, int steps, out FitResult result, int threads = 1)
    {
        int d = target.Dimension;
        Composition flow = new Architecture(family, d, depth, [8]).Initialise(1);
        Batch batch = new(1024, 2 * d);
        RegressionBatch.Fill(batch, target, target.DefaultDomain, new LowDiscrepancy(d, 1, "training"), 0);
        result = LbfgsFit.Fit(new SquaredError(flow), batch, new LbfgsOptions(steps), threads);
        return (Math.Sqrt(2 * result.Trace[^1].Loss), [.. flow.Parameters.SelectMany(p => p.All.ToArray())]);
    }

    private static double Rosenbrock(ReadOnlySpan<double> x, Span<double> gradient)
    {
        double a = 1 - x[0], b = x[1] - (x[0] * x[0]);
        (gradient[0], gradient[1]) = ((-2 * a) - (400 * x[0] * b), 200 * b);
        return (a * a) + (100 * b * b);
    }

    /// <summary>max |Hv − product| over random v, H the matrix of the update formula (n = 6, five pairs), relative to |Hv|.</summary>
    private static double ErrorOfProducts(Action<double, List<(double[] S, double[] Y)>, double[]> multiply)
    {
        const int n = 6;
        Philox random = new(3, "pairs");
        List<(double[] S, double[] Y)> pairs = [];
        while (pairs.Count < 5)
        {
            double[] s = Normals(), y = Normals();
            for (int i = 0; i < n; i++) y[i] = s[i] + (0.3 * y[i]);
            if (Dot(s, y) > 0.5) pairs.Add((s, y));
        }

        double gamma = Dot(pairs[^1].S, pairs[^1].Y) / Dot(pairs[^1].Y, pairs[^1].Y);
        double[,] h = new double[n, n];
        for (int i = 0; i < n; i++) h[i, i] = gamma;
        foreach ((double[] s, double[] y) in pairs)
        {
            double rho = 1 / Dot(s, y);
            double[,] left = new double[n, n], next = new double[n, n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++)
                    for (int k = 0; k < n; k++) left[i, j] += ((i == k ? 1 : 0) - (rho * s[i] * y[k])) * h[k, j];
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    next[i, j] = rho * s[i] * s[j];
                    for (int k = 0; k < n; k++) next[i, j] += left[i, k] * ((k == j ? 1 : 0) - (rho * y[k] * s[j]));
                }
            }

            h = next;
        }

        double worst = 0;
        for (int t = 0; t < 10; t++)
        {
            double[] v = Normals(), expected = new double[n];
            for (int i = 0; i < n; i++)
                for (int j = 0; j < n; j++) expected[i] += h[i, j] * v[j];
            multiply(gamma, pairs, v);
            double size = Math.Sqrt(Dot(expected, expected));
            for (int i = 0; i < n; i++) worst = Math.Max(worst, Math.Abs(expected[i] - v[i]) / size);
        }

        return worst;

        double[] Normals()
        {
            double[] v = new double[n];
            random.FillNormal(v);
            return v;
        }
    }

    private static double Dot(double[] a, double[] b) => a.Zip(b).Sum(p => p.First * p.Second);
}
