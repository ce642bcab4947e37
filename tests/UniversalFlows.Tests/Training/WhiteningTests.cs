using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Training;
using Xunit;

namespace UniversalFlows.Tests.Training;

/// <summary>Normalisation from data, and what one affine block can do to a Gaussian (Σpp, Σap, … are the blocks of its covariance Σ).</summary>
public sealed class WhiteningTests
{
    [Fact]
    public void Normalised_data_have_mean_0_and_deviation_1_before_every_part()
    {
        Batch data = Data(500, 3);
        Composition flow = new Architecture(FlowFamily.Rqs, 3, 3, [8]).Initialise(4), normalised = ActNorm.Insert(flow, data);
        Assert.Equal(6, normalised.Parts.Count);
        for (int part = 1; part < 6; part += 2)
        {
            Composition before = new(3, normalised.Parts.Take(part));
            (double[] mean, double[] deviation) = Moments(before, data);
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(0, mean[i], 1e-13);
                Assert.Equal(1, deviation[i], 1e-13);
            }

            Assert.Same(flow.Parts[part / 2], normalised.Parts[part]);
        }
    }

    /// <summary>Loading is not initialising: a saved flow gives the same values whatever it is shown first.</summary>
    [Fact]
    public void A_loaded_flow_is_not_normalised_again()
    {
        Composition flow = ActNorm.Insert(new Architecture(FlowFamily.Acf, 2, 2, [8]).Initialise(1), Data(300, 2)), loaded = FlowFile.Parse(FlowFile.ToBytes(flow));
        Lanes[] far = [Lanes.Constant(1e3), Lanes.Constant(-50)];
        loaded.Forward<Lanes>(far);
        Real[] a = [new(0.3), new(-2)], b = [new(0.3), new(-2)];
        Assert.Equal(flow.Forward<Real>(a), loaded.Forward<Real>(b));
        Assert.Equal(a, b);
    }

    [Fact]
    public void Data_without_spread_are_refused()
    {
        Batch data = new(10, 2);
        for (int s = 0; s < 10; s++) (data.Column(0)[s], data.Column(1)[s]) = (s, 3);
        Composition flow = new Architecture(FlowFamily.Acf, 2, 1, []).Initialise(1);
        Assert.Contains("coordinate 1 before part 0", Assert.Throws<ArgumentException>(() => ActNorm.Insert(flow, data)).Message, StringComparison.Ordinal);
        data.Column(1)[4] = double.NaN;
        Assert.Throws<ArgumentException>(() => ActNorm.Insert(flow, data));
    }

    /// <summary>
    /// Maximum likelihood of one affine block on N(0, Σ) finds r = diag(Σpp)^−½ for the passive coordinates and, for the active ones, s = diag(Σaa − Σap Σpp⁻¹ Σpa)^−½
    /// and t = −s Σap Σpp⁻¹ x_p. The data ±√d·(columns of A) have mean 0 and covariance A Aᵀ = Σ exactly. The start is normalised by ActNorm.
    /// </summary>
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void One_affine_block_fitted_to_a_Gaussian_is_the_best_one(int d)
    {
        int p = d / 2, a = d - p;
        double[] root = d == 2 ? [1, 0, 0.5, Math.Sqrt(0.75)] : [1.5, 0, 0, 0, 0.5, 1, 0, 0, -0.4, 0.8, 0.7, 0, 0.3, -0.2, 0.6, 2];
        Batch data = new(2 * d, d);
        for (int s = 0; s < 2 * d; s++)
            for (int i = 0; i < d; i++) data.Column(i)[s] = (s % 2 == 0 ? 1 : -1) * Math.Sqrt(d) * root[(i * d) + (s / 2)];
        data.Pad();
        double[,] sigma = new double[d, d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++)
                for (int k = 0; k < d; k++) sigma[i, j] += root[(i * d) + k] * root[(j * d) + k];

        Dense shift = new(p, a);
        int[] passive = [.. Enumerable.Range(0, p)], active = [.. Enumerable.Range(p, a)];
        Coupling additive = new(d, passive, active, new AffineTransformer(null), new MultilayerPerceptron(Activation.Identity, [shift]));
        Coupling scale = ActNorm.Layer(d);
        FitResult result = LbfgsFit.Fit(new NegativeLogLikelihood(new Composition(d, [additive, scale])), data, new LbfgsOptions(200));
        Assert.Equal(FitStatus.Finished, result.Status);

        // closed forms
        double[] pp = new double[p * p], inverse = new double[p * p];
        for (int i = 0; i < p; i++)
            for (int j = 0; j < p; j++) pp[(i * p) + j] = sigma[i, j];
        Assert.True(SmallMatrix.Invert(pp, p, inverse));
        ReadOnlySpan<double> raw = ((ConstantConditioner)scale.Conditioner).Values.Bias;
        for (int i = 0; i < p; i++) Assert.Equal(1 / Math.Sqrt(sigma[i, i]), Math.Exp(raw[2 * i]), 1e-7);
        for (int i = 0; i < a; i++)
        {
            double[] slope = new double[p];
            for (int j = 0; j < p; j++)
                for (int k = 0; k < p; k++) slope[j] -= sigma[p + i, k] * inverse[(k * p) + j];
            double variance = sigma[p + i, p + i];
            for (int j = 0; j < p; j++) variance += slope[j] * sigma[j, p + i];
            Assert.Equal(1 / Math.Sqrt(variance), Math.Exp(raw[2 * (p + i)]), 1e-7);
            for (int j = 0; j < p; j++) Assert.Equal(slope[j], shift.Weights[(i * p) + j], 1e-7);
            Assert.Equal(0, shift.Bias[i], 1e-7);
        }

        // non-standardness S = ½(tr Σ − d − log det Σ): the mean loss less the entropy of N(0, Σ) is S of the image
        double logDet = 2 * Enumerable.Range(0, d).Sum(i => Math.Log(root[(i * d) + i])), before = -0.5 * logDet;
        for (int i = 0; i < d; i++) before += 0.5 * (sigma[i, i] - 1);
        double after = result.Trace[^1].Loss - (0.5 * d * (1 + Math.Log(2 * Math.PI))) - (0.5 * logDet);
        if (d == 2)
        {
            Assert.Equal(0.1438410362, before, 1e-10);
            Assert.Equal(0, after, 1e-12);
            Assert.Equal(1.1547005384, Math.Exp(raw[2]), 1e-7);
            Assert.Equal(-0.5773502692, Math.Exp(raw[2]) * shift.Weights[0], 1e-7);
        }
        else
        {
            Assert.InRange(after, 1e-3, 0.5 * before);   // correlations inside the two groups are beyond one block
        }
    }

    private static Batch Data(int count, int d)
    {
        Philox random = new(5, "data");
        Batch data = new(count, d);
        for (int s = 0; s < count; s++)
            for (int i = 0; i < d; i++) data.Column(i)[s] = (10 * i) - 3 + ((1 + (5 * i)) * random.NextNormal());
        data.Pad();
        return data;
    }

    private static (double[] Mean, double[] Deviation) Moments(Composition flow, Batch data)
    {
        int d = flow.Dimension;
        double[] sum = new double[d], squares = new double[d];
        for (int s = 0; s < data.Count; s++)
        {
            Real[] x = [.. Enumerable.Range(0, d).Select(i => new Real(data.Column(i)[s]))];
            flow.Map<Real>(x);
            for (int i = 0; i < d; i++)
            {
                sum[i] += x[i].Value / data.Count;
                squares[i] += x[i].Value * x[i].Value / data.Count;
            }
        }

        return (sum, [.. squares.Select((q, i) => Math.Sqrt(q - (sum[i] * sum[i])))]);
    }
}
