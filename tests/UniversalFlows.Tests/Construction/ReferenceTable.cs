using System.Globalization;
using Xunit;

namespace UniversalFlows.Tests.Construction;

/// <summary>Numbers of a table against measured ones, all mismatches in one message.</summary>
internal static class ReferenceTable
{
    /// <summary>Every measured number is within 5% of the table's, or 5% plus half a unit of the last printed digit.</summary>
    public static void Matches(IReadOnlyList<string> printed, IReadOnlyList<double> measured)
    {
        Assert.Equal(printed.Count, measured.Count);
        List<string> wrong = [];
        for (int i = 0; i < printed.Count; i++)
        {
            double expected = double.Parse(printed[i], CultureInfo.InvariantCulture);
            if (!(Math.Abs(measured[i] - expected) <= (0.05 * Math.Abs(expected)) + HalfUnit(printed[i]))) wrong.Add($"entry {i}: {printed[i]} printed, {measured[i]:G6} measured");
        }

        Assert.True(wrong.Count == 0, string.Join("; ", wrong));
    }

    /// <summary>The slope of the least-squares line through (x_i, y_i).</summary>
    public static double Slope(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(), meanY = y.Average(), above = 0, below = 0;
        for (int i = 0; i < x.Count; i++)
        {
            above += (x[i] - meanX) * (y[i] - meanY);
            below += (x[i] - meanX) * (x[i] - meanX);
        }

        return above / below;
    }

    /// <summary>The slope of log e against log n.</summary>
    public static double Rate(IReadOnlyList<int> n, IReadOnlyList<double> errors) =>
        Slope([.. n.Select(k => Math.Log((double)k))], [.. errors.Select(e => Math.Log(e))]);

    /// <summary>Half a unit of the last digit: 0.0005 for 5.9e-2.</summary>
    private static double HalfUnit(string printed)
    {
        string[] parts = printed.Split('e');
        int point = parts[0].IndexOf('.', StringComparison.Ordinal), decimals = point < 0 ? 0 : parts[0].Length - point - 1;
        int exponent = parts.Length == 1 ? 0 : int.Parse(parts[1], CultureInfo.InvariantCulture);
        return 0.5 * Math.Pow(10, exponent - decimals);
    }
}
