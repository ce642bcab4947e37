using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>From a map f, a compact K and ε to an explicit flow of affine couplings and linear maps: Lp for the theorem of Teshima et al. 2020, sup by splitting the isotopy's velocity.</summary>
public static class AffineCompiler
{
    /// <summary>Whether a route bounds the sup norm; the others have small Lp errors for finite p alone.</summary>
    public static bool BoundsSup(AffineRoute route) => route is AffineRoute.Overshear or AffineRoute.Henon;

    /// <summary>The largest d of a route.</summary>
    public static int LargestDimension(AffineRoute route) => route == AffineRoute.Three ? ThreeCompiler.LargestDimension : FlowCompiler.LargestDimension;

    /// <summary>Routes cell and three: the largest n along a coordinate in d dimensions; for cell with the fewest pieces and cells of the others.</summary>
    public static int MostCells(AffineRoute route, int dimension) => route == AffineRoute.Three ? ThreeCompiler.MostCellsAlong(dimension) : CellCompiler.MostCellsAlong(dimension);

    /// <summary>Builds the flow by the route that the settings name.</summary>
    /// <exception cref="ArgumentException">ε or p is not positive, or the dimensions differ.</exception>
    public static AffineWitness Compile(Target target, Domain domain, AffineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(settings);
        if (!(settings.Epsilon > 0) || !double.IsFinite(settings.Epsilon)) throw new ArgumentException($"epsilon must be positive, not {settings.Epsilon:R}", nameof(settings));
        if (!(settings.Exponent >= 1)) throw new ArgumentException($"p must be at least 1, not {settings.Exponent:R}", nameof(settings));
        if (target.Dimension != domain.Dimension) throw new ArgumentException("target and domain have different dimensions", nameof(domain));
        if (target.Dimension == 1) return Refused(settings, new("(d)", "in one dimension a composition of affine couplings is an affine map: nothing else can be approximated"));
        return settings.Route switch
        {
            AffineRoute.Cell => CellCompiler.Compile(target, domain, settings),
            AffineRoute.Three => ThreeCompiler.Compile(target, domain, settings),
            AffineRoute.Overshear => OvershearRoute.Compile(target, domain, settings),
            AffineRoute.Henon => HenonRoute.Compile(target, domain, settings),
            _ => throw new ArgumentException($"there is no route {settings.Route}", nameof(settings)),
        };
    }

    internal static AffineWitness Refused(AffineSettings settings, Refusal refusal) => new(null, settings.Route, refusal, [], []);
}
