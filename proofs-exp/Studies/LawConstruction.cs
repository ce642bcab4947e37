using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Construction.Transport;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Studies;

/// <summary>The bounded-Lipschitz distance of a flow's push-forward and a law, on samples, beside what samples of the law itself show.</summary>
/// <param name="Value">The mean of BL(sample of the flow, sample of the law) over the repetitions.</param>
/// <param name="Error">Its standard error.</param>
/// <param name="Baseline">The mean of BL(sample of the law, another sample of the law).</param>
/// <param name="BaselineError">Its standard error.</param>
/// <param name="Gap">The largest primal-dual gap.</param>
/// <param name="Points">n.</param>
/// <param name="Repetitions">How often.</param>
public sealed record SampledDistance(double Value, double Error, double Baseline, double BaselineError, double Gap, int Points, int Repetitions)
{
    /// <summary>Points a sample unless told otherwise.</summary>
    public const int DefaultPoints = 1500;

    /// <summary>Repetitions unless told otherwise.</summary>
    public const int DefaultRepetitions = 6;

    /// <summary>Draws fresh samples and measures.</summary>
    public static SampledDistance Of(IBijection flow, Law law, ulong seed = 1, int points = DefaultPoints, int repetitions = DefaultRepetitions, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(law);
        double[] values = new double[repetitions], baselines = new double[repetitions], gaps = new double[repetitions];
        Workers.For(repetitions, threads, r =>
        {
            string task = string.Create(CultureInfo.InvariantCulture, $"bounded Lipschitz {r}");
            double[] first = law.Samples(new Philox(seed, task + " law"), points), second = law.Samples(new Philox(seed, task + " law again"), points);
            double[] base0 = new double[points * law.Dimension], image = new double[points * law.Dimension];
            new Philox(seed, task + " base").FillNormal(base0);
            Evaluation.Map(flow, base0, image);
            // where the flow is not finite the cost is the largest
            for (int n = 0; n < image.Length; n++) image[n] = double.IsFinite(image[n]) ? image[n] : 1e100;
            SampleTransport distance = BoundedLipschitz.BetweenSamples(image, first, law.Dimension), baseline = BoundedLipschitz.BetweenSamples(second, first, law.Dimension);
            (values[r], baselines[r], gaps[r]) = (distance.Value, baseline.Value, Math.Max(distance.Gap, baseline.Gap));
        });
        (double value, double error) = MeanAndError(values);
        (double same, double sameError) = MeanAndError(baselines);
        return new SampledDistance(value, error, same, sameError, gaps.Max(), points, repetitions);
    }

    private static (double Mean, double Error) MeanAndError(double[] values)
    {
        double mean = VectorMath.Sum(values) / values.Length, squares = 0;
        foreach (double v in values) squares += (v - mean) * (v - mean);
        return (mean, values.Length > 1 ? Math.Sqrt(squares / (values.Length - 1) / values.Length) : double.NaN);
    }
}
