using UniversalFlows.Bijections;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// sup norm: the isotopy's velocity, frozen at the midpoints of N steps, as a sum of ridge fields (<see cref="RidgeBasis"/>), composed by Strang's splitting; each ridge flow by two
/// Hénon-like affine couplings (<see cref="HenonTriple"/>), and one for each further coordinate in space.
/// </summary>
/// <remarks>docs/sup-universality.md; the constants show what δ costs.</remarks>
internal sealed class HenonRoute
{
    private const double Share = 0.9;

    private readonly Target _target;
    private readonly AffineSettings _settings;
    private readonly Domain _domain;
    private readonly Isotopy _isotopy;
    private readonly double[] _nodes, _check, _checkImages;
    private readonly double _radius, _l0, _l1, _stretch, _delta, _regularisation;

    private HenonRoute(Target target, Domain domain, AffineSettings settings)
    {
        (_target, _domain, _settings) = (target, domain, settings);
        bool plane = target.Dimension == 2;
        double[] centre = [.. domain.Bounds.Centre];
        _isotopy = new Isotopy(target, centre, settings.Order ?? AffineOrder.Moving, PointSet.Even(domain, plane ? 45 : 13), [.. domain.Bounds.HalfWidths]);
        _check = PointSet.Even(domain, plane ? 61 : 15);
        _checkImages = PointSet.Map(target, _check);
        _nodes = PointSet.Chebyshev(domain, plane ? 50 : 13);
        double margin = settings.Margin ?? 0;
        for (int n = 0; n < _nodes.Length; n++) _nodes[n] = centre[n % centre.Length] + ((1 + margin) * (_nodes[n] - centre[n % centre.Length]));
        (_l0, _l1) = NearIdentityFactors.Speeds(_isotopy, PointSet.Even(domain, plane ? 15 : 7));
        _radius = 1.02 * OvershearRoute.Reach(_isotopy, _nodes);
        _stretch = Numerics.SmallMatrix.OperatorNorm(_isotopy.At(1).Matrix.Span, target.Dimension);
        // the trick errs by about (δ/2)∫|G″|q² dt over the whole flow, which is of the size of δ, and rounding by 2⁻⁵²/δ a layer, of either sign: for hundreds of layers both meet near 1e-7
        _delta = settings.Delta ?? 1e-7;
        // Tikhonov's λ: smaller ones fit better on K, but let terms grow that cancel only there and cost the splitting more than the fit gains
        _regularisation = Math.Clamp(0.1 * settings.Epsilon, 1e-9, 1e-3);
    }

    public static AffineWitness Compile(Target target, Domain domain, AffineSettings settings)
    {
        if (OvershearRoute.Examine(target, domain) is { } refusal) return Refused(settings, refusal);
        HenonRoute route = new(target, domain, settings);
        return double.IsFinite(route._l1) ? route.Run() : Refused(settings, new("(a)", "the frames of the isotopy become singular: try another order of the affine part"));
    }

    /// <summary>N steps with the fields of a basis; null if a system is not positive definite, or a term too large.</summary>
    internal static (Composition Flow, double FieldError)? Build(Isotopy isotopy, RidgeBasis basis, double[] nodes, Splitting splitting, int steps, double delta, double lambda, int threads)
    {
        LayerChain chain = new(basis.Dimension);
        (Linear first, Linear last) = isotopy.AffineParts();
        chain.Affine(first.Matrix, first.Shift);
        double fieldError = 0;
        for (int k = 0; k < steps; k++)
        {
            (double[] images, double[] velocities) = isotopy.Motion((k + splitting.FrozenAt) / steps, nodes);
            if (basis.Fit(images, velocities, lambda, threads, out double residual) is not { } c) return null;
            fieldError = Math.Max(fieldError, residual);
            foreach ((int term, double part) in splitting.Sequence)
                if (!RidgeFlow.Append(chain, basis, term, c, part / steps, delta)) return null;
        }

        chain.Affine(last.Matrix, last.Shift);
        return (chain.ToFlow(), fieldError);
    }

