using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Training;
using Xunit;
using NamedLaws = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Training;

/// <summary>Losses between samples: values against other programs, gradients against differences, through the flow as well; and that training by them goes where it should.</summary>
public class PushForwardTests
{
    private static readonly ISampleLoss[] s_losses = [new KernelLoss(0.5, 1.5), new SlicedLoss(6)];

    public static TheoryData<int> Losses => [0, 1];

    private static double[] Normals(ulong seed, int count)
    {
        double[] x = new double[count];
        new Philox(seed, "points").FillNormal(x);
        return x;
    }

    /// <summary>Coordinates first, as losses want them.</summary>
    private static double[] Columns(double[] rows, int d) => [.. Enumerable.Range(0, d).SelectMany(c => Enumerable.Range(0, rows.Length / d).Select(n => rows[(n * d) + c]))];

    private static double Value(ISampleLoss loss, double[] y, double[] x, double[]? gradient = null) => loss.Evaluate(y, x, 2, new Philox(1, "directions"), gradient ?? new double[y.Length]);

    [Fact]
    public void Values_are_those_of_the_distances()
    {
        double[] y = Normals(1, 2 * 37), x = Normals(2, 2 * 29);
        double expected = ((double[])[0.5, 1.5]).Sum(h => MaximumMeanDiscrepancy.BetweenSamples(Kernel.Gaussian(h), y, x, 2).Unbiased);
        Assert.Equal(expected, Value(s_losses[0], Columns(y, 2), Columns(x, 2)), 1e-13);
        // in one dimension every direction gives W2² of the line, which is an assignment
        double[] a = Normals(3, 40), b = Normals(4, 40);
        Assert.Equal(Wasserstein.SquaredBetweenSamples(a, b, 1).Value, new SlicedLoss(3).Evaluate(a, b, 1, new Philox(1, "d"), new double[40]), 1e-13);
        Assert.Throws<ArgumentException>("x", () => new SlicedLoss(1).Evaluate(a, b.AsSpan(1), 1, new Philox(1, "d"), new double[40]));
        Assert.Throws<ArgumentException>("widths", () => new KernelLoss(0));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Gradients_are_slopes_of_the_values(int loss)
    {
        double[] y = Columns(Normals(1, 2 * 21), 2), x = Columns(Normals(2, 2 * 21), 2), gradient = new double[42];
        Value(s_losses[loss], y, x, gradient);
        for (int i = 0; i < 42; i += 5)
        {
            double[] more = [.. y], less = [.. y];
            more[i] += 1e-5;
            less[i] -= 1e-5;
            Assert.Equal((Value(s_losses[loss], more, x) - Value(s_losses[loss], less, x)) / 2e-5, gradient[i], 1e-8);
        }
    }

    /// <summary>The tape of Σ c·g(z) has the gradient of L in the parameters, and the value L.</summary>
    [Theory]
    [MemberData(nameof(Losses))]
    public void The_gradient_in_the_parameters_is_that_of_the_loss(int loss)
    {
        const int N = 70; // more than a panel, and no whole number of them
        Composition flow = new Architecture(FlowFamily.Acf, 2, 2, [5]).Initialise(3);
        ParameterVector theta = new(flow.Parameters);
        Philox random = new(5, "stir");
        foreach (ref double v in theta.Values) v += 0.2 * random.NextNormal();
        double[] z = Normals(1, 2 * N), x = Columns(Normals(2, 2 * N), 2), gradient = new double[theta.Count];
        using MeanGradient mean = new(new PushForward(flow), theta);
        double value = mean.Evaluate(Batch(), gradient);
        Assert.Equal(Direct(), value, 1e-12);
        for (int k = 0; k < theta.Count; k += 3)
        {
            double kept = theta.Values[k];
            theta.Values[k] = kept + 1e-5;
            double more = Direct();
            theta.Values[k] = kept - 1e-5;
            double less = Direct();
            theta.Values[k] = kept;
            Assert.Equal((more - less) / 2e-5, gradient[k], 2e-7);
            // planted: a sign
            if (Math.Abs(gradient[k]) > 1e-3) Assert.True(Math.Abs(((more - less) / 2e-5) + gradient[k]) > 1e-3);
        }

        Batch Batch()
        {
            Batch batch = new(N, 5);
            for (int n = 0; n < N; n++) (batch.Column(0)[n], batch.Column(1)[n]) = (z[2 * n], z[(2 * n) + 1]);
            batch.Pad();
            double[] y = new double[2 * N], slopes = new double[2 * N];
            PushForward.Images(flow, batch, y);
            PushForward.Enter(batch, 2, y, Value(s_losses[loss], y, x, slopes), slopes);
            return batch;
        }

        double Direct()
        {
            double[] y = new double[2 * N];
            Evaluation.Map(flow, z, y);
            return Value(s_losses[loss], Columns(y, 2), x);
        }
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public void Training_comes_near_the_law(int loss)
    {
        GaussianMixture law = new("g", "g", [(1, [1, -0.5], [1, 0.6, 0.6, 0.5])]);
        Composition flow = new Architecture(FlowFamily.Acf, 2, 2, [8]).Initialise(1);
        double before = Distance();
        FitResult result = PushForwardFit.Fit(flow, law, s_losses[loss], new AdamOptions(200, 128, 1e-2), 1);
        Assert.Equal(FitStatus.Finished, result.Status);
        Assert.True(Distance() < 0.5 * before);

        double Distance()
        {
            double[] y = new double[800];
            Evaluation.Map(flow, Normals(9, 800), y);
            return Wasserstein.BetweenSamples(y, law.Samples(new Philox(9, "law"), 400), 2).Value;
        }
    }

    /// <summary>A base that is one point: the best that any map can do is a median, and training by samples finds no more (N17).</summary>
    [Fact]
    public void From_a_point_only_points_are_reached()
    {
        Law law = NamedLaws.Parse("two-points");
        Composition flow = new Architecture(FlowFamily.Sos, 1, 2, []).Initialise(1);
        PushForwardFit.Fit(flow, law, new SlicedLoss(1), new AdamOptions(50, 64, 1e-2), 1, (_, z) => z.Clear());
        Span<Real> zero = [new(0)];
        flow.Map(zero);
        Assert.InRange(LineMetrics.Wasserstein(((ICoordinateLaws)law).Coordinate(0), LineMetrics.OfSample([zero[0].Value])).Value, 1 - 1e-12, 1.5);
    }
}
