namespace UniversalFlows.Construction.Affine;

/// <summary>One one-coordinate map and the four affine couplings that stand for it.</summary>
/// <param name="Coordinate">The coordinate that it changes, from 0.</param>
/// <param name="Cells">n, the cells of the store; then those of the other passive coordinates.</param>
/// <param name="Pieces">Linear pieces of the tables of u over the active interval.</param>
/// <param name="Store">δ.</param>
/// <param name="Margin">γ.</param>
/// <param name="Excess">max |Y − x_q| over half a cell's width, less 1, without γ.</param>
/// <param name="Ramp">The narrowest η.</param>
/// <param name="Units">Hidden units of the largest conditioner.</param>
/// <param name="Amplification">The root of the mean over K of ‖D(rest of the flow)‖²: by how much an error made here is stretched, to first order.</param>
/// <param name="Allotted">The Lp error over K, off the exceptional set, that the budget grants this map.</param>
/// <param name="Realised">The one that was measured.</param>
public sealed record CellRecord(
    int Coordinate, IReadOnlyList<int> Cells, int Pieces, double Store, double Margin, double Excess, double Ramp, int Units, double Amplification, double Allotted, double Realised);
