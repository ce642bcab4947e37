namespace UniversalFlows.Construction.Affine;

/// <summary>What is asked of an affine construction. Everything that is null is chosen from ε.</summary>
public sealed record AffineSettings
{
    /// <summary>ε &gt; 0.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Which construction.</summary>
    public required AffineRoute Route { get; init; }

    /// <summary>p of the norm ‖f − g‖_p = (∫_K |f − g|^p dx)^{1/p}, Lebesgue, not normalised; +∞: the sup norm. |·| is Euclidean.</summary>
    public double Exponent { get; init; } = double.PositiveInfinity;

    /// <summary>Threads; the result does not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called from any thread with one sentence of progress.</summary>
    public Action<string>? Progress { get; init; }
}
