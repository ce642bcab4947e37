using UniversalFlows.Bijections;
using UniversalFlows.Construction;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>
/// How fast constructions converge: whole chains without a budget, with one number varied (the degree of sums of squares, the bins of splines, the sigmoids of mixtures,
/// the number N of factors) and everything else held fixed.
/// </summary>
public sealed class RateTask(Target target, FlowFamily family) : StudyTask
{
    /// <summary>The method's name in cells.</summary>
    public const string Method = "rates";

    private const int Factors = 4;               // N of the curves against degree and size
    private const int ReferenceDegree = 22;      // of the layers that splines and sigmoids re-approximate
    private const int ConditionerDegree = 30;    // of their conditioners
    private const int FixedDegree = 8;           // of the curve against N
    private const double Tolerance = 1e-9;       // where a fit stops although it could go on
    private const int FitPoints = 36, CheckPoints = 45;

    private static readonly int[] s_degrees = [2, 4, 6, 8, 10, 12, 14, 17, 20], s_counts = [2, 3, 4, 6, 8, 12, 16], s_bins = [4, 8, 16, 32, 64], s_sigmoids = [8, 16, 32, 64];
    private readonly Domain _domain = target.DefaultDomain;

    /// <inheritdoc/>
    public override string Study => Construction.StudyName;

    /// <inheritdoc/>
    public override string Command => $"uf run {Construction.StudyName} --profile quick";

    /// <inheritdoc/>
    public override string Label => $"rates {target.Name} {Names.Of(family)}";

    /// <inheritdoc/>
    protected override string Recipe => $"rates; {target.Name}; {Names.Of(family)}; N = {Factors}, reference {ReferenceDegree}, conditioners {ConditionerDegree}, degree {FixedDegree}, tolerance {Tolerance:R}; "
        + $"{FitPoints} and {CheckPoints} points; {string.Join(' ', s_degrees)}; {string.Join(' ', s_counts)}; {string.Join(' ', s_bins)}; {string.Join(' ', s_sigmoids)}";

    /// <inheritdoc/>
    public override double Cost => 2000;

    /// <inheritdoc/>
    public override (Cell Cell, Composition Flow) Run(int threads, Action<int, double>? progress, CancellationToken cancellation)
    {
        List<RateCurve> curves = [];
        Composition? finest = null;
        Steps steps = new(target, _domain, Factors);
        if (family == FlowFamily.Sos)
        {
            curves.Add(Curve("", "degree", $"N = {Factors}", s_degrees, degree => steps.Flow(step => step.Fit(degree).ToLayer())));
            Composition? last = finest;
            curves.Add(Curve("", "N", $"degree {FixedDegree}", s_counts, count => new Steps(target, _domain, count).Flow(step => step.Fit(FixedDegree).ToLayer())));
            finest = last;
        }
        else
        {
            SumOfSquaresFit[] fits = [.. steps.All.Select(s => s.Fit(ReferenceDegree))];
            string held = $"N = {Factors}, conditioners of degree {ConditionerDegree}";
            if (family == FlowFamily.Rqs)
            {
                curves.Add(Curve("", "bins", held, s_bins, bins => steps.Flow((step, i) => SplineLayer.Create(fits[i], step.Check, bins, ConditionerDegree))));
            }
            else
            {
                foreach (bool corrected in (bool[])[false, true])
                {
                    curves.Add(Curve(corrected ? "second moment corrected" : "plain", "sigmoids", held, s_sigmoids, m => steps.Flow(
                        (step, i) => DeepSigmoidalLayer.Create(fits[i], step.Check, m + (2 * DeepSigmoidalLayer.Reach), ConditionerDegree, corrected))));
                }
            }
        }

        Composition flow = finest ?? new Composition(target.Dimension, []);
        Errors? errors = finest is null ? null : MapTask.Form(MapErrors.Estimate(flow, target, _domain, new MapErrorOptions { Threads = threads }));
        return (ConstructTask.Cell(this, target, family, flow, steps.All.Count, Method, errors is not null) with { Errors = errors, Rates = curves }, flow);

        RateCurve Curve(string name, string variable, string held, int[] values, Func<int, Composition?> make)
        {
            double[] sup = new double[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                Composition? made = make(values[i]);
                finest = made ?? finest;
                sup[i] = made is null ? double.NaN : MapErrors.Estimate(made, target, _domain, new MapErrorOptions { Threads = threads, GridPerAxis = 101, Ascents = 4, C1 = false, Integrals = false }).Sup;
            }

            return new(name, variable, [.. values.Select(v => (double)v)], sup, held);
        }
    }

    /// <summary>The one-coordinate maps of N factors with their tubes.</summary>
    private sealed class Steps
    {
        private readonly Linear _first, _last;
        private readonly int _dimension;

        public Steps(Target target, Domain domain, int count)
        {
            _dimension = target.Dimension;
            Isotopy isotopy = new(target, [.. domain.Bounds.Centre], AffineOrder.Moving, PointSet.Even(domain, CheckPoints));
            NearIdentityFactors factors = NearIdentityFactors.Uniform(isotopy, count);
            (_first, _last) = isotopy.AffineParts();
            double[] fit = PointSet.Chebyshev(domain, FitPoints), check = PointSet.Even(domain, CheckPoints);
            All = [.. Enumerable.Range(1, count).SelectMany(k => Enumerable.Range(0, _dimension).Select(i =>
            {
                OneCoordinateMap map = new(factors, k, i, domain);
                return new Step(map.Sample(fit), map.Sample(check));
            }))];
        }

        public IReadOnlyList<Step> All { get; }

        public Composition? Flow(Func<Step, IBijection?> layer) => Flow((step, _) => layer(step));

        /// <summary>The chain; null if a map has no layer.</summary>
        public Composition? Flow(Func<Step, int, IBijection?> layer)
        {
            List<IBijection> parts = [_first];
            for (int i = 0; i < All.Count; i++)
            {
                if (!(All[i].Check.SmallestSlope > 0) || layer(All[i], i) is not { } part) return null;
                parts.Add(part);
            }

            return new Composition(_dimension, [.. parts, _last]);
        }
    }

    private sealed record Step(Tube Tube, Tube Check)
    {
        public SumOfSquaresFit Fit(int degree) =>
            SumOfSquaresFit.Fit(Tube, Check, degree, Tolerance) ?? throw new InvalidOperationException($"degree {degree}: no finite fit of a map with positive slopes");
    }
}
