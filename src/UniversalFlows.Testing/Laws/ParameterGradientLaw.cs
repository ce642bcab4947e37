using UniversalFlows.Bijections;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.Laws;

/// <summary>Derivatives in the parameters against differences of values.</summary>
internal static class ParameterGradientLaw
{
    /// <summary>
    /// For F = Σ_i c_i y_i + c_d·ld at one point, random c, and a random direction v in parameter space: ∂F along v by dual numbers
    /// (<see cref="Dense.Direction"/>) is the central difference (F(θ + hv) − F(θ − hv))/2h within 10 times the change from h to h/2 plus
    /// 1e-7·(1 + Σ|c_i y_i| + |∂F|), h = 6e-6; in both directions of the flow.
    /// </summary>
    public static string? IsThatOfDifferences(Trial trial)
    {
        double[] x = trial.Point(), y = Calculus.Forward(trial.Flow, x, out _);
        return Compare(trial, x, inverse: false) ?? Compare(trial, y, inverse: true);
    }

    private static string? Compare(Trial trial, double[] point, bool inverse)
    {
        const double h = 6e-6;
        int d = trial.Dimension;
        Dense[] layers = [.. trial.Flow.Parameters.Distinct(ReferenceEqualityComparer.Instance).Cast<Dense>()], directions = new Dense[layers.Length];
        double[] weights = new double[d + 1];
        trial.Random.FillNormal(weights);
        for (int l = 0; l < layers.Length; l++)
        {
            directions[l] = new Dense(layers[l].Inputs, layers[l].Outputs);
            trial.Random.FillNormal(directions[l].All);
        }

        double tangent = Tangent(trial.Flow, layers, directions, point, weights, inverse);
        (double coarse, double size) = Difference(h);
        (double fine, double _) = Difference(h / 2);
        double tolerance = (10 * Math.Abs(coarse - fine)) + (1e-7 * (1 + size + Math.Abs(tangent)));
        return Math.Abs(tangent - fine) <= tolerance
            ? null
            : $"{(inverse ? "inverse" : "forward")} at {Calculus.Show(point)}: along a direction of parameters the derivative is {tangent:R}, differences give {fine:R}, tolerance {tolerance:g3}";

        (double Slope, double Size) Difference(double step)
        {
            double right = Moved(step, out double size), left = Moved(-step, out _);
            return ((right - left) / (2 * step), size);
        }

        double Moved(double step, out double size)
        {
            double[][] old = [.. layers.Select(l => l.All.ToArray())];
            try
            {
                for (int l = 0; l < layers.Length; l++)
                    for (int k = 0; k < layers[l].Count; k++) layers[l].All[k] += step * directions[l].All[k];
                double[] value = inverse ? Calculus.Inverse(trial.Flow, point, out double logDet, out _) : Calculus.Forward(trial.Flow, point, out logDet);
                double sum = weights[d] * logDet;
                size = Math.Abs(sum);
                for (int i = 0; i < d; i++)
                {
                    sum += weights[i] * value[i];
                    size += Math.Abs(weights[i] * value[i]);
                }

                return sum;
            }
            finally
            {
                for (int l = 0; l < layers.Length; l++) old[l].CopyTo(layers[l].All);
            }
        }
    }

    private static double Tangent(IBijection flow, Dense[] layers, Dense[] directions, double[] point, double[] weights, bool inverse)
    {
        try
        {
            for (int l = 0; l < layers.Length; l++) layers[l].Direction = directions[l];
            Dual<Real>[] v = [.. point.Select(Dual<Real>.Constant)];
            Numerics.InverseStatus status = default;
            Dual<Real> logDet = inverse ? flow.Inverse<Dual<Real>>(v, ref status) : flow.Forward<Dual<Real>>(v);
            double sum = weights[^1] * logDet.Tangent.Value;
            for (int i = 0; i < v.Length; i++) sum += weights[i] * v[i].Tangent.Value;
            return sum;
        }
        finally
        {
            foreach (Dense layer in layers) layer.Direction = null;
        }
    }
}
