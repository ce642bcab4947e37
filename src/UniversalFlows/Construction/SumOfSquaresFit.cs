using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction;

/// <summary>
/// Step (d1): one sum-of-squares layer P(x, y) = c(x) + εy + ∫₀ʸ q(x, z)² dz near a one-coordinate map T, for all x and y on the layer's box, q = Σ_l a_l(x) T_l(z) and c
/// polynomials in Chebyshev's basis of the box. Gauss–Newton steps on the values P − T over the tube, where T is known, begin at the identity, or for d = 1 at the q that fits
/// √(∂T/∂y − ε). P increases in y whatever q is: off the tube, where T need not exist, P is a monotone extension of T.
/// </summary>
/// <remarks>
/// For fixed q the equations are linear in c, and ∂P/∂a_l = 2∫₀ʸ q T_l dz. The polynomials have Euclidean degree at most r, the natural one for functions analytic around a cube
/// (Trefethen 2017). Slices of the tube may be disconnected (a bent K): the values, not the derivatives alone, then tie the pieces together.
/// </remarks>
public sealed class SumOfSquaresFit
{
    private const int MaxSteps = 16;
    private const double FarOff = 1e4;           // a tame fit this far from the tolerance asks for a higher degree, not for more steps
    private const double SmallestLambda = 2e-14; // below it rounding decides whether AᵀA is positive definite

    private readonly Tube _tube;
    private readonly int _dimension, _active, _degree;
    private readonly int[] _passive;
    private readonly double[] _lower, _upper;
    private readonly double _linear;
    private readonly List<(int Output, int Feature)> _unknowns = [];
    private readonly int[][] _features;
    private double[] _coefficients = [];

    private SumOfSquaresFit(Tube tube, Tube check, int degree)
    {
        (_tube, _dimension, _active, _degree) = (tube, tube.Dimension, tube.Coordinate, degree);
        _passive = [.. Enumerable.Range(0, _dimension).Where(i => i != _active)];
        (_lower, _upper) = BoundingBox(check);
        _linear = 0.05 * check.SmallestSlope;
        _features = Exponents(_passive.Length, degree);
        for (int f = 0; f < _features.Length; f++)
        {
            int square = _features[f].Sum(e => e * e);
            for (int output = 0; output <= degree + 1; output++)
            {
                int l = Math.Max(0, output - 1);
                if (square + (l * l) <= degree * degree) _unknowns.Add((output, f));
            }
        }
    }

    /// <summary>How many coefficients a fit of this degree has.</summary>
    public static int Unknowns(int dimension, int degree)
    {
        int count = 0;
        foreach (int[] feature in Exponents(dimension - 1, degree))
        {
            int square = feature.Sum(e => e * e);
            for (int l = 0; l <= degree; l++) count += square + (l * l) <= degree * degree ? l == 0 ? 2 : 1 : 0;
        }

        return count;
    }

    /// <summary>The fit of the given degree. Stops as soon as its sup error on the check points is below the tolerance.</summary>
    /// <param name="tube">T where the layer is fitted.</param>
    /// <param name="check">T at other points, which judge; they also span the box.</param>
    /// <param name="degree">r, of q in y and in x together.</param>
    /// <param name="tolerance">Good enough.</param>
    /// <param name="start">A fit of lower degree to begin from.</param>
    /// <param name="tame">Whether P should stay near the identity off the tube, as far as the tolerance allows.</param>
    /// <param name="last">Whether no higher degree will be tried: then more steps are taken however far off the tolerance is.</param>
    /// <returns>Null if T is not increasing on the tube or nothing finite came out.</returns>
    public static SumOfSquaresFit? Fit(Tube tube, Tube check, int degree, double tolerance, SumOfSquaresFit? start = null, bool tame = false, bool last = false)
    {
        ArgumentNullException.ThrowIfNull(tube);
        ArgumentNullException.ThrowIfNull(check);
        if (!(tube.SmallestSlope > 0) || !double.IsFinite(tube.SmallestSlope)) return null;
        SumOfSquaresFit fit = new(tube, check, degree);
        if (tube.Dimension > 1 && fit.Tame(check, tolerance) && (tame || fit.Error <= tolerance || (!last && fit.Error > FarOff * tolerance))) return fit;
        // on a line the square root of the slopes, once resolved, is a better beginning than a fit that did not resolve it
        SumOfSquaresFit from = tube.Dimension == 1 || start is null || fit.Error < start.Error ? fit : start;
        return new SumOfSquaresFit(tube, check, degree).Iterate(from, check, tolerance);
    }

