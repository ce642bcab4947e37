using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Construction;

/// <summary>
/// Steps (a) to (d) for one embedding f of a convex K: the isotopy, N factors, dN one-coordinate maps, each replaced by layers of the family. The layers are fitted
/// independently of each other, each to the exact map on its tube, so that errors add up to first order as Σ amplification·error.
/// </summary>
internal sealed class ChainCompiler
{
    private const double Share = 0.9;           // of ε for the first-order bound: the rest is for second-order terms and for points between the check points
    private const int MostFactors = 96;
    private const int Together = 2;             // factors fitted side by side before a candidate is judged again

    private readonly string _name;
    private readonly IMap _map;
    private readonly Domain _domain;
    private readonly double _epsilon;
    private readonly ConstructionSettings _settings;
    private readonly int _dimension;
    private readonly double[] _coarse, _check, _derivatives;

    public ChainCompiler(string name, IMap map, Domain domain, double epsilon, ConstructionSettings settings)
    {
        (_name, _map, _domain, _epsilon, _settings, _dimension) = (name, map, domain, epsilon, settings, map.Dimension);
        _coarse = PointSet.Even(domain, _dimension switch { 1 => 101, 2 => 15, _ => 7 });
        _check = PointSet.Even(domain, _dimension switch { 1 => 801, 2 => 45, _ => 13 });
        _derivatives = PointSet.Jacobians(map, _coarse);
    }

    /// <summary>
    /// The chain, or a refusal. Candidates are pairs of an affine order and an N from the measured constants, few factors first; the first whose layers keep within the
    /// budget is taken, else the best.
    /// </summary>
    public (Chain? Chain, Refusal? Refusal) Compile()
    {
        List<(Isotopy Isotopy, double L0, double L1)> isotopies = [];
        Box bounds = _domain.Bounds;
        foreach (AffineOrder order in _settings.Order is { } one ? [one] : (AffineOrder[])[AffineOrder.Moving, AffineOrder.Last, AffineOrder.First])
        {
            Isotopy isotopy = new(_map, [.. bounds.Centre], order, _check, [.. bounds.HalfWidths]);
            (double l0, double l1) = NearIdentityFactors.Speeds(isotopy, _coarse);
            if (double.IsFinite(l1)) isotopies.Add((isotopy, l0, l1));
            else _settings.Progress?.Invoke($"{_name}: order {order}: the affine frames become singular");
        }

        if (isotopies.Count == 0) return (null, new("(b)", "the isotopy f(tx)/t has a singular derivative on K"));

        // the last factor is the hardest: it is fitted first, for every candidate in turn, and the others, backwards, only as long as those so far come near the budget
        List<string> attempts = [];
        List<Candidate> waiting = [];
        Candidate? best = null;
        foreach ((Isotopy isotopy, double l0, double l1, int count) in Candidates(isotopies))
        {
            NearIdentityFactors factors = NearIdentityFactors.Uniform(isotopy, count);
            FactorSize[] sizes = [.. Enumerable.Range(1, count).Select(k => factors.Measure(k, _coarse))];
            string label = $"{isotopy.Order}, N = {count}";
            if (!sizes.All(s => s.SmallestMinor > 0))
            {
                attempts.Add($"{label}: a leading minor is {sizes.Min(s => s.SmallestMinor):G2}");
                continue;
            }

            _settings.Progress?.Invoke($"{_name}: {label}");
            Candidate candidate = new(isotopy, l0, l1, factors, sizes, _dimension);
            Fit(candidate, count, count, hasty: true);
            int lowest = count;
            for (; lowest > 1 && candidate.Partial(lowest) <= 3 * _epsilon; lowest = Math.Max(1, lowest - Together))
                Fit(candidate, Math.Max(1, lowest - Together), lowest - 1, hasty: false);
            if (!(candidate.Partial(lowest) <= 3 * _epsilon))
            {
                attempts.Add($"{label}: {(lowest == count ? "the last factor alone is" : $"the last {count - lowest + 1} factors alone are")} {candidate.Partial(lowest):G2} off");
                if (double.IsFinite(candidate.Partial(count))) waiting.Add(candidate);
                continue;
            }

            attempts.Add($"{label}: {(candidate.Bound <= _epsilon ? "within the budget" : $"first-order bound {candidate.Bound:G2}")}");
            if (candidate.Bound < (best?.Bound ?? double.PositiveInfinity)) best = candidate; // an incomplete one is none
            if (candidate.Bound <= _epsilon) break;
        }

        if (best is null && waiting.Count > 0)
        {
            // nothing came near: of the hopeful ones the one with the fewest factors, as good as the ladder of degrees makes it
            double least = waiting.Min(c => c.Partial(c.Factors.Count));
            Candidate hopeful = waiting.Where(c => c.Partial(c.Factors.Count) <= 10 * least).MinBy(c => c.Factors.Count)!;
            Candidate patient = new(hopeful.Isotopy, hopeful.L0, hopeful.L1, hopeful.Factors, hopeful.Sizes, _dimension);
            Fit(patient, patient.Factors.Count, patient.Factors.Count, hasty: false);
            Fit(patient, 1, patient.Factors.Count - 1, hasty: false);
            attempts.Add($"{patient.Isotopy.Order}, N = {patient.Factors.Count} with all degrees: first-order bound {patient.Bound:G2}");
            if (double.IsFinite(patient.Bound)) best = patient;
        }

        if (best is null)
            return (null, new("(c)", $"no order and number of factors up to {MostFactors} gave one-coordinate maps that increase and can be fitted ({string.Join("; ", attempts)})"));
        (Linear first, Linear last) = best.Isotopy.AffineParts();
        Composition flow = new(_dimension, [first, .. best.Layers.Select(l => l.Layer), last]);
        (double closing, int failures) = Closing(best.Isotopy, best.Factors);
        return (new Chain(
            _name, _epsilon, best.Isotopy.Order, first.Sign * last.Sign, best.L0, best.L1, best.Sizes, closing, failures, [.. best.Layers.Select(l => l.Record)], attempts, flow)
        { Frames = best.Factors.Frames }, null);
    }

