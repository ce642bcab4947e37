using UniversalFlows.Bijections;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// sup norm: f = f(c) + C_1∘S_1 with the isotopy S_t of step (a), whose flow is composed of exact flows of shears and overshears (<see cref="OvershearBasis"/>), each one affine coupling
/// between rotations. Without a scheme the steps are corrected and N, M, D grow until ε is met; with one the splitting is the plain one of the literature.
/// </summary>
/// <remarks>docs/sup-universality.md.</remarks>
internal sealed class OvershearRoute
{
    private const int Rounds = 18;
    private const double Share = 0.9;                // of ε for what is measured here: the caller measures on other points
    private const double DefaultWeight = 1e-2;
    private const double Hopeless = 4;               // tolerances: a step that misses by more needs more directions

    private readonly Target _target;
    private readonly Domain _domain;
    private readonly AffineSettings _settings;
    private readonly Isotopy _isotopy;
    private readonly double[] _nodes, _check, _checkImages, _images;
    private readonly double _radius, _l0, _l1, _stretch;

    private OvershearRoute(Target target, Domain domain, AffineSettings settings)
    {
        (_target, _domain, _settings) = (target, domain, settings);
        bool plane = target.Dimension == 2;
        double[] centre = [.. domain.Bounds.Centre];
        _isotopy = new Isotopy(target, centre, settings.Order ?? AffineOrder.Moving, PointSet.Even(domain, plane ? 45 : 13), [.. domain.Bounds.HalfWidths]);
        _check = PointSet.Even(domain, plane ? 81 : 21);
        _checkImages = PointSet.Map(target, _check);
        // plain fits: an even grid, as the splitting's error has no favourite place; corrected steps: crowded towards the boundary, where the error of a polynomial is largest
        _nodes = settings.Scheme is null ? PointSet.Chebyshev(domain, plane ? 50 : 13) : PointSet.Even(domain, plane ? 61 : 15);
        double margin = settings.Margin ?? 0;
        for (int n = 0; n < _nodes.Length; n++) _nodes[n] = centre[n % centre.Length] + ((1 + margin) * (_nodes[n] - centre[n % centre.Length]));
        (_l0, _l1) = NearIdentityFactors.Speeds(_isotopy, PointSet.Even(domain, plane ? 15 : 7));
        _images = [.. Enumerable.Range(0, 9).SelectMany(j => PointSet.Map(new Moment(_isotopy, _isotopy.At(j / 8.0)), _nodes))];
        _radius = 1.02 * Reach(_isotopy, _nodes);
        _stretch = Numerics.SmallMatrix.OperatorNorm(_isotopy.At(1).Matrix.Span, target.Dimension);
    }

    public static AffineWitness Compile(Target target, Domain domain, AffineSettings settings)
    {
        if (Examine(target, domain) is { } refusal) return Refused(settings, refusal);
        OvershearRoute route = new(target, domain, settings);
        if (!double.IsFinite(route._l1)) return Refused(settings, new("(a)", "the frames of the isotopy become singular: try another order of the affine part"));
        return settings.Scheme is { } scheme ? route.Plain(scheme) : route.Corrected();
    }

    /// <summary>What both sup routes ask of f and K; null if that is given.</summary>
    internal static Refusal? Examine(Target target, Domain domain)
    {
        if (target.Dimension > FlowCompiler.LargestDimension) return new("(d)", $"sup-norm constructions by affine couplings go up to d = {FlowCompiler.LargestDimension}, not {target.Dimension}");
        if (!domain.IsConvex) return new("(a)", $"{domain} is not convex: the isotopy f(tx)/t would leave it");
        return EmbeddingCheck.Examine(target, domain);
    }

    /// <summary>sup over t and the nodes of |S_t|.</summary>
    internal static double Reach(Isotopy isotopy, double[] nodes)
    {
        double[] origin = new double[nodes.Length];
        double reach = 0;
        for (int j = 0; j <= 16; j++) reach = Math.Max(reach, OvershearSplitting.Largest(PointSet.Map(new Moment(isotopy, isotopy.At(j / 16.0)), nodes), origin, isotopy.Dimension));
        return reach;
    }

