using System.Globalization;
using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>The laws that have names, some with parameters: <c>circle</c>, <c>two-gaussians(2, 0.1)</c>.</summary>
public static class Laws
{
    private static readonly Entry[] s_entries =
    [
        new("gaussian", ["rho"], [0.8], p => new GaussianMixture(Named("gaussian", p, [0.8]), "N((0.5, -0.5), [[1, rho], [rho, 1]])", [(1, [0.5, -0.5], [1, p[0], p[0], 1])]), p => Math.Abs(p[0]) < 1, "-1 < rho < 1"),
        new("two-gaussians", ["m", "s"], [1, 0.25], p => new GaussianMixture(Named("two-gaussians", p, [1, 0.25]), "(N(-m, s^2) + N(m, s^2))/2 on the line", [(0.5, [-p[0]], [p[1] * p[1]]), (0.5, [p[0]], [p[1] * p[1]])]), p => p[1] > 1e-100, "s > 0"),
        new("eight-gaussians", GaussianMixture.EightGaussians),
        new("moons", TwoMoons.Instance),
        new("banana", BananaLaw.Instance),
        new("student", new ProductDensity("student", "Student's t with 3 degrees of freedom on the line", new StudentLine(3))),
        new("student-2d", PlaneStudent.Instance),
        new("square", new ProductDensity("square", "uniform on [0, 1]^2", new IntervalsLine((0, 1)), new IntervalsLine((0, 1)))),
        new("disc", new UniformRing(0)),
        new("annulus", ["r"], [0.5], p => new UniformRing(p[0]), p => p[0] is > 0 and < 1, "0 < r < 1"),
        new("circle", UniformCircle.Instance),
        new("two-points", ["m"], [1], p => new ProductLaw(Named("two-points", p, [1]), "(delta_-m + delta_m)/2 on the line", new AtomsLine([(-p[0], 0.5), (p[0], 0.5)])), p => p[0] > 0, "m > 0"),
        new("atoms", new AtomicLaw("atoms", "0.3 d(-1, 0.5) + 0.25 d(0.2, 1) + 0.2 d(0.8, -0.6) + 0.15 d(-0.3, -1.1) + 0.1 d(1.2, 0.4)", [-1, 0.5, 0.2, 1, 0.8, -0.6, -0.3, -1.1, 1.2, 0.4], 2, [0.3, 0.25, 0.2, 0.15, 0.1])),
        new("point", ["a"], [0], p => new ProductLaw(Named("point", p, [0]), "delta_a on the line", new AtomsLine([(p[0], 1)]))),
        new("line-in-plane", new ProductLaw("line-in-plane", "N(0, 1) times delta_0: a base that is not absolutely continuous", new NormalLine(0, 1), new AtomsLine([(0, 1)]))),
        new("cantor-uniform", new ProductLaw("cantor-uniform", "Cantor's law times the uniform law on [0, 1]", new CantorLine(), new IntervalsLine((0, 1)))),
        new("cantor-dust", new ProductLaw("cantor-dust", "Cantor's law times Cantor's law", new CantorLine(), new CantorLine())),
        new("segment", SegmentLaw.Instance),
        new("y-graph", YGraph.Instance),
        new("swiss-roll", SwissRoll.Instance),
        new("checkerboard", Checkerboard.Instance),
        new("laplace", new ProductDensity("laplace", "exp(-|x1| - |x2|)/4", new LaplaceLine(), new LaplaceLine())),
        new("logistic", new ProductDensity("logistic", "product of two logistic laws", new LogisticLine(), new LogisticLine())),
        new("point-gaussian", new ProductLaw("point-gaussian", "(delta_0 + N(0, 1))/2 on the line", new AtomAndLine(0.5, 0, new NormalLine(0, 1)))),
        new("two-scales", new GaussianMixture("two-scales", "(N(0, 0.01^2 I) + N(0, 10^2 I))/2", [(0.5, [0, 0], [1e-4, 0, 0, 1e-4]), (0.5, [0, 0], [100, 0, 0, 100])])),
        new("copula", ["rho"], [0.6], p => new ExponentialCopula(p[0]), p => Math.Abs(p[0]) < 1, "-1 < rho < 1"),
        new("thick-ring", ["kappa"], [2], p => new ThickRing(p[0]), p => p[0] is >= 0 and <= 50, "0 <= kappa <= 50"),
        new("funnel", FunnelLaw.Instance),
        new("arcsine", new ProductDensity("arcsine", "Beta(1/2, 1/2) on the line", new ArcsineLine(0.5, 0.5))),
        new("beta", new ProductDensity("beta", "Beta(2, 5) on the line", new BetaLine())),
        new("cauchy", new ProductDensity("cauchy", "1/(pi (1 + x^2)) on the line", new CauchyLine())),
    ];

