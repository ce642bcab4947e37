using System.CommandLine;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf sample: points of a law as CSV.</summary>
internal static class SampleVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> law = LawInput.Law("The law (`uf list laws`)."), data = LawInput.Data();
        Option<int> count = Options.Whole("--count", 1000, 1, "How many points.", most: 10_000_000);
        Option<ulong> seed = Options.Seed();
        Option<string> output = Options.Text("--out", "CSV", "The file to write; by default standard output.");
        Verb verb = new(
            "sample", "Draw points of a law, as CSV with the header x1,..,xd: the form that --law-data reads.",
            "uf sample --law moons --count 1000 --out moons.csv") { law, data, count, seed, output };
        verb.SetAction(r => Run(terminal, LawInput.Parse(r.GetValue(law), r.GetValue(data)), r.GetValue(count), r.GetValue(seed), r.GetValue(output), r.GetValue(json)));
        return verb;
    }

    private static int Run(Terminal terminal, Law law, int count, ulong seed, string? path, bool json)
    {
        if (path is not null) Files.CheckWritable(path);
        double[] points = law.Samples(new Philox(seed, "sample"), count);
        if (path is not null) Files.Write(path, PointsCsv.Write(points, law.Dimension));
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("law", law.Name);
                w.WriteNumber("dimension", law.Dimension);
                w.WriteNumber("count", count);
                w.WriteNumber("seed", seed);
                if (path is not null) w.WriteString("out", path);
                else w.Objects("points", Enumerable.Range(0, count), n => w.Numbers("x", points.AsSpan(n * law.Dimension, law.Dimension).ToArray()));
            });
        }
        else if (path is null) terminal.Out.Write(PointsCsv.Write(points, law.Dimension));
        else terminal.Say($"{count} points of {law.Name} written to {path}");
        return ExitCode.Good;
    }
}
