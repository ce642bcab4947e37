using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static System.Runtime.Intrinsics.Vector512;
using Vec = System.Runtime.Intrinsics.Vector512<double>;

namespace UniversalFlows.Scalars;

/// <summary>
/// What the enclosures assume of binary64 and widen by. Arithmetic rounds to nearest: |fl(x∘y) − x∘y| ≤ u·|fl(x∘y)| + 2⁻¹⁰⁷⁵, u = 2⁻⁵³. The library's own
/// functions have the proved bounds of docs/elementary.md. Nothing here changes a rounding mode.
/// </summary>
internal static class Rounding
{
    /// <summary>u = 2⁻⁵³.</summary>
    public const double Unit = 1.1102230246251565e-16;

    /// <summary>
    /// A factor above every relative error that a sum of non-negative products gathers in computing an error bound: up to 2¹² operations lose less than 2⁻⁴⁰.
    /// </summary>
    public const double Safe = 1 + 9.094947017729282e-13;

    /// <summary>Added to each error bound: far above what any step can lose to gradual underflow, far below what matters.</summary>
    public const double Tiny = 1e-300;

    /// <summary>The proved errors of the elementary functions in ulps of the exact value (docs/elementary.md).</summary>
    public const double ExpUlps = 1.1, Expm1Ulps = 2.6, LogUlps = 1.5, Log1pUlps = 2.0, TanhUlps = 4.4, LogisticUlps = 3.7, SoftplusUlps = 3.2, SinUlps = 0.9, CosUlps = 0.9, AtanUlps = 2.8;

    /// <summary>Half an ulp: + − · / √ of IEEE 754.</summary>
    public const double ExactUlps = 0.5;

    /// <summary>
    /// A number at most the exact value of which <paramref name="y"/> is within <paramref name="ulps"/> ≤ 5. NaN stays NaN.
    /// </summary>
    /// <remarks>
    /// Proof. An ulp of the exact value v is at most 2u·|v| + 2⁻¹⁰⁷⁴. So |y − v| ≤ B(2u|v| + 2⁻¹⁰⁷⁴), B ≤ 5, hence |y − v| ≤ (2B + 0.1)·u|y| + 6·2⁻¹⁰⁷⁴.
    /// The sum w = (2B + 2)u|y| + 16·2⁻¹⁰⁷⁴ is formed with a relative error of u (and 2⁻¹⁰⁷⁵), and y − w with one of u·|y − w| ≤ u|y|(1 + 12u) + u·16·2⁻¹⁰⁷⁴ more:
    /// (2B + 2)(1 − u) − 1 − 12u ≥ 2B + 0.1.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Down(Vec y, double ulps) => y - Slack(y, ulps);

    /// <summary>A number at least the exact value: see <see cref="Down"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Up(Vec y, double ulps) => y + Slack(y, ulps);

    /// <summary>A bound on |y − v| for the exact value v of which y is within so many ulps, a factor <see cref="Safe"/> aside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec Radius(Vec y, double ulps) => FusedMultiplyAdd(Abs(y), Create((2 * ulps * Unit) + (0.1 * Unit)), Create(Tiny));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vec Slack(Vec y, double ulps) => FusedMultiplyAdd(Abs(y), Create(((2 * ulps) + 2) * Unit), Create(16 * double.Epsilon));
}
