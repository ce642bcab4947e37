using System.Diagnostics;
using UniversalFlows.Bijections;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Certification;

/// <summary>
/// What was proved: L ≤ ‖f − g‖ ≤ U in L1 or L2 on K, under the assumptions of docs/certificates.md.
/// </summary>
/// <param name="Lower">L.</param>
/// <param name="Upper">U; +∞ if some box has no bound.</param>
/// <param name="End">Why the search ended.</param>
/// <param name="Boxes">How many boxes were bounded.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Degree">D of the Taylor models.</param>
public sealed record IntegralCertificate(double Lower, double Upper, CertificateEnd End, int Boxes, double Seconds, int Degree)
{
    /// <summary>(U − L)/U; 1 if there is no upper bound, 0 if U = 0.</summary>
    public double Gap => Upper == 0 ? 0 : double.IsFinite(Upper) ? (Upper - Lower) / Upper : 1;
}

/// <summary>
/// ∫_K |f − g| and (∫_K |f − g|²)^{1/2}, proved from both sides: Euclidean norm, Lebesgue measure, not normalised. The integral over each box of a tree is enclosed (<see cref="IntegralBound"/>); level by level
/// the boxes with the widest enclosures are halved along every coordinate until the others leave less than half of the gap. A box that K's boundary may cross counts as [0, its integral].
/// </summary>
public static class ErrorIntegral
{
    /// <summary>The gap counts no more below this mean error, relative to the size of K's points: the rounding of f and g.</summary>
    private const double Resolution = 1e-13;

    /// <summary>Proves bounds of ∫_K |f − g|. The result does not depend on the number of threads, unless time cuts it.</summary>
    /// <param name="f">A map of R^d, the flow.</param>
    /// <param name="g">A map of R^d, the target.</param>
    /// <param name="domain">K: a box or a ball.</param>
    /// <param name="settings">Null: a gap of 1%, 60 seconds.</param>
    /// <exception cref="ArgumentException">As for <see cref="Supremum.Certify"/>.</exception>
    public static IntegralCertificate L1(IMap f, IMap g, Domain domain, CertificateSettings? settings = null) => Certify(f, g, 1, domain, settings ?? new());

    /// <summary>Proves bounds of (∫_K |f − g|²)^{1/2}: see <see cref="L1"/>.</summary>
    /// <param name="f">A map of R^d, the flow.</param>
    /// <param name="g">A map of R^d, the target.</param>
    /// <param name="domain">K: a box or a ball.</param>
    /// <param name="settings">Null: a gap of 1%, 60 seconds.</param>
    /// <exception cref="ArgumentException">As for <see cref="Supremum.Certify"/>.</exception>
    public static IntegralCertificate L2(IMap f, IMap g, Domain domain, CertificateSettings? settings = null) => Certify(f, g, 2, domain, settings ?? new());

    /// <summary>Encloses ∫_B |f − g|ᵖ over eight boxes.</summary>
    internal delegate Interval BoxIntegral(int degree, ReadOnlySpan<Lanes> lower, ReadOnlySpan<Lanes> upper);

    private static IntegralCertificate Certify(IMap f, IMap g, int power, Domain domain, CertificateSettings settings) =>
        Of((degree, lower, upper) => IntegralBound.OverBoxes(f, g, power, degree, lower, upper), power, domain, settings, Supremum.Check(f, g, domain, settings));

    /// <summary>The same with any enclosure of the integrals over boxes.</summary>
    internal static IntegralCertificate Of(BoxIntegral integral, int power, Domain domain, CertificateSettings settings, int degree) =>
        new Search(integral, power, domain, settings, degree).Run();

    private sealed class Search(BoxIntegral integral, int power, Domain domain, CertificateSettings settings, int degree)
    {
        private readonly int _d = domain.Dimension;
        private readonly BoxTree _tree = new(domain);
        private readonly List<double> _least = [], _most = [];
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private int _boxes;
        private volatile bool _cut;

