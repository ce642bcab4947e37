using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Construction;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf construct: the proof as a compiler.</summary>
internal static class ConstructVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> target = Options.Target(required: true), domain = Options.Domain();
        Option<string> family = Options.Text("--family", "F", "sos, dsf or rqs.", required: true);
        Option<double> epsilon = new("--epsilon")
        {
            HelpName = "E",
            Description = "The error wanted, such as 1e-6.",
            Required = true,
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value > 0 && double.IsFinite(value)) return value;
                result.AddError($"--epsilon takes a positive number such as 1e-6, not '{text}'");
                return 0;
            },
        };
        Option<string> norm = Options.Text("--norm", "NORM", "sup, l1 or l2 (Lebesgue, not normalised).");
        norm.DefaultValueFactory = _ => "sup";
        Option<string> conditioner = Options.Text("--conditioner", "KIND", "chebyshev (tensor polynomials) or mlp (one hidden layer of tanh units).");
        conditioner.DefaultValueFactory = _ => "chebyshev";
        Option<string> order = Options.Text("--order", "ORDER", "Where the affine part stands: first, last or moving; by default all are tried.");
        Option<int> factors = Options.Whole("--factors", null, 1, "N, the number of near-identity factors; by default from the measured constants.", most: 1000);
        Option<int> degree = Options.Whole("--degree", null, 1, "The degree of every layer (for rqs and dsf that of the conditioners); by default as high as the error wanted asks.", most: 255);
        Option<int> size = Options.Whole("--size", null, 1, "Bins (rqs) or sigmoids (dsf) in every layer; by default as many as the error wanted asks.", most: 10000);
        Option<string> mixture = Options.Text("--mixture", "KIND", "dsf: corrected (in the second moment, where all weights are positive) or plain; by default corrected where it can be.");
        Option<double> overlap = new("--overlap")
        {
            HelpName = "K",
            Description = "dsf: the slope of a sigmoid times the spacing of the centres.",
            DefaultValueFactory = _ => DeepSigmoidalLayer.Overlap,
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0.25 and <= 8) return value;
                result.AddError($"--overlap takes a number from 0.25 to 8, not '{text}'");
                return 0;
            },
        };
        Option<int> jobs = Options.Jobs();
        Option<string> output = Options.Text("--out", "DIR", "A new or empty folder for flow.flow.json and construction.json.", required: true);
        Verb verb = new(
            "construct",
            "Compile a diffeomorphism into an explicit flow, by the steps of the universality proof. Exit code 2: the target was refused, or the error wanted was not met (the best flow is then written).",
            "uf construct --target \"x + 0.3*sin(1.5*y); y + 0.25*x^2\" --domain \"box(-1,1)\" --family sos --epsilon 1e-6 --out built\nuf construct --target twist --family dsf --epsilon 1e-3 --out built")
        {
            target, domain, family, epsilon, norm, conditioner, order, factors, degree, size, mixture, overlap, jobs, output,
        };
        verb.SetAction(r =>
        {
            FlowFamily f = r.GetRequiredValue(family) switch
            {
                "sos" => FlowFamily.Sos,
                "dsf" => FlowFamily.Dsf,
                "rqs" => FlowFamily.Rqs,
                "acf" => throw new InputException("there is no sup-norm construction for acf yet: choose sos, dsf or rqs"),
                { } other => throw new InputException($"there is no construction for the family '{other}': choose sos, dsf or rqs"),
            };
            (Target map, Domain k) = TargetInput.Parse(r.GetRequiredValue(target), r.GetValue(domain), finite: false);
            if (map.Dimension > FlowCompiler.LargestDimension)
                throw new InputException($"{map.Name} is a map of R^{map.Dimension}, but constructions go up to d = {FlowCompiler.LargestDimension}: the number of coefficients grows like the d-th power of the degree");
            ConstructionTask task = new(map, k, f, r.GetValue(epsilon), Word(r.GetValue(norm)!, "norm", "sup", "l1", "l2"), Word(r.GetValue(conditioner)!, "conditioner", "chebyshev", "mlp") == "mlp" ? ConditionerKind.Perceptron : ConditionerKind.Chebyshev)
            {
                Order = r.GetValue(order) is { } o ? Enum.Parse<AffineOrder>(Word(o, "order", "first", "last", "moving"), ignoreCase: true) : null,
                Factors = r.GetResult(factors) is null ? null : r.GetValue(factors),
                Degree = r.GetResult(degree) is null ? null : r.GetValue(degree),
                Size = r.GetResult(size) is null ? null : r.GetValue(size),
                Corrected = r.GetValue(mixture) is { } m ? Word(m, "mixture", "corrected", "plain") == "corrected" : null,
                Overlap = r.GetValue(overlap),
            };
            if (task.Size is not null && f == FlowFamily.Sos) throw new InputException("sums of squares have a degree but no size: leave --size out");
            if (f != FlowFamily.Dsf && (task.Corrected is not null || task.Overlap != DeepSigmoidalLayer.Overlap)) throw new InputException("--mixture and --overlap are about the sigmoids of dsf");
            if (f == FlowFamily.Dsf && DeepSigmoidalLayer.Reach(task.Overlap) is var reach && task.Size <= 2 * reach)
                throw new InputException($"--size takes more than {2 * reach} sigmoids: {reach} stand beyond each end of the interval");
            return Run(terminal, task, r.GetRequiredValue(output), r.GetValue(jobs), r.GetValue(json));
        });
        return verb;
    }

    private static int Run(Terminal terminal, ConstructionTask task, string outPath, int jobs, bool json)
    {
        using OutputFolder folder = new(outPath);
        ConstructedFlow built = Progress.Show(terminal, lines: false, report => ConstructedFlow.Run(task, jobs, words => report(0, words)));
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, JsonWriting.Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("schema", 1);
            ConstructionJson.Write(writer, built);
            writer.WriteEndObject();
        }

        string text = Encoding.UTF8.GetString(stream.ToArray());
        if (built.Result.Flow is { } flow)
            FlowFile.Save(flow, folder["flow.flow.json"], $"{task.Target.Name} {Names.Of(task.Family)} constructed, {task.Norm} {built.Error.ToString("G3", CultureInfo.InvariantCulture)}");
        Files.Write(folder["construction.json"], text + "\n");
        folder.Keep();
        if (json) terminal.Json(w => ConstructionJson.Write(w, built));
        else Print(terminal, built, folder);
        if (built.Result.Refusal is { } refusal)
        {
            terminal.Say($"uf: refused at step {refusal.Step}: {refusal.Reason}");
            return ExitCode.NotMet;
        }

        if (built.Met) return ExitCode.Good;
        if (built.Error <= task.Epsilon)
        {
            terminal.Say("uf: the inverse of the flow failed at a point of its image; the flow was written");
            return ExitCode.NotMet;
        }

        terminal.Say($"uf: {task.Norm} error {built.Error:G3} is above the {task.Epsilon:G3} asked for; the best flow found was written");
        return ExitCode.NotMet;
    }

    private static void Print(Terminal terminal, ConstructedFlow built, OutputFolder folder)
    {
        ConstructionTask task = built.Task;
        terminal.Out.WriteLine($"{task.Target.Name} on {task.Domain} by {Names.Of(task.Family)} layers, {task.Norm} error {task.Epsilon:G3} asked for");
        foreach (Chain chain in built.Result.Chains)
        {
            terminal.Out.WriteLine();
            if (built.Result.Chains.Count > 1) terminal.Out.WriteLine($"{chain.Name}:");
            terminal.Table(["step", "", ""],
            [
                ["(a) affine part and isotopy", $"order {chain.Order.ToString().ToLowerInvariant()}, det {(chain.Orientation > 0 ? "> 0" : "< 0")}", $"speeds L0 = {chain.L0:G3}, L1 = {chain.L1:G3}"],
                ["(b) near-identity factors", $"N = {chain.Factors.Count}", $"max |Dg - I| = {chain.Factors.Max(f => f.DerivativeDistance):G3}, smallest leading minor {chain.Factors.Min(f => f.SmallestMinor):G3}"],
                ["(c) one-coordinate maps", $"{chain.Layers.Count}", $"closing error of (a) to (c) alone {chain.ClosingError:G2}{(chain.ClosingFailures > 0 ? $" ({chain.ClosingFailures} of 64 points without a preimage)" : "")}"],
                ["(d) layers", $"{chain.Layers.Count}", $"degrees {chain.Layers.Min(l => l.Degree)} to {chain.Layers.Max(l => l.Degree)}, largest weight {chain.Layers.Max(l => l.LargestWeight):G3}, first-order bound {chain.Bound:G3} of {chain.Epsilon:G3}"],
            ]);
            terminal.Out.WriteLine();
            terminal.Table(["factor", "coordinate", "degree", "size", "slope", "amplified", "allotted", "realised"],
                chain.Layers.Select(l => (IReadOnlyList<string>)
                [
                    $"{l.Factor}", $"{l.Coordinate + 1}", $"{l.Degree}", $"{l.Size}", $"{l.SmallestSlope:F2} to {l.LargestSlope:F2}", $"{l.Amplification:G3}", $"{l.Allotted:G2}", $"{l.Realised:G2}",
                ]));
        }

        if (built.Errors is { } e)
        {
            terminal.Out.WriteLine();
            terminal.Table(["measured on other points", "", ""],
            [
                ["sup", $"{e.Sup:G4}", $"at ({string.Join(", ", e.SupAt.Select(v => v.ToString("G4", CultureInfo.InvariantCulture)))})"],
                ["l1", $"{e.L1:G4}", ""],
                ["l2", $"{e.L2:G4}", ""],
                ["c1", $"{e.C1:G4}", ""],
                ["inverse of the flow after it", $"{built.InverseError:G2}", "away from the identity"],
            ]);
            terminal.Out.WriteLine();
            terminal.Out.WriteLine($"written: {folder["flow.flow.json"]}, {folder["construction.json"]}");
        }
    }

    private static string Word(string text, string option, params ReadOnlySpan<string> known)
    {
        foreach (string k in known)
            if (k == text) return text;
        throw new InputException($"--{option} takes {string.Join(", ", known[..^1].ToArray())} or {known[^1]}, not '{text}'");
    }
}
