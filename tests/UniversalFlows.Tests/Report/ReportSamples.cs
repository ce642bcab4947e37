using UniversalFlows.Construction.Affine;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Proofs.Studies;
using Xunit;

namespace UniversalFlows.Tests.Report;

/// <summary>Small made-up results: exact maps with a known shift, so that what the page must say is known.</summary>
internal static class ReportSamples
{
    public const double Shift = 0.125;

    public static Cell Map(string family, int depth, ulong seed, int d = 2, string target = "shear", string status = Cell.Finished, double sup = Shift) => new()
    {
        Study = "maps",
        Hash = $"{target}-{d}-{family}-{depth}-{seed}",
        CodeVersion = "c0de",
        Target = target,
        Formula = d == 2 ? "x1 + x2; x2" : null,
        Domain = "box(-1,1)",
        Dimension = d,
        Family = family,
        Depth = depth,
        Hidden = "16,16",
        Activation = "tanh",
        Seed = seed,
        Method = "lm",
        Steps = 20,
        Parameters = 100,
        Status = status,
        Reason = status == Cell.Finished ? null : "made up",
        Errors = status == Cell.Diverged
            ? null
            : new() { Sup = sup, SupAt = new double[d], L1 = sup, L1Error = 0, L2 = sup / 3, L2Error = 0, Rmse = sup / 3, C1 = double.NaN },
        Trace = [new(0, 1), new(20, status == Cell.Diverged ? double.NaN : 1e-3)],
        Command = $"uf fit --target {target} --family {family} --depth {depth} --seed {seed}",
        FlowFile = $"{target}-{family}.flow.json",
    };

    public static Cell Law(string family, int depth, ulong seed, int d = 2, string status = Cell.Finished, double kl = 0.01) => Map(family, depth, seed, d, $"normal{d}", status) with
    {
        Study = "laws",
        Hash = $"law-{d}-{family}-{depth}-{seed}",
        Formula = null,
        Domain = $"R^{d}",
        Errors = null,
        Likelihood = status == Cell.Diverged
            ? null
            : new() { Nll = 2.8 + kl, NllStdError = 0.01, Entropy = 2.8, Kl = kl, KlStdError = 0.002, TestPoints = 1000 },
    };

    /// <summary>A constructed flow of two layers, granted 1e-4 each and stretched twice.</summary>
    public static Cell Constructed(double epsilon = 1e-3, double sup = 2e-4) => Map("sos", 2, 0, sup: sup) with
    {
        Study = ConstructionSummary.StudyName,
        Hash = $"constructed-{epsilon:R}",
        Method = ConstructTask.Method,
        Trace = [],
        Construction = new()
        {
            Epsilon = epsilon,
            Met = sup <= epsilon,
            Inverse = 1e-15,
            Chains =
            [
                new()
                {
                    Name = "shear", Epsilon = epsilon, Order = "last", Factors = 1, Bound = 3e-4, ClosingError = 1e-15,
                    Layers = [new(1, 0, 8, 9, 1e-4, 5e-5, 2, 1, 0.5, 2, 1), new(1, 1, 8, 9, 1e-4, 1e-4, 2, 1, 0.5, 2, 1)],
                    Moments = [new(0, [1, 0, 0, 1], [0, 0], 0, 0), new(1, [1, 0, 0, 1], [0, 0], 0.5, 0.5)],
                },
            ],
        },
    };

    /// <summary>A point of a sweep.</summary>
    public static Cell RateCell(Sweep sweep, int at, double sup) => Constructed(sup: sup) with
    {
        Study = RateTask.StudyName,
        Hash = $"{sweep.Name}-{at}",
        Family = Proofs.Studies.Names.Of(sweep.Family),
        Construction = Constructed().Construction! with { Sweep = new(sweep.Name, at) },
    };