    /// <summary>r.</summary>
    public int Degree => _degree;

    /// <summary>sup |P − T| over the check points.</summary>
    public double Error { get; private set; } = double.PositiveInfinity;

    /// <summary>P as a coupling.</summary>
    public Coupling ToLayer() => Layer(_coefficients);

    /// <summary>The box of a layer: that of its tube with a margin of a hundredth at each end, 0 included in the active interval, where the integral starts.</summary>
    public static (double[] Lower, double[] Upper) BoundingBox(Tube tube)
    {
        ArgumentNullException.ThrowIfNull(tube);
        double[] lower = new double[tube.Dimension], upper = new double[tube.Dimension];
        for (int j = 0; j < tube.Dimension; j++)
        {
            (double a, double b) = tube.Interval(j);
            if (j == tube.Coordinate) (a, b) = (Math.Min(a, 0), Math.Max(b, 0));
            double margin = 0.01 * (b - a);
            (lower[j], upper[j]) = (a - margin, b + margin);
        }

        return (lower, upper);
    }

    /// <summary>
    /// The tamest fit that is good enough: Gauss–Newton steps towards min |P − T|² + λτ Σ_u (w_u(θ_u − θ⁰_u))², θ⁰ the identity and w growing with the degree, for falling λ until the
    /// error meets the tolerance. Where T is unknown P then stays near the identity and smooth.
    /// </summary>
    private bool Tame(Tube check, double tolerance)
    {
        int groups = (_tube.Count + Lanes.Width - 1) / Lanes.Width, n = _unknowns.Count;
        double[] prior = new double[n], weight = new double[n], deviation = new double[n], residual = new double[_tube.Count];
        for (int u = 0; u < n; u++)
        {
            (int output, int feature) = _unknowns[u];
            int square = _features[feature].Sum(e => e * e), l = Math.Max(0, output - 1);
            if (output == 1 && square == 0) prior[u] = Math.Sqrt(1 - Math.Min(0.5, _linear));
            weight[u] = 1 + square + (l * l);
        }

        _coefficients = (double[])prior.Clone();
        double[] best = _coefficients;
        int idle = 0;
        // the pull to the identity that a tolerance leaves room for; the first one that might do
        for (double lambda = Math.Clamp(0.1 * tolerance, 1e-12, 1e-7); lambda > 1e-15 && idle < 2; lambda *= 0.1)
        {
            double before = Error;
            for (int step = 0; step < 2; step++)
            {
                using LeastSquares equations = new(_tube.Count, n);
                Linearise(equations, groups, _coefficients, residual, weight);
                for (int u = 0; u < n; u++) deviation[u] = (_coefficients[u] - prior[u]) * weight[u];
                equations.AddProduct(deviation, residual);
                if (!equations.Solve(residual, lambda, deviation, refinements: 0)) break;
                double[] next = new double[n];
                for (int u = 0; u < n; u++) next[u] = prior[u] + (deviation[u] / weight[u]);
                _coefficients = next;
                double error = check.ErrorOf(Layer(next));
                if (!(error < Error)) continue;
                (Error, best) = (error, next);
                if (error <= tolerance) return true;
            }

            idle = Error < 0.6 * before ? 0 : idle + 1; // the degree is the limit, not λ
        }

        _coefficients = best;
        return double.IsFinite(Error);
    }

    /// <summary>
    /// Levenberg and Marquardt's iteration from a fit that exists (or, for d = 1, from the square root of the slopes): it also follows the weak directions, along which the tube
    /// hardly feels P, at the price of a wilder P off the tube.
    /// </summary>
    private SumOfSquaresFit? Iterate(SumOfSquaresFit start, Tube check, double tolerance)
    {
        int groups = (_tube.Count + Lanes.Width - 1) / Lanes.Width;
        double[] step = new double[_unknowns.Count], residual = new double[_tube.Count], trial = new double[_unknowns.Count];
        _coefficients = new double[_unknowns.Count];
        double lambda = 1e-8, current = double.PositiveInfinity;
        if (double.IsFinite(start.Error))
        {
            Embed(start);
            (lambda, current, Error) = (1e-11, _tube.ErrorOf(Layer(_coefficients)), check.ErrorOf(Layer(_coefficients)));
        }
        else if (!FirstSquareRoot(groups))
        {
            return null;
        }

        int idle = 0;
        for (int iteration = 0; iteration < MaxSteps && idle < 3 && !(Error <= tolerance); iteration++)
        {
            using LeastSquares equations = new(_tube.Count, _unknowns.Count);
            Linearise(equations, groups, _coefficients, residual);
            bool solved = equations.Solve(residual, lambda, step);
            for (int u = 0; u < step.Length; u++) trial[u] = _coefficients[u] + step[u];
            double next = solved ? _tube.ErrorOf(Layer(trial)) : double.PositiveInfinity;
            if (!(next < current))
            {
                lambda *= 30;
                idle++;
                continue;
            }

            idle = next < 0.7 * current ? 0 : idle + 1;
            current = next;
            lambda = Math.Max(lambda * 0.01, SmallestLambda);
            trial.CopyTo(_coefficients, 0);
            Error = check.ErrorOf(Layer(_coefficients));
        }

        return double.IsFinite(Error) ? this : null;
    }