    private AffineWitness Run()
    {
        int d = _target.Dimension;
        (int M, int D)[] ladder = d == 2 ? [(6, 5), (8, 7), (12, 11), (16, 15)] : [(10, 3), (15, 4), (21, 5)];
        (int M, int D)[] rungs = [.. ladder.Select(r => (_settings.Directions ?? r.M, _settings.Degree ?? r.D)).Distinct()];
        (Composition Flow, RidgeBasis Basis, int Steps, double Field, double Error, double Change)? best = null;
        foreach ((int m, int degree) in rungs)
        {
            RidgeBasis basis = new(d, m, degree, _radius);
            double[]? coarser = null;
            double previous = double.PositiveInfinity;
            foreach (int n in _settings.Steps is { } given ? (int[])[Math.Max(1, given / 2), given] : [2, 4, 8, 16, 32])
            {
                if (Build(_isotopy, basis, _nodes, Splitting.Of(SplittingScheme.Strang, m), n, _delta, _regularisation, _settings.Threads) is not { } built) continue;
                double[] images = PointSet.Map(built.Flow, _check);
                double error = OvershearSplitting.Largest(images, _checkImages, d);
                if (double.IsNaN(error)) error = double.PositiveInfinity;
                double change = coarser is null ? double.NaN : OvershearSplitting.Largest(images, coarser, d);
                coarser = images;
                _settings.Progress?.Invoke($"M = {m}, D = {degree}, N = {n}: sup error {error:G3}");
                if (_settings.Steps is not null ? n == _settings.Steps : best is null || error < best.Value.Error) best = (built.Flow, basis, n, built.FieldError, error, change);
                if (error <= Share * _settings.Epsilon || error > 0.7 * previous) break;
                previous = error;
            }

            if (best is not null && best.Value.Error <= Share * _settings.Epsilon) break;
        }

        double size = OvershearSplitting.Largest(_checkImages, new double[_checkImages.Length], d);
        if (best is not { } found || !(found.Error <= 10 * size)) return Refused(_settings, new("(d)", "the ridge fields that fit the velocity have terms so large that their flows leave K"));
        double growth = _l1 > 0 ? Scalars.Real.Expm1(new(_l1)).Value / _l1 : 1;
        // the same flow with twice the δ: what doubles is the trick's error
        double trick = Build(_isotopy, found.Basis, _nodes, Splitting.Of(SplittingScheme.Strang, found.Basis.Directions), found.Steps, 2 * _delta, _regularisation, _settings.Threads) is { } other
            ? OvershearSplitting.Largest(PointSet.Map(other.Flow, _check), PointSet.Map(found.Flow, _check), d) : found.Error;
        WitnessMeasures measures = WitnessMeasures.Of(found.Flow, _target, _domain);
        return new AffineWitness(found.Flow, AffineRoute.Henon, null,
        [
            new("steps", "N, time steps", found.Steps), new("directions", "M, directions", found.Basis.Directions), new("degree", "D, degree of the ridge functions", found.Basis.Degree),
            new("delta", "delta", _delta), new("radius", "R, of the ball that the polynomials are made for", _radius),
            new("l0", "L0 = sup |dS_t/dt|", _l0), new("l1", "L1 = sup |d(DS_t)/dt (DS_t)^-1|", _l1),
            new("supError", "sup error on the route's own check points", found.Error),
            .. measures.Quantities,
        ],
        [
            new("field", "the largest residual of the field fits at the nodes, by Grönwall's factor (e^L1 - 1)/L1 and the stretch of the last affine map", _stretch * growth * found.Field),
            new("splitting", "the change from half as many steps, over 3 (Richardson's estimate for Strang's splitting); the realised error where there was no such run", double.IsFinite(found.Change) ? found.Change / 3 : found.Error),
            new("delta", "the change by twice the delta: the trick's own error and rounding, which grows like 1/delta", trick),
            new("rounding", "machine epsilon times the number of layers, the size of the states and the largest stretch of what follows a layer: a worst case, all roundings in one direction", measures.Rounding),
        ]);
    }

    private static AffineWitness Refused(AffineSettings settings, Refusal refusal) => new(null, settings.Route, refusal, [], []);
}
