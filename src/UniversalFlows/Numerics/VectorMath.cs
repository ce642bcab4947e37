using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace UniversalFlows.Numerics;

/// <summary>Sums over long vectors, eight lanes wide in a fixed order: the same bits on every machine.</summary>
public static class VectorMath
{
    /// <summary>y ← y + x.</summary>
    public static void AddTo(ReadOnlySpan<double> x, Span<double> y)
    {
        ReadOnlySpan<Vector512<double>> xv = MemoryMarshal.Cast<double, Vector512<double>>(x);
        Span<Vector512<double>> yv = MemoryMarshal.Cast<double, Vector512<double>>(y[..x.Length]);
        for (int i = 0; i < xv.Length; i++) yv[i] += xv[i];
        for (int i = 8 * xv.Length; i < x.Length; i++) y[i] += x[i];
    }

    /// <summary>z ← z + x∘y.</summary>
    public static void AddProductTo(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z)
    {
        ReadOnlySpan<Vector512<double>> xv = MemoryMarshal.Cast<double, Vector512<double>>(x), yv = MemoryMarshal.Cast<double, Vector512<double>>(y[..x.Length]);
        Span<Vector512<double>> zv = MemoryMarshal.Cast<double, Vector512<double>>(z[..x.Length]);
        for (int i = 0; i < xv.Length; i++) zv[i] = Vector512.FusedMultiplyAdd(xv[i], yv[i], zv[i]);
        for (int i = 8 * xv.Length; i < x.Length; i++) z[i] = Math.FusedMultiplyAdd(x[i], y[i], z[i]);
    }

    /// <summary>Σ x_i.</summary>
    public static double Sum(ReadOnlySpan<double> x)
    {
        ReadOnlySpan<Vector512<double>> xv = MemoryMarshal.Cast<double, Vector512<double>>(x);
        Vector512<double> a = default;
        foreach (Vector512<double> v in xv) a += v;
        double sum = Sum(a);
        for (int i = 8 * xv.Length; i < x.Length; i++) sum += x[i];
        return sum;
    }

    /// <summary>Σ x_i y_i.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ReadOnlySpan<Vector512<double>> xv = MemoryMarshal.Cast<double, Vector512<double>>(x);
        ReadOnlySpan<Vector512<double>> yv = MemoryMarshal.Cast<double, Vector512<double>>(y[..x.Length]);
        Vector512<double> a = default, b = default, c = default, d = default;
        int i = 0;
        for (; i + 4 <= xv.Length; i += 4)
        {
            a = Vector512.FusedMultiplyAdd(xv[i], yv[i], a);
            b = Vector512.FusedMultiplyAdd(xv[i + 1], yv[i + 1], b);
            c = Vector512.FusedMultiplyAdd(xv[i + 2], yv[i + 2], c);
            d = Vector512.FusedMultiplyAdd(xv[i + 3], yv[i + 3], d);
        }

        for (; i < xv.Length; i++) a = Vector512.FusedMultiplyAdd(xv[i], yv[i], a);
        double sum = Sum((a + b) + (c + d));
        for (int j = 8 * xv.Length; j < x.Length; j++) sum = Math.FusedMultiplyAdd(x[j], y[j], sum);
        return sum;
    }

    /// <summary>The sum of eight lanes by halves.</summary>
    public static double Sum(Vector512<double> v)
    {
        Vector256<double> half = v.GetLower() + v.GetUpper();
        Vector128<double> quarter = half.GetLower() + half.GetUpper();
        return quarter[0] + quarter[1];
    }
}
