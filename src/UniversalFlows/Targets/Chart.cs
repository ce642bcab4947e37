namespace UniversalFlows.Targets;

/// <summary>
/// A diffeomorphism φ from an open set that contains a box onto an open set that contains K, with φ(box) = K up to rounding. A map f of K
/// becomes the map f∘φ of a convex set.
/// </summary>
/// <param name="Map">φ; its inverse is a closed form, right on K and around it.</param>
/// <param name="Box">The box that φ sends onto K.</param>
public sealed record Chart(Target Map, Box Box);
