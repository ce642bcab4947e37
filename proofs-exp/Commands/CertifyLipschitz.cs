using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf certify --lipschitz: sup ‖Dg‖ and sup ‖(Dg)⁻¹‖ of a flow g on K.</summary>
internal static class CertifyLipschitz
{
    public static int Run(Terminal terminal, string flowPath, string? domainText, bool json, CertificateSettings settings)
    {
        Composition flow = Files.Flow(flowPath);
        if (flow.Dimension > TaylorArena.MaxDimension) throw new InputException($"certificates reach up to d = {TaylorArena.MaxDimension}; {flowPath} is a flow of R^{flow.Dimension}");
        Domain domain = Domain.Parse(domainText ?? "box(-1,1)", flow.Dimension);
        if (domain is not (Box or Ball)) throw new InputException($"certify takes a box or a ball, not {domain}");
        CancellationToken interruption = terminal.Cooperate();
        (SupremumCertificate forward, SupremumCertificate back) = Progress.Show(terminal, lines: false, report =>
        {
            CertificateSettings told = settings with { Cancellation = interruption, Progress = (lower, upper, boxes) => report(0, $"between {lower:G4} and {upper:G4}, {boxes} boxes") };
            return (DerivativeBounds.Lipschitz(flow, domain, told), DerivativeBounds.InverseLipschitz(flow, domain, told));
        });
        if (interruption.IsCancellationRequested)
        {
            terminal.Say("uf: interrupted");
            return ExitCode.Interrupted;
        }

        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("flow", flowPath);
                w.WriteString("domain", domain.ToString());
                Write(w, "lipschitz", forward);
                Write(w, "inverse", back);
            });
        }
        else
        {
            terminal.Out.WriteLine($"Lipschitz constants of {flowPath} on {domain} (R^{flow.Dimension}); proved, see docs/certificates.md for what is assumed");
            terminal.Table(["", "lower", "upper", ""], [Row("sup |Dg|", forward), Row("sup |(Dg)^-1|", back)]);
            if (double.IsFinite(forward.Upper)) terminal.Out.WriteLine($"so |g(x) - g(y)| <= {forward.Upper:G6} |x - y| on K");
            if (double.IsFinite(back.Upper)) terminal.Out.WriteLine($"and |g(x) - g(y)| >= |x - y| / {back.Upper:G6} where the segment from g(x) to g(y) is in g(K), hence near each point inside");
        }

        return CertifyVerb.Code(terminal, forward.End == CertificateEnd.Gap ? back.End : forward.End);
    }

    private static string[] Row(string name, SupremumCertificate c) =>
        [name, $"{c.Lower:R}", $"{c.Upper:R}", $"{CertifyVerb.At(c.Witness)}; {c.Boxes} boxes, {100 * c.Gap:G3}%, {CertifyVerb.Why(c.End)}, {c.Seconds:G3} s"];

    private static void Write(Utf8JsonWriter w, string name, SupremumCertificate c)
    {
        w.WriteStartObject(name);
        CertifyVerb.Write(w, CertifyVerb.Bounds.Of(c));
        w.WriteEndObject();
    }
}