    /// <summary>
    /// N = ⌈L₁⌉ (then ‖Dg_k − I‖ ≤ e − 1 and the minors are mostly still positive), ⌈1.6 L₁⌉, the proof's ⌈2.5 L₁⌉ (‖Dg_k − I‖ ≤ ½) and twice that; for each, slower isotopies first. One factor for d = 1,
    /// where every increasing map changes one coordinate alone.
    /// </summary>
    private IEnumerable<(Isotopy Isotopy, double L0, double L1, int Count)> Candidates(List<(Isotopy Isotopy, double L0, double L1)> isotopies)
    {
        (Isotopy Isotopy, double L0, double L1)[] ordered = [.. isotopies.OrderBy(i => i.L1)];
        if (_settings.Factors is { } given) return ordered.Select(i => (i.Isotopy, i.L0, i.L1, given));
        if (_dimension == 1) return ordered.Take(1).Select(i => (i.Isotopy, i.L0, i.L1, 1)).Concat(ordered.Take(1).Select(i => (i.Isotopy, i.L0, i.L1, 4)));
        return ((double[])[1, 1.6, 2.5, 5]).SelectMany(factor => ordered.Select(i => (i.Isotopy, i.L0, i.L1, Math.Clamp((int)Math.Ceiling(factor * i.L1), 2, MostFactors)))).Distinct();
    }

    /// <summary>
    /// Layers for the factors from … to of a candidate, side by side; each begins a few rungs below where the last factor's layer of its coordinate ended, so the order of the
    /// work does not matter.
    /// </summary>
    private void Fit(Candidate candidate, int from, int to, bool hasty) => Workers.For((to - from + 1) * _dimension, _settings.Threads, item =>
    {
        (int k, int i) = (to - (item / _dimension), item % _dimension);
        int rung = Math.Max(0, candidate.Rungs[i] - 4);
        candidate[k, i] = Layer(new OneCoordinateMap(candidate.Factors, k, i, _domain), candidate.Factors.Count * _dimension, ref rung, hasty);
        if (k == candidate.Factors.Count) candidate.Rungs[i] = rung;
    });

