using UniversalFlows.Bijections;

namespace UniversalFlows.Construction;

/// <summary>What the compiler made of f, K and ε: a flow with the numbers of every step, or a refusal.</summary>
/// <param name="Flow">The explicit flow; null if f was refused.</param>
/// <param name="Chains">One chain; two if K needs a chart φ: f∘φ and φ, the second of which the flow runs backwards.</param>
/// <param name="Refusal">Why there is no flow; null if there is one.</param>
public sealed record ConstructionResult(Composition? Flow, IReadOnlyList<Chain> Chains, Refusal? Refusal)
{
    /// <summary>Whether the first-order bound of every chain is within its share of ε.</summary>
    public bool WithinBudget => Flow is not null && Chains.All(c => c.Bound <= c.Epsilon);
}

/// <summary>A target outside of the class, or one that the construction can't do.</summary>
/// <param name="Step">The step of the proof that fails, such as <c>(a)</c>.</param>
/// <param name="Reason">A sentence with the place and the number.</param>
public sealed record Refusal(string Step, string Reason);

/// <summary>One embedding of K compiled: f|_K ≈ C_1∘τ_n∘…∘τ_1∘S_0.</summary>
/// <param name="Name">Which map it stands for.</param>
/// <param name="Epsilon">Requested of this chain.</param>
/// <param name="Order">Where the affine part stands.</param>
/// <param name="Orientation">sgn det Df(c), carried by the affine part.</param>
/// <param name="L0">sup |dS_t/dt|, measured.</param>
/// <param name="L1">sup ‖d(DS_t)/dt·DS_t⁻¹‖, measured.</param>
/// <param name="Factors">The near-identity factors: N of them, with their sizes.</param>
/// <param name="ClosingError">The error of steps (a) to (c) alone: sup over fresh points of |C_1∘T_{dN}∘…∘T_1∘S_0 − f|, each T evaluated by inverting the state before it.</param>
/// <param name="ClosingFailures">Fresh points at which one of these inverses failed.</param>
/// <param name="Layers">One record for each one-coordinate map, in the order of application.</param>
/// <param name="Attempts">The orders and numbers of factors that were tried, in a word each.</param>
/// <param name="Flow">The chain as a flow.</param>
public sealed record Chain(
    string Name, double Epsilon, AffineOrder Order, int Orientation, double L0, double L1, IReadOnlyList<FactorSize> Factors, double ClosingError, int ClosingFailures,
    IReadOnlyList<LayerRecord> Layers, IReadOnlyList<string> Attempts, Composition Flow)
{
    /// <summary>The affine frames C_t at t = 0, 1/N, …, 1: C_t takes what the layers have made by that time to F_t(x) = (f(c + t(x − c)) − f(c))/t.</summary>
    public IReadOnlyList<Frame> Frames { get; init; } = [];

    /// <summary>Σ amplification·realised: the error of the chain to first order.</summary>
    public double Bound { get; } = Layers.Sum(l => l.Amplification * l.Realised);
}

/// <summary>One one-coordinate map and the layers of the family that stand for it.</summary>
/// <param name="Factor">k, from 1.</param>
/// <param name="Coordinate">i, from 0.</param>
/// <param name="Degree">Of the conditioners in every passive coordinate; for sums of squares also of q.</param>
/// <param name="Size">Bins, sigmoids, or r + 1.</param>
/// <param name="Allotted">The sup error that the budget grants this map.</param>
/// <param name="Realised">The sup error on the check points of its tube.</param>
/// <param name="Amplification">sup |D(rest of the chain)·e_i|: by how much an error made here is stretched, to first order.</param>
/// <param name="Lipschitz">sup ‖DT‖ on the tube; the product over the later layers is the proof's cruder factor.</param>
/// <param name="SmallestSlope">min ∂T/∂y_i = min M_i/M_{i−1}.</param>
/// <param name="LargestSlope">max ∂T/∂y_i.</param>
/// <param name="LargestWeight">The largest number in the layer, in absolute value.</param>
public sealed record LayerRecord(
    int Factor, int Coordinate, int Degree, int Size, double Allotted, double Realised, double Amplification, double Lipschitz, double SmallestSlope, double LargestSlope,
    double LargestWeight);
