using System.CommandLine;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf show: what a flow file holds.</summary>
internal static class ShowVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Argument<string> flow = new("FLOW") { Description = "The flow file (*.flow.json)." };
        Verb verb = new("show", "Show a flow's layers by kind, its parameters and largest weight, and which direction is a closed form.", "uf show fit/flow.flow.json") { flow };
        verb.SetAction(r => Run(terminal, r.GetRequiredValue(flow), r.GetValue(json)));
        return verb;
    }

    private static int Run(Terminal terminal, string path, bool json)
    {
        FlowSummary flow = new(Files.Flow(path));
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("flow", path);
                w.WriteNumber("dimension", flow.Dimension);
                w.WriteNumber("layers", flow.Layers);
                w.WriteNumber("parameters", flow.Parameters);
                w.Finite("largest", flow.Largest);
                w.WriteString("closedForm", flow.Direction);
                w.Objects("kinds", flow.Kinds, k =>
                {
                    w.WriteString("kind", k.Kind);
                    w.WriteString("details", k.Details);
                    w.WriteNumber("layers", k.Count);
                    w.WriteNumber("parameters", k.Parameters);
                    w.Finite("largest", k.Largest);
                    w.WriteBoolean("forwardClosed", k.ForwardClosed);
                    w.WriteBoolean("inverseClosed", k.InverseClosed);
                });
            });
            return ExitCode.Good;
        }

        string direction = flow.Direction switch
        {
            "both" => "closed form both ways",
            "forward" => "closed form forward (base to data); the inverse is numerical",
            "inverse" => "closed form inverse (data to base); forward is numerical",
            _ => "numerical both ways",
        };
        terminal.Out.WriteLine($"{path}: a flow of R^{flow.Dimension}, {flow.Layers} layer{(flow.Layers == 1 ? "" : "s")}, {flow.Parameters} parameters, {direction}");
        if (flow.Layers == 0)
        {
            terminal.Out.WriteLine("no layers: the identity");
            return ExitCode.Good;
        }

        terminal.Out.WriteLine();
        terminal.Table(["layers", "kind", "parameters", "largest", "details"], flow.Kinds.Select(k => (string[])
            [$"{k.Count}", k.Kind, $"{k.Parameters}", $"{k.Largest:G4}", k.Details]));
        return ExitCode.Good;
    }
}