        public IntegralCertificate Run()
        {
            List<int> leaves = [0];
            for (int s = 0; s < Supremum.FirstSplits(_d); s++)
            {
                List<int> halves = [];
                foreach (int box in leaves) _tree.Split(box, halves);
                leaves = halves;
            }

            Bound(leaves);
            (double lower, double upper) = _cut ? (0, double.PositiveInfinity) : Sums(leaves);
            CertificateEnd end = CertificateEnd.Time;
            for (int slow = 0; !_cut;)
            {
                settings.Progress?.Invoke(Norm(lower, upper).Lower[0], Norm(lower, upper).Upper[0], _boxes);
                double enough = Enough(lower), before = upper - lower;
                end = CertificateEnd.Gap;
                if (before <= enough) break;
                end = CertificateEnd.Resolution;
                if (slow == 2) break;
                List<int> worst = Worst(leaves, 0.5 * enough);
                end = CertificateEnd.Boxes;
                worst = [.. worst.Take((settings.MaxBoxes - _boxes) >> _d)];
                if (worst.Count == 0) break;
                HashSet<int> gone = [];
                List<int> children = [];
                foreach (int box in worst)
                    if (_tree.Split(box, children)) gone.Add(box);
                end = CertificateEnd.Resolution;
                if (gone.Count == 0) break;
                end = CertificateEnd.Time;
                Bound(children);
                if (_cut) break; // the boxes of the last whole level count
                leaves = [.. leaves.Where(b => !gone.Contains(b)), .. children];
                (double least, double most) = Sums(leaves);
                (lower, upper) = (Math.Max(lower, least), Math.Min(upper, most));
                slow = double.IsFinite(before) && upper - lower > 0.95 * before ? slow + 1 : 0;
            }

            Interval norm = Norm(lower, upper);
            IntegralCertificate result = new(norm.Lower[0], norm.Upper[0], end, _boxes, 0, degree);
            if (end == CertificateEnd.Gap && result.Gap > settings.Gap) result = result with { End = CertificateEnd.Resolution };
            return result with { Seconds = _clock.Elapsed.TotalSeconds };
        }

        /// <summary>The width of [∫|e|ᵖ] at which the gap of the norm is reached: U ≤ L/(1 − gap)ᵖ, or the rounding of the maps.</summary>
        private double Enough(double lower)
        {
            double ratio = 1 - settings.Gap, floor = Resolution * Size();
            return power == 1
                ? Math.Max(lower * ((1 / ratio) - 1), floor * domain.Volume)
                : Math.Max(lower * ((1 / (ratio * ratio)) - 1), floor * floor * domain.Volume);
        }

        /// <summary>The boxes of the widest enclosures, widest first, without those that together leave at most <paramref name="rest"/>.</summary>
        private List<int> Worst(List<int> leaves, double rest)
        {
            List<int> order = [.. leaves.OrderByDescending(b => _most[b] - _least[b]).ThenBy(b => b)];
            int keep = order.Count;
            for (double sum = 0; keep > 0; keep--)
            {
                sum += _most[order[keep - 1]] - _least[order[keep - 1]];
                if (!(sum <= rest)) break;
            }

            return order[..keep];
        }

        private void Bound(List<int> boxes)
        {
            _boxes += boxes.Count;
            _least.AddRange(Enumerable.Repeat(0.0, _tree.Count - _least.Count));
            _most.AddRange(Enumerable.Repeat(double.PositiveInfinity, _tree.Count - _most.Count));
            Interval[] found = new Interval[(boxes.Count + Lanes.Width - 1) / Lanes.Width];
            Workers.For(found.Length, settings.Threads, batch =>
            {
                if (_cut || settings.Cancellation.IsCancellationRequested || _clock.Elapsed > settings.MaxTime)
                {
                    _cut = true;
                    return;
                }

                Span<Lanes> lower = stackalloc Lanes[_d], upper = stackalloc Lanes[_d];
                _tree.Eight(boxes, batch * Lanes.Width, lower, upper);
                found[batch] = integral(degree, lower, upper);
            });
            for (int n = 0; n < boxes.Count; n++)
            {
                Interval range = found[n / Lanes.Width];
                _most[boxes[n]] = range.Upper[n % Lanes.Width];
                if (_tree.IsInside(boxes[n])) _least[boxes[n]] = range.Lower[n % Lanes.Width];
            }
        }

        /// <summary>The sums of the lower and of the upper ends, by halves: fewer than 40 roundings a summand, which 10⁻¹⁴ covers.</summary>
        private (double Lower, double Upper) Sums(List<int> leaves)
        {
            return (Sum(_least, 0, leaves.Count) * (1 - 1e-14), Sum(_most, 0, leaves.Count) * (1 + 1e-14));

            double Sum(List<double> values, int from, int to) =>
                to - from == 1 ? values[leaves[from]] : Sum(values, from, (from + to) / 2) + Sum(values, (from + to) / 2, to);
        }

        private Interval Norm(double lower, double upper)
        {
            Interval sum = Interval.Between(lower, upper);
            return power == 1 ? sum : Interval.Max(Interval.Sqrt(sum), Interval.Constant(0));
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
