using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf certify --norm l1, l2 or c1: bounds from both sides, without a file.</summary>
internal static class CertifyNorm
{
    public static int Run(Terminal terminal, string flowPath, string targetText, string? domainText, string norm, bool json, CertificateSettings settings)
    {
        (Target target, Domain domain, Composition flow) = CertifyVerb.Read(flowPath, targetText, domainText);
        CancellationToken interruption = terminal.Cooperate();
        CertifyVerb.Bounds c = Progress.Show(terminal, lines: false, report =>
        {
            CertificateSettings told = settings with { Cancellation = interruption, Progress = (lower, upper, boxes) => report(0, $"{lower:G4} <= {norm} <= {upper:G4}, {boxes} boxes") };
            return norm switch
            {
                "l1" => CertifyVerb.Bounds.Of(ErrorIntegral.L1(flow, target, domain, told)),
                "l2" => CertifyVerb.Bounds.Of(ErrorIntegral.L2(flow, target, domain, told)),
                _ => CertifyVerb.Bounds.Of(DerivativeBounds.C1(flow, target, domain, told)),
            };
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
                w.WriteString("target", target.Name);
                w.WriteString("domain", domain.ToString());
                w.WriteString("norm", norm);
                CertifyVerb.Write(w, c);
            });
        }
        else
        {
            terminal.Out.WriteLine($"{Words(norm)}, {flowPath} against {target.Name} on {domain} (R^{target.Dimension}); proved, see docs/certificates.md for what is assumed");
            CertifyVerb.Print(terminal, c);
        }

        return CertifyVerb.Code(terminal, c.End);
    }

    private static string Words(string norm) => norm switch
    {
        "l1" => "l1, the integral of |f - g| over K",
        "l2" => "l2, the root of the integral of |f - g|^2 over K",
        _ => "c1, sup over K of the operator norm of Df - Dg",
    };
}
