namespace UniversalFlows.Tests.Measurement;

/// <summary>max c·x subject to Ax ≤ b, x ≥ 0, with b ≥ 0: the simplex method on a tableau with Bland's rule. A reference for a few dozen variables.</summary>
internal static class SmallLinearProgram
{
    public static double Maximum(double[] c, double[][] a, double[] b)
    {
        int n = c.Length, m = b.Length;
        double[][] t = [.. a.Select((row, i) => (double[])[.. row, .. Enumerable.Range(0, m).Select(k => k == i ? 1.0 : 0), b[i]])];
        double[] reduced = [.. c, .. new double[m + 1]];
        int[] basis = [.. Enumerable.Range(n, m)];
        for (int step = 0; step < 20_000; step++)
        {
            int enter = Array.FindIndex(reduced, 0, n + m, r => r > 1e-12);
            if (enter < 0) return -reduced[n + m];
            int leave = -1;
            for (int i = 0; i < m; i++)
            {
                if (t[i][enter] <= 1e-12) continue;
                double ratio = t[i][n + m] / t[i][enter], least = leave < 0 ? double.PositiveInfinity : t[leave][n + m] / t[leave][enter];
                if (ratio < least - 1e-13 || (ratio <= least + 1e-13 && leave >= 0 && basis[i] < basis[leave])) leave = i;
            }

            if (leave < 0) throw new InvalidOperationException("unbounded");
            double pivot = t[leave][enter];
            for (int j = 0; j <= n + m; j++) t[leave][j] /= pivot;
            for (int i = 0; i < m; i++)
            {
                if (i == leave || t[i][enter] == 0) continue;
                double factor = t[i][enter];
                for (int j = 0; j <= n + m; j++) t[i][j] -= factor * t[leave][j];
            }

            double f = reduced[enter];
            for (int j = 0; j <= n + m; j++) reduced[j] -= f * t[leave][j];
            basis[leave] = enter;
        }

        throw new InvalidOperationException("no end");
    }
}
