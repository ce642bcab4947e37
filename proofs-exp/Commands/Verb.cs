using System.CommandLine;
using System.CommandLine.Invocation;

namespace UniversalFlows.Proofs.Commands;

/// <summary>A verb with an example, which its help ends with.</summary>
internal sealed class Verb(string name, string description, string example) : Command(name, description)
{
    /// <summary>Command lines that work as they stand.</summary>
    public string Example { get; } = example;
}

/// <summary>The parser's own help, then the verb's example.</summary>
internal sealed class HelpWithExample(SynchronousCommandLineAction help, string rootExample) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        ArgumentNullException.ThrowIfNull(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        using StringWriter text = new();
        parseResult.InvocationConfiguration.Output = text;
        int code = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        foreach (string line in text.ToString().TrimEnd().Split('\n')) output.WriteLine(line.TrimEnd());
        string example = (parseResult.CommandResult.Command as Verb)?.Example ?? rootExample;
        output.WriteLine($"\nExample:\n  {example.Replace("\n", "\n  ", StringComparison.Ordinal)}");
        return code;
    }
}
