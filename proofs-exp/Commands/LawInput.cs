using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using UniversalFlows.Distributions;

namespace UniversalFlows.Proofs.Commands;

/// <summary>A law from the command line: a name with parameters, or a user's points.</summary>
internal static class LawInput
{
    private const int LargestDimension = 64;

    public static Option<string> Law(string description) => Options.Text("--law", "LAW", description);

    public static Option<string> Data() => Options.Text("--law-data", "FILE.csv", "A law from points: the empirical law of a CSV file with the header x1,..,xd, every line a point of equal weight.");

    /// <summary>The law that exactly one of two options names.</summary>
    public static Law Parse(string? name, string? file)
    {
        if (name is null == file is null) throw new InputException("write either --law with a name or --law-data with a file of points");
        return name is not null ? Laws.Parse(name) : FromFile(file!);
    }

    /// <summary>The empirical law of the points in a file. Its name contains a hash of them: other points are another law.</summary>
    public static AtomicLaw FromFile(string path)
    {
        string text = Files.Read(path, "points file", File.ReadAllText);
        using StringReader header = new(text);
        string[] columns = [.. (header.ReadLine() ?? "").TrimStart('\uFEFF').Split(',').Select(c => c.Trim())];
        if (columns.Length > LargestDimension) throw new InputException($"{path}: line 1: {columns.Length} columns; points have at most {LargestDimension} coordinates");
        using StringReader reader = new(text);
        double[] points = PointsCsv.Read(reader, path, columns.Length, flow: false);
        if (points.Length == 0) throw new InputException($"{path}: line 2: there is no point after the header");
        int far = Array.FindIndex(points, x => Math.Abs(x) > 1e100);
        if (far >= 0) throw new InputException($"{path}: line {2 + (far / columns.Length)}, column {1 + (far % columns.Length)}: {points[far]:R} is beyond 1e100");
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
        return new AtomicLaw($"data({Path.GetFileNameWithoutExtension(path)}, {hash})", $"{points.Length / columns.Length} points of {Path.GetFileName(path)}", points, columns.Length);
    }

    /// <summary>What is known of a law exactly, in words.</summary>
    public static string Known(Law law)
    {
        List<string> known = [];
        if (law is ICoordinateLaws) known.Add("CDFs");
        if (law is IMoments) known.Add("moments");
        if (law is IConditionals) known.Add("conditionals");
        return string.Join(", ", known);
    }
}
