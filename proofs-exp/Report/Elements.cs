using UniversalFlows.Scalars;

namespace UniversalFlows.Proofs.Report;

/// <summary>Small numeric helpers of the figures; elementary functions are the suite's own, so that the page's bytes do not depend on the platform.</summary>
internal static class Elements
{
    private const double Log10Of2 = 0.30102999566398120;
    private const double LogOf10 = 2.3025850929940457;

    public static double Exp(double x) => Real.Exp(new Real(x)).Value;

    public static double Log10(double x) => x > 0 ? Real.Log(new Real(x)).Value / LogOf10 : x == 0 ? double.NegativeInfinity : double.NaN;

    public static double PowerOf2(double x) => Exp(x * Log10Of2 * LogOf10);

    public static double PowerOf10(double x) => Exp(x * LogOf10);

    /// <summary>n numbers from a to b, both included.</summary>
    public static double[] Linspace(double a, double b, int n)
    {
        double[] x = new double[n];
        for (int i = 0; i < n; i++)
            x[i] = n == 1 ? 0.5 * (a + b) : ((a * (n - 1 - i)) + (b * i)) / (n - 1);
        return x;
    }

    /// <summary>The Euclidean distance of two points of d numbers at the same place of two tables.</summary>
    public static double Distance(double[] a, double[] b, int point, int d)
    {
        double squares = 0;
        for (int j = 0; j < d; j++)
        {
            double e = a[(point * d) + j] - b[(point * d) + j];
            squares += e * e;
        }

        return Math.Sqrt(squares);
    }

    /// <summary>Coordinate j of every point.</summary>
    public static double[] Column(double[] points, int d, int j)
    {
        double[] c = new double[points.Length / d];
        for (int i = 0; i < c.Length; i++)
            c[i] = points[(i * d) + j];
        return c;
    }

    /// <summary>The smallest and the largest finite value, widened by a share of their distance; (0, 1) when there is none.</summary>
    public static (double Low, double High) Range(IEnumerable<double> values, double widen)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double v in values.Where(double.IsFinite))
            (low, high) = (Math.Min(low, v), Math.Max(high, v));
        if (!(low <= high))
            return (0, 1);
        double room = high > low ? (high - low) * widen : Math.Max(1e-3, Math.Abs(low) * widen);
        return (low - room, high + room);
    }
}
