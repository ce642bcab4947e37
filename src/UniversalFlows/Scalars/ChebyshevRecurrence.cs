namespace UniversalFlows.Scalars;

/// <summary>T_0 = 1, T_1 = u, T_k = 2u·T_{k−1} − T_{k−2}.</summary>
internal static class ChebyshevRecurrence
{
    public static void Run<T>(T u, Span<T> basis) where T : unmanaged, IScalar<T>
    {
        basis[0] = T.Constant(1);
        if (basis.Length > 1) basis[1] = u;
        T twice = u + u;
        for (int k = 2; k < basis.Length; k++) basis[k] = T.MultiplyAdd(twice, basis[k - 1], -basis[k - 2]);
    }
}
