using UniversalFlows.Proofs.ExactControls;

namespace UniversalFlows.Proofs.Report;

/// <summary>The pictures of the controls: exact curves as lines, what was measured as markers.</summary>
internal static class ControlCards
{
    private const string Exact = "#1a1d21", Witness = "#009E73", Trained = "#D55E00", Other = "#0072B2";

    private static readonly string[] s_palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"];
    private static readonly string[] s_symbols = ["circle", "square", "diamond", "triangle-up", "triangle-down", "pentagon"];

    /// <summary>The cards for which there are results.</summary>
    public static IEnumerable<Card> Of(ControlResult[] controls)
    {
        ControlResult[] depth = [.. controls.Where(c => c.Id == "N9")], two = [.. controls.Where(c => c.Id == "N12")], ten = [.. controls.Where(c => c.Id == "N10")], white = [.. controls.Where(c => c.Id == "whitening")];
        if (depth.Length + two.Length > 0)
        {
            yield return new Card(
                    "controls-lipschitz", "Lipschitz constants against depth and against gaps", "N9 and N12: exact curves, what reaches them, what training found.",
                    "The black line is exact: nothing in the class is below it. Filled diamonds are explicit members of the class that lie on it. Hollow circles are trained; what they lack is the optimiser's, not the class's.")
                .Key([], (Symbols.Svg("line", Exact), "exact"), (Symbols.Svg("diamond", Witness), "explicit witness"), (Symbols.Svg("circle-open", Trained), "trained"))
                .Row(((Figure?[])[depth.Length > 0 ? Depth(depth) : null, two.Length > 0 ? TwoPoints(two) : null]).OfType<Figure>());
        }

        if (ten.Length > 0)
        {
            yield return new Card(
                    "controls-conditioning", "Minus the identity by affine couplings", "N10: four layers reach −x exactly; three come within ε only with a weight of at least (1 − ε)/ε.",
                    "Left: the largest number in three layers that come within ε of −x. Everything lies above the black line; the construction is twice as high, a random search finds what lies between. Right: the sup error of trained flows of n layers.")
                .Key([], (Symbols.Svg("line", Exact), "least possible"), (Symbols.Svg("circle-open", Trained), "best found"), (Symbols.Svg("diamond", Witness), "construction, 2/ε"))
                .Row([Conditioning(ten[0]), Layers(ten[0])]);
        }

        if (white.Length > 0)
        {
            ControlResult[] plain = [.. white.Where(c => c.Points.Any(p => p.Series == "factor"))], normalised = [.. white.Except(plain)];
            yield return new Card(
                    "controls-whitening", "The whitening curve", $"Gaussian data, a random rotation and one exactly whitening affine coupling a layer, no training; {Html.Count(white.Length, "run")}.",
                    "Left: the factor by which a layer shrinks the KL near the identity, in the mean over random layers, with two standard errors, against the exact factor ρ; it tends to ½, whatever the dimension. Right: from log-eigenvalues −2 … 2 the KL "
                    + "of whole flows, in the mean, against ρ to the power L: from four dimensions on the rate near the identity is the rate on the whole way; in two, rare unlucky rotations keep the mean above it.")
                .Key([], (Symbols.Svg("line", Other), "ρ"), (Symbols.Svg("line", Trained), "ρ, passive variances normalised too"), (Symbols.Svg("circle-open", Exact), "measured"))
                .Row([Factors(plain, normalised), Curves(plain)]);
        }
    }

    private static Figure Depth(ControlResult[] controls)
    {
        ControlPoint[] trained = [.. controls.SelectMany(c => c.Points).Where(p => p.Series == "error against depth").OrderBy(p => p.X)], linear = [.. controls.SelectMany(c => c.Points).Where(p => p.Series == "linear layers").OrderBy(p => p.X)];
        double high = 1.12 * trained.Max(p => Math.Max(p.Measured, p.Exact ?? 0));
        return new Figure
        {
            Id = "controls-depth",
            Title = $"N9: {controls[0].Class.Split(", ")[^1]}, target {controls[0].Target}",
            Label = "Sup error against the number of residual layers, with the exact curve",
            Plots =
            [
                new(
                    [
                        Line("exact: max(0, s − (1 + κ)^M)", trained.Select(p => p.X), trained.Select(p => p.Exact ?? double.NaN), Exact),
                        Points("linear layers, proved", linear, Witness, "diamond", 11),
                        Points("trained", trained, Trained, "circle-open", 10),
                    ],
                    new Layout
                    {
                        XAxis = new() { Title = new("number of layers M") { Standoff = 8 }, DTick = 1, Range = [trained[0].X - 0.4, trained[^1].X + 0.4] },
                        YAxis = new() { Title = new("sup error (units of f)") { Standoff = 6 }, Range = [-0.05 * high, high], ZeroLine = true },
                    }),
            ],
        };
    }

