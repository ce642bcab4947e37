using System.CommandLine;
using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf eval: a flow at points.</summary>
internal static class EvalVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> flow = Options.Flow();
        Option<string> points = Options.Text("--points", "CSV", "Points with the header x1,..,xd; - reads standard input.", required: true);
        Option<bool> inverse = new("--inverse") { Description = "Evaluate the inverse (data to base)." };
        Option<string> output = Options.Text("--out", "CSV", "Where to write the columns y1,..,yd,logdet; by default standard output.");
        Option<int> jobs = Options.Jobs();
        Verb verb = new(
            "eval", "Evaluate a flow at points: y and log|det| of the direction asked for. Points that fail are NaN (exit code 2); no points: exit code 8.",
            "uf eval --flow fit/flow.flow.json --points points.csv --out values.csv\necho \"x1,x2\n0.5,-1\" | uf eval --flow fit/flow.flow.json --points -") { flow, points, inverse, output, jobs };
        verb.SetAction(r => Run(
            terminal, r.GetRequiredValue(flow), r.GetRequiredValue(points), r.GetValue(inverse), r.GetValue(output), r.GetValue(jobs), r.GetValue(json)));
        return verb;
    }

    private static int Run(Terminal terminal, string flowPath, string pointsPath, bool inverse, string? outPath, int jobs, bool json)
    {
        Composition flow = Files.Flow(flowPath);
        int d = flow.Dimension;
        if (outPath is not null)
        {
            if (Same(outPath, pointsPath) || Same(outPath, flowPath)) throw new InputException($"--out {outPath} is an input of the same command, which it would replace");
            Files.CheckWritable(outPath);
        }

        double[] x = pointsPath == "-" ? PointsCsv.Read(terminal.In, "standard input", d) : Files.Read(pointsPath, "points file", p =>
        {
            using StreamReader reader = new(p);
            return PointsCsv.Read(reader, p, d);
        });
        double[] y = new double[x.Length], logDets = new double[x.Length / d];
        InverseStatus status = default;
        if (inverse) status = Evaluation.Inverse(flow, x, y, logDets, jobs);
        else Evaluation.Forward(flow, x, y, logDets, jobs);
        int failed = 0;
        for (int n = 0; n < logDets.Length; n++)
        {
            // a point that fails fails whole: half a row of numbers would be taken for a result
            Span<double> row = y.AsSpan(n * d, d);
            if (double.IsFinite(logDets[n]) && !row.ContainsAnyExceptInRange(double.MinValue, double.MaxValue)) continue;
            failed++;
            row.Fill(double.NaN);
            logDets[n] = double.NaN;
        }

        if (failed > 0 && status == InverseStatus.Converged) status = InverseStatus.NotFinite;

        if (outPath is not null) Files.Write(outPath, PointsCsv.Write(y, logDets, d));
        if (json) Json(terminal, d, inverse, status, failed, outPath, y, logDets);
        else if (outPath is null) terminal.Out.Write(PointsCsv.Write(y, logDets, d));
        else terminal.Say($"{Points(logDets.Length)} written to {outPath}");

        if (logDets.Length == 0)
        {
            terminal.Say($"uf: {(pointsPath == "-" ? "standard input" : pointsPath)} has a header but no points: nothing was evaluated");
            return ExitCode.Nothing;
        }

        if (inverse && failed == 0) terminal.Say($"inverse: {Word(status)} for {(logDets.Length == 1 ? "the point" : $"all {Points(logDets.Length)}")}");
        if (failed == 0) return ExitCode.Good;
        terminal.Say(inverse
            ? $"uf: the inverse failed at {failed} of {Points(logDets.Length)}, which are NaN (worst: {Word(status)})"
            : $"uf: the flow is not finite at {failed} of {Points(logDets.Length)}");
        return ExitCode.NotMet;
    }

    private static void Json(Terminal terminal, int d, bool inverse, InverseStatus status, int failed, string? outPath, double[] y, double[] logDets) => terminal.Json(json =>
    {
        json.WriteNumber("dimension", d);
        json.WriteString("direction", inverse ? "inverse" : "forward");
        json.WriteNumber("points", logDets.Length);
        json.WriteNumber("failed", failed);
        if (inverse) json.WriteString("status", Word(status));
        if (outPath is not null)
        {
            json.WriteString("out", outPath);
            return;
        }

        json.WriteStartArray("values");
        for (int n = 0; n < logDets.Length; n++)
        {
            json.WriteStartArray();
            foreach (double v in y.AsSpan(n * d, d)) json.Finite(v);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.Numbers("logdet", logDets);
    });

    private static string Word(InverseStatus status) => status switch
    {
        InverseStatus.Converged => "converged",
        InverseStatus.Stalled => "stalled",
        InverseStatus.NotBracketed => "not bracketed",
        InverseStatus.NotUnique => "not unique",
        _ => "not finite",
    };

    private static string Points(int count) => count == 1 ? "1 point" : $"{count} points";

    private static bool Same(string a, string b) => b != "-" && b.Length > 0 && a.Length > 0 && Files.Target(a) == Files.Target(b);
}
