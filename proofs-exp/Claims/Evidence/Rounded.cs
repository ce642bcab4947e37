namespace UniversalFlows.Proofs.Claims.Evidence;

/// <summary>Printed numbers that come of other printed numbers, in decimal arithmetic.</summary>
internal static class Rounded
{
    /// <summary>a/b against a printed quotient.</summary>
    public static Finding Quotient(double a, double b, double printed)
    {
        decimal exact = (decimal)a / (decimal)b;
        return Finding.Exact((double)Math.Abs(exact - (decimal)printed), $"{a}/{b} in decimal arithmetic against the printed {printed}").With(("quotient", (double)exact), ("printed", printed));
    }

    /// <summary>batch/milliseconds as samples a second against three printed rates, and the first time over the last against a printed quotient, ten times as heavy.</summary>
    public static Finding Rates(int batch, double first, double second, double third, double rate1, double rate2, double rate3, double quotient)
    {
        decimal worst = 0;
        foreach ((double time, double rate) in ((double, double)[])[(first, rate1), (second, rate2), (third, rate3)]) worst = Math.Max(worst, Math.Abs((1000m * batch / (decimal)time) - (decimal)rate));
        decimal ratio = (decimal)first / (decimal)third;
        worst = Math.Max(worst, 10 * Math.Abs(ratio - (decimal)quotient));
        return Finding.Exact((double)worst, $"{batch} samples in {first}, {second} and {third} ms as samples a second, and the quotient of the times, in decimal arithmetic: the largest difference in units of the last printed digit").With(("quotient of the times", (double)ratio), ("printed", quotient));
    }
}
