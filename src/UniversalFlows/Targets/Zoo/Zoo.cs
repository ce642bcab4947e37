using System.Globalization;

namespace UniversalFlows.Targets;

/// <summary>The named targets (docs: the target zoo). A new one is a class in this folder and a line in this table.</summary>
public static class Zoo
{
    private static readonly Entry[] s_entries =
    [
        new("sine", "a,b", [0.5, 1], p => new Sine(p[0], p[1])) { Rule = p => Math.Abs(p[0] * p[1]) < 1, RuleText = "|a b| < 1" },
        new("sinh", "", [], _ => new HyperbolicSine()),
        new("cubic", "", [], _ => new Cubic()),
        new("holder", "", [], _ => new Holder()),
        new("logistic", "", [], _ => new LogisticCurve()),
        new("neg-sinh", "", [], _ => new NegativeSinh()),
        new("rotation", "theta", [1], p => new Rotation(p[0])),
        new("minus-identity", "d", [2], p => new MinusIdentity((int)p[0])),
        new("henon", "a,b", [1.4, 0.3], p => new Henon(p[0], p[1])) { Rule = p => p[1] != 0, RuleText = "b is not 0" },
        new("banana", "", [], _ => new Banana()),
        new("twist", "omega", [0.5 * Math.PI], p => new Twist(p[0])),
        new("quadratic-complex", "c", [0.4], p => new QuadraticComplex(p[0])) { Rule = p => p[0] != 0, RuleText = "c is not 0" },
        new("exp-complex", "", [], _ => new ExpComplex()),
        new("sqrt-complex", "", [], _ => new SqrtComplex()),
        new("moebius", "c", [0.5], p => new Moebius(p[0])) { Rule = p => p[0] != 0, RuleText = "c is not 0" },
        new("polar", "middle", [0], p => new Polar(p[0])) { Rule = p => Math.Abs(p[0]) <= 2 * Math.PI, RuleText = "|middle| <= 2 pi" },
        new("log-polar", "", [], _ => new LogPolar()),
        new("ball-to-space", "d", [2], p => new BallToSpace((int)p[0])),
        new("generic", "", [], _ => new Generic()),
        new("square-slices", "", [], _ => new SquareSlices()),
        new("skew-projective", "", [], _ => new SkewProjective()),
        new("square-to-disc", "", [], _ => new SquareToDisc()),
        new("coupled-sines-3d", "", [], _ => new CoupledSines3D()),
        new("helix", "alpha", [1], p => new Helix(p[0])),
        new("cyclic", "d,a", [4, 0.5], p => new Cyclic((int)p[0], p[1])) { Rule = p => p[0] >= 2 && Math.Abs(p[1]) < 1, RuleText = "d >= 2 and |a| < 1" },
        new("gradient-tanh", "d", [2], p => new GradientTanh((int)p[0])),
        new("triangular", "d", [2], p => new Triangular((int)p[0])),
        new("radial", "a,d", [1, 2], p => new Radial(p[0], (int)p[1])) { Rule = p => p[0] is >= 0 and < 2.2, RuleText = "0 <= a < 2.2" },
        new("lorenz", "", [], _ => new Lorenz()),
        new("scaling", "s,d", [2, 2], p => new Scaling(p[0], (int)p[1])) { Rule = p => p[0] != 0, RuleText = "s is not 0" },
        new("reflection", "d", [2], p => new Reflection((int)p[0])),
        new("shear-chain", "n,a", [3, 0.5], p => new ShearChain((int)p[0], p[1])) { Rule = p => Whole(p[0], 1, 64), RuleText = "n is a whole number from 1 to 64" },
        new("random-linear", "d,seed,sign", [2, 1, 1], p => new RandomLinear((int)p[0], (int)p[1], (int)p[2]))
            { Rule = p => Whole(p[1], 0, int.MaxValue) && p[2] is 1 or -1, RuleText = "seed is a whole number and sign is 1 or -1" },
        new("two-cycle", "", [], _ => new TwoCycle()),
        new("ring-inversion", "", [], _ => new RingInversion()),
        new("ring-square", "", [], _ => new RingSquare()),
        new("fold", "", [], _ => new Fold()),
        new("interval-swap", "", [], _ => new IntervalSwap()),
        new("cube", "", [], _ => new Cube()),
    ];