    /// <summary>An affine coupling flow with an error in every norm and the costs 10, 11, … times 1/ε; an Lp route has the ramps x₁ = ±½ before its second layer.</summary>
    public static Cell AffineCell(AffineCase c, double error)
    {
        bool set = double.IsFinite(c.Task.Exponent);
        double scale = 1 / c.Task.Epsilon;
        return Constructed(sup: error) with
        {
            Study = AffineTask.StudyName,
            Hash = $"{c.Row.Name}-{c.At:R}",
            Target = c.Task.Target.Name,
            Family = "acf",
            Method = c.Task.ChosenRoute.ToString(),
            Errors = new() { Sup = error, SupAt = [0, 0], L1 = error, L1Error = 0, L2 = error, L2Error = 0, Rmse = error, C1 = double.NaN },
            Construction = new()
            {
                Epsilon = c.Task.Epsilon,
                Met = true,
                Inverse = 1e-15,
                Chains = [],
                Sweep = new(c.Row.Name, c.At),
                Affine = new()
                {
                    Route = c.Task.ChosenRoute.ToString().ToLowerInvariant(),
                    Norm = c.Task.Norm,
                    Error = error,
                    Budget = [],
                    Constants = [.. new[] { "largestWeight", "rest", "lipschitz", "inverseLipschitz", "condition", "linearMaps", "mostCells" }.Select((k, i) => new Quantity(k, k, (10 + i) * scale))],
                    Set = set ? new(3e-6, 2.5, 0.01, error, [new(1, 0, [-0.5, 0.5], 1e-7)]) : null,
                },
            },
        };
    }

    /// <summary>All dimensions the page draws, each status, all studies.</summary>
    public static Cell[] All() =>
    [
        Map("acf", 1, 1), Map("acf", 2, 1, sup: 0.03), Map("sos", 2, 1, status: Cell.Diverged), Map("sos", 2, 2, status: Cell.Cut),
        Map("rqs", 4, 1, d: 1), Map("dsf", 4, 1, d: 3), Map("acf", 8, ulong.MaxValue, target: "lost", status: Cell.Diverged),
        Law("acf", 2, 1), Law("rqs", 4, 1, kl: -0.001), Law("sos", 4, 2, status: Cell.Diverged), Law("rqs", 4, 1, d: 1), Law("rqs", 4, 1, d: 3),
        Constructed(), .. Sweep.All.SelectMany(s => s.Values.Select(v => RateCell(s, v, 1.0 / v))), .. AffineCases.All.Select(c => AffineCell(c, 1 / c.At)),
    ];

    public static ReportData Data(params Cell[] cells) => new()
    {
        Cells = cells,
        Domain = c => new([.. Enumerable.Repeat(-1.0, c.Dimension)], [.. Enumerable.Repeat(1.0, c.Dimension)], _ => true),
        Target = (c, x) => new(x, new double[x.Length / c.Dimension]),
        Flow = (c, x) => new([.. x.Select(v => v + (c.Study == "maps" ? Shift : 0))], new double[x.Length / c.Dimension]),
        Inverse = (c, x) => new([.. x.Select(v => v - (c.Study == "maps" ? Shift : 0))], new double[x.Length / c.Dimension]),
        Prefix = (_, _, x) => x,
        BackThrough = (_, _, x) => x,
        LawSamples = (name, n) => Spread(n * cells.First(c => c.Target == name).Dimension),
        LawLogDensity = (name, x) => ReportData.StandardNormal(cells.First(c => c.Target == name).Dimension, x),
        BaseSamples = (d, n) => Spread(n * d),
    };

    /// <summary>Writes a report into a folder of its own and returns its text and the files' names.</summary>
    public static (string Html, Dictionary<string, string> Files) Write(ReportData data)
    {
        string folder = Directory.CreateTempSubdirectory("uf-report-").FullName;
        try
        {
            IReadOnlyList<string> written = ReportWriter.Write(data, Path.Combine(folder, "report.html"));
            Dictionary<string, string> files = written.ToDictionary(p => Path.GetFileName(p), File.ReadAllText);
            Assert.Equal(written.Count, Directory.GetFiles(folder).Length);
            return (files["report.html"], files);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Numbers spread over (−2, 2): the golden-ratio sequence.</summary>
    private static double[] Spread(int n) => [.. Enumerable.Range(1, n).Select(i => (4 * (i * 0.6180339887498949 % 1)) - 2)];
}
