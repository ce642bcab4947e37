using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace UniversalFlows.Proofs.Commands;

/// <summary>Where a verb reads and writes: results go to <see cref="Out"/>, talk to <see cref="Error"/>.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error, TextReader input, Func<CancellationToken>? cooperate = null)
{
    /// <summary>Results: tables, CSV, JSON.</summary>
    public TextWriter Out { get; } = output;

    /// <summary>Talk: what is going on, warnings, errors.</summary>
    public TextWriter Error { get; } = error;

    /// <summary>What <c>--points -</c> reads.</summary>
    public TextReader In { get; } = input;

    /// <summary>Whether a person watches <see cref="Out"/>.</summary>
    public bool OutIsTerminal { get; init; }

    /// <summary>Whether a person watches <see cref="Error"/>: only then are there progress bars.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Whether colours are wanted.</summary>
    public bool Colour { get; init; }

    /// <summary>The terminal of this process.</summary>
    public static Terminal OfProcess(Interruption interruption)
    {
        ArgumentNullException.ThrowIfNull(interruption);
        bool dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new Terminal(Console.Out, Console.Error, Console.In, interruption.Cooperate)
        {
            OutIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected && !dumb,
            Colour = !dumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }

    /// <summary>The token of a verb that can stop at a safe point.</summary>
    public CancellationToken Cooperate() => cooperate?.Invoke() ?? CancellationToken.None;

    /// <summary>One line of talk.</summary>
    public void Say(string line) => Error.WriteLine(line);

    /// <summary>One JSON object on <see cref="Out"/>, beginning with its schema version.</summary>
    public void Json(Action<Utf8JsonWriter> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, JsonWriting.Options))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", 1);
            members(json);
            json.WriteEndObject();
        }

        Out.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    /// <summary>A table in aligned columns; on a terminal the last column is wrapped.</summary>
    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Spectre.Console.Table table = new() { Border = TableBorder.None, ShowHeaders = header.Any(h => h.Length > 0) };
        for (int i = 0; i < header.Count; i++)
        {
            TableColumn column = new TableColumn(new Text(header[i], Colour ? new Style(decoration: Decoration.Bold) : null)).PadRight(2);
            column.NoWrap = i < header.Count - 1;
            table.AddColumn(column);
        }

        foreach (IReadOnlyList<string> row in rows) table.AddRow(row.Select(cell => new Text(cell)));
        StringWriter text = new();
        IAnsiConsole console = Ansi(text, live: OutIsTerminal && Colour);
        // without a terminal a row is a line, however long
        console.Profile.Width = OutIsTerminal ? Math.Max(60, console.Profile.Width) : 4000;
        console.Write(table);
        foreach (string line in text.ToString().TrimEnd('\n', '\r').Split('\n')) Out.WriteLine(line.TrimEnd());
    }

    /// <summary>A console of Spectre over a writer.</summary>
    public IAnsiConsole Ansi(TextWriter writer, bool live)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = live ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = live ? InteractionSupport.Yes : InteractionSupport.No,
        });
        try
        {
            if (live || OutIsTerminal) console.Profile.Width = Console.WindowWidth > 0 ? Console.WindowWidth : 100;
        }
        catch (IOException)
        {
            console.Profile.Width = 100; // no window has a width
        }

        return console;
    }
}
