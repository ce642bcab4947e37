namespace UniversalFlows.Training;

/// <summary>φ(α) and φ′(α) at a step α along a line.</summary>
public readonly record struct LinePoint(double Step, double Value, double Slope);

/// <summary>What a line search found.</summary>
/// <param name="Found">Whether the point meets the conditions, or at least lies lower than the start.</param>
/// <param name="Point">The point; the last one evaluated.</param>
/// <param name="Evaluations">Evaluations of φ.</param>
/// <param name="Finite">Whether φ was a number at any step.</param>
public readonly record struct LineSearchResult(bool Found, LinePoint Point, int Evaluations, bool Finite);

/// <summary>
/// A step along a descent direction that meets the strong Wolfe conditions φ(α) ≤ φ(0) + c₁αφ′(0) and |φ′(α)| ≤ c₂|φ′(0)|: the bracket of Nocedal and Wright
/// (Numerical Optimization, algorithms 3.5 and 3.6), shrunk by the minimiser of the cubic through both ends and, where that is slow, by halving. Near a minimum,
/// where rounding hides the decrease of φ, the approximate conditions of Hager and Zhang (2005) are enough where
/// φ(α) and φ(0) differ by rounding alone: for a parabola φ(α) ≤ φ(0) + δαφ′(0) is the same as φ′(α) ≤ (2δ − 1)φ′(0), δ = 0.1, and slopes keep their digits.
/// </summary>
/// <param name="Decrease">c₁.</param>
/// <param name="Curvature">c₂, c₁ &lt; c₂ &lt; 1; small values make the search nearly exact.</param>
public sealed record WolfeLineSearch(double Decrease = 1e-4, double Curvature = 0.9)
{
    private const int MaxEvaluations = 40;

    /// <summary>δ.</summary>
    private const double ApproximateDecrease = 0.1;

    /// <summary>What rounding may add to φ, in units of |φ(0)|: a mean over thousands of samples has an error of some tens of roundings.</summary>
    private const double Noise = 1e-14;

    /// <summary>Searches from α = <paramref name="first"/> on. The last evaluation of <paramref name="phi"/> is at the point returned.</summary>
    /// <param name="phi">α ↦ φ(α), φ′(α).</param>
    /// <param name="start">φ(0) and φ′(0) &lt; 0.</param>
    /// <param name="first">The first step to try, &gt; 0.</param>
    public LineSearchResult Search(Func<double, LinePoint> phi, LinePoint start, double first)
    {
        ArgumentNullException.ThrowIfNull(phi);
        if (!(start.Slope < 0)) throw new ArgumentException($"the slope {start.Slope:R} is not one of descent", nameof(start));
        double noise = Noise * Math.Abs(start.Value), step = first, width = double.PositiveInfinity;
        LinePoint low = start, high = default;
        bool bracketed = false, finite = false;
        int count = 0;
        while (count < MaxEvaluations && double.IsFinite(step))
        {
            LinePoint at = phi(step);
            count++;
            bool number = double.IsFinite(at.Value) && double.IsFinite(at.Slope);
            finite |= number;
            if (number && Accepts(start, at, noise)) return new(true, at, count, true);
            if (!number || at.Value > start.Value + (Decrease * step * start.Slope) || at.Value >= low.Value)
            {
                (high, bracketed) = (at, true);
            }
            else
            {
                // the minimum lies on the side to which the slope at the new lowest point falls
                if (at.Slope * ((bracketed ? high.Step : double.PositiveInfinity) - low.Step) >= 0) (high, bracketed) = (low, true);
                low = at;
            }

            if (!bracketed)
            {
                step *= 4;
                continue;
            }

            double span = high.Step - low.Step;
            if (Math.Abs(span) <= 4e-16 * Math.Max(Math.Abs(low.Step), Math.Abs(high.Step))) break;
            // cubic steps must reduce the bracket by a third in each round
            double share = double.IsFinite(high.Value) && double.IsFinite(high.Slope) ? CubicMinimum(low, high) : 0.1;
            step = low.Step + (Math.Clamp(Math.Abs(span) > 0.66 * width ? 0.5 : share, 0.01, 0.99) * span);
            width = Math.Abs(span);
        }

        // the lowest point met still is progress; it is evaluated again, so that gradients are those of the point returned
        if (low.Step > 0 && low.Value < start.Value) return new(true, phi(low.Step), count + 1, true);
        return new(false, phi(0), count + 1, finite);
    }

    private bool Accepts(LinePoint start, LinePoint at, double noise)
    {
        if (!(Math.Abs(at.Slope) <= -Curvature * start.Slope)) return false;
        return at.Value <= start.Value + (Decrease * at.Step * start.Slope)
            || (Math.Abs(at.Value - start.Value) <= noise && at.Slope <= ((2 * ApproximateDecrease) - 1) * start.Slope);
    }

    /// <summary>Where between two points (0 at a, 1 at b) the cubic with their values and slopes is smallest; ½ where it has no minimum there.</summary>
    private static double CubicMinimum(LinePoint a, LinePoint b)
    {
        // on [0, 1] with slopes p = φ′(a)h, q = φ′(b)h and rise r: the derivative is p + 2(3r − 2p − q)t + 3(p + q − 2r)t²
        double h = b.Step - a.Step, p = a.Slope * h, q = b.Slope * h, r = b.Value - a.Value;
        double half = (3 * r) - (2 * p) - q, cubic = 3 * (p + q - (2 * r)), root = Math.Sqrt((half * half) - (p * cubic));
        // the root where the derivative goes from − to +, without cancellation
        double t = -p / (half + root);
        return t > 0 && t < 1 ? t : 0.5;
    }
}
