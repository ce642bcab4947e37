using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace UniversalFlows.Testing.Foreign;

/// <summary>
/// A flow that is a program: it gets the word <c>forward</c> or <c>inverse</c> as its last argument, reads points as CSV from standard input
/// (header <c>x1,..,xd</c>, a point a line) and writes as many lines <c>y1,..,yd,logdet</c> under that header. It is started once for every
/// batch, so it can hide no state between calls; docs/battery.md has examples.
/// </summary>
public sealed class ProgramFlow : IForeignFlow
{
    private readonly string _command;
    private readonly string? _inverseCommand;
    private readonly bool _directionAsArgument;

    /// <summary>A program, run by the system's shell (<c>sh -c</c>, or <c>cmd /c</c> on Windows).</summary>
    /// <param name="command">The command line, without the direction.</param>
    /// <param name="dimension">d ≥ 1.</param>
    /// <param name="inverseCommand">A command of its own for the inverse: neither then gets a word for the direction.</param>
    public ProgramFlow(string command, int dimension, string? inverseCommand = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(command);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        (_command, Dimension, _inverseCommand, _directionAsArgument) = (command, dimension, inverseCommand, inverseCommand is null);
    }

    /// <inheritdoc/>
    public string Name => _command;

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public bool HasInverse { get; init; } = true;

    /// <inheritdoc/>
    public bool PromisesBits { get; init; }

    /// <inheritdoc/>
    public double Epsilon { get; init; } = ValueTrial.DoubleEpsilon;

    /// <summary>How long a batch may take before the program counts as hung.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    /// <exception cref="ForeignFlowException">The program crashed, hung, or printed something else.</exception>
    public FlowBatch Forward(double[] points) => Ask(_directionAsArgument ? $"{_command} forward" : _command, points);

    /// <inheritdoc/>
    /// <exception cref="ForeignFlowException">The program crashed, hung, or printed something else.</exception>
    public FlowBatch Inverse(double[] points) => Ask(_inverseCommand ?? $"{_command} inverse", points);

    private FlowBatch Ask(string command, double[] points)
    {
        ProcessStartInfo start = new(OperatingSystem.IsWindows() ? "cmd" : "sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        start.ArgumentList.Add(OperatingSystem.IsWindows() ? "/c" : "-c");
        start.ArgumentList.Add(command);
        try
        {
            using Process process = Process.Start(start) ?? throw new ForeignFlowException($"`{command}` could not be started");
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            Task input = Task.Run(() => Feed(process, points));
            if (!Task.WaitAll([input, output, error], Patience) || !process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                throw new ForeignFlowException(string.Create(CultureInfo.InvariantCulture, $"`{command}` gave no answer for {points.Length / Dimension} points within {Patience.TotalSeconds:g3} s"));
            }

            if (process.ExitCode != 0) throw new ForeignFlowException($"`{command}` ended with exit code {process.ExitCode}{Said(error.Result)}");
            return Parse(command, output.Result, points.Length / Dimension, error.Result);
        }
        catch (Win32Exception e)
        {
            throw new ForeignFlowException($"`{command}` could not be started: {e.Message}", e);
        }
    }

    private void Feed(Process process, double[] points)
    {
        try
        {
            using StreamWriter writer = process.StandardInput;
            writer.NewLine = "\n";
            writer.WriteLine(string.Join(',', Enumerable.Range(1, Dimension).Select(i => $"x{i}")));
            for (int n = 0; n < points.Length; n += Dimension)
                writer.WriteLine(string.Join(',', points.Skip(n).Take(Dimension).Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
        }
        catch (IOException)
        {
            // it ended before it had read everything; its exit code or its output will tell
        }
    }

    private FlowBatch Parse(string command, string text, int count, string error)
    {
        string[] lines = text.Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
        int end = lines.Length;
        while (end > 0 && lines[end - 1].Length == 0) end--;
        string header = string.Join(',', [.. Enumerable.Range(1, Dimension).Select(i => $"y{i}"), "logdet"]);
        if (end == 0) throw new ForeignFlowException($"`{command}` printed nothing; the header {header} was expected{Said(error)}");
        if (!lines[0].Split(',').Select(h => h.Trim()).SequenceEqual(header.Split(',')))
            throw new ForeignFlowException($"`{command}`, line 1: the header {header} was expected, not '{Short(lines[0])}'{Said(error)}");
        if (end - 1 != count) throw new ForeignFlowException($"`{command}` printed {end - 1} line{(end == 2 ? "" : "s")} of numbers for {count} points{Said(error)}");
        double[] values = new double[count * Dimension], logDets = new double[count];
        for (int n = 0; n < count; n++)
        {
            string[] fields = lines[n + 1].Split(',');
            if (fields.Length != Dimension + 1) throw new ForeignFlowException($"`{command}`, line {n + 2}: {Dimension + 1} numbers were expected ({header}), not '{Short(lines[n + 1])}'");
            for (int i = 0; i <= Dimension; i++)
            {
                if (!Number(fields[i], out double value)) throw new ForeignFlowException($"`{command}`, line {n + 2}, column {i + 1}: '{Short(fields[i])}' is not a number");
                if (i < Dimension) values[(n * Dimension) + i] = value;
                else logDets[n] = value;
            }
        }

        return new FlowBatch(values, logDets);
    }

    /// <summary>A number in the spelling of C, C#, Python or awk.</summary>
    private static bool Number(string field, out double value)
    {
        string word = field.Trim();
        if (double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value)) return true;
        value = word.TrimStart('+', '-').ToLowerInvariant() switch
        {
            "inf" or "infinity" => word[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity,
            "nan" => double.NaN,
            _ => 0,
        };
        return value != 0;
    }

    private static string Said(string error)
    {
        string last = error.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.Length > 0) ?? "";
        return last.Length == 0 ? "" : $"; it said: {Short(last)}";
    }

    private static string Short(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
