using UniversalFlows.Bijections;

namespace UniversalFlows.Construction.Affine;

/// <summary>The flow of one term of a field for a time.</summary>
/// <param name="Direction">i.</param>
/// <param name="Time">τ.</param>
/// <param name="Coupling">In the coordinates (P_i x, v_i·x).</param>
internal readonly record struct OvershearLayer(int Direction, double Time, Coupling Coupling);
