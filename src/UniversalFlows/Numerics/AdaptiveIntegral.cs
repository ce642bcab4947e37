namespace UniversalFlows.Numerics;

/// <summary>
/// ∫ f over intervals of the line by the rule of Gauss (7 nodes) and Kronrod (15), halving the interval with the largest difference of the two until their sum is small (QUADPACK's QAG: R. Piessens et al. 1983). For
/// integrands with kinks and jumps at unknown places.
/// </summary>
public static class AdaptiveIntegral
{
    private static readonly double[] s_nodes = [0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926, 0.741531185599394439863864773280788, 0.586087235467691130294144691693013, 0.405845151377397166906606412076961, 0.207784955007898467600689403773245, 0];
    private static readonly double[] s_kronrod = [0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518, 0.140653259715525918745189590510238, 0.169004726639267902826583426598550, 0.190350578064785409913256402421014, 0.204432940075298892414161999234649, 0.209482141084727828012999174891714];
    private static readonly double[] s_gauss = [0, 0.129484966168869693270611432679082, 0, 0.279705391489276667901467771423780, 0, 0.381830050505118944950369775488975, 0, 0.417959183673469387755102040816327];

    /// <summary>The integral and the sum of the differences of both rules: an estimate of the error from above, as a rule far above it.</summary>
    /// <param name="f">The integrand.</param>
    /// <param name="breaks">a = b_0 &lt; b_1 &lt; … &lt; b_k = b: where to cut first, such as jumps of f.</param>
    /// <param name="tolerance">What the sum of the differences shall be at most.</param>
    /// <param name="most">How many intervals there may be, beyond those given.</param>
    public static (double Value, double Error) Of(Func<double, double> f, ReadOnlySpan<double> breaks, double tolerance, int most = 20_000)
    {
        ArgumentNullException.ThrowIfNull(f);
        PriorityQueue<(double A, double B, double Value, double Error), double> queue = new();
        List<(double Value, double Error)> done = [];
        double error = 0;
        for (int k = 0; k + 1 < breaks.Length; k++) Add(breaks[k], breaks[k + 1]);
        int budget = most;
        while (queue.Count > 0 && error > tolerance && budget-- > 0)
        {
            (double a, double b, _, double e) = queue.Dequeue();
            error -= e;
            double middle = (0.5 * a) + (0.5 * b);
            Add(a, middle);
            Add(middle, b);
            // differences of large sums leave rounding behind: summed anew from time to time
            if ((budget & 255) == 0) error = queue.UnorderedItems.Sum(i => i.Element.Error);
        }

        done.AddRange(queue.UnorderedItems.OrderBy(i => i.Element.A).Select(i => (i.Element.Value, i.Element.Error)));
        return (VectorMath.Sum(done.Select(i => i.Value).ToArray()), VectorMath.Sum(done.Select(i => i.Error).ToArray()));

        void Add(double a, double b)
        {
            if (!(a < b)) return;
            (double value, double difference) = Rule(f, a, b);
            // an interval that is as short as doubles go can't be halved
            if (difference <= 1e-16 * Math.Abs(value) || !((0.5 * a) + (0.5 * b) > a && (0.5 * a) + (0.5 * b) < b)) done.Add((value, difference));
            else
            {
                queue.Enqueue((a, b, value, difference), -difference);
                error += difference;
            }
        }
    }

    private static (double Value, double Difference) Rule(Func<double, double> f, double a, double b)
    {
        double centre = (0.5 * a) + (0.5 * b), half = (0.5 * b) - (0.5 * a), middle = f(centre), kronrod = s_kronrod[7] * middle, gauss = s_gauss[7] * middle;
        for (int k = 0; k < 7; k++)
        {
            double sum = f(centre - (half * s_nodes[k])) + f(centre + (half * s_nodes[k]));
            kronrod += s_kronrod[k] * sum;
            gauss += s_gauss[k] * sum;
        }

        return (half * kronrod, half * Math.Abs(kronrod - gauss));
    }
}
