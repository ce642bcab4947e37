using UniversalFlows.Numerics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Continuous flows: solutions of differential equations and the densities along them.</summary>
internal static class ContinuousFlows
{
    /// <summary>z′ = −z from a normal law: log p grows by D·T, and p_T(z) = p_0(e^T z)e^{DT}.</summary>
    public static Finding Contraction(int dimension, double time) => Contraction(dimension, time, -1);

    /// <summary>The same with another sign of the trace.</summary>
    internal static Finding Contraction(int dimension, double time, double sign)
    {
        Largest gain = default, density = default;
        for (int n = 0; n < 20; n++)
        {
            double[] start = new double[dimension];
            new Philox(1, $"contraction {n}").FillNormal(start);
            Real[] z = [.. start.Select(v => new Real(v)), new Real(LogNormal(start, 1))];
            RungeKutta.Solve<Real>(
                (_, at, velocity) =>
                {
                    double trace = 0;
                    for (int i = 0; i < dimension; i++)
                    {
                        // f_i and ∂f_i/∂z_i by a dual number
                        Dual<Real> f = -Dual<Real>.Variable(at[i]);
                        velocity[i] = f.Value;
                        trace += f.Tangent.Value;
                    }

                    velocity[dimension] = new(sign * trace);
                },
                z, 0, time, 400);
            double[] end = [.. z[..dimension].Select(v => v.Value)];
            gain.Add(Math.Abs(z[dimension].Value - LogNormal(start, 1) - (dimension * time)));
            density.Add(Math.Abs(z[dimension].Value - LogNormal(end, Reals.Exp(time)) - (dimension * time)));
        }

        return Finding.AtPoints(Math.Max(gain.Value, density.Value), 2e-11, $"z′ = −z in R^{dimension} with the log-density along it, traces by dual numbers, 400 steps of order 4, twenty points: the gain against DT, the log-density at the end against log p₀(e^T z) + DT")
            .With(("largest error of the gain", gain.Value), ("largest error of the log-density", density.Value), ("DT", dimension * time));
    }

    /// <summary>log|det J| of the solution's map is the integral of the trace: Lorenz, and a neural field.</summary>
    public static Finding Liouville() => Liouville(1);

    /// <summary>The same with another sign of the trace.</summary>
    internal static Finding Liouville(double sign)
    {
        // Lorenz, divergence −41/3
        const double T = 0.2;
        double[] x = [1, -2, 20];
        double lorenz = LogDeterminant(x, (z, f) => Lorenz(z, f), T, 2000), formula = -41.0 / 3 * T;
        Largest worst = default;
        worst.Add(Math.Abs(lorenz - (sign * formula)));

        // a neural field, whose divergence varies
        NeuralField field = new(3, 6);
        double[] theta = field.Random(1, 1.5);
        double network = 0, integral = 0;
        for (int n = 0; n < 4; n++)
        {
            double[] start = new double[3];
            new Philox(1, $"liouville {n}").FillNormal(start);
            network = LogDeterminant(start, (z, f) => field.Evaluate([.. theta.Select(Dual<Real>.Constant)], z, f), 1, 200);
            Real[] parameters = [.. theta.Select(v => new Real(v))], augmented = [.. start.Select(v => new Real(v)), default];
            RungeKutta.Solve<Real>(
                (_, z, velocity) =>
                {
                    field.Evaluate<Real>(parameters, z[..3], velocity[..3]);
                    velocity[3] = new(sign * field.Divergence<Real>(parameters, z[..3]).Value);
                },
                augmented, 0, 1, 200);
            integral = augmented[3].Value;
            worst.Add(Math.Abs(network - integral));
        }

        return Finding.AtPoints(worst.Value, 1e-8, "the Jacobian of the solution by dual numbers through Runge–Kutta, its determinant by elimination, against the integral of the trace: Lorenz at time 0.2 (−41/15), and a neural field of R³ at time 1 from four points")
            .With(("log|det|, Lorenz", lorenz), ("−41/15", formula), ("log|det|, network", network), ("integral of the trace", integral));
    }

    /// <summary>Evaluations by an adaptive solver on three fields; the defect is how far the neural one's count is outside of [low, high], relatively.</summary>
    public static Finding Evaluations(int low, int high, double tolerance)
    {
        NeuralField field = new(2, 64);
        Real[] theta = [.. field.Random(1, 3).Select(v => new Real(v))];
        int neural = RungeKutta.Evaluations((_, z, f) => field.Evaluate<Real>(theta, z, f), [new(0.5), new(-1)], tolerance);
        return Evaluations(low, high, tolerance, neural);
    }

    /// <summary>The same with another count for the neural field.</summary>
    internal static Finding Evaluations(int low, int high, double tolerance, int neural)
    {
        int simple = RungeKutta.Evaluations((_, z, f) => (f[0], f[1]) = (-z[0], -z[1]), [new(0.5), new(-1)], tolerance);
        int fast = RungeKutta.Evaluations((_, z, f) => (f[0], f[1]) = (-60 * z[1], 60 * z[0]), [new(0.5), new(-1)], tolerance);
        double outside = Math.Max(0, Math.Max(((double)low / neural) - 1, ((double)neural / high) - 1));
        return Finding.Measured(outside, $"evaluations of f from time 0 to 1 by the Dormand–Prince pair with tolerance {tolerance:R}: a random network 2 → 64 → 2 against [{low}, {high}]")
            .With(("a random network", neural), ("z′ = −z", simple), ("a fast rotation", fast));
    }

    private static double LogDeterminant(double[] x, VectorFieldOf f, double time, int steps)
    {
        int d = x.Length;
        double[] jacobian = new double[d * d];
        for (int j = 0; j < d; j++)
        {
            Dual<Real>[] z = [.. x.Select((v, i) => new Dual<Real>(new(v), new(i == j ? 1 : 0)))];
            RungeKutta.Solve<Dual<Real>>((_, at, velocity) => f(at, velocity), z, 0, time, steps);
            for (int i = 0; i < d; i++) jacobian[(i * d) + j] = z[i].Tangent.Value;
        }

        return SmallMatrix.LogAbsDeterminant(jacobian, d, out _);
    }

    private static void Lorenz(ReadOnlySpan<Dual<Real>> z, Span<Dual<Real>> f)
    {
        f[0] = 10 * (z[1] - z[0]);
        f[1] = (z[0] * (28 - z[2])) - z[1];
        f[2] = (z[0] * z[1]) - (8.0 / 3 * z[2]);
    }

    /// <summary>log N(s·z; 0, I).</summary>
    private static double LogNormal(double[] z, double scale) => z.Sum(v => (-0.5 * scale * scale * v * v) - (0.5 * Functions.LogTwoPi));

    private delegate void VectorFieldOf(ReadOnlySpan<Dual<Real>> z, Span<Dual<Real>> velocity);
}
