using System.Diagnostics;
using System.Security.Cryptography;

namespace UniversalFlows.Tests.Robustness;

/// <summary>The real program uf as a process of its own.</summary>
internal static class RealProgram
{
    /// <summary>The program beside the tests.</summary>
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "uf.dll");

    /// <summary>dotnet, or the host that runs the tests.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Starts it; its streams are to be read or are dropped.</summary>
    public static Process Start(params IEnumerable<string> arguments) => Launch(Host, [Path, .. arguments]);

    /// <summary>Starts it under a shell's limit on the size of files, in blocks of 1024 bytes.</summary>
    public static Process StartLimited(int blocks, params IEnumerable<string> arguments) =>
        // the runtime's own double mapping of code is a large file, too
        Launch("bash", ["-c", $"ulimit -f {blocks}; export DOTNET_EnableWriteXorExecute=0; exec \"$@\"", "bash", Host, Path, .. arguments]);

    /// <summary>Runs to the end; exit code and what it said on stderr.</summary>
    public static (int Code, string Error) Finish(Process process)
    {
        using (process)
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            process.WaitForExit();
            output.Wait();
            return (process.ExitCode, error.Result);
        }
    }

    /// <summary>Every file of a folder that is a result, with the hash of its bytes; timings differ from run to run, temporary files are none.</summary>
    public static SortedDictionary<string, string> Results(string folder) => new(
        Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories).Where(p => !p.EndsWith(".timing.json", StringComparison.Ordinal))
            .ToDictionary(p => System.IO.Path.GetRelativePath(folder, p), p => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(p)))), StringComparer.Ordinal);

    private static Process Launch(string program, IEnumerable<string> arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["DOTNET_TieredPGO"] = "0";
        return Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
    }
}
