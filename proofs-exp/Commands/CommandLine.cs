using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>The program: verbs, exit codes, and one line for whatever goes wrong.</summary>
internal static class CommandLine
{
    // file names of up to 255 bytes stand in messages whole, paths of many folders nearly so
    private const int LongestWord = 300, LongestMessage = 1200, LongestLine = 120;

    private const string RootExample = "uf                 the quick studies, then reports/index.html\nuf list targets\nuf fit --target twist --family rqs --out fit";

    /// <summary>The version of the program, such as 0.1.0.</summary>
    public static string Version { get; } =
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>Runs a command line; returns its exit code and never throws.</summary>
    public static int Run(IReadOnlyList<string> arguments, Terminal terminal)
    {
        ArgumentNullException.ThrowIfNull(terminal);
        try
        {
            ParseResult result = Root(terminal).Parse(arguments, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
            if (result.Action is ParseErrorAction || (result.Action is not SynchronousCommandLineAction { ClearsParseErrors: true } && Misplaced(result) is not null))
                throw new InputException(Complaint(result));
            return result.Invoke(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (InputException e)
        {
            return Fail(terminal, ExitCode.BadInput, e.Message, e);
        }
        catch (OperationCanceledException e)
        {
            return Fail(terminal, ExitCode.Interrupted, "interrupted", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // a disk that is full or gone in the middle of the work
            return Fail(terminal, ExitCode.BadInput, e.Message, e);
        }
#pragma warning disable CA1031 // whatever else it is, the user gets one line and an exit code
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail(terminal, ExitCode.Internal, $"internal error: {e.GetType().Name}: {e.Message} (set UF_DEBUG=1 to see where)", e);
        }
    }

    private static RootCommand Root(Terminal terminal)
    {
        RootCommand root = new("The universality of coupling-based invertible networks, executed. Without a verb: run the studies of a profile, then report.");
        Option<bool> json = Options.Json();
        Option<string> profile = RunVerb.Profile(), output = ReportVerb.Out();
        root.Options.Add(json);
        root.Options.Add(profile);
        root.Options.Add(output);
        foreach (Command verb in (Command[])
        [
            RunVerb.Create(terminal, json), MergeVerb.Create(terminal, json), SlurmVerb.Create(terminal, json), ReportVerb.Create(terminal, json), ExportVerb.Create(terminal, json), FitVerb.Create(terminal, json), EvalVerb.Create(terminal, json),
            ConstructVerb.Create(terminal, json), SampleVerb.Create(terminal, json), ShowVerb.Create(terminal, json), MeasureVerb.Create(terminal, json), CertifyVerb.Create(terminal, json), CheckVerb.Create(terminal, json), ListVerb.Create(terminal, json), DoctorVerb.Create(terminal, json), BenchVerb.Create(terminal, json),
            BatteryVerb.Create(terminal, json), VerifyVerb.Create(terminal, json),
        ])
        {
            root.Subcommands.Add(verb);
        }

        root.SetAction(result => Quick.Run(terminal, result.GetValue(json), RunVerb.KnownProfile(result.GetRequiredValue(profile)), result.GetRequiredValue(output)));
        foreach (Option option in root.Options)
        {
            if (option is HelpOption { Action: SynchronousCommandLineAction help }) option.Action = new HelpWithExample(help, RootExample);
            if (option is VersionOption) option.Action = new VersionAction(terminal);
        }

        return root;
    }

    /// <summary>The parser's complaint in our words.</summary>
    private static string Complaint(ParseResult result)
    {
        Command command = result.CommandResult.Command;
        bool atRoot = command is RootCommand;
        string help = atRoot ? "uf --help" : $"uf {command.Name} --help";
        if ((result.UnmatchedTokens.Count > 0 ? result.UnmatchedTokens[0] : Misplaced(result)) is { } word)
        {
            bool option = word.StartsWith('-');
            IEnumerable<string> known = option
                ? command.Options.Select(o => o.Name).Concat(["--json", "--help"]).Distinct()
                : atRoot ? command.Subcommands.Select(c => c.Name) : [];
            IReadOnlyList<string> nearest = Spelling.Nearest(word, known);
            string hint = nearest.Count > 0 ? $"did you mean {string.Join(" or ", nearest)}?" : $"see {help}";
            return option ? $"unknown option {word}: {hint}" : atRoot ? $"unknown verb '{word}': {hint}" : $"'{word}' was not expected here: {hint}";
        }

        string message = result.Errors[0].Message.TrimEnd('.');
        return $"{char.ToLowerInvariant(message[0])}{message[1..]} (see {help})";
    }

    /// <summary>An unknown option that the parser took for a file or a name.</summary>
    private static string? Misplaced(ParseResult result) => result.CommandResult.Command.Arguments
        .SelectMany(argument => result.GetResult(argument)?.Tokens ?? [])
        .Select(token => token.Value).FirstOrDefault(value => value.StartsWith("--", StringComparison.Ordinal));

    private static int Fail(Terminal terminal, int code, string message, Exception e)
    {
        terminal.Say($"uf: {OneLine(message)}");
        if (terminal.ErrorIsTerminal && e is InputException { Text: { } text, Column: { } column } && text == Printable(text))
        {
            // of a long text only what is around the place
            int from = text.Length <= LongestLine ? 0 : Math.Clamp(column - 1 - (LongestLine / 2), 0, text.Length - LongestLine);
            terminal.Say($"    {text.Substring(from, Math.Min(LongestLine, text.Length - from))}");
            terminal.Say($"    {new string(' ', Math.Max(0, column - 1 - from))}^");
        }

        if (Environment.GetEnvironmentVariable("UF_DEBUG") is "1") terminal.Say(e.ToString());
        return code;
    }

    /// <summary>One line that can be read: control characters are spaces, and what is too long loses its middle, words first.</summary>
    private static string OneLine(string text) =>
        Shortened(string.Join(' ', Printable(text).Split(' ').Select(word => Shortened(word, LongestWord))), LongestMessage);

    private static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c)]);

    /// <summary>A text of at most <paramref name="length"/> characters: the beginning, three dots, the end.</summary>
    private static string Shortened(string text, int length)
    {
        if (text.Length <= length) return text;
        int head = (length - 3) * 2 / 3, tail = length - 3 - head;
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[^tail])) tail--;
        return $"{text[..head]}...{text[^tail..]}";
    }

    private sealed class VersionAction(Terminal terminal) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            terminal.Out.WriteLine($"uf {Version}");
            return ExitCode.Good;
        }
    }
}
