using System.Collections.Concurrent;
using System.Text.Json;
using UniversalFlows.Bijections;
using UniversalFlows.Bijections.Files;
using UniversalFlows.Distributions;
using UniversalFlows.Numerics;
using UniversalFlows.Proofs.Claims;
using UniversalFlows.Proofs.Report;
using UniversalFlows.Scalars;
using UniversalFlows.Targets;
using BatchEvaluation = UniversalFlows.Measurement.Evaluation;
using BijectionRegistry = UniversalFlows.Testing.BijectionRegistry;
using LawsVersion = UniversalFlows.Testing.LawsVersion;
using Obstruction = UniversalFlows.Measurement.Obstruction;

namespace UniversalFlows.Proofs.Studies;

/// <summary>Reads a folder of results and answers what a report asks of them.</summary>
public sealed class Results
{
    private readonly string _directory;
    private readonly ConcurrentDictionary<string, Composition?> _flows = new();
    private readonly ConcurrentDictionary<string, Target> _targets = new();
    private readonly ConcurrentDictionary<(string, string?, string, string, int), (double, string)?> _floors = new();

    private Results(string directory) => _directory = directory;

    /// <summary>The cells under <paramref name="directory"/>, ready for a report.</summary>
    /// <param name="directory">The results folder; need not exist.</param>
    /// <param name="command">The command that makes the report.</param>
    /// <param name="anyVersion">Also those of other versions of the numeric code, which the page counts; else those of the present one alone.</param>
    public static ReportData Load(string directory, string command, bool anyVersion = false)
    {
        Results results = new(directory);
        List<Cell> cells = [];
        Dictionary<string, Timing> timings = [];
        foreach ((string study, _) in Profiles.Studies)
        {
            if (study is LawsResult.StudyName or ControlsResult.StudyName or LawConstructionTask.StudyName or WeakResult.StudyName) continue;
            string folder = Path.Combine(directory, study);
            if (!Directory.Exists(folder)) continue;
            foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
            {
                if (path.EndsWith(".flow.json", StringComparison.Ordinal) || path.EndsWith(".timing.json", StringComparison.Ordinal)) continue;
                Cell cell = Parse(path, Cell.FromJson);
                if (!anyVersion && cell.CodeVersion != CodeVersion.Hash) continue;
                if (cell.Hash != Path.GetFileNameWithoutExtension(path) || cell.Study != study || cell.Dimension is < 1 or > 64 || cell.Trace is null)
                    throw new InputException($"{path}: not the result that its name says; delete it and run again", path, null);
                cells.Add(cell);
                string timing = Path.Combine(folder, $"{cell.Hash}.timing.json");
                if (ReadTiming(timing) is { } cost) timings[cell.Hash] = cost;
            }
        }

        return new ReportData
        {
            Cells = cells,
            Timings = timings,
            FlowLaws = FlowLaws(directory, anyVersion),
            Controls = Controls(directory, anyVersion),
            LawConstructions = LawConstructions(directory, anyVersion),
            Judgements = Directory.Exists(Path.Combine(directory, EvidenceFile.Folder)) ? [.. Ledger.Default.Claims.Select(c => Judgement.Kept(directory, c))] : [],
            Weak = Weak(directory, anyVersion),
            Command = command,
            Domain = results.View,
            Flow = (cell, points) => results.Direct(cell, points, inverse: false),
            Inverse = (cell, points) => results.Direct(cell, points, inverse: true),
            Prefix = results.Prefix,
            BackThrough = results.BackThrough,
            Target = results.TargetAt,
            Floor = results.Floor,
            LawSamples = Samples,
            LawLogDensity = LogDensity,
            BaseSamples = BaseSamples,
        };
    }

    /// <summary>The constructed laws, of the present version of the numeric sources.</summary>
    private static LawConstructionResult[] LawConstructions(string directory, bool anyVersion)
    {
        string folder = Path.Combine(directory, LawConstructionTask.StudyName);
        if (!Directory.Exists(folder)) return [];
        List<LawConstructionResult> found = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            LawConstructionResult result = Parse(path, LawConstructionResult.FromJson);
            if (!anyVersion && result.CodeVersion != CodeVersion.Hash) continue;
            if (result.Hash != Path.GetFileNameWithoutExtension(path)) throw new InputException($"{path}: not the result that its name says; delete it and run again", path, null);
            found.Add(result);
        }

