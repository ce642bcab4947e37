using System.CommandLine;
using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Distributions;
using UniversalFlows.Measurement;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf measure --law: the distance of a law to the push-forward of a flow or to another law, with bounds, baselines and a verdict.</summary>
internal sealed class MeasureLaw
{
    public Option<string> Law { get; } = LawInput.Law("Measure laws instead of maps: the law (`uf list laws`) that the flow's push-forward of N(0, I) is compared with.");

    public Option<string> Data { get; } = LawInput.Data();

    public Option<string> Against { get; } = Options.Text("--against", "LAW", "Another law in place of a flow.");

    public Option<string> AgainstData { get; } = Options.Text("--against-data", "FILE.csv", "The law of other points in place of a flow.");

    public Option<string> Metric { get; } = Options.Text("--metric", "M", $"{string.Join(", ", LawDistance.Metrics)}; by default bl, the bounded-Lipschitz metric.");

    public Option<double> Epsilon { get; } = Options.Number("--epsilon", "E", 0, 0, "Judge the claim that the distance is below E: exit code 0 verified, 2 refuted, 4 inconclusive.", v => v > 0 && double.IsFinite(v), "a positive number");

    public Option<double> Delta { get; } = Options.Number("--delta", "D", 0, 0, "The probability with which the bounds may fail. [default: 0.05]", v => v is > 0 and < 0.5, "a number between 0 and 0.5");

    public Option<int> Points { get; } = Options.Whole("--n", null, 2, "Points a sample; by default 1000 for transport, 2000 for kernels and slices.", most: 20_000);

    public Option<int> Repeats { get; } = Options.Whole("--repeats", 8, 1, "Independent repetitions.", most: 10_000);

    public Option<double> Width { get; } = Options.Number("--width", "H", 0, 0, "The width of the Gaussian kernel of mmd; by default the median distance of 200 samples of the law.", v => v > 0 && v < 1e100, "a positive number");

    public Option<ulong> Seed { get; } = Options.Seed();

    public IEnumerable<Option> All => [Law, Data, Against, AgainstData, Metric, Epsilon, Delta, Points, Repeats, Width, Seed];

    /// <summary>Whether the command line asks for laws.</summary>
    public bool Asked(ParseResult r) => r.GetValue(Law) is not null || r.GetValue(Data) is not null || r.GetValue(Against) is not null || r.GetValue(AgainstData) is not null;

    public int Run(Terminal terminal, ParseResult r, string? flowPath, int jobs, bool json)
    {
        Law law = LawInput.Parse(r.GetValue(Law), r.GetValue(Data));
        string? against = r.GetValue(Against), againstData = r.GetValue(AgainstData);
        if (new[] { flowPath, against, againstData }.Count(t => t is not null) != 1) throw new InputException("write one of --flow, --against and --against-data: what the law is compared with");
        LawSide p = new(law), q = flowPath is not null ? new(Files.Flow(flowPath), flowPath) : new(against is not null ? Laws.Parse(against) : LawInput.FromFile(againstData!));
        string metric = r.GetValue(Metric) ?? "bl";
        if (!LawDistance.Metrics.Contains(metric)) throw new InputException($"unknown metric '{metric}': there are {string.Join(", ", LawDistance.Metrics)}");
        double delta = r.GetValue(Delta) is var given && given > 0 ? given : 0.05;
        double? epsilon = r.GetValue(Epsilon) is var e && e > 0 ? e : null, width = r.GetValue(Width) is var w && w > 0 ? w : null;
        LawDistanceSettings settings = new(metric, r.GetValue(Points), r.GetValue(Repeats), delta, r.GetValue(Seed), width, jobs);
        LawDistance found = LawMeasurement.Measure(p, q, settings);
        DistanceVerdict? verdict = epsilon is { } limit ? found.Judge(limit) : null;
        long? deciding = verdict == DistanceVerdict.Inconclusive ? found.Deciding(epsilon!.Value, law.Dimension) : null;
        if (json)
        {
            terminal.Json(o =>
            {
                o.WriteString("law", p.Name);
                o.WriteString("against", q.Name);
                o.WriteNumber("dimension", law.Dimension);
                o.WriteString("metric", metric);
                o.Finite("value", found.Value);
                o.Finite("lower", found.Lower);
                o.Finite("upper", found.Upper);
                o.WriteNumber("delta", delta);
                o.WriteString("basis", found.Basis.ToString().ToLowerInvariant());
                o.WriteString("how", found.How);
                o.Finite("baselineLaw", found.BaselineP);
                o.Finite("baselineAgainst", found.BaselineQ);
                o.Finite("couplingMean", found.Coupling?.Mean);
                o.Finite("couplingUpper", found.Coupling?.Upper);
                o.Finite("pValueOneLaw", found.PValue);
                o.WriteNumber("n", found.Points);
                o.WriteNumber("repeats", found.Repeats);
                o.Finite("epsilon", epsilon);
                if (verdict is { } v) o.WriteString("verdict", v.ToString().ToLowerInvariant());
                if (deciding is { } size) o.WriteNumber("decidingN", size);
            });
        }
        else Print(terminal, p, q, found, delta, epsilon, verdict, deciding);

        return verdict switch { null or DistanceVerdict.Verified => ExitCode.Good, DistanceVerdict.Refuted => ExitCode.NotMet, _ => ExitCode.OutOfBudget };
    }

