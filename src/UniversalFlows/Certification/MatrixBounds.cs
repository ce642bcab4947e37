using System.Runtime.Intrinsics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Certification;

/// <summary>Bounds of ‖A‖ and ‖A⁻¹‖, spectral norm, for eight enclosed d×d matrices A = C + E, |E_ij| ≤ R_ij; row by row.</summary>
internal static class MatrixBounds
{
    private const int Squarings = 8;

    /// <summary>‖A‖ ≤ ‖C‖ + ‖R‖_F.</summary>
    public static Lanes NormAtMost(ReadOnlySpan<Interval> a, int d)
    {
        Lanes[] centre = Centre(a);
        return (NormAtMost(centre, d) + Off(a, centre)).Upper;
    }

    /// <summary>
    /// ‖A‖ from above without the squarings, for the many layers of a chain: √λ, λ ≥ the largest eigenvalue of AᵀA, from its characteristic polynomial for d = 2, else the largest row sum
    /// (Gershgorin), which is exact for d = 1 and near 1 for a rotation.
    /// </summary>
    public static Lanes QuickNormAtMost(ReadOnlySpan<Interval> a, int d)
    {
        Interval[] gram = new Interval[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                gram[(i * d) + j] = Interval.Constant(0);
                for (int k = 0; k < d; k++) gram[(i * d) + j] += a[(k * d) + i] * a[(k * d) + j];
            }
        }

        Interval largest = Interval.Constant(0);
        if (d == 2)
        {
            Interval half = Interval.Constant(0.5) * Interval.Abs(gram[0] - gram[3]), off = Interval.Abs(gram[1]);
            largest = (Interval.Constant(0.5) * (gram[0] + gram[3])) + Interval.Sqrt(Interval.Max((half * half) + (off * off), Interval.Constant(0)));
        }
        else
        {
            for (int i = 0; i < d; i++)
            {
                Interval row = Interval.Constant(0);
                for (int j = 0; j < d; j++) row += Interval.Abs(gram[(i * d) + j]);
                largest = Interval.Max(largest, row);
            }
        }

