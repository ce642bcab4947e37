using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>Log-domain sums and probability vectors.</summary>
internal static class Normalised
{
    /// <summary>log Σ_j e^{a_j}, shifted by the largest.</summary>
    public static T LogSumExp<T>(ReadOnlySpan<T> a) where T : unmanaged, IScalar<T>
    {
        T top = Largest(a), sum = T.Constant(0);
        foreach (T v in a) sum += T.Exp(v - top);
        return top + T.Log(sum);
    }

    /// <summary>log(μ + (1 − nμ)·softmax_j(raw)).</summary>
    public static void LogSoftmax<T>(ReadOnlySpan<T> raw, Span<T> result, double minimum) where T : unmanaged, IScalar<T>
    {
        T total = LogSumExp(raw);
        for (int j = 0; j < raw.Length; j++) result[j] = raw[j] - total;
        if (minimum == 0) return;
        for (int j = 0; j < raw.Length; j++) result[j] = T.Log((T.Exp(result[j]) * (1 - (raw.Length * minimum))) + minimum);
    }

    /// <summary>μ + (1 − nμ)·softmax_j(raw).</summary>
    public static void Softmax<T>(ReadOnlySpan<T> raw, Span<T> result, double minimum) where T : unmanaged, IScalar<T>
    {
        T top = Largest(raw), sum = T.Constant(0);
        for (int j = 0; j < raw.Length; j++)
        {
            result[j] = T.Exp(raw[j] - top);
            sum += result[j];
        }

        T factor = (1 - (raw.Length * minimum)) / sum;
        for (int j = 0; j < raw.Length; j++) result[j] = T.MultiplyAdd(result[j], factor, T.Constant(minimum));
    }

    /// <summary>A pivot: no derivative flows through it, and none is needed.</summary>
    private static T Largest<T>(ReadOnlySpan<T> a) where T : unmanaged, IScalar<T>
    {
        T top = T.Freeze(a[0]);
        for (int j = 1; j < a.Length; j++) top = T.Max(top, T.Freeze(a[j]));
        return top;
    }
}
