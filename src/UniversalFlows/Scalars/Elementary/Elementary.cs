using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <summary>
/// The library's own elementary functions on eight lanes: + − · / and fused multiply-add on IEEE doubles, comparisons, and integer
/// operations on the bits, in a fixed order. Hence the same bits on every machine, whatever vector width it has.
/// </summary>
/// <remarks>
/// Each lane's result depends on that lane's argument alone: where a lane needs the slow path of a function, the others still get the
/// bits of the fast one. Error bounds are in units in the last place (ulp) of the exact result; how each is proved or measured is in
/// docs/elementary.md. Polynomial coefficients are Chebyshev economisations in exact rational arithmetic, made by
/// docs/elementary-coefficients.py. Nothing here allocates; all members are thread-safe.
/// No public member is inlined: without AVX-512 each vector operation is itself an inlined pair, so a few functions in one caller would
/// exhaust the JIT's inlining budget, and the operations left as calls cost ten to a thousand times more. A call costs 0.2 ns an element.
/// </remarks>
public static partial class Elementary
{
    /// <summary>1.5·2⁵²: adding and subtracting it rounds |t| &lt; 2⁵¹ to the nearest integer, which is then also in the low bits.</summary>
    private const double Shifter = 6755399441055744.0;

    /// <summary>ln 2 rounded to double, 0x1.62e42fefa39efp-1. For a reduced argument below 1, x − n·<see cref="Ln2Hi"/> is exact in one FMA.</summary>
    private const double Ln2Hi = 0.6931471805599453;

    /// <summary>ln 2 − <see cref="Ln2Hi"/> rounded to double, 0x1.abc9e3b39803fp-56.</summary>
    private const double Ln2Lo = 2.3190468138462996e-17;

    /// <summary>1/ln 2 rounded to double, 0x1.71547652b82fep+0.</summary>
    private const double InverseLn2 = 1.4426950408889634;

    /// <summary>The sign bit of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec SignBit(Vec x) => x & Create(-0.0);

    /// <summary>2ⁿ for |n| ≤ 1022, from <paramref name="shifted"/> = n + <see cref="Shifter"/>: n stands in the low bits, the bits above it are shifted out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec PowerOfTwo(Vec shifted) => (ShiftLeft(shifted.AsInt64(), 52) + Create(0x3FF0000000000000L)).AsDouble();
}
