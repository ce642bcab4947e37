using UniversalFlows.Targets;

namespace UniversalFlows.Distributions;

/// <summary>The laws that have names.</summary>
public static class Laws
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Law> All { get; } = [TwoMoons.Instance, GaussianMixture.EightGaussians];

    /// <summary>The law of that name.</summary>
    /// <exception cref="InputException">There is none; the message suggests the nearest names.</exception>
    public static Law Parse(string name)
    {
        if (All.FirstOrDefault(l => l.Name == name) is { } law) return law;
        IReadOnlyList<string> near = Spelling.Nearest(name, All.Select(l => l.Name));
        string hint = near.Count > 0 ? $"did you mean {string.Join(" or ", near)}?" : $"known are {string.Join(", ", All.Select(l => l.Name))}";
        throw new InputException($"\"{name}\" is not a law; {hint}", name, null);
    }
}
