using System.CommandLine;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Commands;

/// <summary>
/// The options of <c>uf construct --family acf</c> that fix what a route would choose from ε, and the rules which route has which. <c>--order</c> and <c>--degree</c>, which other families have
/// too, are read by the verb.
/// </summary>
internal sealed class AffineOptions
{
    // a Gram matrix of 64 million numbers
    private const long MostUnknowns = 8000;

    // of a table, which is a layer of hidden units
    private const long MostKnots = 40_000;

    private static readonly AffineRoute[] s_sup = [AffineRoute.Overshear, AffineRoute.Henon], s_cells = [AffineRoute.Cell, AffineRoute.Three];

    private readonly Option<string> _scheme = Options.Text("--scheme", "KIND", "acf by overshear: corrected (each step takes back what was missed; the default), or a plain splitting of the isotopy's velocity: lie, strang or suzuki.");
    private readonly Option<int> _steps = Options.Whole("--steps", null, 1, "acf by overshear or henon: N, the number of time steps.", most: 4096);
    private readonly Option<int> _directions = Options.Whole("--directions", null, 2, "acf by overshear or henon: M, the number of directions.", most: 256);
    private readonly Option<double> _weight = Options.Number("--weight", "W", 1e-12, 1e6, "acf by overshear, plain splittings: w of the penalty w^2|c|^2 on the coefficients of the field fits. Too small a weight lets terms grow that cancel in the field only.");
    private readonly Option<double> _margin = Options.Number("--margin", "M", 0, 1, "acf by henon, and by overshear with a plain splitting: fields are fitted on the images of K stretched by 1 + M; 0 by default.");
    private readonly Option<double> _delta = Options.Number("--delta", "D", 1e-12, 1, "acf by henon: delta, by default 1e-7.");
    private readonly Option<int> _cells = Options.Whole("--cells", null, 2, "acf by cell or three: n, the cells along a coordinate (by cell: the one that u depends on most).", most: 4096);
    private readonly Option<int> _pieces = Options.Whole("--pieces", null, 2, "acf by cell: the linear pieces of the tables of u.", most: 4096);
    private readonly Option<double> _ramp = Options.Number("--ramp", "ETA", 1e-15, 1, "acf by cell or three: the width of the staircases' ramps.");
    private readonly Option<double> _gamma = Options.Number("--gamma", "G", 0, 0.5, "acf by cell: the margin by which a point is drawn in towards its cell's centre; 0 is the control without it.");
    private readonly Option<int> _cellOrder = Options.Whole("--cell-order", null, 1, "acf by cell: the order of the error in 1/n, 1 or 2 (the default).", most: 2);

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [_steps, _directions, _scheme, _weight, _margin, _delta, _cells, _pieces, _ramp, _gamma, _cellOrder];

    /// <summary>The names of those that were given.</summary>
    public IEnumerable<string> Given(ParseResult result) => All.Where(o => result.GetResult(o) is { Implicit: false }).Select(o => o.Name);

    /// <summary>What was given, for a route in d dimensions.</summary>
    /// <exception cref="InputException">An option that the route does not have, or numbers that do not go together.</exception>
    public AffineSettings Read(ParseResult result, AffineRoute route, int dimension, AffineOrder? order, int? degree)
    {
        SplittingScheme? scheme = result.GetValue(_scheme) is { } word && Words.One(word, "scheme", "corrected", "lie", "strang", "suzuki") != "corrected" ? Enum.Parse<SplittingScheme>(word, ignoreCase: true) : null;
        foreach ((string name, bool given, AffineRoute[] routes) in ((string, bool, AffineRoute[])[])
        [
            ("--order", order is not null, s_sup), ("--degree", degree is not null, s_sup), (_steps.Name, Is(_steps), s_sup), (_directions.Name, Is(_directions), s_sup),
            (_scheme.Name, Is(_scheme), [AffineRoute.Overshear]), (_weight.Name, Is(_weight), [AffineRoute.Overshear]), (_margin.Name, Is(_margin), s_sup), (_delta.Name, Is(_delta), [AffineRoute.Henon]),
            (_cells.Name, Is(_cells), s_cells), (_pieces.Name, Is(_pieces), [AffineRoute.Cell]), (_ramp.Name, Is(_ramp), s_cells), (_gamma.Name, Is(_gamma), [AffineRoute.Cell]), (_cellOrder.Name, Is(_cellOrder), [AffineRoute.Cell]),
        ])
        {
            if (given && !routes.Contains(route)) throw new InputException($"{name} is for route {string.Join(" and ", routes.Select(Words.Of))}, not for route {Words.Of(route)}");
        }

        if (route == AffineRoute.Overshear && scheme is null && (Is(_weight) || Is(_margin)))
            throw new InputException($"{(Is(_weight) ? _weight.Name : _margin.Name)} is about the field fits of a plain splitting: choose --scheme lie, strang or suzuki");
        int? directions = Whole(_directions), cells = Whole(_cells);
        if (directions is not null || degree is not null) CheckUnknowns(route, dimension, directions, degree);
        if (cells > AffineCompiler.MostCells(route, dimension)) throw new InputException($"--cells takes at most {AffineCompiler.MostCells(route, dimension)} with route {Words.Of(route)} for d = {dimension}, not {cells}");
        if ((long)(cells ?? 2) * (Whole(_pieces) ?? 2) > MostKnots) throw new InputException($"--cells {cells} and --pieces {Whole(_pieces)} make tables of {(long)cells! * Whole(_pieces)!} knots; at most {MostKnots} are possible");
        return new AffineSettings
        {
            Epsilon = 1,
            Route = route,
            Order = order,
            Degree = degree,
            Steps = Whole(_steps),
            Directions = directions,
            Scheme = scheme,
            Weight = Number(_weight),
            Margin = Number(_margin),
            Delta = Number(_delta),
            Cells = cells,
            Pieces = Whole(_pieces),
            Ramp = Number(_ramp),
            CellMargin = Number(_gamma),
            CellOrder = Whole(_cellOrder) ?? 2,
        };

        bool Is(Option option) => result.GetResult(option) is { Implicit: false };
        int? Whole(Option<int> option) => Is(option) ? result.GetValue(option) : null;
        double? Number(Option<double> option) => Is(option) ? result.GetValue(option) : null;
    }

    /// <summary>Fields have M(2D + 1) or M(D + 1)² coefficients in d = 2 or 3 by overshears, M(D + 1)d by ridges; what was not given is taken at its largest.</summary>
    private static void CheckUnknowns(AffineRoute route, int d, int? directions, int? degree)
    {
        long m = directions ?? (d == 2 ? 24 : 18), p = (degree ?? (d == 2 ? 48 : 8)) + 1;
        long unknowns = route == AffineRoute.Henon ? m * p * d : d == 2 ? m * ((2 * p) - 1) : m * p * p;
        if (unknowns > MostUnknowns) throw new InputException($"M = {m} directions and degree D = {p - 1} make {unknowns} unknown coefficients; at most {MostUnknowns} are possible");
    }
}
