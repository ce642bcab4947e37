namespace UniversalFlows;

/// <summary>The version of the numeric sources.</summary>
public static class CodeVersion
{
    /// <summary>Placeholder until the build computes it.</summary>
    public static string Hash => "unversioned";
}
