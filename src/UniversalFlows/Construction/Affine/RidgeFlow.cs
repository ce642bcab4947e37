using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Conditioners;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Construction.Affine;

/// <summary>
/// The Hénon-like trick: (p, q) ↦ (u(p), q + c(p)), u increasing with inverse v, up to O(δ) by two affine couplings between linear maps:
/// X = δ(q + c(p)) + u(p) in q's place, Y = (u′(v(X))/δ)·(p − v(X)) in p's place, X ← X + δY (linear: not a third coupling), and (p, q) ← (X, −Y).
/// The powers of δ stand in the linear maps: as logarithms of the couplings' scales they would cost a digit.
/// Since v(X) = p + δ(q + c)/u′ + O(δ²), −Y = q + c + (δ/2)(q + c)²u″/u′² + O(δ²) and X = u + O(δ²). Rounding is amplified by 1/δ.
/// </summary>
/// <remarks>Lee, Chakrabarti, Risteski and Moitra 2021 use Hénon-like maps for a similar end. docs/sup-universality.md.</remarks>
internal static class HenonTriple
{
    /// <summary>The two couplings and the linear maps, in the first two of d coordinates.</summary>
    /// <param name="chain">Receives them.</param>
    /// <param name="dimension">d.</param>
    /// <param name="delta">δ.</param>
    /// <param name="forward">p ↦ (u(p), c(p)).</param>
    /// <param name="backward">X ↦ (v(X), log u′(v(X))).</param>
    /// <param name="lower">The p in use begin here,</param>
    /// <param name="upper">and end here.</param>
    /// <param name="reach">sup |q + c|.</param>
    public static void Append(
        LayerChain chain, int dimension, double delta, Func<double, (double U, double C)> forward, Func<double, (double V, double LogSlope)> backward, double lower, double upper, double reach)
    {
        double from = forward(lower).U - (delta * reach), to = forward(upper).U + (delta * reach);
        chain.Affine(Block(dimension, [1, 0, 0, delta]), new double[dimension]);
        chain.Add(new Coupling(dimension, [0], [1], new AffineTransformer(null), Interpolant(lower, upper, p =>
        {
            (double u, double c) = forward(p);
            return [Math.FusedMultiplyAdd(delta, c, u)];
        })));
        chain.Add(new Coupling(dimension, [1], [0], new AffineTransformer(new PositiveMap(PositiveKind.Exp)), Interpolant(from, to, x =>
        {
            (double v, double logSlope) = backward(x);
            return [logSlope, -Real.Exp(new(logSlope)).Value * v];
        })));
        // with y = u′(v(X))·(p − v(X)): Y = y/δ, X ← X + δY = X + y, and (p, q) ← (X, −Y)
        chain.Affine(Block(dimension, [1, 1, -1 / delta, 0]), new double[dimension]);
    }

    /// <summary>A 2 × 2 matrix in the first two coordinates, row by row.</summary>
    private static double[] Block(int dimension, ReadOnlySpan<double> entries)
    {
        double[] matrix = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
            for (int j = 0; j < dimension; j++) matrix[(i * dimension) + j] = i < 2 && j < 2 ? entries[(2 * i) + j] : i == j ? 1 : 0;
        return matrix;
    }

    /// <summary>The Chebyshev interpolant on [a, b] of several functions, its degree doubled until the last quarter of the coefficients is rounding; arguments are clipped to [a, b].</summary>
    public static IConditioner Interpolant(double lower, double upper, Func<double, double[]> functions)
    {
        for (int degree = 15; ; degree = (2 * degree) + 1)
        {
            int n = degree + 1;
            double[] points = ChebyshevGrid.Points(degree, [lower], [upper]);
            double[][] values = [.. points.Select(functions)];
            int outputs = values[0].Length;
            Dense table = new(n, outputs);
            bool resolved = true;
            for (int o = 0; o < outputs; o++)
            {
                Span<double> row = table.Weights.Slice(o * n, n);
                for (int k = 0; k < n; k++) row[k] = values[k][o];
                ChebyshevGrid.ToCoefficients(row, degree, 1);
                double largest = 0, tail = 0;
                for (int k = 0; k < n; k++)
                {
                    largest = Math.Max(largest, Math.Abs(row[k]));
                    if (k >= (3 * n) / 4) tail = Math.Max(tail, Math.Abs(row[k]));
                }

                resolved &= tail <= 2e-15 * largest;
            }

            if (resolved || degree >= 127) return new ClippedConditioner([lower], [upper], new ChebyshevConditioner([degree], [lower], [upper], table));
        }
    }
}

