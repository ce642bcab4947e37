namespace UniversalFlows.Bijections.Files;

/// <summary>A flow file that is not one: what is wrong, where in the file, and what would be right, in one line.</summary>
public sealed class FlowFormatException : Exception
{
    /// <summary>An error at a place such as <c>layers[3].conditioner.layers[0].bias</c>.</summary>
    public FlowFormatException(string location, string problem)
        : base(location.Length == 0 ? problem : $"{location}: {problem}") => Location = location;

    /// <summary>The path inside the file, or the line of a syntax error.</summary>
    public string Location { get; }
}
