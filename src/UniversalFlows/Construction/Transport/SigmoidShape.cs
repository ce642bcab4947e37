using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// Curves by deep sigmoidal layers: v = σ((t − shift)/scale) as a mixture Σ_j w_j σ(a_j(z − c_j)) with fixed centres in cells of equal mass of N(0, spread²), slopes a_j = κ/h_j, w_j the increments of v: a smoothing of v by a kernel of variance
/// m = π²/(3a²) + h²/12, which is v + ½(m v′)′ + …. Corrected, v − ½(m v′)′ is used instead, as far as that leaves the weights above a twentieth of the plain ones.
/// </summary>
internal sealed class SigmoidShape : CoordinateShape
{
    private const double Overlap = 2, LeastWeight = 2e-5;

    private readonly double[] _ends, _widths, _raw;
    private readonly double _scale, _shift;
    private readonly bool _corrected;
    private readonly int _count;

    public SigmoidShape(int count, double spread, double scale, double shift, bool corrected)
    {
        (_count, _scale, _shift, _corrected) = (count, scale, shift, corrected);
        _ends = [.. Enumerable.Range(0, count + 1).Select(j => spread * Normal.Quantile((j + 0.5) / (count + 1), 1 - ((j + 0.5) / (count + 1))))];
        _widths = [.. Enumerable.Range(0, count).Select(j => _ends[j + 1] - _ends[j])];
        Transformer = new DeepSigmoidalTransformer(count, new PositiveMap(PositiveKind.Exp), 0);
        _raw = new double[3 * count];
        for (int j = 0; j < count; j++)
        {
            double a = Overlap / _widths[j];
            _raw[count + j] = Real.Log(new(a)).Value;
            _raw[(2 * count) + j] = -a * 0.5 * (_ends[j] + _ends[j + 1]);
        }
    }

    public override ITransformer Transformer { get; }

    public override string Words => $"{_count} sigmoids{(_corrected ? ", corrected" : "")}";

    public override (double Scale, double Shift) After => (_scale, _shift);

    public override double[] Raw(Func<double, double> t)
    {
        double[] v = [.. _ends.Select(z => Real.Logistic(new((t(z) - _shift) / _scale)).Value)], w = new double[_count], flux = new double[_count];
        for (int j = 0; j < _count; j++)
        {
            (double lower, double upper) = (j == 0 ? 0 : v[j], j == _count - 1 ? 1 : v[j + 1]);
            w[j] = Math.Max(0, upper - lower);
            double h = _widths[j];
            if (j > 0 && j < _count - 1) flux[j] = 0.5 * ((Math.PI * Math.PI * h * h / (3 * Overlap * Overlap)) + (h * h / 12)) * w[j] / h;
        }

        double[] plain = [.. w];
        if (_corrected)
        {
            for (int j = 1; j < _count; j++)
            {
                // the end between cells j − 1 and j moves by −(flux_j − flux_{j−1})/distance
                double move = (flux[j] - flux[j - 1]) / (0.5 * (_widths[j] + _widths[j - 1]));
                w[j - 1] -= move;
                w[j] += move;
            }

            for (int j = 0; j < _count; j++) w[j] = Math.Max(w[j], 0.05 * plain[j]);
        }

        double total = VectorMath.Sum(w);
        double[] raw = [.. _raw];
        for (int j = 0; j < _count; j++) raw[j] = Real.Log(new(Math.Max(w[j] / total, LeastWeight))).Value;
        return raw;
    }
}
