using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Transport;

/// <summary>
/// Curves by sums of squares, P = c + εu + ∫ q². Straight, u = z on [−5, 5]: for smooth curves. Squashed, u = 2Φ(z) − 1 first, itself a sum of squares with q = (2φ)^{1/2}, to e⁻ⁿ²: then mass is uniform on [−1, 1], and a jump costs its width alone. The curve
/// is smoothed by the heat kernel of width η in θ = arccos u, Σ c_l e^{−l²η²/2} T_l(u), which keeps it increasing (heat on (0, π) with the derivative's zeros at the ends keeps a sign), and q interpolates the square root of its derivative.
/// </summary>
internal sealed class SumOfSquaresShape : CoordinateShape
{
    private const int SquashDegree = 28;
    private const double SquashFloor = 1e-9;

    private static readonly Lazy<double[]> s_squash = new(Squash);

    private readonly SumOfSquaresTransformer _transformer;
    private readonly double[] _angles, _abscissae, _damping, _roots;
    private readonly bool _squashed;
    private readonly double _heat;

    public SumOfSquaresShape(bool squashed, int degree, double heat, double floor)
    {
        (_squashed, _heat) = (squashed, heat);
        double half = squashed ? 1 : Reach;
        _transformer = new SumOfSquaresTransformer(1, degree, new PolynomialBasis(true, -half, half), floor);
        // four samples a degree: what the smoothed curve's coefficients need
        int count = 4 * (degree + 1);
        _angles = [.. Enumerable.Range(0, count).Select(i => Math.PI * (i + 0.5) / count)];
        _abscissae = [.. _angles.Select(a => Place(a))];
        int terms = heat > 0 ? Math.Min(count - 1, (int)Math.Ceiling(6 / heat)) : (2 * degree) + 1;
        _damping = [.. Enumerable.Range(0, terms + 1).Select(l => Real.Exp(new(-0.5 * l * l * heat * heat)).Value)];
        _roots = [.. Enumerable.Range(0, degree + 1).Select(k => Math.PI * (k + 0.5) / (degree + 1))];
    }

    public override ITransformer Transformer => _transformer;

    public override string Words => $"{(_squashed ? "Phi first, then " : "")}degree {_transformer.Degree}{(_heat > 0 ? $", heat {_heat:G2}" : "")}";

    public override IEnumerable<IBijection> Before(int dimension, int k) => _squashed ? [Alone(dimension, k, SquashTransformer, s_squash.Value)] : [];

    private static SumOfSquaresTransformer SquashTransformer { get; } = new(1, SquashDegree, new PolynomialBasis(true, -Reach, Reach), SquashFloor);

    protected override double Input(double z) => _squashed ? Normal.Cdf(z) - Normal.Survival(z) : z;

    public override double[] Raw(Func<double, double> t)
    {
        int degree = _transformer.Degree, terms = _damping.Length - 1, count = _angles.Length;
        double half = _squashed ? 1 : Reach, floor = _transformer.Linear;
        double[] values = [.. _abscissae.Select(t)], c = Coefficients(values, terms);
        for (int l = 0; l <= terms; l++) c[l] *= _damping[l];
        double[] raw = new double[degree + 2], q = new double[degree + 1];
        for (int k = 0; k <= degree; k++)
        {
            // dG/du = Σ l c_l sin(lθ)/sin θ, in units of the half interval
            double sine = Real.Sin(new(_roots[k])).Value, slope = 0;
            (double s, double before) = (sine, 0);
            double twice = 2 * Real.Cos(new(_roots[k])).Value;
            for (int l = 1; l <= terms; l++)
            {
                slope += l * c[l] * s;
                (s, before) = ((twice * s) - before, s);
            }

            q[k] = Math.Sqrt(Math.Max(0, (slope / sine / half) - floor));
        }

        ChebyshevGrid.ToCoefficients(q, degree, 1);
        q.CopyTo(raw, 1);
        // c by the median of the differences, which is what an L1 error asks for
        double[] drawn = Values(raw), difference = [.. Probes.Select((z, n) => t(z) - drawn[n]).Order()];
        raw[0] = 0.5 * (difference[(difference.Length / 2) - 1] + difference[difference.Length / 2]);
        return raw;
    }

    /// <summary>z at the angle: for the squashed curve Φ⁻¹((1 + cos θ)/2), with the digits of both ends, within the reach.</summary>
    private double Place(double angle)
    {
        if (!_squashed) return Reach * Real.Cos(new(angle)).Value;
        double c = Real.Cos(new(0.5 * angle)).Value, s = Real.Sin(new(0.5 * angle)).Value;
        return Math.Clamp(Normal.Quantile(c * c, s * s), -Reach, Reach);
    }

    /// <summary>c_l = (2/N) Σ_i v_i cos(lθ_i), c_0 half of that.</summary>
    private double[] Coefficients(double[] values, int terms)
    {
        int count = values.Length;
        double[] c = new double[terms + 1];
        for (int i = 0; i < count; i++)
        {
            double twice = 2 * Real.Cos(new(_angles[i])).Value, one = 0.5 * twice, two = 1; // cos(0), and cos(−θ)
            (double cosine, double before) = (two, one);
            for (int l = 0; l <= terms; l++)
            {
                c[l] += values[i] * cosine * (l == 0 ? 1.0 : 2.0) / count;
                (cosine, before) = ((twice * cosine) - before, cosine);
            }
        }

        return c;
    }

    private static double[] Squash()
    {
        double[] nodes = ChebyshevGrid.Nodes(SquashDegree), q = [.. nodes.Select(u => Math.Sqrt(Math.Max(0, (2 * Normal.Density(Reach * u)) - SquashFloor)))];
        ChebyshevGrid.ToCoefficients(q, SquashDegree, 1);
        return [0, .. q];
    }
}
