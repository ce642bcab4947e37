using UniversalFlows.Bijections;
using UniversalFlows.Scalars;
using UniversalFlows.Testing;
using UniversalFlows.Testing.Foreign;
using Xunit;

namespace UniversalFlows.Tests.Laws;

/// <summary>The laws of plain numbers against two functions: a good pair keeps them all, and each has a bug that it catches.</summary>
public sealed class ForeignLawTests
{
    private static readonly AuditOptions s_options = new(Points: 20, FarAway: true, NaN: true);

    /// <summary>(x, y·e^s + x²), s = ½ sin x, and its inverse; log-det s.</summary>
    private static (double[] Value, double LogDet) Forward(double[] x)
    {
        double s = 0.5 * Sin(x[0]);
        return ([x[0], (x[1] * Exp(s)) + (x[0] * x[0])], s);
    }

    private static (double[] Value, double LogDet) Inverse(double[] y)
    {
        double s = 0.5 * Sin(y[0]);
        return ([y[0], (y[1] - (y[0] * y[0])) * Exp(-s)], -s);
    }

    [Fact]
    public void Two_functions_of_numbers_keep_every_law()
    {
        IReadOnlyList<LawResult> results = ForeignLaws.Audit(ForeignFlow.PerPoint("shear", 2, Forward, Inverse), s_options);
        Assert.Equal(ForeignLaws.All.Count, results.Count);
        Assert.All(results, r => Assert.True(r.Verdict == LawVerdict.Holds, $"{r.Law.Name}: {r.Verdict}, {r.Why}"));
        Assert.All(results, r => Assert.True(r.Points > 0));
    }

    [Fact]
    public void A_bijection_is_an_instance()
    {
        IBijection flow = BijectionRegistry.Named("rqs 5 identity tails, 1|1, tanh").Draw(3);
        Assert.All(ForeignLaws.Audit(new BijectionValues(flow, "spline"), s_options), r => Assert.Equal(LawVerdict.Holds, r.Verdict));
    }

    [Fact]
    public void Without_an_inverse_its_laws_are_skipped()
    {
        IReadOnlyList<LawResult> results = ForeignLaws.Audit(ForeignFlow.PerPoint("shear", 2, Forward), s_options);
        Assert.Equal(["forward-inverse", "inverse-forward", "log-det-inverse", "density"], results.Where(r => r.Verdict == LawVerdict.Skipped).Select(r => r.Law.Name));
        Assert.All(results.Where(r => r.Verdict != LawVerdict.Skipped), r => Assert.Equal(LawVerdict.Holds, r.Verdict));
    }

