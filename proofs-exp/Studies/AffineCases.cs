using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>One construction of the study <c>affine-constructions</c>.</summary>
/// <param name="Row">The row of constructions it belongs to.</param>
/// <param name="At">What varies in the row.</param>
/// <param name="Task">What is asked.</param>
public sealed record AffineCase(AffineRow Row, double At, ConstructionTask Task);

/// <summary>Constructions of one target in which one number varies.</summary>
/// <param name="Name">A short name, kept in the cells; up to the first point the figure's.</param>
/// <param name="Words">For the key of a figure.</param>
/// <param name="Theory">The slope of log error against log of what varies; NaN if there is none.</param>
/// <param name="FitFrom">The rate is fitted from this value on.</param>
/// <param name="FitTo">The rate is fitted up to this value.</param>
public sealed record AffineRow(string Name, string Words, double Theory = double.NaN, double FitFrom = 0, double FitTo = double.PositiveInfinity)
{
    /// <summary>The figure that the row is drawn in.</summary>
    public string Figure => Name.Split('.')[0];
}

/// <summary>The study's constructions.</summary>
public static class AffineCases
{
    /// <summary>Targets of this study that the zoo has under a name: their formulas as cells tell them.</summary>
    public static IReadOnlyDictionary<string, string> Names { get; } = new Dictionary<string, string> { [Cubic] = "generic" };

    /// <summary>Errors of a plain splitting against N.</summary>
    public const string Splitting = "splitting";

    /// <summary>Lp errors against cells.</summary>
    public const string Cells = "cells";

    /// <summary>Error maps with the exceptional set.</summary>
    public const string Maps = "maps";

    /// <summary>What ε costs in the sup norm.</summary>
    public const string Costs = "costs";

    private const string
        Rational = "x; y/(1 + x*y)", // the time-1 map of −xy²∂_y, whose isotopy has the velocity −2t·xy²∂_y, a polynomial: nothing but the splitting errs
        Bent = "x + 0.2*sin(1.5*y); y + 0.2*x^2",
        Cubic = "x + 0.3*sin(1.5*y) + 0.1*x^3; y + 0.25*x^2",
        Generic = "x + 0.24*sin(x + 2*y) + 0.1*x*y; y + 0.25*cos(2*x - y) - 0.25 + 0.1*y^2";

    /// <summary>All.</summary>
    public static IReadOnlyList<AffineCase> All { get; } =
    [
        .. Split("lie", "Lie", SplittingScheme.Lie, -1, [1, 2, 4, 8, 16]),
        .. Split("strang", "Strang", SplittingScheme.Strang, -2, [1, 2, 4, 8, 16]),
        .. Split("suzuki", "Suzuki", SplittingScheme.Suzuki, -4, [1, 2, 4, 8]),
        .. Celled("order-2", "order 2", -2, [4, 8, 16, 32], new() { Epsilon = 1, Route = AffineRoute.Cell }),
        .. Celled("order-1", "order 1", -1, [4, 8, 16, 32], new() { Epsilon = 1, Route = AffineRoute.Cell, CellOrder = 1 }),
        .. Celled("no-margin", "order 2, without γ", double.NaN, [8, 16, 32], new() { Epsilon = 1, Route = AffineRoute.Cell, CellMargin = 0 }),
        new(new($"{Maps}.cell", "route cell"), 0.2, Task(Bent, "box(-1,1)", 0.2, "l2", new() { Epsilon = 1, Route = AffineRoute.Cell })),
        new(new($"{Maps}.fold", "route three"), 0.3, Task("abs(2*x) - 1; y", "box(-1,1)", 0.3, "l2", new() { Epsilon = 1, Route = AffineRoute.Three })),
        new(new($"{Maps}.reflection", "route three"), 0.3, Task("x; -y", "ball(1)", 0.3, "l2", new() { Epsilon = 1, Route = AffineRoute.Three })),
        .. Costly("cubic", Cubic, [1e-2, 1e-3, 1e-4], [1e-2, 1e-3]),
        .. Costly("generic", Generic, [1e-1, 1e-2, 1e-3], [1e-1, 1e-2]),
    ];

    private static ConstructionTask Task(string target, string domain, double epsilon, string norm, AffineSettings settings)
    {
        Target map = TargetParser.Parse(target);
        return new(map, Domain.Parse(domain, map.Dimension), FlowFamily.Acf, epsilon, norm) { Route = settings.Route, Order = settings.Order, Degree = settings.Degree, Fixed = settings };
    }

    private static IEnumerable<AffineCase> Split(string name, string words, SplittingScheme scheme, double order, int[] steps) => steps.Select(n => new AffineCase(
        new($"{Splitting}.{name}", words, order, 2), n,
        Task(Rational, "box(-0.5,0.5)", 1e-9, "sup", new() { Epsilon = 1, Route = AffineRoute.Overshear, Order = AffineOrder.First, Scheme = scheme, Steps = n, Directions = 5, Degree = 3, Weight = 1e-3 })));

    private static IEnumerable<AffineCase> Celled(string name, string words, double order, int[] cells, AffineSettings settings) => cells.Select(n => new AffineCase(
        new($"{Cells}.{name}", words, order, 8), n, Task(Bent, "box(-1,1)", 1e-4, "l2", settings with { Cells = n, Pieces = 2 * n })));

    private static IEnumerable<AffineCase> Costly(string name, string target, double[] overshear, double[] henon) =>
    [
        .. overshear.Select(e => new AffineCase(new($"{Costs}.{name}.overshear", "overshear"), e, Task(target, "box(-1,1)", e, "sup", new() { Epsilon = 1, Route = AffineRoute.Overshear }))),
        .. henon.Select(e => new AffineCase(new($"{Costs}.{name}.henon", "henon"), e, Task(target, "box(-1,1)", e, "sup", new() { Epsilon = 1, Route = AffineRoute.Henon }))),
    ];
}
