namespace UniversalFlows;

/// <summary>The version of the numeric sources.</summary>
public static partial class CodeVersion
{
    /// <summary>
    /// SHA-256 over the C# sources of this library, 64 hexadecimal digits: paths sorted by their bytes, line endings as line feeds. Computed by the
    /// build (target <c>ComputeCodeVersion</c> of src/SourceHash.targets), the same in Debug and Release; a change of documents or of the program
    /// around the library leaves it alone.
    /// </summary>
    public static string Hash => Computed;
}
