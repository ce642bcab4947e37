using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Distributions;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using UniversalFlows.Training;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf fit: trains one flow, on a target map or on samples of a law.</summary>
internal static class FitVerb
{
    private const int LargestDepth = 4096, LargestWidth = 4096;

    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> target = Options.Target(required: false), domain = Options.Domain();
        Option<string> law = LawInput.Law("Instead of a target: a law (`uf list laws`), fitted by maximum likelihood."), lawData = LawInput.Data();
        Option<string> family = Options.Text("--family", "F", string.Join(", ", FlowFamilies.All.Select(f => Names.Of(f.Family))) + " (uf list flows).", required: true);
        Option<int> depth = Options.Whole("--depth", 8, 0, "L, the number of couplings (maf, naf: of autoregressive layers).");
        Option<string> hidden = Options.Text("--hidden", "W,W", "Widths of the conditioners' hidden layers, or none.");
        hidden.DefaultValueFactory = _ => "32,32";
        Option<string> activation = Options.Text("--activation", "NAME", "tanh, relu, silu or identity.");
        activation.DefaultValueFactory = _ => "tanh";
        Option<string> method = Options.Text("--method", "NAME", "lm (Levenberg-Marquardt), adam, or lbfgs (on fixed points), by default lm; for laws adam, the default, or gauss-newton.");
        Option<int> steps = Options.Whole("--steps", null, 1, $"Optimiser steps; by default {MapSettings.DefaultSteps} for a target, {LawSettings.DefaultSteps} for a law.");
        Option<int> points = Options.Whole("--points", null, 1, $"Points a step, a multiple of 64 for lm; by default 256 (gauss-newton: 1024, and no less than 256). For lbfgs the fixed points, by default {MapSettings.FixedPoints}.", most: 1 << 20);
        Option<int> starts = Options.Whole("--starts", 1, 1, "With lm: so many random starts race for the steps, the better half of them going on each time.", most: 64);
        Option<string> rate = Options.Text("--rate", "R", "With adam: the largest learning rate, by default 0.003.");
        Option<int> minimax = Options.Whole("--minimax", 0, 0, "With a target: steps of a minimax refinement of the fit, written as minimax.flow.json.");
        Option<bool> actnorm = new("--actnorm") { Description = "With --law: normalising layers, set once from 4096 samples, before each layer from data to base." };
        Option<ulong> seed = Options.Seed();
        Option<TimeSpan?> maxTime = Options.MaxTime();
        Option<int> jobs = Options.Jobs();
        Option<string> output = Options.Text("--out", "DIR", "A new or empty folder for flow.flow.json and fit.json.", required: true);
        Verb verb = new(
            "fit", "Fit a flow to a target map on K, or to a law. Exit code 2: it diverged; 4: cut by --max-time. Both are written and marked.",
            "uf fit --target twist --domain \"ball(1)\" --family rqs --depth 8 --out fit\nuf fit --law moons --family dsf --steps 500 --out moons")
        {
            target, domain, law, lawData, family, depth, hidden, activation, method, steps, points, starts, rate, minimax, actnorm, seed, maxTime, jobs, output,
        };
        verb.SetAction(r =>
        {
            (string? targetText, string? lawText) = (r.GetValue(target), r.GetValue(law) ?? r.GetValue(lawData));
            if (targetText is null == lawText is null) throw new InputException("fit takes either --target or --law (see uf fit --help)");
            FlowFamily flowFamily = OneOf(r.GetRequiredValue(family), "family", Names.Family);
            Activation phi = OneOf(r.GetRequiredValue(activation), "activation", Names.Activation);
            int[] widths = Widths(r.GetRequiredValue(hidden));
            if (r.GetValue(depth) > LargestDepth) throw new InputException($"--depth takes at most {LargestDepth}, not {r.GetValue(depth)}");
            string way = r.GetValue(method) ?? (lawText is null ? MapSettings.Lm : MapSettings.Adam);
            if (way is not (MapSettings.Lm or MapSettings.Adam or MapSettings.Lbfgs or LawSettings.KroneckerGaussNewton)) throw new InputException($"unknown method '{way}': there are lm, adam, lbfgs and, for laws, gauss-newton");
            double? largest = Rate(r.GetValue(rate));
            if (largest is not null && way != MapSettings.Adam) throw new InputException($"--rate goes with --method adam, not {way}");
            if (r.GetValue(starts) > 1 && (way != MapSettings.Lm || lawText is not null)) throw new InputException("--starts goes with --target and --method lm");
            if (r.GetValue(minimax) > 0 && lawText is not null) throw new InputException("--minimax goes with --target: laws have no sup error");
            StudyTask task;
            int planned;
            if (lawText is not null)
            {
                if (largest is not null) throw new InputException("--rate goes with --target");
                if (r.GetValue(domain) is not null) throw new InputException("--domain goes with --target; a law lives on all of R^d");
                if (way is not (MapSettings.Adam or LawSettings.KroneckerGaussNewton)) throw new InputException($"--method {way} is for targets; a law takes --method adam or gauss-newton");
                bool newton = way == LawSettings.KroneckerGaussNewton;
                if (newton && Given(r, points) < GaussNewtonFit.CurvatureSamples) throw new InputException($"--points takes at least {GaussNewtonFit.CurvatureSamples} with --method gauss-newton, not {Given(r, points)}");
                LawSettings settings = new() { GaussNewton = newton, Law = LawInput.Parse(r.GetValue(law), r.GetValue(lawData)), Family = flowFamily, Depth = r.GetValue(depth), Hidden = widths, Activation = phi, ActNorm = r.GetValue(actnorm), Seed = r.GetValue(seed), Steps = Given(r, steps) ?? LawSettings.DefaultSteps, Points = Given(r, points) ?? (newton ? LawSettings.GaussNewtonPoints : FitSettings.DefaultPoints) };
                (task, planned) = (new LawTask(settings), settings.Steps);
            }
            else
            {
                if (way == LawSettings.KroneckerGaussNewton) throw new InputException($"--method {way} is for laws; a target takes --method lm, adam or lbfgs");
                if (r.GetValue(actnorm)) throw new InputException("--actnorm goes with --law: points of a target's domain need no normalising");
                (Target map, Domain k) = TargetInput.Parse(targetText!, r.GetValue(domain));
                MapSettings settings = new() { Target = map, Domain = k, Family = flowFamily, Depth = r.GetValue(depth), Hidden = widths, Activation = phi, Seed = r.GetValue(seed), Method = way, Starts = r.GetValue(starts), Rate = largest, Minimax = r.GetValue(minimax), Steps = Given(r, steps) ?? MapSettings.DefaultSteps, Points = Given(r, points) ?? (way == MapSettings.Lbfgs ? MapSettings.FixedPoints : FitSettings.DefaultPoints) };
                // the Jacobian of Levenberg-Marquardt is made of whole panels
                if ((way == MapSettings.Lm || settings.Minimax > 0) && settings.Points % Tape.Panel != 0)
                    throw new InputException($"--points takes a multiple of {Tape.Panel} with {(way == MapSettings.Lm ? "--method lm" : "--minimax")}, not {settings.Points}");
                (task, planned) = (new MapTask(settings), settings.Steps);
            }

            return Run(terminal, task, planned, r.GetRequiredValue(output), r.GetValue(maxTime), r.GetValue(jobs), r.GetValue(json));
        });
        return verb;
    }

    private static int Run(Terminal terminal, StudyTask task, int planned, string outPath, TimeSpan? maxTime, int jobs, bool json)
    {
        using OutputFolder folder = new(outPath);
        CancellationToken interruption = terminal.Cooperate();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(interruption);
        if (maxTime is { } limit) stop.CancelAfter(limit);
        Stopwatch clock = Stopwatch.StartNew();
        (Cell cell, Composition flow, Composition? refined) = Progress.Show(terminal, lines: false, report => task.Run(
            jobs,
            (step, loss) => report((double)step / planned, $"step {step} of {planned}, loss {loss:G4}, about {Progress.Clock(clock.Elapsed.TotalSeconds * (planned - step) / Math.Max(1, step))} left"),
            stop.Token));
        if (interruption.IsCancellationRequested)
        {
            terminal.Say("uf: interrupted, nothing was written");
            return ExitCode.Interrupted;
        }

        cell = cell with { FlowFile = "flow.flow.json" };
        bool finite = flow.Parameters.All(p => !p.All.ContainsAnyExceptInRange(double.MinValue, double.MaxValue));
        if (finite) FlowFile.Save(flow, folder[cell.FlowFile], $"{cell.Target} {cell.Family} L={cell.Depth} seed {cell.Seed}");
        if (refined is not null && cell.Refined is { } better)
        {
            cell = cell with { Refined = better with { FlowFile = "minimax.flow.json" } };
            FlowFile.Save(refined, folder["minimax.flow.json"], $"{cell.Target} {cell.Family} L={cell.Depth} seed {cell.Seed}, minimax");
        }

        Files.Write(folder["fit.json"], cell.ToJson() + "\n");
        folder.Keep();
        if (json) terminal.Out.WriteLine(cell.ToJson());
        else Print(terminal, cell, folder, finite);
        switch (cell.Status)
        {
            case Cell.Finished:
                return ExitCode.Good;
            case Cell.Diverged:
                terminal.Say($"uf: the run diverged: {cell.Reason}{(finite ? "" : "; its parameters are not finite, so there is no flow file")}");
                return ExitCode.NotMet;
            default:
                terminal.Say($"uf: cut by --max-time after {cell.Steps} of {planned} steps: this result is not repeatable to the bit");
                return ExitCode.OutOfBudget;
        }
    }

    private static void Print(Terminal terminal, Cell cell, OutputFolder folder, bool finite)
    {
        terminal.Out.WriteLine($"{cell.Target} on {cell.Domain} by {cell.Depth} {cell.Family} {FlowFamilies.Of(Names.Family(cell.Family)).Layer}{(cell.Depth == 1 ? "" : "s")}, {cell.Parameters} parameters, {cell.Steps} steps of {cell.Method}: {cell.Status}");
        if (cell.Errors is { } e)
        {
            terminal.Table(["norm", "estimate", ""],
            [
                ["sup", $"{e.Sup:G4}", $"on points, at ({string.Join(", ", e.SupAt.Select(v => v.ToString("G4")))})"],
                ["rmse", $"{e.Rmse:G4}", ""],
                ["l1", $"{e.L1:G4}", $"+- {e.L1Error:G2}"],
                ["l2", $"{e.L2:G4}", $"+- {e.L2Error:G2}"],
                ["c1", $"{e.C1:G4}", ""],
            ]);
        }

        if (cell.Certificate is { } c) terminal.Out.WriteLine(Proof(c));
        if (cell.Refined is { } better)
        {
            terminal.Out.WriteLine($"after the minimax refinement: sup {better.Errors.Sup:G4}, rmse {better.Errors.Rmse:G4} ({(better.Kept == 0 ? "no step was better" : $"step {better.Kept} of {better.Steps}")})");
            if (better.Certificate is { } proof) terminal.Out.WriteLine(Proof(proof));
        }

        if (cell.Likelihood is { } l)
        {
            List<string[]> rows = [];
            if (l.Kl is { } kl) rows.Add(["kl", $"{kl:G4}", $"+- {l.KlStdError:G2} nats"]);
            rows.Add(["nll", $"{l.Nll:G6}", $"+- {l.NllStdError:G2}, {l.TestPoints} test points"]);
            if (l.Entropy is { } entropy) rows.Add(["entropy", $"{entropy:G6}", "the floor of nll"]);
            terminal.Table(["", "estimate", ""], rows);
            if (l.Kl is null) terminal.Out.WriteLine("this law has no density: nll has no floor, and there is no KL");
        }

        terminal.Out.WriteLine($"written: {(finite ? $"{folder[cell.FlowFile]}, " : "")}{(cell.Refined is { } file ? $"{folder[file.FlowFile]}, " : "")}{folder["fit.json"]}");
    }

    private static string Proof(Certified c) => c.Proved
        ? $"proved: {Words.Bounds(c.Lower, c.Upper)}, {c.Boxes} boxes{(c.End == "gap" ? "" : "; uf certify goes further")}"
        : $"proved: nothing, {c.Reason}{(c.End == "none" ? "" : "; uf certify goes further")}";

    private static double? Rate(string? text)
    {
        if (text is null) return null;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && value <= 10
            ? value
            : throw new InputException($"--rate takes a positive number up to 10 such as 0.003, not '{text}'");
    }

    private static int? Given(ParseResult result, Option<int> option) => result.GetResult(option) is null ? null : result.GetValue(option);

    /// <summary>A name of an enumeration; a wrong one gets the nearest before the list of all.</summary>
    private static T OneOf<T>(string text, string what, Func<string, T> parse) where T : struct, Enum
    {
        string[] known = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
        if (known.Contains(text)) return parse(text);
        IReadOnlyList<string> nearest = Spelling.Nearest(text, known);
        throw new InputException($"unknown {what} '{text}': {(nearest.Count > 0 ? $"did you mean {nearest[0]}? " : "")}there are {string.Join(", ", known)}");
    }

    public static int[] Widths(string text)
    {
        if (text == "none") return [];
        List<int> widths = [];
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int width) || width is < 1 or > LargestWidth)
                throw new InputException($"--hidden takes widths from 1 to {LargestWidth} such as 32,32, or none, not '{text}'");
            widths.Add(width);
        }

        return [.. widths];
    }
}