    /// <summary>
    /// Corrected steps. The rungs (M, D, N) cost more and more layers; those too coarse for ε by experience, M &lt; 4 lg(1/ε) − 4, are passed over. The first that meets ε on the check
    /// points is taken, else the best.
    /// </summary>
    private AffineWitness Corrected()
    {
        (int M, int D)[] ladder = _target.Dimension == 2
            ? [(6, 12), (9, 16), (12, 22), (16, 28), (20, 32), (26, 40), (34, 44)]
            : [(6, 4), (8, 5), (12, 6), (15, 7), (18, 8)];
        double digits = Scalars.Real.Log(new(1 / _settings.Epsilon)).Value / 2.302585092994046;
        (int M, int D)[] rungs = [.. ladder.Where((r, i) => i == ladder.Length - 1 || _target.Dimension > 2 || r.M >= (4 * digits) - 4)
            .Select(r => (_settings.Directions ?? r.M, _settings.Degree ?? r.D)).Distinct()];
        Candidate? best = null;
        double tolerance = 0.4 * _settings.Epsilon / _stretch;
        foreach ((int m, int degree) in rungs)
        {
            OvershearBasis basis = new(_target.Dimension, m, degree, Radius);
            OvershearSplitting splitting = new(_isotopy, basis, _nodes, _settings.Threads);
            SplittingRun? run = splitting.Corrected(_settings.Steps, tolerance, Rounds, (m, degree) == rungs[^1] ? double.PositiveInfinity : Hopeless);
            if (run is null || !run.IsFinite) continue;
            Candidate candidate = new(basis, splitting, run, run.Steps, Error(splitting, run));
            _settings.Progress?.Invoke($"M = {m}, D = {degree}, N = {run.Steps}: {run.Layers.Count} affine couplings, sup error {candidate.Error:G3}");
            if (best is null || candidate.Error < best.Error) best = candidate;
            if (candidate.Error <= Share * _settings.Epsilon) break;
        }

        if (best is null) return Refused(_settings, new("(d)", $"no number of directions and degree up to M = {rungs[^1].M}, D = {rungs[^1].D} came near epsilon"));
        double nodes = _stretch * OvershearSplitting.Largest(best.Run.States, PointSet.Map(new Moment(_isotopy, _isotopy.At(1)), _nodes), _target.Dimension);
        return Witness(best,
        [
            new("nodes", "what the last corrected step misses at its nodes, times the stretch of the last affine map: it takes back what the splitting and the field fits before it missed", nodes),
            new("between", "by how much the error on an even grid exceeds that", Math.Max(0, best.Error - nodes)),
        ]);
    }

    /// <summary>1.1·sup over t and the nodes of the coordinates of P S_t, P the first rows of a frame: within a step the layers lead a little beyond the images of K.</summary>
    private double Radius(double[] frame)
    {
        int d = _target.Dimension;
        double largest = 0;
        for (int n = 0; n < _images.Length; n += d)
        {
            for (int r = 0; r < d - 1; r++)
            {
                double sum = 0;
                for (int j = 0; j < d; j++) sum = Math.FusedMultiplyAdd(frame[(r * d) + j], _images[n + j], sum);
                largest = Math.Max(largest, Math.Abs(sum));
            }
        }

        return 1.1 * largest;
    }