        return [.. found];
    }

    /// <summary>What the study of the laws found, of the present versions of the numeric sources and of the laws or of any.</summary>
    private static LawsResult[] FlowLaws(string directory, bool anyVersion)
    {
        string folder = Path.Combine(directory, LawsResult.StudyName);
        if (!Directory.Exists(folder)) return [];
        List<LawsResult> found = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*.json"))
        {
            LawsResult result = Parse(path, LawsResult.FromJson);
            if (!anyVersion && (result.CodeVersion != CodeVersion.Hash || result.LawsVersion != LawsVersion.Hash)) continue;
            if (result.Hash != Path.GetFileNameWithoutExtension(path)) throw new InputException($"{path}: not the result that its name says; delete it and run again", path, null);
            found.Add(result);
        }

        // in the order of the registry, not of the hashes
        List<string> families = [.. BijectionRegistry.All.Select(c => c.Family).Distinct()];
        return [.. found.OrderBy(r => r.Matrix.Count == 0 ? -1 : families.IndexOf(r.Matrix[0].Family)).ThenBy(r => r.Seed).ThenBy(r => r.Hash, StringComparer.Ordinal)];
    }

    /// <summary>What the study of the controls found, of the present version of the numeric sources, in the order of the study.</summary>
    private static ControlsResult[] Controls(string directory, bool anyVersion)
    {
        string folder = Path.Combine(directory, ControlsResult.StudyName);
        if (!Directory.Exists(folder)) return [];
        List<ControlsResult> found = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*.json"))
        {
            ControlsResult result = Parse(path, ControlsResult.FromJson);
            if (!anyVersion && (result.CodeVersion != CodeVersion.Hash || result.Version != ExactControls.Controls.Version)) continue;
            if (result.Hash != Path.GetFileNameWithoutExtension(path)) throw new InputException($"{path}: not the result that its name says; delete it and run again", path, null);
            found.Add(result);
        }

        return [.. found.OrderBy(r => r.Order).ThenBy(r => r.Command, StringComparer.Ordinal).ThenBy(r => r.Hash, StringComparer.Ordinal)];
    }

    /// <summary>What the study of weak convergence found, of the present code version, in the order of its tasks.</summary>
    private static WeakResult[] Weak(string directory, bool anyVersion)
    {
        string folder = Path.Combine(directory, WeakResult.StudyName);
        if (!Directory.Exists(folder)) return [];
        List<WeakResult> found = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*.json"))
        {
            WeakResult result = Parse(path, WeakResult.FromJson);
            if (!anyVersion && result.CodeVersion != CodeVersion.Hash) continue;
            if (result.Hash != Path.GetFileNameWithoutExtension(path)) throw new InputException($"{path}: not the result that its name says; delete it and run again", path, null);
            found.Add(result);
        }

        return [.. found.OrderBy(r => r.Task, StringComparer.Ordinal).ThenBy(r => r.Seed).ThenBy(r => r.Hash, StringComparer.Ordinal)];
    }

    /// <summary>What a run cost; null if nobody knows any more, which spoils no result.</summary>
    private static Timing? ReadTiming(string path)
    {
        try
        {
            return File.Exists(path) ? Timing.FromJson(File.ReadAllText(path)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static T Parse<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(File.ReadAllText(path));
        }
        catch (JsonException e)
        {
            throw new InputException($"{path}: not a result file ({e.Message.Split('.')[0]}); delete it and run again", path, null);
        }
    }

    private Composition? FlowOf(Cell cell) => _flows.GetOrAdd(cell.Hash, _ =>
    {
        string path = Path.Combine(_directory, cell.Study, cell.FlowFile);
        if (!File.Exists(path)) return null;
        try
        {
            return FlowFile.Load(path);
        }
        catch (FlowFormatException e)
        {
            throw new InputException($"{path}: {e.Message}; delete it and {cell.Hash}.json beside it, and run again");
        }
    });

    private Target TargetOf(Cell cell) => _targets.GetOrAdd(cell.Target, TargetParser.Parse);

    private DomainView View(Cell cell)
    {
        Domain domain = Domain.Parse(cell.Domain, cell.Dimension);
        return new DomainView([.. domain.Bounds.Lower], [.. domain.Bounds.Upper], x => domain.Contains(x));
    }

    private Evaluation? Direct(Cell cell, double[] points, bool inverse)
    {
        if (FlowOf(cell) is not { } flow) return null;
        double[] values = new double[points.Length], logDets = new double[points.Length / cell.Dimension];
        if (inverse) BatchEvaluation.Inverse(flow, points, values, logDets, Environment.ProcessorCount);
        else BatchEvaluation.Forward(flow, points, values, logDets, Environment.ProcessorCount);
        return new Evaluation(values, logDets);
    }

    private double[]? Prefix(Cell cell, int parts, double[] points)
    {
        if (FlowOf(cell) is not { } flow || flow.Parts.Count < parts) return null;
        double[] values = new double[points.Length];
        BatchEvaluation.Map(new Composition(cell.Dimension, flow.Parts.Take(parts)), points, values, Environment.ProcessorCount);
        return values;
    }

    private double[]? BackThrough(Cell cell, int parts, double[] points)
    {
        if (FlowOf(cell) is not { } flow || flow.Parts.Count < parts) return null;
        double[] values = new double[points.Length], logDets = new double[points.Length / cell.Dimension];
        BatchEvaluation.Inverse(new Composition(cell.Dimension, flow.Parts.Take(parts)), points, values, logDets, Environment.ProcessorCount);
        return values;
    }

    private Evaluation? TargetAt(Cell cell, double[] points)
    {
        Target target = TargetOf(cell);
        int d = cell.Dimension;
        double[] values = new double[points.Length], logDets = new double[points.Length / d];
        BatchEvaluation.Map(target, points, values, Environment.ProcessorCount);
        Real[] x = new Real[d], y = new Real[d], jacobian = new Real[d * d];
        double[] matrix = new double[d * d];
        for (int n = 0; n < logDets.Length; n++)
        {
            for (int i = 0; i < d; i++) x[i] = new Real(points[(n * d) + i]);
            Jacobian.Evaluate<Real>(target, x, y, jacobian);
            for (int i = 0; i < matrix.Length; i++) matrix[i] = jacobian[i].Value;
            logDets[n] = SmallMatrix.LogAbsDeterminant(matrix, d, out _);
        }

        return new Evaluation(values, logDets);
    }

    private static double[]? Samples(string name, int count)
    {
        return Laws.Parse(name).Samples(new Philox(0, "report samples"), count);
    }

    /// <summary>docs/controls.md; widths, weights and seeds don't matter to it.</summary>
    private (double Lower, string Reason)? Floor(Cell cell) => _floors.GetOrAdd((cell.Target, cell.Formula, cell.Domain, cell.Family, cell.Depth), _ =>
    {
        if (cell.Study != MapGrid.Maps || !Enum.GetNames<FlowFamily>().Contains(cell.Family, StringComparer.OrdinalIgnoreCase)) return null;
        Target target = TargetOf(cell);
        Domain domain = Domain.Parse(cell.Domain, cell.Dimension);
        Obstruction? found = Obstruction.Of(new Architecture(Names.Family(cell.Family), cell.Dimension, cell.Depth, [2], Reach: MapFit.Reach(target, domain)), target, domain);
        return found is { } o ? (o.Lower, o.Reason) : null;
    });

    private static double[]? LogDensity(string name, double[] points)
    {
        if (Laws.Parse(name) is not DensityLaw law) return null;
        int d = law.Dimension;
        double[] values = new double[points.Length / d];
        Span<Lanes> x = stackalloc Lanes[d];
        for (int n = 0; n < values.Length; n += Lanes.Width)
        {
            for (int i = 0; i < d; i++)
            {
                Lanes v = default;
                for (int lane = 0; lane < Lanes.Width; lane++) v = v.With(lane, points[(Math.Min(n + lane, values.Length - 1) * d) + i]);
                x[i] = v;
            }

            Lanes log = law.LogDensity<Lanes>(x);
            for (int lane = 0; lane < Math.Min(Lanes.Width, values.Length - n); lane++) values[n + lane] = log[lane];
        }

        return values;
    }

    private static double[] BaseSamples(int dimension, int count)
    {
        double[] points = new double[count * dimension];
        new Philox(0, "report base samples").FillNormal(points);
        return points;
    }
}
