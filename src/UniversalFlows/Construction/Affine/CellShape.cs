namespace UniversalFlows.Construction.Affine;

/// <summary>The sizes of a <see cref="CellBlock"/>. What is null follows from the map.</summary>
internal sealed record CellShape
{
    /// <summary>Cells of the store, then of the other passive coordinates in ascending order.</summary>
    public required int[] Cells { get; init; }

    /// <summary>Pieces of the tables of u(x_i, ·) over the active interval.</summary>
    public required int Pieces { get; init; }

    /// <summary>1 or 2: whether the slope c follows ∂u/∂x.</summary>
    public int Order { get; init; } = 2;

    /// <summary>δ.</summary>
    public double? Store { get; init; }

    /// <summary>γ.</summary>
    public double? Margin { get; init; }
}
