using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Scalars;
using UniversalFlows.Training;
using Xunit;
using NamedLaws = UniversalFlows.Distributions.Laws;

namespace UniversalFlows.Tests.Training;

/// <summary>The Kronecker-factored matrix against plain sums and plain elimination; likelihood fits against Adam.</summary>
public class GaussNewtonTests
{
    private static void Fill(Law law, Philox random, Batch batch)
    {
        double[] x = new double[law.Dimension];
        for (int s = 0; s < batch.Count; s++)
        {
            law.Sample(random, x);
            for (int i = 0; i < x.Length; i++) batch.Column(i)[s] = x[i];
        }

        batch.Pad();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void The_inverse_of_a_positive_definite_matrix(int d)
    {
        double[] root = new double[d * d], a = new double[d * d], inverse = new double[d * d], expected = new double[d * d];
        new Philox(1, "matrix").FillNormal(root);
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) a[(i * d) + j] = (i == j ? 0.1 : 0) + Enumerable.Range(0, d).Sum(k => root[(i * d) + k] * root[(j * d) + k]);
        a.CopyTo(inverse, 0);
        SmallMatrix.InvertPositiveDefinite(inverse, d);
        Assert.True(SmallMatrix.Invert(a, d, expected));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], inverse[i], 1e-10 * (1 + Math.Abs(expected[i])));
    }

    /// <summary>
    /// For one sample repeated, a layer's block of E[JᵀJ] is a Kronecker product exactly: with outputs Δ_i and inputs (x, 1), (B + √λ/π)⊗(A + π√λ) must bring δ back to v. J comes from single products of the recorded Jacobian.
    /// </summary>
    [Fact]
    public void A_solve_undoes_the_product_of_the_damped_factors()
    {
        Composition flow = new Architecture(FlowFamily.Acf, 2, 2, [5]).Initialise(3);
        ParameterVector theta = new(flow.Parameters);
        // the last layers begin at zero, which would leave the others without influence
        double[] kick = new double[theta.Count], v = new double[theta.Count], delta = new double[theta.Count];
        new Philox(2, "kick").FillNormal(kick);
        for (int i = 0; i < kick.Length; i++) theta.Values[i] += 0.3 * kick[i];
        Batch batch = new(64, 2);
        batch.Column(0).Fill(0.4);
        batch.Column(1).Fill(-0.7);
        batch.Pad();
        const double Damping = 1e-2;
        using SampleJacobian jacobian = new(new NegativeLogLikelihood(flow), theta, 64);
        double[] losses = new double[64], row = new double[theta.Count], one = new double[64];
        jacobian.Record(batch, losses, 1);
        one[0] = 1;
        jacobian.TransposedProduct(one, row, 1);
        KroneckerFactors factors = new(theta, 2);
        factors.Update(jacobian, 0.9, Damping);
        new Philox(3, "v").FillNormal(v);
        factors.Solve(v, delta);
        foreach (Dense layer in theta.Layers)
        {
            int n = layer.Outputs, k = layer.Inputs;
            // the gradient of one sample is δ ⊗ (x, 1), and the last entry of (x, 1) is 1: the biases' part is δ
            double[] cotangent = [.. Enumerable.Range(0, n).Select(i => row[layer.Offset + (n * k) + i])];
            int largest = Array.IndexOf(cotangent, cotangent.MaxBy(Math.Abs));
            double[] input = [.. Enumerable.Range(0, k).Select(j => row[layer.Offset + (largest * k) + j] / cotangent[largest]), 1];
            double pi = Math.Sqrt(input.Sum(x => x * x) / (k + 1) / (cotangent.Sum(c => c * c) / n)), root = Math.Sqrt(Damping);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j <= k; j++)
                {
                    double sum = 0;
                    for (int p = 0; p < n; p++)
                        for (int q = 0; q <= k; q++) sum += ((cotangent[i] * cotangent[p]) + (i == p ? root / pi : 0)) * At(delta, layer, p, q) * ((input[q] * input[j]) + (q == j ? root * pi : 0));
                    Assert.Equal(At(v, layer, i, j), sum, 1e-8);
                }
            }
        }

        static double At(double[] theta, Dense layer, int i, int j) => theta[layer.Offset + (j == layer.Inputs ? (layer.Outputs * layer.Inputs) + i : (i * layer.Inputs) + j)];
    }

    /// <summary>The same number of samples in all: Gauss-Newton must be clearly closer. Three seeds gave 0.33, 0.30 and 0.59 times Adam's divergence.</summary>
    [Fact]
    public void It_beats_Adam_on_the_moons_with_the_same_samples()
    {
        LawSettings adam = new() { Law = TwoMoons.Instance, Family = FlowFamily.Acf, Depth = 4, Hidden = [16, 16], Steps = 1000, Points = 256, Seed = 5 };
        double slow = Kl(adam), fast = Kl(adam with { GaussNewton = true, Steps = 250, Points = LawSettings.GaussNewtonPoints });
        Assert.True(fast < 0.7 * slow, $"{fast:g4} against {slow:g4}");

        static double Kl(LawSettings s) => LawFit.Measure(LawFit.Run(s).Flow, s.Law, s.Seed).Kl!.Value;
    }

    /// <summary>An affine flow of the line fitted to N(0, ¼), z = 2x. About the last twenty steps' 20 000 samples count: four standard errors of log s are 4/√40 000 = 0.02, of z at ½, where both parameters enter, 4·√1.5/√20 000 = 0.035.</summary>
    [Fact]
    public void A_Gaussian_is_found()
    {
        Composition flow = new Architecture(FlowFamily.Acf, 1, 1, []).Initialise(1);
        Law law = NamedLaws.Parse("two-gaussians(0.000001, 0.5)");
        Philox random = new(1, "samples");
        FitResult result = GaussNewtonFit.Fit(flow, (_, b) => Fill(law, random, b), new GaussNewtonOptions(150));
        Assert.Equal(FitStatus.Finished, result.Status);
        Real[] z = [new(0.5)];
        Real logDeterminant = flow.Forward<Real>(z);
        Assert.Equal(Math.Log(2), logDeterminant.Value, 0.02);
        Assert.Equal(1, z[0].Value, 0.035);
    }

    [Fact]
    public void No_bit_depends_on_the_threads()
    {
        Assert.Equal(Theta(1), Theta(2));

        static double[] Theta(int threads)
        {
            LawSettings settings = new() { Law = GaussianMixture.EightGaussians, Family = FlowFamily.Dsf, Depth = 2, Hidden = [8], Steps = 12, Points = 512, GaussNewton = true };
            return [.. LawFit.Run(settings, threads).Flow.Parameters.SelectMany(p => p.All.ToArray())];
        }
    }

    [Fact]
    public void Runs_that_cannot_go_on_say_so()
    {
        Composition flow = new Architecture(FlowFamily.Acf, 2, 2, [4]).Initialise(1);
        Assert.Equal(FitStatus.Diverged, GaussNewtonFit.Fit(flow, (_, b) => b.Column(0).Fill(double.NaN), new GaussNewtonOptions(3, 256)).Status);
        Assert.Throws<ArgumentException>("options", () => GaussNewtonFit.Fit(flow, (_, _) => { }, new GaussNewtonOptions(3, 128)));
        FitResult cut = GaussNewtonFit.Fit(flow, (_, b) => Fill(TwoMoons.Instance, new Philox(1, "s"), b), new GaussNewtonOptions(3, 256) { Cancellation = new CancellationToken(true) });
        Assert.Equal(FitStatus.Cut, cut.Status);
    }
}
