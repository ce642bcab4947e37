namespace UniversalFlows.Numerics;

/// <summary>The root of an increasing function of plain doubles in a bracket: Newton's iteration, safeguarded by bisection.</summary>
public static class IncreasingRoot
{
    /// <summary>f(x) and a slope of f at x; a slope that is 0 or not finite means a bisection.</summary>
    public delegate (double Value, double Slope) Function(double x);

    /// <summary>
    /// The x in [lower, upper] with f(x⁻) ≤ 0 ≤ f(x), to a few units in the last place, for increasing f, jumps and flat pieces included. An end of the bracket if f has one sign there.
    /// </summary>
    public static double Solve(Function f, double lower, double upper)
    {
        ArgumentNullException.ThrowIfNull(f);
        double x = (0.5 * lower) + (0.5 * upper), before = double.PositiveInfinity;
        for (int i = 0; i < 200; i++)
        {
            (double value, double slope) = f(x);
            if (value == 0) return x;
            if (value < 0) lower = x;
            else upper = x;
            double newton = x - (value / slope), middle = (0.5 * lower) + (0.5 * upper);
            // a Newton step that stays inside and has at least halved the residual; anything else, NaN included, is a bisection
            bool good = newton > lower && newton < upper && Math.Abs(value) <= 0.5 * before;
            before = good ? Math.Abs(value) : double.PositiveInfinity;
            double next = good ? newton : middle;
            if (!(Math.Abs(next - x) > 2e-16 * Math.Abs(x)) || !(upper - lower > 4e-16 * Math.Max(Math.Abs(lower), Math.Abs(upper)))) return next;
            x = next;
        }

        return x;
    }
}
