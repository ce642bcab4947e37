using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Testing.Laws;

/// <summary>Derivatives of the inverse, which come from the implicit function rule or a closed form, against an iteration differentiated step by step.</summary>
internal static class InverseGradientLaw
{
    private const int Steps = 12;

    /// <summary>
    /// x(y) by the unrolled chord iteration x ← x − A(f(x) − y), A = Df(x*)⁻¹ frozen, carried out in dual numbers from a constant start near
    /// x*: each step multiplies the error of the tangent by I − A·Df(x), which is small near x*, so that 12 steps reach rounding. The tangents of
    /// f⁻¹ and of its log-det are those of the iteration within 1e-8·κ(J)·(1 + ‖J⁻¹‖) resp. that times 1 + |∇ld|.
    /// </summary>
    public static string? IsThatOfTheUnrolledIteration(Trial trial)
    {
        int d = trial.Dimension;
        double[] x = trial.Point(), y = Calculus.Forward(trial.Flow, x, out _), solution = Calculus.Inverse(trial.Flow, y, out _, out _);
        double[] jacobian = Calculus.Jacobian(trial.Flow, solution), inverse = new double[d * d];
        if (!SmallMatrix.Invert(jacobian, d, inverse)) return $"x = {Calculus.Show(x)}: the Jacobian is singular";
        (double norm, double inverseNorm) = Calculus.Norms(jacobian, d);
        double[] direction = new double[d];
        trial.Random.FillNormal(direction);

        Dual<Real>[] implicitly = [.. y.Select((v, i) => new Dual<Real>(new Real(v), new Real(direction[i])))], target = [.. implicitly];
        InverseStatus status = default;
        Dual<Real> logDet = trial.Flow.Inverse<Dual<Real>>(implicitly, ref status);

        Dual<Real>[] unrolled = [.. solution.Select(v => Dual<Real>.Constant(v + (1e-5 * (1 + Math.Abs(v)) * trial.Random.NextUniform(-1, 1))))], image = new Dual<Real>[d];
        Dual<Real> forward = default;
        for (int step = 0; step <= Steps; step++)
        {
            unrolled.CopyTo(image, 0);
            forward = trial.Flow.Forward<Dual<Real>>(image);
            if (step == Steps) break;
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++) unrolled[i] -= inverse[(i * d) + j] * (image[j] - target[j]);
        }

        double tolerance = 1e-8 * norm * inverseNorm * (1 + inverseNorm);
        for (int i = 0; i < d; i++)
        {
            double a = implicitly[i].Tangent.Value, b = unrolled[i].Tangent.Value;
            if (!(Math.Abs(a - b) <= tolerance)) return $"y = {Calculus.Show(y)}: ∂x_{i} along {Calculus.Show(direction)} is {a:R}, of the unrolled iteration {b:R}, tolerance {tolerance:g3}";
        }

        double c = logDet.Tangent.Value, e = -forward.Tangent.Value, wide = tolerance * (1 + Math.Abs(e));
        return Math.Abs(c - e) <= wide ? null : $"y = {Calculus.Show(y)}: ∂ log-det along {Calculus.Show(direction)} is {c:R}, of the unrolled iteration {e:R}, tolerance {wide:g3}";
    }
}