    /// <summary>Step (d) for one map: degrees go up until the share is met or the ladder ends.</summary>
    private (LayerRecord Record, IBijection Layer)? Layer(OneCoordinateMap map, int count, ref int rung, bool hasty)
    {
        double amplification = map.ErrorAmplification(_coarse, _derivatives);
        double allotted = Share * _epsilon / (count * amplification);
        Tube check = map.Sample(_check);
        if (!(check.SmallestSlope > 0) || !double.IsFinite(allotted)) return null;
        // splines and sigmoids approximate a sum of squares in turn, which leaves the larger part of the share to them
        double tolerance = _settings.Family == FlowFamily.Sos ? allotted : 0.3 * allotted;
        SumOfSquaresFit? fit = FitSumOfSquares(map, check, tolerance, ref rung, hasty);
        if (fit is null) return null;
        (Coupling Layer, double Error, int Degree, int Size)? made = _settings.Family switch
        {
            FlowFamily.Sos => (fit.ToLayer(), fit.Error, fit.Degree, fit.Degree + 1),
            FlowFamily.Rqs => Refine(check, allotted, fit.Degree, [6, 12, 24, 48, 96, 192], (bins, r) => SplineLayer.Create(fit, check, bins, r)),
            _ => Refine(check, allotted, fit.Degree, [32, 48, 72, 108, 160, 240], (m, r) => Sigmoids(fit, check, m, r)),
        };
        if (made is null) return null;
        (Coupling layer, double error, int degree, int size) = made.Value;
        if (_settings.Conditioner == ConditionerKind.Perceptron && layer.Passive.Count > 0)
        {
            layer = PerceptronConditioner.Replace(layer);
            error = check.ErrorOf(layer);
        }

        double largest = layer.Parameters.SelectMany(p => p.All.ToArray()).Aggregate(0.0, (m, v) => Math.Max(m, Math.Abs(v)));
        LayerRecord record = new(
            map.Factor, map.Coordinate, degree, size, allotted, error, amplification, map.Lipschitz(_coarse), check.SmallestSlope, check.Slopes.Max(), largest);
        _settings.Progress?.Invoke($"{_name}: factor {map.Factor}, coordinate {map.Coordinate + 1}: degree {degree}, allotted {allotted:G2}, realised {error:G2}");
        return (record, layer);
    }

    /// <summary>Corrected where the weights allow it, unless the settings say which.</summary>
    private Coupling? Sigmoids(SumOfSquaresFit fit, Tube check, int m, int degree) => _settings.Corrected is { } corrected
        ? DeepSigmoidalLayer.Create(fit, check, m, degree, corrected, _settings.Overlap)
        : DeepSigmoidalLayer.Create(fit, check, m, degree, corrected: true, _settings.Overlap) ?? DeepSigmoidalLayer.Create(fit, check, m, degree, corrected: false, _settings.Overlap);

    private SumOfSquaresFit? FitSumOfSquares(OneCoordinateMap map, Tube check, double tolerance, ref int rung, bool hasty)
    {
        ReadOnlySpan<int> ladder = _dimension switch
        {
            1 => [8, 16, 32, 48, 64, 96, 128, 192, 255],
            2 => [4, 6, 8, 11, 14, 18, 22, 27, 33, 40, 48],
            _ => [3, 4, 5, 6, 8, 10, 12, 14, 16],
        };
        if (_settings.Family == FlowFamily.Sos && _settings.Degree is { } fixedDegree) ladder = new int[] { fixedDegree };
        SumOfSquaresFit? best = null;
        double previous = double.PositiveInfinity;
        int first = rung;
        for (; rung < ladder.Length; rung++)
        {
            int unknowns = SumOfSquaresFit.Unknowns(_dimension, ladder[rung]);
            int perAxis = _dimension switch
            {
                1 => (3 * unknowns) + 10,
                2 => (int)Math.Ceiling(Math.Sqrt(2.5 * unknowns)) + 2,
                _ => CubeRoot(2.5 * unknowns) + 2,
            };
            SumOfSquaresFit? fit = SumOfSquaresFit.Fit(map.Sample(PointSet.Chebyshev(_domain, perAxis)), check, ladder[rung], tolerance, best, tame: _settings.Family != FlowFamily.Sos && _dimension > 1, last: ladder.Length == 1);
            if (fit is not null && (best is null || fit.Error < best.Error)) best = fit;
            if (best is not null && best.Error <= tolerance) break;
            if (hasty && best is not null && rung > first + 1 && rung + 1 < ladder.Length)
            {
                // geometric decay from the last two rungs: give up where even the end of the ladder would miss by far
                double rate = Math.Max(1e-300, best.Error) / previous;
                int rest = (ladder[^1] - ladder[rung]) / Math.Max(1, ladder[rung] - ladder[rung - 1]);
                double predicted = best.Error;
                for (int i = 0; i <= rest; i++) predicted *= Math.Min(1, rate);
                if (predicted > 30 * tolerance && best.Error > 1e3 * tolerance && ladder[rung] >= ladder[^1] / 3) break;
            }

            previous = best?.Error ?? double.PositiveInfinity;
        }

        rung = Math.Min(rung, ladder.Length - 1);
        return best;
    }

