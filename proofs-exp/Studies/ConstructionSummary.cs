using System.Text.Json.Serialization;
using UniversalFlows.Construction;

namespace UniversalFlows.Proofs.Studies;

/// <summary>What a cell of the study <c>constructions</c> says of the compiled flow besides its errors.</summary>
public sealed record ConstructionSummary
{
    /// <summary>The name of the study and of its folder.</summary>
    public const string StudyName = "constructions";

    /// <summary>ε, asked for in the sup norm.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Whether the measured sup error is within ε.</summary>
    public required bool Met { get; init; }

    /// <summary>sup |g⁻¹(g(x)) − x| over points of K; NaN if an inverse failed.</summary>
    public required double Inverse { get; init; }

    /// <summary>One chain of layers; two if K needs a chart.</summary>
    public required IReadOnlyList<ChainSummary> Chains { get; init; }

    /// <summary>Where the construction stands in a sweep of the studies <c>construction-rates</c> and <c>affine-constructions</c>; null in the study <c>constructions</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SweepPoint? Sweep { get; init; }

    /// <summary>The numbers of affine couplings; null for the other families.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AffineSummary? Affine { get; init; }

    /// <summary>The first-order bound of the only chain; NaN for none or two.</summary>
    public double Bound => Chains.Count == 1 ? Chains[0].Bound : double.NaN;
}

/// <summary>A chain of one-coordinate layers with the numbers of every step.</summary>
public sealed record ChainSummary
{
    /// <summary>Which map it stands for.</summary>
    public required string Name { get; init; }

    /// <summary>The error that the chain was granted.</summary>
    public required double Epsilon { get; init; }

    /// <summary>Where the affine part stands: first, last or moving.</summary>
    public required string Order { get; init; }

    /// <summary>N, the number of near-identity factors.</summary>
    public required int Factors { get; init; }

    /// <summary>Σ amplification·realised.</summary>
    public required double Bound { get; init; }

    /// <summary>The error of the steps before the layers: (a) to (c) alone.</summary>
    public required double ClosingError { get; init; }

    /// <summary>The layers in the order of application.</summary>
    public required IReadOnlyList<LayerRecord> Layers { get; init; }

    /// <summary>The isotopy at t = 0, 1/N, …, 1: what is needed to see the chain as a path from A to f.</summary>
    public IReadOnlyList<MomentRecord> Moments { get; init; } = [];

    /// <summary>The summary of a chain.</summary>
    public static ChainSummary Of(Chain chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return new()
        {
            Name = chain.Name,
            Epsilon = chain.Epsilon,
            Order = chain.Order.ToString().ToLowerInvariant(),
            Factors = chain.Factors.Count,
            Bound = chain.Bound,
            ClosingError = chain.ClosingError,
            Layers = chain.Layers,
            Moments =
            [
                .. chain.Frames.Select((f, k) => new MomentRecord(
                    f.Time, f.Matrix.ToArray(), f.Shift.ToArray(), k == 0 ? 0 : chain.Factors[k - 1].Displacement, k == 0 ? 0 : chain.Factors[k - 1].DerivativeDistance)),
            ],
        };
    }
}

/// <summary>A moment t_k of the isotopy, its affine frame C_t(y) = My + b, and the factor g_k that leads to it.</summary>
/// <param name="Time">t_k.</param>
/// <param name="Matrix">M, row by row.</param>
/// <param name="Shift">b.</param>
/// <param name="Displacement">sup |g_k − id| on points, in the frame; 0 for k = 0.</param>
/// <param name="DerivativeDistance">sup ‖Dg_k − I‖ on points; 0 for k = 0.</param>
public sealed record MomentRecord(double Time, IReadOnlyList<double> Matrix, IReadOnlyList<double> Shift, double Displacement, double DerivativeDistance);
