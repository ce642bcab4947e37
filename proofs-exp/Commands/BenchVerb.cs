using System.CommandLine;
using UniversalFlows.Proofs.Bench;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf bench: timings in this process.</summary>
internal static class BenchVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        WorkloadSettings standard = new();
        Argument<string> name = new("WORKLOAD") { Description = string.Join(", ", Workload.All.Keys) + "." };
        Option<string> family = Options.Text("--family", "F", "The flow family.");
        family.DefaultValueFactory = _ => Names.Of(standard.Family);
        Option<int> dimension = Options.Whole("--dim", standard.Dimension, 1, "The dimension d.");
        Option<int> depth = Options.Whole("--depth", standard.Depth, 1, "The number of couplings.");
        Option<string> hidden = Options.Text("--hidden", "W,W", "Widths of the conditioners' hidden layers, or none.");
        hidden.DefaultValueFactory = _ => string.Join(',', standard.Hidden);
        Option<string> activation = Options.Text("--activation", "NAME", "tanh, relu, silu or identity.");
        activation.DefaultValueFactory = _ => Names.Of(standard.Activation);
        Option<int> batch = Options.Whole("--batch", standard.Batch, 1, "Samples a training step.");
        Option<int> points = Options.Whole("--points", standard.Points, 1, "Points of an evaluation, and of each sample of w1 (at most 20000).");
        Option<int> threads = Options.Whole("--threads", standard.Threads, 1, "Threads.");
        Option<string> method = Options.Text("--method", "NAME", "Of the inverse: newton, or for comparison bisection or pointwise-bisection.");
        method.DefaultValueFactory = _ => "newton";
        Verb verb = new(
            "bench", "Time a workload in this process after warm-up: median, minimum and 90th percentile of many repetitions.",
            "uf bench train-step --family acf --depth 8 --hidden 64,64 --threads 2\nuf bench w1 --points 2000\nuf bench gemm --hidden 64 --json\nuf bench inverse --family dsf --points 100000 --method bisection")
        {
            name, family, dimension, depth, hidden, activation, batch, points, threads, method,
        };
        verb.SetAction(r => Run(terminal, r.GetRequiredValue(name), r.GetValue(json), new WorkloadSettings
        {
            Family = Names.Family(r.GetRequiredValue(family)),
            Dimension = r.GetValue(dimension),
            Depth = r.GetValue(depth),
            Hidden = FitVerb.Widths(r.GetRequiredValue(hidden)),
            Activation = Names.Activation(r.GetRequiredValue(activation)),
            Batch = r.GetValue(batch),
            Points = r.GetValue(points),
            Threads = r.GetValue(threads),
            Method = Method(r.GetRequiredValue(method)),
        }));
        return verb;
    }

    private static InverseMethod Method(string name) => name switch
    {
        "newton" => InverseMethod.Newton,
        "bisection" => InverseMethod.Bisection,
        "pointwise-bisection" => InverseMethod.PointwiseBisection,
        _ => throw new InputException($"'{name}' is not a method of inversion; known are newton, bisection, pointwise-bisection"),
    };

    private static int Run(Terminal terminal, string name, bool json, WorkloadSettings settings)
    {
        if (!Workload.All.TryGetValue(name, out (string What, Func<WorkloadSettings, Workload> Create) entry))
        {
            IReadOnlyList<string> near = Spelling.Nearest(name, Workload.All.Keys);
            throw new InputException($"'{name}' is not a workload; {(near.Count > 0 ? $"did you mean {string.Join(" or ", near)}?" : $"known are {string.Join(", ", Workload.All.Keys)}")}");
        }

        using Workload workload = entry.Create(settings);
        Timings t = Clock.Run(workload);
        double peak = Clock.PeakOperationsPerSecond(), rate = workload.Operations / (t.Minimum * 1e-3), share = rate / (peak * settings.Threads), residual = workload.Residual();
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("workload", name);
                w.Finite("median_ms", t.Median);
                w.Finite("min_ms", t.Minimum);
                w.Finite("p90_ms", t.P90);
                w.WriteNumber("reps", t.Repetitions);
                w.WriteNumber("allocated_bytes", t.AllocatedBytes);
                w.WriteNumber("threads", settings.Threads);
                w.Finite("peak_gflops", peak / 1e9);
                if (workload.Operations > 0)
                {
                    w.Finite("gflops", rate / 1e9);
                    w.Finite("share_of_peak", share);
                }

                if (!double.IsNaN(residual)) w.Finite("residual", residual);
                if (workload.Finding is { } found) w.WriteString("finding", found);
            });
            return ExitCode.Good;
        }

        terminal.Out.WriteLine($"{name}: {entry.What}");
        terminal.Out.WriteLine($"median {t.Median:G4} ms, min {t.Minimum:G4} ms, 90% below {t.P90:G4} ms; {t.Repetitions} repetitions, {t.AllocatedBytes} bytes allocated each");
        if (!double.IsNaN(residual)) terminal.Out.WriteLine($"largest |f(x) - y| / max(1, |y|): {residual:G3}");
        if (workload.Finding is { } finding) terminal.Out.WriteLine(finding);
        terminal.Out.WriteLine(workload.Operations > 0
            ? $"{rate / 1e9:F1} GFLOP/s, {100 * share:F0}% of this machine's peak on {settings.Threads} thread{(settings.Threads == 1 ? "" : "s")} ({peak / 1e9:F1} on each)"
            : $"this machine's peak on one thread: {peak / 1e9:F1} GFLOP/s");
        return ExitCode.Good;
    }
}