/// <summary>The time-τ flow of a ridge term ṗ = g(p), q̇ = k(p), by Runge and Kutta's method in one variable: u, log u′ = ∫g′(p(s))ds and c = ∫k(p(s))ds.</summary>
internal static class RidgeFlow
{
    // (τg′/n)⁵/120 a step, n steps: below 1e-15 for n = |τg′|/0.003, and v's error is amplified by 1/δ
    private const double StepSize = 0.003;

    /// <summary>Appends the term's flow as affine couplings, two and one for each further coordinate, in the coordinates of its frame; false if the term is too large for that.</summary>
    public static bool Append(LayerChain chain, RidgeBasis basis, int i, double[] coefficients, double time, double delta)
    {
        int d = basis.Dimension;
        double radius = basis.Radius;
        int steps = Steps(basis, i, coefficients, time);
        // a term that carries [−R, R] far beyond itself is of no use: cancelling terms have outgrown the step
        for (int k = -4; k <= 4; k++)
            for (int sign = -1; sign <= 1; sign += 2)
                foreach (double v in Flow(basis, i, coefficients, 0.25 * k * radius, sign * time, steps))
                    if (!(Math.Abs(v) <= 100 * (1 + radius))) return false;
        chain.Rotate(basis.Frames[i]);
        for (int r = 2; r < d; r++)
        {
            int component = r;
            chain.Add(new Coupling(d, [0], [r], new AffineTransformer(null), HenonTriple.Interpolant(-radius, radius, p => [Flow(basis, i, coefficients, p, time, steps)[component]])));
        }

        HenonTriple.Append(
            chain, d, delta,
            p =>
            {
                double[] end = Flow(basis, i, coefficients, p, time, steps);
                return (end[0], end[1]);
            },
            x =>
            {
                double[] end = Flow(basis, i, coefficients, x, -time, steps);
                return (end[0], -end[d]); // log u′(v(X)) = −log v′(X)
            },
            -radius, radius, 1.5 * radius);
        chain.RotateBack(basis.Frames[i]);
        chain.Break();
        return true;
    }

    /// <summary>(u(p), c(p), log u′(p)) after the time.</summary>
    public static double[] Flow(RidgeBasis basis, int i, double[] coefficients, double p, double time, int steps)
    {
        int d = basis.Dimension;
        double h = time / steps, x = p;
        double[] end = new double[d + 1];
        Span<double> a = stackalloc double[d], b = stackalloc double[d], c = stackalloc double[d], e = stackalloc double[d];
        for (int n = 0; n < steps; n++)
        {
            basis.Evaluate(i, coefficients, x, a, out double slopeA);
            basis.Evaluate(i, coefficients, x + (0.5 * h * a[0]), b, out double slopeB);
            basis.Evaluate(i, coefficients, x + (0.5 * h * b[0]), c, out double slopeC);
            basis.Evaluate(i, coefficients, x + (h * c[0]), e, out double slopeE);
            double sixth = h / 6;
            x += sixth * (a[0] + (2 * (b[0] + c[0])) + e[0]);
            for (int r = 1; r < d; r++) end[r] += sixth * (a[r] + (2 * (b[r] + c[r])) + e[r]);
            end[d] += sixth * (slopeA + (2 * (slopeB + slopeC)) + slopeE);
        }

        end[0] = x;
        return end;
    }

    private static int Steps(RidgeBasis basis, int i, double[] coefficients, double time)
    {
        double steepest = 0;
        Span<double> values = stackalloc double[basis.Dimension];
        for (int k = 0; k <= 32; k++)
        {
            basis.Evaluate(i, coefficients, basis.Radius * ((k / 16.0) - 1), values, out double slope);
            steepest = Math.Max(steepest, Math.Abs(slope));
        }

        double steps = Math.Ceiling(Math.Abs(time) * steepest / StepSize);
        return steps < 256 ? Math.Max(4, (int)steps) : 256; // a NaN is 256, too: it shows in the flow
    }
}