    private static void Print(Terminal terminal, LawSide p, LawSide q, LawDistance found, double delta, double? epsilon, DistanceVerdict? verdict, long? deciding)
    {
        terminal.Out.WriteLine($"{q.Name} against {p.Name} (R^{p.Dimension}), {Words(found.Metric)}");
        terminal.Out.WriteLine();
        List<string[]> rows = [[found.Metric, Number(found.Value), found.Points > 0 ? $"the mean over {found.Repeats} pairs of samples of {found.Points} points: above the distance of the laws in the mean" : found.How]];
        string basis = found.Basis switch
        {
            Basis.Exact => "up to rounding",
            Basis.Proved => string.Create(CultureInfo.InvariantCulture, $"fail together with probability at most {delta}, for every law"),
            Basis.Approximate => string.Create(CultureInfo.InvariantCulture, $"fail together with probability about {delta} (Student)"),
            Basis.Quadrature => "with the estimated error of the quadrature",
            _ => "none: a trend, never a verdict",
        };
        rows.Add(["bounds", found.Basis == Basis.Trend ? "-" : $"{Number(found.Lower)} to {Number(found.Upper)}", basis]);
        if (found.Coupling is { } c) rows.Add(["coupling", $"{Number(c.Mean)}, at most {Number(c.Upper)}", "with the law's Knothe-Rosenblatt map: the distance of laws is at most that of maps"]);
        if (found.Points > 0)
        {
            rows.Add(["baseline", Number(found.BaselineP), $"two samples of {p.Name}"]);
            rows.Add(["baseline", Number(found.BaselineQ), $"two samples of {q.Name}"]);
        }

        if (found.PValue is { } value) rows.Add(["one law?", $"p = {Number(value)}", "permutation test of equality by the energy distance: small refutes, large verifies nothing"]);
        if (epsilon is { } limit) rows.Add(["verdict", verdict!.Value.ToString().ToLowerInvariant(), string.Create(CultureInfo.InvariantCulture, $"of: below {limit:R}{Needed(verdict.Value, found, deciding)}")]);
        terminal.Table(["", "estimate", ""], rows);
    }

    private static string Needed(DistanceVerdict verdict, LawDistance found, long? deciding) =>
        verdict != DistanceVerdict.Inconclusive || found.Points == 0 || found.Basis == Basis.Trend ? "" : deciding is { } n ? $"; about {n} points a sample would decide" : "; the distance is too near to decide by samples";

    private static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Words(string metric) => metric switch
    {
        "w1" => "Wasserstein-1",
        "w2" => "Wasserstein-2",
        "bl" => "the bounded-Lipschitz metric of Dudley",
        "mmd" => "maximum mean discrepancy, Gaussian kernel",
        "energy" => "the square root of the energy distance",
        "ks" => "Kolmogorov's distance",
        "levy" => "Lévy's metric",
        "prokhorov" => "the metric of Lévy and Prokhorov",
        "sliced" => "sliced Wasserstein-1",
        "tv" => "total variation",
        "kl" => "Kullback-Leibler divergence of the law from the other",
        _ => "Hellinger's distance",
    };
}
