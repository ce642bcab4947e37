using System.CommandLine;
using UniversalFlows.Certification;
using UniversalFlows.Certification.Checking;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf check: proves a certificate again with other code.</summary>
internal static class CheckVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Argument<string> file = new("FILE") { Description = "The certificate (*.cert.json)." };
        Option<int> jobs = Options.Jobs();
        Verb verb = new(
            "check", "Prove a certificate again, by a small checker of its own. Exit code 0: proved as stated; 2: refused, with the reason; 5: no certificate.",
            "uf check twist.cert.json") { file, jobs };
        verb.SetAction(r => Run(terminal, r.GetRequiredValue(file), r.GetValue(jobs), r.GetValue(json)));
        return verb;
    }

    private static int Run(Terminal terminal, string path, int jobs, bool json)
    {
        string? refusal = null;
        CertificateFile file = Files.Read(path, "certificate", p =>
        {
            try
            {
                return CertificateFile.Parse(File.ReadAllBytes(p), out refusal);
            }
            catch (CertificateFormatException e)
            {
                throw new InputException($"{p}: {e.Message}");
            }
        });
        CheckResult result = refusal is null ? CertificateChecker.Check(file, jobs) : new CheckResult(refusal, 0, 0);
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("certificate", path);
                w.WriteBoolean("proved", result.Refusal is null);
                w.WriteString("refusal", result.Refusal);
                w.WriteString("target", file.Target);
                w.WriteString("domain", file.Domain);
                w.WriteString("norm", "sup");
                w.Finite("lower", file.Lower);
                w.Finite("upper", file.Upper);
                w.WriteNumber("boxes", result.Boxes);
                w.Finite("seconds", result.Seconds);
            });
        }
        else if (result.Refusal is null)
        {
            terminal.Out.WriteLine($"proved: {file.Lower:R} <= sup |f - g| <= {file.Upper:R} for {file.Target} on {file.Domain}; {result.Boxes} boxes, {result.Seconds:G3} s");
        }

        if (result.Refusal is null) return ExitCode.Good;
        terminal.Say($"uf: {path} is refused: {result.Refusal}");
        return ExitCode.NotMet;
    }
}
