namespace UniversalFlows.Proofs.ExactControls;

/// <summary>A linear affine coupling of the plane: coordinate <paramref name="Active"/> ← factor·itself + shift·the other one; factor &gt; 0.</summary>
internal sealed record AlternatingLayer(int Active, double Shift, double Factor)
{
    /// <summary>The 2×2 matrix, row by row.</summary>
    public double[] Matrix => Active == 0 ? [Factor, Shift, 0, 1] : [1, 0, Shift, Factor];

    /// <summary>The largest of |shift|, the factor and its reciprocal.</summary>
    public double Weight => Math.Max(Math.Abs(Shift), Math.Max(Factor, 1 / Factor));
}

/// <summary>
/// Which 2×2 matrices are products of n alternating affine couplings with positive scales, and which ones (docs/controls.md, N10). With X the layers that move x and Y those that move y, an explicit solution of each case.
/// </summary>
internal static class AlternatingLayers
{
    /// <summary>The least number of layers for M = (a, b; c, d), null if det M ≤ 0: none for I; one if M is such a layer; two if a &gt; 0 (X first) or d &gt; 0 (Y first); three if b ≠ 0 or c ≠ 0; else four.</summary>
    public static int? Least(ReadOnlySpan<double> m)
    {
        double a = m[0], b = m[1], c = m[2], d = m[3];
        if (!((a * d) - (b * c) > 0)) return null;
        if (b == 0 && c == 0 && a == 1 && d == 1) return 0;
        if ((c == 0 && d == 1 && a > 0) || (b == 0 && a == 1 && d > 0)) return 1;
        if (a > 0 || d > 0) return 2;
        return b != 0 || c != 0 ? 3 : 4;
    }

    /// <summary>The layers, first to last; null if det M ≤ 0.</summary>
    public static IReadOnlyList<AlternatingLayer>? Factor(ReadOnlySpan<double> m)
    {
        double a = m[0], b = m[1], c = m[2], d = m[3], det = (a * d) - (b * c);
        switch (Least(m))
        {
            case null: return null;
            case 0: return [];
            case 1: return c == 0 && d == 1 ? [new(0, b, a)] : [new(1, c, d)];
            // Y X: (a, b) is X's row; then y gets c/a of the new x
            case 2 when a > 0: return [new(0, b, a), new(1, c / a, det / a)];
            // X Y: (c, d) is Y's row
            case 2: return [new(1, c, d), new(0, b / d, det / d)];
            // X Y X with the first and second scale 1: c is Y's shift, d = c·u + 1, a = s + v·c
            case 3 when c != 0: return [new(0, (d - 1) / c, 1), new(1, c, 1), new(0, (a - det) / c, det)];
            // the same with the coordinates exchanged
            case 3: return [new(1, (a - 1) / b, 1), new(0, b, 1), new(1, (d - det) / b, det)];
            // a shear first; what is left has an entry off the diagonal
            default: return [new(1, 1, 1), .. Factor([a - b, b, c - d, d])!];
        }
    }

    /// <summary>The product, last layer leftmost.</summary>
    public static double[] Product(IEnumerable<AlternatingLayer> layers)
    {
        double[] p = [1, 0, 0, 1];
        foreach (AlternatingLayer layer in layers)
        {
            double[] l = layer.Matrix;
            p = [(l[0] * p[0]) + (l[1] * p[2]), (l[0] * p[1]) + (l[1] * p[3]), (l[2] * p[0]) + (l[3] * p[2]), (l[2] * p[1]) + (l[3] * p[3])];
        }

        return p;
    }
}
