namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Printed numbers against whole-number and rational arithmetic.</summary>
internal static class Arithmetic
{
    /// <summary>baseᵖ against a printed number.</summary>
    public static Finding Power(int number, int exponent, double printed)
    {
        System.Numerics.BigInteger exact = System.Numerics.BigInteger.Pow(number, exponent);
        return Finding.Exact(Math.Abs((double)(exact - new System.Numerics.BigInteger(printed))), $"{number}^{exponent} by whole numbers against the printed number").With(("printed", printed), ("exact", (double)exact));
    }
}
