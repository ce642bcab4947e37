using System.Diagnostics;
using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Certification;

/// <summary>
/// max over K of |f − g|, proved: branch and bound. Boxes that cover K are bounded by Taylor models, level by level; those whose bound is at most L/(1 − gap) stay, the others are
/// halved along every coordinate. L is proved at the best point found.
/// </summary>
public static class Supremum
{
    /// <summary>The gap counts no more below this bound, relative to the size of K's points: the rounding of f and g.</summary>
    private const double Resolution = 1e-13;

    /// <summary>The roots are halved so often before the first box is bounded.</summary>
    internal static int FirstSplits(int dimension) => dimension switch { 1 => 4, 2 => 2, 3 => 1, _ => 0 };

    /// <summary>Proves L ≤ max over K of |f − g| ≤ U. The result does not depend on the number of threads, unless time cuts it.</summary>
    /// <param name="f">A map of R^d, the flow.</param>
    /// <param name="g">A map of R^d, the target.</param>
    /// <param name="domain">K: a box or a ball. A ball is covered by boxes, of which the outermost reach beyond it by less and less.</param>
    /// <param name="settings">Null: a gap of 1%, 60 seconds.</param>
    /// <exception cref="ArgumentException">The dimensions differ or are beyond <see cref="TaylorArena.MaxDimension"/>, the domain is neither a box nor a ball, or a setting is out of its range.</exception>
    public static SupremumCertificate Certify(IMap f, IMap g, Domain domain, CertificateSettings? settings = null)
    {
        settings ??= new CertificateSettings();
        int degree = Check(f, g, domain, settings);
        return Of(new DifferenceNorm(f, g), domain, settings, degree);
    }

    /// <summary>The same of any quantity.</summary>
    internal static SupremumCertificate Of(IQuantity quantity, Domain domain, CertificateSettings settings, int degree) => new Search(quantity, domain, settings, degree).Run();