    private static Figure TwoPoints(ControlResult[] controls)
    {
        ControlPoint[] trained = [.. controls.SelectMany(c => c.Points).Where(p => p.Series == "trained").OrderBy(p => p.X)], clip = [.. controls.SelectMany(c => c.Points).Where(p => p.Series.StartsWith("clip", StringComparison.Ordinal)).OrderBy(p => p.X)];
        double[] x = [.. trained.Select(p => p.X)];
        (double low, double high) = Elements.Range(trained.SelectMany(p => (double[])[p.Measured, p.Exact ?? double.NaN]).Select(Elements.Log10), 0.12);
        return new Figure
        {
            Id = "controls-two-points",
            Title = "N12: N(0, 1) to ½δ₋₁ + ½δ₁ with Lipschitz constant L",
            Label = "Wasserstein distance against the Lipschitz constant, with the exact curve and its asymptote",
            Plots =
            [
                new(
                    [
                        Line("0.3989/L", x, x.Select(l => 0.3989422804014327 / l), "#8a94a3", "dot"),
                        Line("exact", x, trained.Select(p => p.Exact ?? double.NaN), Exact),
                        Points("clip(Lx, −1, 1)", clip, Witness, "diamond", 11),
                        Points("trained", trained, Trained, "circle-open", 10),
                    ],
                    new Layout
                    {
                        XAxis = new() { Title = new("Lipschitz constant L") { Standoff = 8 }, Type = "log", TickVals = x, TickText = [.. x.Select(Html.Number)], Range = [Elements.Log10(x[0]) - 0.1, Elements.Log10(x[^1]) + 0.1] },
                        YAxis = new() { Title = new("W₁") { Standoff = 6 }, Type = "log", TickVals = [0.02, 0.05, 0.1, 0.2, 0.5, 1], TickText = ["0.02", "0.05", "0.1", "0.2", "0.5", "1"], Range = [low, high] },
                    }),
            ],
            Note = "Dotted: 0.3989/L, what the exact curve tends to.",
        };
    }

    private static Figure Conditioning(ControlResult control)
    {
        ControlPoint[] found = [.. control.Points.Where(p => p.Series == "best found").OrderBy(p => p.X)], built = [.. control.Points.Where(p => p.Series == "construction").OrderBy(p => p.X)];
        double[] x = [.. found.Select(p => p.X)];
        return new Figure
        {
            Id = "controls-weights",
            Title = "Weight of three layers within ε of −x",
            Label = "Largest weight against epsilon on logarithmic axes, with the exact lower bound",
            Plots =
            [
                new(
                    [
                        Line("at least (1 − ε)/ε", x, found.Select(p => p.Exact ?? double.NaN), Exact),
                        Points("construction", built, Witness, "diamond", 9),
                        Points("best found", found, Trained, "circle-open", 9),
                    ],
                    new Layout
                    {
                        XAxis = new() { Title = new("ε") { Standoff = 8 }, Type = "log", TickVals = [0.001, 0.01, 0.1, 1], TickText = ["0.001", "0.01", "0.1", "1"], Range = [Elements.Log10(x[0]) - 0.12, Elements.Log10(x[^1]) + 0.15] },
                        YAxis = new() { Title = new("largest weight") { Standoff = 6 }, Type = "log", TickVals = [1, 10, 100, 1000], TickText = ["1", "10", "100", "1000"], Range = [-0.15, 3.5] },
                    }),
            ],
        };
    }

    private static Figure Layers(ControlResult control)
    {
        ControlPoint[] trained = [.. control.Points.Where(p => p.Series == "trained error of n layers").OrderBy(p => p.X)];
        ControlPoint[] four = [.. control.Points.Where(p => p.Series == "four explicit layers")];
        (double low, double high) = Elements.Range(trained.Concat(four).Select(p => Elements.Log10(Math.Max(p.Measured, 1e-16))), 0.08);
        return new Figure
        {
            Id = "controls-layers",
            Title = "Trained errors, n layers with linear conditioners",
            Label = "Sup error of trained flows against the number of layers",
            Note = "Trained: the best of sixteen starts. Diamond: the four explicit layers, their error proved. That training misses them would refute nothing.",
            Plots =
            [
                new(
                    [Points("trained", trained, Trained, "circle-open", 11), Points("explicit, proved", four, Witness, "diamond", 11)],
                    new Layout
                    {
                        XAxis = new() { Title = new("number of layers") { Standoff = 8 }, DTick = 1, Range = [0.5, 4.5] },
                        YAxis = new() { Title = new("sup error (units of f)") { Standoff = 6 }, Type = "log", ExponentFormat = "power", Range = [low, high], TickFont = PlotColors.LogTicks, DTick = 2 },
                    }),
            ],
        };
    }

