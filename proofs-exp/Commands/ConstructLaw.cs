using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Construction.Transport;
using UniversalFlows.Distributions;
using UniversalFlows.Proofs.Studies;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf construct --law: theorem 3 as a compiler.</summary>
internal static class ConstructLaw
{
    /// <summary>Builds, measures on samples, writes, and prints the budget.</summary>
    public static int Run(Terminal terminal, Law law, FlowFamily family, double epsilon, double? deviation, string command, string outPath, int jobs, bool json)
    {
        using OutputFolder folder = new(outPath);
        Stopwatch clock = Stopwatch.StartNew();
        LawWitness built = Progress.Show(terminal, lines: false, report => LawCompiler.Compile(law, new TransportSettings
        {
            Epsilon = epsilon,
            Family = family,
            Deviation = deviation,
            Threads = jobs,
            Progress = words => report(0, words),
        }));
        double seconds = clock.Elapsed.TotalSeconds;
        SampledDistance? sampled = built.Flow is { } g ? SampledDistance.Of(g, law, threads: jobs) : null;
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, JsonWriting.Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", 1);
            Write(writer, law, family, epsilon, command, built, sampled);
            writer.WriteEndObject();
        }

        if (built.Flow is { } flow)
            FlowFile.Save(flow, folder["flow.flow.json"], $"{law.Name} {Names.Of(family)} constructed, bounded-Lipschitz distance at most {built.Bound.ToString("G3", CultureInfo.InvariantCulture)}");
        Files.Write(folder["construction.json"], Encoding.UTF8.GetString(stream.ToArray()) + "\n");
        folder.Keep();
        if (json)
        {
            terminal.Json(w =>
            {
                Write(w, law, family, epsilon, command, built, sampled);
                w.Finite("seconds", seconds);
            });
        }
        else Print(terminal, law, family, epsilon, built, sampled, seconds, folder);
        if (built.Refusal is { } refusal)
        {
            terminal.Say($"uf: refused at step {refusal.Step}: {refusal.Reason}");
            return ExitCode.NotMet;
        }

        if (built.Bound <= epsilon) return ExitCode.Good;
        terminal.Say($"uf: the bound {built.Bound:G3} is above the {epsilon:G3} asked for; the best flow found was written");
        return ExitCode.NotMet;
    }

    private static void Write(Utf8JsonWriter w, Law law, FlowFamily family, double epsilon, string command, LawWitness built, SampledDistance? sampled)
    {
        w.WriteString("law", law.Name);
        w.WriteString("formula", law.Formula);
        w.WriteNumber("dimension", law.Dimension);
        w.WriteString("family", Names.Of(family));
        w.WriteString("metric", "bl");
        w.WriteNumber("epsilon", epsilon);
        w.WriteString("command", command);
        if (built.Refusal is { } refusal)
        {
            w.WriteStartObject("refused");
            w.WriteString("step", refusal.Step);
            w.WriteString("reason", refusal.Reason);
            w.WriteEndObject();
            return;
        }

        Mollified target = built.Target!;
        w.WriteBoolean("met", built.Bound <= epsilon);
        w.Finite("bound", built.Bound);
        w.WriteStartObject("terms");
        w.Finite("mollification", target.MollificationBound);
        w.Finite("quantisation", target.QuantisationBound);
        w.Finite("coupling", built.Coupling);
        w.Finite("quadrature", built.CouplingError);
        w.WriteEndObject();
        w.WriteString("transport", target.Words);
        w.WriteNumber("sigma", target.Deviation);
        w.WriteNumber("atoms", target.Atoms);
        w.Objects("coordinates", built.Coordinates, c =>
        {
            w.WriteNumber("coordinate", c.Coordinate);
            w.WriteString("shape", c.Shape);
            w.WriteNumber("curves", c.Curves);
            w.Finite("cost", c.Cost);
        });
        w.WriteNumber("layers", built.Flow!.Parts.Count);
        w.WriteNumber("parameters", built.Flow.Parameters.Sum(p => p.Count));
        if (sampled is null) return;
        Write(w, sampled);
    }

    /// <summary>The member "sampled".</summary>
    public static void Write(Utf8JsonWriter w, SampledDistance sampled)
    {
        w.WriteStartObject("sampled");
        w.Finite("bl", sampled.Value);
        w.Finite("standardError", sampled.Error);
        w.Finite("sameLaw", sampled.Baseline);
        w.Finite("sameLawStandardError", sampled.BaselineError);
        w.Finite("largestGap", sampled.Gap);
        w.WriteNumber("points", sampled.Points);
        w.WriteNumber("repetitions", sampled.Repetitions);
        w.WriteEndObject();
    }

    private static void Print(Terminal terminal, Law law, FlowFamily family, double epsilon, LawWitness built, SampledDistance? sampled, double seconds, OutputFolder folder)
    {
        terminal.Out.WriteLine($"N(0, I) to {law.Name} (R^{law.Dimension}) by {Names.Of(family)} layers, bounded-Lipschitz distance {epsilon:G3} asked for");
        if (built.Flow is null)
        {
            terminal.Out.WriteLine($"written: {folder["construction.json"]}");
            return;
        }

        Mollified target = built.Target!;
        terminal.Out.WriteLine($"Knothe-Rosenblatt map: {target.Words}{(target.Deviation > 0 ? $", s = {target.Deviation:G3}" : "")}");
        terminal.Out.WriteLine();
        terminal.Table(["coordinate", "drawn by", "curves", "cost of the shape"], built.Coordinates.Select(c => (string[])[$"{c.Coordinate}", c.Shape, $"{c.Curves}", double.IsNaN(c.Cost) ? "" : $"{c.Cost:G2}"]));
        terminal.Out.WriteLine();
        terminal.Table(["the bound", "", ""],
        [
            ["mollification", $"{target.MollificationBound:F5}", "s E|Z|"],
            ["quantisation", $"{target.QuantisationBound:F5}", "W1 of the law and the point masses"],
            ["coupling", $"{built.Coupling:F5}", "int min(2, |g - T|) dN(0, I), midpoint rule"],
            ["its quadrature", $"{built.CouplingError:F5}", "estimated from a rule three times as coarse, and the tails"],
            ["sum", $"{built.Bound:F5}", built.Bound <= epsilon ? "met" : "not met"],
        ]);
        terminal.Out.WriteLine();
        if (sampled is not null) Print(terminal, sampled);
        terminal.Out.WriteLine($"{built.Flow.Parts.Count} layers, {built.Flow.Parameters.Sum(p => p.Count)} parameters, {seconds:F1} s; written: {folder["flow.flow.json"]}, {folder["construction.json"]}");
    }

    /// <summary>Two lines about samples.</summary>
    public static void Print(Terminal terminal, SampledDistance s)
    {
        terminal.Out.WriteLine($"on samples of {s.Points}, mean of {s.Repetitions}: BL {s.Value:F4} +- {s.Error:F4}; two samples of the law itself: {s.Baseline:F4} +- {s.BaselineError:F4}");
    }
}
