using UniversalFlows.Scalars;

namespace UniversalFlows.Bijections.Transformers;

/// <summary>
/// What every mixture σ⁻¹(Σ_j w_j σ(z_j)), w_j &gt; 0, Σ w_j = 1, is computed with: pivots A = min(max z, 0) and B = max(min z, 0), by which
/// p = e^A·Σ w_j u_j and 1 − p = e^−B·Σ w_j v_j, where u_j = e^{min(z_j,0) − A}/(1 + e^{−|z_j|}) and v_j = e^{B − max(z_j,0)}/(1 + e^{−|z_j|}) lie in
/// (0, 1] and one of each is at least ½: no cancellation and no overflow, however far the z_j are from 0 and from each other.
/// </summary>
/// <remarks>A weight below 1e-308 (log-weights below −700, only without a minimum weight) is as good as 0, which may leave a sum of zeros: minimum weights keep that away.</remarks>
internal static class SigmoidMixture
{
    /// <summary>A and B, without derivatives: they cancel in every formula that uses them.</summary>
    public static void Pivots<T>(ReadOnlySpan<T> z, out T a, out T b) where T : unmanaged, IScalar<T>
    {
        T zero = T.Constant(0), largest = T.Freeze(z[0]), smallest = largest;
        for (int j = 1; j < z.Length; j++)
        {
            T frozen = T.Freeze(z[j]);
            largest = T.Max(largest, frozen);
            smallest = T.Min(smallest, frozen);
        }

        (a, b) = (T.Min(largest, zero), T.Max(smallest, zero));
    }

    // An enclosure takes u_j = σ(z_j)e^−A and v_j = σ(−z_j)e^B: the same numbers without a branch at z = 0, which would cost it the kink of |z|.

    // at z = 0 the derivatives of |z|, min and max must be those of one side: Min(0, z) is 0 there, Max(z, 0) and |z| are z

    /// <summary>1 + e^{−|z|}; 1 in an enclosure, whose <see cref="Below"/> and <see cref="Above"/> are divided by it already.</summary>
    public static T Denominator<T>(T z) where T : unmanaged, IScalar<T> => T.Encloses ? T.Constant(1) : 1 + T.Exp(-T.Abs(z));

    /// <summary>e^{min(z, 0) − A}.</summary>
    public static T Below<T>(T z, T a) where T : unmanaged, IScalar<T> =>
        T.Encloses ? T.Logistic(z) * T.Exp(-a) : T.Exp(T.Min(T.Constant(0), z) - a);

    /// <summary>e^{B − max(z, 0)}.</summary>
    public static T Above<T>(T z, T b) where T : unmanaged, IScalar<T> =>
        T.Encloses ? T.Logistic(-z) * T.Exp(b) : T.Exp(b - T.Max(z, T.Constant(0)));

    /// <summary>
    /// log σ′(z) − A + B = (min(z, 0) − A) + (B − max(z, 0)) − 2 log(1 + e^{−|z|}). In (log p + log(1 − p)) the same A − B is left out, so that nothing
    /// of the size of z cancels.
    /// </summary>
    public static T LogSlope<T>(T z, T a, T b) where T : unmanaged, IScalar<T>
    {
        if (T.Encloses) return b - a - (T.Softplus(z) + T.Softplus(-z));
        T zero = T.Constant(0);
        return (T.Min(zero, z) - a) + (b - T.Max(z, zero)) - (2 * T.Softplus(-T.Abs(z)));
    }
}