    private static Figure Factors(ControlResult[] plain, ControlResult[] normalised)
    {
        double[] d = [.. Enumerable.Range(2, 63).Select(n => (double)n)];
        List<Trace> traces =
        [
            Line("½", [2, 64], [0.5, 0.5], "#8a94a3", "dot"),
            Line("ρ", d, d.Select(n => Controls.Rho((int)n)), Other),
            Line("ρ, passive variances normalised", d, d.Select(n => Controls.Rho((int)n) - (1 / (n + 2))), Trained),
        ];
        foreach ((ControlResult[] group, string color, string name) in (ReadOnlySpan<(ControlResult[], string, string)>)[(plain, Other, "measured"), (normalised, Trained, "measured, normalised")])
        {
            ControlPoint[] points = [.. group.Select(c => c.Points[0]).OrderBy(p => p.X)];
            if (points.Length > 0) traces.Add(Points(name, points, color, "circle-open", 9, twoErrors: true));
        }

        return new Figure
        {
            Id = "controls-factors",
            Title = "Factor of the KL a layer, near the identity",
            Label = "Measured factor against the dimension with the exact curves",
            Note = "Dotted: ½, the limit of both.",
            Plots =
            [
                new(traces, new Layout
                {
                    XAxis = new() { Title = new("dimension D") { Standoff = 8 }, Type = "log", TickVals = [2, 4, 8, 16, 32, 64], TickText = ["2", "4", "8", "16", "32", "64"], Range = [Elements.Log10(1.75), Elements.Log10(73)] },
                    YAxis = new() { Title = new("KL after / KL before") { Standoff = 6 }, Range = [-0.03, 0.56] },
                }),
            ],
        };
    }

    private static Figure Curves(ControlResult[] plain)
    {
        List<Trace> traces = [];
        List<string> notes = [];
        for (int k = 0; k < plain.Length; k++)
        {
            ControlPoint[] points = [.. plain[k].Points.Where(p => p.Series == "KL").OrderBy(p => p.X)];
            string color = s_palette[k % s_palette.Length], symbol = s_symbols[k % s_symbols.Length];
            traces.Add(Line($"{plain[k].Setting}, ρ^L", points.Select(p => p.X), points.Select(p => p.Exact ?? double.NaN), color));
            traces.Add(Points(plain[k].Setting, points, color, symbol + "-open", 8));
            notes.Add($"{plain[k].Setting.Replace("D = ", "", StringComparison.Ordinal)} {symbol.Replace('-', ' ')}");
        }

        return new Figure
        {
            Id = "controls-curves",
            Title = "KL against layers, log-eigenvalues from −2 to 2",
            Label = "KL of whole flows against the number of layers for several dimensions, with powers of rho",
            Note = $"Lines: ρ^L times the first KL. Dimensions: {string.Join(", ", notes)}.",
            Plots =
            [
                new(traces, new Layout
                {
                    XAxis = new() { Title = new("number of layers L") { Standoff = 8 }, TickVals = [0, 1, 2, 4, 8, 16], TickText = ["0", "1", "2", "4", "8", "16"], Range = [-0.7, 16.8] },
                    YAxis = new() { Title = new("KL (nats)") { Standoff = 6 }, Type = "log", ExponentFormat = "power", DTick = 2, Range = [-10, 2], TickFont = PlotColors.LogTicks },
                }),
            ],
        };
    }

    private static Scatter Line(string name, IEnumerable<double> x, IEnumerable<double> y, string color, string? dash = null) =>
        new() { Mode = "lines", Name = name, X = [.. x], Y = [.. y], Line = new() { Color = color, Width = 1.8, Dash = dash }, HoverInfo = "skip" };

    private static Scatter Points(string name, ControlPoint[] points, string color, string symbol, double size, bool twoErrors = false) => new()
    {
        Mode = "markers",
        Name = name,
        X = [.. points.Select(p => p.X)],
        Y = [.. points.Select(p => p.Measured)],
        Marker = new() { Symbol = symbol, Color = color, Size = size, Line = symbol.EndsWith("-open", StringComparison.Ordinal) ? new() { Color = color, Width = 1.8 } : null },
        ErrorY = twoErrors ? new() { Array = [.. points.Select(p => 2 * p.Error)], Thickness = 1.4, Width = 4 } : null,
        HoverText = [.. points.Select(p => Html.Plot($"{name}: {Html.Number(p.Measured)}{(p.Exact is { } e ? $", exact {Html.Number(e)}" : "")}{(p.Error > 0 ? $" ± {Html.Number(p.Error)}" : "")}"))],
        HoverTemplate = "%{hovertext}<extra></extra>",
        ClipOnAxis = false,
    };
}