    /// <summary>Every named target with its default parameters.</summary>
    public static IReadOnlyList<Target> All { get; } = [.. s_entries.Select(e => e.Create(e.Defaults))];

    /// <summary>How to write each name: <c>twist(omega=1.5707963267948966)</c>.</summary>
    public static IReadOnlyList<string> Signatures { get; } = [.. s_entries.Select(e => e.Signature)];

    /// <summary>The target of a name such as <c>twist</c>, <c>twist(2.5)</c> or <c>cyclic(4)</c>; missing parameters have their defaults.</summary>
    /// <exception cref="InputException">The name is unknown (the nearest names are suggested), or a parameter is out of its range.</exception>
    public static Target Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (string name, List<List<DomainParser.Number>>? groups, int column) = DomainParser.Call(text, "write a name, or a name with parameters such as twist(2.5)");
        Entry? entry = Array.Find(s_entries, e => e.Name == name);
        if (entry is null) throw Unknown(text, name, column);
        if (groups is { Count: > 1 })
            throw new InputException($"parameters are separated by ',', but another group begins at column {groups[1][0].Column}: write {entry.Signature}", text, groups[1][0].Column);
        List<DomainParser.Number> given = groups is { Count: 1 } ? groups[0] : [];
        if (given.Count > entry.Defaults.Length)
        {
            int extra = given[entry.Defaults.Length].Column;
            throw new InputException($"the target {entry.Signature} takes {entry.Defaults.Length} parameter{(entry.Defaults.Length == 1 ? "" : "s")}, but another begins at column {extra}", text, extra);
        }

        double[] values = [.. entry.Defaults];
        for (int i = 0; i < given.Count; i++)
        {
            values[i] = given[i].Value;
            if (entry.Parameters[i] == "d" && !(values[i] is >= 1 and <= 64 && values[i] == Math.Floor(values[i])))
                throw new InputException($"the dimension at column {given[i].Column} must be a whole number from 1 to 64, not {values[i]:R}", text, given[i].Column);
        }

        if (!entry.Rule(values))
            throw new InputException($"the parameters at column {given[0].Column} are out of range: {entry.Signature} is a diffeomorphism only if {entry.RuleText}", text, given[0].Column);
        return entry.Create(values);
    }

    /// <summary>The same as <see cref="Parse"/>, or null if no target has this name; malformed parameters still throw.</summary>
    public static Target? Find(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = text.Split('(')[0].Trim();
        return Array.Exists(s_entries, e => e.Name == name) ? Parse(text) : null;
    }

    private static bool Whole(double value, double least, double most) => value >= least && value <= most && value == Math.Floor(value);

    private static InputException Unknown(string text, string name, int column)
    {
        string nearest = string.Join(", ", Spelling.Nearest(name, s_entries.Select(e => e.Name)));
        return new InputException($"unknown target '{name}' at column {column}: {(nearest.Length > 0 ? $"did you mean {nearest}?" : $"the names are {string.Join(", ", s_entries.Select(e => e.Name))}")}", text, column);
    }

    private sealed record Entry(string Name, string ParameterNames, double[] Defaults, Func<double[], Target> Create)
    {
        public Func<double[], bool> Rule { get; init; } = _ => true;

        public string RuleText { get; init; } = "";

        public string[] Parameters { get; } = ParameterNames.Split(',');

        public string Signature => Defaults.Length == 0 ? Name
            : $"{Name}({string.Join(", ", Parameters.Zip(Defaults, (p, v) => $"{p}={v.ToString("R", CultureInfo.InvariantCulture)}"))})";
    }
}
