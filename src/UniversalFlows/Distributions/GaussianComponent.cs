namespace UniversalFlows.Distributions;

/// <summary>A part w·N(m, s²I) of a mixture; s = 0: a point mass.</summary>
/// <param name="Weight">w ≥ 0.</param>
/// <param name="Mean">m, d numbers.</param>
/// <param name="Deviation">s ≥ 0.</param>
public sealed record GaussianComponent(double Weight, IReadOnlyList<double> Mean, double Deviation);
