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
        };
    }
}