    /// <summary>For each law a wrong pair of functions that breaks it.</summary>
    public static TheoryData<string> Names => [.. ForeignLaws.All.Select(l => l.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Law_catches_its_bug(string law)
    {
        int calls = 0;
        ForeignFlow broken = law switch
        {
            "log-det-differences" or "density" => Pair(x => Minus(Forward(x)), y => Minus(Inverse(y))),
            "log-det-inverse" => Pair(Forward, y => Minus(Inverse(y))),
            "orientation" => Pair(x => Forward([x[0], Math.Abs(x[1])]), Inverse),
            "forward-inverse" or "inverse-forward" => Pair(Forward, y => Moved(Inverse(y), 1e-8)),
            "domain" => Pair(x => x[0] > 1.9 ? ([double.PositiveInfinity, x[1]], 0) : Forward(x), Inverse),
            "one-call" => Pair(x => Moved(Forward(x), 1e-9 * ++calls), Inverse),
            "rows" => new ForeignFlow("centred", 2, Centred),
            "tiny" => Pair(x => Forward([x[0] * x[0] / x[0], x[1]]), Inverse),
            "far-away" => Pair(x => Forward([x[0], Log(Exp(x[1]))]), Inverse),
            "nan" => Pair(x => Forward([double.IsNaN(x[0]) ? 0 : x[0], double.IsNaN(x[1]) ? 0 : x[1]]), Inverse),
            _ => throw new InvalidOperationException($"no bug is planted for {law}"),
        };
        LawResult result = Assert.Single(ForeignLaws.Audit(broken, s_options with { Law = law }));
        Assert.Equal(LawVerdict.Broken, result.Verdict);
        LawViolationException e = Assert.Throws<LawViolationException>(result.ThrowIfBroken);
        Assert.Contains("seed 1; replay with", e.Message, StringComparison.Ordinal);
        Assert.Contains(result.Why!, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Batched_rounding_is_allowed_where_bits_are_not_promised()
    {
        // a product of matrices may sum in another order for another number of rows
        ForeignFlow rounded = new("rounded", 1, x => new([.. x.Select(v => v * (x.Length % 2 == 0 ? 1 : Math.BitIncrement(1.0)))], new double[x.Length]));
        AuditOptions options = s_options with { Law = "one-call" };
        Assert.Equal(LawVerdict.Holds, Assert.Single(ForeignLaws.Audit(rounded, options)).Verdict);
        ForeignFlow promised = new("rounded", 1, x => new([.. x.Select(v => v * (x.Length % 2 == 0 ? 1 : Math.BitIncrement(1.0)))], new double[x.Length])) { PromisesBits = true };
        Assert.Equal(LawVerdict.Broken, Assert.Single(ForeignLaws.Audit(promised, options)).Verdict);
    }

    [Fact]
    public void Single_precision_has_its_own_tolerances()
    {
        ForeignFlow Single(double epsilon) => new("single", 2, Rows(Forward), Rows(Inverse)) { Epsilon = epsilon };
        Assert.Contains(ForeignLaws.Audit(Single(ValueTrial.DoubleEpsilon), s_options), r => r.Law.Name == "forward-inverse" && r.Verdict == LawVerdict.Broken);
        Assert.All(ForeignLaws.Audit(Single(1.1920928955078125e-7), s_options with { FarAway = false }).Where(r => r.Verdict != LawVerdict.Skipped), r => Assert.True(r.Verdict == LawVerdict.Holds, $"{r.Law.Name}: {r.Why}"));

        static Func<double[], FlowBatch> Rows(Func<double[], (double[] Value, double LogDet)> f) => points =>
        {
            float[] singles = [.. points.Select(p => (float)p)];
            double[] values = new double[points.Length], logDets = new double[points.Length / 2];
            for (int n = 0; n < logDets.Length; n++)
            {
                (double[] value, double logDet) = f([singles[2 * n], singles[(2 * n) + 1]]);
                (values[2 * n], values[(2 * n) + 1], logDets[n]) = ((float)value[0], (float)value[1], (float)logDet);
            }

            return new FlowBatch(values, logDets);
        };
    }

    [Fact]
    public void A_pair_of_the_wrong_shape_is_said_so()
    {
        ForeignFlow flow = new("short", 2, x => new(x[1..], new double[x.Length / 2]));
        Assert.Contains("values and", Assert.Throws<ForeignFlowException>(() => flow.Forward([1, 2])).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => flow.Inverse([1, 2]));
        Assert.Throws<ArgumentException>(() => ForeignLaws.Audit(flow, new AuditOptions(Law: "nothing")));
    }

    private static ForeignFlow Pair(Func<double[], (double[] Value, double LogDet)> forward, Func<double[], (double[] Value, double LogDet)> inverse) =>
        ForeignFlow.PerPoint("broken", 2, forward, inverse);

    private static (double[] Value, double LogDet) Minus((double[] Value, double LogDet) p) => (p.Value, -p.LogDet);

    private static (double[] Value, double LogDet) Moved((double[] Value, double LogDet) p, double by) => ([p.Value[0], p.Value[1] + by], p.LogDet);

    private static FlowBatch Centred(double[] points)
    {
        double[] values = [.. points];
        double mean = 0;
        for (int n = 0; n < points.Length; n += 2) values[n + 1] -= mean = (0.5 * mean) + (0.5 * points[n + 1]);
        return new FlowBatch(values, new double[points.Length / 2]);
    }

    private static double Sin(double x) => Real.Sin(new Real(x)).Value;

    private static double Exp(double x) => Real.Exp(new Real(x)).Value;

    private static double Log(double x) => Real.Log(new Real(x)).Value;
}
