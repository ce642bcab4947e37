using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;
using UniversalFlows.Training;
using Xunit;

namespace UniversalFlows.Tests.Training;

public sealed class LevenbergMarquardtTests
{
    private static readonly Target Banana = TargetParser.Parse("banana"), Sine = TargetParser.Parse("sine");

    private static Composition[] Starts(int count) => [.. Enumerable.Range(1, count).Select(s => new Architecture(FlowFamily.Acf, 2, 2, [6, 6]).Initialise((ulong)s))];

    private static double[] Theta(Composition flow) => [.. flow.Parameters.SelectMany(p => p.All.ToArray())];

    /// <summary>The first half of the race is shared by all starts, so the winner has made a known number of steps of its own.</summary>
    [Fact]
    public void The_winner_of_a_race_is_the_start_that_continues_its_own_run()
    {
        Composition[] starts = Starts(4), alone = Starts(4);
        (int winner, FitResult result) = LevenbergMarquardt.Race(starts, Banana, Banana.DefaultDomain, new LevenbergMarquardtOptions(80, 64));
        // 80 steps: two rounds of 4·5 and 2·10, then 40 alone
        Assert.Equal(5 + 10 + 40, result.Steps);
        LevenbergMarquardt.Fit(alone[winner], Banana, Banana.DefaultDomain, new LevenbergMarquardtOptions(55, 64));
        Assert.Equal(Theta(alone[winner]), Theta(starts[winner]));
        // and no loser was better where the losers were left; the judges' points are not those of the sup error, which allows for a half
        double best = Sup(starts[winner]);
        for (int i = 0; i < 4; i++) Assert.True(best <= Sup(starts[i]) * 1.5, $"start {i} was dropped with {Sup(starts[i]):g3}, the winner ends at {best:g3}");

        static double Sup(Composition flow) => MapErrors.Estimate(flow, Banana, Banana.DefaultDomain, new MapErrorOptions { Threads = 1, GridPerAxis = 31, C1 = false, Integrals = false }).Sup;
    }

    [Fact]
    public void A_start_that_is_not_finite_never_wins()
    {
        Composition[] starts = Starts(3);
        starts[0].Parameters.First().Weights[0] = double.NaN;
        (int winner, FitResult result) = LevenbergMarquardt.Race(starts, Banana, Banana.DefaultDomain, new LevenbergMarquardtOptions(24, 64));
        Assert.NotEqual(0, winner);
        Assert.Equal(FitStatus.Finished, result.Status);
        Composition[] broken = Starts(1);
        broken[0].Parameters.First().Weights[0] = double.NaN;
        Assert.Equal(FitStatus.Diverged, LevenbergMarquardt.Race(broken, Banana, Banana.DefaultDomain, new LevenbergMarquardtOptions(24, 64)).Result.Status);
    }

    /// <summary>Jδ by the layers' factors against central differences of the flow along δ.</summary>
    [Fact]
    public void The_Jacobian_times_a_direction_is_the_derivative_along_it()
    {
        Composition flow = Starts(1)[0];
        UniversalFlows.Scalars.ParameterVector theta = new(flow.Parameters);
        Batch batch = new(128, 4);
        RegressionBatch.Fill(batch, Banana, Banana.DefaultDomain, new LowDiscrepancy(2, 1, "test"), 0);
        using SampleJacobian jacobian = new(new SquaredError(flow), theta, 128);
        double[] at = new double[256], up = new double[256], down = new double[256], product = new double[256], delta = new double[theta.Count], origin = theta.Values.ToArray();
        Philox random = new(3, "direction");
        random.FillNormal(delta);
        jacobian.Record(batch, at, 1);
        jacobian.Product(delta, product, 2);
        const double H = 1e-5;
        Move(H);
        jacobian.Record(batch, up, 1);
        Move(-H);
        jacobian.Record(batch, down, 1);
        for (int i = 0; i < 256; i++) Assert.Equal((up[i] - down[i]) / (2 * H), product[i], 1e-7 * (1 + Math.Abs(product[i])));

        void Move(double h)
        {
            for (int i = 0; i < delta.Length; i++) theta.Values[i] = origin[i] + (h * delta[i]);
        }
    }

