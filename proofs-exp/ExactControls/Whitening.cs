using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.ExactControls;

/// <content>The whitening curve.</content>
public static partial class Controls
{
    /// <summary>The depths at which the KL is recorded.</summary>
    private static readonly int[] s_depths = [1, 2, 4, 8, 16];

    /// <summary>
    /// The whitening curve, without training: N(0, Σ) through layers that are each a random rotation and the affine coupling that makes the active half independent of the passive one with unit variances. Near the identity the KL to
    /// N(0, I) falls by the factor ρ_D = 1 − D²/(2(D − 1)(D + 2)) − 1/(D + 2) a layer in the mean; by another 1/(D + 2) more if the passive variances are normalised too.
    /// </summary>
    /// <param name="dimension">D.</param>
    /// <param name="normalised">Whether passive variances are normalised too.</param>
    /// <param name="seed">Of the rotations.</param>
    /// <param name="layer">Σ ← the covariance after the coupling, in place of the exactly whitening one.</param>
    public static ControlResult Whitening(int dimension = 8, bool normalised = false, ulong seed = DefaultSeed, Action<double[], int>? layer = null)
    {
        layer ??= (s, n) => Whiten(s, n, normalised);
        int d = dimension, draws = d switch { <= 4 => 4000, 8 => 4000, 16 => 2000, 32 => 400, _ => 150 };
        double exact = Rho(d) - (normalised ? 1.0 / (d + 2) : 0);
        Philox random = new(seed, $"whitening {d}");
        // log-eigenvalues ±ε, symmetric, so that the terms of third order cancel in the mean; what is left is of order ε²
        const double Near = 1e-2;
        double[] start = Diagonal(d, Near);
        double before = Divergence(start, d), sum = 0, squares = 0;
        double[] moved = new double[d * d], rotation = new double[d * d];
        for (int n = 0; n < draws; n++)
        {
            Haar(rotation, d, random);
            Rotate(start, rotation, d, moved);
            layer(moved, d);
            double factor = Divergence(moved, d) / before;
            sum += factor;
            squares += factor * factor;
        }

        double mean = sum / draws, error = Math.Sqrt(Math.Max(0, (squares / draws) - (mean * mean)) / draws);
        List<ControlPoint> points = [new(normalised ? "factor, passive variances normalised" : "factor", d, exact, mean, error)];
        int repeats = d switch { <= 16 => 64, 32 => 12, _ => 4 };
        string series = normalised ? "KL, passive variances normalised" : "KL";
        double[][] curve = [.. s_depths.Select(_ => new double[repeats])];
        double[] far = Diagonal(d, 2), state = new double[d * d];
        double first = Divergence(far, d);
        points.Add(new(series, 0, first, first));
        for (int r = 0; r < repeats; r++)
        {
            far.CopyTo(state, 0);
            for (int l = 1; l <= s_depths[^1]; l++)
            {
                Haar(rotation, d, random);
                Rotate(state, rotation, d, moved);
                layer(moved, d);
                moved.CopyTo(state, 0);
                int at = Array.IndexOf(s_depths, l);
                if (at >= 0) curve[at][r] = Divergence(state, d);
            }
        }

        for (int k = 0; k < s_depths.Length; k++)
        {
            double average = curve[k].Average(), spread = Math.Sqrt(curve[k].Sum(v => (v - average) * (v - average)) / Math.Max(1, repeats - 1) / repeats);
            points.Add(new(series, s_depths[k], first * Layers.Power(exact, s_depths[k]), average, spread));
        }

        double tolerance = (4 * error) + (20 * Near * Near);
        return new ControlResult
        {
            Id = "whitening",
            Setting = $"D = {d}{(normalised ? ", passive variances normalised" : "")}",
            Class = "a random rotation and one exactly whitening affine coupling a layer",
            Target = $"N(0, Σ) of R{Up(d)}",
            Why = "a layer removes the dependence of the halves and the active variances, nothing else",
            Quantities =
            [
                new("factor", exact, normalised ? "1 − D²/(2(D − 1)(D + 2)) − 2/(D + 2)" : "1 − D²/(2(D − 1)(D + 2)) − 1/(D + 2)", HaarMoments(d, normalised), "second moments of entries of QΛQᵀ summed block by block", tolerance)
                {
                    CrossTolerance = 1e-12,
                    Trained = mean,
                    StandardError = error,
                    TrainedBy = $"{draws} random layers near the identity, mean factor of the KL",
                    WitnessLower = mean,
                    WitnessUpper = mean,
                    WitnessBy = "the same number: within four standard errors on both sides",
                },
            ],
            Points = points,
        };
    }

