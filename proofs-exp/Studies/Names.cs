using UniversalFlows.Bijections;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Studies;

/// <summary>The words of the command line and of result files.</summary>
public static class Names
{
    /// <summary>acf, sos, dsf, rqs, nice.</summary>
    public static string Of(FlowFamily family) => family.ToString().ToLowerInvariant();

    /// <summary>tanh, relu, silu, identity.</summary>
    public static string Of(Activation activation) => activation.ToString().ToLowerInvariant();

    /// <summary>The family of that name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static FlowFamily Family(string name) => Parse<FlowFamily>(name, "family");

    /// <summary>The activation of that name.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static Activation Activation(string name) => Parse<Activation>(name, "activation");

    private static T Parse<T>(string name, string what) where T : struct, Enum
    {
        // lower case only: a number or another spelling is no name
        if (Enum.GetNames<T>().Any(n => n.ToLowerInvariant().Equals(name, StringComparison.Ordinal))) return Enum.Parse<T>(name, ignoreCase: true);
        string known = string.Join(", ", Enum.GetNames<T>().Select(n => n.ToLowerInvariant()));
        throw new InputException($"\"{name}\" is not a known {what}; known are {known}", name, null);
    }
}
