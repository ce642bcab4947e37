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
        SupremumCertificate? c1 = null;
        IntegralCertificate c = Progress.Show(terminal, lines: false, report =>
        {
            CertificateSettings told = settings with { Cancellation = interruption, Progress = (lower, upper, boxes) => report(0, $"{lower:G4} <= {norm} <= {upper:G4}, {boxes} boxes") };
            if (norm == "l1") return ErrorIntegral.L1(flow, target, domain, told);
            if (norm == "l2") return ErrorIntegral.L2(flow, target, domain, told);
            c1 = DerivativeBounds.C1(flow, target, domain, told);
            return new IntegralCertificate(c1.Lower, c1.Upper, c1.End, c1.Boxes, c1.Seconds, c1.Degree);
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
                w.Finite("lower", c.Lower);
                w.Finite("upper", c.Upper);
                w.Finite("gap", c.Gap);
                if (c1 is not null) w.Numbers("witness", c1.Witness);
                w.WriteString("end", CertifyVerb.Name(c.End));
                w.WriteNumber("boxes", c.Boxes);
                w.WriteNumber("degree", c.Degree);
                w.Finite("seconds", c.Seconds);
            });
        }
        else
        {
            terminal.Out.WriteLine($"{Words(norm)}, {flowPath} against {target.Name} on {domain} (R^{target.Dimension}); proved, see docs/certificates.md for what is assumed");
            terminal.Table(["", "", ""],
            [
                ["lower", $"{c.Lower:R}", c1 is null ? "" : CertifyVerb.At(c1.Witness)],
                ["upper", $"{c.Upper:R}", $"over {c.Boxes} boxes, Taylor models of degree {c.Degree}"],
                ["gap", $"{100 * c.Gap:G3}%", $"{CertifyVerb.Why(c.End)}, {c.Seconds:G3} s"],
            ]);
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
