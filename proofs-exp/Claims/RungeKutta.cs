using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Claims;

/// <summary>A vector field: writes dz/dt at (t, z).</summary>
internal delegate void VectorField<T>(double t, ReadOnlySpan<T> z, Span<T> velocity);

/// <summary>Solutions of z′ = f(t, z).</summary>
internal static class RungeKutta
{
    /// <summary>The classical method of order 4 with equal steps; backwards if <paramref name="to"/> is before <paramref name="from"/>.</summary>
    public static void Solve<T>(VectorField<T> f, Span<T> z, double from, double to, int steps, Action<double, T[]>? each = null) where T : unmanaged, IScalar<T>
    {
        int n = z.Length;
        T[] k1 = new T[n], k2 = new T[n], k3 = new T[n], k4 = new T[n], at = new T[n];
        double h = (to - from) / steps;
        each?.Invoke(from, z.ToArray());
        for (int step = 0; step < steps; step++)
        {
            double t = from + (h * step);
            f(t, z, k1);
            for (int i = 0; i < n; i++) at[i] = z[i] + ((0.5 * h) * k1[i]);
            f(t + (0.5 * h), at, k2);
            for (int i = 0; i < n; i++) at[i] = z[i] + ((0.5 * h) * k2[i]);
            f(t + (0.5 * h), at, k3);
            for (int i = 0; i < n; i++) at[i] = z[i] + (h * k3[i]);
            f(t + h, at, k4);
            for (int i = 0; i < n; i++) z[i] += (h / 6) * (k1[i] + (2 * k2[i]) + (2 * k3[i]) + k4[i]);
            each?.Invoke(t + h, z.ToArray());
        }
    }

    /// <summary>
    /// How often the pair of Dormand and Prince (1980) of orders 5 and 4 evaluates f from time 0 to 1: steps with local error at most
    /// <paramref name="tolerance"/>·(1 + |z|), step size by the usual rule (0.9·error^(−1/5), between 0.2 and 5), the last stage of a step used as the first of the next.
    /// </summary>
    public static int Evaluations(VectorField<Real> f, Real[] z, double tolerance)
    {
        double[] c = [0, 0.2, 0.3, 0.8, 8.0 / 9, 1, 1];
        double[][] a =
        [
            [],
            [0.2],
            [3.0 / 40, 9.0 / 40],
            [44.0 / 45, -56.0 / 15, 32.0 / 9],
            [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
            [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
            [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
        ];
        double[] e = [71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40];
        int n = z.Length, count = 1;
        Real[][] k = [.. Enumerable.Range(0, 7).Select(_ => new Real[n])];
        Real[] at = new Real[n];
        double t = 0, h = 0.01;
        f(0, z, k[0]);
        while (t < 1)
        {
            h = Math.Min(h, 1 - t);
            for (int s = 1; s < 7; s++)
            {
                for (int i = 0; i < n; i++)
                {
                    double sum = 0;
                    for (int j = 0; j < s; j++) sum += a[s][j] * k[j][i].Value;
                    at[i] = new(z[i].Value + (h * sum));
                }

                f(t + (c[s] * h), at, k[s]);
                count++;
            }

            double error = 0;
            for (int i = 0; i < n; i++)
            {
                double sum = 0;
                for (int j = 0; j < 7; j++) sum += e[j] * k[j][i].Value;
                error = Math.Max(error, Math.Abs(h * sum) / (tolerance * (1 + Math.Abs(z[i].Value))));
            }

            if (error <= 1)
            {
                t = h >= 1 - t ? 1 : t + h;
                at.CopyTo(z, 0);
                k[6].CopyTo(k[0], 0);
            }

            h *= error == 0 ? 5 : Math.Clamp(0.9 * Reals.Power(error, -0.2), 0.2, 5);
        }

        return count;
    }
}
