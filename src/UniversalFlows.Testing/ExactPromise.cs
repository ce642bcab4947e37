using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Transformers;
using UniversalFlows.Numerics;

namespace UniversalFlows.Testing;

/// <summary>What a bijection promises to the bit.</summary>
/// <param name="Why">The promise in words.</param>
/// <param name="Move">Moves a point to where the promise holds; null: it holds everywhere.</param>
/// <param name="Value">The exact image of such a point; null: only the log-det is promised.</param>
/// <param name="LogDet">The exact log-det; it is the promise's core.</param>
public sealed record ExactPromise(string Why, Func<double[], Philox, double[]>? Move, Func<double[], double[]>? Value, double LogDet)
{
    /// <summary>What the library's own kinds promise; null: nothing to the bit.</summary>
    public static ExactPromise? Of(IBijection flow) => flow switch
    {
        Composition { Parts.Count: 0 } => new("the empty composition is the identity", null, x => x, 0),
        Permutation p => new("a permutation only moves coordinates", null, x => [.. p.Order.Select(i => x[i])], 0),
        Coupling { Transformer: AffineTransformer { Scale: null } } => new("an additive coupling keeps volumes", null, null, 0),
        Coupling { Transformer: RationalQuadraticTransformer { FreeTails: false } spline } c => new(
            "a spline with identity tails is the identity outside its interval", (x, random) => Outside(x, c, spline, random), x => x, 0),
        _ => null,
    };

    /// <summary>Active coordinates go beyond an end of the interval, some by one ulp and some far.</summary>
    private static double[] Outside(double[] x, Coupling coupling, RationalQuadraticTransformer spline, Philox random)
    {
        double[] moved = [.. x];
        foreach (int i in coupling.Active)
        {
            double beyond = random.NextInt(3) == 0 ? 0 : 10 * Math.Abs(x[i]);
            moved[i] = random.NextInt(2) == 0 ? Math.BitDecrement(spline.Lower) - beyond : Math.BitIncrement(spline.Upper) + beyond;
        }

        return moved;
    }
}
