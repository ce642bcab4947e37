using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Training;

/// <summary>A distance of two samples, with its gradient in the points of the first one: what a push-forward is trained by where there is no likelihood.</summary>
public interface ISampleLoss
{
    /// <summary>The distance; <paramref name="gradient"/> ← ∂/∂y.</summary>
    /// <param name="y">n points of R^d, coordinate by coordinate: n numbers each.</param>
    /// <param name="x">m points, in the same way.</param>
    /// <param name="dimension">d.</param>
    /// <param name="random">For losses that draw directions.</param>
    /// <param name="gradient">As <paramref name="y"/>.</param>
    double Evaluate(ReadOnlySpan<double> y, ReadOnlySpan<double> x, int dimension, Philox random, Span<double> gradient);
}

/// <summary>
/// The U-statistic of MMD² for k(a, b) = Σ_h exp(−|a − b|²/(2h²)), a sum of Gaussian kernels over widths, without bias: Y. Li, K. Swersky and R. Zemel, "Generative moment matching networks", 2015. ∂k/∂a = −Σ_h (a − b)/h² · exp(−|a − b|²/(2h²)).
/// </summary>
public sealed class KernelLoss : ISampleLoss
{
    private readonly double[] _rates;

    /// <summary>For some widths.</summary>
    public KernelLoss(params IReadOnlyList<double> widths)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (widths.Count == 0 || widths.Any(h => !(h > 0 && double.IsFinite(1 / (h * h))))) throw new ArgumentException("positive widths were expected", nameof(widths));
        _rates = [.. widths.Select(h => 0.5 / (h * h))];
    }

    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> y, ReadOnlySpan<double> x, int dimension, Philox random, Span<double> gradient)
    {
        double n = y.Length / dimension, m = x.Length / dimension;
        gradient.Clear();
        // the pairs i = j have the value of k at 0 and no slope
        double yy = Sum(y, y, dimension, gradient, 2 / (n * (n - 1))) - (n * _rates.Length), xy = Sum(y, x, dimension, gradient, -2 / (n * m)), xx = Sum(x, x, dimension, [], 0) - (m * _rates.Length);
        return (yy / (n * (n - 1))) + (xx / (m * (m - 1))) - (2 * xy / (n * m));
    }

    /// <summary>Σ_ij k(a_i, b_j), and factor·Σ_j ∂k/∂a_i added to the gradient.</summary>
    private double Sum(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int d, Span<double> gradient, double factor)
    {
        int n = a.Length / d, m = b.Length / d;
        using Scratch<double> scratch = new(n + (d * Lanes.Width));
        Span<double> rows = scratch.Take(n), padded = scratch.Take(d * Lanes.Width);
        Span<Lanes> difference = stackalloc Lanes[d], slope = stackalloc Lanes[d];
        for (int i = 0; i < n; i++)
        {
            Lanes sum = default;
            slope.Clear();
            for (int j = 0; j < m; j += Lanes.Width)
            {
                int count = Math.Min(Lanes.Width, m - j);
                Lanes square = default;
                for (int k = 0; k < d; k++)
                {
                    // beyond the last point: so far away that nothing is added
                    Span<double> lanes = padded.Slice(k * Lanes.Width, Lanes.Width);
                    lanes.Fill(a[(k * n) + i] + 1e100);
                    b.Slice((k * m) + j, count).CopyTo(lanes);
                    difference[k] = a[(k * n) + i] - Lanes.Load(lanes);
                    square = Lanes.MultiplyAdd(difference[k], difference[k], square);
                }

                Lanes weight = default;
                foreach (double rate in _rates)
                {
                    Lanes exponent = -rate * square, value = Lanes.Exp(Lanes.SelectLess(exponent, Lanes.Constant(-700), Lanes.Constant(-700), exponent));
                    if (count < Lanes.Width) value = Lanes.SelectLess(square, Lanes.Constant(1e150), value, default);
                    sum += value;
                    weight += (-2 * rate) * value;
                }

                if (gradient.IsEmpty) continue;
                for (int k = 0; k < d; k++) slope[k] += Lanes.SelectLess(square, Lanes.Constant(1e150), weight * difference[k], default);
            }

            rows[i] = VectorMath.Sum(sum.Value);
            if (!gradient.IsEmpty)
                for (int k = 0; k < d; k++) gradient[(k * n) + i] += factor * VectorMath.Sum(slope[k].Value);
        }

        return VectorMath.Sum(rows);
    }
}

/// <summary>
/// Sliced W2²: the mean over directions θ of (1/n) Σ (⟨θ, y⟩_(k) − ⟨θ, x⟩_(k))², sorted samples against each other, new directions at every step (Deshpande, Zhang and Schwing 2018). Samples of equal size.
/// </summary>
/// <param name="directions">How many directions a step.</param>
public sealed class SlicedLoss(int directions) : ISampleLoss
{
    /// <inheritdoc/>
    public double Evaluate(ReadOnlySpan<double> y, ReadOnlySpan<double> x, int dimension, Philox random, Span<double> gradient)
    {
        ArgumentNullException.ThrowIfNull(random);
        int n = y.Length / dimension;
        if (x.Length != y.Length) throw new ArgumentException("samples of equal size were expected", nameof(x));
        gradient.Clear();
        double[] a = new double[n], b = new double[n], axis = new double[dimension];
        int[] order = new int[n];
        double total = 0;
        for (int k = 0; k < directions; k++)
        {
            random.FillNormal(axis);
            double length = Math.Sqrt(VectorMath.Dot(axis, axis));
            foreach (ref double c in axis.AsSpan()) c /= length;
            Project(y, a);
            Project(x, b);
            for (int i = 0; i < n; i++) order[i] = i;
            Array.Sort(a, order);
            Array.Sort(b);
            for (int r = 0; r < n; r++)
            {
                double difference = a[r] - b[r];
                total += difference * difference;
                for (int c = 0; c < dimension; c++) gradient[(c * n) + order[r]] += 2 * difference * axis[c] / (n * (double)directions);
            }
        }

        return total / (n * (double)directions);

        void Project(ReadOnlySpan<double> points, double[] values)
        {
            for (int i = 0; i < n; i++)
            {
                values[i] = 0;
                for (int c = 0; c < dimension; c++) values[i] = Math.FusedMultiplyAdd(axis[c], points[(c * n) + i], values[i]);
            }
        }
    }
}
