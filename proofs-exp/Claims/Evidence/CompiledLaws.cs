using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Construction.Transport;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Theorem 3 by its own witnesses: laws, with or without a density, compiled to explicit flows.</summary>
internal static class CompiledLaws
{
    private const int Points = 300, Repetitions = 8;
    private const double Delta = 0.01;

    /// <summary>
    /// For every law and every error, coarse to fine, a flow g with a computed bound B of the bounded-Lipschitz distance to the law. Independent of B: on the line W1 of the law and of g_# N(0, 1), both by distribution functions (β ≤ W1); in the plane the mean over pairs of samples of
    /// β(g(Z), Y) − β(Y′, Y), whose expectation is at most β(g_# N(0, I), ν) coupled, plus Student's half width. The defect is the largest of B/ε, of the witness over ε, and of the ratio of the witness to the coarser one before it.
    /// </summary>
    /// <param name="cases">Law:family:ε:ε…, joined by +.</param>
    public static Finding Witnesses(string cases) => Witnesses(cases, flow => flow);

    /// <summary>The same with the flow spoilt before it is measured.</summary>
    internal static Finding Witnesses(string cases, Func<Composition, Composition> spoil)
    {
        Largest worst = default;
        List<(string, double)> numbers = [];
        foreach (string text in cases.Split('+'))
        {
            string[] fields = text.Split(':');
            Law law = Laws.Parse(fields[0]);
            double coarser = double.PositiveInfinity;
            foreach (double epsilon in fields.Skip(2).Select(e => double.Parse(e, CultureInfo.InvariantCulture)))
            {
                LawWitness built = LawCompiler.Compile(law, new TransportSettings { Epsilon = epsilon, Family = Names.Family(fields[1]) });
                if (built.Flow is null) return Finding.Constructed(double.NaN, $"{text} was refused: {built.Refusal!.Reason}");
                Composition flow = spoil(built.Flow);
                (double value, double halfWidth) = law is ICoordinateLaws line && law.Dimension == 1 ? LineMetrics.Wasserstein(new FlowLine(flow), line.Coordinate(0)) : Excess(flow, law);
                double ratio = (value - halfWidth) / (coarser + halfWidth);
                worst.Add(built.Bound / epsilon);
                worst.Add((value + halfWidth) / epsilon);
                worst.Add(ratio);
                coarser = value + halfWidth;
                string at = string.Create(CultureInfo.InvariantCulture, $"{law.Name} by {fields[1]} at {epsilon:R}");
                numbers.AddRange([($"bound for {at}", built.Bound), ($"{(law.Dimension == 1 ? "W1, exact," : "excess of samples")} for {at}", value)]);
            }
        }

        return Finding.Constructed(worst.Value, $"uf construct --law for {cases.Replace("+", ", ", StringComparison.Ordinal)} (law, family, errors): the largest of bound over error; of W1 by distribution functions, or in the plane of the mean of β(flow, law) − β(law, law) over {Repetitions} pairs of samples of {Points} with Student's half width at {Delta}, over error; and of their ratio from an error to the next")
            .With([.. numbers]);
    }

    /// <summary>The mean of β(g(Z), Y) − β(Y′, Y), and Student's half width.</summary>
    private static (double Mean, double HalfWidth) Excess(Composition flow, Law law)
    {
        int d = law.Dimension;
        double[] differences = new double[Repetitions], z = new double[Points * d], image = new double[Points * d];
        for (int r = 0; r < Repetitions; r++)
        {
            new Philox(1, $"compiled laws, base {r}").FillNormal(z);
            Evaluation.Map(flow, z, image);
            for (int i = 0; i < image.Length; i++)
                if (!(Math.Abs(image[i]) <= 1e100)) image[i] = 1e100; // the largest cost there is
            double[] y = law.Samples(new Philox(1, $"compiled laws, law {r}"), Points), again = law.Samples(new Philox(1, $"compiled laws, law again {r}"), Points);
            differences[r] = BoundedLipschitz.BetweenSamples(image, y, d).Value - BoundedLipschitz.BetweenSamples(again, y, d).Value;
        }

        return (VectorMath.Sum(differences) / Repetitions, Concentration.Student(differences, Delta));
    }
}
