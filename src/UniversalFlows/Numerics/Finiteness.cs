using System.Runtime.Intrinsics;
using UniversalFlows.Scalars;

namespace UniversalFlows.Numerics;

/// <summary>Overflow of closed-form inverses, which have no iteration to notice it.</summary>
internal static class Finiteness
{
    /// <summary><see cref="InverseStatus.NotFinite"/> if a lane of the value is infinite or NaN, the given status (or worse) otherwise.</summary>
    public static InverseStatus Lower<T>(InverseStatus status, T x) where T : unmanaged, IScalar<T>
    {
        if (status > InverseStatus.Stalled) return status; // a solver has said it already, and more precisely
        for (int g = 0; g < T.Groups; g++)
        {
            Vector512<double> finite = Vector512.LessThanOrEqual(Vector512.Abs(T.Primal(x, g).Value), Vector512.Create(double.MaxValue));
            if (!Vector512.EqualsAll(finite.AsInt64(), Vector512<long>.AllBitsSet)) return InverseStatus.NotFinite;
        }

        return status;
    }
}
