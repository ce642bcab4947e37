namespace UniversalFlows.Construction.Affine;

/// <summary>How the flow of a sum of fields is composed of the flows of its terms.</summary>
public enum SplittingScheme
{
    /// <summary>e^{hW_1} … e^{hW_M}: M layers a step, error O(1/N).</summary>
    Lie,

    /// <summary>Half steps up, half steps down: 2M − 1 layers a step, error O(1/N²) (Strang 1968).</summary>
    Strang,

    /// <summary>Five symmetric steps of lengths s, s, 1 − 4s, s, s with s = 1/(4 − 4^{1/3}), each with its field frozen at its own midpoint: 5(2M − 1) layers a step, error O(1/N⁴) (Suzuki 1990).</summary>
    Suzuki,
}

/// <summary>The coefficients of a scheme, as data.</summary>
/// <param name="SubSteps">The lengths of the sub-steps, each with its own frozen field; they add up to 1. Suzuki's all stay within the step.</param>
/// <param name="FrozenAt">At which part of a sub-step the field is frozen: ½, its midpoint.</param>
/// <param name="Sequence">Which term flows for which part of a sub-step, in the order of application; every term's parts add up to 1.</param>
internal sealed record Splitting(double[] SubSteps, double FrozenAt, (int Term, double Part)[] Sequence)
{
    private const double Suzuki = 0.41449077179437571; // 1/(4 − 4^{1/3})

    public static Splitting Of(SplittingScheme scheme, int terms)
    {
        IEnumerable<int> up = Enumerable.Range(0, terms);
        double[] steps = scheme == SplittingScheme.Suzuki ? [Suzuki, Suzuki, 1 - (4 * Suzuki), Suzuki, Suzuki] : [1];
        if (scheme == SplittingScheme.Lie) return new(steps, 0.5, [.. up.Select(i => (i, 1.0))]);
        return new(steps, 0.5, [.. up.SkipLast(1).Select(i => (i, 0.5)), (terms - 1, 1.0), .. up.SkipLast(1).Reverse().Select(i => (i, 0.5))]);
    }
}
