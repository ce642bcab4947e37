using System.CommandLine;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace UniversalFlows.Proofs.Commands;

/// <summary>uf doctor: is this machine fit for the work, and does it compute the same bits?</summary>
internal static class DoctorVerb
{
    private enum Verdict
    {
        Good,
        Warning,
        Bad,
    }

    public static Command Create(Terminal terminal, Option<bool> json)
    {
        Verb verb = new("doctor", "Look at the environment, and check that this machine computes the expected bits.", "uf doctor");
        verb.SetAction(r => Run(terminal, r.GetValue(json)));
        return verb;
    }

    private static int Run(Terminal terminal, bool json)
    {
        List<Finding> findings =
        [
            new("program", $"uf {CommandLine.Version}", Verdict.Good, ""),
            new("code version", CodeVersion.Hash, Verdict.Good, "SHA-256 of the numeric sources"),
            new("runtime", $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription.Trim()} ({RuntimeInformation.ProcessArchitecture})", Verdict.Good, ""),
            new("processors", $"{Environment.ProcessorCount}", Verdict.Good, "the default of --jobs"),
            Vectors(),
            Folder("results"),
            Folder("reports"),
            SameBits("elementary functions", SelfCheck.ExpectedElementary, SelfCheck.Elementary()),
            SameBits("fits, 1 thread", SelfCheck.ExpectedFits, SelfCheck.Fits(1)),
            SameBits("fits, 2 threads", SelfCheck.ExpectedFits, SelfCheck.Fits(2)),
        ];
        bool good = findings.TrueForAll(f => f.Verdict != Verdict.Bad);
        if (json)
        {
            terminal.Json(w =>
            {
                w.WriteBoolean("good", good);
                w.WriteString("version", CommandLine.Version);
                w.WriteString("codeVersion", CodeVersion.Hash);
                w.Objects("checks", findings, f =>
                {
                    w.WriteString("name", f.Name);
                    w.WriteString("value", f.Value);
                    w.WriteString("verdict", f.Verdict.ToString().ToLowerInvariant());
                    w.WriteString("note", f.Note);
                });
            });
        }
        else
        {
            terminal.Table(["", "", ""], findings.Select(f => (string[])[Mark(f.Verdict), f.Name, f.Note.Length > 0 ? $"{f.Value} ({f.Note})" : f.Value]));
        }

        if (good) return ExitCode.Good;
        terminal.Say($"uf: failed: {string.Join(", ", findings.Where(f => f.Verdict == Verdict.Bad).Select(f => f.Name))}");
        return ExitCode.NotMet;
    }

    private static string Mark(Verdict verdict) => verdict switch { Verdict.Good => "ok", Verdict.Warning => "!!", _ => "FAILED" };

    private static Finding Vectors()
    {
        int width = Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
        bool fma = Fma.IsSupported || AdvSimd.Arm64.IsSupported;
        string value = $"{(width > 0 ? $"{width} bits" : "none")}, fused multiply-add {(fma ? "yes" : "no")}";
        return fma ? new("vectors", value, Verdict.Good, "") : new("vectors", value, Verdict.Warning, "the results are the same, but a hundred times slower");
    }

    private static Finding Folder(string name)
    {
        bool exists = Directory.Exists(name);
        bool writable = Files.Writable(exists ? name : ".", out string reason);
        return writable
            ? new($"folder {name}/", exists ? "writable" : "not there yet, can be made", Verdict.Good, "")
            : new($"folder {name}/", "not writable", Verdict.Warning, reason);
    }

    private static Finding SameBits(string name, string expected, string actual) => actual == expected
        ? new(name, "the expected bits", Verdict.Good, actual)
        : new(name, "other bits than expected", Verdict.Bad, $"{actual} instead of {expected}");

    private sealed record Finding(string Name, string Value, Verdict Verdict, string Note);
}