    /// <summary>More pieces, then higher conditioner degrees, until the share is met; the best otherwise. What the settings fix stays.</summary>
    private (Coupling Layer, double Error, int Degree, int Size)? Refine(Tube check, double allotted, int degree, int[] sizes, Func<int, int, Coupling?> create)
    {
        (Coupling Layer, double Error, int Degree, int Size)? best = null;
        IEnumerable<int> degrees = _settings.Degree is { } given ? [given] : ((double[])[1, 1.5, 2.2]).Select(factor => (int)Math.Ceiling(factor * Math.Max(4, degree)));
        foreach (int size in _settings.Size is { } one ? [one] : sizes)
        {
            double before = double.PositiveInfinity;
            foreach (int r in degrees)
            {
                if (create(size, r) is not { } layer) break;
                double error = check.ErrorOf(layer);
                if (best is null || error < best.Value.Error) best = (layer, error, r, size);
                if (error <= allotted) return best;
                if (!(error < 0.5 * before)) break; // the pieces are the limit
                before = error;
            }
        }

        return best;
    }

    /// <summary>Steps (a) to (c) alone at fresh points, every T evaluated as a map of its argument.</summary>
    private (double Error, int Failures) Closing(Isotopy isotopy, NearIdentityFactors factors)
    {
        int d = _dimension, count = 64, failures = 0;
        LowDiscrepancy sequence = new(d, 7, "closing");
        (Linear first, Linear last) = isotopy.AffineParts();
        OneCoordinateMap[] maps = [.. Enumerable.Range(1, factors.Count).SelectMany(k => Enumerable.Range(0, d).Select(i => new OneCoordinateMap(factors, k, i, _domain)))];
        double largest = 0;
        Span<Lanes> x = stackalloc Lanes[d], y = stackalloc Lanes[d];
        double[] points = new double[count * d];
        for (int n = 0; n < count; n++)
        {
            sequence.Point((uint)n + 1, points.AsSpan(n * d, d));
            _domain.FromUnitCube(points.AsSpan(n * d, d), points.AsSpan(n * d, d));
        }

        for (int start = 0; start < count; start += Lanes.Width)
        {
            PointSet.Load(points, d, start, x);
            x.CopyTo(y);
            _map.Map(y);
            first.Map(x);
            InverseStatus status = default;
            foreach (OneCoordinateMap map in maps) map.Map(x, ref status);
            last.Map(x);
            for (int lane = 0; lane < Lanes.Width; lane++)
            {
                double square = 0;
                for (int i = 0; i < d; i++) square += (x[i][lane] - y[i][lane]) * (x[i][lane] - y[i][lane]);
                if (double.IsFinite(square)) largest = Math.Max(largest, Math.Sqrt(square));
                else failures++;
            }
        }

        return (largest, failures);
    }

    private static int CubeRoot(double x)
    {
        int n = 1;
        while ((double)n * n * n < x) n++;
        return n;
    }

    /// <summary>An isotopy cut into N factors, and the layers made for it so far.</summary>
    private sealed class Candidate(Isotopy isotopy, double l0, double l1, NearIdentityFactors factors, FactorSize[] sizes, int dimension)
    {
        private readonly (LayerRecord Record, IBijection Layer)?[] _layers = new (LayerRecord, IBijection)?[factors.Count * dimension];

        public Isotopy Isotopy => isotopy;

        public double L0 => l0;

        public double L1 => l1;

        public NearIdentityFactors Factors => factors;

        public FactorSize[] Sizes => sizes;

        /// <summary>Where on the ladder of degrees the last factor's layer of each coordinate ended.</summary>
        public int[] Rungs { get; } = new int[dimension];

        public (LayerRecord Record, IBijection Layer)? this[int factor, int coordinate]
        {
            get => _layers[((factor - 1) * dimension) + coordinate];
            set => _layers[((factor - 1) * dimension) + coordinate] = value;
        }

        public IEnumerable<(LayerRecord Record, IBijection Layer)> Layers => _layers.Where(l => l is not null).Select(l => l!.Value);

        /// <summary>The part that the factors from k on have in the bound; infinite if one of their layers is missing.</summary>
        public double Partial(int factor) => Sum(_layers.Skip((factor - 1) * dimension));

        /// <summary>The first-order bound; infinite if a layer is missing.</summary>
        public double Bound => Sum(_layers);

        private static double Sum(IEnumerable<(LayerRecord Record, IBijection Layer)?> layers) =>
            layers.Sum(l => l is { } made ? made.Record.Amplification * made.Record.Realised : double.PositiveInfinity);
    }
}