    /// <summary>The best affine approximation of a function of the line in the sup norm equioscillates: half the spread of f − ax at the best slope, here found by a search of its own.</summary>
    [Fact]
    public void The_refinement_finds_the_best_affine_map_of_the_sine()
    {
        Composition flow = new Architecture(FlowFamily.Acf, 1, 1, []).Initialise(1);
        LevenbergMarquardt.Fit(flow, Sine, Sine.DefaultDomain, new LevenbergMarquardtOptions(30, 128));
        double before = Sup(flow);
        MinimaxResult result = MinimaxRefinement.Refine(flow, Sine, Sine.DefaultDomain, new MinimaxOptions(150, 128));
        // f(x) − ax is odd, so the best constant is 0 and the error of slope a is max |(1 − a)x + ½ sin x|
        double best = Enumerable.Range(0, 4001).Min(k =>
        {
            double a = 0.8 + (k * 1e-4);
            return Enumerable.Range(0, 2001).Max(j => Math.Abs(((1 - a) * Math.PI * j / 2000) + (0.5 * Math.Sin(Math.PI * j / 2000))));
        });
        // from above: a quarter of the points stays spread evenly, so the weights' solution is near the minimax one, not at it (0.3535 against 0.3447); from below: the search's grid
        Assert.InRange(Sup(flow), best - 1e-4, 1.04 * best);
        Assert.True(before > 1.2 * best, $"least squares was {before:g4} already");
        Assert.InRange(result.After, best - 1e-3, 1.04 * best);

        static double Sup(Composition flow) => MapErrors.Estimate(flow, Sine, Sine.DefaultDomain, new MapErrorOptions { Threads = 1 }).Sup;
    }

    [Fact]
    public void No_bit_of_a_race_or_a_refinement_depends_on_the_threads()
    {
        Assert.Equal(Run(1), Run(2));

        static double[] Run(int threads)
        {
            Composition[] starts = Starts(2);
            (int winner, _) = LevenbergMarquardt.Race(starts, Banana, Banana.DefaultDomain, new LevenbergMarquardtOptions(12, 64) { Threads = threads });
            MinimaxRefinement.Refine(starts[winner], Banana, Banana.DefaultDomain, new MinimaxOptions(6, 64, 1024) { Threads = threads });
            return Theta(starts[winner]);
        }
    }

    [Fact]
    public void A_refinement_is_never_worse_at_its_own_points_and_says_when_it_was_stopped()
    {
        Composition flow = Starts(1)[0];
        LevenbergMarquardt.Fit(flow, Banana, Banana.DefaultDomain, new LevenbergMarquardtOptions(20, 64));
        MinimaxResult result = MinimaxRefinement.Refine(flow, Banana, Banana.DefaultDomain, new MinimaxOptions(10, 64, 512));
        Assert.True(result.After <= result.Before);
        using CancellationTokenSource stop = new();
        stop.Cancel();
        double[] theta = Theta(flow);
        Assert.True(MinimaxRefinement.Refine(flow, Banana, Banana.DefaultDomain, new MinimaxOptions(10, 64, 512) { Cancellation = stop.Token }).Cut);
        Assert.Equal(theta, Theta(flow));
    }

    /// <summary>A rotation after a scaling: singular values 3 and ½ everywhere.</summary>
    [Fact]
    public void Conditioning_of_a_linear_map_is_that_of_its_matrix()
    {
        double c = Math.Cos(0.7), s = Math.Sin(0.7);
        Composition flow = new(2, [new Linear([3 * c, -0.5 * s, 3 * s, 0.5 * c], [0, 0])]);
        Conditioning measured = Conditioning.Estimate(flow, Domain.Cube(2, -1, 1), 64);
        Assert.Equal(3, measured.Lipschitz, 12);
        Assert.Equal(2, measured.InverseLipschitz, 12);
        Assert.Equal(6, measured.Condition, 12);
        // the constant map has no inverse to speak of
        Assert.True(double.IsNaN(Conditioning.Estimate(TargetParser.Parse("0*x; y"), Domain.Cube(2, -1, 1), 64).Condition));
    }
}
