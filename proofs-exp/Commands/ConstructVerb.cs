using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Certification;
using UniversalFlows.Construction;
using UniversalFlows.Construction.Affine;
using UniversalFlows.Distributions;
using UniversalFlows.Proofs.Studies;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf construct: the proof as a compiler.</summary>
internal static class ConstructVerb
{
    /// <summary>A proof takes at most so long.</summary>
    private static readonly TimeSpan CertificateTime = TimeSpan.FromMinutes(5);

    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> target = Options.Target(required: false), domain = Options.Domain();
        Option<string> law = LawInput.Law("Instead of a target: a law (`uf list laws`), to which the flow is to push N(0, I), by the theorem that maps approximated in Lp are enough."), lawData = LawInput.Data();
        Option<string> metric = Options.Text("--metric", "METRIC", "With --law: bl, the bounded-Lipschitz distance, which metrises weak convergence.");
        Option<double> sigma = Options.Number("--sigma", "S", 0, 1e6, "With --law: the width of the mollification; by default chosen from the error wanted, where one is needed.", v => v > 0 && double.IsFinite(v), "a positive number such as 0.01");
        Option<string> family = Options.Text("--family", "F", "sos, dsf, rqs or acf.", required: true);
        Option<double> epsilon = Options.Number("--epsilon", "E", 0, double.PositiveInfinity, "The error wanted, such as 1e-6.", v => v > 0 && double.IsFinite(v), "a positive number such as 1e-6");
        epsilon.Required = true;
        Option<string> norm = Options.Text("--norm", "NORM", "sup, l1 or l2 (Lebesgue, not normalised).");
        norm.DefaultValueFactory = _ => "sup";
        Option<string> conditioner = Options.Text("--conditioner", "KIND", "sos, dsf, rqs: chebyshev (tensor polynomials, the default) or mlp (one hidden layer of tanh units). acf by cell or three: hidden units, relu (default of cell) or tanh (default of three).");
        Option<string> route = Options.Text("--route", "ROUTE", "acf: cell (4dN couplings; default for l1 and l2), three (d + 1 couplings, any continuous map), overshear (default for sup) or henon.");
        Option<string> order = Options.Text("--order", "ORDER", "Where the affine part stands: first, last or moving; by default all are tried (acf: moving).");
        Option<int> factors = Options.Whole("--factors", null, 1, "sos, dsf, rqs: N, the number of near-identity factors; by default from the measured constants.", most: 1000);
        Option<int> degree = Options.Whole("--degree", null, 1, "The degree of every layer (for rqs and dsf that of the conditioners; for acf D of the fields); by default as high as the error wanted asks.", most: 255);
        Option<int> size = Options.Whole("--size", null, 1, "Bins (rqs) or sigmoids (dsf) in every layer; by default as many as the error wanted asks.", most: 10000);
        Option<string> mixture = Options.Text("--mixture", "KIND", "dsf: corrected (in the second moment, where all weights are positive) or plain; by default corrected where it can be.");
        Option<double> overlap = Options.Number("--overlap", "K", 0.25, 8, "dsf: the slope of a sigmoid times the spacing of the centres.");
        overlap.DefaultValueFactory = _ => DeepSigmoidalLayer.Overlap;
        AffineOptions affine = new();
        Option<bool> certify = new("--certify") { Description = "Prove the sup error as well: a certificate flow.cert.json beside the flow (uf check proves it again). Exit code 2 unless what is proved is at most the error wanted. K a box or a ball." };
        Option<int> jobs = Options.Jobs();
        Option<string> output = Options.Text("--out", "DIR", "A new or empty folder for flow.flow.json and construction.json.", required: true);
        Verb verb = new(
            "construct",
            "Compile a diffeomorphism, or for acf --route three any continuous map, or a law, into an explicit flow, by the steps of the universality proofs. Exit code 2: the target was refused, or the error wanted was not met (the best flow is then written).",
            "uf construct --target \"x + 0.3*sin(1.5*y); y + 0.25*x^2\" --domain \"box(-1,1)\" --family sos --epsilon 1e-6 --out built\nuf construct --target twist --family dsf --epsilon 1e-2 --certify --out built\nuf construct --target twist --family acf --norm l2 --epsilon 1e-2 --out built\nuf construct --target \"abs(2*x)-1; y\" --domain \"box(-1,1)\" --family acf --norm l2 --epsilon 5e-2 --route three --out built\nuf construct --law circle --family sos --epsilon 0.05 --metric bl --out built\nuf construct --law-data points.csv --family dsf --epsilon 0.05 --out built")
        {
            target, law, lawData, domain, family, epsilon, norm, metric, sigma, route, conditioner, order, factors, degree, size, mixture, overlap,
        };
        foreach (Option option in affine.All) verb.Add(option);
        verb.Add(certify);
        verb.Add(jobs);
        verb.Add(output);
        verb.SetAction(r =>
        {
            (string? targetText, bool toLaw) = (r.GetValue(target), r.GetValue(law) is not null || r.GetValue(lawData) is not null);
            if (targetText is null != toLaw) throw new InputException("construct takes either --target, or --law or --law-data (see uf construct --help)");
            if (!toLaw && (r.GetResult(metric) ?? (object?)r.GetResult(sigma)) is not null) throw new InputException("--metric and --sigma go with --law");
            if (toLaw)
            {
                if (r.GetValue(metric) is { } other and not "bl") throw new InputException($"--metric takes bl, not '{other}'");
                Option[] maps = [domain, norm, route, conditioner, order, factors, degree, size, mixture, overlap, certify, .. affine.All];
                if (maps.FirstOrDefault(o => r.GetResult(o) is { Implicit: false }) is { } one) throw new InputException($"{one.Name} goes with --target, not with a law");
            }

            string norms = Words.One(r.GetValue(norm)!, "norm", "sup", "l1", "l2");
            FlowFamily f = r.GetRequiredValue(family) switch
            {
                "sos" => FlowFamily.Sos,
                "dsf" => FlowFamily.Dsf,
                "rqs" => FlowFamily.Rqs,
                "acf" => FlowFamily.Acf,
                { } other => throw new InputException($"there is no construction for the family '{other}': choose sos, dsf, rqs or acf"),
            };
            if (toLaw)
            {
                double? width = r.GetResult(sigma) is null ? null : r.GetValue(sigma);
                Law wanted = LawInput.Parse(r.GetValue(law), r.GetValue(lawData));
                string named = r.GetValue(law) is null ? $"--law-data {r.GetValue(lawData)}" : $"--law \"{wanted.Name}\"";
                string command = string.Create(CultureInfo.InvariantCulture, $"uf construct {named} --family {Names.Of(f)} --epsilon {r.GetValue(epsilon):R} --metric bl{(width is { } s ? $" --sigma {s:R}" : "")} --out built");
                return ConstructLaw.Run(terminal, wanted, f, r.GetValue(epsilon), width, command, r.GetRequiredValue(output), r.GetValue(jobs), r.GetValue(json));
            }

            AffineRoute? way = r.GetValue(route) is { } name ? Enum.Parse<AffineRoute>(Words.One(name, "route", "cell", "three", "overshear", "henon"), ignoreCase: true) : null;
            string? kind = r.GetValue(conditioner);
            AffineOrder? o = r.GetValue(order) is { } word ? Enum.Parse<AffineOrder>(Words.One(word, "order", "first", "last", "moving"), ignoreCase: true) : null;
            (Target map, Domain k) = TargetInput.Parse(targetText!, r.GetValue(domain), finite: false);
            ConstructionTask task = new(map, k, f, r.GetValue(epsilon), norms)
            {
                Order = o,
                Factors = r.GetResult(factors) is null ? null : r.GetValue(factors),
                Degree = r.GetResult(degree) is null ? null : r.GetValue(degree),
                Size = r.GetResult(size) is null ? null : r.GetValue(size),
                Corrected = r.GetValue(mixture) is { } m ? Words.One(m, "mixture", "corrected", "plain") == "corrected" : null,
                Overlap = r.GetValue(overlap),
                Route = way,
            };
            if (f != FlowFamily.Acf && affine.Given(r).FirstOrDefault() is { } foreign) throw new InputException($"{foreign} is for --family acf");
            task = f == FlowFamily.Acf ? Affine(task, kind) with { Fixed = affine.Read(r, task.ChosenRoute, map.Dimension, o, task.Degree) } : Layered(task, kind);
            if (r.GetValue(certify)) CheckCertifiable(task);
            return Run(terminal, task, r.GetRequiredValue(output), r.GetValue(certify), r.GetValue(jobs), r.GetValue(json));
        });
        return verb;
    }

    /// <summary>What fits sos, dsf and rqs.</summary>
    private static ConstructionTask Layered(ConstructionTask task, string? conditioner)
    {
        if (task.Route is not null) throw new InputException("--route is for --family acf");
        if (task.Size is not null && task.Family == FlowFamily.Sos) throw new InputException("sums of squares have a degree but no size: leave --size out");
        if (task.Family != FlowFamily.Dsf && (task.Corrected is not null || task.Overlap != DeepSigmoidalLayer.Overlap)) throw new InputException("--mixture and --overlap are about the sigmoids of dsf");
        if (task.Family == FlowFamily.Dsf && DeepSigmoidalLayer.Reach(task.Overlap) is var reach && task.Size <= 2 * reach)
            throw new InputException($"--size takes more than {2 * reach} sigmoids: {reach} stand beyond each end of the interval");
        CheckDimension(task.Target, FlowCompiler.LargestDimension, "the number of coefficients grows like the d-th power of the degree");
        return task with { Conditioner = Words.One(conditioner ?? "chebyshev", "conditioner", "chebyshev", "mlp") == "mlp" ? ConditionerKind.Perceptron : ConditionerKind.Chebyshev };
    }

    /// <summary>What fits acf and its route.</summary>
    private static ConstructionTask Affine(ConstructionTask task, string? conditioner)
    {
        AffineRoute route = task.ChosenRoute;
        string name = Words.Of(route);
        if (task.Factors is not null || task.Size is not null || task.Corrected is not null || task.Overlap != DeepSigmoidalLayer.Overlap)
            throw new InputException("--factors, --size, --mixture and --overlap are for sos, dsf and rqs");
        if (!AffineCompiler.BoundsSup(route) && task.Norm == "sup") throw new InputException($"route {name} has small Lp errors for finite p, but no small sup error: choose --norm l1 or l2");
        CheckDimension(task.Target, AffineCompiler.LargestDimension(route), "the number of cells grows like the d-th power of the number along one coordinate");
        if (conditioner is null) return task;
        if (AffineCompiler.BoundsSup(route)) throw new InputException($"--conditioner is not for route {name}");
        return task with { Activation = Words.One(conditioner, "conditioner", "relu", "tanh") == "relu" ? Activation.ReLU : Activation.Tanh };
    }

    private static void CheckDimension(Target target, int most, string why)
    {
        if (target.Dimension > most) throw new InputException($"{target.Name} is a map of R^{target.Dimension}, but these constructions go up to d = {most}: {why}");
    }

    private static void CheckCertifiable(ConstructionTask task)
    {
        if (task.Norm != "sup") throw new InputException($"--certify proves sup errors: leave it out for --norm {task.Norm}");
        if (task.Domain is not (Box or Ball)) throw new InputException($"--certify takes a box or a ball, not {task.Domain}");
        if (task.Target.Dimension > TaylorArena.MaxDimension) throw new InputException($"certificates reach up to d = {TaylorArena.MaxDimension}; the target {task.Target.Name} is a map of R^{task.Target.Dimension}");
    }

    private static int Run(Terminal terminal, ConstructionTask task, string outPath, bool certify, int jobs, bool json)
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
        if (built.Flow is { } flow)
            FlowFile.Save(flow, folder["flow.flow.json"], $"{task.Target.Name} {Names.Of(task.Family)} constructed, {task.Norm} {built.Error.ToString("G3", CultureInfo.InvariantCulture)}");
        Files.Write(folder["construction.json"], text + "\n");
        (SupremumCertificate Search, CertificateFile? File)? proved = null;
        if (certify && built.Flow is { } certified)
        {
            // as sharp as it takes to prove the error wanted, between 0.1% and 10%
            double gap = Math.Clamp(0.7 * (1 - (built.Error / task.Epsilon)), 1e-3, 0.1);
            proved = CertifyVerb.Prove(terminal, certified, task.Target, task.Domain, new CertificateSettings { Gap = gap, MaxTime = CertificateTime, Threads = jobs }, stated: true);
            if (proved.Value.File is { } file) Files.Write(folder["flow.cert.json"], file.ToBytes());
        }

        folder.Keep();
        double upper = proved?.File?.Upper ?? double.PositiveInfinity;
        if (json)
        {
            terminal.Json(w =>
            {
                ConstructionJson.Write(w, built);
                if (proved is not { } p) return;
                w.WriteStartObject("certificate");
                w.Finite("lower", p.File?.Lower ?? p.Search.Lower);
                w.Finite("upper", upper);
                w.WriteNumber("boxes", p.Search.Boxes);
                w.Finite("seconds", p.Search.Seconds);
                w.WriteEndObject();
            });
        }
        else
        {
            ConstructionTable.Print(terminal, built, folder);
            if (proved is { } p)
                terminal.Out.WriteLine(p.File is { } f ? $"proved: {Words.Bounds(f.Lower, f.Upper)}, {p.Search.Boxes} boxes, {p.Search.Seconds:G3} s; {folder["flow.cert.json"]}" : "proved: nothing, no upper bound was found and no certificate was written");
        }

        if (built.Refusal is { } refusal)
        {
            terminal.Say($"uf: refused at step {refusal.Step}: {refusal.Reason}");
            return ExitCode.NotMet;
        }

        if (built.Met && proved is { } search && !(upper <= task.Epsilon))
        {
            terminal.Say($"uf: the sup error wanted, {task.Epsilon:G3}, was met on points but not proved: {CertifyVerb.Why(search.Search.End)}");
            return ExitCode.NotMet;
        }

        if (built.Met) return ExitCode.Good;
        if (built.Error <= task.Epsilon)
        {
            terminal.Say("uf: the inverse of the flow failed at a point of its image; the flow was written");
            return ExitCode.NotMet;
        }

        terminal.Say($"uf: {task.Norm} error {built.Error:G3}, estimated on points, is above the {task.Epsilon:G3} asked for; the best flow found was written");
        return ExitCode.NotMet;
    }
}
