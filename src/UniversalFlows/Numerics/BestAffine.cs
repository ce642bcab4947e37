namespace UniversalFlows.Numerics;

/// <summary>The affine function ax + b nearest to a function of an interval in the sup norm (Chebyshev).</summary>
/// <param name="Slope">a.</param>
/// <param name="Intercept">b.</param>
/// <param name="Lower">
/// No affine function is nearer: half of the middle point's distance from the chord of the outer ones, at <paramref name="Alternation"/>. For p affine the errors e_i at three points satisfy
/// |e_1 − (te_0 + (1 − t)e_2)| = that distance, so one of them is at least half of it (de la Vallée Poussin).
/// </param>
/// <param name="Upper">The largest |f − ax − b| over the points searched.</param>
/// <param name="Alternation">x_0 &lt; x_1 &lt; x_2, at which the error has alternating signs.</param>
public sealed record BestAffine(double Slope, double Intercept, double Lower, double Upper, IReadOnlyList<double> Alternation)
{
    private const int Grid = 4001, MaxExchanges = 40, MaxHalvings = 60;

    /// <summary>Remez's exchange on a grid of 4001 points whose extrema are refined: the first and second Chebyshev points and the third, then the extrema of the error, until they stay.</summary>
    /// <exception cref="ArgumentException">The interval is empty, or f is not finite on it.</exception>
    public static BestAffine Of(Func<double, double> f, double lower, double upper)
    {
        ArgumentNullException.ThrowIfNull(f);
        if (!(lower < upper)) throw new ArgumentException($"the interval [{lower:R}, {upper:R}] is empty", nameof(upper));
        double[] points = [lower, 0.5 * (lower + upper), upper];
        BestAffine best = Levelled(f, points, 0);
        for (int n = 0; n < MaxExchanges; n++)
        {
            (double[] next, double largest) = Extrema(f, best, lower, upper);
            BestAffine better = Levelled(f, next, 0);
            best = best with { Upper = largest };
            if (!(better.Lower > best.Lower * (1 + 1e-15))) break;
            best = better;
        }

        return best with { Upper = Math.Max(best.Lower, Extrema(f, best, lower, upper).Largest) };
    }

    /// <summary>The affine function whose errors at three points are h, −h, h.</summary>
    private static BestAffine Levelled(Func<double, double> f, double[] x, double upper)
    {
        double f0 = f(x[0]), f1 = f(x[1]), f2 = f(x[2]), slope = (f2 - f0) / (x[2] - x[0]), middle = f1 - (f0 + (slope * (x[1] - x[0])));
        if (!double.IsFinite(middle)) throw new ArgumentException("the function is not finite on the interval", nameof(f));
        return new(slope, f0 + (0.5 * middle) - (slope * x[0]), 0.5 * Math.Abs(middle), upper, x);
    }

    /// <summary>Three points of alternating error, the largest |error| among them: the extreme point, and the extrema of the other sign on both sides or a second change of sign on one.</summary>
    private static (double[] Points, double Largest) Extrema(Func<double, double> f, BestAffine line, double lower, double upper)
    {
        double Error(double x) => f(x) - ((line.Slope * x) + line.Intercept);
        // extrema of the runs of one sign
        List<(double X, double E)> runs = [];
        for (int i = 0; i < Grid; i++)
        {
            double t = (double)i / (Grid - 1), x = (lower * (1 - t)) + (upper * t), e = Error(x);
            if (runs.Count > 0 && (e < 0) == (runs[^1].E < 0))
            {
                if (Math.Abs(e) > Math.Abs(runs[^1].E)) runs[^1] = (x, e);
            }
            else
            {
                runs.Add((x, e));
            }
        }

        double h = (upper - lower) / (Grid - 1);
        for (int r = 0; r < runs.Count; r++) runs[r] = Climb(Error, runs[r], h, lower, upper);
        double largest = runs.Max(r => Math.Abs(r.E));
        if (runs.Count < 3) return ([.. line.Alternation], largest);
        int at = Enumerable.Range(0, runs.Count - 2).MaxBy(r => Math.Min(Math.Min(Math.Abs(runs[r].E), Math.Abs(runs[r + 1].E)), Math.Abs(runs[r + 2].E)));
        return ([runs[at].X, runs[at + 1].X, runs[at + 2].X], largest);
    }

    /// <summary>A local maximum of |error| of one sign, by steps that are halved.</summary>
    private static (double X, double E) Climb(Func<double, double> error, (double X, double E) at, double step, double lower, double upper)
    {
        for (int n = 0; n < MaxHalvings && step > 0; n++, step *= 0.5)
        {
            foreach (double x in (ReadOnlySpan<double>)[Math.Max(lower, at.X - step), Math.Min(upper, at.X + step)])
            {
                double e = error(x);
                if (Math.Abs(e) > Math.Abs(at.E) && (e < 0) == (at.E < 0)) at = (x, e);
            }
        }

        return at;
    }
}