    /// <summary>The coefficients of a fit of lower degree on the same box.</summary>
    private void Embed(SumOfSquaresFit start)
    {
        // degrees are below 256: an exponent a byte
        static (int, int) Key(SumOfSquaresFit fit, int u) => (fit._unknowns[u].Output, fit._features[fit._unknowns[u].Feature].Aggregate(0, (code, e) => (256 * code) + e));
        Dictionary<(int, int), double> known = [];
        for (int u = 0; u < start._unknowns.Count; u++) known[Key(start, u)] = start._coefficients[u];
        for (int u = 0; u < _unknowns.Count; u++) _coefficients[u] = known.GetValueOrDefault(Key(this, u));
    }

    /// <summary>q ≈ √(∂T/∂y − ε) on the tube; c stays 0.</summary>
    private bool FirstSquareRoot(int groups)
    {
        (int Output, int Feature)[] unknowns = [.. _unknowns.Where(u => u.Output > 0)];
        using LeastSquares equations = new(_tube.Count, unknowns.Length);
        double[] right = [.. _tube.Slopes.Select(s => Math.Sqrt(s - _linear))], q = new double[unknowns.Length];
        using Scratch<Lanes> scratch = new(_dimension + _features.Length + _degree + 1);
        Span<Lanes> y = scratch.Take(_dimension), features = scratch.Take(_features.Length), basis = scratch.Take(_degree + 1);
        for (int g = 0; g < groups; g++)
        {
            PointSet.Load(_tube.Points, _dimension, g * Lanes.Width, y);
            Features(y, features);
            ChebyshevGrid.Basis(Scaled(y[_active], _active), basis);
            Lanes inside = Inside(g);
            for (int u = 0; u < unknowns.Length; u++) equations.Set(g, u, inside * features[unknowns[u].Feature] * basis[unknowns[u].Output - 1]);
        }

        if (!equations.Solve(right, 1e-9, q)) return false;
        for (int u = 0, next = 0; u < _unknowns.Count; u++)
            if (_unknowns[u].Output > 0) _coefficients[u] = q[next++];
        return true;
    }

    /// <summary>The equations of one Gauss–Newton step: rows (∂P/∂c, ∂P/∂a) and right-hand sides T − P.</summary>
    private void Linearise(LeastSquares equations, int groups, double[] coefficients, double[] residual, double[]? weight = null)
    {
        GaussLegendre rule = GaussLegendre.Rule(_degree + 1);
        int n = _degree + 1;
        using Scratch<Lanes> scratch = new(_dimension + _features.Length + (4 * n) + 1);
        Span<Lanes> y = scratch.Take(_dimension), features = scratch.Take(_features.Length), a = scratch.Take(n + 1), basis = scratch.Take(n), moments = scratch.Take(n);
        for (int g = 0; g < groups; g++)
        {
            PointSet.Load(_tube.Points, _dimension, g * Lanes.Width, y);
            Features(y, features);
            a.Clear();
            for (int u = 0; u < coefficients.Length; u++)
            {
                ref Lanes sum = ref a[_unknowns[u].Output];
                sum = Lanes.MultiplyAdd(Lanes.Constant(coefficients[u]), features[_unknowns[u].Feature], sum);
            }

            moments.Clear();
            Lanes active = y[_active], integral = Lanes.Constant(_linear) * active;
            for (int i = 0; i < n; i++)
            {
                ChebyshevGrid.Basis(Scaled(active * (0.5 * (1 + rule.Nodes[i])), _active), basis);
                Lanes q = default;
                for (int l = 0; l < n; l++) q = Lanes.MultiplyAdd(a[1 + l], basis[l], q);
                Lanes weighted = active * (0.5 * rule.Weights[i]) * q;
                integral = Lanes.MultiplyAdd(weighted, q, integral);
                for (int l = 0; l < n; l++) moments[l] = Lanes.MultiplyAdd(weighted + weighted, basis[l], moments[l]);
            }

            Lanes inside = Inside(g), value = a[0] + integral;
            for (int u = 0; u < _unknowns.Count; u++)
            {
                (int output, int feature) = _unknowns[u];
                Lanes entry = output == 0 ? features[feature] : features[feature] * moments[output - 1];
                equations.Set(g, u, inside * (weight is null ? entry : entry / weight[u]));
            }

            for (int lane = 0; lane < Lanes.Width && (g * Lanes.Width) + lane < _tube.Count; lane++)
                residual[(g * Lanes.Width) + lane] = _tube.Values[(g * Lanes.Width) + lane] - value[lane];
        }
    }

