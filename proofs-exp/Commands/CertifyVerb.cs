using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Certification;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf certify: errors and Lipschitz constants of a flow on K, proved.</summary>
internal static class CertifyVerb
{
    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Option<string> flow = Options.Flow(), target = Options.Target(required: false), domain = Options.Domain(), norm = Options.Text("--norm", "NAME", "sup (the default), l1, l2 or c1: see uf measure.");
        Option<bool> lipschitz = new("--lipschitz") { Description = "Prove sup |Dg| and sup |(Dg)^-1| of the flow, without a target; K is box(-1,1) unless given." };
        Option<double> gap = Percent("--gap", 0.01, "Stop when (U - L)/U is at most this, such as 1% or 0.01.");
        Option<int> boxes = Options.Whole("--max-boxes", new CertificateSettings().MaxBoxes, 1, "Stop after so many boxes.");
        Option<TimeSpan?> time = Options.MaxTime();
        Option<int?> degree = new("--degree")
        {
            HelpName = "N",
            Description = $"The degree of the Taylor models, 1 to {TaylorArena.MaxDegree}; by default 8, 6, 4 for d = 1, 2, 3.",
            CustomParser = result =>
            {
                string text = result.Tokens[^1].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value is >= 1 and <= TaylorArena.MaxDegree) return value;
                result.AddError($"--degree takes a whole number from 1 to {TaylorArena.MaxDegree}, not '{text}'");
                return null;
            },
        };
        Option<int> jobs = Options.Jobs();
        Option<string> output = Options.Text("--out", "FILE", "Where the certificate goes, such as twist.cert.json; by default it is not written.");
        Verb verb = new(
            "certify", "Prove L <= max over K of |f - g| <= U for a flow g and a target f, or of another norm: branch and bound with Taylor models. Exit code 4: stopped before the gap was reached; the bounds hold all the same.",
            "uf certify --flow fit/flow.flow.json --target twist --domain \"box(-1,1)\" --gap 1% --out twist.cert.json") { flow, target, domain, norm, lipschitz, gap, time, boxes, degree, jobs, output };
        verb.SetAction(r =>
        {
            string? name = r.GetValue(norm), file = r.GetValue(output), goal = r.GetValue(target);
            if (name is not (null or "sup" or "l1" or "l2" or "c1")) throw new InputException($"--norm takes sup, l1, l2 or c1, not '{name}'");
            CertificateSettings settings = new()
            {
                Gap = r.GetValue(gap),
                MaxBoxes = r.GetValue(boxes),
                MaxTime = r.GetValue(time) ?? new CertificateSettings().MaxTime,
                Degree = r.GetValue(degree),
                Threads = r.GetValue(jobs),
            };
            string flowPath = r.GetRequiredValue(flow);
            if (r.GetValue(lipschitz))
            {
                if (goal is not null || name is not null || file is not null) throw new InputException("--lipschitz is about the flow alone: leave --target, --norm and --out out");
                return CertifyLipschitz.Run(terminal, flowPath, r.GetValue(domain), r.GetValue(json), settings);
            }

            if (goal is null) throw new InputException("option '--target' is required (see uf certify --help)");
            if (name is null or "sup") return Run(terminal, flowPath, goal, r.GetValue(domain), file, r.GetValue(json), settings);
            if (file is not null) throw new InputException($"--out writes certificates of the sup norm: leave it out for --norm {name}");
            return CertifyNorm.Run(terminal, flowPath, goal, r.GetValue(domain), name, r.GetValue(json), settings);
        });
        return verb;
    }

    private static int Run(Terminal terminal, string flowPath, string targetText, string? domainText, string? output, bool json, CertificateSettings settings)
    {
        (Target target, Domain domain, Composition flow) = Read(flowPath, targetText, domainText);
        if (output is not null) Files.CheckWritable(output);
        CancellationToken interruption = terminal.Cooperate();
        (SupremumCertificate c, CertificateFile? file) = Prove(terminal, flow, target, domain, settings with { Cancellation = interruption }, stated: output is not null);
        if (interruption.IsCancellationRequested)
        {
            terminal.Say("uf: interrupted, nothing was written");
            return ExitCode.Interrupted;
        }

        if (file is not null) Files.Write(output!, file.ToBytes());
        Bounds stated = Bounds.Of(c);
        if (file is not null) stated = stated with { Lower = file.Lower, Upper = file.Upper, Gap = file.Gap };
        double upper = stated.Upper;
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteString("flow", flowPath);
                w.WriteString("target", target.Name);
                w.WriteString("domain", domain.ToString());
                w.WriteString("norm", "sup");
                w.Finite("w1", upper);
                Write(w, stated);
                if (file is not null) w.WriteString("certificate", output);
            });
        }
        else
        {
            terminal.Out.WriteLine($"{flowPath} against {target.Name} on {domain} (R^{target.Dimension}); proved, see docs/certificates.md for what is assumed");
            Print(terminal, stated);
            if (double.IsFinite(upper)) terminal.Out.WriteLine($"so d_BL <= W1 <= {upper:G6} between the images of any law on {domain}");
            if (file is not null) terminal.Out.WriteLine($"written: {output}; uf check {output} proves it again");
        }

        if (output is not null && file is null) terminal.Say("uf: there is no upper bound, so no certificate was written");
        return Code(terminal, c.End);
    }

    /// <summary>What every certificate says, whatever its norm.</summary>
    /// <param name="Lower">L.</param>
    /// <param name="Upper">U.</param>
    /// <param name="Gap">(U − L)/U.</param>
    /// <param name="Witness">Where L is attained or exceeded; null for an integral.</param>
    /// <param name="End">Why the search ended.</param>
    /// <param name="Boxes">How many were bounded.</param>
    /// <param name="Degree">Of the Taylor models.</param>
    /// <param name="Seconds">How long it took.</param>
    internal sealed record Bounds(double Lower, double Upper, double Gap, IReadOnlyList<double>? Witness, CertificateEnd End, int Boxes, int Degree, double Seconds)
    {
        public static Bounds Of(SupremumCertificate c) => new(c.Lower, c.Upper, c.Gap, c.Witness, c.End, c.Boxes, c.Degree, c.Seconds);

        public static Bounds Of(IntegralCertificate c) => new(c.Lower, c.Upper, c.Gap, null, c.End, c.Boxes, c.Degree, c.Seconds);
    }

    /// <summary>The members of an object.</summary>
    internal static void Write(Utf8JsonWriter w, Bounds b)
    {
        w.Finite("lower", b.Lower);
        w.Finite("upper", b.Upper);
        w.Finite("gap", b.Gap);
        if (b.Witness is not null) w.Numbers("witness", b.Witness);
        w.WriteString("end", Name(b.End));
        w.WriteNumber("boxes", b.Boxes);
        w.WriteNumber("degree", b.Degree);
        w.Finite("seconds", b.Seconds);
    }

    /// <summary>Three rows.</summary>
    internal static void Print(Terminal terminal, Bounds b) => terminal.Table(["", "", ""],
    [
        ["lower", $"{b.Lower:R}", b.Witness is null ? "" : At(b.Witness)],
        ["upper", $"{b.Upper:R}", $"over {b.Boxes} boxes, Taylor models of degree {b.Degree}"],
        ["gap", $"{100 * b.Gap:G3}%", $"{Why(b.End)}, {b.Seconds:G3} s"],
    ]);

    /// <summary>The exit code, and a word about a gap that was not reached.</summary>
    internal static int Code(Terminal terminal, CertificateEnd end)
    {
        if (end == CertificateEnd.Gap) return ExitCode.Good;
        terminal.Say($"uf: the gap asked for was not reached: {Why(end)}; the bounds hold all the same");
        return ExitCode.OutOfBudget;
    }

    /// <summary>The flow, the target and K, if they can be certified.</summary>
    internal static (Target Target, Domain Domain, Composition Flow) Read(string flowPath, string targetText, string? domainText)
    {
        (Target target, Domain domain) = TargetInput.Parse(targetText, domainText);
        Composition flow = Files.Flow(flowPath);
        if (flow.Dimension != target.Dimension)
            throw new InputException($"{flowPath} is a flow of R^{flow.Dimension}, but the target {target.Name} is a map of R^{target.Dimension}");
        if (target.Dimension > TaylorArena.MaxDimension) throw new InputException($"certificates reach up to d = {TaylorArena.MaxDimension}; the target {target.Name} is a map of R^{target.Dimension}");
        if (domain is not (Box or Ball)) throw new InputException($"certify takes a box or a ball, not {domain}");
        return (target, domain, flow);
    }

    /// <summary>Searches for the bounds; if they are to be stated in a file, which states them a little wider, with so much less of a gap. No file without an upper bound above 0.</summary>
    internal static (SupremumCertificate Search, CertificateFile? File) Prove(Terminal terminal, Composition flow, Target target, Domain domain, CertificateSettings settings, bool stated)
    {
        CertificateSettings sharper = stated ? settings with { Gap = CertificateFile.Sharper(settings.Gap) } : settings;
        SupremumCertificate c = Progress.Show(terminal, lines: false, report => Supremum.Certify(
            flow, target, domain, sharper with { Progress = (lower, upper, boxes) => report(0, $"{lower:G4} <= sup |f - g| <= {upper:G4}, {boxes} boxes") }));
        bool states = stated && c.Upper is > 0 and <= double.MaxValue && !settings.Cancellation.IsCancellationRequested;
        return (c, states ? CertificateFile.Of(flow, target, domain, c, settings.Gap) : null);
    }

    internal static string At(IReadOnlyList<double> witness) => $"at ({string.Join(", ", witness.Select(v => v.ToString("R")))})";

    internal static string Name(CertificateEnd end) => end.ToString().ToLowerInvariant();

    internal static string Why(CertificateEnd end) => end switch
    {
        CertificateEnd.Gap => "the gap was reached",
        CertificateEnd.Boxes => "the number of boxes was used up",
        CertificateEnd.Time => "the time was over (such a result is not repeatable to the bit)",
        _ => "the rounding of the maps themselves is all that is left",
    };

    /// <summary>1% or 0.01, in [0, 1).</summary>
    private static Option<double> Percent(string name, double standard, string description) => new(name)
    {
        HelpName = "P",
        Description = description,
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value, digits = text.EndsWith('%') ? text[..^1] : text;
            if (double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value))
            {
                if (text.EndsWith('%')) value /= 100;
                if (value is >= 0 and < 1) return value;
            }

            result.AddError($"{name} takes a share from 0 to below 1 such as 1% or 0.01, not '{text}'");
            return standard;
        },
    };
}
