namespace UniversalFlows.Testing;

/// <summary>The version of the laws.</summary>
public static partial class LawsVersion
{
    /// <summary>SHA-256 over the C# sources of this library, as <see cref="CodeVersion.Hash"/> is over those of the numeric one.</summary>
    public static string Hash => Computed;
}
