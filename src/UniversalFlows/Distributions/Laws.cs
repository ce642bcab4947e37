using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>The laws that have names.</summary>
public static class Laws
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Law> All { get; } = [TwoMoons.Instance, GaussianMixture.EightGaussians];

    /// <summary>The law of that name.</summary>
    /// <exception cref="InputException">There is none; the message suggests the nearest names.</exception>
    public static Law Parse(string name) =>
        All.FirstOrDefault(l => l.Name == name)
        ?? throw new InputException($"\"{name}\" is not a law; known are {string.Join(", ", All.Select(l => l.Name))}", name, null);
}