        return Interval.Sqrt(Interval.Max(largest, Interval.Constant(0))).Upper;
    }

    /// <summary>‖A⁻¹‖ ≤ 1/((1 − ‖I − XC‖_F)/‖X‖ − ‖R‖_F), X near C⁻¹; NaN or below 0 where that proves nothing is made +∞.</summary>
    public static Lanes InverseAtMost(ReadOnlySpan<Interval> a, int d)
    {
        Lanes[] centre = Centre(a), x = Inverse(centre, d);
        Interval residual = Interval.Constant(0);
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                Interval sum = Interval.Constant(i == j ? -1 : 0);
                for (int k = 0; k < d; k++) sum += Interval.Point(x[(i * d) + k]) * Interval.Point(centre[(k * d) + j]);
                sum = Interval.Abs(sum);
                residual += sum * sum;
            }
        }

        Interval least = ((Interval.Constant(1) - Root(residual)) / NormAtMost(x, d)) - Off(a, centre);
        Vector512<double> bound = (Interval.Constant(1) / Interval.Point(least.Lower)).Upper.Value;
        Vector512<double> proved = Vector512.GreaterThan(least.Lower.Value, default);
        return new(Vector512.ConditionalSelect(proved, bound, Vector512.Create(double.PositiveInfinity)));
    }

    /// <summary>‖A‖ ≥ |Av|/|v|, v near the first singular vector; 0 where nothing is proved.</summary>
    public static Lanes NormAtLeast(ReadOnlySpan<Interval> a, int d)
    {
        Lanes[] v = Direction(Centre(a), d);
        return Proved((Length(Times(a, v, d)) / Length([.. v.Select(Interval.Point)])).Lower);
    }

    /// <summary>‖A⁻¹‖ ≥ |w|/|Aw|, w near the last singular vector; 0 where nothing is proved.</summary>
    public static Lanes InverseAtLeast(ReadOnlySpan<Interval> a, int d)
    {
        Lanes[] x = Inverse(Centre(a), d), u = Direction(x, d), w = new Lanes[d];
        for (int i = 0; i < d; i++)
            for (int k = 0; k < d; k++) w[i] += x[(i * d) + k] * u[k];
        return Proved((Length([.. w.Select(Interval.Point)]) / Length(Times(a, w, d))).Lower);
    }

    /// <summary>
    /// ‖C‖ from above, by a factor d^{1/1024} too large at most: with G = CᵀC, B_0 = G/n_0, B_{k+1} = B_k²/n_{k+1}, n_k the largest row sums, λ_max(G) = n_0√(n_1√(n_2 …)).
    /// </summary>
    public static Interval NormAtMost(ReadOnlySpan<Lanes> c, int d)
    {
        Interval[] b = Product(c, d);
        Interval[] scales = new Interval[Squarings + 1];
        for (int k = 0; ; k++)
        {
            Interval norm = Interval.Constant(0);
            for (int i = 0; i < d; i++)
            {
                Interval row = Interval.Constant(0);
                for (int j = 0; j < d; j++) row += Interval.Abs(b[(i * d) + j]);
                norm = Interval.Max(norm, row);
            }

            scales[k] = Interval.Point(new Lanes(Vector512.Max(norm.Upper.Value, Vector512.Create(1e-280))));
            if (k == Squarings) break;
            Interval[] square = new Interval[d * d];
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                {
                    Interval sum = Interval.Constant(0);
                    for (int l = 0; l < d; l++) sum += b[(i * d) + l] / scales[k] * (b[(l * d) + j] / scales[k]);
                    square[(i * d) + j] = sum;
                }
            }

            b = square;
        }

        Interval largest = scales[Squarings];
        for (int k = Squarings - 1; k >= 0; k--) largest = scales[k] * Interval.Sqrt(largest);
        return Interval.Point(Interval.Sqrt(largest).Upper);
    }

    /// <summary>CᵀC.</summary>
    private static Interval[] Product(ReadOnlySpan<Lanes> c, int d)
    {
        Interval[] gram = new Interval[d * d];
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
            {
                Interval sum = Interval.Constant(0);
                for (int k = 0; k < d; k++) sum += Interval.Point(c[(k * d) + i]) * Interval.Point(c[(k * d) + j]);
                gram[(i * d) + j] = sum;
            }
        }

        return gram;
    }

    /// <summary>Near the first right singular vector of C: the longest column of (CᵀC)^{256}, scaled. Ordinary arithmetic.</summary>
    private static Lanes[] Direction(Lanes[] c, int d)
    {
        Lanes[] b = [.. Product(c, d).Select(g => Interval.Primal(g, 0))];
        for (int round = 0; round < Squarings; round++)
        {
            Lanes trace = default;
            for (int i = 0; i < d; i++) trace += b[(i * d) + i];
            Lanes[] square = new Lanes[d * d];
            for (int i = 0; i < d; i++)
                for (int j = 0; j < d; j++)
                    for (int k = 0; k < d; k++) square[(i * d) + j] += b[(i * d) + k] / trace * (b[(k * d) + j] / trace);
            b = square;
        }

        Lanes[] v = new Lanes[d];
        Vector512<double> longest = Vector512.Create(-1.0);
        for (int j = 0; j < d; j++)
        {
            Vector512<double> longer = Vector512.GreaterThan(b[(j * d) + j].Value, longest);
            longest = Vector512.ConditionalSelect(longer, b[(j * d) + j].Value, longest);
            for (int i = 0; i < d; i++) v[i] = new(Vector512.ConditionalSelect(longer, b[(i * d) + j].Value, v[i].Value));
        }

        return v;
    }

    /// <summary>Near C⁻¹ = (CᵀC)⁻¹Cᵀ, by elimination, which needs no pivots there. Ordinary arithmetic; not finite for a singular C.</summary>
    public static Lanes[] Inverse(ReadOnlySpan<Lanes> c, int d)
    {
        Lanes[] g = [.. Product(c, d).Select(v => Interval.Primal(v, 0))], x = new Lanes[d * d];
        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) x[(i * d) + j] = c[(j * d) + i];
        for (int p = 0; p < d; p++)
        {
            for (int i = 0; i < d; i++)
            {
                if (i == p) continue;
                Lanes factor = g[(i * d) + p] / g[(p * d) + p];
                for (int j = 0; j < d; j++)
                {
                    g[(i * d) + j] -= factor * g[(p * d) + j];
                    x[(i * d) + j] -= factor * x[(p * d) + j];
                }
            }
        }

        for (int i = 0; i < d; i++)
            for (int j = 0; j < d; j++) x[(i * d) + j] /= g[(i * d) + i];
        return x;
    }

    private static Lanes[] Centre(ReadOnlySpan<Interval> a)
    {
        Lanes[] c = new Lanes[a.Length];
        for (int k = 0; k < a.Length; k++) c[k] = Interval.Primal(a[k], 0);
        return c;
    }

    /// <summary>‖A − C‖_F.</summary>
    private static Interval Off(ReadOnlySpan<Interval> a, Lanes[] centre)
    {
        Interval[] off = new Interval[a.Length];
        for (int k = 0; k < a.Length; k++) off[k] = Interval.Point((a[k] - Interval.Point(centre[k])).Magnitude);
        return Interval.Point(Length(off).Upper);
    }

    private static Interval[] Times(ReadOnlySpan<Interval> a, Lanes[] v, int d)
    {
        Interval[] product = new Interval[d];
        for (int i = 0; i < d; i++)
        {
            product[i] = Interval.Constant(0);
            for (int k = 0; k < d; k++) product[i] += a[(i * d) + k] * Interval.Point(v[k]);
        }

        return product;
    }

    private static Interval Length(ReadOnlySpan<Interval> v)
    {
        Interval sum = Interval.Constant(0);
        foreach (Interval x in v)
        {
            Interval size = Interval.Abs(x);
            sum += size * size;
        }

        return Root(sum);
    }

    private static Interval Root(Interval x) => Interval.Sqrt(Interval.Max(x, Interval.Constant(0)));

    private static Lanes Proved(Lanes lower) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(lower.Value, default) & Vector512.LessThanOrEqual(lower.Value, Vector512.Create(double.MaxValue)), lower.Value, default));
}