    /// <summary>All of them, with their default parameters.</summary>
    public static IReadOnlyList<Law> All { get; } = [.. s_entries.Select(e => e.Create(e.Defaults))];

    /// <summary>The names with parameters and defaults, such as <c>two-gaussians(m=1, s=0.25)</c>, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<string> Signatures { get; } = [.. s_entries.Select(e => e.Signature)];

    /// <summary>The law of that name, with parameters perhaps.</summary>
    /// <exception cref="InputException">There is none, and the message suggests the nearest names; or a parameter is out of range.</exception>
    public static Law Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (string name, List<List<DomainParser.Number>>? groups, int column) = DomainParser.Call(text, "write a name, or a name with parameters such as two-gaussians(2, 0.1)");
        Entry? entry = Array.Find(s_entries, e => e.Name == name);
        if (entry is null)
        {
            IReadOnlyList<string> near = Spelling.Nearest(name, s_entries.Select(e => e.Name));
            string hint = near.Count > 0 ? $"did you mean {string.Join(" or ", near)}?" : $"there are {string.Join(", ", s_entries.Select(e => e.Name))}";
            throw new InputException($"unknown law '{name}': {hint}", text, column);
        }

        double[] given = groups is null ? [] : [.. groups.SelectMany(g => g).Select(n => n.Value)];
        if (groups is { Count: > 1 } || given.Length > entry.Defaults.Length)
            throw new InputException($"the law {entry.Signature} takes {entry.Defaults.Length} parameter{(entry.Defaults.Length == 1 ? "" : "s")}, separated by commas, not {given.Length}", text, column);
        double[] values = [.. given, .. entry.Defaults.Skip(given.Length)];
        if (!entry.Rule(values)) throw new InputException($"the parameters of {text} are out of range: {entry.Signature} needs {entry.RuleText}", text, column);
        if (values.AsSpan().SequenceEqual(entry.Defaults)) return All[Array.IndexOf(s_entries, entry)];
        return entry.Create(values);
    }

    /// <summary>The name, with parameters where they are not the defaults.</summary>
    internal static string Named(string name, ReadOnlySpan<double> values, ReadOnlySpan<double> defaults) =>
        values.SequenceEqual(defaults) ? name : $"{name}({string.Join(", ", values.ToArray().Select(v => v.ToString("R", CultureInfo.InvariantCulture)))})";

    private sealed record Entry(string Name, string[] Parameters, double[] Defaults, Func<double[], Law> Create, Func<double[], bool> Rule, string RuleText)
    {
        public Entry(string name, Law law)
            : this(name, [], [], _ => law, _ => true, "")
        {
        }

        public Entry(string name, string[] parameters, double[] defaults, Func<double[], Law> create)
            : this(name, parameters, defaults, create, _ => true, "")
        {
        }

        public string Signature => Defaults.Length == 0 ? Name : $"{Name}({string.Join(", ", Parameters.Zip(Defaults, (p, v) => $"{p}={v.ToString("R", CultureInfo.InvariantCulture)}"))})";
    }
}
