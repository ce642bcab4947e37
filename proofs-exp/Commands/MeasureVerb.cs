using System.CommandLine;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Measurement;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf measure: how far a flow is from a target, or its push-forward from a law.</summary>
internal static class MeasureVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> flow = Options.Text("--flow", "FILE", "The flow file (*.flow.json)."), target = Options.Target(required: false), domain = Options.Domain();
        Option<int> jobs = Options.Jobs();
        MeasureLaw laws = new();
        Verb verb = new(
            "measure", "Estimate the sup, L1, L2, root-mean-square and C1 errors of a flow against a target on K; or, with --law, the distance of its push-forward to a law, with bounds and a verdict.",
            "uf measure --flow fit/flow.flow.json --target twist --domain \"ball(1)\"\nuf measure --law moons --flow fit/flow.flow.json --metric bl --epsilon 0.2\nuf measure --law two-points --against \"two-gaussians(1, 0.1)\" --metric w1") { flow, target, domain, jobs };
        foreach (Option option in laws.All) verb.Add(option);
        verb.SetAction(r =>
        {
            if (laws.Asked(r))
            {
                if (r.GetValue(target) is not null || r.GetValue(domain) is not null) throw new InputException("--target and --domain are for maps, --law and --law-data for laws: write one kind");
                return laws.Run(terminal, r, r.GetValue(flow), r.GetValue(jobs), r.GetValue(json));
            }

            string path = r.GetValue(flow) ?? throw new InputException("--flow is missing: the flow file to measure");
            string against = r.GetValue(target) ?? throw new InputException("write --target for a map, or --law for a law: what the flow is measured against");
            return Run(terminal, path, against, r.GetValue(domain), r.GetValue(jobs), r.GetValue(json));
        });
        return verb;
    }

    private static int Run(Terminal terminal, string flowPath, string targetText, string? domainText, int jobs, bool json)
    {
        (Target target, Domain domain) = TargetInput.Parse(targetText, domainText);
        Composition flow = Files.Flow(flowPath);
        if (flow.Dimension != target.Dimension)
            throw new InputException($"{flowPath} is a flow of R^{flow.Dimension}, but the target {target.Name} is a map of R^{target.Dimension}");
        ErrorNorms e = MapErrors.Estimate(flow, target, domain, new MapErrorOptions { Threads = jobs });
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("flow", flowPath);
                w.WriteString("target", target.Name);
                w.WriteString("domain", domain.ToString());
                w.WriteNumber("dimension", target.Dimension);
                Write(w, e);
            });
        }
        else
        {
            terminal.Out.WriteLine($"{flowPath} against {target.Name} on {domain} (R^{target.Dimension}); all errors are estimates from points: uf certify proves the sup error");
            terminal.Out.WriteLine();
            Print(terminal, e);
        }

        if (double.IsFinite(e.Sup)) return ExitCode.Good;
        terminal.Say($"uf: the difference of flow and target is not finite at ({string.Join(", ", e.SupAt.Select(v => v.ToString("R")))})");
        return ExitCode.NotMet;
    }

    /// <summary>The members of an object with errors.</summary>
    public static void Write(Utf8JsonWriter w, ErrorNorms e)
    {
        w.Finite("sup", e.Sup);
        w.Numbers("supAt", e.SupAt);
        w.Finite("l1", e.L1);
        w.Finite("l1Error", e.L1Error);
        w.Finite("l2", e.L2);
        w.Finite("l2Error", e.L2Error);
        w.Finite("rmse", e.Rmse);
        w.Finite("c1", e.C1);
        w.WriteNumber("gridPoints", e.GridPoints);
    }

    private static void Print(Terminal terminal, ErrorNorms e) => terminal.Table(["norm", "estimate", ""],
    [
        ["sup", $"{e.Sup:G6}", $"on points, at ({string.Join(", ", e.SupAt.Select(v => v.ToString("G6")))}), from below, {e.GridPoints} grid points and ascents"],
        ["l1", $"{e.L1:G6}", $"integration error about {e.L1Error:G2}"],
        ["l2", $"{e.L2:G6}", $"integration error about {e.L2Error:G2}"],
        ["rmse", $"{e.Rmse:G6}", "l2 / sqrt |K|"],
        ["c1", $"{e.C1:G6}", "the largest operator norm of the derivatives' difference on points"],
    ]);
}