    /// <summary>The coupling with these coefficients.</summary>
    private Coupling Layer(double[] coefficients)
    {
        int r = _degree, passive = _passive.Length, side = r + 1, tensor = 1;
        for (int i = 0; i < passive; i++) tensor *= side;
        SumOfSquaresTransformer transformer = new(1, r, new PolynomialBasis(true, _lower[_active], _upper[_active]), _linear);
        if (passive == 0)
        {
            double[] raw = new double[r + 2];
            for (int u = 0; u < coefficients.Length; u++) raw[_unknowns[u].Output] = coefficients[u];
            return new Coupling(1, [], [0], transformer, new ConstantConditioner(0, raw));
        }

        Dense rows = new(tensor, r + 2);
        for (int u = 0; u < coefficients.Length; u++)
        {
            int column = 0;
            foreach (int e in _features[_unknowns[u].Feature]) column = (column * side) + e;
            rows.Weights[(_unknowns[u].Output * tensor) + column] = coefficients[u];
        }

        double[] lower = [.. _passive.Select(i => _lower[i])], upper = [.. _passive.Select(i => _upper[i])];
        int[] degrees = new int[passive];
        Array.Fill(degrees, r);
        return new Coupling(
            _dimension, _passive, [_active], transformer,
            new ClippedConditioner(lower, upper, new ChebyshevConditioner(degrees, lower, upper, rows)));
    }

    /// <summary>Φ_f = Π_i T_{f_i}(u_i) of the passive coordinates.</summary>
    private void Features(ReadOnlySpan<Lanes> y, Span<Lanes> features)
    {
        using Scratch<Lanes> scratch = new(Math.Max(1, _passive.Length) * (_degree + 1));
        Span<Lanes> bases = scratch.Take(Math.Max(1, _passive.Length) * (_degree + 1));
        for (int i = 0; i < _passive.Length; i++) ChebyshevGrid.Basis(Scaled(y[_passive[i]], _passive[i]), bases.Slice(i * (_degree + 1), _degree + 1));
        for (int f = 0; f < features.Length; f++)
        {
            Lanes product = Lanes.Constant(1);
            for (int i = 0; i < _passive.Length; i++) product *= bases[(i * (_degree + 1)) + _features[f][i]];
            features[f] = product;
        }
    }

    private Lanes Scaled(Lanes y, int coordinate)
    {
        double width = _upper[coordinate] - _lower[coordinate];
        return Lanes.MultiplyAdd(Lanes.Constant(2 / width), y, Lanes.Constant(-(_lower[coordinate] + _upper[coordinate]) / width));
    }

    /// <summary>1 in the lanes that hold a point, 0 beyond the last one.</summary>
    private Lanes Inside(int group)
    {
        Lanes inside = Lanes.Constant(1);
        for (int lane = 0; lane < Lanes.Width; lane++)
            if ((group * Lanes.Width) + lane >= _tube.Count) inside = inside.With(lane, 0);
        return inside;
    }

    /// <summary>All exponents (e_1, …, e_p) of Euclidean length at most n; one empty list for p = 0.</summary>
    private static int[][] Exponents(int p, int n)
    {
        List<int[]> all = [[]];
        for (int i = 0; i < p; i++)
            all = [.. all.SelectMany(head => Enumerable.Range(0, n + 1).Select(e => (int[])[.. head, e]))];
        return [.. all.Where(e => e.Sum(k => k * k) <= n * n)];
    }
}