    /// <summary>ρ_D.</summary>
    public static double Rho(int d) => 1 - ((double)d * d / (2.0 * (d - 1) * (d + 2))) - (1.0 / (d + 2));

    /// <summary>The share of ‖H‖² that is left, H traceless and turned at random: E h_ij² = 1/((d − 1)(d + 2)) off the diagonal and E h_ii² = 2/(d(d + 2)), of ‖H‖² = 1, entry by entry.</summary>
    private static double HaarMoments(int d, bool normalised)
    {
        double left = 0;
        int passive = d / 2;
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                bool removed = i < passive != j < passive || (i == j && (i >= passive || normalised));
                if (!removed) left += i == j ? 2.0 / (d * (d + 2.0)) : 1.0 / ((d - 1.0) * (d + 2.0));
            }
        }

        return left;
    }

    /// <summary>diag(e^{λ_i}), λ equally spaced from −size to size.</summary>
    private static double[] Diagonal(int d, double size)
    {
        double[] a = new double[d * d];
        for (int i = 0; i < d; i++) a[(i * d) + i] = Layers.Exp(size * (((2.0 * i) / (d - 1)) - 1));
        return a;
    }

    /// <summary>½(tr Σ − D − log det Σ), the log-det by Cholesky's factors.</summary>
    private static double Divergence(ReadOnlySpan<double> s, int d)
    {
        double[] l = s.ToArray();
        double sum = 0;
        for (int i = 0; i < d; i++) sum += s[(i * d) + i] - 1;
        for (int k = 0; k < d; k++)
        {
            double pivot = Pivot(l, d, k);
            sum -= Layers.Log(pivot);
        }

        return 0.5 * sum;
    }

    /// <summary>Eliminates column k of a symmetric matrix below the diagonal; returns the pivot.</summary>
    private static double Pivot(double[] a, int d, int k)
    {
        double pivot = a[(k * d) + k];
        for (int i = k + 1; i < d; i++)
        {
            double factor = a[(i * d) + k] / pivot;
            for (int j = k + 1; j <= i; j++) a[(i * d) + j] -= factor * a[(j * d) + k];
        }

        return pivot;
    }

    /// <summary>A random rotation, uniform over the orthogonal group: rows of a Gaussian matrix made orthonormal one after the other, twice.</summary>
    private static void Haar(double[] q, int d, Philox random)
    {
        random.FillNormal(q);
        for (int i = 0; i < d; i++)
        {
            Span<double> row = q.AsSpan(i * d, d);
            for (int round = 0; round < 2; round++)
            {
                for (int j = 0; j < i; j++)
                {
                    ReadOnlySpan<double> other = q.AsSpan(j * d, d);
                    double product = VectorMath.Dot(row, other);
                    for (int k = 0; k < d; k++) row[k] -= product * other[k];
                }
            }

            double length = Math.Sqrt(VectorMath.Dot(row, row));
            foreach (ref double x in row) x /= length;
        }
    }

    /// <summary>QΣQᵀ.</summary>
    private static void Rotate(double[] s, double[] q, int d, double[] result)
    {
        double[] half = new double[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) half[(i * d) + j] = VectorMath.Dot(q.AsSpan(i * d, d), s.AsSpan(j * d, d)); // Σ is symmetric
        for (int i = 0; i < d; i++)
            for (int j = 0; j <= i; j++) result[(i * d) + j] = result[(j * d) + i] = VectorMath.Dot(half.AsSpan(i * d, d), q.AsSpan(j * d, d));
    }

    /// <summary>The law after the coupling: no covariance between the halves, the active one its Schur complement with unit variances.</summary>
    private static void Whiten(double[] s, int d, bool normalised)
    {
        int passive = d / 2;
        double[] schur = [.. s];
        for (int k = 0; k < passive; k++) _ = Pivot(schur, d, k);
        double[] scale = new double[d];
        for (int i = 0; i < d; i++) scale[i] = i >= passive ? 1 / Math.Sqrt(schur[(i * d) + i]) : normalised ? 1 / Math.Sqrt(s[(i * d) + i]) : 1;
        for (int i = 0; i < d; i++)
        {
            bool active = i >= passive;
            for (int j = 0; j < i; j++)
            {
                double value = active != j >= passive ? 0 : scale[i] * scale[j] * (active ? schur[(i * d) + j] : s[(i * d) + j]);
                s[(i * d) + j] = s[(j * d) + i] = value;
            }

            if (active || normalised) s[(i * d) + i] = 1;
        }
    }
}
