using System.Runtime.CompilerServices;
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

    /// <summary>y ← y + a·x.</summary>
    public static void AddScaledTo(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        ReadOnlySpan<Vector512<double>> xv = MemoryMarshal.Cast<double, Vector512<double>>(x);
        Span<Vector512<double>> yv = MemoryMarshal.Cast<double, Vector512<double>>(y[..x.Length]);
        Vector512<double> av = Vector512.Create(a);
        for (int i = 0; i < xv.Length; i++) yv[i] = Vector512.FusedMultiplyAdd(av, xv[i], yv[i]);
        for (int i = 8 * xv.Length; i < x.Length; i++) y[i] = Math.FusedMultiplyAdd(a, x[i], y[i]);
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

    /// <summary>Σ x_i y_i in four interleaved chains of eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        y = y[..x.Length];
        ref double a = ref MemoryMarshal.GetReference(x), b = ref MemoryMarshal.GetReference(y);
        Vector512<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i + 32 <= x.Length; i += 32)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)i), Vector512.LoadUnsafe(ref b, (nuint)i), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)i + 8), Vector512.LoadUnsafe(ref b, (nuint)i + 8), s1);
            s2 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)i + 16), Vector512.LoadUnsafe(ref b, (nuint)i + 16), s2);
            s3 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)i + 24), Vector512.LoadUnsafe(ref b, (nuint)i + 24), s3);
        }

        for (; i + 8 <= x.Length; i += 8)
            s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref a, (nuint)i), Vector512.LoadUnsafe(ref b, (nuint)i), s0);
        double sum = Sum((s0 + s1) + (s2 + s3));
        for (; i < x.Length; i++) sum = Math.FusedMultiplyAdd(x[i], y[i], sum);
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
