namespace UniversalFlows.Construction.Affine;

/// <summary>The powers of two next to a positive number.</summary>
internal static class PowerOfTwo
{
    /// <summary>The largest 2^k ≤ x.</summary>
    public static double AtMost(double x) => Math.ScaleB(1, Math.ILogB(x));

    /// <summary>The smallest 2^k ≥ x.</summary>
    public static double AtLeast(double x) => AtMost(x) == x ? x : 2 * AtMost(x);
}