    /// <summary>A plain splitting: N doubles until ε is met, or the error stops falling.</summary>
    private AffineWitness Plain(SplittingScheme scheme)
    {
        int d = _target.Dimension, m = _settings.Directions ?? (d == 2 ? 20 : 12), degree = _settings.Degree ?? (d == 2 ? 28 : 6);
        double weight = _settings.Weight ?? DefaultWeight;
        int order = scheme switch { SplittingScheme.Lie => 1, SplittingScheme.Strang => 2, _ => 4 };
        OvershearBasis basis = new(d, m, degree, _radius);
        OvershearSplitting splitting = new(_isotopy, basis, _nodes, _settings.Threads);
        Candidate? best = null;
        double[]? coarser = null;
        double difference = double.NaN;
        foreach (int n in _settings.Steps is { } given ? (int[])[Math.Max(1, given / 2), given] : [2, 4, 8, 16, 32, 64])
        {
            SplittingRun? run = splitting.Plain(Splitting.Of(scheme, m), weight, n);
            if (run is null) return Refused(_settings, new("(d)", $"the weight {weight:G3} is too small: the normal equations of the field fit are not positive definite in double precision"));
            Candidate candidate = new(basis, splitting, run, n, run.IsFinite ? Error(splitting, run) : double.PositiveInfinity);
            _settings.Progress?.Invoke($"{scheme}, N = {n}: {run.Layers.Count} affine couplings, sup error {candidate.Error:G3}");
            double change = coarser is null ? double.NaN : OvershearSplitting.Largest(run.States, coarser, d);
            coarser = run.States;
            if (_settings.Steps is not null ? n == _settings.Steps : best is null || candidate.Error < best.Error) (best, difference) = (candidate, change);
            if (_settings.Steps is null && (candidate.Error <= Share * _settings.Epsilon || candidate.Error > 0.9 * best!.Error && candidate != best)) break;
        }

        // a flow that is farther from f than the constant 0 is useless: the terms have outgrown the step
        double size = OvershearSplitting.Largest(_checkImages, new double[_checkImages.Length], d);
        if (!(best!.Error <= size))
        {
            return Refused(_settings, new(
                "(d)", $"the weight {weight:G3} is too small, or N = {best.Steps} is: terms with coefficients up to {best.Run.LargestTerm:G3} that cancel in the field do not cancel in the product of their flows, which leaves K"));
        }

        double growth = _l1 > 0 ? Scalars.Real.Expm1(new(_l1)).Value / _l1 : 1;
        double richardson = double.IsFinite(difference) ? difference / ((1 << order) - 1) : best.Error;
        return Witness(best,
        [
            new("field", "the largest residual of the field fits at the nodes, by Grönwall's factor (e^L1 - 1)/L1 and the stretch of the last affine map", _stretch * growth * best.Run.FieldError),
            new("splitting", $"the change of the states from half as many steps, over 2^{order} - 1 (Richardson's estimate), times that stretch", _stretch * richardson),
        ]);
    }

    private AffineWitness Witness(Candidate best, IEnumerable<BudgetItem> budget)
    {
        Composition flow = Assemble(best);
        WitnessMeasures measures = WitnessMeasures.Of(flow, _target, _domain);
        double rounding = measures.Rounding;
        return new AffineWitness(flow, AffineRoute.Overshear, null,
        [
            new("steps", "N, time steps", best.Steps), new("directions", "M, directions", best.Basis.Directions), new("degree", "D, degree of the polynomials", best.Basis.Degree),
            new("weight", "the smallest weight w of the penalty on the coefficients that a fit was made with", best.Run.Weight),
            new("radius", "R, of the ball that the polynomials are made for", _radius),
            new("l0", "L0 = sup |dS_t/dt|", _l0), new("l1", "L1 = sup |d(DS_t)/dt (DS_t)^-1|", _l1),
            new("largestTerm", "the largest coefficient of a fitted field", best.Run.LargestTerm),
            new("supError", "sup error on the route's own check points", best.Error),
            .. measures.Quantities,
        ], [.. budget, new("rounding", "machine epsilon times the number of layers, the size of the states and the largest stretch of what follows a layer", rounding)]);
    }

    private double Error(OvershearSplitting splitting, SplittingRun run)
    {
        (Linear first, Linear last) = _isotopy.AffineParts();
        double error = OvershearSplitting.Largest(PointSet.Map(last, splitting.Map(run.Layers, PointSet.Map(first, _check))), _checkImages, _target.Dimension);
        return double.IsNaN(error) ? double.PositiveInfinity : error;
    }

    /// <summary>Affine map, rotation into the first direction, coupling, rotation into the next direction, …; neighbouring affine maps are one.</summary>
    private Composition Assemble(Candidate candidate)
    {
        (Linear first, Linear last) = _isotopy.AffineParts();
        LayerChain chain = new(_target.Dimension);
        chain.Affine(first.Matrix, first.Shift);
        foreach (OvershearLayer layer in candidate.Run.Layers)
        {
            chain.Rotate(candidate.Basis.Frames[layer.Direction]);
            chain.Add(layer.Coupling);
            chain.RotateBack(candidate.Basis.Frames[layer.Direction]);
        }

        chain.Affine(last.Matrix, last.Shift);
        return chain.ToFlow();
    }

    private static AffineWitness Refused(AffineSettings settings, Refusal refusal) => new(null, settings.Route, refusal, [], []);

    private sealed record Candidate(OvershearBasis Basis, OvershearSplitting Splitting, SplittingRun Run, int Steps, double Error);
}