    /// <summary>Refuses what can't be certified; returns the degree.</summary>
    internal static int Check(IMap f, IMap g, Domain domain, CertificateSettings settings)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(g);
        ArgumentNullException.ThrowIfNull(domain);
        int d = domain.Dimension;
        if (f.Dimension != d || g.Dimension != d) throw new ArgumentException($"maps of R^{d} were expected, not of R^{f.Dimension} and R^{g.Dimension}", nameof(f));
        if (d > TaylorArena.MaxDimension) throw new ArgumentException($"certificates reach up to d = {TaylorArena.MaxDimension}, not {d}", nameof(domain));
        if (domain is not (Box or Ball)) throw new ArgumentException($"K must be a box or a ball, not {domain}", nameof(domain));
        if (!(settings.Gap is >= 0 and < 1)) throw new ArgumentException($"the gap must be in [0, 1), not {settings.Gap:R}", nameof(settings));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxBoxes, 1);
        return settings.Degree ?? d switch { 1 => 8, 2 => 6, 3 => 4, _ => 2 };
    }

    private sealed class Search(IQuantity quantity, Domain domain, CertificateSettings settings, int degree)
    {
        private readonly int _d = domain.Dimension;
        private readonly BoxTree _tree = new(domain);
        private readonly Ascent _ascent = new(quantity, domain);
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private double _lower;
        private double[] _witness = [.. domain.Bounds.Centre];
        private int _boxes;
        private volatile bool _cut;

        public SupremumCertificate Run()
        {
            List<int> level = [0];
            for (int s = 0; s < FirstSplits(_d); s++) level = Split(level, out _);
            Prove(_ascent.FromLattice(starts: 4).ToList());
            CertificateEnd end;
            while (true)
            {
                bool last = level.Count > settings.MaxBoxes - _boxes;
                if (last)
                {
                    // the worst boxes first, as far as they go; the others keep their parents' bounds
                    level = [.. level.OrderByDescending(_tree.Bound).ThenBy(b => b).Take(settings.MaxBoxes - _boxes)];
                }

                double[] centres = Bound(level);
                _boxes += level.Count;
                Climb(level, centres);
                double enough = Math.Max(_lower / (1 - settings.Gap), Resolution * Size());
                List<int> open = [.. level.Where(b => _tree.Bound(b) > enough)];
                settings.Progress?.Invoke(_lower, _tree.Largest(), _boxes);
                if (_cut || last || open.Count == 0)
                {
                    end = _cut ? CertificateEnd.Time : last && _tree.Largest() > enough ? CertificateEnd.Boxes : CertificateEnd.Gap;
                    break;
                }

                bool exhausted = Exhausted(open, enough);
                level = exhausted ? [] : Split(open, out exhausted);
                if (exhausted || level.Count == 0)
                {
                    end = CertificateEnd.Resolution;
                    break;
                }
            }

            double upper = Math.Max(_tree.Largest(), _lower);
            SupremumCertificate result = new(_lower, upper, _witness, end, _boxes, 0, degree, _tree.ToString());
            if (end == CertificateEnd.Gap && result.Gap > settings.Gap) result = result with { End = CertificateEnd.Resolution };
            return result with { Seconds = _clock.Elapsed.TotalSeconds };
        }

        /// <summary>
        /// Whether rounding is what keeps the gap open: at the centre of the worst box, a single point, the bound P is above what would be enough, and U − L is at most twice
        /// P − L. Smaller boxes can't bring U below P.
        /// </summary>
        private bool Exhausted(List<int> open, double enough)
        {
            int worst = open[0];
            foreach (int box in open)
                if (_tree.Bound(box) > _tree.Bound(worst)) worst = box;
            Span<Lanes> point = stackalloc Lanes[_d];
            for (int i = 0; i < _d; i++) point[i] = Lanes.Constant((0.5 * _tree.Lower(worst)[i]) + (0.5 * _tree.Upper(worst)[i]));
            double bound = quantity.OverBoxes(degree, point, point, out _)[0];
            return bound > enough && _tree.Bound(worst) - _lower <= 2 * (bound - _lower);
        }

        private List<int> Split(List<int> boxes, out bool stuck)
        {
            List<int> children = new(boxes.Count << _d);
            stuck = false;
            foreach (int box in boxes) stuck |= !_tree.Split(box, children);
            return children;
        }

        /// <summary>Bounds the boxes, eight at a time; returns the quantity near their centres.</summary>
        private double[] Bound(List<int> boxes)
        {
            double[] bounds = new double[boxes.Count], centres = new double[boxes.Count];
            Array.Fill(bounds, double.PositiveInfinity);
            Workers.For((boxes.Count + Lanes.Width - 1) / Lanes.Width, settings.Threads, batch =>
            {
                if (_cut || settings.Cancellation.IsCancellationRequested || _clock.Elapsed > settings.MaxTime)
                {
                    _cut = true;
                    return;
                }

                Span<Lanes> lower = stackalloc Lanes[_d], upper = stackalloc Lanes[_d];
                int first = batch * Lanes.Width, count = Math.Min(Lanes.Width, boxes.Count - first);
                _tree.Eight(boxes, first, lower, upper);
                Lanes bound = quantity.OverBoxes(degree, lower, upper, out Lanes centre);
                for (int lane = 0; lane < count; lane++) (bounds[first + lane], centres[first + lane]) = (bound[lane], centre[lane]);
            });
            for (int n = 0; n < bounds.Length; n++) _tree.Improve(boxes[n], bounds[n]);
            return centres;
        }

        /// <summary>If a centre promises more than L, climbs from the best one.</summary>
        private void Climb(List<int> boxes, double[] centres)
        {
            if (boxes.Count == 0) return;
            int best = 0;
            for (int n = 1; n < centres.Length; n++)
                if (centres[n] > centres[best]) best = n;
            if (!(centres[best] > _lower)) return;
            ReadOnlySpan<double> lower = _tree.Lower(boxes[best]), upper = _tree.Upper(boxes[best]);
            double[] x = new double[_d];
            for (int i = 0; i < _d; i++) x[i] = (0.5 * lower[i]) + (0.5 * upper[i]);
            domain.Project(x);
            _ascent.Climb(x, 0, 0.25 * (upper[0] - lower[0]) / (domain.Bounds.Upper[0] - domain.Bounds.Lower[0]));
            Prove([x]);
        }

        /// <summary>L ← the best lower bound that is proved at the given points of K.</summary>
        private void Prove(List<double[]> points)
        {
            points.RemoveAll(x => !IsMember(x));
            Span<Lanes> x = stackalloc Lanes[_d];
            for (int first = 0; first < points.Count; first += Lanes.Width)
            {
                Ascent.Eight(points, first, x);
                Lanes proved = quantity.AtPoints(x);
                for (int lane = 0; lane < Math.Min(Lanes.Width, points.Count - first); lane++)
                    if (proved[lane] > _lower) (_lower, _witness) = (proved[lane], points[first + lane]);
            }
        }

        /// <summary>Whether a point is in K for sure: of a ball, Σ (x_i − c_i)² ≤ r² in intervals, after moving it inwards by a few ulps.</summary>
        private bool IsMember(double[] x)
        {
            if (domain is not Ball ball) return domain.Contains(x);
            for (int attempt = 0; attempt < 4; attempt++)
            {
                Interval sum = Interval.Constant(0);
                for (int i = 0; i < _d; i++)
                {
                    Interval e = Interval.Abs(Interval.Constant(x[i]) - Interval.Constant(ball.Centre[i]));
                    sum += e * e;
                }

                if (sum.Upper[0] <= (Interval.Constant(ball.Radius) * Interval.Constant(ball.Radius)).Lower[0]) return true;
                for (int i = 0; i < _d; i++) x[i] = ball.Centre[i] + ((x[i] - ball.Centre[i]) * (1 - (1e-15 * (1 << (4 * attempt)))));
            }

            return false;
        }

        private double Size()
        {
            double size = 1;
            foreach (double v in domain.Bounds.Lower) size = Math.Max(size, Math.Abs(v));
            foreach (double v in domain.Bounds.Upper) size = Math.Max(size, Math.Abs(v));
            return size;
        }
    }
}
